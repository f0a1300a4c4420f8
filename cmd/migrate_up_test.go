package cmd

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"ariga.io/atlas/sql/migrate"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

// rebuild makes the tables anew with the first two migrations and the given number of statements of the third. The
// record of what was applied stays, for the caller to cut back.
func rebuild(t *testing.T, o models.OpenOptions, ofThird int) {
	t.Helper()
	db := testdb.Connect(t, o)
	tables, err := db.Migrator().GetTables()
	require.NoError(t, err)
	for _, table := range tables {
		if table != "atlas_schema_revisions" && !strings.HasPrefix(table, "sqlite_") {
			require.NoError(t, db.Migrator().DropTable(table))
		}
	}
	files := builtIn(t, o.Dialect)
	require.Equal(t, "0003", files[2].Version())
	conns, err := db.DB()
	require.NoError(t, err)
	for i, f := range files[:3] {
		statements, err := migrate.Stmts(string(f.Bytes()))
		require.NoError(t, err)
		if i == 2 {
			statements = statements[:ofThird]
		}
		for _, s := range statements {
			_, err := conns.ExecContext(t.Context(), s.Text)
			require.NoError(t, err, s.Text)
		}
	}
}

// atVersion2 is a database that has only the first two migrations.
func atVersion2(t *testing.T) models.OpenOptions {
	t.Helper()
	o := testdb.Migrated(t)
	rebuild(t, o, 0)
	execSQL(t, o, "DELETE FROM atlas_schema_revisions WHERE version >= '0003'")
	useDatabase(t, o)
	return o
}

func TestMigrateUpStopsOnDrift(t *testing.T) {
	o := atVersion2(t)
	execSQL(t, o, "ALTER TABLE jobs ADD COLUMN by_hand text")
	code, out, errOut := run(t, "", "migrate", "up")
	require.Equal(t, 1, code)
	require.Contains(t, out, "jobs.by_hand: column added")
	require.NotContains(t, out, "applied 0003")
	require.Contains(t, errOut, "--allow-drift")
	_, out, _ = run(t, "", "migrate", "status")
	require.Contains(t, out, fmt.Sprintf("pending   %d", len(builtIn(t, o.Dialect))-2))

	code, out, errOut = run(t, "", "migrate", "up", "--allow-drift")
	require.Equal(t, 0, code, errOut)
	require.Contains(t, out, "applied 0003_add_performance_indexes.sql\n")
	require.Contains(t, out, "the differences of before are still there")
}

func TestMigrateUpGoesOnWhenTheDriftIsUndone(t *testing.T) {
	o := atVersion2(t)
	execSQL(t, o, "ALTER TABLE jobs ADD COLUMN by_hand text")
	code, _, _ := run(t, "", "migrate", "up")
	require.Equal(t, 1, code)
	execSQL(t, o, "ALTER TABLE jobs DROP COLUMN by_hand")
	code, out, errOut := run(t, "", "migrate", "up")
	require.Equal(t, 0, code, errOut)
	require.Regexp(t, fmt.Sprintf(`Plan: %d files?, \d+ statements`, len(builtIn(t, o.Dialect))-2), out)
	require.Contains(t, out, "Checked: the database is what its migrations make of it.")
}

func TestMigrateUpOfANewDatabaseLeavesOthersTablesAlone(t *testing.T) {
	o := testdb.Blank(t)
	execSQL(t, o, "CREATE TABLE someone_elses (id text)")
	useDatabase(t, o)
	code, out, errOut := run(t, "", "migrate", "up")
	require.Equal(t, 0, code, errOut)
	require.Contains(t, out, "applied 0003_add_performance_indexes.sql\n")
	require.True(t, testdb.Connect(t, o).Migrator().HasTable("someone_elses"))
}

func TestMigrateUpDryRunMakesNoFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.db")
	useDatabase(t, models.OpenOptions{Dialect: models.SQLite, DSN: path})
	for _, args := range [][]string{{"migrate", "up", "--dry-run"}, {"migrate", "status"}} {
		code, out, errOut := run(t, "", args...)
		require.Equal(t, 0, code, errOut)
		require.Contains(t, out, "0001_initial_schema.sql")
		require.NoFileExists(t, path)
	}
}

func TestPostgresOnlyMigrateUpThatCannotCheckIsExitCode2(t *testing.T) {
	testdb.RequirePostgres(t)
	atVersion2(t)
	nobody := "postgres://user:hunter2@127.0.0.1:1/x?connect_timeout=2"
	code, out, errOut := run(t, "", "migrate", "up", "--dev-url", nobody)
	require.Equal(t, 2, code)
	require.NotContains(t, out, "applied")
	require.Contains(t, errOut, "--allow-drift")
	require.NotContains(t, errOut, "hunter2")
	code, out, errOut = run(t, "", "migrate", "up", "--dev-url", nobody, "--allow-drift")
	require.Equal(t, 0, code, errOut)
	require.Contains(t, out, "applied 0003")
	require.Contains(t, out, "Not checked:")
}

func countLines(text, prefix string) (n int) {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, prefix) {
			n++
		}
	}
	return n
}

// stopHalfway makes the database look as if the third migration had failed after two of its four statements.
func stopHalfway(t *testing.T, o models.OpenOptions) {
	t.Helper()
	rebuild(t, o, 2)
	statements, err := migrate.Stmts(string(builtIn(t, o.Dialect)[2].Bytes()))
	require.NoError(t, err)
	require.Len(t, statements, 4)
	var partial []string
	sum := sha256.New()
	for _, s := range statements[:2] {
		sum.Write([]byte(s.Text))
		partial = append(partial, "h1:"+base64.StdEncoding.EncodeToString(sum.Sum(nil)))
	}
	hashes, err := json.Marshal(partial)
	require.NoError(t, err)
	execSQL(t, o, "DELETE FROM atlas_schema_revisions WHERE version > '0003'",
		"UPDATE atlas_schema_revisions SET applied = 2, error = 'the disk was full', partial_hashes = '"+string(hashes)+"' WHERE version = '0003'")
}

func TestMigrateUpGoesOnWhereAFailedOneStopped(t *testing.T) {
	o := testdb.Migrated(t)
	useDatabase(t, o)
	stopHalfway(t, o)
	code, out, _ := run(t, "", "drift", "--dialect", string(o.Dialect))
	require.Equal(t, 1, code)
	require.Contains(t, out, "failed)\n")
	require.NotContains(t, out, "live_vs_migrations", "what a failed migration did is no change by hand")
	_, out, _ = run(t, "", "migrate", "up", "--dry-run")
	require.Contains(t, out, "-- 0003_add_performance_indexes.sql (goes on after statement 2 of 4)\n")
	code, out, errOut := run(t, "", "migrate", "up")
	require.Equal(t, 0, code, out+errOut)
	require.Contains(t, out, "applied 0003_add_performance_indexes.sql\n")
	require.Contains(t, out, "\nChecked: ")
	code, out, errOut = run(t, "", "drift", "--dialect", string(o.Dialect))
	require.Equal(t, 0, code, out+errOut)
}
