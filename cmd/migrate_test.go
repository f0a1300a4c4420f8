package cmd

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ariga.io/atlas/sql/migrate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/tests/testdb"
)

// useDatabase makes o's database the configured one, whatever the machine's own variables say.
func useDatabase(t *testing.T, o models.OpenOptions) {
	t.Helper()
	url := o.DSN
	if o.Dialect == models.SQLite {
		url = "sqlite:///" + o.DSN
	}
	t.Setenv("DATABASE_URL", url)
	t.Setenv("SYNC_DATABASE_URL", "")
	t.Setenv("ASYNC_DATABASE_URL", "")
}

// builtIn returns the program's migrations of dialect, oldest first.
func builtIn(t *testing.T, dialect models.Dialect) []migrate.File {
	t.Helper()
	dir, err := schema.Dir(dialect)
	require.NoError(t, err)
	files, err := dir.Files()
	require.NoError(t, err)
	return files
}

// newestVersion returns the version that a migrated database has.
func newestVersion(t *testing.T, dialect models.Dialect) string {
	t.Helper()
	files := builtIn(t, dialect)
	return files[len(files)-1].Version()
}

func TestMigrateUpAndStatus(t *testing.T) {
	o := testdb.Blank(t)
	files := builtIn(t, o.Dialect)
	useDatabase(t, o)
	code, out, errOut := run(t, "", "migrate", "status")
	require.Equal(t, 0, code, errOut)
	require.Contains(t, out, "version   none")
	require.Contains(t, out, "pending  0003_add_performance_indexes.sql")

	code, out, errOut = run(t, "", "migrate", "up", "--dry-run")
	require.Equal(t, 0, code, errOut)
	require.Contains(t, out, "-- 0001_initial_schema.sql\n")
	require.Contains(t, out, "CREATE TABLE")
	require.False(t, testdb.Connect(t, o).Migrator().HasTable("resumes"), "a dry run changes nothing")

	code, out, errOut = run(t, "", "migrate", "up")
	require.Equal(t, 0, code, errOut)
	plan, applied := "", ""
	for _, f := range files {
		plan += "  " + regexp.QuoteMeta(f.Name()) + `  \d+ statements?\n`
		applied += "applied " + regexp.QuoteMeta(f.Name()) + `\n`
	}
	require.Regexp(t, fmt.Sprintf(`^Plan: %d files, \d+ statements\n`, len(files))+plan+applied+
		`Checked: the database is what its migrations make of it\.\n$`, out)

	code, out, _ = run(t, "", "migrate", "up")
	require.Equal(t, 0, code)
	require.Contains(t, out, "Nothing to apply")

	code, out, _ = run(t, "", "migrate", "status", "--format", "json")
	require.Equal(t, 0, code)
	var status schema.Status
	require.NoError(t, json.Unmarshal([]byte(out), &status))
	require.Equal(t, newestVersion(t, o.Dialect), status.Current)
	require.Empty(t, status.Pending)
}

func TestMigrateWithoutADatabaseIsExitCode2(t *testing.T) {
	useDatabase(t, models.OpenOptions{Dialect: models.Postgres, DSN: "postgres://user:hunter2@127.0.0.1:1/x?connect_timeout=2"})
	for _, command := range []string{"up", "status"} {
		code, out, errOut := run(t, "", "migrate", command)
		assert.Equal(t, 2, code)
		assert.Empty(t, out)
		assert.Contains(t, errOut, "Can't reach the Postgres database")
		assert.NotContains(t, errOut, "hunter2")
	}
}

func TestMigrateValidateAndHash(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS("../migrations")))
	code, _, errOut := run(t, "", "migrate", "validate", "--dir", folder)
	require.Equal(t, 0, code, errOut)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "sqlite", "0009_added.sql"), []byte("SELECT 1;\n"), 0o600))
	code, _, errOut = run(t, "", "migrate", "validate", "--dir", folder)
	require.Equal(t, 1, code)
	require.Contains(t, errOut, "0009_added.sql")
	code, _, errOut = run(t, "", "migrate", "hash", "--dir", folder)
	require.Equal(t, 0, code, errOut)
	code, _, errOut = run(t, "", "migrate", "validate", "--dir", folder)
	require.Equal(t, 0, code, errOut)
}

func TestMigrateValidateWithoutAFolderChecksTheProgramsOwn(t *testing.T) {
	code, _, errOut := run(t, "", "migrate", "validate", "--dir", filepath.Join(t.TempDir(), "absent"))
	require.Equal(t, 0, code, errOut)
}

func TestMigrateDiff(t *testing.T) {
	useDatabase(t, testdb.Blank(t))
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS("../migrations")))
	code, out, errOut := run(t, "", "migrate", "diff", "nothing_new", "--dir", folder)
	if testdb.Dialect() == models.SQLite {
		require.Equal(t, 2, code)
		require.Equal(t, 1, strings.Count(errOut, "\n"), "one line says what to do")
		require.Contains(t, errOut, "scripts/with_postgres")
		return
	}
	require.Equal(t, 0, code, errOut)
	require.Contains(t, out, "nothing to write")
}

func TestSchemaDDL(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		code, out, errOut := run(t, "", "schema", "ddl", "--dialect", dialect)
		require.Equal(t, 0, code, errOut)
		require.Contains(t, out, "CREATE TABLE")
	}
	code, out, errOut := run(t, "", "schema", "ddl", "--dialect", "oracle")
	require.Equal(t, 2, code)
	require.Empty(t, out)
	require.Contains(t, errOut, "want sqlite or postgres")
}
