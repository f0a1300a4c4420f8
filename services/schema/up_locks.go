package schema

import (
	"context"
	"errors"
	"fmt"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/schema"
	modernc "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"resume-matcher/models"
)

func errLocked() error {
	return models.NewError(models.KindConflict, "Another process is migrating this database; try again when it has finished.")
}

// lockPostgres takes the session lock that one migrating process holds.
func (m migration) lockPostgres(ctx context.Context) (func(context.Context) error, error) {
	drv, err := m.driver()
	if err != nil {
		return nil, models.WrapError(models.KindUnavailable, "Can't read the Postgres server's settings.", err)
	}
	// The unlocking uses this context too, so it must outlive the caller's.
	unlock, err := drv.Lock(context.WithoutCancel(ctx), lockName, lockWait)
	if errors.Is(err, schema.ErrLocked) {
		return nil, errLocked()
	}
	if err != nil {
		return nil, models.WrapError(models.KindUnavailable, "Can't take the migration lock.", err)
	}
	return func(context.Context) error { return unlock() }, nil
}

// relaxSQLite sets the connection up for table rebuilds and returns what restores it. A rebuild drops the old table,
// and with foreign keys on that would delete the rows of the tables that refer to it. Inside a transaction the
// setting has no effect, so it is made before; checkForeignKeys makes up for it.
func (m migration) relaxSQLite(ctx context.Context) (func(context.Context) error, error) {
	var foreignKeys, busyTimeout int
	if err := m.conn.QueryRowContext(ctx, "PRAGMA foreign_keys").Scan(&foreignKeys); err != nil {
		return nil, err
	}
	if err := m.conn.QueryRowContext(ctx, "PRAGMA busy_timeout").Scan(&busyTimeout); err != nil {
		return nil, err
	}
	restore := func(ctx context.Context) error {
		return errors.Join(
			m.exec(ctx, fmt.Sprintf("PRAGMA foreign_keys = %d", foreignKeys)),
			m.exec(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", busyTimeout)),
		)
	}
	err := errors.Join(
		m.exec(ctx, "PRAGMA foreign_keys = 0"),
		m.exec(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", lockWait.Milliseconds())),
	)
	if err != nil {
		return nil, errors.Join(err, restore(context.WithoutCancel(ctx)))
	}
	return restore, nil
}

// checkForeignKeys refuses to commit a file that left rows without their parents.
func (m migration) checkForeignKeys(ctx context.Context, file migrate.File) error {
	if m.dialect != models.SQLite {
		return nil
	}
	var broken int
	if err := m.conn.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&broken); err != nil {
		return err
	}
	if broken > 0 {
		return models.NewError(models.KindConflict, fmt.Sprintf(
			"The migration %s would leave %d rows whose foreign key points nowhere; nothing was changed.", file.Name(), broken))
	}
	return nil
}

// busy explains a lock that did not come free.
func (m migration) busy(err error) error {
	var e *modernc.Error
	if errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY {
		return errLocked()
	}
	return err
}
