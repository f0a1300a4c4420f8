package models

import (
	"database/sql"
	"time"

	"gorm.io/gorm"
)

// WatchedPool is one pool of connections with what metrics tell of it.
type WatchedPool struct {
	// Name is "sqlite_writer", "sqlite_readers" or "postgres".
	Name string
	DB   *sql.DB
	// Timeouts returns how many waits ended without a connection.
	Timeouts func() int64
}

// Pools returns the pools of a database that Open made.
func Pools(db *gorm.DB) []WatchedPool {
	switch p := db.ConnPool.(type) {
	case *sqlitePool:
		pools := []WatchedPool{p.watched("sqlite_writer")}
		if p.readers != nil {
			pools = append(pools, p.readers.watched("sqlite_readers"))
		}
		return pools
	case postgresPool:
		return []WatchedPool{p.watched("postgres")}
	}
	return nil
}

func (p pool) watched(name string) WatchedPool { return WatchedPool{name, p.db, p.timeouts.Load} }

// LastAnswer is when a database that Open made last completed a statement or began a transaction; zero if it never has.
func LastAnswer(db *gorm.DB) time.Time {
	var latest int64
	switch p := db.ConnPool.(type) {
	case *sqlitePool:
		latest = p.answered.Load()
		if p.readers != nil {
			latest = max(latest, p.readers.answered.Load())
		}
	case postgresPool:
		latest = p.answered.Load()
	}
	if latest == 0 {
		return time.Time{}
	}
	return time.Unix(0, latest)
}
