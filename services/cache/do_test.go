package cache_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/cache"
)

func TestAnAnswerIsKept(t *testing.T) {
	w := newWorld(t)
	s, e := w.store(), w.entry("kept")
	var calls atomic.Int64
	first, err := s.Do(t.Context(), e, nil, answering(&calls, "hello"))
	require.NoError(t, err)
	assert.Equal(t, cache.Miss, first.Outcome)
	second, err := w.store().Do(t.Context(), e, nil, neverCalled(t))
	require.NoError(t, err)
	assert.Equal(t, cache.Hit, second.Outcome)
	assert.Equal(t, first.Answer, second.Answer)
	assert.Equal(t, cache.Answer{Response: "hello", Model: "model", PromptTokens: 7, CompletionTokens: 3}, second.Answer)
	assert.EqualValues(t, 1, w.counted(cache.Miss))
	assert.EqualValues(t, 1, w.counted(cache.Hit))
	assert.EqualValues(t, 1, w.rows(&models.LLMCacheIndex{}))
	assert.Zero(t, w.rows(&models.LLMFlight{}))
}

func TestExpiredAnswersAreNotServed(t *testing.T) {
	w := newWorld(t)
	s, e := w.clocked(), w.entry("expiring")
	var calls atomic.Int64
	_, err := s.Do(t.Context(), e, nil, answering(&calls, "old"))
	require.NoError(t, err)
	w.clock.Advance(e.TTL - time.Second)
	_, err = s.Do(t.Context(), e, nil, neverCalled(t))
	require.NoError(t, err)
	w.clock.Advance(time.Second)
	result, err := s.Do(t.Context(), e, nil, answering(&calls, "new"))
	require.NoError(t, err)
	assert.Equal(t, cache.Expired, result.Outcome)
	assert.Equal(t, "new", result.Response)
	result, err = s.Do(t.Context(), e, nil, neverCalled(t))
	require.NoError(t, err)
	assert.Equal(t, "new", result.Response)
	assert.EqualValues(t, 1, w.counted(cache.Expired))
}

func TestAnswersAreForOneWorkspace(t *testing.T) {
	w := newWorld(t)
	var done footprints
	s, mine := w.store(done.watch), w.entry("same")
	theirs := mine
	theirs.WorkspaceID, theirs.Links = w.newWorkspace(), nil
	ours, err := cache.KeyOf(mine.WorkspaceID, "test", "model", "1", nil, "same")
	require.NoError(t, err)
	other, err := cache.KeyOf(theirs.WorkspaceID, "test", "model", "1", nil, "same")
	require.NoError(t, err)
	assert.NotEqual(t, ours, other)

	// Even with one key for both, nobody gets the other's answer, from the cache or from a call under way.
	first, second := hold("mine"), hold("theirs")
	a := start(t.Context(), s, mine, nil, first.work)
	w.await(first.began, "the first workspace's call")
	b := start(t.Context(), s, theirs, nil, second.work)
	w.eventually(func() bool { return done.claims.Load() > 1 }, "the second workspace asks")
	close(first.letGo)
	assert.Equal(t, "mine", w.receive(a).result.Response)
	w.await(second.began, "the second workspace's call")
	close(second.letGo)
	assert.Equal(t, "theirs", w.receive(b).result.Response)
	again, err := s.Do(t.Context(), mine, nil, neverCalled(t))
	require.NoError(t, err)
	assert.Equal(t, "mine", again.Response)
}

func TestIdenticalRequestsMakeOneCall(t *testing.T) {
	const requests = 200
	for _, processes := range []int{1, 2} {
		t.Run(fmt.Sprint(processes), func(t *testing.T) {
			w := newWorld(t)
			e := w.entry("identical")
			stores := make([]*cache.Store, processes)
			for i := range stores {
				stores[i] = w.store()
			}
			var calls, hearing atomic.Int64
			work := func(ctx context.Context, onText func(string)) (cache.Answer, error) {
				// The call goes on until all requests of its process wait for it, and the other process too.
				onText("so far")
				assert.Eventually(t, func() bool {
					return hearing.Load() == requests/int64(processes) && (processes == 1 || w.wanted(e))
				}, patience, 5*time.Millisecond)
				return answering(&calls, "once")(ctx, onText)
			}
			var group sync.WaitGroup
			for i := range requests {
				group.Go(func() {
					result, err := stores[i%processes].Do(t.Context(), e, func(string) { hearing.Add(1) }, work)
					assert.NoError(t, err)
					assert.Equal(t, "once", result.Response)
				})
			}
			group.Wait()
			assert.EqualValues(t, 1, calls.Load())
			assert.EqualValues(t, 1, w.counted(cache.Miss))
			assert.EqualValues(t, requests-1, w.counted(cache.Hit)+w.counted(cache.Shared))
			assert.Zero(t, w.rows(&models.LLMFlight{}))
		})
	}
}

func TestOneErrorForAllWhoWait(t *testing.T) {
	w := newWorld(t)
	s, other, e := w.store(), w.store(), w.entry("failing")
	h := hold("")
	h.err = models.WrapError(models.KindAIUnavailable, "The provider is down.", errors.New("private cause"))
	ear := newListener()
	leader := start(t.Context(), s, e, nil, func(ctx context.Context, onText func(string)) (cache.Answer, error) {
		onText("so far")
		return h.work(ctx, onText)
	})
	w.await(h.began, "the call")
	local := start(t.Context(), s, e, ear.hear, neverCalled(t))
	w.await(ear.heard, "the other caller is there")
	remote := start(t.Context(), other, e, nil, neverCalled(t))
	w.eventually(func() bool { return w.wanted(e) }, "the other process waits")
	close(h.letGo)
	for _, waiting := range []<-chan outcome{leader, local, remote} {
		var public *models.Error
		require.ErrorAs(t, w.receive(waiting).err, &public)
		assert.Equal(t, models.KindAIUnavailable, public.Kind)
		assert.Equal(t, "The provider is down.", public.Message)
	}
	var row models.LLMFlight
	require.NoError(t, w.db.Take(&row).Error)
	assert.NotContains(t, fmt.Sprint(row), "private")

	var calls atomic.Int64
	result, err := other.Do(t.Context(), e, nil, answering(&calls, "better"))
	require.NoError(t, err, "a failure is not for those who come later")
	assert.Equal(t, "better", result.Response)
}

func TestErrorsOfUnknownKindStayPrivate(t *testing.T) {
	w := newWorld(t)
	s, other, e := w.store(), w.store(), w.entry("unknown error")
	h := hold("")
	h.err = errors.New("someone's secret")
	leader := start(t.Context(), s, e, nil, h.work)
	w.await(h.began, "the call")
	remote := start(t.Context(), other, e, nil, neverCalled(t))
	w.eventually(func() bool { return w.wanted(e) }, "the other process waits")
	close(h.letGo)
	require.ErrorIs(t, w.receive(leader).err, h.err)
	err := w.receive(remote).err
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "secret")
}

func TestAPanicLeavesNoLock(t *testing.T) {
	w := newWorld(t)
	s, e := w.store(), w.entry("panic")
	_, err := s.Do(t.Context(), e, nil, func(context.Context, func(string)) (cache.Answer, error) { panic("someone's secret") })
	var public *models.Error
	require.ErrorAs(t, err, &public)
	assert.Equal(t, models.KindInternal, public.Kind)
	assert.NotContains(t, err.Error(), "secret")
	var calls atomic.Int64
	_, err = w.store().Do(t.Context(), e, nil, answering(&calls, "well"))
	require.NoError(t, err)
}

func TestAnAnswerSurvivesADatabaseThatFails(t *testing.T) {
	w := newWorld(t)
	e := w.entry("storing fails")
	var opened cache.Options
	s := w.store(func(o *cache.Options) { opened = *o })
	result, err := s.Do(t.Context(), e, nil, func(context.Context, func(string)) (cache.Answer, error) {
		return cache.Answer{Response: "paid for"}, models.Close(opened.DB)
	})
	require.NoError(t, err)
	assert.Equal(t, "paid for", result.Response)
	log := w.log.String()
	assert.Equal(t, 1, strings.Count(log, "\n"), log)
	assert.NotContains(t, log, "paid for")
	assert.Zero(t, w.rows(&models.LLMCache{}))
}

func TestAnAnswerForAWorkspaceThatIsGoneIsAConflict(t *testing.T) {
	w := newWorld(t)
	e := w.entry("gone")
	var calls atomic.Int64
	require.NoError(t, w.db.Where("id = ?", e.WorkspaceID).Delete(&models.Workspace{}).Error)
	_, err := w.store().Do(t.Context(), e, nil, answering(&calls, "late"))
	var known *models.Error
	require.ErrorAs(t, err, &known)
	assert.Equal(t, models.KindConflict, known.Kind)
}
