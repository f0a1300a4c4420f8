package schema_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/tests/testdb"
)

// dump returns every row and every object's definition, as text.
func dump(t *testing.T, conns *sql.DB) string {
	t.Helper()
	var out strings.Builder
	queries := []string{"SELECT group_concat(type || name || tbl_name || rootpage || coalesce(sql, ''), char(10)) FROM sqlite_master"}
	if testdb.Dialect() == models.Postgres {
		queries = []string{
			"SELECT string_agg(c::text, E'\\n' ORDER BY c.oid) FROM (SELECT oid, relname, relnamespace, relkind, relnatts, reloptions, relacl FROM pg_class WHERE relnamespace > 99) c",
			"SELECT string_agg(nspname, ',' ORDER BY oid) FROM pg_namespace WHERE nspname NOT LIKE 'pg_%'",
			"SELECT string_agg(proname, ',' ORDER BY oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
			"SELECT string_agg(extname, ',' ORDER BY oid) FROM pg_extension",
		}
	}
	columns := map[string]string{"workspaces": "id || name || created_at", "resumes": "id || content || updated_at", "atlas_schema_revisions": "version || hash || executed_at"}
	for _, table := range []string{"workspaces", "resumes", "atlas_schema_revisions"} {
		if testdb.Dialect() == models.Postgres {
			queries = append(queries, "SELECT string_agg(r::text, E'\\n' ORDER BY r::text) FROM "+table+" r")
		} else {
			queries = append(queries, "SELECT group_concat(quote(t), char(10)) FROM (SELECT rowid || ' ' || "+columns[table]+" AS t FROM "+table+" ORDER BY rowid)")
		}
	}
	for _, q := range queries {
		var text sql.NullString
		require.NoError(t, conns.QueryRowContext(t.Context(), q).Scan(&text), q)
		out.WriteString(text.String + "\n")
	}
	return out.String()
}

func TestCheckWritesNothing(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	insertResume(t, conns)
	execute(t, conns, "ALTER TABLE jobs ADD COLUMN note text; DROP INDEX idx_jobs_content_hash; CREATE VIEW v AS SELECT 1 AS n")
	before := dump(t, conns)
	require.Contains(t, before, "workspaces")
	require.Len(t, checkLive(t, conns).Findings, 3)
	require.Equal(t, before, dump(t, conns))
}

func TestSQLiteFileStaysTheSameToTheByte(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("needs SQLite")
	}
	for _, journal := range []string{"WAL", "DELETE"} {
		t.Run(journal, func(t *testing.T) {
			path := testdb.Migrated(t).DSN
			conns, err := sql.Open("sqlite", path)
			require.NoError(t, err)
			conns.SetMaxOpenConns(1)
			execute(t, conns, "PRAGMA journal_mode = "+journal+"; INSERT INTO workspaces (id, name, created_at, last_used_at) VALUES ('w', 'n', '2026-01-01', '2026-01-01'); PRAGMA wal_checkpoint")
			before, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Empty(t, checkLive(t, conns).Findings)
			after, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, before, after)
			execute(t, conns, "INSERT INTO workspaces (id, name, created_at, last_used_at) VALUES ('x', 'n', '2026-01-01', '2026-01-01')")
			require.NoError(t, conns.Close())
		})
	}
}

func TestSQLiteFileThatMayNotBeWrittenCanBeChecked(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("needs SQLite")
	}
	path := testdb.Migrated(t).DSN
	conns, err := sql.Open("sqlite", "file:"+filepath.ToSlash(path)+"?mode=ro&_pragma=query_only(1)")
	require.NoError(t, err)
	require.Empty(t, checkLive(t, conns).Findings)
	_, err = conns.ExecContext(t.Context(), "DELETE FROM workspaces")
	require.Error(t, err, "what the caller forbade stays forbidden")
	require.NoError(t, conns.Close())
}

func TestCheckReturnsItsConnections(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	for range 20 {
		checkLive(t, conns)
	}
	require.Zero(t, conns.Stats().InUse)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := schema.Check(ctx, schema.CheckOptions{Dialect: testdb.Dialect(), Live: conns})
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, conns.Stats().InUse)
	execute(t, conns, "DELETE FROM workspaces")
}

// reader returns connections of a role that may read the tables and nothing more.
func reader(t *testing.T, o models.OpenOptions, owner *sql.DB) *sql.DB {
	t.Helper()
	role := "reader_" + strings.ToLower(rand.Text())
	execute(t, owner, "CREATE ROLE "+role+"; GRANT SELECT ON ALL TABLES IN SCHEMA public TO "+role)
	conns, err := models.OpenPostgresSQL(t.Context(), models.OpenOptions{DSN: o.DSN, PoolSize: 1})
	require.NoError(t, err)
	execute(t, conns, "SET ROLE "+role)
	t.Cleanup(func() {
		require.NoError(t, conns.Close())
		_, err := owner.ExecContext(context.Background(), "DROP OWNED BY "+role+"; DROP ROLE "+role)
		require.NoError(t, err)
	})
	return conns
}

func TestPostgresOnlyReaderChecksWithAnotherServer(t *testing.T) {
	testdb.RequirePostgres(t)
	o := testdb.Migrated(t)
	owner, dev := connect(t, o), devServer(t)
	conns := reader(t, o, owner)
	_, err := schema.Check(t.Context(), schema.CheckOptions{Dialect: models.Postgres, Live: conns})
	var public *models.Error
	require.ErrorAs(t, err, &public)
	require.Contains(t, public.Message, "--dev-url")
	require.Equal(t, models.KindForbidden, public.Kind)
	for range 2 {
		require.Empty(t, checkWith(t, schema.CheckOptions{Live: conns, Dev: dev}).Findings)
	}
	execute(t, owner, "ALTER TABLE jobs ADD COLUMN note text; CREATE VIEW v AS SELECT id FROM jobs; ALTER TABLE jobs ENABLE ROW LEVEL SECURITY")
	report := checkWith(t, schema.CheckOptions{Live: conns, Dev: dev})
	require.Equal(t, []string{"live_vs_migrations jobs: row security changed", "live_vs_migrations jobs.note: column added", "live_vs_migrations v: view added"}, summary(report))
	var left int
	require.NoError(t, dev.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'scratch%'").Scan(&left))
	require.Zero(t, left)
}

func TestPostgresOnlyReaderOfPendingNeedsNoScratch(t *testing.T) {
	testdb.RequirePostgres(t)
	o := testdb.Migrated(t)
	owner := connect(t, o)
	conns := reader(t, o, owner)
	live := []schema.Kind{schema.KindPending, schema.KindEdited, schema.KindAhead, schema.KindFailed}
	require.Empty(t, checkWith(t, schema.CheckOptions{Live: conns, Only: live}).Findings)
	var role string
	require.NoError(t, conns.QueryRowContext(t.Context(), "SELECT current_user").Scan(&role))
	execute(t, owner, "REVOKE ALL ON atlas_schema_revisions FROM "+role)
	report, err := schema.Check(t.Context(), schema.CheckOptions{Dialect: models.Postgres, Live: conns, Only: live})
	requireNoReport(t, report, err)
	assert.Contains(t, report.Error, "atlas_schema_revisions")
}

func TestPostgresOnlyReadOnlyDatabaseSaysWhatToDo(t *testing.T) {
	testdb.RequirePostgres(t)
	conns := connect(t, testdb.Migrated(t))
	conns.SetMaxOpenConns(1)
	execute(t, conns, "SET default_transaction_read_only = on")
	report, err := schema.Check(t.Context(), schema.CheckOptions{Dialect: models.Postgres, Live: conns})
	requireNoReport(t, report, err)
	require.Contains(t, report.Error, "--dev-url")
	require.Empty(t, checkWith(t, schema.CheckOptions{Live: conns, Dev: devServer(t)}).Findings)
}

func TestPostgresOnlyTablesOfAnotherSchema(t *testing.T) {
	testdb.RequirePostgres(t)
	o := testdb.Blank(t)
	execute(t, connect(t, o), `CREATE SCHEMA "My App"`)
	o.DSN += "?search_path=" + strings.ReplaceAll(`"My App"`, " ", "%20")
	if strings.Count(o.DSN, "?") > 1 {
		i := strings.LastIndexByte(o.DSN, '?')
		o.DSN = o.DSN[:i] + "&" + o.DSN[i+1:]
	}
	conns := connect(t, o)
	_, err := schema.Up(t.Context(), conns, models.Postgres)
	require.NoError(t, err)
	require.Empty(t, checkLive(t, conns).Findings)
	execute(t, conns, "CREATE INDEX i ON jobs (language); CREATE VIEW v AS SELECT id FROM jobs")
	require.Equal(t, []string{"live_vs_migrations jobs.i: index added", "live_vs_migrations v: view added"}, summary(checkLive(t, conns)))
}
