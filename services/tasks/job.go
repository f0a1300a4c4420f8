package tasks

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"resume-matcher/models"
)

const (
	// progressPause is the least time between two writes of a job's progress.
	progressPause = 500 * time.Millisecond
	// progressTimeout bounds such a write: nothing depends on it.
	progressTimeout = time.Second
)

// The stages of a job that ends by Finish; zero is before it.
const (
	finishing = iota + 1
	finished
)

// Job is one attempt at a task.
type Job struct {
	ID, Kind string
	// WorkspaceID is empty for the program's own tasks.
	WorkspaceID string
	// Attempt counts from 1.
	Attempt, MaxAttempts int64

	queue      *Queue
	args       json.RawMessage
	worker     string
	leaseUntil time.Time

	stage atomic.Int32

	mu       sync.Mutex // guards the progress
	progress int64
	written  time.Time
}

func newJob(q *Queue, row models.Task, worker string, leaseUntil time.Time) *Job {
	j := &Job{
		ID: row.ID, Kind: row.Kind, Attempt: row.Attempt, MaxAttempts: row.MaxAttempts,
		queue: q, args: row.Args.V, worker: worker, leaseUntil: leaseUntil,
	}
	if row.WorkspaceID != nil {
		j.WorkspaceID = *row.WorkspaceID
	}
	return j
}

// Decode reads the task's arguments.
func (j *Job) Decode(into any) error {
	if err := json.Unmarshal(j.args, into); err != nil {
		return Permanent(models.WrapError(models.KindInternal, "The task's arguments are not those of its kind.", err))
	}
	return nil
}

// Progress stores a percentage for those who wait for the task; it may be called often. Not while a transaction is open:
// on SQLite it would wait for its end.
func (j *Job) Progress(ctx context.Context, percent int) {
	j.mu.Lock()
	j.progress = int64(min(max(percent, 0), 100))
	due := time.Since(j.written) >= progressPause
	if due {
		j.written = time.Now()
	}
	progress := j.progress
	j.mu.Unlock()
	if !due {
		return // the next call or the heartbeat writes it
	}
	ctx, cancel := context.WithTimeout(ctx, progressTimeout)
	defer cancel()
	_ = j.mine(j.queue.options.DB.WithContext(ctx)).UpdateColumn("progress", progress).Error
}

// Finish stores the task's results and its end in one transaction: fn's writes are there once or, if the attempt has
// lost its lease, not at all. The handler returns after it.
func (j *Job) Finish(ctx context.Context, fn func(tx *gorm.DB) error) error {
	err := j.queue.Transaction(ctx, func(tx *gorm.DB) error {
		// The task's row comes last, as it does when a workspace is deleted: in one order nobody waits in a circle.
		if err := fn(tx); err != nil {
			return err
		}
		j.stage.Store(finishing)
		ended := j.mine(tx.Session(&gorm.Session{NewDB: true})).UpdateColumns(done(j.queue.options.Now()))
		if ended.Error == nil && ended.RowsAffected == 0 {
			return errLeaseLost
		}
		return ended.Error
	})
	if err != nil {
		j.stage.Store(0)
		return err
	}
	j.stage.Store(finished)
	return nil
}

// mine narrows a statement to the task as long as it is this attempt's.
func (j *Job) mine(tx *gorm.DB) *gorm.DB {
	return tx.Model(&models.Task{}).Where("id = ? AND worker = ? AND status = ?", j.ID, j.worker, models.TaskRunning)
}

// renew moves the lease on, and tells whether the task is still this attempt's.
func (j *Job) renew(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, j.queue.options.Lease/3)
	defer cancel()
	j.mu.Lock()
	progress := j.progress
	j.mu.Unlock()
	until := j.queue.options.Now().Add(j.queue.options.Lease)
	result := j.mine(j.queue.options.DB.WithContext(ctx)).UpdateColumns(map[string]any{"lease_until": until, "progress": progress})
	switch {
	case result.Error != nil:
		// The next beat may succeed; nobody takes the task before the lease ends.
		return j.queue.options.Now().Before(j.leaseUntil)
	case result.RowsAffected == 0:
		// Finish may have ended it just now.
		return j.stage.Load() != 0
	}
	j.leaseUntil = until
	return true
}
