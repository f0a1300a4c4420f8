package models

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"
)

// postgresPool is a pool that bounds its statements where the server can't be told to, and whose errors tell a database
// that is away or busy from a statement that is wrong.
type postgresPool struct {
	pool
	// timeout bounds each statement outside a transaction, and begin runs at the start of each transaction to bound
	// those inside; both are empty where the session has these bounds.
	timeout time.Duration
	begin   string
}

var (
	_ gorm.ConnPool         = postgresPool{}
	_ gorm.ConnPoolBeginner = postgresPool{}
)

// ExecContext runs a statement that returns no rows.
func (p postgresPool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	conn, err := p.acquire(ctx)
	if err != nil {
		return nil, postgresError(err)
	}
	defer conn.Close()
	bounded, cancel := p.bound(ctx)
	defer cancel()
	result, err := conn.ExecContext(bounded, query, args...)
	return result, tooSlow(ctx, bounded, err)
}

// QueryContext runs a statement that returns rows.
func (p postgresPool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	conn, err := p.acquire(ctx)
	if err != nil {
		return nil, postgresError(err)
	}
	bounded, cancel := p.bound(ctx)
	// Close waits for the rows to be closed, which the caller must not wait for here; until then they need their context.
	defer func() { go func() { conn.Close(); cancel() }() }()
	rows, err := conn.QueryContext(bounded, query, args...)
	return rows, tooSlow(ctx, bounded, err)
}

// QueryRowContext runs a statement that returns at most one row.
func (p postgresPool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	conn, err := p.acquire(ctx)
	if err != nil {
		return p.db.QueryRowContext(failedContext{ctx, postgresError(err)}, query, args...) //nolint:contextcheck // it wraps ctx
	}
	bounded, cancel := p.bound(ctx)
	defer func() { go func() { conn.Close(); cancel() }() }()
	return conn.QueryRowContext(bounded, query, args...)
}

// BeginTx starts a transaction.
func (p postgresPool) BeginTx(ctx context.Context, opts *sql.TxOptions) (gorm.ConnPool, error) {
	tx, err := p.pool.BeginTx(ctx, opts)
	if err != nil {
		return nil, postgresError(err)
	}
	if p.begin != "" {
		if _, err := tx.ExecContext(ctx, p.begin); err != nil {
			return nil, errors.Join(postgresError(err), tx.Rollback())
		}
	}
	return &postgresTx{tx, p.db}, nil
}

// bound returns the context of a single statement. Where it ends before the caller's, pgx asks the server to cancel
// the statement, which a pooler passes on.
func (p postgresPool) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if p.timeout <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, p.timeout)
}

// tooSlow tells a statement that ran out of its own time from one whose caller gave up.
func tooSlow(ctx, bounded context.Context, err error) error {
	if err != nil && ctx.Err() == nil && errors.Is(bounded.Err(), context.DeadlineExceeded) {
		return WrapError(KindUnavailable, slowMessage, ErrStatementTimeout)
	}
	return postgresError(err)
}

// postgresTx is a transaction with the errors of a postgresPool; GORM asks it whether it is nil, so it is used by pointer.
type postgresTx struct {
	*sql.Tx
	db *sql.DB
}

var (
	_ gorm.ConnPool    = (*postgresTx)(nil)
	_ gorm.TxCommitter = (*postgresTx)(nil)
)

// GetDBConn returns the database handle, as that of the pool.
func (t *postgresTx) GetDBConn() (*sql.DB, error) { return t.db, nil }

// ExecContext runs a statement that returns no rows.
func (t *postgresTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	result, err := t.Tx.ExecContext(ctx, query, args...)
	return result, postgresError(err)
}

// QueryContext runs a statement that returns rows.
func (t *postgresTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := t.Tx.QueryContext(ctx, query, args...)
	return rows, postgresError(err)
}

// Commit makes the transaction's changes last.
func (t *postgresTx) Commit() error { return postgresError(t.Tx.Commit()) }
