package tasks

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
)

// period is work to be done once in each span of a length.
type period struct {
	kind   string
	length time.Duration
}

// schedule enqueues the work of periods that have begun, unless another replica has.
func (q *Queue) schedule(ctx context.Context) error {
	var failures []error
	for _, p := range q.periods {
		slot := q.options.Now().Truncate(p.length)
		if q.seenTo(p.kind, slot) {
			continue
		}
		if err := q.elect(ctx, p.kind, slot); err != nil {
			failures = append(failures, models.StorageError(err))
			continue
		}
		q.mu.Lock()
		q.slots[p.kind] = slot
		q.mu.Unlock()
	}
	return errors.Join(failures...)
}

func (q *Queue) seenTo(kind string, slot time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return !q.slots[kind].Before(slot)
}

// elect enqueues a period's task in the transaction that moves the kind's slot on, which only one replica can. There is
// one row a kind, so none has to be cleaned up.
func (q *Queue) elect(ctx context.Context, kind string, slot time.Time) error {
	return q.options.DB.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		moved := tx.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "kind"}},
			DoUpdates: clause.AssignmentColumns([]string{"slot"}),
			Where:     clause.Where{Exprs: []clause.Expression{gorm.Expr("task_slots.slot < excluded.slot")}},
		}).Create(&models.TaskSlot{Kind: kind, Slot: slot})
		if moved.Error != nil || moved.RowsAffected == 0 {
			return moved.Error
		}
		// The key keeps work that takes longer than its period from piling up.
		_, _, err := q.Enqueue(tx, Task{Kind: kind, UniqueKey: "periodic"})
		return err
	})
}
