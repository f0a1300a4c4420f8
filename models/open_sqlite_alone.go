package models

import (
	"context"
	"database/sql"
	"errors"

	modernc "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// bulkCacheKiB is the page cache of a connection that fills a database: an index whose pages don't fit is slow to fill.
const bulkCacheKiB = "-65536"

// OpenSQLiteAlone opens the database file at path, which must exist, on one connection that keeps every other process
// out until it is closed. It is for filling a database that nobody should see half full.
func OpenSQLiteAlone(ctx context.Context, path string) (*sql.DB, error) {
	uri, _ := sqliteURI(path)
	// The locking mode stands before the switch to WAL, which is then made without memory shared between processes.
	db, err := sql.Open("sqlite", addQuery(uri, "mode=rw&_pragma=locking_mode(EXCLUSIVE)&_pragma=cache_size("+bulkCacheKiB+")&"+sqliteSettings))
	if err != nil {
		return nil, sqliteOpenError(err)
	}
	db.SetMaxOpenConns(1)
	err = db.PingContext(ctx)
	if err == nil {
		// The lock is taken by the first use, and kept.
		_, err = db.ExecContext(ctx, "BEGIN EXCLUSIVE; COMMIT")
	}
	if err == nil {
		return db, nil
	}
	var e *modernc.Error
	if errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY {
		err = WrapError(KindConflict, "The SQLite database is in use; stop the programs that use it.", err)
	} else {
		err = sqliteOpenError(err)
	}
	return nil, errors.Join(err, db.Close())
}
