package models

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// pool is a gorm.ConnPool whose wait for a free connection has a bound of its own, apart from the statement's deadline.
type pool struct {
	db   *sql.DB
	wait time.Duration
	// timeouts counts the waits that ended without a connection.
	timeouts *atomic.Int64
	// answered is when the database last completed a statement, in nanoseconds of Unix time.
	answered *atomic.Int64
}

func newPool(db *sql.DB, wait time.Duration) pool {
	return pool{db, wait, &atomic.Int64{}, &atomic.Int64{}}
}

// note remembers that the database answered, if it did.
func (p pool) note(err error) {
	if err == nil {
		p.answered.Store(time.Now().UnixNano())
	}
}

var (
	_ gorm.ConnPool   = pool{}
	_ gorm.TxBeginner = pool{}
)

// GetDBConn returns the database handle for statistics and migrations.
func (p pool) GetDBConn() (*sql.DB, error) { return p.db, nil }

// closeWait bounds how long Close waits for connections in use, closePause how often it looks.
const (
	closeWait  = 2 * time.Second
	closePause = time.Millisecond
)

// Close closes every connection. A query's connection is freed a moment after its rows are closed, and sql.DB.Close
// does not wait for it: whoever opens an SQLite file next would find its write-ahead log still unmerged.
func (p pool) Close() error {
	err := p.db.Close()
	for end := time.Now().Add(closeWait); p.db.Stats().OpenConnections > 0 && time.Now().Before(end); {
		time.Sleep(closePause)
	}
	return err
}

func (p pool) acquire(ctx context.Context) (*sql.Conn, error) {
	bounded, cancel := context.WithTimeout(ctx, p.wait)
	defer cancel()
	conn, err := p.db.Conn(bounded)
	if err != nil && ctx.Err() == nil && errors.Is(bounded.Err(), context.DeadlineExceeded) {
		p.timeouts.Add(1)
		return nil, WrapError(KindUnavailable, busyMessage, ErrPoolTimeout)
	}
	return conn, err
}

// ExecContext runs a statement that returns no rows.
func (p pool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	conn, err := p.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	result, err := conn.ExecContext(ctx, query, args...)
	p.note(err)
	return result, err
}

// QueryContext runs a statement that returns rows.
func (p pool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	conn, err := p.acquire(ctx)
	if err != nil {
		return nil, err
	}
	// Close waits for the rows to be closed, then frees the connection; the caller must not wait for that here.
	defer func() { go conn.Close() }()
	rows, err := conn.QueryContext(ctx, query, args...)
	p.note(err)
	return rows, err
}

// QueryRowContext runs a statement that returns at most one row.
func (p pool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	conn, err := p.acquire(ctx)
	if err != nil {
		return p.db.QueryRowContext(failedContext{ctx, err}, query, args...) //nolint:contextcheck // it wraps ctx
	}
	defer func() { go conn.Close() }()
	return conn.QueryRowContext(ctx, query, args...)
}

// PrepareContext prepares a statement for every connection.
func (p pool) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return p.db.PrepareContext(ctx, query)
}

// BeginTx starts a transaction.
func (p pool) BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error) {
	conn, err := p.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { go conn.Close() }()
	tx, err := conn.BeginTx(ctx, opts)
	p.note(err)
	return tx, err
}

// failedContext is done from the start and carries an error into the *sql.Row, which has no public constructor.
type failedContext struct {
	context.Context
	err error
}

// Done returns a closed channel.
func (failedContext) Done() <-chan struct{} {
	done := make(chan struct{})
	close(done)
	return done
}

// Err returns the error to carry.
func (c failedContext) Err() error { return c.err }
