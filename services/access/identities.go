package access

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
)

// errTaken rolls back the workspace of a person who was given one meanwhile.
var errTaken = errors.New("access: the identity has a workspace")

// identityHash stands for a person; no issuer holds the byte that separates the two.
func identityHash(issuer, subject string) string {
	return models.HashContent(issuer + "\x00" + subject)
}

// workspaceFor returns the workspace of a person, which is made at their first request.
func workspaceFor(ctx context.Context, db *gorm.DB, hash string, now time.Time) (string, error) {
	db = db.WithContext(ctx)
	id, err := findWorkspace(db, hash)
	if !errors.Is(err, gorm.ErrRecordNotFound) {
		return id, models.StorageError(err)
	}
	workspace := models.Workspace{Name: "signed in", CreatedAt: now, LastUsedAt: now}
	err = db.Transaction(func(tx *gorm.DB) error {
		if err := tx.Create(&workspace).Error; err != nil {
			return err
		}
		row := models.Identity{Hash: hash, WorkspaceID: workspace.ID, CreatedAt: now}
		result := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
		if result.Error == nil && result.RowsAffected == 0 {
			return errTaken
		}
		return result.Error
	})
	if errors.Is(err, errTaken) {
		id, err = findWorkspace(db, hash)
		return id, models.StorageError(err)
	}
	return workspace.ID, models.StorageError(err)
}

func findWorkspace(db *gorm.DB, hash string) (string, error) {
	var row models.Identity
	err := db.Where("hash = ?", hash).Take(&row).Error
	return row.WorkspaceID, err
}
