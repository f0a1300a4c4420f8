package services

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
	"resume-matcher/services/cache"
)

// Cache removes cached answers of language models, and counts what it removed.
type Cache struct {
	db    *gorm.DB
	store *cache.Store
	now   func() time.Time
}

// DeleteEntity removes the workspace's entries made from a résumé or job, and returns their keys.
func (c *Cache) DeleteEntity(ctx context.Context, workspaceID, entityType, entityID string) ([]string, error) {
	var keys []string
	err := c.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		keys, err = c.invalidate(tx, workspaceID, entityType, entityID)
		return err
	})
	return keys, storeError(err, nil)
}

// DeleteKey removes one of the workspace's entries, and tells whether it was there.
func (c *Cache) DeleteKey(ctx context.Context, workspaceID, key string) (int, error) {
	var deleted int
	err := c.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		if deleted, err = c.store.Remove(tx, workspaceID, []string{key}); err != nil {
			return err
		}
		return c.countInvalidated(tx, workspaceID, deleted)
	})
	return deleted, storeError(err, nil)
}

// invalidate removes what was cached for an entity that changes or goes.
func (c *Cache) invalidate(tx *gorm.DB, workspaceID, entityType, entityID string) ([]string, error) {
	keys, err := c.store.Invalidate(tx, workspaceID, entityType, entityID)
	if err != nil {
		return nil, err
	}
	return keys, c.countInvalidated(tx, workspaceID, len(keys))
}

func (c *Cache) countInvalidated(tx *gorm.DB, workspaceID string, n int) error {
	if n == 0 {
		return nil
	}
	now := c.now()
	row := models.LLMUsage{
		WorkspaceID: workspaceID, Day: now.Format(time.DateOnly), Kind: "llm",
		Invalidated: int64(n), LastInvalidatedAt: &now,
	}
	return tx.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "workspace_id"}, {Name: "day"}, {Name: "kind"}, {Name: "provider"}, {Name: "model"}},
		DoUpdates: clause.Assignments(map[string]any{
			"invalidated":         gorm.Expr("llm_usage.invalidated + ?", n),
			"last_invalidated_at": now,
		}),
	}).Create(&row).Error
}
