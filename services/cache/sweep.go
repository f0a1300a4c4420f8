package cache

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
)

// checkpointRows is after how many deletions SQLite's log, of a few pages a row, is folded away: often enough that it
// never gets so long that a commit must do it, and no oftener, since that syncs the disk.
const checkpointRows = 200

// sweep deletes rows of one table in batches small enough for others to get in between.
type sweep struct {
	db *gorm.DB
	// table is a pointer to a model with a cache_key.
	table      any
	size, most int
	deleted    int64
	// logged counts the rows deleted since the last checkpoint.
	logged int
}

func (s *Store) sweep(table any) *sweep {
	return &sweep{db: s.db, table: table, size: min(firstBatch, s.batch), most: s.batch}
}

// run deletes the rows that scope finds, and rests after each batch for twice as long as that took.
func (w *sweep) run(ctx context.Context, scope func(*gorm.DB) *gorm.DB) error {
	for {
		begin, size := time.Now(), w.size
		n, err := w.delete(ctx, scope)
		w.deleted += int64(n)
		if err != nil || n == 0 {
			return err
		}
		took := time.Since(begin)
		over := time.After(2 * took)
		if n == size {
			w.resize(took)
		}
		if w.logged += n; w.logged >= checkpointRows {
			w.logged = 0
			if err := models.Checkpoint(ctx, w.db); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-over:
		}
		if n < size {
			return nil
		}
	}
}

// resize aims the next batch at batchTime by what the last full one took.
func (w *sweep) resize(took time.Duration) {
	scaled := float64(w.size) * min(2, float64(batchTime)/float64(took))
	w.size = min(max(int(scaled), leastBatch), w.most)
}

// delete removes the first rows that scope finds and nobody else has locked.
func (w *sweep) delete(ctx context.Context, scope func(*gorm.DB) *gorm.DB) (n int, err error) {
	err = w.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var keys []string
		err := scope(tx.Model(w.table)).Limit(w.size).
			Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked}).
			Pluck("cache_key", &keys).Error
		if err != nil || len(keys) == 0 {
			return err
		}
		result := tx.Where("cache_key IN ?", keys).Delete(w.table)
		n = int(result.RowsAffected)
		return result.Error
	})
	return n, err
}
