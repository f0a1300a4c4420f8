package handlers

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

// patient never gives up a run.
func patient() runLimits {
	limits := defaultRunLimits()
	limits.grace = time.Hour
	return limits
}

// stage is a server on a real port with a streaming endpoint whose work does as the test tells it to.
type stage struct {
	testServer
	url   string
	close func()
	// steps are what the work of the latest run does next: "fail", "panic", "end", or an event of that status.
	steps chan string
	// canceled receives one value for each run whose context ended before its work.
	canceled chan struct{}
}

type stageInput struct {
	ID   string `uri:"id"`
	Lang string `form:"lang"`
	Body struct {
		Text string `json:"text"`
	}
}

func startStage(t testing.TB, limits runLimits) *stage {
	t.Helper()
	s := &stage{steps: make(chan string), canceled: make(chan struct{}, 100)}
	o := testOptions()
	o.Pace = Pace{Grace: time.Hour, MinRate: 1} // a listener may be as slow as it likes
	s.testServer = newTestServer(t, o, func(a *API) {
		a.runs.limits = limits
		Stream(a, Route{Method: http.MethodPost, Path: "/play/:id", ID: "play", Tag: "t"}, s.play)
	})
	listening := httptest.NewServer(s)
	s.url, s.close = listening.URL, listening.Close
	t.Cleanup(func() { require.NoError(t, s.Shutdown(2*soon)) })
	t.Cleanup(listening.Close)
	return s
}

func (s *stage) play(c *gin.Context, in stageInput, send Send[progress]) error {
	for {
		select {
		case <-c.Request.Context().Done():
			defer func() { s.canceled <- struct{}{} }()
			if in.ID == "panics" {
				panic("secret")
			}
			return c.Request.Context().Err()
		case step := <-s.steps:
			switch step {
			case "fail":
				return models.NewError(models.KindStalePreview, "Preview again.")
			case "panic":
				panic("secret")
			case "end":
				return nil
			}
			if err := send(progress{in.ID + in.Lang + in.Body.Text + step}); err != nil {
				return err
			}
		}
	}
}

// listening is a client of a stream.
type listening struct {
	t     testing.TB
	resp  *http.Response
	lines *bufio.Reader
	leave context.CancelFunc
}

// listen asks for the stream of /play/a; change may alter the request.
func (s *stage) listen(t testing.TB, lastEventID string, change ...func(*http.Request)) *listening {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/play/a", strings.NewReader("{}"))
	require.NoError(t, err)
	req.Header.Set("Content-Type", mimeJSON)
	if lastEventID != "" {
		req.Header.Set(headerLastEventID, lastEventID)
	}
	for _, c := range change {
		c(req)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { leave(); resp.Body.Close() })
	return &listening{t: t, resp: resp, lines: bufio.NewReader(resp.Body), leave: leave}
}

// open plays the first step while it listens, as the answer begins with the first event.
func (s *stage) open(t testing.TB, first string) *listening {
	t.Helper()
	go func() { s.steps <- first }()
	return s.listen(t, "")
}

type heard struct{ id, data string }

// next reads one event; at the end of the stream it is empty.
func (l *listening) next() heard {
	l.t.Helper()
	var e heard
	for {
		line, err := l.lines.ReadString('\n')
		if errors.Is(err, io.EOF) && line == "" {
			return e
		}
		require.NoError(l.t, err)
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch {
		case name == "id":
			e.id = value
		case name == "data":
			e.data = value
		case line == "\n" && e != heard{}:
			return e
		}
	}
}

func said(text string) string { return `{"status":"` + text + `"}` }

// requireListeners waits until the server has seen who came and left, which it does in its own time.
func (s *stage) requireListeners(t testing.TB, id string, want int) {
	t.Helper()
	run, _, _ := strings.Cut(id, "-")
	require.Eventually(t, func() bool {
		s.api.runs.mu.Lock()
		defer s.api.runs.mu.Unlock()
		r := s.api.runs.byID[run]
		return r != nil && r.listeners == want
	}, soon, time.Millisecond)
}

func (s *stage) liveRuns() int {
	s.api.runs.mu.Lock()
	defer s.api.runs.mu.Unlock()
	return s.api.runs.live
}
