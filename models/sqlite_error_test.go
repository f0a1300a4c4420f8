package models_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

// TestAFullDiskIsUnavailableSQLiteOnly lets the file grow no more, which fails as a full disk does.
func TestAFullDiskIsUnavailableSQLiteOnly(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("Postgres has a disk of its own")
	}
	db := testdb.Open(t)
	w := newWorkspace(t, db)
	require.NoError(t, db.Exec("PRAGMA max_page_count = 1").Error, "no less than it has")
	large := strings.Repeat("A long story. ", 100_000)
	create := func(tx *gorm.DB) error { return tx.Create(newResume(w.ID, large)).Error }
	for name, try := range map[string]func() error{
		"statement":   func() error { return create(db) },
		"transaction": func() error { return db.Transaction(create) },
	} {
		t.Run(name, func(t *testing.T) {
			err := try()
			requireUnavailable(t, err)
			var public *models.Error
			require.True(t, errors.As(err, &public))
			assert.Contains(t, public.Message, "disk")
			assert.Contains(t, public.Message, "full")
		})
	}
	var rows int64
	require.NoError(t, db.Model(&models.Resume{}).Count(&rows).Error)
	assert.Zero(t, rows)
	require.NoError(t, db.Exec("PRAGMA max_page_count = 1000000").Error)
	require.NoError(t, create(db))
}
