package tasks

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"resume-matcher/models"
	"resume-matcher/services/telemetry"
)

const (
	firstBackoff = 5 * time.Second
	maxBackoff   = 10 * time.Minute
	// settlePause is the wait before the end of an attempt is written again.
	settlePause = 100 * time.Millisecond
	// settleTimeout bounds these tries.
	settleTimeout = 10 * time.Second
)

const attemptFailed = "The work failed for a reason inside the program."

var (
	errHandBack = errors.New("tasks: the program stops")
	errTimeout  = models.NewError(models.KindUnavailable, "The work took too long.")
	// errUnfinished is what remains of an attempt whose goroutine ended without a word.
	errUnfinished = models.WrapError(models.KindInternal, attemptFailed, errors.New("the attempt's goroutine ended early"))
)

// permanent marks an error that every further attempt would meet again.
type permanent struct{ error }

// Unwrap returns the marked error.
func (p permanent) Unwrap() error { return p.error }

// Permanent marks an error that every further attempt would meet again: there is none then.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanent{err}
}

// execute makes an attempt while it keeps the lease. It leaves a handler alone that goes on when abandoned is closed.
func (q *Queue) execute(parent context.Context, j *Job, abandoned <-chan struct{}) {
	ctx, lose := context.WithCancelCause(parent)
	defer lose(nil)
	ctx, stop := context.WithTimeoutCause(ctx, q.options.Timeout, errTimeout)
	defer stop()
	ctx, span := q.options.Tracing.Task(ctx, j.Kind, j.Attempt)
	began, result := time.Now(), make(chan error, 1)
	go call(ctx, q.handlers[j.Kind], j, result)
	beat := time.NewTicker(q.options.Lease / 3)
	defer beat.Stop()
	for {
		select {
		case err := <-result:
			telemetry.End(span, err)
			q.settle(ctx, j, err, began)
			return
		case <-abandoned:
			telemetry.End(span, errUnfinished)
			q.settle(ctx, j, errUnfinished, began)
			return
		case <-beat.C:
			if ctx.Err() == nil && !j.renew(ctx) {
				lose(errLeaseLost)
			}
		}
	}
}

// call turns a panic into an error: it happens in a goroutine that no server guards.
func call(ctx context.Context, work Handler, j *Job, result chan<- error) {
	var err error = errUnfinished
	defer func() {
		if p := recover(); p != nil {
			err = models.WrapError(models.KindInternal, attemptFailed, telemetry.Recovered(p))
		}
		result <- err
	}()
	err = work(ctx, j)
}

// settle stores how an attempt ended, unless its lease is lost.
func (q *Queue) settle(ctx context.Context, j *Job, err error, began time.Time) {
	outcome, changes := j.verdict(ctx, err)
	if changes != nil {
		held, failure := j.write(ctx, changes)
		switch {
		case failure != nil:
			q.options.Logger.Error("The end of a task could not be stored; it will run again.", "task", j.ID, "kind", j.Kind, "error", failure)
			outcome = Lost
		case !held:
			outcome = Lost
		}
	}
	q.options.Observe(Event{Kind: j.Kind, Outcome: outcome, Took: time.Since(began)})
	attrs := []any{"task", j.ID, "kind", j.Kind, "attempt", j.Attempt, "outcome", string(outcome)}
	switch outcome {
	case Failed:
		q.options.Logger.Error("A task failed.", append(attrs, "error", err)...)
		q.report(j, err)
	case Retried:
		q.options.Logger.Warn("An attempt at a task failed.", append(attrs, "error", err)...)
	case Lost:
		q.options.Logger.Warn("A task was taken over before its attempt ended.", attrs...)
	default:
		q.options.Logger.Debug("An attempt at a task ended.", attrs...)
	}
}

// report tells of a task that failed although nobody foresaw why.
func (q *Queue) report(j *Job, err error) {
	var known *models.Error
	if err == nil || (errors.As(err, &known) && known.Kind != models.KindInternal) {
		return
	}
	q.options.Reporter.Report(telemetry.Incident{Kind: models.KindInternal, Task: j.Kind, Err: err})
}

// verdict tells how an attempt ended and what that changes in its row.
func (j *Job) verdict(ctx context.Context, err error) (Outcome, map[string]any) {
	now, cause := j.queue.options.Now(), context.Cause(ctx)
	var final permanent
	switch {
	case j.stage.Load() == finished:
		return Done, nil
	case err == nil:
		return Done, done(now)
	case errors.Is(cause, errLeaseLost), errors.Is(err, errLeaseLost):
		return Lost, nil
	case errors.Is(cause, errHandBack):
		changes := queued(now)
		changes["attempt"], changes["progress"] = j.Attempt-1, 0
		return HandedBack, changes
	}
	outcome, changes := Retried, queued(now.Add(backoff(j.Attempt)))
	if errors.As(err, &final) || j.Attempt >= j.MaxAttempts {
		outcome, changes = Failed, ending(models.TaskFailed, now)
	}
	if errors.Is(cause, errTimeout) && errors.Is(err, context.DeadlineExceeded) {
		err = errTimeout
	}
	public := models.NewError(models.KindInternal, attemptFailed)
	_ = errors.As(err, &public)
	changes["last_error_kind"], changes["last_error"] = public.Kind, public.Message
	return outcome, changes
}

func done(now time.Time) map[string]any {
	changes := ending(models.TaskDone, now)
	changes["progress"], changes["last_error_kind"], changes["last_error"] = 100, "", ""
	return changes
}

// backoff doubles with each attempt. Half of it is random, so that what failed together is not tried again together.
func backoff(attempt int64) time.Duration {
	d := firstBackoff
	for i := int64(1); i < attempt && d < maxBackoff; i++ {
		d *= 2
	}
	d = min(d, maxBackoff)
	return d/2 + rand.N(d/2)
}

// write stores changes while the task is this attempt's, and tells whether it was. It tries again for as long as the
// lease is certain to last: a database that restarts must not make work be done twice.
func (j *Job) write(ctx context.Context, changes map[string]any) (held bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(settleTimeout, j.queue.options.Lease/2))
	defer cancel()
	for {
		held, err := j.end(j.queue.options.DB.WithContext(ctx), j.mine, changes)
		if err == nil {
			return held, nil
		}
		if rest(ctx, settlePause) != nil {
			return false, err
		}
	}
}

// rest waits for a time or the end of ctx, whose error it returns.
func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
