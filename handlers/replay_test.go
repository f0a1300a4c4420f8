package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

var someKey = runKey{workspace: "own", method: "POST", path: "/work"}

// untilCanceled adds one event and works until its context ends, and tells why it did.
func untilCanceled(cause chan<- error) func(context.Context, *eventLog) *models.Error {
	return func(ctx context.Context, log *eventLog) *models.Error {
		if err := log.add(progress{"starting"}); err != nil {
			return models.WrapError(models.KindInternal, internalMessage, err)
		}
		<-ctx.Done()
		cause <- context.Cause(ctx)
		return nil
	}
}

// says adds texts as events and ends.
func says(texts ...string) func(context.Context, *eventLog) *models.Error {
	return func(_ context.Context, log *eventLog) *models.Error {
		for _, text := range texts {
			if err := log.add(progress{text}); err != nil {
				return models.WrapError(models.KindInternal, internalMessage, err)
			}
		}
		return nil
	}
}

// started runs work in the bubble until it waits or has ended.
func started(t *testing.T, s *runs, work func(context.Context, *eventLog) *models.Error) *run {
	t.Helper()
	r, err := s.start(t.Context(), someKey, work)
	require.NoError(t, err)
	synctest.Wait()
	return r
}

func resumes1(s *runs, r *run) bool {
	resumed, after := s.resume(someKey, r.id+"-1")
	if resumed == nil {
		return false
	}
	return resumed == r && after == 1
}

func TestRunWithoutListenersIsCanceledAfterItsGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newRuns(defaultRunLimits())
		cause := make(chan error, 1)
		r := started(t, s, untilCanceled(cause))
		s.release(r)
		time.Sleep(s.limits.grace - time.Nanosecond)
		synctest.Wait()
		require.Empty(t, cause, "someone may still come back")
		require.True(t, resumes1(s, r))
		time.Sleep(time.Hour)
		synctest.Wait()
		require.Empty(t, cause, "someone listens")
		s.release(r)
		time.Sleep(s.limits.grace)
		synctest.Wait()
		require.ErrorIs(t, <-cause, errAbandoned)
		assert.False(t, resumes1(s, r), "who comes too late starts anew")
		assert.Zero(t, s.live)
	})
}

func TestRunNeedsOneListenerOfMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newRuns(defaultRunLimits())
		cause := make(chan error, 1)
		r := started(t, s, untilCanceled(cause))
		require.True(t, resumes1(s, r))
		s.release(r)
		time.Sleep(time.Hour)
		synctest.Wait()
		require.Empty(t, cause)
		s.release(r)
		time.Sleep(s.limits.grace)
		synctest.Wait()
		assert.ErrorIs(t, <-cause, errAbandoned)
	})
}

func TestRunNobodyCanKnowOfIsCanceledAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newRuns(defaultRunLimits())
		cause := make(chan error, 1)
		r := started(t, s, func(ctx context.Context, _ *eventLog) *models.Error {
			<-ctx.Done()
			cause <- context.Cause(ctx)
			return nil
		})
		s.release(r)
		synctest.Wait()
		require.ErrorIs(t, <-cause, errAbandoned)
		assert.Empty(t, s.byID)
	})
}

func TestEndedRunIsReplayedForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newRuns(defaultRunLimits())
		r := started(t, s, says("starting", "completed"))
		s.release(r)
		time.Sleep(s.limits.keep - time.Nanosecond)
		require.True(t, resumes1(s, r))
		s.release(r)
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		assert.False(t, resumes1(s, r))
		assert.Empty(t, s.byID)
		assert.Empty(t, s.ended)
		assert.Zero(t, s.endedBytes)
	})
}

func TestRunWithoutEventsIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newRuns(defaultRunLimits())
		r := started(t, s, func(context.Context, *eventLog) *models.Error { return models.NewError(models.KindStalePreview, "No.") })
		s.release(r)
		assert.Empty(t, s.byID)
	})
}

func TestOnlyTheSameRequestResumesARun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newRuns(defaultRunLimits())
		r := started(t, s, says("one", "two"))
		other := func(change func(*runKey)) runKey {
			key := someKey
			change(&key)
			return key
		}
		tests := []struct {
			name string
			key  runKey
			id   string
			want int
		}{
			{"in the middle", someKey, r.id + "-1", 1},
			{"at the end", someKey, r.id + "-2", 2},
			{"number never sent", someKey, r.id + "-3", 0},
			{"number zero", someKey, r.id + "-0", 0},
			{"negative number", someKey, r.id + "--1", 0},
			{"number too large", someKey, r.id + "-" + strings.Repeat("9", 40), 0},
			{"no number", someKey, r.id + "-", 0},
			{"no dash", someKey, r.id, 0},
			{"nothing", someKey, "", 0},
			{"only a number", someKey, "-1", 0},
			{"unknown run", someKey, strings.Repeat("A", 26) + "-1", 0},
			{"other workspace", other(func(k *runKey) { k.workspace = "foreign" }), r.id + "-1", 0},
			{"other path", other(func(k *runKey) { k.path = "/rest" }), r.id + "-1", 0},
			{"other method", other(func(k *runKey) { k.method = "GET" }), r.id + "-1", 0},
			{"other input", other(func(k *runKey) { k.input[0]++ }), r.id + "-1", 0},
		}
		for _, test := range tests {
			resumed, after := s.resume(test.key, test.id)
			assert.Equal(t, test.want, after, test.name)
			assert.Equal(t, test.want > 0, resumed == r, test.name)
		}
	})
}

func TestRunsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := defaultRunLimits()
		limits.live = 2
		s := newRuns(limits)
		first, second := make(chan error, 1), make(chan error, 1)
		a := started(t, s, untilCanceled(first))
		started(t, s, untilCanceled(second))
		_, err := s.start(t.Context(), someKey, says("never"))
		refused, ok := errors.AsType[*models.Error](err)
		require.True(t, ok)
		assert.Equal(t, models.KindUnavailable, refused.Kind)
		s.release(a)
		time.Sleep(limits.grace)
		synctest.Wait()
		started(t, s, says("there is room again"))
		require.NoError(t, s.shutdown(time.Second))
		assert.ErrorIs(t, <-second, errStopping)
	})
}

func TestEndedRunsAreBounded(t *testing.T) {
	frame := len("id: -1\ndata: {\"status\":\"x\"}\n\n") + 26
	for name, change := range map[string]func(*runLimits){
		"by number": func(l *runLimits) { l.ended = 3 },
		"by size":   func(l *runLimits) { l.endedBytes = 3*frame + 1 },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				limits := defaultRunLimits()
				change(&limits)
				s := newRuns(limits)
				all := make([]*run, 5)
				for i := range all {
					all[i] = started(t, s, says("x"))
					s.release(all[i])
				}
				for i, r := range all {
					assert.Equal(t, i >= 2, resumes1(s, r), "run %d", i)
				}
				assert.Len(t, s.byID, 3)
				assert.Equal(t, 3*frame, s.endedBytes)
			})
		})
	}
}

func TestShutdownWaitsForStreamsThatEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newRuns(defaultRunLimits())
		cause := make(chan error, 1)
		r := started(t, s, func(ctx context.Context, log *eventLog) *models.Error {
			time.Sleep(4 * time.Second)
			cause <- ctx.Err()
			return says("completed")(ctx, log)
		})
		start := time.Now()
		require.NoError(t, s.shutdown(10*time.Second))
		assert.Equal(t, 4*time.Second, time.Since(start))
		require.NoError(t, <-cause)
		numbers, _ := readAll(r.log, 0)
		assert.Equal(t, []int{1}, numbers)
		_, err := s.start(t.Context(), someKey, says("never"))
		assert.ErrorIs(t, err, errStopping)
	})
}

func TestShutdownCancelsStreamsThatDoNotEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newRuns(defaultRunLimits())
		heard, left, leaving := make(chan error, 1), make(chan error, 1), make(chan error, 1)
		started(t, s, untilCanceled(heard))
		s.release(started(t, s, untilCanceled(left)))
		leaver := started(t, s, untilCanceled(leaving))
		start := time.Now()
		ended := make(chan error)
		go func() { ended <- s.shutdown(10 * time.Second) }()
		synctest.Wait()
		require.ErrorIs(t, <-left, errAbandoned, "nobody can come back to it")
		s.release(leaver)
		synctest.Wait()
		require.ErrorIs(t, <-leaving, errAbandoned)
		require.Empty(t, heard)
		require.NoError(t, <-ended)
		assert.Equal(t, 5*time.Second, time.Since(start))
		assert.ErrorIs(t, <-heard, errStopping)
	})
}

func TestShutdownTellsOfWorkThatDoesNotStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newRuns(defaultRunLimits())
		started(t, s, func(context.Context, *eventLog) *models.Error {
			time.Sleep(time.Hour)
			return nil
		})
		start := time.Now()
		require.ErrorContains(t, s.shutdown(10*time.Second), "did not end in time")
		assert.Equal(t, 10*time.Second, time.Since(start))
		time.Sleep(time.Hour) // let it end within the test
	})
}

func TestRunKeepsTheValuesOfItsRequest(t *testing.T) {
	type key struct{}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "kept"))
	cancel()
	s := newRuns(defaultRunLimits())
	got := make(chan string, 1)
	_, err := s.start(ctx, someKey, func(ctx context.Context, _ *eventLog) *models.Error {
		got <- fmt.Sprint(ctx.Value(key{}), ctx.Err())
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, "kept<nil>", <-got)
	require.NoError(t, s.shutdown(soon))
}
