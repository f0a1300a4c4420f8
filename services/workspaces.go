package services

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
)

// Workspaces manages the owners of everything that is stored.
type Workspaces struct {
	db  *gorm.DB
	now func() time.Time
}

// EnsureDefault makes the one local workspace that owns all rows while there are no sessions.
func (w *Workspaces) EnsureDefault(ctx context.Context) error {
	now := w.now()
	row := models.Workspace{ID: models.DefaultWorkspaceID, Name: models.DefaultWorkspaceName, CreatedAt: now, LastUsedAt: now}
	err := w.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error
	return storeError(err, nil)
}
