package models_test

import (
	"database/sql"
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
	emptied, err := models.EmptyLog(t.Context(), db)
	require.NoError(t, err)
	require.True(t, emptied)
}

func TestEmptyLogWaitsForAMomentWithoutReaders(t *testing.T) {
	o := testdb.Migrated(t)
	db := testdb.Connect(t, o)
	if testdb.Dialect() == models.Postgres {
		emptied, err := models.EmptyLog(t.Context(), db)
		require.NoError(t, err)
		require.True(t, emptied, "there is no such log")
		return
	}
	logged := func() int64 {
		info, err := os.Stat(o.DSN + "-wal")
		require.NoError(t, err)
		return info.Size()
	}
	reading := db.Begin(&sql.TxOptions{ReadOnly: true})
	require.NoError(t, reading.Find(&[]models.Workspace{}).Error)
	require.NoError(t, db.Create(&models.Workspace{Name: "new"}).Error)
	emptied, err := models.EmptyLog(t.Context(), db)
	require.NoError(t, err)
	require.False(t, emptied, "the reader needs what the log holds")
	require.Positive(t, logged())

	require.NoError(t, reading.Rollback().Error)
	emptied, err = models.EmptyLog(t.Context(), db)
	require.NoError(t, err)
	require.True(t, emptied)
	require.Zero(t, logged())
	var wait int
	require.NoError(t, db.Raw("SELECT timeout FROM pragma_busy_timeout").Scan(&wait).Error)
	require.Positive(t, wait, "the connection waits for locks again")
}
