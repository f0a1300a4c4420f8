package services

import (
	"context"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
)

// Workspaces manages the owners of everything that is stored.
type Workspaces struct {
	db    *gorm.DB
	usage *Usage
	now   func() time.Time

	exporting sync.Mutex // guards exports
	// exports are the workspaces that are being exported.
	exports map[string]bool
}

// EnsureDefault makes the one local workspace that owns all rows while there are no sessions.
func (w *Workspaces) EnsureDefault(ctx context.Context) error {
	row := w.local()
	err := w.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error
	return storeError(err, nil)
}

// local is the default workspace as it is made.
func (w *Workspaces) local() models.Workspace {
	now := w.now()
	return models.Workspace{ID: models.DefaultWorkspaceID, Name: models.DefaultWorkspaceName, CreatedAt: now, LastUsedAt: now}
}

// Get returns a workspace.
func (w *Workspaces) Get(ctx context.Context, workspaceID string) (*models.Workspace, error) {
	var row models.Workspace
	if err := w.db.WithContext(ctx).Where("id = ?", workspaceID).Take(&row).Error; err != nil {
		return nil, storeError(err, workspaceNotFound())
	}
	return &row, nil
}

func workspaceNotFound() *models.Error {
	return models.NewError(models.KindNotFound, "There is no workspace with this id.")
}
