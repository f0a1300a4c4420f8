package schema_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ariga.io/atlas/sql/migrate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/tests/testdb"
)

func checkLive(t testing.TB, conns *sql.DB) schema.Report {
	t.Helper()
	return checkWith(t, schema.CheckOptions{Live: conns})
}

func checkWith(t testing.TB, o schema.CheckOptions) schema.Report {
	t.Helper()
	o.Dialect = testdb.Dialect()
	report, err := schema.Check(t.Context(), o)
	require.NoError(t, err)
	return report
}

// summary lists kind, object and change of each finding.
func summary(report schema.Report) []string {
	out := []string{}
	for _, f := range report.Findings {
		out = append(out, string(f.Kind)+" "+f.Object+": "+f.Change)
	}
	return out
}

func TestFreshlyMigratedDatabaseIsInSync(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	for range 2 {
		report := checkLive(t, conns)
		require.Empty(t, report.Findings)
		require.NotNil(t, report.Findings)
		require.Equal(t, "in_sync", report.Status)
	}
}

// Each table is checked twice after a row and a change that is taken back.
func TestEachTableIsInSyncAfterItsMigration(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	for _, model := range models.All() {
		table := model.(interface{ TableName() string }).TableName()
		t.Run(table, func(t *testing.T) {
			execute(t, conns, "ALTER TABLE "+table+" ADD COLUMN extra_column text")
			require.Equal(t, []string{"live_vs_migrations " + table + ".extra_column: column added"}, summary(checkLive(t, conns)))
			execute(t, conns, "ALTER TABLE "+table+" DROP COLUMN extra_column")
			for range 2 {
				require.Empty(t, checkLive(t, conns).Findings)
			}
		})
	}
}

func TestReportIsTheSameEveryTime(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	execute(t, conns, "ALTER TABLE jobs ADD COLUMN note text; ALTER TABLE tasks ADD COLUMN note text; DROP INDEX idx_jobs_content_hash; "+
		"CREATE VIEW v AS SELECT 1 AS n; CREATE TABLE extra (id integer)")
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("east", 3600))
	o := schema.CheckOptions{Live: conns, Now: func() time.Time { return at }}
	first := checkWith(t, o)
	require.Len(t, first.Findings, 5)
	require.Equal(t, at.UTC(), first.CheckedAt)
	for range 5 {
		require.Equal(t, first, checkWith(t, o))
	}
}

func TestFindingTellsBothSidesAndThePlace(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	execute(t, conns, "ALTER TABLE resumes DROP COLUMN outreach_message")
	findings := checkLive(t, conns).Findings
	require.Len(t, findings, 1)
	f := findings[0]
	assert.Equal(t, "resumes.outreach_message", f.Object)
	assert.Contains(t, f.Expected, "text")
	assert.Empty(t, f.Actual)
	assert.Contains(t, f.SQL, "outreach_message")
	assert.Equal(t, schema.SeverityError, f.Severity)
	text, err := os.ReadFile(filepath.Join("..", "..", f.File))
	require.NoError(t, err)
	assert.Contains(t, strings.Split(string(text), "\n")[f.Line-1], "outreach_message")
}

func TestHarmlessFindingsAreWarnings(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	execute(t, conns, "ALTER TABLE jobs ADD COLUMN note text; CREATE INDEX i ON jobs (language); CREATE VIEW v AS SELECT 1 AS n; CREATE TABLE extra (id integer)")
	report := checkLive(t, conns)
	require.Len(t, report.Findings, 4)
	for _, f := range report.Findings {
		assert.Equal(t, schema.SeverityWarning, f.Severity, f.Object)
	}
	execute(t, conns, "CREATE UNIQUE INDEX u ON jobs (language)")
	for _, f := range checkLive(t, conns).Findings {
		assert.Equal(t, f.Object == "jobs.u", f.Severity == schema.SeverityError, f.Object)
	}
}

func TestForgottenMigrationPointsAtTheModel(t *testing.T) {
	dialect := testdb.Dialect()
	report := checkWith(t, schema.CheckOptions{Folder: onDisk(t, filesAfter(t, "0001")...), Dev: devServer(t)})
	require.NotEmpty(t, report.Findings)
	found := map[string]schema.Finding{}
	for _, f := range report.Findings {
		assert.Equal(t, schema.KindModelsVsMigrations, f.Kind)
		assert.Equal(t, dialect, f.Dialect)
		assert.NotEmpty(t, f.SQL)
		found[f.Object] = f
	}
	for object, want := range map[string]string{"tasks": "type Task struct", "resumes.idx_resumes_content_hash": "ContentHash"} {
		f := found[object]
		require.NotEmpty(t, f.File, object)
		text, err := os.ReadFile(filepath.Join("..", "..", f.File))
		require.NoError(t, err)
		line := strings.Split(string(text), "\n")[f.Line-1]
		assert.Contains(t, line, strings.Fields(want)[len(strings.Fields(want))/2], object)
	}
}

func TestPendingMigrationsComeWithTheirSQL(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	dir := programDir(t, map[string]string{"9004_more.sql": "CREATE TABLE more (id text);\n", "9005_index.sql": "CREATE INDEX i ON more (id);\n"})
	o := schema.CheckOptions{Live: conns, Dir: dir, Only: []schema.Kind{schema.KindPending, schema.KindLiveVsMigrations}}
	report := checkWith(t, o)
	require.Equal(t, []string{"pending 9004: migration not applied", "pending 9005: migration not applied"}, summary(report))
	assert.Equal(t, "CREATE TABLE more (id text);", report.Findings[0].SQL)
	assert.Equal(t, "migrations/"+string(testdb.Dialect())+"/9004_more.sql", report.Findings[0].File)
	assert.Contains(t, report.Findings[0].Advice, "migrate up")
}

func TestBlankDatabaseLacksEveryMigration(t *testing.T) {
	report := checkLive(t, connect(t, testdb.Blank(t)))
	var want []string
	for _, name := range programFiles(t) {
		want = append(want, "pending "+versionOf(name)+": migration not applied")
	}
	require.Equal(t, want, summary(report))
}

func TestMigrationAddedOutOfOrderIsPending(t *testing.T) {
	o := schema.CheckOptions{Live: connect(t, testdb.Migrated(t)), Only: []schema.Kind{schema.KindPending, schema.KindLiveVsMigrations},
		Dir: programDir(t, map[string]string{"0002a_late.sql": "CREATE TABLE late (x text);\n"})}
	require.Equal(t, []string{"pending 0002a: migration added out of order"}, summary(checkWith(t, o)))
}

func TestEditedMigrationIsFoundThoughTheDirectoryWasHashedAgain(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	folder := onDisk(t)
	path := filepath.Join(folder, string(testdb.Dialect()), "0002_llm_cache_and_tasks.sql")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, append(text, "-- a remark\n"...), 0o600))
	o := schema.CheckOptions{Live: conns, Folder: folder}
	report := checkWith(t, o)
	require.Equal(t, []string{"failed 0002_llm_cache_and_tasks.sql: checksum mismatch", "edited 0002: migration edited after it was applied"},
		sorted(summary(report), "failed"))
	require.NoError(t, schema.Hash(folder))
	report = checkWith(t, o)
	require.Equal(t, []string{"edited 0002: migration edited after it was applied"}, summary(report), "and not the files after it")
	require.Equal(t, path, report.Findings[0].File)
	require.NotEqual(t, report.Findings[0].Expected, report.Findings[0].Actual)
}

// sorted puts the lines with a prefix first.
func sorted(lines []string, prefix string) []string {
	var first, rest []string
	for _, l := range lines {
		if strings.HasPrefix(l, prefix) {
			first = append(first, l)
		} else {
			rest = append(rest, l)
		}
	}
	return append(first, rest...)
}

func TestMatchingHashVouchesForTheFilesBeforeIt(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	execute(t, conns, "UPDATE atlas_schema_revisions SET hash = 'of an attempt that failed' WHERE version = '0002'")
	require.Empty(t, checkLive(t, conns).Findings)
	execute(t, conns, "UPDATE atlas_schema_revisions SET hash = 'of another file' WHERE version > '0002'")
	require.Equal(t, []string{"edited 0002: migration edited after it was applied"}, summary(checkLive(t, conns)))
}

func TestDatabaseAheadOfTheProgram(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	_, err := schema.UpDir(t.Context(), conns, testdb.Dialect(), programDir(t, map[string]string{"9004_newer.sql": "CREATE TABLE newer (id text);\n"}))
	require.NoError(t, err)
	require.Equal(t, []string{"ahead 9004: migration unknown to this program"}, summary(checkLive(t, conns)),
		"what the unknown migration did is not drift")
	report, err := schema.Check(t.Context(), schema.CheckOptions{Dialect: testdb.Dialect(), Live: conns, Only: []schema.Kind{schema.KindLiveVsMigrations}})
	requireNoReport(t, report, err)
}

func TestFailedMigrationShowsWhereItStopped(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	dir := programDir(t, map[string]string{"9004_steps.sql": "-- atlas:txmode none\n\nCREATE TABLE first_step (x text);\nINSERT INTO second_step VALUES (1);\n"})
	_, err := schema.UpDir(t.Context(), conns, testdb.Dialect(), dir)
	require.Error(t, err)
	report := checkWith(t, schema.CheckOptions{Live: conns, Dir: dir, Dev: nil, Only: []schema.Kind{
		schema.KindFailed, schema.KindLiveVsMigrations, schema.KindPending, schema.KindEdited, schema.KindAhead}})
	require.Equal(t, []string{"failed 9004: migration stopped halfway"}, summary(report), "the statements that ran are no drift")
	f := report.Findings[0]
	assert.Equal(t, 4, f.Line)
	assert.Equal(t, "INSERT INTO second_step VALUES (1);", f.SQL)
	assert.Contains(t, f.Advice, "migrate up")
}

func TestTamperedDirectoryIsNotReplayed(t *testing.T) {
	folder := onDisk(t)
	path := filepath.Join(folder, string(testdb.Dialect()), "0003_add_performance_indexes.sql")
	require.NoError(t, os.WriteFile(path, []byte("DROP TABLE workspaces;\nTHIS IS NOT SQL;\n"), 0o600))
	report := checkWith(t, schema.CheckOptions{Folder: folder, Live: connect(t, testdb.Migrated(t)), Only: []schema.Kind{
		schema.KindFailed, schema.KindModelsVsMigrations, schema.KindLiveVsMigrations}})
	require.Equal(t, []string{"failed 0003_add_performance_indexes.sql: checksum mismatch"}, summary(report))
	unchecked, err := schema.Check(t.Context(), schema.CheckOptions{Dialect: testdb.Dialect(), Folder: folder, Live: connect(t, testdb.Migrated(t)),
		Only: []schema.Kind{schema.KindLiveVsMigrations}})
	requireNoReport(t, unchecked, err)
	require.NoError(t, os.Remove(filepath.Join(folder, string(testdb.Dialect()), "atlas.sum")))
	report = checkWith(t, schema.CheckOptions{Folder: folder, Only: []schema.Kind{schema.KindFailed}})
	require.Equal(t, []string{"failed atlas.sum: checksum file missing"}, summary(report))
}

func TestCheckThatCanNotBeMadeIsAnErrorAndNoDrift(t *testing.T) {
	closed := connect(t, testdb.Migrated(t))
	closed.SetMaxOpenConns(1)
	broken := programDir(t, map[string]string{"9004_broken.sql": "CREATE TABLE half (;\n"})
	cancelled := schema.CheckOptions{Live: closed}
	for name, o := range map[string]schema.CheckOptions{
		"absent folder":         {Folder: filepath.Join(t.TempDir(), "absent"), Dev: closed},
		"broken migration":      {Dir: broken, Dev: closed},
		"broken migration live": {Dir: broken, Live: closed},
	} {
		t.Run(name, func(t *testing.T) {
			o.Dialect = testdb.Dialect()
			report, err := schema.Check(t.Context(), o)
			requireNoReport(t, report, err)
		})
	}
	t.Run("live kind without a database", func(t *testing.T) {
		report, err := schema.Check(t.Context(), schema.CheckOptions{Dialect: testdb.Dialect(), Only: []schema.Kind{schema.KindPending}})
		requireNoReport(t, report, err)
	})
	t.Run("unknown dialect", func(t *testing.T) {
		report, err := schema.Check(t.Context(), schema.CheckOptions{Dialect: "oracle"})
		requireNoReport(t, report, err)
	})
	t.Run("closed database", func(t *testing.T) {
		cancelled.Dialect = testdb.Dialect()
		conns, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "secret-name.db"))
		require.NoError(t, err)
		require.NoError(t, conns.Close())
		cancelled.Live = conns
		report, err := schema.Check(t.Context(), cancelled)
		requireNoReport(t, report, err)
	})
}

func requireNoReport(t *testing.T, report schema.Report, err error) {
	t.Helper()
	var public *models.Error
	require.ErrorAs(t, err, &public)
	require.Equal(t, "error", report.Status)
	require.Equal(t, public.Message, report.Error)
	require.Empty(t, report.Findings)
	for _, secret := range []string{"postgres://", "secret-name", "127.0.0.1"} {
		require.NotContains(t, err.Error(), secret)
	}
}

func TestOnlyLimitsTheCheck(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	execute(t, conns, "ALTER TABLE jobs ADD COLUMN note text; UPDATE atlas_schema_revisions SET hash = 'x' WHERE version = '"+newest(t)+"'")
	for _, kind := range schema.Kinds() {
		report := checkWith(t, schema.CheckOptions{Live: conns, Only: []schema.Kind{kind}})
		for _, f := range report.Findings {
			require.Equal(t, kind, f.Kind)
		}
		require.Equal(t, kind == schema.KindLiveVsMigrations || kind == schema.KindEdited, report.Status == "drift")
	}
}

func TestChecksRunBesideMigrationsAndOneAnother(t *testing.T) {
	dialect := testdb.Dialect()
	o := testdb.Blank(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := schema.Up(t.Context(), connect(t, o), dialect)
		assert.NoError(t, err)
	})
	for range 3 {
		conns := connect(t, o)
		wg.Go(func() {
			for range 4 {
				report, err := schema.Check(t.Context(), schema.CheckOptions{Dialect: dialect, Live: conns})
				for migrating(err) {
					report, err = schema.Check(t.Context(), schema.CheckOptions{Dialect: dialect, Live: conns})
				}
				if assert.NoError(t, err) {
					for _, f := range report.Findings {
						assert.Equal(t, schema.KindPending, f.Kind, f)
					}
				}
			}
		})
	}
	wg.Wait()
	require.Empty(t, checkLive(t, connect(t, o)).Findings)
}

// migrating tells whether a check gave up because migration after migration was applied beside it.
func migrating(err error) bool {
	known, ok := errors.AsType[*models.Error](err)
	return ok && known.Kind == models.KindConflict
}

func TestDirectoryAloneNeedsNoDatabase(t *testing.T) {
	require.Empty(t, checkWith(t, schema.CheckOptions{Dev: devServer(t)}).Findings)
	dir := memDir(t, []migrate.File{})
	report := checkWith(t, schema.CheckOptions{Dir: dir, Dev: devServer(t)})
	require.Len(t, report.Findings, len(models.All()))
}
