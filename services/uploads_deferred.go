package services

import (
	"context"

	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/structure"
	"resume-matcher/services/tasks"
)

// structureKind is the kind of the tasks that structure a stored résumé; its id is their unique key.
const structureKind = "resume.structure"

// structureAttempts is after how many failed attempts a résumé has failed: about a minute of a database's troubles.
const structureAttempts = 5

// structureArgs name the résumé as it was when the work was deferred: an edited one has another version.
type structureArgs struct {
	ResumeID string `json:"resume_id"`
	Version  int64  `json:"version"`
	NoModel  bool   `json:"no_model"`
}

// storeDeferred stores an upload with the task that will structure it; both are there or neither.
func (r *Resumes) storeDeferred(ctx context.Context, row *models.Resume, how Processing) (Uploaded, error) {
	row.ProcessingStatus, row.Version = models.StatusPending, 1
	var out Uploaded
	err := r.tasks.Transaction(ctx, func(tx *gorm.DB) (err error) {
		out, err = insertUpload(tx, row, func() error { return r.enqueue(tx, row, how) })
		return err
	})
	switch {
	case err != nil:
		return out, err
	case out.Duplicate:
		return r.again(ctx, row.WorkspaceID, out, how)
	}
	return r.inlineStatus(ctx, row.WorkspaceID, out)
}

func (r *Resumes) enqueue(tx *gorm.DB, row *models.Resume, how Processing) error {
	_, _, err := r.tasks.Enqueue(tx, tasks.Task{
		Kind: structureKind, WorkspaceID: row.WorkspaceID, UniqueKey: row.ID, MaxAttempts: structureAttempts,
		Args: structureArgs{ResumeID: row.ID, Version: row.Version, NoModel: how.Model == ModelNever},
	})
	return err
}

// retryDeferred lets a task structure a résumé whose processing failed; one that is pending has its task already.
func (r *Resumes) retryDeferred(ctx context.Context, workspaceID, id string, how Processing) (Uploaded, error) {
	var row models.Resume
	err := r.tasks.Transaction(ctx, func(tx *gorm.DB) error {
		if err := r.lock(tx, workspaceID, id); err != nil {
			return err
		}
		err := tx.Select("id", "workspace_id", "version", "processing_status", "is_master").
			Where("id = ? AND workspace_id = ?", id, workspaceID).Take(&row).Error
		if err != nil || row.ProcessingStatus == models.StatusReady {
			return err
		}
		if row.ProcessingStatus == models.StatusFailed {
			row.ProcessingStatus = models.StatusPending
			if err := touch(tx, workspaceID, id, r.now(), statusChange(models.StatusPending, nil)); err != nil {
				return err
			}
		}
		return r.enqueue(tx, &row, how)
	})
	if err != nil {
		return Uploaded{}, storeError(err, resumeNotFound())
	}
	return r.inlineStatus(ctx, workspaceID, Uploaded{ResumeID: id, Status: row.ProcessingStatus, IsMaster: row.IsMaster})
}

// inlineStatus looks again at a résumé whose task has run within the transaction that enqueued it.
func (r *Resumes) inlineStatus(ctx context.Context, workspaceID string, out Uploaded) (Uploaded, error) {
	if !r.tasks.Inline() {
		return out, nil
	}
	var row models.Resume
	err := r.db.WithContext(ctx).Select("processing_status").
		Where("id = ? AND workspace_id = ?", out.ResumeID, workspaceID).Take(&row).Error
	out.Status = row.ProcessingStatus
	return out, storeError(err, resumeNotFound())
}

// statusChange returns what changes in a résumé whose processing goes on to a state; reason is nil unless it failed.
func statusChange(status models.ProcessingStatus, reason *models.Error) map[string]any {
	changes := map[string]any{"processing_status": status, "processing_error": "", "processing_error_kind": ""}
	if reason != nil {
		changes["processing_error"], changes["processing_error_kind"] = reason.Message, reason.Kind
	}
	return changes
}

// waiting narrows a statement to the résumé of a task while it waits for it: edited or processed otherwise it does not.
func (a structureArgs) waiting(tx *gorm.DB, workspaceID string) *gorm.DB {
	return tx.Model(&models.Resume{}).Where("id = ? AND workspace_id = ? AND version = ? AND processing_status IN ?",
		a.ResumeID, workspaceID, a.Version, []models.ProcessingStatus{models.StatusPending, models.StatusProcessing})
}

// structureTask structures a stored résumé. A résumé that was deleted or edited meanwhile is left as it is.
func (r *Resumes) structureTask(ctx context.Context, job *tasks.Job) error {
	var args structureArgs
	if err := job.Decode(&args); err != nil {
		return err
	}
	var rows []models.Resume
	if err := args.waiting(r.db.WithContext(ctx), job.WorkspaceID).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return storeError(err, nil)
	}
	row := &rows[0]
	err := args.waiting(r.db.WithContext(ctx), job.WorkspaceID).UpdateColumn("processing_status", models.StatusProcessing).Error
	if err != nil {
		return storeError(err, nil)
	}
	parsed, err := r.parse(row.Content)
	if err != nil {
		return tasks.Permanent(err)
	}
	job.Progress(ctx, progressStructured)
	if parsed, err = r.completeTask(ctx, row, parsed, args); err != nil {
		return err
	}
	job.Progress(ctx, progressRead)
	return job.Finish(ctx, func(tx *gorm.DB) error { return r.saveTask(tx, row, args, parsed) })
}

// completeTask adds what the model reads, where it is used; without an answer of it the structure stays as it was found.
func (r *Resumes) completeTask(ctx context.Context, row *models.Resume, parsed structure.Resume, args structureArgs) (structure.Resume, error) {
	if args.NoModel || !r.model.configured() {
		return parsed, nil
	}
	merged, err := r.readWithModel(ctx, row, parsed)
	switch {
	case err == nil:
		return merged, nil
	case r.model.stopping.Err() != nil:
		return parsed, err // another process can still ask
	}
	_, err = fallBack(ModelAuto, err)
	return parsed, err
}

func (r *Resumes) saveTask(tx *gorm.DB, row *models.Resume, args structureArgs, parsed structure.Resume) error {
	changes := statusChange(models.StatusReady, nil)
	changes["version"], changes["language"], changes["updated_at"] = gorm.Expr("version + 1"), parsed.Language, r.now()
	result := args.waiting(tx, row.WorkspaceID).UpdateColumns(changes)
	if result.Error != nil || result.RowsAffected == 0 {
		return result.Error
	}
	return r.saveStructure(tx, row.WorkspaceID, row.ID, parsed.Data, parsed.Sources)
}

// structureFailed tells the person why a résumé's processing has failed.
func (r *Resumes) structureFailed(tx *gorm.DB, job *tasks.Job, reason *models.Error) error {
	var args structureArgs
	if err := job.Decode(&args); err != nil {
		return err
	}
	changes := statusChange(models.StatusFailed, reason)
	changes["updated_at"] = r.now()
	return args.waiting(tx, job.WorkspaceID).UpdateColumns(changes).Error
}
