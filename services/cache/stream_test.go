package cache_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/cache"
)

// listener collects what a caller hears.
type listener struct {
	mu    sync.Mutex
	text  strings.Builder
	heard chan struct{} // closed at the first piece
	once  sync.Once
}

func newListener() *listener { return &listener{heard: make(chan struct{})} }

func (l *listener) hear(piece string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.WriteString(piece)
	l.once.Do(func() { close(l.heard) })
}

func (l *listener) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// speech is work that says each piece when it is given one, and ends when there are no more.
func speech(pieces <-chan string) cache.Work {
	return func(ctx context.Context, onText func(string)) (cache.Answer, error) {
		var all strings.Builder
		for {
			select {
			case piece, ok := <-pieces:
				if !ok {
					return cache.Answer{Response: all.String()}, nil
				}
				all.WriteString(piece)
				onText(piece)
			case <-ctx.Done():
				return cache.Answer{}, ctx.Err()
			}
		}
	}
}

func TestEveryCallerHearsEverything(t *testing.T) {
	w := newWorld(t)
	s, e := w.store(), w.entry("stream")
	pieces := make(chan string)
	early, late := newListener(), newListener()
	first := start(t.Context(), s, e, early.hear, speech(pieces))
	pieces <- "Dear "
	w.await(early.heard, "the first piece is heard before the answer is whole")
	second := start(t.Context(), s, e, late.hear, neverCalled(t))
	w.await(late.heard, "the one who came late hears")
	assert.Equal(t, "Dear ", late.String(), "what was said before")
	pieces <- "Example "
	pieces <- "GmbH"
	close(pieces)
	for _, caller := range []<-chan outcome{first, second} {
		require.Equal(t, "Dear Example GmbH", w.receive(caller).result.Response)
	}
	assert.Equal(t, "Dear Example GmbH", early.String())
	assert.Equal(t, "Dear Example GmbH", late.String())
}

func TestOneListenerDoesNotHoldUpAnother(t *testing.T) {
	w := newWorld(t)
	s, e := w.store(), w.entry("slow listener")
	pieces := make(chan string)
	stuck, letGo := make(chan struct{}), make(chan struct{})
	var slowText strings.Builder
	slow := start(t.Context(), s, e, func(piece string) {
		if slowText.Len() == 0 {
			close(stuck)
			<-letGo
		}
		slowText.WriteString(piece)
	}, speech(pieces))
	pieces <- "a"
	w.await(stuck, "the slow one hears the first piece")

	panicked := make(chan any, 1)
	go func() {
		defer func() { panicked <- recover() }()
		_, _ = s.Do(t.Context(), e, func(string) { panic("listener") }, neverCalled(t))
	}()
	require.Equal(t, "listener", <-panicked, "a panic is its own caller's")

	quick := newListener()
	other := start(t.Context(), s, e, quick.hear, neverCalled(t))
	w.await(quick.heard, "another one hears")
	for range 1000 {
		pieces <- "b"
	}
	close(pieces)
	want := "a" + strings.Repeat("b", 1000)
	assert.Equal(t, want, w.receive(other).result.Response)
	assert.Equal(t, want, quick.String())
	close(letGo)
	assert.Equal(t, want, w.receive(slow).result.Response)
	assert.Equal(t, want, slowText.String())
}

func TestWhatIsHeardIsBounded(t *testing.T) {
	w := newWorld(t)
	piece := strings.Repeat("x", 1<<16)
	const pieces = 40
	ear := newListener()
	result, err := w.store().Do(t.Context(), w.entry("flood"), ear.hear, func(_ context.Context, onText func(string)) (cache.Answer, error) {
		for range pieces {
			onText(piece)
		}
		return cache.Answer{Response: "flood"}, nil
	})
	require.NoError(t, err)
	assert.Equal(t, "flood", result.Response)
	assert.NotEmpty(t, ear.String())
	assert.LessOrEqual(t, len(ear.String()), 1<<20)
}
