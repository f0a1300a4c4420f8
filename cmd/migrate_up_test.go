package cmd

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ariga.io/atlas/sql/migrate"
	"github.com/stretchr/testify/require"

	"resume-matcher/migrations"
	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

// atVersion2 is a migrated database without what the last migration made.
func atVersion2(t *testing.T) models.OpenOptions {
	t.Helper()
	o := testdb.Migrated(t)
	execSQL(t, o,
		"DROP INDEX idx_llm_cache_created_ttl", "DROP INDEX idx_processed_jobs_job_id",
		"DROP INDEX idx_processed_resumes_resume_id", "DROP INDEX idx_resumes_content_hash",
		"DELETE FROM atlas_schema_revisions WHERE version = '0003'")
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
	require.Contains(t, out, "pending   1")

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
	require.Contains(t, out, "Plan: 1 file, 4 statements")
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

// stopHalfway makes the database look as if the last migration had failed after two of its four statements.
func stopHalfway(t *testing.T, o models.OpenOptions) {
	t.Helper()
	text, err := migrations.FS.ReadFile(string(o.Dialect) + "/0003_add_performance_indexes.sql")
	require.NoError(t, err)
	statements, err := migrate.Stmts(string(text))
	require.NoError(t, err)
	require.Len(t, statements, 4)
	var partial []string
	sum := sha256.New()
	for i, s := range statements {
		if i < 2 {
			sum.Write([]byte(s.Text))
			partial = append(partial, "h1:"+base64.StdEncoding.EncodeToString(sum.Sum(nil)))
			continue
		}
		index := regexp.MustCompile("INDEX [`\"]([a-z_]+)").FindStringSubmatch(s.Text)
		execSQL(t, o, "DROP INDEX "+index[1])
	}
	hashes, err := json.Marshal(partial)
	require.NoError(t, err)
	execSQL(t, o, "UPDATE atlas_schema_revisions SET applied = 2, error = 'the disk was full', partial_hashes = '"+string(hashes)+"' WHERE version = '0003'")
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
	require.Contains(t, out, "applied 0003_add_performance_indexes.sql\nChecked: ")
	code, out, errOut = run(t, "", "drift", "--dialect", string(o.Dialect))
	require.Equal(t, 0, code, out+errOut)
}
