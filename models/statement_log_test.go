package models_test

import (
	"bytes"
	"database/sql"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	gormlogger "gorm.io/gorm/logger"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

func TestNoParameterIsLogged(t *testing.T) {
	const private = "jane@example.org"
	o := testdb.Migrated(t)
	var log bytes.Buffer
	o.Logger = gormlogger.NewSlogLogger(slog.New(slog.NewTextHandler(&log, nil)), gormlogger.Config{LogLevel: gormlogger.Info, SlowThreshold: time.Nanosecond})
	db := testdb.Connect(t, o)
	var n int64
	var names []string
	for name, err := range map[string]error{
		"find":           db.Find(&[]models.Resume{}, "title = ?", private).Error,
		"count":          db.Model(&models.Resume{}).Where("title = ?", private).Count(&n).Error,
		"pluck":          db.Model(&models.Resume{}).Where("title = ?", private).Pluck("title", &names).Error,
		"scan":           db.Model(&models.Resume{}).Where("title = ?", private).Select("title").Scan(&names).Error,
		"raw":            db.Raw("SELECT title FROM resumes WHERE title = ?", private).Scan(&names).Error,
		"raw with names": db.Raw("SELECT title FROM resumes WHERE title = @t", sql.Named("t", private)).Scan(&names).Error,
		"exec":           db.Exec("UPDATE resumes SET title = ? WHERE title = ?", private, private).Error,
		"update":         db.Model(&models.Resume{}).Where("title = ?", private).UpdateColumn("title", private).Error,
	} {
		require.NoError(t, err, name)
	}
	require.Error(t, db.Raw("SELECT title FROM nowhere WHERE title = ?", private).Scan(&names).Error)
	require.Contains(t, log.String(), "title")
	assert.NotContains(t, log.String(), private)
}
