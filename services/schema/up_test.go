package schema_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"ariga.io/atlas/sql/migrate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/tests/testdb"
)

// programDir returns the program's migrations and files of a test, which come after them if their versions are 9000 or more.
func programDir(t *testing.T, extra map[string]string) migrate.Dir {
	t.Helper()
	built, err := schema.Dir(testdb.Dialect())
	require.NoError(t, err)
	files, err := built.Files()
	require.NoError(t, err)
	return memDir(t, append(files, localFiles(extra)...))
}

func localFiles(texts map[string]string) (files []migrate.File) {
	for name, text := range texts {
		files = append(files, migrate.NewLocalFile(name, []byte(text)))
	}
	return files
}

func memDir(t testing.TB, files []migrate.File) migrate.Dir {
	t.Helper()
	dir := &migrate.MemDir{}
	require.NoError(t, dir.CopyFiles(files))
	sum, err := dir.Checksum()
	require.NoError(t, err)
	require.NoError(t, migrate.WriteSumFile(dir, sum))
	return dir
}

func names(files []schema.File) []string {
	out := make([]string, len(files))
	for i, f := range files {
		out[i] = f.Name
	}
	return out
}

func count(t *testing.T, conns *sql.DB, from string) (n int) {
	t.Helper()
	require.NoError(t, conns.QueryRowContext(t.Context(), "SELECT count(*) FROM "+from).Scan(&n))
	return n
}

// programFiles returns the names of the program's migrations, the oldest first.
func programFiles(t testing.TB) (out []string) {
	t.Helper()
	built, err := schema.Dir(testdb.Dialect())
	require.NoError(t, err)
	files, err := built.Files()
	require.NoError(t, err)
	for _, f := range files {
		out = append(out, f.Name())
	}
	return out
}

// filesAfter returns the names of the program's migrations that are later than a version.
func filesAfter(t testing.TB, version string) (out []string) {
	t.Helper()
	for _, name := range programFiles(t) {
		if versionOf(name) > version {
			out = append(out, name)
		}
	}
	return out
}

// newest returns the version of the program's last migration.
func newest(t testing.TB) string {
	t.Helper()
	files := programFiles(t)
	require.NotEmpty(t, files)
	return versionOf(files[len(files)-1])
}

func versionOf(name string) string {
	version, _, _ := strings.Cut(name, "_")
	return version
}

func TestUpAppliesOnceAndInOrder(t *testing.T) {
	dialect := testdb.Dialect()
	conns := connect(t, testdb.Blank(t))
	pending, err := schema.Pending(t.Context(), conns, dialect)
	require.NoError(t, err)
	require.Equal(t, programFiles(t), names(pending))
	applied, err := schema.Up(t.Context(), conns, dialect)
	require.NoError(t, err)
	require.Equal(t, programFiles(t), names(applied))
	applied, err = schema.Up(t.Context(), conns, dialect)
	require.NoError(t, err)
	require.Empty(t, applied)
	pending, err = schema.Pending(t.Context(), conns, dialect)
	require.NoError(t, err)
	require.Empty(t, pending)
}

func TestReadingTheStatusLeavesNoTable(t *testing.T) {
	conns := connect(t, testdb.Blank(t))
	status, err := schema.ReadStatus(t.Context(), conns, testdb.Dialect())
	require.NoError(t, err)
	require.Empty(t, status.Current)
	require.Empty(t, status.Applied)
	require.Equal(t, programFiles(t), names(status.Pending))
	tables := "sqlite_master"
	if testdb.Dialect() == models.Postgres {
		tables = "information_schema.tables WHERE table_schema = current_schema()"
	}
	require.Zero(t, count(t, conns, tables))
}

func TestStatusOfAMigratedDatabase(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	status, err := schema.ReadStatus(t.Context(), conns, testdb.Dialect())
	require.NoError(t, err)
	require.Equal(t, newest(t), status.Current)
	require.Empty(t, status.Pending)
	require.Len(t, status.Applied, len(programFiles(t)))
	for _, a := range status.Applied {
		assert.Equal(t, a.Total, a.Statements)
		assert.Empty(t, a.Error)
		assert.False(t, a.At.IsZero())
	}
}

func TestManyProcessesApplyOnce(t *testing.T) {
	dialect := testdb.Dialect()
	for range 5 {
		o := testdb.Blank(t)
		const processes = 8
		results, errs := make([][]schema.File, processes), make([]error, processes)
		var wg sync.WaitGroup
		for i := range processes {
			conns := connect(t, o)
			wg.Go(func() { results[i], errs[i] = schema.Up(t.Context(), conns, dialect) })
		}
		wg.Wait()
		var applied []string
		for i := range processes {
			require.NoError(t, errs[i])
			applied = append(applied, names(results[i])...)
		}
		require.ElementsMatch(t, programFiles(t), applied)
		require.Equal(t, len(programFiles(t)), count(t, connect(t, o), "atlas_schema_revisions"))
	}
}

const rebuildWorkspaces = "CREATE TABLE `new_workspaces` (`id` text NOT NULL, `name` text NOT NULL, `created_at` datetime NOT NULL, " +
	"`last_used_at` datetime NOT NULL, `note` text NULL, PRIMARY KEY (`id`));\n" +
	"INSERT INTO `new_workspaces` (`id`, `name`, `created_at`, `last_used_at`) SELECT `id`, `name`, `created_at`, `last_used_at` FROM `workspaces`;\n" +
	"DROP TABLE `workspaces`;\n" +
	"ALTER TABLE `new_workspaces` RENAME TO `workspaces`;\n"

func TestTableRebuildKeepsTheRowsThatReferToIt(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("Postgres alters tables in place")
	}
	conns := connect(t, testdb.Migrated(t))
	insertResume(t, conns)
	applied, err := schema.UpDir(t.Context(), conns, models.SQLite, programDir(t, map[string]string{"9004_rebuild.sql": rebuildWorkspaces}))
	require.NoError(t, err)
	require.Len(t, applied, 1)
	require.Equal(t, 1, count(t, conns, "resumes"))
	require.Equal(t, 1, count(t, conns, "pragma_foreign_keys WHERE foreign_keys = 1"), "enforcement is on again")
	_, err = conns.ExecContext(t.Context(), "DELETE FROM workspaces")
	require.NoError(t, err)
	require.Zero(t, count(t, conns, "resumes"), "and deletes again what a workspace owns")
}

func insertResume(t *testing.T, conns *sql.DB) {
	t.Helper()
	for _, statement := range []string{
		"INSERT INTO workspaces (id, name, created_at, last_used_at) VALUES ('w', '', '2026-01-01', '2026-01-01')",
		"INSERT INTO resumes (id, workspace_id, origin, is_master, content, content_hash, content_type, file_hash, filename, title, language, " +
			"processing_status, processing_error, created_at, updated_at) " +
			"VALUES ('r', 'w', 'upload', true, '', '', '', '', '', '', '', 'ready', '', '2026-01-01', '2026-01-01')",
	} {
		_, err := conns.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
}

func TestMigrationThatWouldOrphanRowsIsRolledBack(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("Postgres enforces foreign keys during a migration")
	}
	conns := connect(t, testdb.Migrated(t))
	insertResume(t, conns)
	_, err := schema.UpDir(t.Context(), conns, models.SQLite, programDir(t, map[string]string{"9004_delete.sql": "DELETE FROM workspaces;\n"}))
	var public *models.Error
	require.ErrorAs(t, err, &public)
	require.Contains(t, public.Message, "9004_delete.sql")
	require.Equal(t, 1, count(t, conns, "workspaces"))
	require.Equal(t, len(programFiles(t)), count(t, conns, "atlas_schema_revisions"))
}

func TestFailedMigrationChangesNothingAndCanBeMended(t *testing.T) {
	dialect := testdb.Dialect()
	conns := connect(t, testdb.Migrated(t))
	broken := map[string]string{"9004_broken.sql": "CREATE TABLE half (x text);\nINSERT INTO no_such_table VALUES (1);\n"}
	_, err := schema.UpDir(t.Context(), conns, dialect, programDir(t, broken))
	var public *models.Error
	require.ErrorAs(t, err, &public)
	require.Contains(t, public.Message, "9004_broken.sql failed at line 2")
	require.Contains(t, public.Message, "no_such_table")
	require.Equal(t, len(programFiles(t)), count(t, conns, "atlas_schema_revisions"))
	mended := programDir(t, map[string]string{"9004_broken.sql": "CREATE TABLE half (x text);\n"})
	applied, err := schema.UpDir(t.Context(), conns, dialect, mended)
	require.NoError(t, err)
	require.Len(t, applied, 1)
	require.Zero(t, count(t, conns, "half"))
}

func TestMigrationOutsideATransactionResumesWhereItFailed(t *testing.T) {
	dialect := testdb.Dialect()
	conns := connect(t, testdb.Migrated(t))
	file := func(last string) migrate.Dir {
		return programDir(t, map[string]string{"9004_steps.sql": "-- atlas:txmode none\n\nCREATE TABLE first_step (x text);\n" + last + "\n"})
	}
	_, err := schema.UpDir(t.Context(), conns, dialect, file("INSERT INTO second_step VALUES (1);"))
	require.Error(t, err)
	status, err := schema.ReadStatus(t.Context(), conns, dialect)
	require.ErrorContains(t, err, "does not have", "the program itself has no such file")
	require.Equal(t, newest(t), status.Current)
	last := status.Applied[len(programFiles(t))]
	require.Equal(t, 1, last.Statements)
	require.NotEmpty(t, last.Error)
	dir := file("CREATE TABLE second_step (x text);")
	_, err = schema.UpDir(t.Context(), conns, dialect, dir)
	require.NoError(t, err)
	require.Zero(t, count(t, conns, "second_step"))
	var hash string
	require.NoError(t, conns.QueryRowContext(t.Context(), "SELECT hash FROM atlas_schema_revisions WHERE version = '9004'").Scan(&hash))
	sums, err := dir.Checksum()
	require.NoError(t, err)
	want, err := sums.SumByName("9004_steps.sql")
	require.NoError(t, err)
	require.Equal(t, want, hash, "the hash is that of the file as it succeeded")
}

func TestPostgresOnlyIndexIsBuiltConcurrently(t *testing.T) {
	testdb.RequirePostgres(t)
	conns := connect(t, testdb.Migrated(t))
	_, err := schema.UpDir(t.Context(), conns, models.Postgres, programDir(t, map[string]string{
		"9004_index.sql": "-- atlas:txmode none\n\nCREATE INDEX CONCURRENTLY idx_jobs_language ON jobs (language);\n",
	}))
	require.NoError(t, err)
	require.Equal(t, 1, count(t, conns, "pg_indexes WHERE indexname = 'idx_jobs_language'"))
}

func TestMigrationAddedOutOfOrderIsRefused(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	_, err := schema.UpDir(t.Context(), conns, testdb.Dialect(), programDir(t, map[string]string{"0002a_late.sql": "CREATE TABLE late (x text);\n"}))
	require.ErrorContains(t, err, "older than the last applied one")
}

func TestDatabaseWithTablesButNoHistoryIsRefused(t *testing.T) {
	conns := connect(t, testdb.Blank(t))
	_, err := conns.ExecContext(t.Context(), "CREATE TABLE resumes (id text)")
	require.NoError(t, err)
	_, err = schema.Up(t.Context(), conns, testdb.Dialect())
	require.ErrorContains(t, err, "resumes")
	require.ErrorContains(t, err, "no record of migrations")
}

func TestForeignTablesDoNotDisturb(t *testing.T) {
	conns := connect(t, testdb.Blank(t))
	_, err := conns.ExecContext(t.Context(), "CREATE TABLE someone_elses (id text)")
	require.NoError(t, err)
	applied, err := schema.Up(t.Context(), conns, testdb.Dialect())
	require.NoError(t, err)
	require.Equal(t, programFiles(t), names(applied))
}

func TestCancelledUpLeavesTheConnectionUsable(t *testing.T) {
	dialect := testdb.Dialect()
	conns := connect(t, testdb.Blank(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := schema.Up(ctx, conns, dialect)
	require.Error(t, err)
	applied, err := schema.Up(t.Context(), conns, dialect)
	require.NoError(t, err)
	require.Equal(t, programFiles(t), names(applied))
}

func TestBackupIsAPrivateCopy(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("only an SQLite file is copied")
	}
	o := testdb.Migrated(t)
	conns := connect(t, o)
	insertResume(t, conns)
	path, err := schema.Backup(t.Context(), conns, o.DSN)
	require.NoError(t, err)
	require.Regexp(t, `/test_app\.db\.backup-`+newest(t)+`-\d{8}T\d{6}\.\d{3}Z$`, path)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.Equal(t, 1, count(t, connect(t, models.OpenOptions{Dialect: models.SQLite, DSN: path}), "resumes"))
}

func TestBackupOfANewFileIsNotNeeded(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("only an SQLite file is copied")
	}
	o := testdb.Blank(t)
	path, err := schema.Backup(t.Context(), connect(t, o), o.DSN)
	require.NoError(t, err)
	require.Empty(t, path)
	files, err := filepath.Glob(o.DSN + ".backup*")
	require.NoError(t, err)
	require.Empty(t, files)
}

func TestBackupThatFailsSaysSo(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("only an SQLite file is copied")
	}
	conns := connect(t, testdb.Migrated(t))
	_, err := schema.Backup(t.Context(), conns, filepath.Join(t.TempDir(), "absent", "app.db"))
	require.ErrorContains(t, err, "Can't copy the database")
}

func BenchmarkPending(b *testing.B) {
	conns := connect(b, testdb.Migrated(b))
	for b.Loop() {
		pending, err := schema.Pending(b.Context(), conns, testdb.Dialect())
		require.NoError(b, err)
		require.Empty(b, pending)
	}
}

func BenchmarkUp(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		conns := connect(b, testdb.Blank(b))
		b.StartTimer()
		applied, err := schema.Up(b.Context(), conns, testdb.Dialect())
		require.NoError(b, err)
		require.Equal(b, programFiles(b), names(applied))
	}
}
