// Package llmtest stands in for language model providers in tests: one HTTP server on the loopback that speaks the
// protocols of OpenAI (chat and embeddings), Anthropic (messages) and Ollama (chat and embed), whole and streamed.
//
// A test scripts what it answers with Answer or Reply, and reads what it was asked from Requests.
package llmtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"resume-matcher/services/llm"
)

// The model and key that Options asks with.
const (
	Model = "test-model"
	Key   = "test-key"
)

// maxBody bounds what a test may send, in bytes.
const maxBody = 32 << 20

// Server is a provider that says what a test wants. It is safe for concurrent use.
type Server struct {
	http    *httptest.Server
	stopped chan struct{}

	mu        sync.Mutex
	queue     []Reply
	reply     func(Request) Reply
	embed     func(Request) Reply
	requests  []Request
	cancelled int
}

// New starts a server that ends with the test. Until it is scripted it answers "ok", and "{}" where a schema is asked.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{stopped: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", s.chat(openAI{}))
	mux.HandleFunc("POST /v1/messages", s.chat(anthropic{}))
	mux.HandleFunc("POST /api/chat", s.chat(ollama{}))
	mux.HandleFunc("POST /v1/embeddings", s.embeddings(openAI{}))
	mux.HandleFunc("POST /api/embed", s.embeddings(ollama{}))
	s.http = httptest.NewServer(mux)
	t.Cleanup(func() {
		close(s.stopped)
		s.http.CloseClientConnections()
		s.http.Close()
	})
	return s
}

// URL returns the address of the server, without a path.
func (s *Server) URL() string { return s.http.URL }

// BaseURL returns the address that speaks a provider's protocol, as LLM_BASE_URL names it.
func (s *Server) BaseURL(provider string) string {
	if provider == llm.Ollama {
		return s.http.URL
	}
	return s.http.URL + "/v1"
}

// Options returns the options of a client that asks this server.
func (s *Server) Options(provider string) llm.Options {
	return llm.Options{
		Provider: provider, Model: Model, BaseURL: s.BaseURL(provider), APIKey: Key,
		Timeout: 30 * time.Second, MaxOutputTokens: 1000,
	}
}

// Answer queues replies: each chat request takes the next, and the last one answers all that follow.
// It replaces what Reply set.
func (s *Server) Answer(replies ...Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue, s.reply = append([]Reply(nil), replies...), nil
}

// Reply lets a function answer the chat requests; it may be called concurrently. It replaces what Answer queued.
func (s *Server) Reply(reply func(Request) Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue, s.reply = nil, reply
}

// ReplyEmbeddings lets a function answer the embedding requests; a Reply without Vectors gives those of Vector.
func (s *Server) ReplyEmbeddings(reply func(Request) Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.embed = reply
}

// Requests returns all requests so far, in the order they came.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// Last returns the latest request; it is zero before the first.
func (s *Server) Last() Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) == 0 {
		return Request{}
	}
	return s.requests[len(s.requests)-1]
}

// Calls counts the requests so far.
func (s *Server) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

// Cancelled counts the requests whose client left before their answer was complete.
func (s *Server) Cancelled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cancelled
}

func (s *Server) chat(p protocol) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		request, ok := s.receive(w, r, p)
		if !ok {
			return
		}
		if !s.write(w, r, p, request, s.next(request)) {
			s.countCancelled()
		}
	}
}

// receive reads and records a request.
func (s *Server) receive(w http.ResponseWriter, r *http.Request, p protocol) (Request, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "unreadable body", http.StatusBadRequest)
		return Request{}, false
	}
	request, err := p.parse(body)
	if err != nil {
		http.Error(w, "the body is not the JSON of this protocol", http.StatusBadRequest)
		return Request{}, false
	}
	request.Path, request.Header, request.Body = r.URL.Path, r.Header.Clone(), body
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, request)
	request.Number = len(s.requests)
	s.requests[len(s.requests)-1].Number = request.Number
	return request, true
}

// next takes the scripted reply to a chat request.
func (s *Server) next(request Request) Reply {
	s.mu.Lock()
	reply := s.reply
	if reply == nil && len(s.queue) > 0 {
		first := s.queue[0]
		if len(s.queue) > 1 {
			s.queue = s.queue[1:]
		}
		s.mu.Unlock()
		return first
	}
	s.mu.Unlock()
	switch {
	case reply != nil:
		return reply(request)
	case request.Schema != nil:
		return Text("{}")
	default:
		return Text("ok")
	}
}

func (s *Server) countCancelled() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cancelled++
}
