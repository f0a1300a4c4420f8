package models

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"
)

// postgresPool is a pool that bounds its statements on this side too, and whose errors tell a database that is away or
// busy from a statement that is wrong.
type postgresPool struct {
	pool
	// timeout bounds each statement; 0 leaves it unbounded.
	timeout time.Duration
	// begin runs at the start of each transaction to have the server bound it, and is empty where the session does.
	begin string
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
	p.note(err)
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
	p.note(err)
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
	conn, err := p.acquire(ctx)
	if err != nil {
		return nil, postgresError(err)
	}
	defer func() { go conn.Close() }()
	ctx, end := context.WithCancel(ctx)
	t := &postgresTx{pool: p, end: end, forget: func() {}}
	err = t.within(func() error {
		if t.Tx, err = conn.BeginTx(ctx, opts); err != nil || p.begin == "" {
			return err
		}
		if _, err = t.Tx.ExecContext(ctx, p.begin); err != nil {
			return errors.Join(postgresError(err), t.Tx.Rollback())
		}
		return nil
	})
	p.note(err)
	if err != nil {
		end()
		return nil, err
	}
	return t, nil
}

// bound returns the context of one statement. Where it ends before the caller's, pgx asks the server to cancel the
// statement, which a pooler passes on, and gives the connection up.
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
