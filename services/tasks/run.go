package tasks

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// maxRound is after how many tasks RunOnce takes no more.
	maxRound = 1000
	// lastWords is how long a handler may take to return once its context has ended at shutdown.
	lastWords = time.Second
)

// Run carries out tasks until ctx ends. Then it starts no more, lets those under way go on for the grace, and hands the
// others back: they are due at once, for any replica, and the attempt does not count.
func (q *Queue) Run(ctx context.Context) {
	if q.options.Inline {
		return
	}
	c := q.newCrew(ctx)
	var rescued time.Time
	failing := false
	for ctx.Err() == nil {
		full, err := q.round(ctx, c, &rescued)
		if err != nil && !failing && ctx.Err() == nil {
			// Said once: an outage would fill the log.
			q.options.Logger.Error("Tasks can't be read; trying on.", "error", err)
		}
		failing = err != nil
		if !full {
			q.idle(ctx)
		}
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), q.options.Grace)
	defer cancel()
	c.dismiss(grace)
}

// round is what Run does over and over; it tells whether more tasks may be due than there were idle workers.
func (q *Queue) round(ctx context.Context, c *crew, rescued *time.Time) (full bool, err error) {
	var upkeep error
	if time.Since(*rescued) >= q.options.Lease/4 {
		if upkeep = q.rescue(ctx); upkeep == nil {
			*rescued = time.Now()
		}
	}
	upkeep = errors.Join(upkeep, q.schedule(ctx))
	_, full, err = c.start(ctx, q.options.Now())
	return full, errors.Join(upkeep, err)
}

// idle waits for a task of this process or the next poll; replicas that started together spread by jitter.
func (q *Queue) idle(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-q.wake:
	case <-time.After(q.options.Poll - q.options.Poll/8 + rand.N(q.options.Poll/4+1)):
	}
}

// RunOnce carries out what is due now, periodic work included but not much more than 1,000 tasks, and returns how many it began.
// When ctx ends it hands back at once what is under way.
func (q *Queue) RunOnce(ctx context.Context) (began int, err error) {
	if err := errors.Join(q.rescue(ctx), q.schedule(ctx)); err != nil {
		return 0, err
	}
	c, due := q.newCrew(ctx), q.options.Now()
	for full := true; full && began < maxRound && err == nil; {
		var n int
		n, full, err = c.start(ctx, due)
		began += n
	}
	c.dismiss(ctx)
	if err == nil {
		err = ctx.Err()
	}
	return began, err
}

// runInline makes the first attempt at tasks that were just committed. It doesn't end with ctx: a client that hangs up
// has handed its work in.
func (q *Queue) runInline(ctx context.Context, ids []string) {
	// Tasks that these enqueue in transactions of their own are not this transaction's.
	ctx = context.WithValue(context.WithoutCancel(ctx), enqueuedKey{}, nil)
	for _, id := range ids {
		jobs, err := q.claim(ctx, q.options.Now(), 1, id)
		if err != nil {
			q.options.Logger.Error("A task could not be read; it waits for the next round.", "task", id, "error", err)
		}
		for _, j := range jobs {
			q.execute(ctx, j, nil)
		}
	}
}

// crew is the workers of one Run or RunOnce.
type crew struct {
	queue *Queue
	// ctx is that of the jobs.
	ctx      context.Context
	handBack context.CancelCauseFunc
	// abandoned is closed when handlers that go on are waited for no more.
	abandoned chan struct{}
	busy      chan struct{}
	jobs      sync.WaitGroup
}

func (q *Queue) newCrew(ctx context.Context) *crew {
	c := &crew{queue: q, abandoned: make(chan struct{}), busy: make(chan struct{}, q.options.Workers)}
	c.ctx, c.handBack = context.WithCancelCause(context.WithoutCancel(ctx))
	return c
}

// start waits for an idle worker, and gives each idle one a task if as many are due.
func (c *crew) start(ctx context.Context, due time.Time) (started int, full bool, err error) {
	select {
	case c.busy <- struct{}{}:
		<-c.busy
	case <-ctx.Done():
	}
	// Where a worker was idle too, the select may have passed over the end of ctx.
	if err := ctx.Err(); err != nil {
		return 0, false, err
	}
	idle := cap(c.busy) - len(c.busy) // jobs that end meanwhile make it more, and nobody makes it less
	jobs, err := c.queue.claim(ctx, due, idle, "")
	for _, j := range jobs {
		c.busy <- struct{}{}
		c.jobs.Go(func() {
			defer func() { <-c.busy }()
			c.queue.execute(c.ctx, j, c.abandoned)
		})
	}
	return len(jobs), len(jobs) == idle, err
}

// dismiss waits for the jobs under way until patience ends, and hands back those that have not ended.
func (c *crew) dismiss(patience context.Context) {
	ended := make(chan struct{})
	go func() {
		c.jobs.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-patience.Done():
	}
	c.handBack(errHandBack)
	select {
	case <-ended:
	case <-time.After(lastWords):
		close(c.abandoned)
		<-ended
	}
}
