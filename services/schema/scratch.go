package schema

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/sqlite"
	"github.com/jackc/pgx/v5/pgconn"

	"resume-matcher/models"
)

// scratch runs work on an empty schema that is gone afterwards.
type scratch func(ctx context.Context, work func(migrate.Driver) error) error

// newScratch returns dialect's scratch; Postgres needs a connection to a server, whose data it leaves alone.
func newScratch(dialect models.Dialect, dev *sql.DB) (scratch, error) {
	switch {
	case dialect == models.SQLite:
		return sqliteScratch, nil
	case dev != nil:
		return postgresScratch(dev), nil
	}
	return nil, models.NewError(models.KindUnavailable,
		"Postgres migrations are checked on a Postgres server: run this through scripts/with_postgres, or give --dev-url.")
}

func sqliteScratch(_ context.Context, work func(migrate.Driver) error) error {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return err
	}
	defer db.Close()
	// Each connection would have a memory of its own.
	db.SetMaxOpenConns(1)
	drv, err := sqlite.Open(db)
	if err != nil {
		return err
	}
	return work(drv)
}

// postgresScratch works inside one transaction that ends in a rollback.
func postgresScratch(dev *sql.DB) scratch {
	return func(ctx context.Context, work func(migrate.Driver) error) (err error) {
		tx, err := dev.BeginTx(ctx, nil)
		if err != nil {
			return postgresError(err)
		}
		defer func() { err = errors.Join(err, tx.Rollback()) }()
		name := "scratch_" + strings.ToLower(rand.Text())
		for _, statement := range []string{"CREATE SCHEMA " + name, "SET LOCAL search_path = " + name} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return postgresError(err)
			}
		}
		drv, err := postgres.Open(tx)
		if err != nil {
			return err
		}
		return postgresError(work(drv))
	}
}

// postgresError explains the two failures that a scratch schema has by its nature.
func postgresError(err error) error {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case "42501":
		return models.WrapError(models.KindForbidden,
			"The database user may not create a scratch schema; grant CREATE on the database, or give another server with --dev-url.", err)
	case "25001":
		return models.WrapError(models.KindInternal,
			"A migration holds a statement that can't run in a transaction (CREATE INDEX CONCURRENTLY), so it can't be replayed.", err)
	}
	return err
}

// replay applies the files of dir to drv's empty schema.
func replay(ctx context.Context, drv migrate.Driver, dir migrate.Dir) error {
	executor, err := migrate.NewExecutor(drv, dir, migrate.NopRevisionReadWriter{}, migrate.WithAllowDirty(true))
	if err != nil {
		return err
	}
	if err := executor.ExecuteN(ctx, 0); err != nil && !errors.Is(err, migrate.ErrNoPendingFiles) {
		return fmt.Errorf("replaying the migrations: %w", err)
	}
	return nil
}

// create runs the models' statements on drv's empty schema.
func create(ctx context.Context, drv migrate.Driver, statements []string) error {
	for _, statement := range statements {
		if _, err := drv.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("creating the models' schema: %w, in: %s", err, statement)
		}
	}
	return nil
}
