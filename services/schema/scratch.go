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
	"ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlite"
	"github.com/jackc/pgx/v5/pgconn"

	"resume-matcher/models"
)

// sessionSettings make a Postgres server print defaults and definitions the same way whatever its configuration
// says, and keep a check from waiting for ever behind somebody's lock.
const sessionSettings = "SET LOCAL lock_timeout = '10s'; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; " +
	"SET LOCAL IntervalStyle = 'postgres'; SET LOCAL quote_all_identifiers = off; SET LOCAL check_function_bodies = off; SET LOCAL jit = off"

// bench is where empty schemas are made to be compared; nothing of them is left when it closes.
type bench struct {
	dialect models.Dialect
	// dev is the server of the scratch schemas on Postgres, tx the one transaction they all live in.
	dev    *sql.DB
	tx     *sql.Tx
	closes []func() error
}

// newBench returns dialect's bench; Postgres needs a connection to a server, whose data it leaves alone.
func newBench(dialect models.Dialect, dev *sql.DB) (*bench, error) {
	if dialect == models.Postgres && dev == nil {
		return nil, models.NewError(models.KindUnavailable,
			"Postgres migrations are checked on a Postgres server: run this through scripts/with_postgres, or give --dev-url.")
	}
	return &bench{dialect: dialect, dev: dev}, nil
}

// close undoes everything, the last thing first.
func (b *bench) close() error {
	var errs []error
	for i := len(b.closes) - 1; i >= 0; i-- {
		errs = append(errs, b.closes[i]())
	}
	b.closes = nil
	return errors.Join(errs...)
}

// begin starts the transaction of the scratch schemas, once.
func (b *bench) begin(ctx context.Context) (*sql.Tx, error) {
	if b.tx != nil {
		return b.tx, nil
	}
	tx, err := b.dev.BeginTx(ctx, nil)
	if err != nil {
		return nil, postgresError(err)
	}
	b.tx = tx
	b.closes = append(b.closes, rollback(tx))
	_, err = tx.ExecContext(ctx, sessionSettings)
	return tx, postgresError(err)
}

// rollback ends tx; that its context ended it already is no failure.
func rollback(tx *sql.Tx) func() error {
	return func() error {
		if err := tx.Rollback(); !errors.Is(err, sql.ErrTxDone) {
			return err
		}
		return nil
	}
}

// scratch returns a new, empty schema.
func (b *bench) scratch(ctx context.Context) (*side, error) {
	if b.dialect == models.SQLite {
		db, err := sql.Open("sqlite", ":memory:")
		if err != nil {
			return nil, err
		}
		// Each connection would have a memory of its own.
		db.SetMaxOpenConns(1)
		b.closes = append(b.closes, db.Close)
		return &side{dialect: b.dialect, conn: db}, nil
	}
	tx, err := b.begin(ctx)
	if err != nil {
		return nil, err
	}
	s := &side{dialect: b.dialect, conn: tx, name: "scratch_" + strings.ToLower(rand.Text())}
	_, err = tx.ExecContext(ctx, "CREATE SCHEMA "+s.name)
	return s, postgresError(err)
}

// replay returns a new schema made by statements.
func (b *bench) replay(ctx context.Context, statements []string) (*side, error) {
	s, err := b.scratch(ctx)
	if err != nil {
		return nil, err
	}
	return s, s.run(ctx, statements)
}

// side is one of two schemas that are compared.
type side struct {
	dialect models.Dialect
	conn    schema.ExecQuerier
	// name is the Postgres schema.
	name string
	// cached is what list found, for a side that is compared twice.
	cached []object
}

// enter makes the side's schema the one that unqualified names mean, and the only one: what a definition says then
// reads the same on both sides. Temporary tables, which the server would look through first, come last.
func (s *side) enter(ctx context.Context) error {
	if s.dialect == models.SQLite {
		return nil
	}
	_, err := s.conn.ExecContext(ctx, "SET LOCAL search_path = "+quoteIdent(s.name)+", pg_temp")
	return postgresError(err)
}

func quoteIdent(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// run runs statements in the side's schema, on Postgres in one round trip.
func (s *side) run(ctx context.Context, statements []string) error {
	if err := s.enter(ctx); err != nil || len(statements) == 0 {
		return err
	}
	if s.dialect == models.Postgres {
		plain := make([]string, len(statements))
		for i, statement := range statements {
			plain[i] = replayable(statement)
		}
		statements = []string{strings.Join(plain, ";\n")}
	}
	for _, statement := range statements {
		if _, err := s.conn.ExecContext(ctx, statement); err != nil {
			return replayError(err)
		}
	}
	return nil
}

// replayError says why a file or a model could not be made into a schema.
func replayError(err error) error {
	if explained := postgresError(err); errors.As(explained, new(*models.Error)) {
		return explained
	}
	return models.WrapError(models.KindInternal, fmt.Sprintf("The migrations or the models can't be made into a schema%s.", databaseText(err)), err)
}

func (s *side) driver(ctx context.Context) (migrate.Driver, error) {
	if s.dialect == models.SQLite {
		return sqlite.Open(s.conn)
	}
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	return postgres.Open(s.conn)
}

// postgresError explains the failures that a scratch schema has by its nature.
func postgresError(err error) error {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case "42501":
		return models.WrapError(models.KindForbidden,
			"The database user may not create a scratch schema; grant CREATE on the database, or give another server with --dev-url.", err)
	case "25006":
		return models.WrapError(models.KindForbidden,
			"The database is read-only, so it can't hold a scratch schema; give another server with --dev-url.", err)
	case "25001":
		return models.WrapError(models.KindInternal,
			"A migration holds a statement that can't run in a transaction (CREATE INDEX CONCURRENTLY), so it can't be replayed.", err)
	case "55P03":
		return models.WrapError(models.KindConflict, "Somebody holds a lock on the schema; check again when it is free.", err)
	}
	return err
}
