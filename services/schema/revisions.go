package schema

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/schema"
	"github.com/jackc/pgx/v5/pgconn"

	"resume-matcher/models"
)

// revisionsTable is the table in which the Atlas command line keeps what was applied. Table, rows and values are
// the same here, so that either program continues what the other began.
const revisionsTable = "atlas_schema_revisions"

// cloudVersion is a row the Atlas command line may write for its own use; it is no revision.
const cloudVersion = ".atlas_cloud_identifier"

// sqliteTime is how the Atlas command line's SQLite driver writes a time.
const sqliteTime = "2006-01-02 15:04:05.999999999-07:00"

const createSQLiteRevisions = "CREATE TABLE IF NOT EXISTS `atlas_schema_revisions` (" +
	"`version` text NOT NULL, `description` text NOT NULL, `type` integer NOT NULL DEFAULT (2), " +
	"`applied` integer NOT NULL DEFAULT (0), `total` integer NOT NULL DEFAULT (0), `executed_at` datetime NOT NULL, " +
	"`execution_time` integer NOT NULL, `error` text NULL, `error_stmt` text NULL, `hash` text NOT NULL, " +
	"`partial_hashes` json NULL, `operator_version` text NOT NULL, PRIMARY KEY (`version`))"

const createPostgresRevisions = `CREATE TABLE IF NOT EXISTS "atlas_schema_revisions" (` +
	`"version" character varying NOT NULL, "description" character varying NOT NULL, "type" bigint NOT NULL DEFAULT 2, ` +
	`"applied" bigint NOT NULL DEFAULT 0, "total" bigint NOT NULL DEFAULT 0, "executed_at" timestamptz NOT NULL, ` +
	`"execution_time" bigint NOT NULL, "error" text NULL, "error_stmt" text NULL, "hash" character varying NOT NULL, ` +
	`"partial_hashes" jsonb NULL, "operator_version" character varying NOT NULL, PRIMARY KEY ("version"))`

const selectRevisions = "SELECT version, description, type, applied, total, executed_at, execution_time, error, error_stmt, " +
	"hash, partial_hashes, operator_version FROM atlas_schema_revisions WHERE version <> '" + cloudVersion + "'"

const upsertRevision = "INSERT INTO atlas_schema_revisions (version, description, type, applied, total, executed_at, " +
	"execution_time, error, error_stmt, hash, partial_hashes, operator_version) " +
	"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (version) DO UPDATE SET " +
	"description = excluded.description, type = excluded.type, applied = excluded.applied, total = excluded.total, " +
	"executed_at = excluded.executed_at, execution_time = excluded.execution_time, error = excluded.error, " +
	"error_stmt = excluded.error_stmt, hash = excluded.hash, partial_hashes = excluded.partial_hashes, " +
	"operator_version = excluded.operator_version"

// revisions reads and writes the revisions table of one connection, transaction or pool.
type revisions struct {
	conn    schema.ExecQuerier
	dialect models.Dialect
}

var _ migrate.RevisionReadWriter = revisions{}

// Ident names the table, which stands in the connection's own schema.
func (revisions) Ident() *migrate.TableIdent { return &migrate.TableIdent{Name: revisionsTable} }

// create makes the table if there is none.
func (r revisions) create(ctx context.Context) error {
	statement := createSQLiteRevisions
	if r.dialect == models.Postgres {
		statement = createPostgresRevisions
	}
	_, err := r.conn.ExecContext(ctx, statement)
	return err
}

// tables returns which of names exist, in the schema the connection works in.
func (r revisions) tables(ctx context.Context, names ...string) (found []string, err error) {
	query := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if r.dialect == models.Postgres {
		// The information schema would hide the tables that the user may not read.
		query = "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace " +
			"WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
	}
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	rows, err := r.conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if wanted[name] {
			found = append(found, name)
		}
	}
	return found, rows.Err()
}

// exists tells whether the table is there.
func (r revisions) exists(ctx context.Context) (bool, error) {
	found, err := r.tables(ctx, revisionsTable)
	return len(found) == 1, err
}

// ReadRevisions returns what was applied, in order of version.
func (r revisions) ReadRevisions(ctx context.Context) ([]*migrate.Revision, error) {
	return r.read(ctx, selectRevisions+" ORDER BY version")
}

// ReadRevision returns one version or migrate.ErrRevisionNotExist.
func (r revisions) ReadRevision(ctx context.Context, version string) (*migrate.Revision, error) {
	found, err := r.read(ctx, selectRevisions+" AND version = $1", version)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, migrate.ErrRevisionNotExist
	}
	return found[0], nil
}

func (r revisions) read(ctx context.Context, query string, args ...any) (out []*migrate.Revision, err error) {
	rows, err := r.conn.QueryContext(ctx, query, args...)
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "42501" {
		return nil, models.WrapError(models.KindForbidden, "The database user may not read "+revisionsTable+"; grant SELECT on it.", err)
	}
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		revision, err := scanRevision(rows)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", revisionsTable, err)
		}
		out = append(out, revision)
	}
	return out, rows.Err()
}

func scanRevision(rows *sql.Rows) (*migrate.Revision, error) {
	var (
		v                 migrate.Revision
		kind, took        int64
		at                any
		failure, failedAt sql.NullString
		partial           []byte
	)
	err := rows.Scan(&v.Version, &v.Description, &kind, &v.Applied, &v.Total, &at, &took, &failure, &failedAt,
		&v.Hash, &partial, &v.OperatorVersion)
	if err != nil {
		return nil, err
	}
	switch t := at.(type) {
	case time.Time:
		v.ExecutedAt = t
	case string:
		if v.ExecutedAt, err = time.Parse(sqliteTime, t); err != nil {
			return nil, err
		}
	}
	v.Type, v.ExecutionTime = migrate.RevisionType(kind), time.Duration(took)
	v.Error, v.ErrorStmt = failure.String, failedAt.String
	if len(partial) > 0 {
		err = json.Unmarshal(partial, &v.PartialHashes)
	}
	return &v, err
}

// WriteRevision adds or replaces a version. It does so even if the caller has given up meanwhile: the statement
// whose success or failure it records has run.
func (r revisions) WriteRevision(ctx context.Context, v *migrate.Revision) error {
	if v.Version == cloudVersion {
		return errors.New("the migration's version is reserved: " + cloudVersion)
	}
	partial, err := json.Marshal(v.PartialHashes)
	if err != nil {
		return err
	}
	var at, hashes any = v.ExecutedAt, string(partial)
	if r.dialect == models.SQLite {
		at, hashes = v.ExecutedAt.UTC().Format(sqliteTime), partial
	}
	_, err = r.conn.ExecContext(context.WithoutCancel(ctx), upsertRevision, v.Version, v.Description, int64(v.Type),
		v.Applied, v.Total, at, int64(v.ExecutionTime), v.Error, v.ErrorStmt, strings.TrimPrefix(v.Hash, "h1:"), hashes, v.OperatorVersion)
	return err
}

// DeleteRevision removes a version.
func (r revisions) DeleteRevision(ctx context.Context, version string) error {
	_, err := r.conn.ExecContext(ctx, "DELETE FROM atlas_schema_revisions WHERE version = $1", version)
	return err
}
