package models_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	gormlogger "gorm.io/gorm/logger"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

func newWorkspace(t testing.TB, db *gorm.DB) models.Workspace {
	t.Helper()
	w := models.Workspace{Name: "Test", LastUsedAt: time.Now().UTC().Truncate(time.Microsecond)}
	require.NoError(t, db.Create(&w).Error)
	return w
}

func newResume(workspace, content string) *models.Resume {
	return &models.Resume{
		WorkspaceID: workspace, Origin: models.OriginUpload, Content: content,
		ContentType: "text/markdown", ProcessingStatus: models.StatusReady,
	}
}

func TestManyGoroutinesReadTheirOwnWrites(t *testing.T) {
	db := testdb.Open(t)
	w := newWorkspace(t, db)
	const goroutines, rounds = 64, 10
	errs := make(chan error, goroutines)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range rounds {
				if err := writeAndRead(db, w.ID, fmt.Sprintf("content %d of %d", i, g), i%2 == 0); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
	var count int64
	require.NoError(t, db.Model(&models.Resume{}).Count(&count).Error)
	require.EqualValues(t, goroutines*rounds, count)
}

// writeAndRead creates a résumé, in a transaction or not, changes it and reads it back each time.
func writeAndRead(db *gorm.DB, workspace, content string, inTransaction bool) error {
	r := newResume(workspace, content)
	create := func(tx *gorm.DB) error {
		if err := tx.Create(r).Error; err != nil {
			return err
		}
		return tx.Take(&models.Resume{}, "id = ?", r.ID).Error
	}
	run := create
	if inTransaction {
		run = func(db *gorm.DB) error { return db.Transaction(create) }
	}
	if err := run(db); err != nil {
		return err
	}
	var title string
	err := db.Raw("UPDATE resumes SET title = ? WHERE id = ? RETURNING title", content, r.ID).Row().Scan(&title)
	if err != nil || title != content {
		return fmt.Errorf("updated title %q: %w", title, err)
	}
	var read models.Resume
	if err := db.Take(&read, "id = ?", r.ID).Error; err != nil {
		return err
	}
	if read.Title != content {
		return fmt.Errorf("read title %q after writing %q", read.Title, content)
	}
	return nil
}

func TestBrokenConstraintsAreTranslated(t *testing.T) {
	db := testdb.Open(t)
	w := newWorkspace(t, db)
	require.NoError(t, db.Create(newResume(w.ID, "same")).Error)
	unknownOrigin := newResume(w.ID, "odd")
	unknownOrigin.Origin = "stolen"
	for name, tt := range map[string]struct {
		row  any
		want error
	}{
		"primary key":  {&models.Workspace{ID: w.ID}, gorm.ErrDuplicatedKey},
		"unique index": {newResume(w.ID, "same"), gorm.ErrDuplicatedKey},
		"foreign key":  {newResume("nowhere", "other"), gorm.ErrForeignKeyViolated},
		"check":        {unknownOrigin, gorm.ErrCheckConstraintViolated},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, db.Create(tt.row).Error, tt.want)
		})
	}
}

func TestPartialUniqueIndexes(t *testing.T) {
	db := testdb.Open(t)
	a, b := newWorkspace(t, db), newWorkspace(t, db)
	create := func(workspace, content string, change func(*models.Resume)) error {
		r := newResume(workspace, content)
		change(r)
		return db.Create(r).Error
	}
	tailored := func(r *models.Resume) { r.Origin = models.OriginTailored }
	master := func(r *models.Resume) { r.IsMaster = true }
	same := func(*models.Resume) {}
	require.NoError(t, create(a.ID, "x", master))
	require.NoError(t, create(b.ID, "x", master), "another workspace has its own uploads and master")
	require.NoError(t, create(a.ID, "x", tailored), "a tailored version may equal an upload")
	require.NoError(t, create(a.ID, "x", tailored), "and another tailored version")
	require.ErrorIs(t, create(a.ID, "x", same), gorm.ErrDuplicatedKey)
	require.ErrorIs(t, create(a.ID, "y", master), gorm.ErrDuplicatedKey)
}

func TestDeletingAWorkspaceDeletesWhatItOwns(t *testing.T) {
	db := testdb.Open(t)
	w := newWorkspace(t, db)
	r := newResume(w.ID, "x")
	r.Processed = &models.ProcessedResume{WorkspaceID: w.ID, StructureVersion: "1"}
	require.NoError(t, db.Create(r).Error)
	job := models.Job{WorkspaceID: w.ID, ResumeID: &r.ID, Content: "posting"}
	require.NoError(t, db.Create(&job).Error)
	require.NoError(t, db.Delete(&models.Resume{}, "id = ?", r.ID).Error)
	var kept models.Job
	require.NoError(t, db.Take(&kept, "id = ?", job.ID).Error)
	assert.Nil(t, kept.ResumeID, "a job outlives its résumé")
	require.NoError(t, db.Delete(&w).Error)
	for _, model := range []any{&models.Resume{}, &models.ProcessedResume{}, &models.Job{}} {
		var count int64
		require.NoError(t, db.Model(model).Count(&count).Error)
		assert.Zero(t, count, "%T", model)
	}
}

func TestStoredTimesReadBackEqualAndInUTC(t *testing.T) {
	db := testdb.Open(t)
	zone := time.FixedZone("far", 5*60*60+30*60)
	used := time.Date(2026, 3, 1, 2, 30, 0, 120_000_000, zone)
	w := models.Workspace{Name: "Test", LastUsedAt: used}
	require.NoError(t, db.Create(&w).Error)
	var read models.Workspace
	require.NoError(t, db.Take(&read, "id = ?", w.ID).Error)
	require.True(t, read.CreatedAt.Equal(w.CreatedAt), "%s, want %s", read.CreatedAt, w.CreatedAt)
	require.Equal(t, used.UTC(), read.LastUsedAt)
	require.Equal(t, time.UTC, read.CreatedAt.Location())
	var count int64
	require.NoError(t, db.Model(&models.Workspace{}).
		Where("last_used_at > ? AND last_used_at < ?", used.Add(-time.Millisecond), used.Add(time.Millisecond)).Count(&count).Error)
	require.EqualValues(t, 1, count, "times compare in order")
}

func TestTransactionRollsBack(t *testing.T) {
	db := testdb.Open(t)
	stop := errors.New("stop")
	err := db.Transaction(func(tx *gorm.DB) error {
		newWorkspace(t, tx)
		return stop
	})
	require.ErrorIs(t, err, stop)
	var count int64
	require.NoError(t, db.Model(&models.Workspace{}).Count(&count).Error)
	require.Zero(t, count)
}

func TestWaitForAConnectionIsBounded(t *testing.T) {
	o := testdb.Migrated(t)
	o.PoolSize, o.MaxOverflow, o.PoolTimeout = 1, 0, 20*time.Millisecond
	db := testdb.Connect(t, o)
	tx := db.Begin()
	require.NoError(t, tx.Error)
	write := "UPDATE workspaces SET name = '' RETURNING name"
	for name, try := range map[string]func() error{
		"exec":  func() error { return db.Exec("UPDATE workspaces SET name = ''").Error },
		"begin": func() error { return db.Begin().Error },
		"rows":  func() error { _, err := db.Raw(write).Rows(); return err },
		"row":   func() error { var s string; return db.Raw(write).Row().Scan(&s) },
	} {
		t.Run(name, func(t *testing.T) {
			err := try()
			require.ErrorIs(t, err, models.ErrPoolTimeout)
			var public *models.Error
			require.ErrorAs(t, err, &public)
			require.Equal(t, models.KindUnavailable, public.Kind)
		})
	}
	require.NoError(t, tx.Rollback().Error)
	require.Eventually(t, func() bool { return models.Pools(db)[0].DB.Stats().InUse == 0 }, 30*time.Second, time.Millisecond)
	require.NoError(t, db.Exec("UPDATE workspaces SET name = ''").Error, "the connection is free again")
}

func TestFailuresAreLeftToTheCallerToLog(t *testing.T) {
	var log bytes.Buffer
	o := testdb.Migrated(t)
	o.Logger = gormlogger.NewSlogLogger(slog.New(slog.NewTextHandler(&log, nil)), gormlogger.Config{LogLevel: gormlogger.Warn})
	db := testdb.Connect(t, o)
	require.ErrorIs(t, db.Take(&models.Workspace{}, "id = ?", "absent").Error, gorm.ErrRecordNotFound)
	require.ErrorContains(t, db.Exec("UPDATE no_such_table SET name = ?", "private").Error, "no_such_table")
	require.Empty(t, log.String())
}

func TestSQLiteFileNamesAndMode(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"plain.db", "with space.db", "odd?name.db", "odd#name.db", "50%.db"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(folder, name)
			db := testdb.Connect(t, models.OpenOptions{Dialect: models.SQLite, DSN: path})
			require.NoError(t, db.Exec("CREATE TABLE t (x)").Error)
			var count int
			require.NoError(t, db.Raw("SELECT count(*) FROM t").Scan(&count).Error)
			info, err := os.Stat(path)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		})
	}
}

func TestSQLiteInMemoryIsOneDatabase(t *testing.T) {
	db := testdb.Connect(t, models.OpenOptions{Dialect: models.SQLite, DSN: ":memory:"})
	require.NoError(t, db.Exec("CREATE TABLE t (x)").Error)
	var count int
	require.NoError(t, db.Raw("SELECT count(*) FROM t").Scan(&count).Error)
}

func TestOpenErrorsAreClearAndHoldNoURL(t *testing.T) {
	notADatabase := filepath.Join(t.TempDir(), "text.db")
	require.NoError(t, os.WriteFile(notADatabase, []byte(strings.Repeat("just some text ", 100)), 0o600))
	for name, tt := range map[string]struct {
		options models.OpenOptions
		want    string
	}{
		"unknown dialect":  {models.OpenOptions{Dialect: "oracle", DSN: "oracle://user:hunter2@db.example.com"}, "must be sqlite or postgres"},
		"malformed URL":    {models.OpenOptions{Dialect: models.Postgres, DSN: "postgres://user:hunter2@db.example.com:port/x"}, "not a valid Postgres URL"},
		"nobody listens":   {models.OpenOptions{Dialect: models.Postgres, DSN: "postgres://user:hunter2@127.0.0.1:1/x?connect_timeout=2"}, "nothing listens at the host and port"},
		"unknown host":     {models.OpenOptions{Dialect: models.Postgres, DSN: "postgres://user:hunter2@db.invalid/x?connect_timeout=2"}, "Can't reach the Postgres database"},
		"missing folder":   {models.OpenOptions{Dialect: models.SQLite, DSN: filepath.Join(t.TempDir(), "absent", "app.db")}, "its folder must exist"},
		"another file":     {models.OpenOptions{Dialect: models.SQLite, DSN: notADatabase}, "not an SQLite database"},
		"folder as a file": {models.OpenOptions{Dialect: models.SQLite, DSN: t.TempDir()}, "Can't open the SQLite database"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			_, err := models.Open(ctx, tt.options)
			var public *models.Error
			require.ErrorAs(t, err, &public)
			assert.Contains(t, public.Message, tt.want)
			assert.NotContains(t, err.Error(), "hunter2")
			assert.NotContains(t, err.Error(), "user")
		})
	}
}
