package services

import (
	"context"

	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/cache"
	"resume-matcher/services/llm"
	"resume-matcher/services/structure"
)

// refine completes a stored résumé's structure by the model's reading of its text, and returns a warning where that
// failed. The structure found without the model is stored before: nothing of an upload waits for the model.
func (r *Resumes) refine(ctx context.Context, workspaceID, id string, found structure.Resume) (used bool, warning string, err error) {
	row, err := r.Get(ctx, workspaceID, id)
	if err != nil {
		return false, "", err
	}
	merged, err := r.readWithModel(ctx, row, found)
	if err != nil {
		warning, err = fallBack(ModelAuto, err)
		return false, warning, err
	}
	err = r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := r.lock(tx, workspaceID, id); err != nil {
			return err
		}
		var current models.Resume
		if err := tx.Select("version").Where("id = ? AND workspace_id = ?", id, workspaceID).Take(&current).Error; err != nil {
			return err
		}
		if current.Version != row.Version {
			return nil // the person edited it meanwhile, and knows best
		}
		used = true
		if err := r.saveStructure(tx, workspaceID, id, merged.Data, merged.Sources); err != nil {
			return err
		}
		return touch(tx, workspaceID, id, r.now(), map[string]any{"version": gorm.Expr("version + 1")})
	})
	return used, "", storeError(err, resumeNotFound())
}

// readWithModel returns what was found in a résumé together with what the model reads in the same text.
func (r *Resumes) readWithModel(ctx context.Context, row *models.Resume, found structure.Resume) (structure.Resume, error) {
	v := veil{r.model.pseudonymsOf(row, found.Data.PersonalInfo)}
	answer, err := r.model.ask(ctx, question{
		workspaceID: row.WorkspaceID, prompt: r.model.prompts.StructureResume(v.hide(row.Content)), ttl: answerTTL,
		links: []cache.Link{{Type: "resume", ID: row.ID}},
	})
	if err != nil {
		return structure.Resume{}, err
	}
	decoded, err := decodeShown[llm.ResumeAnswer](v, answer)
	if err != nil {
		return structure.Resume{}, modelError(err)
	}
	return r.parser.MergeResume(row.Content, found, decoded.Data()), nil
}

// decodeShown reads a model's answer with the person's own data in place of the placeholders.
func decodeShown[T any](v veil, answer string) (T, error) {
	if v.Pseudonyms != nil {
		shown, err := v.RestoreJSON(answer)
		if err != nil {
			var none T
			return none, err
		}
		answer = shown
	}
	return llm.Decode[T](answer)
}
