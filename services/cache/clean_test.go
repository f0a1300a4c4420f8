package cache_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/cache"
)

// fill stores n linked answers of one age and TTL.
func (w *world) fill(prefix string, n int, created func(i int) time.Time, ttl time.Duration) {
	w.t.Helper()
	rows := make([]models.LLMCache, n)
	links := make([]models.LLMCacheIndex, n)
	for i := range n {
		rows[i] = models.LLMCache{
			CacheKey: fmt.Sprintf("%s-%07d", prefix, i), WorkspaceID: w.workspace, Kind: "tailor", Provider: "test", Model: "model",
			PromptVersion: "1", Response: "{}", CreatedAt: created(i).UTC(), TTLSeconds: int64(ttl / time.Second),
		}
		links[i] = models.LLMCacheIndex{Key: rows[i].CacheKey, EntityType: cache.ResumeLink, EntityID: w.resume.ID}
	}
	require.NoError(w.t, w.db.CreateInBatches(rows, 1000).Error)
	require.NoError(w.t, w.db.CreateInBatches(links, 1000).Error)
}

// aged returns the times of rows that are one second apart, or all at once.
func aged(age, apart time.Duration) func(int) time.Time {
	now := time.Now().UTC().Truncate(time.Microsecond)
	return func(i int) time.Time { return now.Add(-age - time.Duration(i)*apart) }
}

func (w *world) keys() []string {
	w.t.Helper()
	var keys []string
	require.NoError(w.t, w.db.Model(&models.LLMCache{}).Order("cache_key").Pluck("substr(cache_key, 1, 4)", &keys).Error)
	return keys
}

func TestCleanDeletesWhatHasExpiredAndNothingElse(t *testing.T) {
	w := newWorld(t)
	s := w.store(func(o *cache.Options) { o.MaxDeleteBatch = 7 })
	w.fill("old1", 30, aged(2*time.Hour, time.Second), time.Hour)
	w.fill("old2", 30, aged(2*time.Hour, 0), time.Hour)
	w.fill("old3", 5, aged(48*time.Hour, time.Second), 24*time.Hour)
	w.fill("keep", 20, aged(2*time.Hour, 2*time.Second), 24*time.Hour)
	w.fill("same", 20, aged(2*time.Hour, 0), 24*time.Hour)
	w.fill("new1", 20, aged(0, time.Second), time.Hour)
	now := time.Now().UTC()
	for owner, lease := range map[string]time.Time{"dead": now.Add(-time.Hour), "live": now.Add(time.Hour)} {
		require.NoError(t, w.db.Create(&models.LLMFlight{CacheKey: owner, WorkspaceID: w.workspace, Owner: owner, LeaseUntil: lease}).Error)
	}
	deleted, err := s.Clean(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 65, deleted)
	left := map[string]int{}
	for _, key := range w.keys() {
		left[key]++
	}
	assert.Equal(t, map[string]int{"keep": 20, "same": 20, "new1": 20}, left)
	assert.EqualValues(t, 60, w.rows(&models.LLMCacheIndex{}))
	var owners []string
	require.NoError(t, w.db.Model(&models.LLMFlight{}).Pluck("owner", &owners).Error)
	assert.Equal(t, []string{"live"}, owners)
	deleted, err = s.Clean(t.Context())
	require.NoError(t, err)
	assert.Zero(t, deleted)
}

// TestCleanGoesPastItsPages makes more rows than one look at the index sees, with all kinds of ties.
func TestCleanGoesPastItsPages(t *testing.T) {
	w := newWorld(t)
	w.fill("keep", 4500, aged(3*time.Hour, 0), 24*time.Hour)
	w.fill("tied", 4500, aged(3*time.Hour-time.Second, 0), time.Hour)
	w.fill("last", 10, aged(90*time.Minute, time.Second), time.Hour)
	deleted, err := w.store(func(o *cache.Options) { o.MaxDeleteBatch = 2000 }).Clean(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 4510, deleted)
	assert.EqualValues(t, 4500, w.rows(&models.LLMCache{}))
}

func TestReplicasCleanTogether(t *testing.T) {
	w := newWorld(t)
	w.fill("gone", 3000, aged(2*time.Hour, time.Second), time.Hour)
	var deleted atomic.Int64
	var group sync.WaitGroup
	for range 3 {
		s := w.store(func(o *cache.Options) { o.MaxDeleteBatch = 100 })
		group.Go(func() {
			n, err := s.Clean(t.Context())
			assert.NoError(t, err)
			deleted.Add(n)
		})
	}
	group.Wait()
	assert.EqualValues(t, 3000, deleted.Load())
	assert.Zero(t, w.rows(&models.LLMCache{}))
}

func TestCleanEndsWithItsContext(t *testing.T) {
	w := newWorld(t)
	w.fill("gone", 500, aged(2*time.Hour, time.Second), time.Hour)
	s := w.store(func(o *cache.Options) { o.MaxDeleteBatch = 1 })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Clean(ctx)
	require.ErrorIs(t, err, context.Canceled)
	assert.EqualValues(t, 500, w.rows(&models.LLMCache{}))
	deleted, err := s.Clean(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 500, deleted, "it can run again")
}
