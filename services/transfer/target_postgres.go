package transfer

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"resume-matcher/models"
)

// copyLock is the advisory lock of the one copy that may write to a database.
const copyLock = 7_238_114_503

// The SQLSTATE codes that are told apart: those of classes 22 and 23 are about a row's values.
const (
	lockNotAvailable = "55P03"
	classData        = "22"
	classConstraint  = "23"
)

// lockWait is how long a copy waits for the lock: the server takes a moment to see that a killed one is gone.
const lockWait = "5s"

func (w target) lock(ctx context.Context) error {
	// A batch or a reading may take longer than a server allows its statements.
	if _, err := w.conn.ExecContext(ctx, "SET statement_timeout = 0"); err != nil {
		return err
	}
	return w.atomically(ctx, true, func() error {
		if _, err := w.conn.ExecContext(ctx, "SET LOCAL lock_timeout = '"+lockWait+"'"); err != nil {
			return err
		}
		_, err := w.conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(copyLock))
		if isPostgres(err, lockNotAvailable) {
			return models.WrapError(models.KindConflict, "Another copy into the target database is running.", err)
		}
		return err
	})
}

func (w target) unlock(ctx context.Context) error {
	if _, err := w.conn.ExecContext(ctx, "RESET statement_timeout"); err != nil {
		// The lock went with the connection.
		return nil
	}
	_, err := w.conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", int64(copyLock))
	return err
}

// copyFrom adds rows by COPY.
func (w target) copyFrom(ctx context.Context, t table, rows [][]any) error {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return w.conn.Raw(func(driverConn any) error {
		conn, ok := driverConn.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("transfer: COPY needs pgx, not %T", driverConn)
		}
		_, err := conn.Conn().CopyFrom(ctx, pgx.Identifier{t.name}, names, pgx.CopyFromRows(rows))
		return err
	})
}

// setSequences makes each sequence that fills a column of t go on after the column's greatest value.
func (w target) setSequences(ctx context.Context, t table) error {
	if w.dialect != models.Postgres {
		return nil
	}
	for _, c := range t.columns {
		if c.kind != integer {
			continue
		}
		// One that no row used yet starts from its beginning.
		query := fmt.Sprintf(`SELECT setval(s.name, coalesce(v.greatest, 1), v.greatest IS NOT NULL)
			FROM (SELECT pg_get_serial_sequence($1, $2) AS name) s, (SELECT max(%s) AS greatest FROM %s) v
			WHERE s.name IS NOT NULL`, quote(c.name), quote(t.name))
		if _, err := w.conn.ExecContext(ctx, query, quote(t.name), c.name); err != nil {
			return err
		}
	}
	return nil
}

func postgresRefusal(err error) (reason string, refused bool) {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return "", false
	}
	// The message names the rule or the constraint; the values would be in the detail.
	return e.Message, strings.HasPrefix(e.Code, classData) || strings.HasPrefix(e.Code, classConstraint)
}

func isPostgres(err error, code string) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == code
}
