package services

import (
	"context"
	"encoding/json"
	"reflect"

	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/structure"
	"resume-matcher/services/tailoring"
)

// maxPreviews bounds how many previews of one résumé and job a confirmation looks at: the newest.
const maxPreviews = 20

// ConfirmInput names a previewed result, or the subset of its changes to save: by their ids, by the résumé they lead to,
// or by both, which must agree.
type ConfirmInput struct {
	ResumeID, JobID string
	ChangeIDs       *[]string
	Data            *models.ResumeData
}

// Confirm saves exactly a previewed result, or a subset of its changes; the same confirmation again answers the same résumé.
//
// Errors: PREVIEW_REQUIRED without a preview that the input follows from, STALE_PREVIEW when the résumé changed since.
func (t *Tailoring) Confirm(ctx context.Context, workspaceID string, in ConfirmInput) (Improved, error) {
	if in.Data != nil {
		data := normalized(*in.Data)
		in.Data = &data
	}
	var out Improved
	err := t.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		// The lock makes a second confirmation wait, and find the first one's result.
		if err := t.resumes.lock(tx, workspaceID, in.ResumeID); err != nil {
			return err
		}
		resume, err := t.resumes.structured(tx, workspaceID, in.ResumeID)
		if err != nil {
			return err
		}
		job, err := t.jobs.structured(tx, workspaceID, in.JobID)
		if err != nil {
			return err
		}
		preview, result, err := t.findPreview(tx, resume, job, in)
		if err != nil {
			return err
		}
		if preview.TailoredResumeID != nil {
			result.ResumeID = preview.TailoredResumeID
			out = result
			return nil
		}
		id, err := t.saveTailored(tx, resume, job, result.ResumePreview)
		if err != nil {
			return err
		}
		result.ResumeID = &id
		out = result
		return t.confirmPreview(tx, preview, result, id)
	})
	return out, storeError(err, nil)
}

func (t *Tailoring) confirmPreview(tx *gorm.DB, preview *models.Improvement, result Improved, tailoredID string) error {
	raw, err := json.Marshal(result)
	if err != nil {
		return err
	}
	return tx.Model(&models.Improvement{}).Where("id = ? AND workspace_id = ?", preview.ID, preview.WorkspaceID).UpdateColumns(map[string]any{
		"status": models.ImprovementSaved, "tailored_resume_id": tailoredID,
		"result": models.JSON[json.RawMessage]{V: raw},
	}).Error
}

// findPreview returns the newest stored proposal that the input follows from, reduced to the changes it takes.
func (t *Tailoring) findPreview(tx *gorm.DB, resume *models.Resume, job *models.Job, in ConfirmInput) (*models.Improvement, Improved, error) {
	var previews []models.Improvement
	err := tx.Where("workspace_id = ? AND resume_id = ? AND job_id = ? AND expires_at > ?", resume.WorkspaceID, resume.ID, job.ID, t.now()).
		Order("created_at DESC, id DESC").Limit(maxPreviews).Find(&previews).Error
	if err != nil {
		return nil, Improved{}, err
	}
	stale := false
	for i := range previews {
		p := &previews[i]
		if p.ResumeVersion != resume.Version {
			stale = true
			continue
		}
		var result Improved
		if err := json.Unmarshal(p.Result.V, &result); err != nil {
			return nil, Improved{}, err
		}
		if p.Status == models.ImprovementSaved {
			if p.TailoredResumeID != nil && in.isSaved(result) {
				return p, result, nil
			}
			continue
		}
		if t.accept(&result, resume, job, in) {
			return p, result, nil
		}
	}
	if stale {
		return nil, Improved{}, stalePreview()
	}
	return nil, Improved{}, previewRequired()
}

func normalized(d models.ResumeData) models.ResumeData {
	structure.Normalize(&d)
	return d
}

// isSaved tells whether the input asks for what was saved already.
func (in ConfirmInput) isSaved(result Improved) bool {
	if in.Data != nil && !reflect.DeepEqual(normalized(result.ResumePreview), *in.Data) {
		return false
	}
	if in.ChangeIDs == nil {
		return true
	}
	kept, ok := chosen(result.DetailedChanges, *in.ChangeIDs)
	return ok && len(kept) == len(result.DetailedChanges)
}

// chosen returns the changes with the ids, in their own order, or false if one of the ids is not among them.
func chosen(changes []models.Change, ids []string) ([]models.Change, bool) {
	taken := make(map[string]bool, len(ids))
	for _, id := range ids {
		taken[id] = true
	}
	kept := make([]models.Change, 0, len(taken))
	for _, change := range changes {
		if taken[change.ChangeID] {
			kept = append(kept, change)
		}
	}
	return kept, len(kept) == len(taken)
}

// accept reduces a previewed result to the changes the input takes, if it is such a subset.
func (t *Tailoring) accept(result *Improved, resume *models.Resume, job *models.Job, in ConfirmInput) bool {
	original := resume.Processed.Data.V
	ids, ok := deref(in.ChangeIDs), true
	if in.ChangeIDs == nil {
		ids, ok = tailoring.Subset(original, *in.Data, result.DetailedChanges)
	}
	if !ok {
		return false
	}
	kept, ok := chosen(result.DetailedChanges, ids)
	if !ok {
		return false
	}
	applied, err := tailoring.Apply(original, kept)
	if err != nil || in.ChangeIDs != nil && in.Data != nil && !reflect.DeepEqual(normalized(applied), *in.Data) {
		return false
	}
	m := t.matches
	result.DetailedChanges = kept
	result.DiffSummary = tailoring.Summarize(kept)
	result.ResumePreview = applied
	result.MarkdownImproved = structure.Render(applied)
	result.NewScore = m.matcher.Match(m.matcher.PrepareResume(applied, resume.Language), m.preparedJob(job)).Score
	return true
}

func previewRequired() *models.Error {
	return models.NewError(models.KindPreviewRequired, "Only a previewed result, or a subset of its changes, can be confirmed. Make a preview first.")
}
