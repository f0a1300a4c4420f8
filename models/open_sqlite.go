package models

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	modernc "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteSettings apply to every connection. The busy timeout stands first, because switching to WAL already takes
// a lock; times are stored as UTC text in SQLite's own format, whose order is the order in time.
const sqliteSettings = "_pragma=" + sqliteWait + "&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)" +
	"&_pragma=foreign_keys(1)&_time_format=sqlite&_timezone=UTC"

// sqliteWait is how long a connection waits for another one's lock.
const sqliteWait = "busy_timeout(5000)"

// sqliteWriterSettings let the one writer overwrite what it deletes: SQLite itself only forgets where it was, and what a
// person has deleted would still be in the file.
const sqliteWriterSettings = "&_txlock=immediate&_pragma=secure_delete(1)"

func openSQLite(ctx context.Context, o OpenOptions) (*gorm.DB, error) {
	uri, memory := sqliteURI(o.DSN)
	if !memory {
		if err := createPrivate(uri); err != nil {
			return nil, sqliteOpenError(err)
		}
	}
	writer, err := sql.Open("sqlite", addQuery(uri, sqliteSettings+sqliteWriterSettings))
	if err != nil {
		return nil, sqliteOpenError(err)
	}
	writer.SetMaxOpenConns(1)
	conns := &sqlitePool{pool: newPool(writer, o.PoolTimeout)}
	if err := pingSQLite(ctx, writer); err != nil {
		return nil, errors.Join(sqliteOpenError(err), conns.Close())
	}
	// A database in memory belongs to one connection: readers would see another, empty one.
	if !memory {
		readers, err := sql.Open("sqlite", addQuery(uri, sqliteSettings+"&_pragma=query_only(1)"))
		if err != nil {
			return nil, errors.Join(sqliteOpenError(err), conns.Close())
		}
		readers.SetMaxOpenConns(o.PoolSize + o.MaxOverflow)
		readers.SetMaxIdleConns(o.PoolSize)
		reading := newPool(readers, o.PoolTimeout)
		conns.readers = &reading
	}
	db, err := gorm.Open(sqliteDialector{&sqlite.Dialector{Conn: conns}}, gormConfig(o.Logger))
	if err != nil {
		return nil, errors.Join(sqliteOpenError(err), conns.Close())
	}
	return db, nil
}

// openTries and openPause bound the wait for other processes that open the same new file.
const (
	openTries = 100
	openPause = 50 * time.Millisecond
)

// pingSQLite makes the first connection. To switch a new file to WAL a connection needs it to itself, and for that
// SQLite does not wait, whatever the busy timeout says.
func pingSQLite(ctx context.Context, db *sql.DB) error {
	for try := 1; ; try++ {
		err := db.PingContext(ctx)
		var e *modernc.Error
		if try == openTries || !errors.As(err, &e) || e.Code()&0xff != sqlite3.SQLITE_BUSY {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(openPause):
		}
	}
}

// sqliteURI returns dsn as a file: URI and tells whether it names a database in memory.
func sqliteURI(dsn string) (uri string, memory bool) {
	memory = strings.Contains(dsn, ":memory:") || strings.Contains(dsn, "mode=memory")
	if strings.HasPrefix(dsn, "file:") {
		return dsn, memory
	}
	return "file:" + (&url.URL{Path: dsn}).EscapedPath(), memory
}

func addQuery(uri, query string) string {
	if strings.Contains(uri, "?") {
		return uri + "&" + query
	}
	return uri + "?" + query
}

// OpenSQLiteReadOnly opens the database file at path to look at it. It makes no file and changes none, not even to
// switch it to WAL.
func OpenSQLiteReadOnly(ctx context.Context, path string) (*sql.DB, error) {
	uri, _ := sqliteURI(path)
	db, err := sql.Open("sqlite", addQuery(uri, "mode=ro&_pragma=busy_timeout(5000)&_pragma=query_only(1)&_time_format=sqlite&_timezone=UTC"))
	if err != nil {
		return nil, sqliteOpenError(err)
	}
	// Opening reads nothing: a file that is no database shows in the first query.
	var tables int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables); err != nil {
		return nil, errors.Join(sqliteOpenError(err), db.Close())
	}
	return db, nil
}

// createPrivate makes an absent database file readable by its owner alone: it will hold résumés. SQLite gives its
// side files the same mode.
func createPrivate(uri string) error {
	path, _, _ := strings.Cut(strings.TrimPrefix(uri, "file:"), "?")
	path, err := url.PathUnescape(path)
	if err != nil {
		return err
	}
	if strings.HasPrefix(path, "//") {
		path = "/" + strings.TrimLeft(path, "/")
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

func sqliteOpenError(err error) error {
	message := "Can't open the SQLite database; its folder must exist and this program must be allowed to write there."
	var e *modernc.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_NOTADB:
			message = "The database file is not an SQLite database; set DATABASE_URL to another file."
		case sqlite3.SQLITE_FULL:
			message = diskFullMessage
		case sqlite3.SQLITE_CORRUPT:
			message = damagedMessage
		}
	}
	return WrapError(KindUnavailable, message, err)
}

// sqlitePool sends plain SELECT statements to read-only connections and everything else, transactions included, to
// the one connection that writes. SQLite allows one writer at a time: waiting for it here, in a queue, costs less
// and fails less than several connections that poll for the file lock. In WAL mode a read that starts after a
// commit sees it, so a caller always reads its own writes.
type sqlitePool struct {
	pool
	readers *pool
}

// Close closes the readers first, so that the writer, as the last connection, can fold the WAL into the file.
func (p *sqlitePool) Close() error {
	if p.readers == nil {
		return p.pool.Close()
	}
	return errors.Join(p.readers.Close(), p.pool.Close())
}

func (p *sqlitePool) route(query string) pool {
	query = strings.TrimLeft(query, " \t\r\n")
	if p.readers == nil || len(query) < len("SELECT") || !strings.EqualFold(query[:len("SELECT")], "SELECT") {
		return p.pool
	}
	return *p.readers
}

// QueryContext runs a statement that returns rows; INSERT … RETURNING is one too.
func (p *sqlitePool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return p.route(query).QueryContext(ctx, query, args...)
}

// QueryRowContext runs a statement that returns at most one row.
func (p *sqlitePool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return p.route(query).QueryRowContext(ctx, query, args...)
}

// BeginTx starts a transaction on the writer, or on a reader if it is to be read-only.
func (p *sqlitePool) BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error) {
	if opts != nil && opts.ReadOnly && p.readers != nil {
		return p.readers.BeginTx(ctx, opts)
	}
	return p.pool.BeginTx(ctx, opts)
}
