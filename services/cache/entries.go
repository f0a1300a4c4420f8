package cache

import (
	"context"

	"resume-matcher/models"
)

// Entries counts the answers of all workspaces, those that expired and are not removed yet included.
func (s *Store) Entries(ctx context.Context) (int64, error) {
	var n int64
	err := s.db.WithContext(ctx).Model(&models.LLMCache{}).Count(&n).Error
	return n, err
}
