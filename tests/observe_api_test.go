package tests

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"resume-matcher/handlers"
	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
	"resume-matcher/services/telemetry"
	"resume-matcher/services/telemetry/telemetrytest"
	"resume-matcher/tests/testdb"
	"resume-matcher/tests/testlog"
)

// withPlainLog logs everything as it is, without the masks that the program's own log has on top.
func withPlainLog(log *testlog.Buffer) Option {
	return func(o *handlers.Options, d *services.Deps) {
		logger := slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		o.Logger, d.Logger = logger, logger
	}
}

// withMetrics counts what the services do.
func withMetrics(o *handlers.Options, d *services.Deps) {
	o.WorkMetrics = handlers.NewWorkMetrics()
	d.Observer = o.WorkMetrics.Observer()
}

// withTracing traces every request; flush sends what there is.
func withTracing(t *testing.T, collector *telemetrytest.Collector) (option Option, flush func()) {
	t.Helper()
	tracing, err := telemetry.NewTracing(t.Context(), telemetry.TracingOptions{
		Endpoint: collector.URL, Ratio: 1, Version: "test", Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	flush = func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		require.NoError(t, tracing.Shutdown(ctx))
	}
	return func(o *handlers.Options, d *services.Deps) {
		if d.DB == nil {
			d.DB = testdb.Open(t)
		}
		require.NoError(t, telemetry.TraceStatements(d.DB))
		o.Tracing, d.Tasks.Tracing = tracing, tracing
	}, flush
}

// withReports reports what nobody foresaw.
func withReports(t *testing.T, sentry *telemetrytest.Sentry) (option Option, flush func()) {
	t.Helper()
	reporter, err := telemetry.NewReporter(sentry.DSN(), "test")
	require.NoError(t, err)
	flush = func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		reporter.Flush(ctx)
	}
	return func(o *handlers.Options, d *services.Deps) { o.Reporter, d.Tasks.Reporter = reporter, reporter }, flush
}

// everything sends each operation with the tenant's own ids, and some that fail.
func (a *tenant) everything(t *testing.T) {
	t.Helper()
	for _, o := range operations(t, a.Server) {
		for _, attempt := range takingIDs()[o.id] {
			if o.method == http.MethodDelete {
				continue // what follows needs it
			}
			request := o.prepare(attempt, a, a)
			a.try(t, request)
			if o.streams() {
				a.try(t, request.streamed())
			}
		}
		if slices.Contains(takingNone(), o.id) && o.id != "deleteWorkspace" && o.id != "uploadResume" {
			a.try(t, prepared{method: o.method, target: o.path})
		}
	}
	a.Upload(t, a.mark+".md", a.file)
	a.Upload(t, a.mark+".doc", []byte("\xd0\xcf\x11\xe0"+a.mark))
	a.Upload(t, a.mark+".pdf", []byte("%PDF-1.7\n"+a.mark))
	a.Post(t, "/api/v1/jobs/upload", map[string]any{"job_descriptions": []string{}, a.mark: a.mark})
	a.Get(t, "/api/v1/"+a.mark+"?name="+a.mark)
	a.As(a.token+a.mark).Get(t, "/api/v1/status")
	a.failing(t, "jobs")
	a.Post(t, "/api/v1/jobs/upload", map[string]any{"job_descriptions": []string{a.mark}})
	a.Do(t, http.MethodDelete, "/api/v1/resumes/"+a.ids["tailored"], "", nil)
	a.Do(t, http.MethodDelete, "/api/v1/workspace", "", nil)
}

// personal are texts of a tenant that only its own answers may hold.
func (a *tenant) personal() []string {
	return []string{
		a.mark, a.token, a.workspaceID, "Mira", "@example.com", "555 010", "Fernwood", "shipment tracking", "Harborlight", "scheduling software",
	}
}

func TestTheLogHoldsNothingPersonal(t *testing.T) {
	log, provider := &testlog.Buffer{}, llmtest.New(t)
	NewScript(provider, nil)
	s := Start(t, withPlainLog(log), WithSessions(t), WithModel(t, provider, llm.OpenAI))
	a := newTenant(t, s, "Quillfeather")
	a.everything(t)
	text := log.String()
	for _, banned := range a.personal() {
		assert.NotContains(t, text, banned)
	}
	assert.NotContains(t, strings.ToLower(text), "bearer")
	assert.Contains(t, text, `"route":"/api/v1/resumes/:id/title"`)
	assert.Contains(t, text, `"code":"INTERNAL_ERROR"`)
}

func TestTheAccessLogTellsWhatHappened(t *testing.T) {
	s := Start(t, WithSessions(t))
	token, _ := s.NewSession(t)
	other, _ := s.NewSession(t)
	s.As(token).Get(t, "/api/v1/jobs/00000000-0000-4000-8000-000000000000")
	s.As(token).Get(t, "/api/v1/status")
	s.As(other).Get(t, "/api/v1/status")
	s.As("").Get(t, "/api/v1/status")
	s.As(token).Get(t, "/metrics")
	type line struct {
		Msg, Method, Route, Auth, Workspace, Code string
		RequestID                                 string `json:"request_id"`
		Status, Bytes                             int
		DurationMS                                *float64 `json:"duration_ms"`
		Duration                                  any
	}
	var lines []line
	for text := range strings.Lines(s.Log.String()) {
		var l line
		require.NoError(t, json.Unmarshal([]byte(text), &l))
		if l.Msg == "request" {
			lines = append(lines, l)
		}
	}
	require.Len(t, lines, 7)
	failed, mine, theirs, anonymous, forbidden := lines[2], lines[3], lines[4], lines[5], lines[6]
	assert.Equal(t, "/api/v1/jobs/:id", failed.Route)
	assert.Equal(t, 404, failed.Status)
	assert.Equal(t, "JOB_NOT_FOUND", failed.Code)
	assert.Equal(t, "session", mine.Auth)
	assert.Equal(t, 403, forbidden.Status)
	assert.Equal(t, mine.Workspace, forbidden.Workspace, "who asks for too much is known")
	assert.Regexp(t, regexp.MustCompile(`^[0-9a-f]{12}$`), mine.Workspace)
	assert.Equal(t, failed.Workspace, mine.Workspace)
	assert.NotEqual(t, mine.Workspace, theirs.Workspace)
	assert.Equal(t, "UNAUTHORIZED", anonymous.Code)
	assert.Empty(t, anonymous.Workspace+anonymous.Auth)
	for _, l := range lines {
		assert.NotEmpty(t, l.RequestID)
		require.NotNil(t, l.DurationMS)
		assert.Greater(t, *l.DurationMS, 0.0)
		assert.Positive(t, l.Bytes)
	}
}

func TestTheAccessLogIsQuietAboutProbes(t *testing.T) {
	s := Start(t)
	s.Get(t, "/healthz")
	s.Get(t, "/api/v1/status")
	log := s.Log.String()
	assert.Regexp(t, `"level":"DEBUG","msg":"request".*"route":"/healthz"`, log)
	assert.Regexp(t, `"level":"INFO","msg":"request".*"route":"/api/v1/status"`, log)

	require.NoError(t, models.Close(s.DB))
	s.Get(t, "/healthz")
	assert.Regexp(t, `"level":"INFO","msg":"request".*"route":"/healthz".*"status":503`, s.Log.String())
}

func TestUploadsAreCounted(t *testing.T) {
	s := Start(t, withMetrics)
	s.UploadResume(t, "one.md", Testdata(t, "developer.md"))
	s.UploadResume(t, "two.md", Testdata(t, "developer.md"))
	contentType, body := Form(t, "three.md", append(Testdata(t, "developer.md"), "\n- More\n"...))
	s.Do(t, http.MethodPost, "/api/v1/resumes/upload?defer=true", contentType, body)
	s.Upload(t, "four.pdf", []byte("%PDF-1.7\nnothing"))
	var text string
	// Figures of the database are left out while it does not answer at once, and read again a minute later.
	await(t, func() bool {
		text = string(s.Get(t, "/metrics").Body)
		return strings.Contains(text, "llm_cache_entries 0")
	}, "the cache is counted")
	for _, line := range []string{
		// The deferred one was done inline, as the tests do.
		`uploads_total{outcome="stored"} 2`, `uploads_total{outcome="duplicate"} 1`, `uploads_total{outcome="refused"} 1`, `documents_extracted_total{format="markdown",outcome="read"} 2`,
		`documents_extracted_total{format="pdf",outcome="document_unreadable"} 1`, "documents_in_progress 0",
		`tasks_total{kind="resume.structure",outcome="done"} 1`,
	} {
		assert.Contains(t, text, line)
	}
}

func TestMetricsAreForAdministrators(t *testing.T) {
	s := Start(t, WithSessions(t))
	token, workspace := s.NewSession(t)
	assert.Equal(t, http.StatusUnauthorized, s.Get(t, "/metrics").Status)
	assert.Equal(t, http.StatusForbidden, s.As(token).Get(t, "/metrics").Status)
	r := s.As(s.NewToken(t, workspace, models.ScopeAdmin)).Get(t, "/metrics")
	assert.Equal(t, http.StatusOK, r.Status)
	assert.NotContains(t, string(r.Body), workspace)
}

func TestNoProfilesOnThePublicAddress(t *testing.T) {
	s := Start(t)
	for _, path := range []string{"/debug/pprof/", "/debug/pprof/heap", "/debug/pprof/profile", "/debug/pprof/trace", "/debug/vars"} {
		assert.Equal(t, http.StatusNotFound, s.Get(t, path).Status, path)
	}
}

func TestOneUploadIsOneTrace(t *testing.T) {
	collector := telemetrytest.NewCollector(t)
	tracing, flush := withTracing(t, collector)
	s := Start(t, tracing)
	const traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
	contentType, body := Form(t, "mira.md", Testdata(t, "developer.md"))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/api/v1/resumes/upload?name=Mira&defer=true", body)
	require.NoError(t, err)
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("Traceparent", "00-"+traceID+"-00f067aa0ba902b7-01")
	require.Equal(t, http.StatusOK, s.Send(t, request).Status)
	flush()

	byName, spans := map[string]*tracepb.Span{}, collector.Spans()
	for _, span := range spans {
		byName[span.GetName()] = span
		assert.Equal(t, traceID, fmt.Sprintf("%x", span.GetTraceId()), span.GetName())
	}
	root := byName["POST /api/v1/resumes/upload"]
	require.NotNil(t, root)
	assert.Equal(t, "00f067aa0ba902b7", fmt.Sprintf("%x", root.GetParentSpanId()))
	for _, name := range []string{"documents.extract", "INSERT resumes", "SELECT resumes", "task resume.structure"} {
		require.Contains(t, byName, name)
		assert.Equal(t, root.GetSpanId(), byName[name].GetParentSpanId(), name)
	}
	for _, banned := range []string{"Mira", "mira", "Fernwood", "127.0.0.1", "name=", models.DefaultWorkspaceID, "VALUES"} {
		assert.NotContains(t, collector.Raw(), banned)
	}
	assert.Contains(t, s.Log.String(), `"trace_id":"`+traceID+`"`)
}

func TestModelCallsArePartOfTheTrace(t *testing.T) {
	collector, provider := telemetrytest.NewCollector(t), llmtest.New(t)
	NewScript(provider, nil)
	tracing, flush := withTracing(t, collector)
	s, resume, job := startPair(t, tracing, WithModel(t, provider, llm.OpenAI))
	s.preview(t, resume, job)
	flush()
	i := slices.IndexFunc(collector.Spans(), func(span *tracepb.Span) bool {
		return telemetrytest.Attributes(span)["resume_matcher.prompt.kind"] == llm.KindTailor
	})
	require.GreaterOrEqual(t, i, 0)
	attributes := telemetrytest.Attributes(collector.Spans()[i])
	assert.Equal(t, "chat", attributes["gen_ai.operation.name"])
	assert.Equal(t, llm.OpenAI, attributes["gen_ai.provider.name"])
	assert.NotEmpty(t, attributes["gen_ai.usage.input_tokens"])
	for _, banned := range []string{"Mira", "Fernwood", "Harborlight", resume, job} {
		assert.NotContains(t, collector.Raw(), banned)
	}
}

func TestAnUnforeseenErrorIsReportedOnceAndWithoutContent(t *testing.T) {
	sentry := telemetrytest.NewSentry(t)
	reports, flush := withReports(t, sentry)
	s := Start(t, WithSessions(t), reports)
	a := newTenantWithoutModel(t, s)
	a.failing(t, "jobs")
	r := a.Post(t, "/api/v1/jobs/upload?name=Mira", map[string]any{"job_descriptions": []string{string(Testdata(t, "developer.md"))}})
	require.Equal(t, http.StatusInternalServerError, r.Status)
	a.Get(t, "/api/v1/jobs/"+"00000000-0000-4000-8000-000000000000") // foreseen
	flush()
	events := sentry.Events(t)
	require.Len(t, events, 1)
	assert.Equal(t, "/api/v1/jobs/upload", events[0].Transaction)
	assert.Equal(t, "INTERNAL_ERROR", events[0].Tags["kind"])
	assert.Equal(t, r.Header.Get("X-Request-ID"), events[0].Tags["request_id"])
	for _, banned := range append(a.personal(), "name=", "the disk of the test", "Go-http-client") {
		assert.NotContains(t, sentry.Raw(), banned)
	}
}

// newTenantWithoutModel has a session, a mark and nothing else.
func newTenantWithoutModel(t *testing.T, s *Server) *tenant {
	t.Helper()
	token, workspaceID := s.NewSession(t)
	file := bytes.ReplaceAll(Testdata(t, "developer.md"), []byte("Halvorsen"), []byte("Quillfeather"))
	return &tenant{Server: s.As(token), workspaceID: workspaceID, mark: "Quillfeather", file: file}
}
