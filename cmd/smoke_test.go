package cmd

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/smoke"
	"resume-matcher/tests/testdb"
)

func TestSmokeOfAFitDatabase(t *testing.T) {
	o := testdb.Migrated(t)
	useDatabase(t, o)
	code, out, errOut := run(t, "", "smoke")
	require.Equal(t, 0, code, errOut)
	assert.Regexp(t, `(?m)^ok      database  \w+ [\d.]+`, out)
	assert.Regexp(t, `(?m)^ok      schema    version \d+, \d+ applied, 0 pending, in sync$`, out)

	code, out, errOut = run(t, "", "smoke", "--format", "json")
	require.Equal(t, 0, code, errOut)
	var report smoke.Report
	require.NoError(t, json.Unmarshal([]byte(out), &report))
	assert.Equal(t, o.Dialect, report.Dialect)
	assert.Len(t, report.Checks, 7)
}

func TestSmokeOfADriftedDatabaseIsExitCode1(t *testing.T) {
	o := testdb.Migrated(t)
	useDatabase(t, o)
	execSQL(t, o, "ALTER TABLE jobs ADD COLUMN by_hand text")
	code, out, _ := run(t, "", "smoke")
	require.Equal(t, 1, code)
	assert.Contains(t, out, "drift (1): run: resume-matcher drift")
}

func TestSmokeWithoutADatabaseIsExitCode2(t *testing.T) {
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"no file":      {nil, "no database file yet"},
		"no server":    {[]string{"--database-url", "postgres://user:hunter2@127.0.0.1:1/x?connect_timeout=2"}, "Can't reach the Postgres database"},
		"wrong URL":    {[]string{"--database-url", "mysql://user:hunter2@h/x"}, "--database-url must begin with"},
		"wrong format": {[]string{"--format", "xml"}, "--format must be text or json"},
	} {
		t.Run(name, func(t *testing.T) {
			useDatabase(t, models.OpenOptions{Dialect: models.SQLite, DSN: filepath.Join(t.TempDir(), "absent.db")})
			code, out, errOut := run(t, "", append([]string{"smoke"}, tt.args...)...)
			require.Equal(t, 2, code)
			assert.Empty(t, out)
			assert.Contains(t, errOut, tt.want)
			assert.NotContains(t, errOut, "hunter2")
		})
	}
}

func TestSmokeReadsThePoolerSetting(t *testing.T) {
	t.Setenv("DB_POOLER", "perhaps")
	useDatabase(t, testdb.Migrated(t))
	code, _, errOut := run(t, "", "smoke")
	require.Equal(t, 2, code)
	assert.Contains(t, errOut, "DB_POOLER must be one of auto, on, off")
}
