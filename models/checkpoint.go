package models

import (
	"context"
	"errors"
	"time"

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

// EmptyLog looks for a moment in which nobody reads or writes: every emptyPause, for emptyPatience at most.
const (
	emptyPause    = 20 * time.Millisecond
	emptyPatience = time.Second
)

// EmptyLog folds SQLite's write-ahead log into the database file and empties it, lest it keep what was deleted, and tells
// whether it could: not while others read or write all the time. On Postgres, and in memory, there is nothing to empty.
func EmptyLog(ctx context.Context, db *gorm.DB) (emptied bool, err error) {
	p, ok := db.Config.ConnPool.(*sqlitePool)
	if !ok || p.readers == nil {
		return true, nil
	}
	ctx, cancel := context.WithTimeout(ctx, emptyPatience)
	defer cancel()
	conn, err := p.readers.db.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	// Waiting inside SQLite would keep the writers out meanwhile.
	if _, err := conn.ExecContext(ctx, "PRAGMA busy_timeout(0)"); err != nil {
		return false, err
	}
	defer func() {
		_, failed := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA "+sqliteWait)
		err = errors.Join(err, failed)
	}()
	for {
		var busy bool
		var frames, folded int
		err := conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &folded)
		if err != nil || !busy {
			return err == nil, err
		}
		select {
		case <-ctx.Done():
			return false, nil
		case <-time.After(emptyPause):
		}
	}
}
