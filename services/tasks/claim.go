package tasks

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
)

// statementTimeout bounds the statements that must run although the context they belong to has ended.
const statementTimeout = 5 * time.Second

// errLeaseLost ends the context of an attempt whose task may be another worker's by now.
var errLeaseLost = errors.New("tasks: the lease is lost")

// claim takes up to limit tasks that were due at a time, or only the one with an id, in the order they were due.
//
// It doesn't end with ctx: rows claimed by a statement whose answer nobody hears would be stuck until their lease ends.
func (q *Queue) claim(ctx context.Context, due time.Time, limit int, id string) ([]*Job, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), statementTimeout)
	defer cancel()
	only, lock, args := "", "", []any{due, slices.Collect(maps.Keys(q.handlers))}
	if id != "" {
		only, args = " AND id = ?", append(args, id)
	}
	if models.Dialect(q.options.DB.Name()) == models.Postgres {
		lock = " FOR UPDATE SKIP LOCKED"
	}
	// The token differs between two claims of one process too: neither attempt can then write for the other.
	token, leaseUntil := rand.Text(), q.options.Now().Add(q.options.Lease)
	var rows []models.Task
	// Joined as a subquery the selection could be made anew for each row, and more than limit be taken.
	err := q.options.DB.WithContext(ctx).Raw("WITH due AS (SELECT id FROM tasks WHERE status = 'queued' AND run_at <= ? AND kind IN ?"+only+
		" ORDER BY run_at, id LIMIT ?"+lock+") UPDATE tasks SET status = 'running', worker = ?, lease_until = ?, attempt = attempt + 1, progress = 0"+
		" WHERE id IN (SELECT id FROM due) RETURNING id, kind, workspace_id, args, attempt, max_attempts",
		append(args, limit, token, leaseUntil)...).Scan(&rows).Error
	if err != nil {
		return nil, models.StorageError(err)
	}
	jobs := make([]*Job, len(rows))
	for i, row := range rows {
		jobs[i] = newJob(q, row, token, leaseUntil)
	}
	return jobs, nil
}

// rescue takes the tasks whose lease has run out from their workers. What has taken its worker along at every attempt
// has failed: it may be the cause.
func (q *Queue) rescue(ctx context.Context) error {
	now := q.options.Now()
	deserted := func() *gorm.DB {
		return q.options.DB.WithContext(ctx).Where("status = 'running' AND lease_until <= ?", now)
	}
	const stopped = "The worker of the task stopped."
	failed := ending(models.TaskFailed, now)
	failed["last_error_kind"], failed["last_error"] = models.KindUnavailable, stopped
	var spent []models.Task
	if err := deserted().Where("attempt >= max_attempts").Order("lease_until").Limit(maxRound).Find(&spent).Error; err != nil {
		return models.StorageError(err)
	}
	var failures []error
	for _, row := range spent {
		j := newJob(q, row, row.Worker, now)
		still := func(tx *gorm.DB) *gorm.DB { return j.mine(tx).Where("lease_until <= ?", now) }
		held, err := j.end(q.options.DB.WithContext(ctx), still, failed)
		if held {
			q.tell(row, models.TaskFailed, Failed)
		}
		failures = append(failures, models.StorageError(err))
	}
	again := queued(now)
	again["last_error_kind"], again["last_error"] = models.KindUnavailable, stopped
	var rows []models.Task
	err := deserted().Where("attempt < max_attempts").Model(&rows).
		Clauses(clause.Returning{Columns: []clause.Column{{Name: "id"}, {Name: "kind"}}}).UpdateColumns(again).Error
	for _, row := range rows {
		q.tell(row, models.TaskQueued, Deserted)
	}
	return errors.Join(append(failures, models.StorageError(err))...)
}

func (q *Queue) tell(row models.Task, status models.TaskStatus, outcome Outcome) {
	q.options.Logger.Warn("The worker of a task stopped.", "task", row.ID, "kind", row.Kind, "status", status)
	q.options.Observe(Event{Kind: row.Kind, Outcome: outcome})
}

// ending returns what changes in a task that ends: another one may have its unique key.
func ending(status models.TaskStatus, now time.Time) map[string]any {
	return map[string]any{"status": status, "finished_at": now, "worker": "", "lease_until": nil, "unique_key": nil}
}

// queued returns what changes in a task that a worker lets go of, due at a time.
func queued(due time.Time) map[string]any {
	return map[string]any{"status": models.TaskQueued, "run_at": due, "worker": "", "lease_until": nil}
}
