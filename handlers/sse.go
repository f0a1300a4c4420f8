package handlers

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
	"resume-matcher/services/telemetry"
)

const (
	headerLastEventID = "Last-Event-ID"
	// queryLastEventID is for clients that can't set the header.
	queryLastEventID = "last_event_id"
)

// StreamError is the last event of a stream that failed after it began.
type StreamError struct {
	Status    string      `json:"status" binding:"oneof=error"`
	Code      models.Kind `json:"code"`
	Message   string      `json:"message"`
	RequestID string      `json:"request_id"`
}

// streamWork makes the events of a stream.
type streamWork func(c *gin.Context, send func(event any) error) error

func eventsOf[In, Event any](in In, fn func(*gin.Context, In, Send[Event]) error) streamWork {
	return func(c *gin.Context, send func(any) error) error {
		return fn(c, in, func(e Event) error { return send(e) })
	}
}

// answerEvents goes on with the run that Last-Event-ID names, or starts one.
func (a *API) answerEvents(c *gin.Context, in any, work streamWork) {
	key, err := newRunKey(c, in)
	if err != nil {
		a.failures.write(c, err)
		return
	}
	r, after := a.runs.resume(key, lastEventID(c))
	if r == nil {
		if r, err = a.startRun(c, key, work); err != nil {
			a.failures.write(c, err)
			return
		}
	}
	defer a.runs.release(r)
	a.listen(c, r.log, after)
}

// listen answers with the events after the given one, or as any other endpoint if the run failed without one. Where no event
// can follow, it says so in the way that lets an EventSource stop: an empty stream it would ask for again and again.
func (a *API) listen(c *gin.Context, log *eventLog, after int) {
	if number, _, changed := log.next(after); after > 0 && number == 0 && changed == nil {
		c.Status(http.StatusNoContent)
		c.Writer.WriteHeaderNow()
		return
	}
	l := listener{c: c, heartbeat: a.heartbeat}
	defer l.close()
	if after > 0 {
		l.open()
	}
	err := l.follow(log, after)
	if l.opened {
		return // nobody is left to tell of a write that failed
	}
	failure := log.outcome()
	switch {
	case err != nil:
		a.failures.write(c, err)
	case failure != nil:
		a.failures.answer(c, failure)
	default:
		l.open()
	}
}

func lastEventID(c *gin.Context) string {
	if id := c.GetHeader(headerLastEventID); id != "" {
		return id
	}
	return c.Query(queryLastEventID)
}

// startRun gives work a context of its own, as it may outlive its request.
func (a *API) startRun(c *gin.Context, key runKey, work streamWork) (*run, error) {
	detached := c.Copy() // Gin reuses the original for other requests
	detached.Request = c.Request.WithContext(context.WithoutCancel(c.Request.Context()))
	detached.Request.Body = http.NoBody // read already, and closed with the connection
	return a.runs.start(detached.Request.Context(), key, func(ctx context.Context, log *eventLog) *models.Error {
		detached.Request = detached.Request.WithContext(ctx)
		return a.perform(detached, log, work) //nolint:contextcheck // it is in the request
	})
}

// perform does the work of a run, and returns why it failed after logging it; after the first event that is an event too.
func (a *API) perform(c *gin.Context, log *eventLog, work streamWork) *models.Error {
	ctx := c.Request.Context()
	err := guard(func() error {
		return work(c, func(event any) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return log.add(event)
		})
	})
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err == nil || errors.Is(err, errAbandoned) {
		return nil
	}
	public := a.failures.public(c, err)
	if last, _ := log.reached(); last > 0 {
		_ = log.add(StreamError{Status: "error", Code: public.Kind, Message: public.Message, RequestID: RequestID(c)}) // it always encodes
	}
	return public
}

// guard turns a panic into an error: nothing else recovers one outside of the request's own goroutine.
func guard(fn func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = telemetry.Recovered(v)
		}
	}()
	return fn()
}

// listener writes server-sent events to one client, and comments while there are none so that proxies keep the connection.
type listener struct {
	c         *gin.Context
	heartbeat time.Duration
	opened    bool
	beat      *time.Ticker // nil without a heartbeat
}

// follow writes the events after the given one until their run has ended or the client is gone.
func (l *listener) follow(log *eventLog, after int) error {
	gone := l.c.Request.Context().Done()
	for {
		number, frame, changed := log.next(after)
		switch {
		case number > 0:
			after = number
			l.open()
			if err := l.write(frame); err != nil {
				return err
			}
			continue
		case changed == nil:
			return nil
		}
		var err error
		select {
		case <-changed:
		case <-l.beats():
			err = l.write(": keep-alive\n\n")
		case <-gone:
			err = l.c.Request.Context().Err()
		}
		if err != nil {
			return err
		}
	}
}

// open sends the header, before which a failure can still be answered as any other.
func (l *listener) open() {
	if l.opened {
		return
	}
	l.opened = true
	l.c.Header("Content-Type", mimeEvents)
	// Proxies would hold events back: nginx without the one, and without the other those that compress, as Next.js does.
	l.c.Header("X-Accel-Buffering", "no")
	l.c.Header("Cache-Control", "no-store, no-transform")
	l.c.Writer.WriteHeaderNow()
	l.c.Writer.Flush()
	if l.heartbeat > 0 {
		l.beat = time.NewTicker(l.heartbeat)
	}
}

func (l *listener) close() {
	if l.beat != nil {
		l.beat.Stop()
	}
}

func (l *listener) beats() <-chan time.Time {
	if l.beat == nil {
		return nil
	}
	return l.beat.C
}

func (l *listener) write(text string) error {
	if _, err := l.c.Writer.WriteString(text); err != nil {
		return err
	}
	l.c.Writer.Flush()
	return nil
}
