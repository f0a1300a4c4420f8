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

func BenchmarkLiveCheck(b *testing.B) {
	conns := connect(b, testdb.Migrated(b))
	o := schema.CheckOptions{Dialect: testdb.Dialect(), Live: conns, Only: []schema.Kind{schema.KindLiveVsMigrations}}
	for b.Loop() {
		report, err := schema.Check(b.Context(), o)
		require.NoError(b, err)
		require.Empty(b, report.Findings)
	}
}
