package tests

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/handlers"
	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/tests/testclock"
	"resume-matcher/tests/testdb"
)

const cleanupPath = "/api/v1/maintenance/cleanup"

// withRetention deletes workspaces that nobody used for some days.
func withRetention(days int) Option {
	return func(_ *handlers.Options, d *services.Deps) {
		d.Maintenance.Retention = time.Duration(days) * 24 * time.Hour
	}
}

// cleanup does one round, and returns what it counted by part.
func (s *Server) cleanup(t testing.TB) (counts map[string]int64, data handlers.MaintenanceData) {
	t.Helper()
	r := s.Do(t, http.MethodPost, cleanupPath, "", nil)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var out handlers.Envelope[handlers.MaintenanceData]
	r.Decode(t, &out)
	counts = map[string]int64{}
	for _, p := range out.Data.Parts {
		counts[p.Part] = p.Count
	}
	return counts, out.Data
}

// expire stores an answer, a preview and a workspace that are all of the past.
func (s *Server) expire(t testing.TB, resume, job string) {
	t.Helper()
	past := time.Now().UTC().AddDate(0, 0, -60)
	for _, row := range []any{
		&models.LLMCache{CacheKey: "expired", WorkspaceID: models.DefaultWorkspaceID, CreatedAt: past, TTLSeconds: 60},
		&models.Improvement{
			WorkspaceID: models.DefaultWorkspaceID, ResumeID: resume, JobID: job, Status: models.ImprovementPreview,
			CreatedAt: past, ExpiresAt: past,
		},
		&models.Workspace{Name: "unused", CreatedAt: past, LastUsedAt: past},
	} {
		require.NoError(t, s.DB.Create(row).Error)
	}
}

func startExpired(t testing.TB, options ...Option) *Server {
	t.Helper()
	// A clock that stands still begins no further period.
	now := testclock.At(time.Now().UTC())
	s := Start(t, append([]Option{WithWorkers(0), withRetention(30), withClock(now)}, options...)...)
	s.expire(t, s.UploadResume(t, "mira.md", Testdata(t, "developer.md")), s.UploadJob(t, "Backend Developer\n\nRequirements:\n- Go\n"))
	return s
}

func TestACleanupDoesAllThatIsDue(t *testing.T) {
	s := startExpired(t)
	up := s.deferUpload(t, "juna.md", []byte("# Juna Okafor\n\njuna.okafor@example.org\n\n## Skills\n\nWelding, Safety\n"))
	counts, data := s.cleanup(t)
	assert.True(t, data.Complete)
	for _, part := range []string{"cached_answers", "previews", "unused_workspaces"} {
		assert.EqualValues(t, 1, counts[part], part)
	}
	assert.Equal(t, models.StatusReady, s.progress(t, up.ResumeID).ProcessingStatus)

	counts, data = s.cleanup(t)
	assert.True(t, data.Complete)
	for part, n := range counts {
		assert.Zero(t, n, part)
	}
}

func TestCleanupsAtTheSameTimeShareTheWork(t *testing.T) {
	s := startExpired(t)
	other := Start(t, ReplicaOf(s), WithWorkers(0), withRetention(30))
	var wg sync.WaitGroup
	var mu sync.Mutex
	sums := map[string]int64{}
	for i := range 6 {
		wg.Go(func() {
			counts, data := []*Server{s, other}[i%2].cleanup(t)
			assert.True(t, data.Complete, "%+v", data)
			mu.Lock()
			defer mu.Unlock()
			for part, n := range counts {
				sums[part] += n
			}
		})
	}
	wg.Wait()
	for _, part := range []string{"cached_answers", "previews", "unused_workspaces"} {
		assert.EqualValues(t, 1, sums[part], part)
	}
}

func TestAPartThatFailsStopsNoOther(t *testing.T) {
	s := startExpired(t)
	require.NoError(t, s.DB.Callback().Delete().Before("gorm:delete").Register("test:fail", func(tx *gorm.DB) {
		if tx.Statement.Table == "llm_cache" {
			_ = tx.AddError(errors.New("the disk of the test is full"))
		}
	}))
	counts, data := s.cleanup(t)
	assert.False(t, data.Complete)
	assert.EqualValues(t, 1, counts["previews"])
	for _, p := range data.Parts {
		if p.Part != "cached_answers" {
			assert.Nil(t, p.Error, p.Part)
			continue
		}
		require.NotNil(t, p.Error)
		assert.NotContains(t, p.Error.Message, "disk of the test")
	}
	assert.Contains(t, s.Log.String(), "disk of the test", "the operator learns why")
}

func TestACleanupChecksTheSchema(t *testing.T) {
	s, watch := watched(t, services.DriftWarn)
	_, known := watch.Last()
	require.False(t, known)
	require.NoError(t, s.DB.Exec("CREATE TABLE stray (id integer)").Error)
	counts, data := s.cleanup(t)
	assert.True(t, data.Complete)
	assert.EqualValues(t, 1, counts["schema_findings"])
	_, known = watch.Last()
	assert.True(t, known)
}

func TestThePeriodicCheckOfTheSchemaIsLoggedOnce(t *testing.T) {
	o := testdb.Migrated(t)
	s := Start(t, WithWorkers(0), func(_ *handlers.Options, d *services.Deps) {
		d.DB = testdb.Connect(t, o)
		d.Maintenance.Drift = services.NewDrift(watchOf(o, services.DriftWarn, d.Logger))
		d.Maintenance.DriftInterval = time.Hour
	})
	require.NoError(t, s.DB.Exec("CREATE TABLE stray (id integer)").Error)
	s.work(t)
	assert.Equal(t, 1, strings.Count(s.Log.String(), "the schema has drifted"))
	assert.NotContains(t, s.Log.String(), "did maintenance")
}

func TestOnlyAnAdministratorCleansUp(t *testing.T) {
	s := Start(t, WithSessions(t))
	session, workspace := s.NewSession(t)
	for token, status := range map[string]int{
		"": http.StatusUnauthorized, session: http.StatusForbidden,
		s.NewToken(t, workspace, models.ScopeWrite): http.StatusForbidden,
		s.NewToken(t, workspace, models.ScopeAdmin): http.StatusOK,
	} {
		assert.Equal(t, status, s.As(token).Do(t, http.MethodPost, cleanupPath, "", nil).Status)
	}
}

func TestPeriodicMaintenanceIsDoneOnceWhateverTheNumberOfReplicas(t *testing.T) {
	now := testclock.At(time.Now().UTC().Truncate(24 * time.Hour).Add(12 * time.Hour))
	s := Start(t, WithWorkers(0), withRetention(30), withClock(now))
	other := Start(t, ReplicaOf(s), WithWorkers(0), withRetention(30), withClock(now))
	done := func(part string) (n int64) {
		require.NoError(t, s.DB.Model(&models.Task{}).Where("kind = ? AND status = 'done'", "maintenance."+part).Count(&n).Error)
		return n
	}
	for round := range int64(3) {
		for range 2 {
			s.work(t)
			other.work(t)
		}
		assert.Equal(t, round+1, done("cached_answers"))
		assert.Equal(t, round+1, done("previews"))
		assert.EqualValues(t, 1, done("unused_workspaces"), "its period is longer")
		now.Advance(10 * time.Minute)
	}
}

func TestWithoutBackgroundTasksNothingIsScheduled(t *testing.T) {
	s := startExpired(t, func(_ *handlers.Options, d *services.Deps) { d.Tasks.Inline = true })
	s.Services.Tasks.Run(t.Context())
	assert.EqualValues(t, 1, s.count(t, &models.LLMCache{}))
	assert.Zero(t, s.count(t, &models.TaskSlot{}))
}
