package services

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

func testWorkspaces(db *gorm.DB) *Workspaces {
	return &Workspaces{db: db, now: func() time.Time { return noon() }}
}

// newWorkspace makes a workspace with n rows or more in every table that can hold something of it.
func newWorkspace(t testing.TB, db *gorm.DB, name string, n int) string {
	t.Helper()
	id := addWorkspaces(t, db, 1)[0]
	for i := range n {
		fillWorkspace(t, db, id, fmt.Sprintf("%s %d", name, i))
	}
	return id
}

// fillWorkspace stores a tailored résumé with all that comes with it.
func fillWorkspace(t testing.TB, db *gorm.DB, workspaceID, name string) {
	t.Helper()
	create := func(row any) { require.NoError(t, db.Create(row).Error) }
	letter := "Dear reader, " + name
	expires := noon().Add(time.Hour)
	create(&models.APIToken{WorkspaceID: workspaceID, Name: name, Hash: models.HashContent(name + workspaceID), Scope: models.ScopeRead, ExpiresAt: &expires})
	create(&models.Identity{WorkspaceID: workspaceID, Hash: models.HashContent("person " + name + workspaceID), CreatedAt: noon()})
	upload := models.Resume{
		WorkspaceID: workspaceID, Origin: models.OriginUpload, Content: "# " + name, ContentType: "text/markdown", Filename: name + ".md",
		Title: name, Language: "en", ProcessingStatus: models.StatusReady, CoverLetter: &letter,
	}
	create(&upload)
	tailored := upload
	tailored.ID, tailored.ParentID, tailored.Origin, tailored.UploadCount = "", &upload.ID, models.OriginTailored, 1
	create(&tailored)
	data := models.JSON[models.ResumeData]{V: models.ResumeData{Summary: "Summary of " + name}}
	for _, resume := range []models.Resume{upload, tailored} {
		create(&models.ProcessedResume{WorkspaceID: workspaceID, ResumeID: resume.ID, Data: data, Sources: models.JSON[[]models.Source]{V: []models.Source{{Path: "summary"}}}})
	}
	job := models.Job{WorkspaceID: workspaceID, ResumeID: &upload.ID, Content: "Posting for " + name, Language: "en"}
	create(&job)
	create(&models.ProcessedJob{WorkspaceID: workspaceID, JobID: job.ID, Data: models.JSON[models.JobData]{V: models.JobData{JobTitle: "Title of " + name}}})
	create(&models.JobResume{WorkspaceID: workspaceID, JobID: job.ID, ResumeID: tailored.ID, Relation: models.RelationTailoredFor, CreatedAt: noon()})
	create(&models.Improvement{
		WorkspaceID: workspaceID, ResumeID: upload.ID, JobID: job.ID, TailoredResumeID: &tailored.ID, Status: models.ImprovementSaved,
		Result: models.JSON[json.RawMessage]{V: json.RawMessage(`{"of": "` + name + `"}`)}, ExpiresAt: expires,
	})
	key := models.HashContent("answer " + name + workspaceID)
	create(&models.LLMCache{CacheKey: key, WorkspaceID: workspaceID, Kind: "tailor", Response: "Answer for " + name, CreatedAt: noon(), TTLSeconds: 60})
	create(&models.LLMCacheIndex{Key: key, EntityType: "resume", EntityID: upload.ID})
	create(&models.LLMFlight{CacheKey: key, WorkspaceID: workspaceID, LeaseUntil: noon(), WantedUntil: noon()})
	create(&models.LLMFlightIndex{Key: key, EntityType: "resume", EntityID: upload.ID})
	create(&models.LLMUsage{WorkspaceID: workspaceID, Day: "2026-03-01", Kind: UsageLLM, Model: name, Calls: 2})
	create(&models.Task{WorkspaceID: &workspaceID, Kind: "upload", Status: models.TaskDone, Args: models.JSON[json.RawMessage]{V: json.RawMessage(`"` + name + `"`)}, RunAt: noon()})
}

func TestErasedWorkspaceLeavesTheDatabaseAsIfItHadNeverBeen(t *testing.T) {
	db := testdb.Open(t)
	newWorkspace(t, db, "other", 2)
	before := testdb.Contents(t, db)
	for table, rows := range before {
		// Slots belong to the program; a new table needs a row in fillWorkspace.
		assert.Equal(t, table == "task_slots", len(rows) == 0, table)
	}
	erased := newWorkspace(t, db, "erased", 3)
	require.NotEqual(t, before, testdb.Contents(t, db))

	counts, err := testWorkspaces(db).Erase(t.Context(), erased)
	require.NoError(t, err)
	assert.Equal(t, Erased{Resumes: 6, Jobs: 3, Improvements: 3, CachedAnswers: 3, Tasks: 3, APITokens: 3}, counts)
	assert.Equal(t, before, testdb.Contents(t, db))

	_, err = testWorkspaces(db).Erase(t.Context(), erased)
	requireNotFound(t, err)
}

func TestErasingTakesAsManyStatementsAsItNeeds(t *testing.T) {
	db := testdb.Open(t)
	id := addWorkspaces(t, db, 1)[0]
	rows := make([]models.Job, 2*eraseBatch)
	for i := range rows {
		rows[i] = models.Job{WorkspaceID: id, Content: "Posting", Language: "en"}
	}
	require.NoError(t, db.CreateInBatches(rows, 100).Error)
	counts, err := testWorkspaces(db).Erase(t.Context(), id)
	require.NoError(t, err)
	assert.EqualValues(t, 2*eraseBatch, counts.Jobs)
}

func TestErasedDefaultWorkspaceIsThereAndEmpty(t *testing.T) {
	db := testdb.Open(t)
	workspaces := testWorkspaces(db)
	require.NoError(t, workspaces.EnsureDefault(t.Context()))
	before := testdb.Contents(t, db)
	fillWorkspace(t, db, models.DefaultWorkspaceID, "local")
	require.NoError(t, db.Model(&models.Workspace{}).Where("id = ?", models.DefaultWorkspaceID).Update("name", "renamed").Error)

	_, err := workspaces.Erase(t.Context(), models.DefaultWorkspaceID)
	require.NoError(t, err)
	assert.Equal(t, before, testdb.Contents(t, db))
}

func TestErasedDefaultWorkspaceForgetsWhatWasCounted(t *testing.T) {
	db := testdb.Open(t)
	workspaces := testWorkspaces(db)
	workspaces.usage = newTestUsage(db, nil)
	require.NoError(t, workspaces.EnsureDefault(t.Context()))
	workspaces.usage.Count(models.DefaultWorkspaceID, "tailor", "hit")
	_, err := workspaces.Erase(t.Context(), models.DefaultWorkspaceID)
	require.NoError(t, err)
	require.NoError(t, workspaces.usage.Flush(t.Context()))
	assert.Empty(t, usageRows(t, db, models.DefaultWorkspaceID))
}

func TestUnusedWorkspacesAreDeleted(t *testing.T) {
	db := testdb.Open(t)
	workspaces := testWorkspaces(db)
	require.NoError(t, workspaces.EnsureDefault(t.Context()))
	ids := make([]string, 4)
	for i := range ids {
		ids[i] = newWorkspace(t, db, fmt.Sprint(i), 1)
		use(t, db, ids[i], noon().Add(time.Duration(i)*time.Hour))
	}
	use(t, db, models.DefaultWorkspaceID, noon().Add(-time.Hour))

	deleted, err := workspaces.DeleteUnused(t.Context(), noon().Add(3*time.Hour), 2)
	require.NoError(t, err)
	assert.Equal(t, 2, deleted)
	assert.Equal(t, []string{models.DefaultWorkspaceID, ids[2], ids[3]}, workspaceIDs(t, db), "those unused for longest go first")

	deleted, err = workspaces.DeleteUnused(t.Context(), noon().Add(3*time.Hour), 10)
	require.NoError(t, err)
	assert.Equal(t, 1, deleted)
	assert.Equal(t, []string{models.DefaultWorkspaceID, ids[3]}, workspaceIDs(t, db))
}

func TestWorkspaceThatIsUsedMeanwhileStays(t *testing.T) {
	db := testdb.Open(t)
	workspaces := testWorkspaces(db)
	id := newWorkspace(t, db, "back again", 1)
	use(t, db, id, noon().Add(-time.Hour))
	before := testdb.Contents(t, db)
	// The person comes back after the workspace was found and before it is locked.
	callback := db.Callback().Query()
	require.NoError(t, callback.After("gorm:query").Register("come back", func(tx *gorm.DB) {
		if tx.Statement.Table == "workspaces" && !strings.Contains(tx.Statement.SQL.String(), " id = ") {
			use(t, db.Session(&gorm.Session{NewDB: true}), id, noon())
		}
	}))
	deleted, err := workspaces.DeleteUnused(t.Context(), noon(), 10)
	require.NoError(t, err)
	require.NoError(t, callback.Remove("come back"))
	assert.Zero(t, deleted)
	after := testdb.Contents(t, db)
	assert.NotEqual(t, before["workspaces"], after["workspaces"], "it was used")
	delete(before, "workspaces")
	delete(after, "workspaces")
	assert.Equal(t, before, after)
}

// TestUnusedWorkspacesAreFoundByTheIndex reads the database's plan among many workspaces.
func TestUnusedWorkspacesAreFoundByTheIndex(t *testing.T) {
	db := testdb.Open(t)
	rows := make([]models.Workspace, 5_000)
	for i := range rows {
		rows[i] = models.Workspace{Name: "anonymous", LastUsedAt: noon().Add(time.Duration(i) * time.Minute)}
	}
	require.NoError(t, db.CreateInBatches(rows, 500).Error)
	require.NoError(t, db.Exec("ANALYZE").Error)
	text := testdb.Plan(t, db, func(tx *gorm.DB) *gorm.DB {
		return longestUnused(tx, noon().Add(time.Hour), 100).Select("id").Find(&[]models.Workspace{})
	})
	assert.Contains(t, text, "idx_workspaces_last_used_at")
	assert.NotRegexp(t, "(?i)sort|TEMP B-TREE|Seq Scan", text)
}

func use(t testing.TB, db *gorm.DB, workspaceID string, at time.Time) {
	t.Helper()
	require.NoError(t, db.Model(&models.Workspace{}).Where("id = ?", workspaceID).Update("last_used_at", at).Error)
}

func workspaceIDs(t testing.TB, db *gorm.DB) []string {
	t.Helper()
	var ids []string
	require.NoError(t, db.Model(&models.Workspace{}).Order("last_used_at, id").Pluck("id", &ids).Error)
	return ids
}

func requireNotFound(t *testing.T, err error) {
	t.Helper()
	var known *models.Error
	require.ErrorAs(t, err, &known)
	require.Equal(t, models.KindNotFound, known.Kind)
}

// TestErasedTextIsNotInTheFiles searches SQLite's own files: of what is deleted it would only forget where it was.
func TestErasedTextIsNotInTheFiles(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("Postgres removes it when it vacuums")
	}
	o := testdb.Migrated(t)
	db := testdb.Connect(t, o)
	const short, long = "quillfeather", "brackenridge"
	kept, erased := newWorkspace(t, db, "kept", 1), newWorkspace(t, db, short, 20)
	// A long text stands in pages of its own.
	require.NoError(t, db.Create(&models.Job{WorkspaceID: erased, Content: strings.Repeat(long+" ", 20_000), Language: "en"}).Error)
	files := func() string {
		t.Helper()
		data, err := os.ReadFile(o.DSN)
		require.NoError(t, err)
		log, err := os.ReadFile(o.DSN + "-wal")
		require.NoError(t, err)
		return string(data) + string(log)
	}
	require.NoError(t, models.Checkpoint(t.Context(), db))
	before := files()
	require.Positive(t, strings.Count(before, short))
	require.Positive(t, strings.Count(before, long))
	_, err := testWorkspaces(db).Erase(t.Context(), erased)
	require.NoError(t, err)
	after := files()
	for _, text := range []string{short, long, erased} {
		assert.Zero(t, strings.Count(after, text), text)
	}
	assert.Positive(t, strings.Count(after, kept))
}
