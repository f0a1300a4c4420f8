package models_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

func TestCheckpointMovesTheLogIntoTheFile(t *testing.T) {
	o := testdb.Migrated(t)
	db := testdb.Connect(t, o)
	workspace := models.Workspace{Name: strings.Repeat("long name ", 1000)}
	require.NoError(t, db.Create(&workspace).Error)
	require.NoError(t, models.Checkpoint(t.Context(), db))
	if testdb.Dialect() == models.Postgres {
		return
	}
	content, err := os.ReadFile(o.DSN)
	require.NoError(t, err)
	require.Contains(t, string(content), "long name long name")
}

func TestCheckpointOfADatabaseInMemory(t *testing.T) {
	db := testdb.Connect(t, models.OpenOptions{Dialect: models.SQLite, DSN: ":memory:"})
	require.NoError(t, models.Checkpoint(t.Context(), db))
}
