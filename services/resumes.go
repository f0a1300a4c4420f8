package services

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
	"resume-matcher/services/structure"
	"resume-matcher/services/tasks"
)

// Resumes stores résumés and their structure.
type Resumes struct {
	db        *gorm.DB
	extractor extraction
	parser    *structure.Parser
	cache     *Cache
	model     *Assistant
	tasks     *tasks.Queue
	readings  *readings
	watch     *progressWatch
	now       func() time.Time
}

// saveStructure writes the structure found in a résumé over any earlier one.
func (r *Resumes) saveStructure(tx *gorm.DB, workspaceID, resumeID string, data models.ResumeData, sources []models.Source) error {
	row := models.ProcessedResume{
		WorkspaceID: workspaceID, ResumeID: resumeID,
		Data: models.JSON[models.ResumeData]{V: data}, Sources: models.JSON[[]models.Source]{V: sources},
		StructureVersion: structure.Version, ProcessedAt: r.now(),
	}
	return tx.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "resume_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"data", "sources", "structure_version", "processed_at"}),
	}).Create(&row).Error
}

// Get returns a résumé with its structure; Processed is nil where none was made.
func (r *Resumes) Get(ctx context.Context, workspaceID, id string) (*models.Resume, error) {
	return r.get(r.db.WithContext(ctx), workspaceID, id)
}

func (r *Resumes) get(tx *gorm.DB, workspaceID, id string) (*models.Resume, error) {
	var row models.Resume
	err := tx.Preload("Processed", "workspace_id = ?", workspaceID).Where("id = ? AND workspace_id = ?", id, workspaceID).Take(&row).Error
	if err != nil {
		return nil, storeError(err, resumeNotFound())
	}
	return &row, nil
}

// lock holds a résumé's row until tx ends, so that what is read of it can't change or go before it is written.
// SQLite needs no row locks: its transactions hold the whole file from their beginning.
func (r *Resumes) lock(tx *gorm.DB, workspaceID, id string) error {
	var row models.Resume
	err := tx.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).Select("id").
		Where("id = ? AND workspace_id = ?", id, workspaceID).Take(&row).Error
	return storeError(err, resumeNotFound())
}

// structured returns a résumé that has a structure.
func (r *Resumes) structured(tx *gorm.DB, workspaceID, id string) (*models.Resume, error) {
	row, err := r.get(tx, workspaceID, id)
	if err != nil {
		return nil, err
	}
	if row.Processed == nil && row.ProcessingStatus == models.StatusReady {
		// What is ready has a structure: it was deleted between the two reads.
		return nil, resumeNotFound()
	}
	if row.Processed == nil {
		return nil, unprocessed(row)
	}
	return row, nil
}

// unprocessed says what to do about a résumé that has no structure.
func unprocessed(row *models.Resume) *models.Error {
	message := "The résumé has not been processed. Retry its processing first."
	switch row.ProcessingStatus {
	case models.StatusPending, models.StatusProcessing:
		message = "The résumé is still being processed. Try again when its progress says that it is ready."
	case models.StatusFailed:
		message = "The résumé could not be processed. Retry its processing, or upload another document."
	}
	return models.NewError(models.KindResumeValidation, message)
}

// Page bounds a listing.
type Page struct{ Limit, Offset int }

// List returns the résumés newest first, without their content; the master only when asked for.
func (r *Resumes) List(ctx context.Context, workspaceID string, includeMaster bool, page Page) ([]models.Resume, error) {
	rows := []models.Resume{}
	query := r.db.WithContext(ctx).Omit("content", "cover_letter", "outreach_message").Where("workspace_id = ?", workspaceID)
	if !includeMaster {
		query = query.Where("is_master = ?", false)
	}
	err := query.Order("created_at DESC, id DESC").Limit(page.Limit).Offset(page.Offset).Find(&rows).Error
	return rows, storeError(err, nil)
}

// Update puts the sections a person edited in place of the stored ones; values they did not touch keep their source.
func (r *Resumes) Update(ctx context.Context, workspaceID, id string, patch models.ResumePatch) (*models.Resume, error) {
	var row *models.Resume
	err := r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		if err := r.lock(tx, workspaceID, id); err != nil {
			return err
		}
		if row, err = r.get(tx, workspaceID, id); err != nil {
			return err
		}
		before := row.Processed
		if before == nil {
			before = r.unread(row)
		}
		data := patch.Apply(before.Data.V)
		structure.Normalize(&data)
		if structure.Empty(data) {
			return models.NewError(models.KindResumeValidation, "The résumé would be empty. Keep at least one value.")
		}
		sources := editedSources(before, data)
		if err := r.saveStructure(tx, workspaceID, id, data, sources); err != nil {
			return err
		}
		changes := statusChange(models.StatusReady, nil)
		changes["version"] = gorm.Expr("version + 1")
		if err := touch(tx, workspaceID, id, r.now(), changes); err != nil {
			return err
		}
		if _, err := r.cache.invalidate(tx, workspaceID, "resume", id); err != nil {
			return err
		}
		row, err = r.get(tx, workspaceID, id)
		return err
	})
	return row, storeError(err, nil)
}

// unread is the structure of a résumé that was edited before it was processed: what the edit does not name is kept.
func (r *Resumes) unread(row *models.Resume) *models.ProcessedResume {
	parsed, err := r.parse(row.Content)
	if err != nil {
		return &models.ProcessedResume{} // the person's words are all there is
	}
	return &models.ProcessedResume{
		Data: models.JSON[models.ResumeData]{V: parsed.Data}, Sources: models.JSON[[]models.Source]{V: parsed.Sources},
	}
}

// editedSources keeps the sources of unchanged values and marks all others as the person's own words.
func editedSources(before *models.ProcessedResume, after models.ResumeData) []models.Source {
	type known struct {
		text   string
		source models.Source
	}
	old := map[string]known{}
	for _, s := range before.Sources.V {
		old[s.Path] = known{source: s}
	}
	structure.Walk(before.Data.V, func(path, text string) {
		if k, ok := old[path]; ok {
			k.text = text
			old[path] = k
		}
	})
	sources := []models.Source{}
	structure.Walk(after, func(path, text string) {
		if k, ok := old[path]; ok && k.text == text {
			sources = append(sources, k.source)
			return
		}
		sources = append(sources, models.Source{Path: path, Confidence: 1})
	})
	return sources
}

func touch(tx *gorm.DB, workspaceID, id string, now time.Time, columns map[string]any) error {
	columns["updated_at"] = now
	return tx.Model(&models.Resume{}).Where("id = ? AND workspace_id = ?", id, workspaceID).UpdateColumns(columns).Error
}

// Rename sets a résumé's title.
func (r *Resumes) Rename(ctx context.Context, workspaceID, id, title string) (*models.Resume, error) {
	var row *models.Resume
	err := r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		if err := r.lock(tx, workspaceID, id); err != nil {
			return err
		}
		if err := touch(tx, workspaceID, id, r.now(), map[string]any{"title": title}); err != nil {
			return err
		}
		row, err = r.get(tx, workspaceID, id)
		return err
	})
	return row, storeError(err, nil)
}

// Delete removes a résumé with everything derived from it.
func (r *Resumes) Delete(ctx context.Context, workspaceID, id string) error {
	err := r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := r.lock(tx, workspaceID, id); err != nil {
			return err
		}
		result := tx.Where("id = ? AND workspace_id = ?", id, workspaceID).Delete(&models.Resume{})
		if result.Error != nil {
			return result.Error
		}
		if result.RowsAffected == 0 {
			return resumeNotFound()
		}
		_, err := r.cache.invalidate(tx, workspaceID, "resume", id)
		return err
	})
	return storeError(err, nil)
}

// errEdited ends a transaction whose résumé has another version than the one that was read.
var errEdited = errors.New("services: the résumé was changed meanwhile")

// Retry structures a résumé again whose processing did not end well; one that is ready stays as it is.
func (r *Resumes) Retry(ctx context.Context, workspaceID, id string, how Processing) (Uploaded, error) {
	if how.Defer {
		return r.retryDeferred(ctx, workspaceID, id, how)
	}
	row, err := r.Get(ctx, workspaceID, id)
	if err != nil {
		return Uploaded{}, err
	}
	out := Uploaded{ResumeID: id, Status: row.ProcessingStatus, IsMaster: row.IsMaster}
	if row.ProcessingStatus == models.StatusReady && row.Processed != nil {
		return out, nil
	}
	parsed, err := r.parse(row.Content)
	if err != nil {
		return Uploaded{}, err
	}
	changes := statusChange(models.StatusReady, nil)
	changes["version"], changes["language"] = gorm.Expr("version + 1"), parsed.Language
	err = r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := r.lock(tx, workspaceID, id); err != nil {
			return err
		}
		var current models.Resume
		if err := tx.Select("version").Where("id = ? AND workspace_id = ?", id, workspaceID).Take(&current).Error; err != nil {
			return err
		}
		if current.Version != row.Version {
			return errEdited
		}
		if err := r.saveStructure(tx, workspaceID, id, parsed.Data, parsed.Sources); err != nil {
			return err
		}
		return touch(tx, workspaceID, id, r.now(), changes)
	})
	out.Status = models.StatusReady
	if errors.Is(err, errEdited) {
		return out, nil // what made it ready meanwhile stays
	}
	if err != nil {
		return out, storeError(err, nil)
	}
	return r.complete(ctx, workspaceID, out, parsed, how.Model)
}

// JobDescription returns the job a résumé was tailored for.
func (r *Resumes) JobDescription(ctx context.Context, workspaceID, id string) (*models.Job, error) {
	if _, err := r.Get(ctx, workspaceID, id); err != nil {
		return nil, err
	}
	var job models.Job
	err := r.db.WithContext(ctx).
		Joins("JOIN job_resume ON job_resume.job_id = jobs.id AND job_resume.relation = ?", models.RelationTailoredFor).
		Where("job_resume.resume_id = ? AND jobs.workspace_id = ?", id, workspaceID).
		Take(&job).Error
	if err != nil {
		return nil, storeError(err, models.NewError(models.KindJobNotFound, "This résumé was not tailored to a job."))
	}
	return &job, nil
}
