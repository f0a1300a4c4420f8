package models

import (
	"context"
	"database/sql"
	"time"

	"gorm.io/gorm"
)

// postgresTx is a transaction with the bounds and the errors of a postgresPool; GORM asks it whether it is nil, so it is
// used by pointer.
type postgresTx struct {
	*sql.Tx
	pool postgresPool
	// end ends the context of the transaction, and so a begin, commit or rollback that the server does not answer.
	end context.CancelFunc
	// forget frees the context of the last query, whose rows have been read when anything else is asked.
	forget context.CancelFunc
}

var (
	_ gorm.ConnPool    = (*postgresTx)(nil)
	_ gorm.TxCommitter = (*postgresTx)(nil)
)

// GetDBConn returns the database handle, as that of the pool.
func (t *postgresTx) GetDBConn() (*sql.DB, error) { return t.pool.db, nil }

// ExecContext runs a statement that returns no rows.
func (t *postgresTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	t.forget()
	bounded, cancel := t.pool.bound(ctx)
	defer cancel()
	result, err := t.Tx.ExecContext(bounded, query, args...)
	return result, tooSlow(ctx, bounded, err)
}

// QueryContext runs a statement that returns rows.
func (t *postgresTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	bounded := t.remember(ctx)
	rows, err := t.Tx.QueryContext(bounded, query, args...)
	return rows, tooSlow(ctx, bounded, err)
}

// QueryRowContext runs a statement that returns at most one row.
func (t *postgresTx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return t.Tx.QueryRowContext(t.remember(ctx), query, args...)
}

// remember bounds a query whose rows are still to be read.
func (t *postgresTx) remember(ctx context.Context) context.Context {
	t.forget()
	ctx, t.forget = t.pool.bound(ctx)
	return ctx
}

// Commit makes the transaction's changes last.
func (t *postgresTx) Commit() error { return t.finish(t.Tx.Commit) }

// Rollback undoes the transaction's changes.
func (t *postgresTx) Rollback() error { return t.finish(t.Tx.Rollback) }

func (t *postgresTx) finish(how func() error) error {
	t.forget()
	defer t.end()
	return t.within(how)
}

// within bounds what has no context of its own: begin, commit and rollback go by the transaction's.
func (t *postgresTx) within(do func() error) error {
	if t.pool.timeout <= 0 {
		return postgresError(do())
	}
	timer := time.AfterFunc(t.pool.timeout, t.end)
	err := do()
	if !timer.Stop() && err != nil {
		return WrapError(KindUnavailable, slowMessage, ErrStatementTimeout)
	}
	return postgresError(err)
}
