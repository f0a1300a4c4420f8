package testdb_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

func TestOpenGivesEachTestItsOwnDatabase(t *testing.T) {
	for _, name := range []string{"first", "second"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := testdb.Open(t)
			var count int64
			require.NoError(t, db.Model(&models.Workspace{}).Count(&count).Error)
			require.Zero(t, count)
			require.NoError(t, db.Create(&models.Workspace{Name: "Test"}).Error)
			require.NoError(t, db.Model(&models.Workspace{}).Count(&count).Error)
			require.EqualValues(t, 1, count)
		})
	}
}

func TestBlankHasNoTables(t *testing.T) {
	db := testdb.Connect(t, testdb.Blank(t))
	for _, model := range models.All() {
		require.False(t, db.Migrator().HasTable(model))
	}
}
