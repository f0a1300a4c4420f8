package telemetrytest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Sentry takes envelopes as Sentry does.
type Sentry struct {
	server *httptest.Server

	mu        sync.Mutex
	envelopes []string
}

// NewSentry serves a Sentry until the test ends.
func NewSentry(t testing.TB) *Sentry {
	t.Helper()
	s := &Sentry{}
	s.server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.envelopes = append(s.envelopes, string(body))
	}))
	t.Cleanup(s.server.Close)
	return s
}

// DSN is the address of its only project.
func (s *Sentry) DSN() string {
	return strings.Replace(s.server.URL, "http://", "http://public@", 1) + "/1"
}

// Raw returns every envelope as it came.
func (s *Sentry) Raw() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.envelopes, "\n")
}

// Event is what matters of a reported error.
type Event struct {
	Release, Transaction string
	ServerName           string `json:"server_name"`
	Tags                 map[string]string
	User, Request        map[string]any
	Exception            []struct {
		Type, Value string
		Stacktrace  struct {
			Frames []struct {
				Function string
				AbsPath  string `json:"abs_path"`
			}
		}
	}
}

// Events returns the events of all envelopes.
func (s *Sentry) Events(t testing.TB) []Event {
	t.Helper()
	var events []Event
	for line := range bytes.Lines([]byte(s.Raw())) {
		var e Event
		if json.Unmarshal(line, &e) == nil && len(e.Exception) > 0 {
			events = append(events, e)
		}
	}
	return events
}
