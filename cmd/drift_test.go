package cmd

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/tests/testdb"
)

func TestDriftInSync(t *testing.T) {
	useDatabase(t, testdb.Blank(t))
	code, out, errOut := run(t, "", "drift")
	require.Equal(t, 0, code, errOut)
	require.Contains(t, out, "In sync")

	code, out, errOut = run(t, "", "drift", "--format", "json")
	require.Equal(t, 0, code, errOut)
	var report map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &report))
	require.Equal(t, "in_sync", report["status"])
	require.Equal(t, string(testdb.Dialect()), report["dialect"])
	require.Equal(t, []any{}, report["findings"])
	_, err := time.Parse(time.RFC3339, report["checked_at"].(string))
	require.NoError(t, err)
}

func TestDriftThatCannotBeCheckedIsExitCode2(t *testing.T) {
	useDatabase(t, models.OpenOptions{Dialect: models.SQLite, DSN: t.TempDir() + "/app.db"})
	for name, args := range map[string][]string{
		"unknown dialect":    {"--dialect", "oracle"},
		"unknown format":     {"--format", "xml"},
		"no Postgres server": {"--dialect", "postgres"},
		"no Postgres URL":    {"--dialect", "postgres", "--dev-url", "sqlite:///app.db"},
		"nobody listens":     {"--dialect", "all", "--dev-url", "postgres://user:hunter2@127.0.0.1:1/x?connect_timeout=2"},
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

func TestDriftReportShowsEachMissingStatementOnce(t *testing.T) {
	finding := func(dialect models.Dialect, object, sql string) schema.Finding {
		return schema.Finding{Kind: schema.KindModelsVsMigrations, Dialect: dialect, Object: object, Change: "column added", SQL: sql}
	}
	report := driftReport{Status: "drift", Dialect: allDialects, Findings: []schema.Finding{
		finding(models.SQLite, "jobs.a", "ALTER TABLE jobs …;"),
		finding(models.SQLite, "jobs.b", "ALTER TABLE jobs …;"),
		finding(models.Postgres, "jobs.a", "ALTER TABLE jobs …;"),
	}}
	var out bytes.Buffer
	require.NoError(t, printDrift(&out, "text", report))
	require.Equal(t, 2, bytes.Count(out.Bytes(), []byte("ALTER TABLE")), "once a database")
	for _, want := range []string{"sqlite    jobs.a: column added", "sqlite    jobs.b: column added", "make migration"} {
		require.Contains(t, out.String(), want)
	}
}
