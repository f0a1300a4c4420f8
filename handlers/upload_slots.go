package handlers

import (
	"container/list"
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"resume-matcher/models"
	"resume-matcher/services/access"
)

const (
	// slotWait is how long an upload waits for its turn, below what proxies wait for an answer.
	slotWait = 15 * time.Second
	// slotRetryAfter is what a refused upload is told to wait, in seconds.
	slotRetryAfter = 5
)

// uploadSlots bounds how many uploads are read and processed at the same time, and so the memory they take. Further ones
// wait in the order they came, before their bodies are read. A slot is shared fairly: no workspace and no client address
// has more than half of the slots, or of the places in the queue, so that neither can keep all others out.
type uploadSlots struct {
	size, queue int
	wait        time.Duration

	mu      sync.Mutex
	inUse   int
	held    map[string]int // slots by owner
	queued  map[string]int // waiting by owner
	waiting list.List      // of *slotWaiter, the first that came in front
}

// slotWaiter is an upload in the queue; ready is closed when it has its slot.
type slotWaiter struct {
	owners []string
	ready  chan struct{}
}

// newUploadSlots lets size uploads work and queue wait; a size of 0 means no bound.
func newUploadSlots(size, queue int) *uploadSlots {
	return &uploadSlots{size: size, queue: queue, wait: slotWait, held: map[string]int{}, queued: map[string]int{}}
}

// acquire takes a slot for its owners and returns how to give it back; release must be called unless it fails. It fails with KindUnavailable if there is no place
// in the queue or no slot in time, and with the context's error once nobody waits for the answer.
func (s *uploadSlots) acquire(ctx context.Context, owners ...string) (release func(), err error) {
	if s.size <= 0 {
		return func() {}, nil
	}
	w := &slotWaiter{owners: owners, ready: make(chan struct{})}
	release = func() { s.release(w) }
	element, err := s.enter(w)
	if err != nil || element == nil {
		return release, err
	}
	timeout := time.NewTimer(s.wait)
	defer timeout.Stop()
	select {
	case <-w.ready:
		return release, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-timeout.C:
		err = errBusy()
	}
	s.leave(element)
	return nil, err
}

func errBusy() error {
	return models.NewError(models.KindUnavailable, "Too many uploads are being processed. Wait as long as Retry-After says, then try again.")
}

// enter puts an upload straight into a slot, or into the queue and returns its place there.
func (s *uploadSlots) enter(w *slotWaiter) (*list.Element, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mayStart(w) {
		s.start(w)
		return nil, nil
	}
	if s.waiting.Len() >= s.queue || !within(s.queued, w.owners, s.queue) {
		return nil, errBusy()
	}
	count(s.queued, w.owners, 1)
	return s.waiting.PushBack(w), nil
}

// leave takes an upload out of the queue that gave up, and gives the slot back that it got meanwhile.
func (s *uploadSlots) leave(element *list.Element) {
	w := element.Value.(*slotWaiter)
	s.mu.Lock()
	select {
	case <-w.ready:
		s.mu.Unlock()
		s.release(w)
		return
	default:
	}
	count(s.queued, w.owners, -1)
	s.waiting.Remove(element)
	s.mu.Unlock()
}

// release gives the slot to the first in the queue who may have it.
func (s *uploadSlots) release(w *slotWaiter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inUse--
	count(s.held, w.owners, -1)
	for e := s.waiting.Front(); e != nil && s.inUse < s.size; {
		next, following := e.Value.(*slotWaiter), e.Next()
		if s.mayStart(next) {
			s.waiting.Remove(e)
			count(s.queued, next.owners, -1)
			s.start(next)
		}
		e = following
	}
}

// mayStart needs the lock. Nobody overtakes: a slot is free while others wait only if their owners have their share.
func (s *uploadSlots) mayStart(w *slotWaiter) bool {
	return s.inUse < s.size && within(s.held, w.owners, s.size)
}

func (s *uploadSlots) start(w *slotWaiter) {
	s.inUse++
	count(s.held, w.owners, 1)
	close(w.ready)
}

// within tells whether each owner has room for one more in its half of all.
func within(counts map[string]int, owners []string, all int) bool {
	for _, owner := range owners {
		if counts[owner] >= (all+1)/2 {
			return false
		}
	}
	return true
}

func count(counts map[string]int, owners []string, by int) {
	for _, owner := range owners {
		if counts[owner] += by; counts[owner] == 0 {
			delete(counts, owner)
		}
	}
}

// slotOwners are the workspace and the network of a request; where there is one workspace only, nobody shares with anybody.
func slotOwners(c *gin.Context) []string {
	identity, known := identityOf(c)
	if !known || identity.Method == access.MethodLocal {
		return nil
	}
	return []string{"workspace " + identity.WorkspaceID, "address " + network(clientOf(c))}
}

// hold keeps a slot while the rest of the request is handled, whatever becomes of it.
func (s *uploadSlots) hold(f failures) gin.HandlerFunc {
	return func(c *gin.Context) {
		release, err := s.acquire(c.Request.Context(), slotOwners(c)...)
		if err != nil {
			c.Header("Retry-After", strconv.Itoa(slotRetryAfter))
			f.write(c, err)
			return
		}
		defer release()
		c.Next()
	}
}

// collectors show how many uploads work and wait.
func (s *uploadSlots) collectors() []prometheus.Collector {
	gauge := func(name, help string, read func() int) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
			s.mu.Lock()
			defer s.mu.Unlock()
			return float64(read())
		})
	}
	return []prometheus.Collector{
		gauge("uploads_in_progress", "Uploads that are being read and processed.", func() int { return s.inUse }),
		gauge("uploads_waiting", "Uploads that wait for their turn.", s.waiting.Len),
	}
}
