package access

import (
	"context"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/simplelru"
	"gorm.io/gorm"

	"resume-matcher/models"
)

// maxVisitors bounds the memory of visits to about 2 MB; beyond it workspaces are written more often than needed.
const maxVisitors = 10_000

// visits writes when a workspace was last used, once a minute, and so finds out that it is gone.
type visits struct {
	db  *gorm.DB
	now func() time.Time

	mu     sync.Mutex
	latest *lru.LRU[string, time.Time]
}

func newVisits(db *gorm.DB, now func() time.Time) *visits {
	latest, err := lru.NewLRU[string, time.Time](maxVisitors, nil)
	if err != nil {
		panic(err) // only for a size that is not positive
	}
	return &visits{db: db, now: now, latest: latest}
}

// note fails with ErrGone for a workspace that is not there.
func (v *visits) note(ctx context.Context, workspaceID string) error {
	now := v.now()
	if !v.claim(workspaceID, now) {
		return nil
	}
	result := v.db.WithContext(ctx).Model(&models.Workspace{}).Where("id = ?", workspaceID).Update("last_used_at", now)
	if result.Error == nil && result.RowsAffected > 0 {
		return nil
	}
	v.forget(workspaceID)
	if result.Error != nil {
		return result.Error
	}
	return ErrGone
}

// claim tells whether the caller is the one to write this minute's visit.
func (v *visits) claim(workspaceID string, now time.Time) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if last, ok := v.latest.Get(workspaceID); ok && now.Sub(last) < useInterval {
		return false
	}
	v.latest.Add(workspaceID, now)
	return true
}

func (v *visits) forget(workspaceID string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.latest.Remove(workspaceID)
}
