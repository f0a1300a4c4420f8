// Package tests holds the end-to-end tests of the REST API: the whole server over real HTTP on a real database.
package tests

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/handlers"
	"resume-matcher/services"
	"resume-matcher/services/access"
	"resume-matcher/services/documents"
	"resume-matcher/services/redact"
	"resume-matcher/services/skills"
	"resume-matcher/services/tasks"
	"resume-matcher/tests/testdb"
	"resume-matcher/tests/testlog"
)

// Server is the application under test, listening on a real port.
type Server struct {
	URL string
	DB  *gorm.DB
	// Services are what the server's handlers call.
	Services *services.Services
	// Log is everything the server logged.
	Log    *testlog.Buffer
	router routers.Router
	// handler is the application without its listener.
	handler http.Handler
	// token is sent with every request, if not empty.
	token string
}

// extractor and vocabulary are shared: both are safe for concurrent use and costly to build. A document gets the time that
// a stalled machine takes to find out what is wrong with it.
var (
	extractor  = sync.OnceValue(func() *documents.Extractor { return documents.New(documents.Options{Timeout: patience}) })
	vocabulary = sync.OnceValues(skills.Load)
)

// Option changes the server before it starts.
type Option func(*handlers.Options, *services.Deps)

// WithWorkers does deferred work behind the requests instead of within them, n tasks at a time; 0 leaves it undone.
func WithWorkers(n int) Option {
	return func(_ *handlers.Options, d *services.Deps) {
		d.Tasks.Inline, d.Tasks.Workers, d.Tasks.Poll = false, n, 20*time.Millisecond
	}
}

// ReplicaOf serves the database of a server that is started already.
func ReplicaOf(s *Server) Option {
	return func(_ *handlers.Options, d *services.Deps) { d.DB = s.DB }
}

// startWorkers works on tasks until the test ends, if the options say so.
func startWorkers(t testing.TB, o tasks.Options, queue *tasks.Queue) {
	if o.Inline || o.Workers == 0 {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		queue.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-ended
	})
}

// patience is far above what anything takes that a test waits for.
const patience = time.Minute

// ensureDefault tries more than once: some tests have a pool so impatient that a moment's stall is too long for it.
func ensureDefault(t testing.TB, workspaces *services.Workspaces) {
	t.Helper()
	var err error
	if !soon(func() bool { err = workspaces.EnsureDefault(context.Background()); return err == nil }) {
		require.NoError(t, err)
	}
}

// awaitWell waits until /healthz answers 200: on a machine that stalls, the database may fail one probe.
func (s *Server) awaitWell(t testing.TB) {
	t.Helper()
	await(t, func() bool { return s.Get(t, "/healthz").Status == http.StatusOK }, "the server answers")
}

// await waits for a fact. It asks in the test's own goroutine, so that done may fail the test.
func await(t testing.TB, done func() bool, what string) {
	t.Helper()
	require.True(t, soon(done), what)
}

// soon tells whether something comes true before patience is over.
func soon(done func() bool) bool {
	for end := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

// Start serves the application on a fresh database until the test ends.
func Start(t testing.TB, options ...Option) *Server {
	t.Helper()
	words, err := vocabulary()
	require.NoError(t, err)
	log := &testlog.Buffer{}
	logger := slog.New(redact.NewHandler(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	deps := services.Deps{
		Extractor: extractor(), Vocabulary: words, Logger: logger, Tasks: tasks.Options{Inline: true},
	}
	o := handlers.Options{
		Version: "test", Logger: logger, MaxJSONBytes: 256 << 10, MaxUploadBytes: 5 << 20,
		// No comment stands between the events of a stream, however slow the machine is.
		Heartbeat: time.Hour,
	}
	for _, option := range options {
		option(&o, &deps)
	}
	if deps.DB == nil {
		deps.DB = testdb.Open(t)
	}
	if o.Access.Authenticator == nil {
		o.Access = authenticate(t, access.Options{DB: deps.DB, Local: true, Logger: logger})
	}
	watchOwners(t, deps.DB)
	app := services.New(deps)
	ensureDefault(t, app.Workspaces)
	o.Services, o.Ping = *app, app.Status.Ping
	server, err := handlers.New(o)
	require.NoError(t, err)
	doc, err := server.API().Document()
	require.NoError(t, err)
	doc.Servers = openapi3.Servers{}
	router, err := gorillamux.NewRouter(doc)
	require.NoError(t, err)
	listening := httptest.NewServer(server)
	startWorkers(t, deps.Tasks, app.Tasks)
	// The database is closed after all of its work has ended, that of streams whose clients left included.
	t.Cleanup(func() { require.NoError(t, server.Shutdown(patience)) })
	t.Cleanup(listening.Close)
	return &Server{URL: listening.URL, DB: deps.DB, Services: app, Log: log, router: router, handler: server}
}

// Response is an answer that was read to its end.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSON decodes the body into a generic value.
func (r Response) JSON(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	require.NoError(t, json.Unmarshal(r.Body, &v), "%s", r.Body)
	return v
}

// Decode reads the body into v.
func (r Response) Decode(t testing.TB, v any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(r.Body, v), "%s", r.Body)
}

// Do sends a request, and checks the answer against the OpenAPI document.
func (s *Server) Do(t testing.TB, method, path, contentType string, body io.Reader) Response {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, s.URL+path, body)
	require.NoError(t, err)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	return s.Send(t, req)
}

// Send sends a prepared request, and checks the answer against the OpenAPI document.
func (s *Server) Send(t testing.TB, req *http.Request) Response {
	t.Helper()
	if s.token != "" && req.Header.Get("Authorization") == "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	out := Response{Status: resp.StatusCode, Header: resp.Header, Body: data}
	s.validate(t, req, out)
	return out
}

// validate fails the test when an answer's status, media type or body is not the documented one.
func (s *Server) validate(t testing.TB, req *http.Request, r Response) {
	t.Helper()
	at, err := http.NewRequestWithContext(context.Background(), req.Method, req.URL.Path, nil)
	require.NoError(t, err)
	route, params, err := s.router.FindRoute(at)
	if err != nil {
		require.Contains(t, []int{http.StatusNotFound, http.StatusMethodNotAllowed}, r.Status, "%s %s is not documented", req.Method, req.URL.Path)
		return
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: at, PathParams: params, Route: route},
		Status:                 r.Status, Header: r.Header, Body: io.NopCloser(bytes.NewReader(r.Body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	require.NoError(t, err, "%s %s answered %d: %s", req.Method, req.URL.Path, r.Status, r.Body)
}

// Get sends a GET.
func (s *Server) Get(t testing.TB, path string) Response {
	t.Helper()
	return s.Do(t, http.MethodGet, path, "", nil)
}

// Send v as JSON with any method.
func (s *Server) sendJSON(t testing.TB, method, path string, v any) Response {
	t.Helper()
	body, err := json.Marshal(v)
	require.NoError(t, err)
	return s.Do(t, method, path, "application/json", bytes.NewReader(body))
}

// Post sends v as JSON.
func (s *Server) Post(t testing.TB, path string, v any) Response {
	t.Helper()
	return s.sendJSON(t, http.MethodPost, path, v)
}

// Patch sends v as JSON.
func (s *Server) Patch(t testing.TB, path string, v any) Response {
	t.Helper()
	return s.sendJSON(t, http.MethodPatch, path, v)
}

// Form builds a multipart form with one file.
func Form(t testing.TB, filename string, data []byte) (contentType string, body *bytes.Buffer) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	part, err := w.CreateFormFile("file", filename)
	require.NoError(t, err)
	_, err = part.Write(data)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return w.FormDataContentType(), body
}

// Upload sends a file as a résumé.
func (s *Server) Upload(t testing.TB, filename string, data []byte) Response {
	t.Helper()
	contentType, body := Form(t, filename, data)
	return s.Do(t, http.MethodPost, "/api/v1/resumes/upload", contentType, body)
}

// UploadResume stores a résumé and returns its id.
func (s *Server) UploadResume(t testing.TB, filename string, data []byte) string {
	t.Helper()
	r := s.Upload(t, filename, data)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	id, _ := r.JSON(t)["resume_id"].(string)
	require.NotEmpty(t, id)
	return id
}

// UploadJob stores a posting and returns its id.
func (s *Server) UploadJob(t testing.TB, text string) string {
	t.Helper()
	r := s.Post(t, "/api/v1/jobs/upload", map[string]any{"job_descriptions": []string{text}})
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var out struct {
		JobID []string `json:"job_id"`
	}
	r.Decode(t, &out)
	require.Len(t, out.JobID, 1)
	return out.JobID[0]
}

// Testdata reads a file of tests/testdata.
func Testdata(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return data
}

func discardLogger() *slog.Logger { return slog.New(slog.DiscardHandler) }
