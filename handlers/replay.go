package handlers

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
)

// runLimits bounds what streamed requests may hold.
type runLimits struct {
	// live runs work at the same time; beyond them requests are refused.
	live int
	// events and bytes are what one run keeps for replay, the newest event at least.
	events, bytes int
	// ended runs with endedBytes in all are kept for the time of keep, the newest of them.
	ended, endedBytes int
	keep              time.Duration
	// grace is how long a run waits for a listener after the last one left.
	grace time.Duration
}

func defaultRunLimits() runLimits {
	return runLimits{
		live: 256, events: 2_000, bytes: 2 << 20,
		ended: 512, endedBytes: 64 << 20, keep: 2 * time.Minute,
		grace: 3 * time.Second,
	}
}

// Why a run's context was canceled.
var (
	errAbandoned = errors.New("handlers: nobody listens to the stream any more")
	errErased    = models.NewError(models.KindNotFound, "The workspace was deleted meanwhile.")
	errStopping  = models.NewError(models.KindUnavailable, "The server is restarting. Send the request again.")
)

// runKey is equal for requests that ask the same thing; only they may follow each other's run.
type runKey struct {
	workspace, method, path string
	input                   [sha256.Size]byte
}

// newRunKey takes the bound input rather than the body, whose bytes may differ in what means nothing.
func newRunKey(c *gin.Context, in any) (runKey, error) {
	input, err := json.Marshal(in)
	if err != nil {
		return runKey{}, fmt.Errorf("handlers: identify a stream: %w", err)
	}
	return runKey{workspaceOf(c), c.Request.Method, c.Request.URL.Path, sha256.Sum256(input)}, nil
}

// run is the work behind a stream. It outlives the connection that asked for it, so that another can go on listening.
type run struct {
	id     string
	key    runKey
	log    *eventLog
	cancel context.CancelCauseFunc

	// The registry's lock guards these.
	listeners int
	ended     bool
	bytes     int         // of an ended run
	timer     *time.Timer // cancels a run without listeners, forgets an ended one
}

// runs owns the goroutines of streamed requests, and keeps what they told for clients that come back.
type runs struct {
	limits  runLimits
	working sync.WaitGroup

	mu         sync.Mutex // guards what follows, and is taken before a log's
	byID       map[string]*run
	live       int
	ended      []*run // oldest first
	endedBytes int
	closed     bool
}

func newRuns(limits runLimits) *runs {
	return &runs{limits: limits, byID: map[string]*run{}}
}

// start lets work run and returns its run with one listener, who must release it. Work's context has the values of ctx and
// ends when nobody listens or the server stops; what work returns is why it failed.
func (s *runs) start(ctx context.Context, key runKey, work func(context.Context, *eventLog) *models.Error) (*run, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errStopping
	}
	if s.live >= s.limits.live {
		return nil, models.NewError(models.KindUnavailable, "Too many streamed requests are being answered. Try again in a moment.")
	}
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	id := rand.Text()
	r := &run{id: id, key: key, log: newEventLog(id, s.limits), cancel: cancel, listeners: 1}
	s.byID[id] = r
	s.live++
	s.working.Go(func() {
		r.log.end(work(ctx, r.log))
		cancel(nil)
		s.finish(r)
	})
	return r, nil
}

// resume adds a listener to the run that lastEventID names, and returns the number of the event it stands for.
// It returns nil when there is no such run, or not for this request.
func (s *runs) resume(key runKey, lastEventID string) (r *run, after int) {
	id, number, found := strings.Cut(lastEventID, "-")
	after, err := strconv.Atoi(number)
	if !found || err != nil || after < 1 {
		return nil, 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r = s.byID[id]
	if r == nil || r.key != key {
		return nil, 0
	}
	if last, _ := r.log.reached(); after > last {
		return nil, 0
	}
	r.listeners++
	if !r.ended && r.timer != nil {
		r.timer.Stop()
	}
	return r, after
}

// release takes a listener away. After the last one a run has a short time to be resumed in.
func (s *runs) release(r *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.listeners--
	if r.listeners > 0 || r.ended {
		return
	}
	if last, _ := r.log.reached(); last == 0 || s.closed {
		s.abandon(r) // nobody knows its id, or can come back
		return
	}
	r.timer = time.AfterFunc(s.limits.grace, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if r.listeners == 0 && !r.ended {
			s.abandon(r)
		}
	})
}

// abandon needs the lock. Whoever comes back too late starts anew rather than hear how the run was canceled.
func (s *runs) abandon(r *run) {
	delete(s.byID, r.id)
	r.cancel(errAbandoned)
}

func (s *runs) finish(r *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live--
	r.ended = true
	if r.timer != nil {
		r.timer.Stop()
	}
	var last int
	if last, r.bytes = r.log.reached(); last == 0 || s.closed || s.byID[r.id] == nil {
		delete(s.byID, r.id)
		return
	}
	r.timer = time.AfterFunc(s.limits.keep, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.forget(r)
	})
	s.ended = append(s.ended, r)
	s.endedBytes += r.bytes
	for len(s.ended) > s.limits.ended || s.endedBytes > s.limits.endedBytes {
		s.forget(s.ended[0])
	}
}

// forgetEnded drops what ended runs of a workspace told.
func (s *runs) forgetEnded(workspaceID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range slices.Clone(s.ended) {
		if r.key.workspace == workspaceID {
			s.forget(r)
		}
	}
}

// erase drops all that runs of a workspace told, and cancels those that go on.
func (s *runs) erase(workspaceID string) {
	s.forgetEnded(workspaceID)
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, r := range s.byID {
		if r.key.workspace == workspaceID {
			delete(s.byID, id)
			r.cancel(errErased)
		}
	}
}

// forget needs the lock. Those who listen to the run already hear it to its end.
func (s *runs) forget(r *run) {
	i := slices.Index(s.ended, r)
	if i < 0 {
		return
	}
	r.timer.Stop()
	s.ended = slices.Delete(s.ended, i, i+1)
	s.endedBytes -= r.bytes
	delete(s.byID, r.id)
}

// shutdown refuses new runs, lets those that are listened to finish for half of timeout, then cancels them, and fails if
// some of their work still goes on at its end.
func (s *runs) shutdown(timeout time.Duration) error {
	s.close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.working.Wait()
	}()
	select {
	case <-done:
		return nil
	case <-time.After(timeout / 2):
		s.cancelAll()
	}
	select {
	case <-done:
		return nil
	case <-time.After(timeout / 2):
		return errors.New("handlers: streamed work did not end in time")
	}
}

func (s *runs) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, r := range s.byID {
		if r.listeners == 0 && !r.ended {
			s.abandon(r)
		}
	}
}

func (s *runs) cancelAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.byID {
		r.cancel(errStopping)
	}
}
