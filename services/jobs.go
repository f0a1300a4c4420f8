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
	now     func() time.Time
}

// Upload structures and stores all descriptions, or none; the ids stand in the same order.
//
// resumeID, if not nil, is the résumé they are meant for; an unknown one is RESUME_NOT_FOUND.
func (j *Jobs) Upload(ctx context.Context, workspaceID string, descriptions []string, resumeID *string) ([]string, error) {
	parsed := make([]structure.Job, len(descriptions))
	for i, text := range descriptions {
		parsed[i] = j.parser.Job(text)
		parsed[i].Data.ProcessedAt = j.now()
	}
	ids := make([]string, 0, len(descriptions))
	err := j.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
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
			ids = append(ids, id)
		}
		return nil
	})
	return ids, storeError(err, nil)
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
	err := tx.Preload("Processed").Where("id = ? AND workspace_id = ?", id, workspaceID).Take(&row).Error
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
