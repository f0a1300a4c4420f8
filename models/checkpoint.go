package models

import (
	"context"

	"gorm.io/gorm"
)

// Checkpoint folds SQLite's write-ahead log into the database file as far as that holds up nobody; on Postgres it does
// nothing. Who writes much in the background calls it now and then: otherwise SQLite does the same in the commit that
// finds the log long enough, while all who want to write wait.
func Checkpoint(ctx context.Context, db *gorm.DB) error {
	p, ok := db.Config.ConnPool.(*sqlitePool)
	if !ok || p.readers == nil {
		return nil
	}
	_, err := p.readers.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
	return err
}
