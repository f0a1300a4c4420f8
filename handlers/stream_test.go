package handlers

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

func TestReconnectInTheMiddle(t *testing.T) {
	s := startStage(t, patient())
	before := s.open(t, "1")
	first := before.next()
	assert.Equal(t, said("a1"), first.data)
	assert.Regexp(t, "^[A-Z2-7]{26}-1$", first.id)
	before.leave()
	s.requireListeners(t, first.id, 0)
	s.steps <- "2"
	s.steps <- "3"
	after := s.listen(t, first.id)
	assert.Equal(t, mimeEvents, after.resp.Header.Get("Content-Type"))
	second := after.next()
	assert.Equal(t, heard{strings.TrimSuffix(first.id, "1") + "2", said("a2")}, second, "what was missed")
	assert.Equal(t, said("a3"), after.next().data)
	s.steps <- "4"
	assert.Equal(t, said("a4"), after.next().data, "what follows")
	s.steps <- "end"
	assert.Empty(t, after.next())

	again := s.listen(t, second.id)
	assert.Equal(t, said("a3"), again.next().data, "an ended run is replayed")
	last := again.next()
	assert.Equal(t, said("a4"), last.data)
	assert.Empty(t, again.next())
	assert.Equal(t, http.StatusNoContent, s.listen(t, last.id).resp.StatusCode, "there is nothing after the end")
	byQuery := s.listen(t, "", func(r *http.Request) { r.URL.RawQuery = "last_event_id=" + second.id })
	assert.Equal(t, said("a3"), byQuery.next().data)
}

func TestOtherRequestsDoNotResume(t *testing.T) {
	s := startStage(t, patient())
	first := s.open(t, "1").next()
	s.steps <- "end"
	changes := map[string]func(*http.Request){
		"path":    func(r *http.Request) { r.URL.Path = "/play/b" },
		"query":   func(r *http.Request) { r.URL.RawQuery = "lang=de" },
		"body":    func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(strings.NewReader(`{"text":"x"}`)), 12 },
		"unknown": func(r *http.Request) { r.Header.Set(headerLastEventID, strings.Repeat("A", 26)+"-1") },
		"garbage": func(r *http.Request) { r.Header.Set(headerLastEventID, "%00-π") },
	}
	for name, change := range changes {
		go func() { s.steps <- "new" }()
		l := s.listen(t, first.id, change)
		e := l.next()
		assert.Contains(t, e.data, "new", name)
		assert.Regexp(t, "-1$", e.id, name)
		assert.NotEqual(t, first.id, e.id, name)
		s.steps <- "end"
		assert.Empty(t, l.next())
	}
	sameSaidOtherwise := s.listen(t, first.id, func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(`{ "text": "" }`)), 14
	})
	assert.Empty(t, sameSaidOtherwise.next(), "resumed, and at its end")
}

func TestInvalidRequestDoesNotResume(t *testing.T) {
	s := startStage(t, patient())
	first := s.open(t, "1").next()
	l := s.listen(t, first.id, func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(strings.NewReader(`{"text":1}`)), 10 })
	assert.Equal(t, http.StatusUnprocessableEntity, l.resp.StatusCode)
}

func TestSecondListenerKeepsARun(t *testing.T) {
	limits := defaultRunLimits()
	limits.grace = time.Millisecond
	s := startStage(t, limits)
	one := s.open(t, "1")
	first := one.next()
	two := s.listen(t, first.id)
	s.requireListeners(t, first.id, 2)
	one.leave()
	s.requireListeners(t, first.id, 1)
	s.steps <- "2"
	assert.Equal(t, said("a2"), two.next().data)
	two.leave()
	<-s.canceled

	// Too late: the request starts anew.
	go func() { s.steps <- "new" }()
	again := s.listen(t, first.id).next()
	assert.Equal(t, said("anew"), again.data)
	assert.NotEqual(t, first.id, again.id)
}

func TestClientThatLeavesBeforeTheFirstEventCancels(t *testing.T) {
	s := startStage(t, patient())
	ctx, leave := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/play/a", strings.NewReader("{}"))
	require.NoError(t, err)
	req.Header.Set("Content-Type", mimeJSON)
	go func() {
		for s.liveRuns() == 0 {
			time.Sleep(time.Millisecond)
		}
		leave()
	}()
	_, err = http.DefaultClient.Do(req) //nolint:bodyclose // there is none
	require.ErrorIs(t, err, context.Canceled)
	<-s.canceled
}

func TestPanicOfWorkNobodyListensToIsLogged(t *testing.T) {
	limits := defaultRunLimits()
	limits.grace = time.Millisecond
	for id, want := range map[string]string{"panics": "panic of type string", "a": ""} {
		s := startStage(t, limits)
		go func() { s.steps <- "1" }()
		l := s.listen(t, "", func(r *http.Request) { r.URL.Path = "/play/" + id })
		l.next()
		l.leave()
		<-s.canceled
		require.NoError(t, s.Shutdown(2*soon))
		s.close()
		assert.Contains(t, s.log.String(), want)
		assert.Equal(t, want != "", strings.Contains(s.log.String(), `"level":"ERROR"`))
	}
}

func TestFailureIsReplayed(t *testing.T) {
	for step, code := range map[string]models.Kind{"fail": models.KindStalePreview, "panic": models.KindInternal} {
		t.Run(step, func(t *testing.T) {
			s := startStage(t, patient())
			l := s.open(t, "1")
			first := l.next()
			s.steps <- step
			failure := l.next()
			assert.Contains(t, failure.data, `"status":"error","code":"`+string(code)+`"`)
			assert.NotContains(t, failure.data, "secret")
			assert.Empty(t, l.next())
			again := s.listen(t, first.id)
			assert.Equal(t, failure, again.next())
			assert.Empty(t, again.next())
		})
	}
}

func TestSlowListenerHoldsNobodyUp(t *testing.T) {
	s := startStage(t, patient())
	slow := s.open(t, "start")
	quick := s.listen(t, slow.next().id)
	big := strings.Repeat("x", 32<<10)
	const events = 512 // 16 MB: more than the run keeps and the connection takes
	for i := range events {
		step := strconv.Itoa(i) + big
		s.steps <- step
		require.Equal(t, said("a"+step), quick.next().data)
	}
	s.steps <- "end"
	assert.Empty(t, quick.next())
	number, data := 1, ""
	for e := slow.next(); e.id != ""; e = slow.next() {
		_, text, _ := strings.Cut(e.id, "-")
		n, err := strconv.Atoi(text)
		require.NoError(t, err)
		require.Greater(t, n, number)
		number, data = n, e.data
	}
	assert.Equal(t, events+1, number)
	assert.Equal(t, said("a"+strconv.Itoa(events-1)+big), data)
}

func TestTooManyStreamsAreRefused(t *testing.T) {
	limits := patient()
	limits.live = 1
	s := startStage(t, limits)
	l := s.open(t, "1")
	l.next()
	refused := s.listen(t, "")
	assert.Equal(t, http.StatusServiceUnavailable, refused.resp.StatusCode)
	body, err := io.ReadAll(refused.resp.Body)
	require.NoError(t, err)
	assert.Contains(t, string(body), `"code":"SERVICE_UNAVAILABLE"`)
	s.steps <- "end"
	assert.Empty(t, l.next())
	require.Eventually(t, func() bool { return s.liveRuns() == 0 }, soon, time.Millisecond)
	assert.Equal(t, said("a2"), s.open(t, "2").next().data)
}

func TestShutdownTellsListeners(t *testing.T) {
	s := startStage(t, patient())
	l := s.open(t, "1")
	l.next()
	// That gives the stream no time; whether its work has ended when the call returns, the scheduler decides.
	_ = s.Shutdown(time.Millisecond)
	assert.Contains(t, l.next().data, `"code":"SERVICE_UNAVAILABLE"`)
	assert.Empty(t, l.next())
	assert.Equal(t, http.StatusServiceUnavailable, s.listen(t, "").resp.StatusCode)
	assert.Contains(t, s.log.String(), `"code":"SERVICE_UNAVAILABLE"`)
	assert.NotContains(t, s.log.String(), `"level":"ERROR"`)
}

// TestEveryListenerHearsAll lets many clients leave and come back at once while the work goes on.
func TestEveryListenerHearsAll(t *testing.T) {
	s := startStage(t, patient())
	first := s.open(t, "0").next()
	const events, clients = 200, 8
	var all sync.WaitGroup
	for client := range clients {
		all.Go(func() {
			at, number := first.id, 1
			for number < events {
				l := s.listen(t, at)
				for range 1 + (client+number)%17 {
					e := l.next()
					if !assert.Equal(t, said("a"+strconv.Itoa(number)), e.data) {
						return
					}
					number++
					at = e.id
					if number == events {
						break
					}
				}
				l.leave()
			}
		})
	}
	for i := 1; i < events; i++ {
		s.steps <- strconv.Itoa(i)
	}
	all.Wait()
	s.steps <- "end"
}

// BenchmarkEvent measures the way of one event from the work to its client, over a real connection.
func BenchmarkEvent(b *testing.B) {
	s := startStage(b, patient())
	l := s.open(b, "0")
	l.next()
	for b.Loop() {
		s.steps <- "1"
		l.next()
	}
	s.steps <- "end"
}

func TestStreamDocumentsHowToResume(t *testing.T) {
	s := newTestServer(t, testOptions(), func(a *API) { echoRoutes(a); streamRoutes(a) })
	doc, err := s.API().Document()
	require.NoError(t, err)
	found := parameters(doc.Paths.Value("/work/{id}").Post)
	assert.Equal(t, []string{"header", "false"}, found[headerLastEventID])
	assert.Equal(t, []string{"query", "false"}, found[queryLastEventID])
	assert.NotContains(t, parameters(doc.Paths.Value("/notes/{id}").Post), headerLastEventID)
}

func TestOtherOriginsMayResume(t *testing.T) {
	s := newTestServer(t, testOptions(), streamRoutes)
	req := httptest.NewRequestWithContext(t.Context(), http.MethodOptions, "/work/1", nil)
	req.Header.Set("Origin", "https://app.example.com")
	req.Header.Set("Access-Control-Request-Method", http.MethodPost)
	req.Header.Set("Access-Control-Request-Headers", "content-type,last-event-id")
	assert.Contains(t, s.send(t, req).Header().Get("Access-Control-Allow-Headers"), "Last-Event-Id")
}
