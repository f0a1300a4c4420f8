package tasks

import (
	"context"
	"time"

	"resume-matcher/models"
)

const (
	cleanKind   = "tasks.clean"
	cleanPeriod = time.Hour
	// cleanBatch bounds the rows of one statement: others wait to write for as long as it takes on SQLite.
	cleanBatch = 500
	// cleanPause is the wait between two of them.
	cleanPause = 10 * time.Millisecond
)

// clean removes tasks that finished longer ago than the retention.
func (q *Queue) clean(ctx context.Context, _ *Job) error {
	before, lock := q.options.Now().Add(-q.options.Retention), ""
	if models.Dialect(q.options.DB.Name()) == models.Postgres {
		lock = " FOR UPDATE SKIP LOCKED"
	}
	for _, status := range []string{"'done'", "'failed'"} {
		for {
			// A task is due before it finishes, so the index on run_at bounds the search.
			result := q.options.DB.WithContext(ctx).Exec("DELETE FROM tasks WHERE id IN (SELECT id FROM tasks"+
				" WHERE status = "+status+" AND run_at <= ? AND finished_at <= ? ORDER BY run_at LIMIT ?"+lock+")", before, before, cleanBatch)
			if result.Error != nil {
				return models.StorageError(result.Error)
			}
			if result.RowsAffected < cleanBatch {
				break
			}
			if err := rest(ctx, cleanPause); err != nil {
				return err
			}
		}
	}
	return nil
}
