package testdb

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
)

// Contents returns every row of every table as text, sorted, by the tables' names.
func Contents(tb testing.TB, db *gorm.DB) map[string][]string {
	tb.Helper()
	tables := map[string][]string{}
	for _, model := range models.All() {
		statement := gorm.Statement{DB: db}
		require.NoError(tb, statement.Parse(model))
		var rows []map[string]any
		require.NoError(tb, db.Table(statement.Table).Find(&rows).Error)
		texts := make([]string, len(rows))
		for i, row := range rows {
			text, err := json.Marshal(row)
			require.NoError(tb, err)
			texts[i] = string(text)
		}
		slices.Sort(texts)
		tables[statement.Table] = texts
	}
	return tables
}
