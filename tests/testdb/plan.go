package testdb

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
)

// Plan returns how the database would carry out a query, one step a line.
func Plan(tb testing.TB, db *gorm.DB, query func(tx *gorm.DB) *gorm.DB) string {
	tb.Helper()
	explain := "EXPLAIN QUERY PLAN "
	if Dialect() == models.Postgres {
		explain = "EXPLAIN "
	}
	statement := query(db.Session(&gorm.Session{DryRun: true})).Statement
	rows, err := db.ConnPool.QueryContext(tb.Context(), explain+statement.SQL.String(), statement.Vars...)
	require.NoError(tb, err)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(tb, err)
	values := make([]any, len(columns))
	for i := range values {
		values[i] = new(any)
	}
	var plan strings.Builder
	for rows.Next() {
		require.NoError(tb, rows.Scan(values...))
		// What a step does stands last, after SQLite's numbers.
		fmt.Fprintln(&plan, *values[len(values)-1].(*any))
	}
	require.NoError(tb, rows.Err())
	return plan.String()
}
