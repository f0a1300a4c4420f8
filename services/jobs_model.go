package services

import (
	"context"

	"golang.org/x/sync/errgroup"

	"resume-matcher/models"
	"resume-matcher/services/cache"
	"resume-matcher/services/llm"
	"resume-matcher/services/structure"
)

// maxJobCalls bounds how many postings of one upload are with the model at the same time.
const maxJobCalls = 4

// refine completes stored postings by the model's reading of them; those it fails for stay as they are. It returns one
// warning for all.
func (j *Jobs) refine(ctx context.Context, workspaceID string, ids []string, found []structure.Job) (used bool, warning string, err error) {
	ctx = j.model.bounded(ctx)
	warnings, merged := make([]string, len(ids)), make([]bool, len(ids))
	var group errgroup.Group
	group.SetLimit(maxJobCalls)
	for i, id := range ids {
		group.Go(func() (err error) {
			merged[i], warnings[i], err = j.refineOne(ctx, workspaceID, id, found[i])
			return err
		})
	}
	err = group.Wait()
	for i := range ids {
		used = used || merged[i]
		if warning == "" {
			warning = warnings[i]
		}
	}
	return used, warning, err
}

func (j *Jobs) refineOne(ctx context.Context, workspaceID, id string, found structure.Job) (used bool, warning string, err error) {
	row, err := j.Get(ctx, workspaceID, id)
	if err != nil {
		return false, "", err
	}
	v := veil{j.model.pseudonyms(row.Content)}
	answer, err := j.model.ask(ctx, question{
		workspaceID: workspaceID, prompt: j.model.prompts.StructureJob(v.hide(row.Content)), ttl: answerTTL,
		links: []cache.Link{{Type: "job", ID: id}},
	})
	if err != nil {
		warning, err = fallBack(ModelAuto, err)
		return false, warning, err
	}
	decoded, err := decodeShown[llm.JobAnswer](v, answer)
	if err != nil {
		warning, err = fallBack(ModelAuto, modelError(err))
		return false, warning, err
	}
	merged := j.parser.MergeJob(row.Content, found, decoded.Data())
	merged.Data.ProcessedAt = j.now()
	err = j.db.WithContext(ctx).Model(&models.ProcessedJob{}).Where("job_id = ? AND workspace_id = ?", id, workspaceID).
		UpdateColumns(map[string]any{
			"data": models.JSON[models.JobData]{V: merged.Data}, "sources": models.JSON[[]models.Source]{V: merged.Sources},
			"processed_at": merged.Data.ProcessedAt,
		}).Error
	return err == nil, "", storeError(err, nil)
}
