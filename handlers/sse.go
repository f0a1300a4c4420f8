package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
)

// eventWriteTimeout frees a stream whose client stopped reading without closing the connection.
const eventWriteTimeout = 30 * time.Second

// StreamError is the last event of a stream that failed after it began.
type StreamError struct {
	Status    string      `json:"status" doc:"Always \"error\"."`
	Code      models.Kind `json:"code"`
	Message   string      `json:"message"`
	RequestID string      `json:"request_id"`
}

func answerEvents[In, Event any](a *API, c *gin.Context, in In, fn func(*gin.Context, In, Send[Event]) error) {
	s := &eventStream{c: c, control: http.NewResponseController(c.Writer), done: make(chan struct{})}
	err := guard(func() error {
		return fn(c, in, func(id string, e Event) error { return s.send(id, e, a.heartbeat) })
	})
	s.stop()
	switch {
	case err == nil && !s.started():
		s.open()
		c.Writer.WriteHeaderNow()
	case err == nil:
	case !s.started():
		a.failures.write(c, err)
	case s.lost() || clientGone(c, err):
	default:
		public := a.failures.public(c, err)
		// The client may have left meanwhile; the failure is logged already.
		_ = s.send("", StreamError{Status: "error", Code: public.Kind, Message: public.Message, RequestID: RequestID(c)}, 0)
	}
}

// guard turns a panic into an error: after the first event the recovery middleware could only cut the connection.
func guard(fn func() error) (err error) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if v == http.ErrAbortHandler { //nolint:errorlint // compared as net/http does
			panic(v)
		}
		err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
	}()
	return fn()
}

// eventStream writes server-sent events, and comments while there are none so that proxies keep the connection.
type eventStream struct {
	c       *gin.Context
	control *http.ResponseController
	done    chan struct{}
	beating sync.WaitGroup

	mu    sync.Mutex // guards the writer and what follows
	count int
	err   error
}

func (s *eventStream) started() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count > 0
}

func (s *eventStream) lost() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err != nil
}

func (s *eventStream) open() {
	s.c.Header("Content-Type", mimeEvents)
	s.c.Header("X-Accel-Buffering", "no") // nginx would hold events back
}

// send writes one event; the first one starts the heartbeat, if there is one.
func (s *eventStream) send(id string, event any, heartbeat time.Duration) error {
	data, err := json.Marshal(event)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.c.Request.Context().Err(); err != nil {
		return err
	}
	s.count++
	if s.count == 1 {
		s.open()
		if heartbeat > 0 {
			s.beating.Go(func() { s.beat(heartbeat) })
		}
	}
	if id == "" {
		id = strconv.Itoa(s.count)
	}
	// A line break would end the id's line and let the rest pass as another field.
	id = strings.NewReplacer("\n", "", "\r", "", "\x00", "").Replace(id)
	return s.write("id: " + id + "\ndata: " + string(data) + "\n\n")
}

// write needs the lock. After its first failure it always fails.
func (s *eventStream) write(text string) error {
	if s.err != nil {
		return s.err
	}
	if err := s.control.SetWriteDeadline(time.Now().Add(eventWriteTimeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		s.err = err
		return err
	}
	if _, s.err = s.c.Writer.WriteString(text); s.err == nil {
		s.c.Writer.Flush()
	}
	return s.err
}

func (s *eventStream) beat(every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-ticker.C:
			s.mu.Lock()
			err := s.write(": keep-alive\n\n")
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	}
}

// stop ends the heartbeat and waits for it: the writer must not be used after the handler returned.
func (s *eventStream) stop() {
	close(s.done)
	s.beating.Wait()
}
