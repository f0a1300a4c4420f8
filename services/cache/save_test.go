package cache_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/cache"
)

func TestAnswersWhoseSourceChangesDuringTheCallAreNotKept(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(tx *gorm.DB, s *cache.Store, w *world, e cache.Entry, job models.Job) error
		kept   bool
	}{
		"nothing changes": {func(*gorm.DB, *cache.Store, *world, cache.Entry, models.Job) error { return nil }, true},
		"résumé is deleted": {func(tx *gorm.DB, _ *cache.Store, w *world, _ cache.Entry, _ models.Job) error {
			return tx.Delete(&w.resume).Error
		}, false},
		"job is deleted": {func(tx *gorm.DB, _ *cache.Store, _ *world, _ cache.Entry, job models.Job) error {
			return tx.Delete(&job).Error
		}, false},
		"workspace is deleted": {func(tx *gorm.DB, _ *cache.Store, w *world, _ cache.Entry, _ models.Job) error {
			return tx.Delete(&models.Workspace{}, "id = ?", w.workspace).Error
		}, false},
		"résumé has a new version": {func(tx *gorm.DB, _ *cache.Store, w *world, _ cache.Entry, _ models.Job) error {
			return tx.Model(&w.resume).UpdateColumn("version", gorm.Expr("version + 1")).Error
		}, false},
		"résumé is invalidated": {func(tx *gorm.DB, s *cache.Store, w *world, _ cache.Entry, _ models.Job) error {
			_, err := s.Invalidate(tx, w.workspace, cache.ResumeLink, w.resume.ID)
			return err
		}, false},
		"job is invalidated": {func(tx *gorm.DB, s *cache.Store, w *world, _ cache.Entry, job models.Job) error {
			_, err := s.Invalidate(tx, w.workspace, cache.JobLink, job.ID)
			return err
		}, false},
		"key is removed": {func(tx *gorm.DB, s *cache.Store, w *world, e cache.Entry, _ models.Job) error {
			_, err := s.Remove(tx, w.workspace, []string{e.Key})
			return err
		}, false},
		"another résumé is invalidated": {func(tx *gorm.DB, s *cache.Store, w *world, _ cache.Entry, _ models.Job) error {
			_, err := s.Invalidate(tx, w.workspace, cache.ResumeLink, "another")
			return err
		}, true},
		"another workspace invalidates": {func(tx *gorm.DB, s *cache.Store, w *world, _ cache.Entry, _ models.Job) error {
			_, err := s.Invalidate(tx, "another", cache.ResumeLink, w.resume.ID)
			return err
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			job := models.Job{WorkspaceID: w.workspace, Content: "Example posting"}
			require.NoError(t, w.db.Create(&job).Error)
			s, e := w.store(), w.entry(name)
			e.Links = []cache.Link{{Type: cache.JobLink, ID: job.ID}, {Type: cache.ResumeLink, ID: w.resume.ID, Version: 1}}
			h := hold("answer")
			call := start(t.Context(), s, e, nil, h.work)
			w.await(h.began, "the call")
			other := w.store()
			require.NoError(t, w.db.Transaction(func(tx *gorm.DB) error { return tt.change(tx, other, w, e, job) }))
			close(h.letGo)
			out := w.receive(call)
			require.NoError(t, out.err)
			assert.Equal(t, "answer", out.result.Response)
			assert.Equal(t, tt.kept, w.rows(&models.LLMCache{}) == 1)
			assert.Equal(t, tt.kept, w.rows(&models.LLMCacheIndex{}) == 2)
			assert.Zero(t, w.rows(&models.LLMFlight{}))
			assert.Zero(t, w.rows(&models.LLMFlightIndex{}))
			assert.Empty(t, w.log.String())
		})
	}
}

func TestInvalidateAndRemoveStayInTheWorkspace(t *testing.T) {
	w := newWorld(t)
	s := w.store()
	var calls atomic.Int64
	keys := []string{}
	for i := range 3 {
		e := w.entry(fmt.Sprint(i))
		keys = append(keys, e.Key)
		_, err := s.Do(t.Context(), e, nil, answering(&calls, "x"))
		require.NoError(t, err)
	}
	unlinked := w.entry("unlinked")
	unlinked.Links = nil
	_, err := s.Do(t.Context(), unlinked, nil, answering(&calls, "x"))
	require.NoError(t, err)

	none, err := s.Invalidate(w.db, w.newWorkspace(), cache.ResumeLink, w.resume.ID)
	require.NoError(t, err)
	assert.Equal(t, []string{}, none)
	n, err := s.Remove(w.db, "another", keys)
	require.NoError(t, err)
	assert.Zero(t, n)
	n, err = s.Remove(w.db, w.workspace, append(keys[:1:1], "absent"))
	require.NoError(t, err)
	assert.Equal(t, 1, n)
	gone, err := s.Invalidate(w.db, w.workspace, cache.ResumeLink, w.resume.ID)
	require.NoError(t, err)
	assert.ElementsMatch(t, keys[1:], gone)
	assert.IsIncreasing(t, gone)
	assert.EqualValues(t, 1, w.rows(&models.LLMCache{}))
	assert.Zero(t, w.rows(&models.LLMCacheIndex{}))
}

// TestADeletedResumeLeavesNothing deletes résumés while answers made from them are being stored.
func TestADeletedResumeLeavesNothing(t *testing.T) {
	w := newWorld(t)
	stores := []*cache.Store{w.store(), w.store()}
	var calls atomic.Int64
	for round := range 40 {
		resume := models.Resume{WorkspaceID: w.workspace, Origin: models.OriginTailored, Content: fmt.Sprint(round), ProcessingStatus: models.StatusReady}
		require.NoError(t, w.db.Create(&resume).Error)
		var group sync.WaitGroup
		for i := range 8 {
			e := w.entry(fmt.Sprint(round, i))
			e.Links = []cache.Link{{Type: cache.ResumeLink, ID: resume.ID}}
			group.Go(func() {
				_, err := stores[i%2].Do(t.Context(), e, nil, answering(&calls, "x"))
				assert.NoError(t, err)
			})
		}
		group.Go(func() {
			time.Sleep(time.Duration(round) * 100 * time.Microsecond)
			assert.NoError(t, w.db.Transaction(func(tx *gorm.DB) error {
				if err := tx.Exec("UPDATE resumes SET title = 'going' WHERE id = ?", resume.ID).Error; err != nil {
					return err
				}
				if err := tx.Delete(&resume).Error; err != nil {
					return err
				}
				_, err := stores[0].Invalidate(tx, w.workspace, cache.ResumeLink, resume.ID)
				return err
			}))
		})
		group.Wait()
	}
	assert.Zero(t, w.rows(&models.LLMCache{}))
	assert.Zero(t, w.rows(&models.LLMCacheIndex{}))
	assert.Empty(t, w.log.String())
}

// TestInvalidationWinsOverACallThatEnds invalidates in the moment in which answers of earlier calls are stored.
func TestInvalidationWinsOverACallThatEnds(t *testing.T) {
	w := newWorld(t)
	s, other := w.store(), w.store()
	for round := range 40 {
		calls, letGo := []<-chan outcome{}, make(chan struct{})
		for i := range 4 {
			h := hold("x")
			h.letGo = letGo
			calls = append(calls, start(t.Context(), s, w.entry(fmt.Sprint(round, i)), nil, h.work))
			w.await(h.began, "the call")
		}
		close(letGo)
		time.Sleep(time.Duration(round) * 50 * time.Microsecond)
		require.NoError(t, w.db.Transaction(func(tx *gorm.DB) error {
			_, err := other.Invalidate(tx, w.workspace, cache.ResumeLink, w.resume.ID)
			return err
		}))
		for _, call := range calls {
			require.NoError(t, w.receive(call).err)
		}
		require.Zero(t, w.rows(&models.LLMCache{}))
	}
	assert.Empty(t, w.log.String())
}

func TestAnswersWithoutALifetimeAreNotKept(t *testing.T) {
	w := newWorld(t)
	e := w.entry("momentary")
	e.TTL = time.Millisecond
	var calls atomic.Int64
	_, err := w.store().Do(t.Context(), e, nil, answering(&calls, "x"))
	require.NoError(t, err)
	assert.Zero(t, w.rows(&models.LLMCache{}))
	assert.Zero(t, w.rows(&models.LLMFlight{}))
}
