package transfer_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/transfer"
	"resume-matcher/tests/testdb"
)

// sqliteTemplate is a migrated, empty SQLite file; testdb makes only the databases the whole run is on.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "transfer")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "template.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		return nil, err
	}
	conns, err := sql.Open("sqlite", path)
	if err != nil {
		return nil, err
	}
	if err := migrate(conns); err != nil {
		return nil, err
	}
	if err := conns.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// newDatabase returns a migrated, empty database.
func newDatabase(t testing.TB, dialect models.Dialect) models.OpenOptions {
	t.Helper()
	if dialect == testdb.Dialect() {
		return testdb.Migrated(t)
	}
	require.Equal(t, models.SQLite, dialect)
	content, err := sqliteTemplate()
	require.NoError(t, err)
	o := models.OpenOptions{Dialect: models.SQLite, DSN: filepath.Join(t.TempDir(), "test.db")}
	require.NoError(t, os.WriteFile(o.DSN, content, 0o600))
	return o
}

// forEachPair runs the test for every direction that the run's databases allow.
func forEachPair(t *testing.T, test func(t *testing.T, from, to models.Dialect)) {
	pairs := [][2]models.Dialect{{models.SQLite, models.SQLite}}
	if testdb.Dialect() == models.Postgres {
		pairs = [][2]models.Dialect{
			{models.SQLite, models.Postgres}, {models.Postgres, models.SQLite}, {models.Postgres, models.Postgres},
		}
	}
	for _, p := range pairs {
		t.Run(fmt.Sprintf("%s to %s", p[0], p[1]), func(t *testing.T) { test(t, p[0], p[1]) })
	}
}

func openSource(o models.OpenOptions) (transfer.Database, error) {
	d := transfer.Database{Dialect: o.Dialect}
	var err error
	if o.Dialect == models.Postgres {
		d.Conns, err = models.OpenPostgresSQL(background, o)
	} else {
		d.Conns, err = models.OpenSQLiteReadOnly(background, o.DSN)
	}
	return d, err
}

func openTarget(o models.OpenOptions) (transfer.Database, error) {
	if o.Dialect == models.Postgres {
		return openSource(o)
	}
	conns, err := models.OpenSQLiteAlone(background, o.DSN)
	return transfer.Database{Conns: conns, Dialect: o.Dialect}, err
}

// copyDatabase does what the command does.
func copyDatabase(t testing.TB, from, to models.OpenOptions, o transfer.Options) (transfer.Plan, []transfer.Result, error) {
	t.Helper()
	var err error
	o.From, err = openSource(from)
	require.NoError(t, err)
	defer o.From.Conns.Close()
	o.To, err = openTarget(to)
	require.NoError(t, err)
	defer o.To.Conns.Close()
	c, err := transfer.Prepare(t.Context(), o)
	if err != nil {
		return transfer.Plan{}, nil, err
	}
	results, err := c.Run(t.Context())
	require.NoError(t, c.Close())
	return c.Plan(), results, err
}

func requireEqual(t testing.TB, results []transfer.Result) {
	t.Helper()
	require.NotEmpty(t, results)
	for _, r := range results {
		require.True(t, r.Equal(), "%s: %d and %d rows", r.Table, r.Source.Rows, r.Target.Rows)
	}
}

// use gives the test a database as the program opens it.
func use(t testing.TB, o models.OpenOptions, work func(db *gorm.DB)) {
	t.Helper()
	db, err := models.Open(t.Context(), o)
	require.NoError(t, err)
	work(db)
	require.NoError(t, models.Close(db))
}

func create(t testing.TB, db *gorm.DB, rows ...any) {
	t.Helper()
	for _, row := range rows {
		require.NoError(t, db.Create(row).Error)
	}
}

// id returns ids that are ordered as their numbers.
func id(n int) string { return fmt.Sprintf("0198aaaa-0000-7000-8000-%012d", n) }

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123_456_000, time.UTC)

// fill makes one workspace with n résumés, their jobs and all that belongs to them. Of each three résumés, two are
// tailored versions: of the one before, and of one that comes later in the order of the keys.
func fill(t testing.TB, o models.OpenOptions, n int) {
	t.Helper()
	use(t, o, func(db *gorm.DB) {
		require.NoError(t, db.Transaction(func(tx *gorm.DB) error {
			create(t, tx, &models.Workspace{ID: id(0), Name: "Straße 東京 \U0001F600", CreatedAt: noon, LastUsedAt: noon.Add(time.Microsecond)})
			for i := n; i >= 1; i-- {
				create(t, tx, newResume(i, n))
			}
			for i := 1; i <= n; i++ {
				fillOne(t, tx, i)
			}
			return nil
		}))
	})
}

func newResume(i, n int) *models.Resume {
	r := &models.Resume{
		ID: id(i), WorkspaceID: id(0), Origin: models.OriginUpload, IsMaster: i == 3, ContentType: "text/markdown",
		Content: fmt.Sprintf("# Résumé %d\n\n\"quoted\" \\ and\ttabs, %s", i, "e\u0301 ﬁ 履歴書"), Filename: "résumé.pdf",
		ProcessingStatus: models.StatusReady, CreatedAt: noon.Add(time.Duration(i) * time.Second), UpdatedAt: noon,
	}
	if i%3 != 0 {
		r.Origin = models.OriginTailored
		r.CoverLetter = &r.Content
	}
	// Rows are made from the last to the first, so that this one is there.
	if i%3 == 1 && i < n {
		later := id(n)
		r.ParentID = &later
	}
	return r
}

// fillOne adds what belongs to one résumé, and the reference that fill could not make yet.
func fillOne(t testing.TB, tx *gorm.DB, i int) {
	t.Helper()
	if i%3 == 2 {
		require.NoError(t, tx.Model(&models.Resume{}).Where("id = ?", id(i)).UpdateColumn("parent_id", id(i-1)).Error)
	}
	resume := id(i)
	worker := "worker"
	raw := json.RawMessage(`{"b": 1.50, "a": [1e3, -0.0, 12345678901234567890, null, true], "z\u00e9\"": {"": "\ud83d\ude00 \\u0000 é"}, "b": 2}`)
	create(t, tx,
		&models.ProcessedResume{ID: id(i), WorkspaceID: id(0), ResumeID: resume, StructureVersion: "1", ProcessedAt: noon,
			Data: models.JSON[models.ResumeData]{V: models.ResumeData{PersonalInfo: models.PersonalInfo{Name: "Mira Halvorsen"}}}},
		&models.Job{ID: id(i), WorkspaceID: id(0), ResumeID: &resume, Content: fmt.Sprintf("Posting %d", i), CreatedAt: noon},
		&models.ProcessedJob{ID: id(i), WorkspaceID: id(0), JobID: id(i), StructureVersion: "1", ProcessedAt: noon},
		&models.JobResume{JobID: id(i), ResumeID: resume, WorkspaceID: id(0), Relation: models.RelationUploadedWith, CreatedAt: noon},
		&models.Improvement{ID: id(i), WorkspaceID: id(0), ResumeID: resume, JobID: id(i), Status: models.ImprovementPreview,
			Result: models.JSON[json.RawMessage]{V: raw}, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)},
		&models.LLMCache{CacheKey: models.HashContent(resume), WorkspaceID: id(0), Kind: "llm", Response: "yes", TTLSeconds: 60, CreatedAt: noon},
		&models.LLMCacheIndex{Key: models.HashContent(resume), EntityType: "resume", EntityID: resume},
		&models.LLMFlight{CacheKey: models.HashContent(resume), WorkspaceID: id(0), Owner: "a", LeaseUntil: noon, WantedUntil: noon},
		&models.LLMUsage{WorkspaceID: id(0), Day: "2026-03-01", Kind: "llm", Model: fmt.Sprint("m", i), LastInvalidatedAt: &noon},
		&models.Task{Kind: "upload", UniqueKey: &resume, Args: models.JSON[json.RawMessage]{V: raw}, Status: models.TaskRunning,
			RunAt: noon, LeaseUntil: &noon, Worker: worker, CreatedAt: noon},
	)
}
