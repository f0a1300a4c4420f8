package schema

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlite"
	"github.com/jackc/pgx/v5/pgconn"
	modernc "modernc.org/sqlite"

	"resume-matcher/models"
)

// operator is what the revisions table names as the program that applied a migration.
const operator = "resume-matcher"

// lockName is the lock of the Atlas command line, so that the two exclude one another on Postgres.
const lockName = "atlas_migrate_execute"

// lockWait bounds the wait for another process that is migrating the same database.
const lockWait = 30 * time.Second

// Up applies the migrations of this program that the database lacks, each in a transaction of its own, and returns
// them. Several processes may call it at once: each migration is applied by one of them. On Postgres db must reach
// the server directly, see models.DirectDSN; on SQLite it must be the writer's pool.
func Up(ctx context.Context, db *sql.DB, dialect models.Dialect) ([]File, error) {
	dir, err := Dir(dialect)
	if err != nil {
		return nil, err
	}
	return up(ctx, db, dialect, dir)
}

func up(ctx context.Context, db *sql.DB, dialect models.Dialect, dir migrate.Dir) ([]File, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, models.WrapError(models.KindUnavailable, "Can't reach the database to migrate it.", err)
	}
	defer conn.Close()
	m := migration{conn: conn, dialect: dialect, dir: dir}
	release, err := m.prepare(ctx)
	if err != nil {
		return nil, err
	}
	applied, err := m.applyAll(ctx)
	// The connection goes back to its pool: its lock and settings must not stay behind, whatever became of ctx.
	return toFiles(dialect, applied), errors.Join(err, release(context.WithoutCancel(ctx)))
}

// migration is one run of Up on one connection.
type migration struct {
	conn    *sql.Conn
	dialect models.Dialect
	dir     migrate.Dir
}

func (m migration) prepare(ctx context.Context) (release func(context.Context) error, err error) {
	if m.dialect == models.Postgres {
		return m.lockPostgres(ctx)
	}
	return m.relaxSQLite(ctx)
}

// applyAll applies one file after the other until none is pending.
func (m migration) applyAll(ctx context.Context) (applied []migrate.File, err error) {
	for {
		file, err := m.applyNext(ctx)
		if err != nil || file == nil {
			return applied, err
		}
		applied = append(applied, file)
	}
}

// applyNext applies the oldest pending file and returns it, or nil if there is none. What is pending is read inside
// the transaction that applies it: on SQLite that transaction is the lock.
func (m migration) applyNext(ctx context.Context) (file migrate.File, err error) {
	if err := m.exec(ctx, m.begin()); err != nil {
		return nil, m.busy(err)
	}
	inside := true
	defer func() {
		if inside {
			err = errors.Join(err, m.exec(context.WithoutCancel(ctx), "ROLLBACK"))
		}
	}()
	next, err := m.next(ctx)
	if err != nil || next == nil {
		return nil, err
	}
	if transactionless(next) {
		inside = false
		if err := m.exec(ctx, "COMMIT"); err != nil {
			return nil, err
		}
		return next, m.execute(ctx, next)
	}
	if err := m.execute(ctx, next); err != nil {
		return nil, err
	}
	if err := m.checkForeignKeys(ctx, next); err != nil {
		return nil, err
	}
	if err := m.exec(ctx, "COMMIT"); err != nil {
		return nil, err
	}
	inside = false
	return next, nil
}

func (m migration) begin() string {
	if m.dialect == models.SQLite {
		return "BEGIN IMMEDIATE"
	}
	return "BEGIN"
}

// next returns the oldest pending file, having made the revisions table if there is work to do.
func (m migration) next(ctx context.Context) (migrate.File, error) {
	history, err := readHistory(ctx, m.conn, m.dialect)
	if err != nil {
		return nil, err
	}
	pending, err := pendingFiles(ctx, m.dir, history)
	if err != nil || len(pending) == 0 {
		return nil, err
	}
	if len(history) == 0 {
		if err := m.checkEmpty(ctx); err != nil {
			return nil, err
		}
	}
	return pending[0], revisions{m.conn, m.dialect}.create(ctx)
}

// checkEmpty refuses a database that already has tables of ours but no history of how they came to be.
func (m migration) checkEmpty(ctx context.Context) error {
	found, err := revisions{m.conn, m.dialect}.tables(ctx, tableNames()...)
	if err != nil || len(found) == 0 {
		return err
	}
	return models.NewError(models.KindConflict, fmt.Sprintf(
		"The database has tables of this program (%s) but no record of migrations; give an empty database.", strings.Join(found, ", ")))
}

// tableNames returns the table of each model.
func tableNames() []string {
	var names []string
	for _, model := range models.All() {
		if t, ok := model.(interface{ TableName() string }); ok {
			names = append(names, t.TableName())
		}
	}
	return names
}

// transactionless tells whether the file asks to run outside of a transaction, as CREATE INDEX CONCURRENTLY must.
func transactionless(f migrate.File) bool {
	local, ok := f.(*migrate.LocalFile)
	if !ok {
		return false
	}
	mode := local.Directive("txmode")
	return len(mode) == 1 && mode[0] == "none"
}

// execute runs the file's statements and records them.
func (m migration) execute(ctx context.Context, file migrate.File) error {
	drv, err := m.driver()
	if err != nil {
		return err
	}
	store := revisions{m.conn, m.dialect}
	executor, err := migrate.NewExecutor(drv, m.dir, store, migrate.WithOperatorVersion(operator))
	if err != nil {
		return err
	}
	killed, err := m.killedIn(ctx, store, file)
	if err != nil {
		return err
	}
	if err := executor.Execute(ctx, file); err != nil {
		text := failureText(file, err)
		if killed {
			text += " An earlier run was killed in this migration, perhaps after this very statement: then undo what it did and run migrate up again."
		}
		return models.WrapError(models.KindInternal, text, err)
	}
	return m.refreshHash(ctx, store, file)
}

// killedIn tells whether a run ended in the file without saying why. Outside of a transaction the statement it was
// at may have run without being recorded.
func (m migration) killedIn(ctx context.Context, store revisions, file migrate.File) (bool, error) {
	r, err := store.ReadRevision(ctx, file.Version())
	if errors.Is(err, migrate.ErrRevisionNotExist) {
		return false, nil
	}
	return err == nil && r.Applied < r.Total && r.Error == "", err
}

// failureText names the statement that failed and why.
func failureText(file migrate.File, err error) string {
	if errors.As(err, new(migrate.HistoryChangedError)) {
		return fmt.Sprintf("The migration %s failed halfway and was then edited above that place; restore its first statements.", file.Name())
	}
	text := fmt.Sprintf("The migration %s failed", file.Name())
	var statement *migrate.StmtExecError
	if errors.As(err, &statement) && statement.Stmt != nil {
		line := 1 + bytes.Count(file.Bytes()[:min(statement.Stmt.Pos, len(file.Bytes()))], []byte("\n"))
		text += fmt.Sprintf(" at line %d", line)
	}
	return text + databaseText(err) + ". Nothing after that place was applied: remove the cause and run migrate up again."
}

// databaseText returns what the database says of err, unless it quotes a row's values.
func databaseText(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		if strings.HasPrefix(pg.Code, "22") {
			return fmt.Sprintf(": SQLSTATE %s", pg.Code)
		}
		return fmt.Sprintf(": %s (SQLSTATE %s)", pg.Message, pg.Code)
	}
	var lite *modernc.Error
	if errors.As(err, &lite) {
		return ": " + lite.Error()
	}
	return ""
}

// refreshHash records the hash of the file as it was applied: one that failed and was then mended still has that of
// its first attempt.
func (m migration) refreshHash(ctx context.Context, store revisions, file migrate.File) error {
	sums, err := m.dir.Checksum()
	if err != nil {
		return err
	}
	hash, err := sums.SumByName(file.Name())
	if err != nil {
		return err
	}
	revision, err := store.ReadRevision(ctx, file.Version())
	if err != nil || revision.Hash == strings.TrimPrefix(hash, "h1:") {
		return err
	}
	revision.Hash = hash
	return store.WriteRevision(ctx, revision)
}

func (m migration) driver() (migrate.Driver, error) {
	if m.dialect == models.Postgres {
		return postgres.Open(schema.ExecQuerier(m.conn))
	}
	return sqlite.Open(m.conn)
}

func (m migration) exec(ctx context.Context, statement string) error {
	_, err := m.conn.ExecContext(ctx, statement)
	return err
}
