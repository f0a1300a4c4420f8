package schema

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"resume-matcher/models"
)

// live returns the checked database as a side that can be read only. On Postgres without a dev server it shares the
// transaction of the scratch schemas, which never commits.
func (b *bench) live(ctx context.Context, db *sql.DB) (*side, error) {
	if b.dialect == models.SQLite {
		return b.liveSQLite(ctx, db)
	}
	begin := b.begin
	if db != b.dev {
		begin = func(ctx context.Context) (*sql.Tx, error) { return b.readOnly(ctx, db) }
	}
	tx, err := begin(ctx)
	if err != nil {
		return nil, err
	}
	s := &side{dialect: b.dialect, conn: tx}
	var name sql.NullString
	if err := tx.QueryRowContext(ctx, "SELECT current_schema()").Scan(&name); err != nil {
		return nil, postgresError(err)
	}
	if !name.Valid {
		return nil, models.NewError(models.KindUnavailable, "The database's search_path names no schema that exists.")
	}
	s.name = name.String
	return s, nil
}

func (b *bench) readOnly(ctx context.Context, db *sql.DB) (*sql.Tx, error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, postgresError(err)
	}
	b.closes = append(b.closes, rollback(tx))
	_, err = tx.ExecContext(ctx, sessionSettings)
	return tx, postgresError(err)
}

// liveSQLite reads through one connection that refuses to write until the bench closes. The transaction keeps the
// tables and the revisions of one moment together.
func (b *bench) liveSQLite(ctx context.Context, db *sql.DB) (_ *side, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	b.closes = append(b.closes, conn.Close)
	var queryOnly int
	if err := conn.QueryRowContext(ctx, "PRAGMA query_only").Scan(&queryOnly); err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, "PRAGMA query_only = 1"); err != nil {
		return nil, err
	}
	after := context.WithoutCancel(ctx)
	b.closes = append(b.closes, func() error {
		_, err := conn.ExecContext(after, fmt.Sprintf("PRAGMA query_only = %d", queryOnly))
		return err
	})
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return nil, err
	}
	b.closes = append(b.closes, func() error {
		_, err := conn.ExecContext(after, "ROLLBACK")
		return err
	})
	return &side{dialect: b.dialect, conn: conn}, nil
}

// publicError gives every failure of a check a message that is safe to show; what it held of a connection is gone.
func publicError(err error) error {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		err = connect.Unwrap()
	}
	if err == nil || errors.As(err, new(*models.Error)) {
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return models.WrapError(models.KindUnavailable, "The schema check did not finish in time.", err)
	}
	return models.WrapError(models.KindUnavailable, "Can't check the schema; is the database reachable"+databaseText(err)+"?", err)
}
