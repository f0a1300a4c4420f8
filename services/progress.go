package services

import (
	"context"
	"errors"
	"time"

	"resume-matcher/models"
	"resume-matcher/services/tasks"
)

// The stages of a résumé's processing, as percentages: its task began, its text is structured, the model has read it.
const (
	progressBegun      = 10
	progressStructured = 50
	progressRead       = 90
	progressEnded      = 100
)

// maxWatch bounds how long one caller hears of a résumé's progress.
const maxWatch = 10 * time.Minute

// ResumeProgress tells how far the processing of a résumé is.
type ResumeProgress struct {
	ResumeID string
	Status   models.ProcessingStatus
	// Percent is 0 until the processing begins, and 100 when it has ended, well or not.
	Percent int
	// Attempt counts those at the work under way; 0 when none is.
	Attempt int64
	// Failure is why the processing failed, or why another attempt follows; nil if nothing went wrong.
	Failure *models.Error
}

// Ended tells that nothing follows unless somebody asks for it.
func (p ResumeProgress) Ended() bool {
	return p.Status == models.StatusReady || p.Status == models.StatusFailed
}

// same tells whether a person would read the same of two states.
func (p ResumeProgress) same(o ResumeProgress) bool {
	return p.Status == o.Status && p.Percent == o.Percent && p.Attempt == o.Attempt && (p.Failure == nil) == (o.Failure == nil)
}

// progressKey names a résumé whose progress is asked for.
type progressKey struct{ workspaceID, resumeID string }

// Progress reads how far the processing of a résumé is.
func (r *Resumes) Progress(ctx context.Context, workspaceID, id string) (ResumeProgress, error) {
	key := progressKey{workspaceID, id}
	found, err := r.progress(ctx, []progressKey{key})
	if err != nil {
		return ResumeProgress{}, err
	}
	p, ok := found[key]
	if !ok {
		return ResumeProgress{}, resumeNotFound()
	}
	return p, nil
}

// WatchProgress tells of a résumé's progress now and at each change, until it has ended, for ten minutes at most.
func (r *Resumes) WatchProgress(ctx context.Context, workspaceID, id string, tell func(ResumeProgress) error) error {
	l := r.watch.join(ctx, progressKey{workspaceID, id})
	defer r.watch.leave(l)
	// Read after joining, so that no change is missed in between.
	last, err := r.Progress(ctx, workspaceID, id)
	if err != nil {
		return err
	}
	enough := time.NewTimer(maxWatch)
	defer enough.Stop()
	for {
		if err := tell(last); err != nil || last.Ended() {
			return err
		}
		for before := last; last.same(before); {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-enough.C:
				return nil
			case news := <-l.news:
				if news.err != nil {
					return news.err
				}
				last = news.ResumeProgress
			}
		}
	}
}

// progress reads the states of some résumés; those that don't exist are missing.
func (r *Resumes) progress(ctx context.Context, keys []progressKey) (map[progressKey]ResumeProgress, error) {
	named, pairs := make([]tasks.Task, len(keys)), make([][]any, len(keys))
	for i, k := range keys {
		named[i] = tasks.Task{Kind: structureKind, WorkspaceID: k.workspaceID, UniqueKey: k.resumeID}
		pairs[i] = []any{k.workspaceID, k.resumeID}
	}
	// The tasks come first: a résumé whose task ends between the two reads is then seen as what became of it.
	work, err := r.tasks.Unfinished(ctx, named)
	if err != nil {
		return nil, err
	}
	var rows []models.Resume
	err = r.db.WithContext(ctx).Select("id", "workspace_id", "processing_status", "processing_error_kind", "processing_error").
		Where("(workspace_id, id) IN ?", pairs).Find(&rows).Error
	if err != nil {
		return nil, storeError(err, nil)
	}
	under := map[progressKey]*models.Task{}
	for i, k := range keys {
		under[k] = work[i]
	}
	found := make(map[progressKey]ResumeProgress, len(rows))
	for i := range rows {
		key := progressKey{rows[i].WorkspaceID, rows[i].ID}
		found[key] = progressOf(&rows[i], under[key])
	}
	return found, nil
}

func progressOf(row *models.Resume, task *models.Task) ResumeProgress {
	p := ResumeProgress{ResumeID: row.ID, Status: row.ProcessingStatus}
	if p.Ended() {
		p.Percent = progressEnded
		if p.Status == models.StatusFailed {
			p.Failure = failureOf(row.ProcessingErrorKind, row.ProcessingError)
		}
		return p
	}
	if p.Status == models.StatusProcessing {
		p.Percent = progressBegun
	}
	if task == nil {
		return p
	}
	p.Attempt = task.Attempt
	if p.Status == models.StatusProcessing {
		p.Percent = max(p.Percent, int(task.Progress))
	}
	if task.LastError != "" {
		p.Failure = failureOf(task.LastErrorKind, task.LastError)
	}
	return p
}

// failureOf makes an error of what is stored of it; rows of earlier versions lack the kind.
func failureOf(kind models.Kind, message string) *models.Error {
	if kind == "" {
		kind = models.KindInternal
	}
	if message == "" {
		message = "The résumé could not be processed. Retry its processing."
	}
	return models.NewError(kind, message)
}

// errNoNews tells listeners that the database could not be asked for some time.
func errNoNews(err error) error {
	var known *models.Error
	if errors.As(err, &known) {
		return known
	}
	return models.WrapError(models.KindUnavailable, "The progress can't be read at the moment. Try again.", err)
}
