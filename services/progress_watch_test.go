package services

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

// board is what the watch reads: the states of résumés, or why they can't be read.
type board struct {
	mu     sync.Mutex
	states map[progressKey]ResumeProgress
	err    error
	reads  atomic.Int64
}

func (b *board) read(_ context.Context, keys []progressKey) (map[progressKey]ResumeProgress, error) {
	b.reads.Add(1)
	b.mu.Lock()
	defer b.mu.Unlock()
	found := map[progressKey]ResumeProgress{}
	for _, k := range keys {
		if p, ok := b.states[k]; ok {
			found[k] = p
		}
	}
	return found, b.err
}

func (b *board) set(key progressKey, p ResumeProgress) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.states[key] = p
}

func await(t *testing.T, news <-chan progressNews, enough func(progressNews) bool) progressNews {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		select {
		case n := <-news:
			if enough(n) {
				return n
			}
		case <-deadline:
			t.Fatal("no news")
		}
	}
}

func TestOneLookServesAllListeners(t *testing.T) {
	key := progressKey{"workspace", "resume"}
	b := &board{states: map[progressKey]ResumeProgress{key: {ResumeID: key.resumeID, Status: models.StatusPending}}}
	w := newProgressWatch(b.read)
	const listeners = 300
	var heard sync.WaitGroup
	for range listeners {
		l := w.join(t.Context(), key)
		heard.Go(func() {
			defer w.leave(l)
			await(t, l.news, func(n progressNews) bool { return n.Status == models.StatusReady })
		})
	}
	b.set(key, ResumeProgress{ResumeID: key.resumeID, Status: models.StatusReady, Percent: 100})
	heard.Wait()
	assert.Less(t, b.reads.Load(), int64(listeners/10), "the database is asked for all at once")
}

func TestNobodyLooksWhenNobodyListens(t *testing.T) {
	b := &board{states: map[progressKey]ResumeProgress{}}
	began, ended := make(chan struct{}), make(chan struct{})
	w := newProgressWatch(func(ctx context.Context, keys []progressKey) (map[progressKey]ResumeProgress, error) {
		close(began)
		<-ctx.Done()
		close(ended)
		return b.read(ctx, keys)
	})
	l := w.join(t.Context(), progressKey{"workspace", "resume"})
	<-began
	w.leave(l)
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Fatal("the look did not end with its last listener")
	}
}

func TestALookThatWasStoppedTellsNobody(t *testing.T) {
	key := progressKey{"workspace", "resume"}
	ctx, stop := context.WithCancel(t.Context())
	w := newProgressWatch(func(context.Context, []progressKey) (map[progressKey]ResumeProgress, error) {
		stop()
		return map[progressKey]ResumeProgress{key: {ResumeID: key.resumeID, Status: models.StatusPending}}, nil
	})
	// It joined after the look was stopped, and has one of its own.
	l := &progressListener{key: key, news: make(chan progressNews, 1)}
	w.listeners[l] = struct{}{}
	w.look(ctx)
	assert.Empty(t, l.news)
}

func TestListenersLearnWhatIsGoneAndWhatFails(t *testing.T) {
	b := &board{states: map[progressKey]ResumeProgress{}}
	w := newProgressWatch(b.read)
	l := w.join(t.Context(), progressKey{"workspace", "resume"})
	defer w.leave(l)
	gone := await(t, l.news, func(n progressNews) bool { return n.err != nil })
	var known *models.Error
	require.ErrorAs(t, gone.err, &known)
	assert.Equal(t, models.KindResumeNotFound, known.Kind)
}

func TestListenersAreToldOfADatabaseThatStaysAway(t *testing.T) {
	b := &board{states: map[progressKey]ResumeProgress{}, err: errors.New("connection refused")}
	ended := make(chan struct{})
	defer close(ended)
	w := newProgressWatch(func(ctx context.Context, keys []progressKey) (map[progressKey]ResumeProgress, error) {
		if b.reads.Load() == watchFailures {
			<-ended // what is told is told before a further look
		}
		return b.read(ctx, keys)
	})
	l := w.join(t.Context(), progressKey{"workspace", "resume"})
	defer w.leave(l)
	n := await(t, l.news, func(progressNews) bool { return true })
	var known *models.Error
	require.ErrorAs(t, n.err, &known)
	assert.Equal(t, models.KindUnavailable, known.Kind)
	assert.EqualValues(t, watchFailures, b.reads.Load())
}
