package cache

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"

	"resume-matcher/models"
)

// maxHeard bounds the bytes kept for those who listen; what a model says beyond it they get with the whole answer.
const maxHeard = 1 << 20

// errUnfinished is what remains of a call whose goroutine ended without a word.
var errUnfinished = models.WrapError(models.KindInternal, callFailed, errors.New("the call's goroutine ended early"))

const callFailed = "The language model call failed. Try again."

type flightKey struct{ workspaceID, key string }

// flight is one call under way, made by this process or by another, with everyone here who waits for it.
type flight struct {
	key flightKey
	// ctx is the work's: it ends when nobody waits any more.
	ctx    context.Context
	cancel context.CancelFunc
	// alone is closed when the last caller here has left, done when result and err are set.
	alone, done chan struct{}
	// waiting counts the callers here; leading tells that the work runs here. The store's mutex guards both.
	waiting int
	leading bool

	result Result
	err    error

	mu   sync.Mutex // guards what follows
	text strings.Builder
	full bool
	more chan struct{} // closed and replaced when text grows
}

// join returns the flight under way for the entry's key, or a new one and true: then the caller must let it fly.
func (s *Store) join(ctx context.Context, e Entry) (f *flight, founder bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := flightKey{e.WorkspaceID, e.Key}
	f, found := s.flights[key]
	if !found {
		f = &flight{key: key, alone: make(chan struct{}), done: make(chan struct{}), more: make(chan struct{}), err: errUnfinished}
		f.ctx, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
		s.flights[key] = f
	}
	f.waiting++
	return f, !found
}

// leave takes a caller off its flight. After the last one nobody can board any more; the work ends too, unless it
// runs here: then another process may still want it.
func (s *Store) leave(f *flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.waiting--
	if f.waiting > 0 {
		return
	}
	s.forget(f)
	close(f.alone)
	if !f.leading {
		f.cancel()
	}
}

// forget makes the next caller start a flight of its own; the store's mutex is held.
func (s *Store) forget(f *flight) {
	if s.flights[f.key] == f {
		delete(s.flights, f.key)
	}
}

// fly finds the answer for everyone on the flight.
func (s *Store) fly(f *flight, e Entry, found Outcome, work Work) {
	defer func() {
		s.mu.Lock()
		s.forget(f)
		s.mu.Unlock()
		f.cancel()
		close(f.done)
	}()
	f.result, f.err = s.resolve(f, e, found, work)
}

// say passes on a piece of the answer to those who listen.
func (f *flight) say(piece string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.full = f.full || f.text.Len()+len(piece) > maxHeard
	if f.full || piece == "" {
		return
	}
	f.text.WriteString(piece)
	close(f.more)
	f.more = make(chan struct{})
}

// said returns the text so far and a channel that is closed when there is more.
func (f *flight) said() (string, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.text.String(), f.more
}

// listen waits for the end of the flight or of ctx. Each caller hears in its own goroutine and at its own pace: one
// that is slow gets several pieces at once and holds up nobody.
func (f *flight) listen(ctx context.Context, onText func(string)) error {
	if onText == nil {
		onText = func(string) {}
	}
	for heard := 0; ; {
		ended := false
		select {
		case <-f.done:
			ended = true
		default:
		}
		text, more := f.said()
		if len(text) > heard && ctx.Err() == nil {
			onText(text[heard:])
			heard = len(text)
			continue
		}
		if ended {
			return nil
		}
		select {
		case <-f.done:
		case <-more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// run makes the call and turns a panic into an error: it happened in a goroutine that no server guards.
func run(ctx context.Context, work Work, say func(string)) (answer Answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			// The value may quote what was being worked on; its type and the stack do not.
			err = models.WrapError(models.KindInternal, callFailed, fmt.Errorf("panic of type %T\n%s", p, debug.Stack()))
		}
	}()
	return work(ctx, say)
}
