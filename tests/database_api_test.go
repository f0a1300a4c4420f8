package tests

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/handlers"
	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/tests/testdb"
)

// startOn serves on a fresh database that is opened as change says.
func startOn(t *testing.T, change func(*models.OpenOptions)) *Server {
	t.Helper()
	o := testdb.Migrated(t)
	change(&o)
	db := testdb.Connect(t, o)
	return Start(t, func(_ *handlers.Options, deps *services.Deps) { deps.DB = db })
}

// smallPool keeps two connections, and lets a request wait for one of them so long.
func smallPool(wait time.Duration) func(*models.OpenOptions) {
	return func(o *models.OpenOptions) {
		o.PoolSize, o.MaxOverflow, o.PoolTimeout, o.StatementTimeout = 1, 1, wait, 30*time.Second
	}
}

func posting(i int) map[string]any {
	return map[string]any{"job_descriptions": []string{fmt.Sprintf("Backend engineer number %d.\n\nRequirements:\n- Go\n- PostgreSQL", i)}}
}

func TestAFullPoolIsAnsweredWith503(t *testing.T) {
	s := startOn(t, smallPool(50*time.Millisecond))
	first, second := s.begin(t), s.DB
	if testdb.Dialect() == models.Postgres {
		second = s.begin(t)
	}
	r := s.Post(t, "/api/v1/jobs/upload", posting(0))
	assert.Equal(t, http.StatusServiceUnavailable, r.Status)
	assert.Contains(t, string(r.Body), `"code":"SERVICE_UNAVAILABLE"`)
	require.NoError(t, first.Rollback().Error)
	if second != s.DB {
		require.NoError(t, second.Rollback().Error)
	}
	await(t, func() bool { return s.Post(t, "/api/v1/jobs/upload", posting(1)).Status == http.StatusOK }, "the pool is free again")
}

// begin takes a connection and keeps it.
func (s *Server) begin(t *testing.T) (tx *gorm.DB) {
	t.Helper()
	await(t, func() bool { tx = s.DB.Begin(); return tx.Error == nil }, "a connection is free")
	return tx
}

// jobs counts what is stored, however impatient the pool is.
func (s *Server) jobs(t *testing.T) (n int64) {
	t.Helper()
	await(t, func() bool { return s.DB.Model(&models.Job{}).Count(&n).Error == nil }, "the database answers")
	return n
}

func TestManyMoreRequestsThanConnections(t *testing.T) {
	s := startOn(t, smallPool(20*time.Millisecond))
	statuses := inParallel(100, func(i int) int { return s.Post(t, "/api/v1/jobs/upload", posting(i)).Status })
	assert.Zero(t, statuses.but(http.StatusOK, http.StatusServiceUnavailable), "%v", statuses)
	assert.EqualValues(t, statuses[http.StatusOK], s.jobs(t), "what was not acknowledged is not there")
	await(t, func() bool { return s.Post(t, "/api/v1/jobs/upload", posting(100)).Status == http.StatusOK }, "the pool is free again")
	assert.EqualValues(t, statuses[http.StatusOK]+1, s.jobs(t))
}

func TestLostConnectionsAnswer503AndComeBackPostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	s := startOn(t, smallPool(10*time.Second))
	done := make(chan struct{})
	var killer sync.WaitGroup
	killer.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
				// Ends its own session as well, hence no error to look at.
				s.DB.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()")
			}
		}
	})
	statuses := inParallel(200, func(i int) int { return s.Post(t, "/api/v1/jobs/upload", posting(i)).Status })
	close(done)
	killer.Wait()
	assert.Zero(t, statuses.but(http.StatusOK, http.StatusServiceUnavailable), "%v\n%s", statuses, s.Log)
	s.awaitWell(t)
	assert.GreaterOrEqual(t, s.jobs(t), int64(statuses[http.StatusOK]), "what was acknowledged is there")
}

// tally counts answers by their status.
type tally map[int]int

// but counts the answers that had none of the statuses.
func (c tally) but(statuses ...int) int {
	n := 0
	for _, count := range c {
		n += count
	}
	for _, status := range statuses {
		n -= c[status]
	}
	return n
}

func inParallel(n int, request func(int) int) tally {
	counts := tally{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			status := request(i)
			mu.Lock()
			defer mu.Unlock()
			counts[status]++
		})
	}
	wg.Wait()
	return counts
}
