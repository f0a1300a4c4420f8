package schema_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	atlas "ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlite"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/migrations"
	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/tests/testdb"
)

// connect returns the connections of a database, the writer's on SQLite.
func connect(t testing.TB, o models.OpenOptions) *sql.DB {
	t.Helper()
	conns, err := testdb.Connect(t, o).DB()
	require.NoError(t, err)
	return conns
}

// devServer returns a connection for scratch schemas, or nil where none is needed.
func devServer(t testing.TB) *sql.DB {
	t.Helper()
	if testdb.Dialect() == models.SQLite {
		return nil
	}
	return connect(t, testdb.Blank(t))
}

// onDisk copies the program's migrations to a folder, leaving out those whose name has one of the prefixes.
func onDisk(t testing.TB, without ...string) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, migrations.FS))
	for _, prefix := range without {
		files, err := filepath.Glob(filepath.Join(folder, "*", prefix+"*"))
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, f := range files {
			require.NoError(t, os.Remove(f))
		}
	}
	require.NoError(t, schema.Hash(folder))
	return folder
}

func contents(t testing.TB, folder string) map[string]string {
	t.Helper()
	out := map[string]string{}
	files, err := filepath.Glob(filepath.Join(folder, "*", "*"))
	require.NoError(t, err)
	for _, f := range files {
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		name, err := filepath.Rel(folder, f)
		require.NoError(t, err)
		out[name] = string(text)
	}
	return out
}

func TestDDLIsTheSameOnEveryRun(t *testing.T) {
	for _, dialect := range schema.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			first, err := schema.DDL(dialect)
			require.NoError(t, err)
			for range 20 {
				again, err := schema.DDL(dialect)
				require.NoError(t, err)
				require.Equal(t, first, again)
			}
			for _, model := range models.All() {
				table := model.(interface{ TableName() string }).TableName()
				assert.Regexp(t, "CREATE TABLE [`\"]"+table+"[`\"]", first)
			}
			assert.Contains(t, first, "WHERE is_master")
			assert.NotContains(t, first, "PRIMARY KEY,")
		})
	}
}

func TestDDLRefusesAnUnknownDialect(t *testing.T) {
	_, err := schema.DDL("oracle")
	require.ErrorContains(t, err, "oracle")
}

func TestModelsAgreeWithMigrations(t *testing.T) {
	dir, err := schema.Dir(testdb.Dialect())
	require.NoError(t, err)
	dev := devServer(t)
	for range 2 {
		findings, err := schema.ModelsVsMigrations(t.Context(), testdb.Dialect(), dir, dev)
		require.NoError(t, err)
		require.Empty(t, findings)
	}
}

func TestMigratedDatabaseHasTheModelsSchema(t *testing.T) {
	dialect := testdb.Dialect()
	migrated, created := connect(t, testdb.Migrated(t)), connect(t, testdb.Blank(t))
	ddl, err := schema.DDL(dialect)
	require.NoError(t, err)
	_, err = created.ExecContext(t.Context(), ddl)
	require.NoError(t, err)
	for range 2 {
		drv, err := driver(dialect, migrated)
		require.NoError(t, err)
		from, to := inspect(t, dialect, migrated), inspect(t, dialect, created)
		require.Len(t, from.Tables, len(models.All()))
		changes, err := drv.SchemaDiff(from, to, atlas.DiffNormalized())
		require.NoError(t, err)
		require.Empty(t, changes)
	}
}

func driver(dialect models.Dialect, conns *sql.DB) (migrate.Driver, error) {
	if dialect == models.Postgres {
		return postgres.Open(conns)
	}
	return sqlite.Open(conns)
}

func inspect(t *testing.T, dialect models.Dialect, conns *sql.DB) *atlas.Schema {
	t.Helper()
	drv, err := driver(dialect, conns)
	require.NoError(t, err)
	s, err := drv.InspectSchema(t.Context(), "", &atlas.InspectOptions{Exclude: []string{"atlas_schema_revisions"}})
	require.NoError(t, err)
	return s
}

func TestForgottenMigrationIsFoundByName(t *testing.T) {
	dir, err := schema.DiskDir(onDisk(t, "0003"), testdb.Dialect())
	require.NoError(t, err)
	findings, err := schema.ModelsVsMigrations(t.Context(), testdb.Dialect(), dir, devServer(t))
	require.NoError(t, err)
	var objects []string
	for _, f := range findings {
		assert.Equal(t, schema.KindModelsVsMigrations, f.Kind)
		assert.Equal(t, "index added", f.Change)
		_, index, _ := strings.Cut(f.Object, ".")
		assert.Contains(t, f.SQL, index)
		objects = append(objects, f.Object)
	}
	require.Equal(t, []string{
		"llm_cache.idx_llm_cache_created_ttl", "processed_jobs.idx_processed_jobs_job_id",
		"processed_resumes.idx_processed_resumes_resume_id", "resumes.idx_resumes_content_hash",
	}, objects)
}

func TestPostgresWithoutAServerSaysWhatToDo(t *testing.T) {
	dir, err := schema.Dir(models.Postgres)
	require.NoError(t, err)
	_, err = schema.ModelsVsMigrations(t.Context(), models.Postgres, dir, nil)
	require.ErrorContains(t, err, "scripts/with_postgres")
}

func TestDiffWritesBothDialectsOrNone(t *testing.T) {
	folder := onDisk(t, "0003")
	before := contents(t, folder)
	_, err := schema.Diff(t.Context(), schema.DiffOptions{Folder: folder, Name: "add_performance_indexes", Version: "9003"})
	require.ErrorContains(t, err, "--dev-url")
	require.Equal(t, before, contents(t, folder))
}

func TestDiffRefusesBadNamesAndOldVersions(t *testing.T) {
	for name, o := range map[string]schema.DiffOptions{
		"path in the name": {Name: "../../evil"},
		"empty name":       {},
		"word as version":  {Name: "x", Version: "next"},
		"taken version":    {Name: "x", Version: "0003"},
		"older version":    {Name: "x", Version: "0002"},
	} {
		t.Run(name, func(t *testing.T) {
			o.Folder = onDisk(t)
			before := contents(t, o.Folder)
			_, err := schema.Diff(t.Context(), o)
			var public *models.Error
			require.ErrorAs(t, err, &public)
			require.Equal(t, before, contents(t, o.Folder))
		})
	}
}

func TestPostgresOnlyDiffWritesWhatIsMissing(t *testing.T) {
	testdb.RequirePostgres(t)
	folder := onDisk(t, "0003")
	o := schema.DiffOptions{Folder: folder, Name: "add_performance_indexes", Version: "9003", Dev: devServer(t)}
	files, err := schema.Diff(t.Context(), o)
	require.NoError(t, err)
	require.Len(t, files, 2)
	before, after := contents(t, onDisk(t)), contents(t, folder)
	for _, dialect := range schema.Dialects() {
		require.Equal(t, before[string(dialect)+"/0003_add_performance_indexes.sql"], after[string(dialect)+"/9003_add_performance_indexes.sql"],
			"the program's own migrations are those it writes")
	}
	require.NoError(t, schema.Validate(folder))
	o.Version = "9004"
	files, err = schema.Diff(t.Context(), o)
	require.NoError(t, err)
	require.Empty(t, files, "nothing is missing any more")
}

func TestPostgresOnlyScratchLeavesNothing(t *testing.T) {
	testdb.RequirePostgres(t)
	dev := devServer(t)
	dir, err := schema.Dir(models.Postgres)
	require.NoError(t, err)
	_, err = schema.ModelsVsMigrations(t.Context(), models.Postgres, dir, dev)
	require.NoError(t, err)
	var left int
	require.NoError(t, dev.QueryRowContext(t.Context(),
		"SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'scratch%'").Scan(&left))
	require.Zero(t, left)
}

func TestPostgresOnlyScratchNeedsARight(t *testing.T) {
	testdb.RequirePostgres(t)
	dev := devServer(t)
	dev.SetMaxOpenConns(1)
	_, err := dev.ExecContext(t.Context(), "CREATE ROLE reader_of_nothing; SET ROLE reader_of_nothing")
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := dev.ExecContext(context.Background(), "RESET ROLE; DROP ROLE reader_of_nothing")
		assert.NoError(t, err)
	})
	dir, err := schema.Dir(models.Postgres)
	require.NoError(t, err)
	_, err = schema.ModelsVsMigrations(t.Context(), models.Postgres, dir, dev)
	var public *models.Error
	require.ErrorAs(t, err, &public)
	require.Contains(t, public.Message, "grant CREATE on the database")
}

func TestTamperedDirectoryIsRefusedUntilHashed(t *testing.T) {
	folder := onDisk(t)
	require.NoError(t, schema.Validate(folder))
	path := filepath.Join(folder, "sqlite", "0002_llm_cache_and_tasks.sql")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, append(text, "-- edited\n"...), 0o600))
	_, err = schema.DiskDir(folder, models.SQLite)
	var public *models.Error
	require.ErrorAs(t, err, &public)
	require.Contains(t, public.Message, "0002_llm_cache_and_tasks.sql")
	require.Contains(t, public.Message, "migrate hash")
	require.Error(t, schema.Validate(folder))
	require.NoError(t, schema.Hash(folder))
	require.NoError(t, schema.Validate(folder))
}

func TestAbsentFolderIsAnError(t *testing.T) {
	require.Error(t, schema.Validate(filepath.Join(t.TempDir(), "absent")))
	require.Error(t, schema.Hash(filepath.Join(t.TempDir(), "absent")))
}

func BenchmarkModelsVsMigrations(b *testing.B) {
	dir, err := schema.Dir(testdb.Dialect())
	require.NoError(b, err)
	dev := devServer(b)
	for b.Loop() {
		findings, err := schema.ModelsVsMigrations(b.Context(), testdb.Dialect(), dir, dev)
		require.NoError(b, err)
		require.Empty(b, findings)
	}
}
