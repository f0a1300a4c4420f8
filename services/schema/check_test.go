package schema_test

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"

	"resume-matcher/services/schema"
	"resume-matcher/tests/testdb"
)

func checkLive(t testing.TB, conns *sql.DB) schema.Report {
	t.Helper()
	report, err := schema.Check(t.Context(), schema.CheckOptions{Dialect: testdb.Dialect(), Live: conns})
	require.NoError(t, err)
	return report
}

func TestFreshlyMigratedDatabaseIsInSync(t *testing.T) {
	conns := connect(t, testdb.Migrated(t))
	for range 2 {
		report := checkLive(t, conns)
		require.Empty(t, report.Findings)
		require.Equal(t, "in_sync", report.Status)
	}
}
