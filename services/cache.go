package services

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
)

// Cache removes cached answers of language models, and counts what it removed.
type Cache struct {
	db  *gorm.DB
	now func() time.Time
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
		deleted, err = c.remove(tx, workspaceID, []string{key})
		return err
	})
	return deleted, storeError(err, nil)
}

// invalidate removes what was cached for an entity that changes or goes.
func (c *Cache) invalidate(tx *gorm.DB, workspaceID, entityType, entityID string) ([]string, error) {
	keys := []string{}
	err := tx.Model(&models.LLMCacheIndex{}).
		Joins("JOIN llm_cache ON llm_cache.cache_key = llm_cache_index.cache_key AND llm_cache.workspace_id = ?", workspaceID).
		Where("llm_cache_index.entity_type = ? AND llm_cache_index.entity_id = ?", entityType, entityID).
		Order("llm_cache_index.cache_key").Pluck("llm_cache_index.cache_key", &keys).Error
	if err != nil || len(keys) == 0 {
		return keys, err
	}
	_, err = c.remove(tx, workspaceID, keys)
	return keys, err
}

// remove deletes entries in the workspace; links follow by foreign key.
func (c *Cache) remove(tx *gorm.DB, workspaceID string, keys []string) (int, error) {
	result := tx.Where("workspace_id = ? AND cache_key IN ?", workspaceID, keys).Delete(&models.LLMCache{})
	if result.Error != nil || result.RowsAffected == 0 {
		return 0, result.Error
	}
	return int(result.RowsAffected), c.countInvalidated(tx, workspaceID, result.RowsAffected)
}

func (c *Cache) countInvalidated(tx *gorm.DB, workspaceID string, n int64) error {
	now := c.now()
	row := models.LLMUsage{
		WorkspaceID: workspaceID, Day: now.Format(time.DateOnly), Kind: "llm",
		Invalidated: n, LastInvalidatedAt: &now,
	}
	return tx.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "workspace_id"}, {Name: "day"}, {Name: "kind"}, {Name: "provider"}, {Name: "model"}},
		DoUpdates: clause.Assignments(map[string]any{
			"invalidated":         gorm.Expr("llm_usage.invalidated + ?", n),
			"last_invalidated_at": now,
		}),
	}).Create(&row).Error
}
