package cmd

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/transfer"
	"resume-matcher/tests/testclock"
	"resume-matcher/tests/testdb"
)

// changeDatabase runs one change on a database that nothing else has open afterwards.
func changeDatabase(t *testing.T, o models.OpenOptions, change func(db *gorm.DB) error) {
	t.Helper()
	db, err := models.Open(t.Context(), o)
	require.NoError(t, err)
	require.NoError(t, change(db))
	require.NoError(t, models.Close(db))
}

// twoDatabases returns two migrated ones, the first with a workspace and a job.
func twoDatabases(t *testing.T) (from, to models.OpenOptions) {
	t.Helper()
	from, to = testdb.Migrated(t), testdb.Migrated(t)
	// This hides the variables that choose the tests' database, too.
	inFolderWith(t, "")
	changeDatabase(t, from, func(db *gorm.DB) error {
		w := models.Workspace{Name: "Test"}
		return db.Create(&models.Job{Workspace: &w, Content: "posting"}).Error
	})
	return from, to
}

func TestCopyComparesAndCountsTables(t *testing.T) {
	from, to := twoDatabases(t)
	code, out, errOut := run(t, "", "copy", "--from", from.DSN, "--to", to.DSN)
	require.Equal(t, exitOK, code, errOut)
	assert.Regexp(t, `(?m)^jobs +1 +1 +([0-9a-f]{32}) +[0-9a-f]{32} +equal$`, out)
	assert.Contains(t, out, "not copied: llm_flights, llm_flight_index")
	assert.Regexp(t, `All \d+ tables are equal\.`, out)
	assert.Contains(t, errOut, "copying 2 rows\n")
	assert.Contains(t, errOut, "copying: 2 of 2 rows")
	assert.Contains(t, errOut, "checking: 2 of 2 rows")
	assert.NotContains(t, errOut, "\x1b", "a bar is for terminals")
}

func TestCopyTakesItsDatabasesFromTheEnvironment(t *testing.T) {
	from, to := twoDatabases(t)
	t.Setenv("SOURCE_SQLITE", from.DSN)
	t.Setenv("TARGET_PG", to.DSN)
	code, out, errOut := run(t, "", "copy")
	require.Equal(t, exitOK, code, errOut)
	code, again, errOut := run(t, "", "copy")
	require.Equal(t, exitOK, code, errOut)
	assert.Equal(t, out, again)
	assert.Contains(t, errOut, "copying 2 rows, of which 2 are there already")
}

func TestCopyRefusesAndTruncates(t *testing.T) {
	from, to := twoDatabases(t)
	changeDatabase(t, to, func(db *gorm.DB) error { return db.Create(&models.Workspace{Name: "Other"}).Error })
	code, out, errOut := run(t, "", "copy", "--from", from.DSN, "--to", to.DSN)
	require.Equal(t, exitUsage, code)
	assert.Empty(t, out)
	assert.Contains(t, errOut, "--truncate")
	code, _, errOut = run(t, "", "copy", "--from", from.DSN, "--to", to.DSN, "--truncate")
	require.Equal(t, exitOK, code, errOut)
	assert.Contains(t, errOut, "copying 2 rows, after removing 1 row from the target")
}

func TestCopyNamesTheFlagOfATargetBehindAPooler(t *testing.T) {
	from, _ := twoDatabases(t)
	code, _, errOut := run(t, "", "copy", "--from", from.DSN, "--to", "postgres://app@127.0.0.1:1/app?pgbouncer=true")
	require.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "--to leads through a transaction pooler")
	assert.NotContains(t, errOut, "migrate up", "advice for another command")
}

func TestCopyExitsWithFailureIfTablesDiffer(t *testing.T) {
	from, to := twoDatabases(t)
	changeDatabase(t, to, func(db *gorm.DB) error {
		if to.Dialect == models.SQLite {
			return db.Exec("CREATE TRIGGER spoil AFTER INSERT ON jobs BEGIN UPDATE jobs SET language = 'xx'; END").Error
		}
		return db.Exec("CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.language = 'xx'; RETURN new; END $$;" +
			"CREATE TRIGGER spoil BEFORE INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION spoil()").Error
	})
	code, out, errOut := run(t, "", "copy", "--from", from.DSN, "--to", to.DSN)
	require.Equal(t, exitFailure, code)
	assert.Regexp(t, `(?m)^jobs +1 +1 +.* DIFFERENT$`, out)
	assert.NotContains(t, out, "tables are equal")
	assert.Contains(t, errOut, "1 table not equal")
}

func TestWrongUseOfCopy(t *testing.T) {
	blank := testdb.Blank(t)
	from, to := twoDatabases(t)
	absent := filepath.Join(t.TempDir(), "absent.db")
	changeDatabase(t, blank, func(db *gorm.DB) error { return db.Exec("SELECT 1").Error })
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"no source":         {[]string{"--to", to.DSN}, "--from or SOURCE_SQLITE"},
		"no target":         {[]string{"--from", from.DSN}, "--to or TARGET_PG"},
		"malformed":         {[]string{"--from", from.DSN, "--to", "postgres://app:hunter2@h:port/x"}, "--to must have a port"},
		"nobody listens":    {[]string{"--from", "postgres://app:hunter2@127.0.0.1:1/x", "--to", to.DSN}, "host and port of --from"},
		"absent source":     {[]string{"--from", absent, "--to", to.DSN}, "there is no file"},
		"absent target":     {[]string{"--from", from.DSN, "--to", absent}, "resume-matcher migrate up"},
		"the same":          {[]string{"--from", from.DSN, "--to", from.DSN}, "the same database"},
		"schema of the old": {[]string{"--from", from.DSN, "--to", blank.DSN}, "migrate up"},
		"no batch":          {[]string{"--from", from.DSN, "--to", to.DSN, "--batch", "0"}, "--batch"},
		"an argument":       {[]string{from.DSN, to.DSN}, "unknown command"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errOut := run(t, "", append([]string{"copy"}, tt.args...)...)
			require.Equal(t, exitUsage, code, errOut)
			assert.Empty(t, out)
			assert.Contains(t, errOut, tt.want)
			assert.NotContains(t, errOut, "hunter2")
		})
	}
	assert.NoFileExists(t, absent)
}

func TestCopyProgressOnATerminalIsOneLineAPhase(t *testing.T) {
	var w bytes.Buffer
	clock := testclock.At(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	p := &copyProgress{w: &w, terminal: true, now: clock.Now}
	p.show(transfer.Progress{Phase: transfer.Copying, Table: "jobs", Done: 0, Total: 4})
	clock.Advance(barEvery)
	p.show(transfer.Progress{Phase: transfer.Copying, Table: "jobs", Done: 2, Total: 4})
	clock.Advance(barEvery - 1)
	p.show(transfer.Progress{Phase: transfer.Copying, Table: "jobs", Done: 3, Total: 4})
	p.show(transfer.Progress{Phase: transfer.Copying, Table: "jobs", Done: 4, Total: 4})
	p.show(transfer.Progress{Phase: transfer.Checking, Done: 4, Total: 4})
	p.end()
	lines := strings.Split(strings.TrimSuffix(w.String(), "\n"), "\n")
	require.Len(t, lines, 2)
	assert.Equal(t, 3, strings.Count(lines[0], "\r"), "a third one so soon after is not drawn")
	assert.Contains(t, lines[0], "["+strings.Repeat("#", 15)+strings.Repeat(".", 15)+"] copying: 2 of 4 rows")
	assert.Contains(t, lines[0], "["+strings.Repeat("#", 30)+"] copying: 4 of 4 rows")
	assert.Contains(t, lines[1], "checking: 4 of 4 rows")
}
