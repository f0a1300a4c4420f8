package services

import (
	"context"
	"time"

	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/structure"
)

// Jobs stores postings and their structure.
type Jobs struct {
	db      *gorm.DB
	parser  *structure.Parser
	resumes *Resumes
	model   *Assistant
	now     func() time.Time
}

// UploadedJobs are the stored postings' ids, in the order of their descriptions.
type UploadedJobs struct {
	IDs      []string
	LLMUsed  bool
	Warnings []string
}

// Upload structures and stores all descriptions, or none; the ids stand in the same order.
//
// resumeID, if not nil, is the résumé they are meant for; an unknown one is RESUME_NOT_FOUND. Where a model is used it
// completes the stored structures; its failure is a warning.
func (j *Jobs) Upload(ctx context.Context, workspaceID string, descriptions []string, resumeID *string, use ModelUse) (UploadedJobs, error) {
	wanted, err := j.model.wanted(use)
	if err != nil {
		return UploadedJobs{}, err
	}
	parsed := make([]structure.Job, len(descriptions))
	for i, text := range descriptions {
		parsed[i] = j.parser.Job(text)
		parsed[i].Data.ProcessedAt = j.now()
	}
	out := UploadedJobs{IDs: make([]string, 0, len(descriptions))}
	err = j.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if resumeID != nil {
			if err := j.resumes.lock(tx, workspaceID, *resumeID); err != nil {
				return err
			}
		}
		for i, text := range descriptions {
			id, err := j.insert(tx, workspaceID, text, resumeID, parsed[i])
			if err != nil {
				return err
			}
			out.IDs = append(out.IDs, id)
		}
		return nil
	})
	if err != nil || !wanted {
		return out, storeError(err, nil)
	}
	used, warning, err := j.refine(ctx, workspaceID, out.IDs, parsed)
	if warning != "" {
		out.Warnings = append(out.Warnings, warning)
	}
	out.LLMUsed = used
	return out, err
}

func (j *Jobs) insert(tx *gorm.DB, workspaceID, text string, resumeID *string, parsed structure.Job) (string, error) {
	row := models.Job{WorkspaceID: workspaceID, ResumeID: resumeID, Content: text, Language: parsed.Language}
	if err := tx.Create(&row).Error; err != nil {
		return "", err
	}
	processed := models.ProcessedJob{
		WorkspaceID: workspaceID, JobID: row.ID,
		Data: models.JSON[models.JobData]{V: parsed.Data}, Sources: models.JSON[[]models.Source]{V: parsed.Sources},
		StructureVersion: structure.Version, ProcessedAt: parsed.Data.ProcessedAt,
	}
	if err := tx.Create(&processed).Error; err != nil {
		return "", err
	}
	if resumeID == nil {
		return row.ID, nil
	}
	link := models.JobResume{JobID: row.ID, ResumeID: *resumeID, WorkspaceID: workspaceID, Relation: models.RelationUploadedWith, CreatedAt: j.now()}
	return row.ID, tx.Create(&link).Error
}

// Get returns a job with its structure; Processed is nil where none was made.
func (j *Jobs) Get(ctx context.Context, workspaceID, id string) (*models.Job, error) {
	return j.get(j.db.WithContext(ctx), workspaceID, id)
}

func (j *Jobs) get(tx *gorm.DB, workspaceID, id string) (*models.Job, error) {
	var row models.Job
	err := tx.Preload("Processed", "workspace_id = ?", workspaceID).Where("id = ? AND workspace_id = ?", id, workspaceID).Take(&row).Error
	if err != nil {
		return nil, storeError(err, jobNotFound())
	}
	return &row, nil
}

// structured returns a job that has a structure.
func (j *Jobs) structured(tx *gorm.DB, workspaceID, id string) (*models.Job, error) {
	row, err := j.get(tx, workspaceID, id)
	if err != nil {
		return nil, err
	}
	if row.Processed == nil {
		return nil, models.NewError(models.KindConflict, "The job has not been processed. Upload it again.")
	}
	return row, nil
}
