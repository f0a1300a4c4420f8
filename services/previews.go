package services

import (
	"context"

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
