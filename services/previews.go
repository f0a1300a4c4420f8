package services

import (
	"context"
	"time"

	"gorm.io/gorm"

	"resume-matcher/models"
)

// previewBatch bounds the previews one statement deletes, so that requests never wait long for it.
const previewBatch = 200

// CleanPreviews deletes expired previews until there are none, and returns how many there were.
func (t *Tailoring) CleanPreviews(ctx context.Context) (int64, error) {
	var deleted int64
	for {
		expired := t.db.Model(&models.Improvement{}).Select("id").
			Where("expires_at < ? AND status = ?", t.now(), models.ImprovementPreview).Order("expires_at").Limit(previewBatch)
		result := t.db.WithContext(ctx).Session(&gorm.Session{}).Where("id IN (?)", expired).Delete(&models.Improvement{})
		deleted += result.RowsAffected
		if result.Error != nil || result.RowsAffected < previewBatch {
			return deleted, storeError(result.Error, nil)
		}
	}
}

// RunPreviews deletes expired previews at each interval until ctx ends.
func (t *Tailoring) RunPreviews(ctx context.Context, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		if _, err := t.CleanPreviews(ctx); err != nil && ctx.Err() == nil {
			t.log.Warn("expired previews could not be deleted", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
