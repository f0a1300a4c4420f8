package schema_test

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/tests/testdb"
)

// manualChange is something an operator does to a database by hand, and all that the check must say of it.
type manualChange struct {
	name, sql string
	// want holds the object and change of each finding.
	want []string
	// irreversible changes lost what their reverse would need, or need the order of a person.
	irreversible bool
}

// testManualChanges makes each change and undoes it with the SQL the findings give, which leaves the database as it
// was for the next one.
func testManualChanges(t *testing.T, dialect models.Dialect, changes []manualChange) {
	require.GreaterOrEqual(t, len(changes), 30)
	var conns *sql.DB
	for _, change := range changes {
		if conns == nil {
			conns = connect(t, testdb.Migrated(t))
		}
		restored := t.Run(change.name, func(t *testing.T) {
			execute(t, conns, change.sql)
			report := checkLive(t, conns)
			require.Equal(t, "drift", report.Status)
			var got []string
			for _, f := range report.Findings {
				got = append(got, f.Object+": "+f.Change)
				assert.Equal(t, schema.KindLiveVsMigrations, f.Kind)
				assert.Equal(t, dialect, f.Dialect)
				assert.NotEmpty(t, f.Severity)
				assert.NotEmpty(t, f.Advice)
				assert.NotEmpty(t, f.SQL, f.Object)
				assert.NotEmpty(t, f.Expected+f.Actual, f.Object)
				assert.NotEqual(t, f.Expected, f.Actual, f.Object)
			}
			require.Equal(t, change.want, got)
			if !change.irreversible {
				reconcile(t, conns, report)
				require.Empty(t, checkLive(t, conns).Findings, "the SQL of the findings brings the database back")
			}
		})
		if !restored || change.irreversible {
			conns = nil
		}
	}
}

// reconcile runs what the findings advise; those of one table share their SQL.
func reconcile(t *testing.T, conns *sql.DB, report schema.Report) {
	t.Helper()
	done := map[string]bool{}
	for _, f := range report.Findings {
		if !done[f.SQL] {
			execute(t, conns, f.SQL)
		}
		done[f.SQL] = true
	}
}

func execute(t testing.TB, conns *sql.DB, statements string) {
	t.Helper()
	_, err := conns.ExecContext(t.Context(), statements)
	require.NoError(t, err, statements)
}

// situation is something that may happen to a database and is no drift.
type situation struct {
	name, sql string
}

// testLegal makes one situation after the other in the same database and expects silence.
func testLegal(t *testing.T, situations []situation) {
	require.GreaterOrEqual(t, len(situations), 15)
	o := testdb.Migrated(t)
	for _, s := range situations {
		t.Run(s.name, func(t *testing.T) {
			// Settings of the database hold for new connections.
			conns := connect(t, o)
			execute(t, conns, s.sql)
			require.Empty(t, checkLive(t, conns).Findings)
			require.Empty(t, checkLive(t, conns).Findings)
		})
	}
}
