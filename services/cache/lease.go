package cache

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
)

// bookkeepingTimeout bounds the statements that must run although the work's context has ended.
const bookkeepingTimeout = 5 * time.Second

// lease is the right to make an entry's call: no other process makes it while the flight's row names this owner.
type lease struct {
	store *Store
	entry Entry
	owner string
}

// bookkeeping returns a context that outlives parent by a bounded time.
func bookkeeping(parent context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(parent), bookkeepingTimeout)
}

// claim takes the flight if it is new, failed, or its owner's lease has run out. Otherwise it tells who leads, having
// marked the answer as wanted, or "" if that has just changed.
func (l lease) claim(ctx context.Context) (leads bool, leader string, err error) {
	now := l.store.now()
	err = l.store.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		row := models.LLMFlight{
			CacheKey: l.entry.Key, WorkspaceID: l.entry.WorkspaceID, Owner: l.owner,
			LeaseUntil: now.Add(l.store.lease), WantedUntil: now, UpdatedAt: now,
		}
		taken := tx.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "cache_key"}},
			DoUpdates: clause.AssignmentColumns([]string{"owner", "lease_until", "wanted_until", "stale", "updated_at"}),
			Where: clause.Where{Exprs: []clause.Expression{gorm.Expr(
				"llm_flights.workspace_id = excluded.workspace_id AND (llm_flights.owner = '' OR llm_flights.lease_until <= ?)", now)}},
		}).Create(&row)
		if taken.Error != nil {
			return taken.Error
		}
		if leads = taken.RowsAffected == 1; leads {
			return l.link(tx)
		}
		return tx.Raw("UPDATE llm_flights SET wanted_until = ? WHERE cache_key = ? AND workspace_id = ? AND owner <> '' RETURNING owner",
			l.store.wantedUntil(now), l.entry.Key, l.entry.WorkspaceID).Scan(&leader).Error
	})
	return leads, leader, models.StorageError(err)
}

// link records what the flight's answer is made from, in place of what an earlier flight was.
func (l lease) link(tx *gorm.DB) error {
	if err := tx.Where("cache_key = ?", l.entry.Key).Delete(&models.LLMFlightIndex{}).Error; err != nil {
		return err
	}
	links := l.entry.links()
	if len(links) == 0 {
		return nil
	}
	rows := make([]models.LLMFlightIndex, len(links))
	for i, link := range links {
		rows[i] = models.LLMFlightIndex{Key: l.entry.Key, EntityType: link.Type, EntityID: link.ID}
	}
	return tx.Create(&rows).Error
}

// mine narrows a statement to the flight as long as nobody has taken it over.
func (l lease) mine(ctx context.Context) *gorm.DB {
	return l.store.db.WithContext(ctx).Model(&models.LLMFlight{}).
		Where("cache_key = ? AND workspace_id = ? AND owner = ?", l.entry.Key, l.entry.WorkspaceID, l.owner)
}

// renew moves the lease on.
func (l lease) renew(ctx context.Context) error {
	now := l.store.now()
	return l.mine(ctx).UpdateColumns(map[string]any{"lease_until": now.Add(l.store.lease), "updated_at": now}).Error
}

// abandon gives the flight up if no other process wants its answer, and tells whether it is given up or lost.
func (l lease) abandon(ctx context.Context) (bool, error) {
	result := l.mine(ctx).Where("wanted_until <= ?", l.store.now()).Delete(&models.LLMFlight{})
	if result.Error != nil || result.RowsAffected > 0 {
		return result.RowsAffected > 0, result.Error
	}
	var held int64
	err := l.mine(ctx).Count(&held).Error
	return held == 0, err
}

// release gives the flight up: who waits for it makes a call of its own.
func (l lease) release(parent context.Context) error {
	ctx, cancel := bookkeeping(parent)
	defer cancel()
	return l.mine(ctx).Delete(&models.LLMFlight{}).Error
}

// fail gives the flight up and leaves the public part of the error to those who wait in other processes.
func (l lease) fail(parent context.Context, cause error) error {
	public := models.NewError(models.KindInternal, callFailed)
	_ = errors.As(cause, &public)
	ctx, cancel := bookkeeping(parent)
	defer cancel()
	now := l.store.now()
	return l.mine(ctx).UpdateColumns(map[string]any{
		"owner": "", "failed_owner": l.owner, "failure_kind": public.Kind, "failure_message": public.Message,
		"lease_until": now, "updated_at": now,
	}).Error
}

// keep holds the lease until stop is closed, and ends the work when nobody waits for it, here or elsewhere.
func (l lease) keep(f *flight, stop <-chan struct{}) {
	beat := time.NewTicker(l.store.lease / 3)
	defer beat.Stop()
	alone := f.alone
	var look <-chan time.Time
	for {
		select {
		case <-stop:
			return
		case <-beat.C:
			// A beat that fails is made up for by the next, or another process takes over.
			_ = l.renew(f.ctx)
			continue
		case <-alone:
			alone = nil
		case <-look:
		}
		over, err := l.abandon(f.ctx)
		if over || err != nil {
			f.cancel()
			return
		}
		look = time.After(followPause)
	}
}
