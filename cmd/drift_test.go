package cmd

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

// execSQL runs statements on the database of o, as somebody with a console would.
func execSQL(t *testing.T, o models.OpenOptions, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		require.NoError(t, testdb.Connect(t, o).Exec(statement).Error)
	}
}

func TestDriftInSync(t *testing.T) {
	useDatabase(t, testdb.Migrated(t))
	code, out, errOut := run(t, "", "drift")
	require.Equal(t, 0, code, errOut)
	require.Contains(t, out, "In sync: sqlite")
	if testdb.Dialect() == models.SQLite {
		require.Contains(t, out, "Not checked: postgres")
	} else {
		require.Contains(t, out, "In sync: postgres")
	}

	code, out, errOut = run(t, "", "drift", "--format", "json", "--dialect", string(testdb.Dialect()))
	require.Equal(t, 0, code, errOut)
	var report map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &report))
	require.Equal(t, "in_sync", report["status"])
	require.Equal(t, string(testdb.Dialect()), report["dialect"])
	require.Equal(t, []any{}, report["findings"])
	_, err := time.Parse(time.RFC3339, report["checked_at"].(string))
	require.NoError(t, err)
}

func TestDriftOfTheLiveDatabaseIsExitCode1InEveryFormat(t *testing.T) {
	o := testdb.Migrated(t)
	useDatabase(t, o)
	execSQL(t, o, "ALTER TABLE jobs ADD COLUMN by_hand text")
	for format, want := range map[string]string{
		"text":   "jobs.by_hand",
		"json":   `"object": "jobs.by_hand"`,
		"sarif":  `"fullyQualifiedName": "jobs.by_hand"`,
		"github": "live_vs_migrations (" + string(testdb.Dialect()) + ")%3A jobs.by_hand",
		"html":   `<span class="object">jobs.by_hand</span>`,
	} {
		t.Run(format, func(t *testing.T) {
			code, out, errOut := run(t, "", "drift", "--dialect", string(testdb.Dialect()), "--format", format)
			assert.Equal(t, 1, code)
			assert.Contains(t, out, want)
			assert.Empty(t, errOut)
		})
	}
}

func TestDriftOnlyLooksForTheKindsAskedFor(t *testing.T) {
	o := testdb.Migrated(t)
	useDatabase(t, o)
	execSQL(t, o, "ALTER TABLE jobs ADD COLUMN by_hand text", "DELETE FROM atlas_schema_revisions WHERE version = '0003'")
	dialect := string(testdb.Dialect())
	for name, c := range map[string]struct {
		only string
		code int
	}{
		"the models":       {"models_vs_migrations", 0},
		"pending":          {"pending", 1},
		"two kinds":        {"edited,pending", 1},
		"ahead and edited": {"ahead,edited", 0},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errOut := run(t, "", "drift", "--dialect", dialect, "--only", c.only)
			assert.Equal(t, c.code, code, errOut)
			assert.NotContains(t, out, "by_hand")
		})
	}
}

func TestDriftWithoutADatabaseSaysSo(t *testing.T) {
	useDatabase(t, models.OpenOptions{Dialect: models.SQLite, DSN: filepath.Join(t.TempDir(), "app.db")})
	code, out, errOut := run(t, "", "drift", "--dialect", "sqlite")
	require.Equal(t, 0, code, errOut)
	require.Contains(t, out, "Not checked: the database, for there is none yet")
	code, out, errOut = run(t, "", "drift", "--dialect", "sqlite", "--format", "json")
	require.Equal(t, 0, code)
	require.True(t, json.Valid([]byte(out)), "notes stay out of what programs read")
	require.Contains(t, errOut, "Not checked")
}

func TestDriftDoesNotMakeADatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.db")
	useDatabase(t, models.OpenOptions{Dialect: models.SQLite, DSN: path})
	run(t, "", "drift", "--dialect", "sqlite")
	require.NoFileExists(t, path)
}

func TestDriftOfANamedDatabase(t *testing.T) {
	useDatabase(t, models.OpenOptions{Dialect: models.SQLite, DSN: filepath.Join(t.TempDir(), "absent.db")})
	o := testdb.Migrated(t)
	execSQL(t, o, "DROP TABLE llm_usage")
	url := o.DSN
	if o.Dialect == models.SQLite {
		url = "sqlite:///" + url
	}
	code, out, errOut := run(t, "", "drift", "--dialect", string(o.Dialect), "--database-url", url)
	require.Equal(t, 1, code, errOut)
	require.Contains(t, out, "llm_usage")
	require.Contains(t, out, "CREATE TABLE", "with the SQL that brings it back")
	require.NotContains(t, out, o.DSN)
}

func TestDriftThatCannotBeCheckedIsExitCode2(t *testing.T) {
	folder := t.TempDir()
	useDatabase(t, models.OpenOptions{Dialect: models.SQLite, DSN: folder + "/app.db"})
	noDatabase := filepath.Join(folder, "text.db")
	require.NoError(t, os.WriteFile(noDatabase, []byte(strings.Repeat("no database", 200)), 0o600))
	nobody := "postgres://user:hunter2@127.0.0.1:1/x?connect_timeout=2"
	for name, args := range map[string][]string{
		"unknown dialect":           {"--dialect", "oracle"},
		"unknown format":            {"--format", "xml"},
		"unknown kind":              {"--only", "everything"},
		"no Postgres server":        {"--dialect", "postgres", "--only", "models_vs_migrations"},
		"no Postgres URL":           {"--dialect", "postgres", "--dev-url", "sqlite:///app.db"},
		"no URL":                    {"--database-url", "mysql://user:hunter2@example.com/x"},
		"nobody listens":            {"--dialect", "postgres", "--only", "models_vs_migrations", "--dev-url", nobody},
		"database does not answer":  {"--dialect", "postgres", "--database-url", nobody},
		"named file is absent":      {"--dialect", "sqlite", "--database-url", "sqlite:///" + folder + "/none.db"},
		"named file is no database": {"--dialect", "sqlite", "--database-url", "sqlite:///" + noDatabase},
		"kinds of a database only":  {"--dialect", "sqlite", "--only", "live_vs_migrations,pending"},
		"database of the other":     {"--dialect", "sqlite", "--database-url", nobody},
		"no place for the report":   {"--dialect", "sqlite", "--output", filepath.Join(folder, "absent", "report.txt")},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errOut := run(t, "", append([]string{"drift"}, args...)...)
			assert.Equal(t, 2, code)
			assert.Empty(t, out)
			assert.NotEmpty(t, errOut)
			assert.NotContains(t, errOut, "hunter2")
		})
	}
}

func TestDriftThatCannotBeCheckedIsAReportForPrograms(t *testing.T) {
	code, out, _ := run(t, "", "drift", "--dialect", "all", "--format", "json", "--database-url", "postgres://user:hunter2@127.0.0.1:1/x?connect_timeout=2")
	require.Equal(t, 2, code)
	var report struct{ Status, Error string }
	require.NoError(t, json.Unmarshal([]byte(out), &report))
	require.Equal(t, "error", report.Status)
	require.NotEmpty(t, report.Error)
	require.NotContains(t, out, "hunter2")
}

func TestDriftBesideACheckThatFailedIsExitCode2(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("the other database is the one that does not answer")
	}
	o := testdb.Migrated(t)
	useDatabase(t, o)
	execSQL(t, o, "ALTER TABLE jobs ADD COLUMN by_hand text")
	code, out, errOut := run(t, "", "drift", "--dialect", "all", "--dev-url", "postgres://user:hunter2@127.0.0.1:1/x?connect_timeout=2")
	require.Equal(t, 2, code)
	require.Contains(t, out, "jobs.by_hand", "what was found is told all the same")
	require.NotEmpty(t, errOut)
}

func TestDriftWritesAFile(t *testing.T) {
	useDatabase(t, testdb.Migrated(t))
	file := filepath.Join(t.TempDir(), "drift.html")
	code, out, errOut := run(t, "", "drift", "--dialect", string(testdb.Dialect()), "--format", "html", "--output", file)
	require.Equal(t, 0, code, errOut)
	require.Empty(t, out)
	page, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(page), "In sync")
}

func TestPostgresOnlyDriftOfBothDialects(t *testing.T) {
	testdb.RequirePostgres(t)
	useDatabase(t, testdb.Migrated(t))
	code, out, errOut := run(t, "", "drift", "--dialect", "all")
	require.Equal(t, 0, code, errOut)
	require.Equal(t, "In sync: sqlite\nIn sync: postgres\n", out)
}
