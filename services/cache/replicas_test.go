package cache_test

import (
	"context"
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

func TestTheWorkEndsWhenAllCallersHaveLeft(t *testing.T) {
	w := newWorld(t)
	s, e := w.store(), w.entry("left alone")
	h, ear := hold(""), newListener()
	ctx, cancel := context.WithCancel(t.Context())
	first := start(ctx, s, e, nil, func(ctx context.Context, onText func(string)) (cache.Answer, error) {
		onText("so far")
		return h.work(ctx, onText)
	})
	w.await(h.began, "the call")
	second := start(ctx, s, e, ear.hear, neverCalled(t))
	w.await(ear.heard, "the other one is there")
	cancel()
	require.ErrorIs(t, w.receive(first).err, context.Canceled)
	require.ErrorIs(t, w.receive(second).err, context.Canceled)
	w.await(h.cancelled, "the work is cancelled")
	w.eventually(func() bool { return w.rows(&models.LLMFlight{}) == 0 }, "no lock is left")
	var calls atomic.Int64
	result, err := s.Do(t.Context(), e, nil, answering(&calls, "anew"))
	require.NoError(t, err)
	assert.Equal(t, "anew", result.Response)
}

func TestTheWorkGoesOnForWhoStays(t *testing.T) {
	w := newWorld(t)
	s, e := w.store(), w.entry("one stays")
	h := hold("for one")
	ctx, cancel := context.WithCancel(t.Context())
	ear := newListener()
	leaving := start(ctx, s, e, nil, func(ctx context.Context, onText func(string)) (cache.Answer, error) {
		onText("for")
		return h.work(ctx, onText)
	})
	w.await(h.began, "the call")
	staying := start(t.Context(), s, e, ear.hear, neverCalled(t))
	w.await(ear.heard, "the other one is there")
	cancel()
	require.ErrorIs(t, w.receive(leaving).err, context.Canceled)
	close(h.letGo)
	out := w.receive(staying)
	require.NoError(t, out.err)
	assert.Equal(t, "for one", out.result.Response)
	assert.Equal(t, cache.Shared, out.result.Outcome)
}

func TestTheWorkGoesOnForAnotherProcess(t *testing.T) {
	w := newWorld(t)
	var done footprints
	s, other, e := w.clocked(done.watch), w.clocked(), w.entry("remote stays")
	h := hold("for the other")
	ctx, cancel := context.WithCancel(t.Context())
	leaving := start(ctx, s, e, nil, h.work)
	w.await(h.began, "the call")
	staying := start(t.Context(), other, e, nil, neverCalled(t))
	w.awaitFollower(e, lease)
	cancel()
	require.ErrorIs(t, w.receive(leaving).err, context.Canceled)
	for range 3 { // longer than the other process said at first
		w.clock.Advance(lease / 4)
		w.awaitFollower(e, lease)
	}
	looks := done.looks.Load()
	w.eventually(func() bool { return done.looks.Load() > looks+1 }, "the first process looks who waits")
	// A caller who comes back to the first process waits like the other one.
	back := start(t.Context(), s, e, nil, neverCalled(t))
	w.eventually(func() bool { return done.claims.Load() > 1 }, "the caller is back")
	close(h.letGo)
	for _, waiting := range []<-chan outcome{staying, back} {
		out := w.receive(waiting)
		require.NoError(t, out.err)
		assert.Equal(t, "for the other", out.result.Response)
		assert.Equal(t, cache.Shared, out.result.Outcome)
	}
}

func TestTheWorkEndsWhenTheOtherProcessLeavesToo(t *testing.T) {
	w := newWorld(t)
	s, other, e := w.clocked(), w.clocked(), w.entry("remote leaves")
	h := hold("")
	ctx, cancel := context.WithCancel(t.Context())
	leaving := start(ctx, s, e, nil, h.work)
	w.await(h.began, "the call")
	following := start(ctx, other, e, nil, neverCalled(t))
	w.awaitFollower(e, lease)
	cancel()
	w.receive(leaving)
	w.receive(following)
	w.clock.Advance(lease / 2)
	w.await(h.cancelled, "the work is cancelled")
	w.eventually(func() bool { return w.rows(&models.LLMFlight{}) == 0 }, "no lock is left")
}

func TestAnotherProcessTakesOverFromOneThatDied(t *testing.T) {
	w := newWorld(t)
	e := w.entry("dead leader")
	now := w.clock.Now()
	require.NoError(t, w.db.Create(&models.LLMFlight{
		CacheKey: e.Key, WorkspaceID: w.workspace, Owner: "dead", LeaseUntil: now.Add(time.Minute),
		WantedUntil: now, UpdatedAt: now,
	}).Error)
	var calls atomic.Int64
	results := []<-chan outcome{}
	for range 3 {
		var done footprints
		results = append(results, start(t.Context(), w.clocked(done.watch), e, nil, answering(&calls, "taken over")))
		w.eventually(func() bool { return done.claims.Load() > 0 }, "another process waits")
	}
	assert.Zero(t, calls.Load(), "it may still be alive")
	w.clock.Advance(time.Minute)
	for _, r := range results {
		out := w.receive(r)
		require.NoError(t, out.err)
		assert.Equal(t, "taken over", out.result.Response)
	}
	assert.EqualValues(t, 1, calls.Load())
}

func TestALeaderThatLostItsLeaseOverwritesNothing(t *testing.T) {
	w := newWorld(t)
	s, e := w.store(), w.entry("lost lease")
	h := hold("late")
	late := start(t.Context(), s, e, nil, h.work)
	w.await(h.began, "the call")
	require.NoError(t, w.db.Model(&models.LLMFlight{}).Where("cache_key = ?", e.Key).UpdateColumn("lease_until", time.Now().Add(-time.Minute)).Error)
	h2 := hold("in time")
	other := start(t.Context(), w.store(), e, nil, h2.work)
	w.await(h2.began, "the call of the process that took over")
	close(h.letGo)
	assert.Equal(t, "late", w.receive(late).result.Response, "it is an answer all the same")
	assert.Zero(t, w.rows(&models.LLMCache{}))
	assert.EqualValues(t, 1, w.rows(&models.LLMFlight{}), "the lock is another's")
	close(h2.letGo)
	assert.Equal(t, "in time", w.receive(other).result.Response)
	kept, err := s.Do(t.Context(), e, nil, neverCalled(t))
	require.NoError(t, err)
	assert.Equal(t, "in time", kept.Response)
}

func TestAnAnswerStoredJustNowIsFound(t *testing.T) {
	w := newWorld(t)
	quick, e := w.store(), w.entry("just now")
	var calls atomic.Int64
	var db *gorm.DB
	slow := w.store(func(o *cache.Options) { db = o.DB })
	// The other process makes its whole call between this one's look at the cache and its claim.
	var once sync.Once
	require.NoError(t, db.Callback().Query().After("gorm:query").Register("test:overtake", func(*gorm.DB) {
		once.Do(func() {
			_, err := quick.Do(t.Context(), e, nil, answering(&calls, "overtaken"))
			assert.NoError(t, err)
		})
	}))
	result, err := slow.Do(t.Context(), e, nil, neverCalled(t))
	require.NoError(t, err)
	assert.Equal(t, "overtaken", result.Response)
	assert.Equal(t, cache.Shared, result.Outcome)
	assert.EqualValues(t, 1, calls.Load())
	assert.Zero(t, w.rows(&models.LLMFlight{}))
}

func TestALongCallKeepsItsLease(t *testing.T) {
	w := newWorld(t)
	// Its heartbeats are frequent; on the world's clock it can't run out between two of them.
	const short = 900 * time.Millisecond
	briefly := func(o *cache.Options) { o.Lease = short }
	s, other, e := w.clocked(briefly), w.clocked(briefly), w.entry("long")
	h := hold("long")
	leader := start(t.Context(), s, e, nil, h.work)
	w.await(h.began, "the call")
	follower := start(t.Context(), other, e, nil, neverCalled(t))
	w.awaitFollower(e, short)
	for range 4 { // twice as long as the lease
		w.clock.Advance(short / 2)
		w.eventually(func() bool {
			row, err := w.flight(e)
			return err == nil && row.LeaseUntil.Equal(w.clock.Now().Add(short))
		}, "the lease moves on")
		w.awaitFollower(e, short)
	}
	close(h.letGo)
	assert.Equal(t, "long", w.receive(leader).result.Response)
	assert.Equal(t, "long", w.receive(follower).result.Response)
}

func TestWaitWaitsForWhatKeepsALease(t *testing.T) {
	w := newWorld(t)
	beat, letGo := make(chan struct{}), make(chan struct{})
	var once sync.Once
	s := w.clocked(func(o *cache.Options) {
		o.Lease = 30 * time.Millisecond
		require.NoError(t, o.DB.Callback().Update().After("gorm:update").Register("test:beat", func(*gorm.DB) {
			once.Do(func() {
				close(beat)
				<-letGo
			})
		}))
	})
	e := w.entry("in a heartbeat")
	e.TTL = 0 // what is not kept needs no other connection
	_, err := s.Do(t.Context(), e, nil, func(context.Context, func(string)) (cache.Answer, error) {
		w.await(beat, "a heartbeat")
		return cache.Answer{Response: "x"}, nil
	})
	require.NoError(t, err)
	ended, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, s.Wait(ended), context.DeadlineExceeded)
	close(letGo)
	require.NoError(t, s.Wait(t.Context()))
}
