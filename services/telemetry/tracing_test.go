package telemetry_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"resume-matcher/models"
	"resume-matcher/services/telemetry"
	"resume-matcher/services/telemetry/telemetrytest"
	"resume-matcher/tests/testdb"
	"resume-matcher/tests/testlog"
)

func startTracing(t *testing.T, o telemetry.TracingOptions) (*telemetry.Tracing, *testlog.Buffer) {
	t.Helper()
	log := &testlog.Buffer{}
	o.Version, o.Logger = "test", slog.New(slog.NewTextHandler(log, nil))
	tracing, err := telemetry.NewTracing(t.Context(), o)
	require.NoError(t, err)
	return tracing, log
}

func flush(t *testing.T, tracing *telemetry.Tracing) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	require.NoError(t, tracing.Shutdown(ctx))
}

func spanNamed(t *testing.T, spans []*tracepb.Span, name string) *tracepb.Span {
	t.Helper()
	var names []string
	for _, span := range spans {
		if span.GetName() == name {
			return span
		}
		names = append(names, span.GetName())
	}
	require.Contains(t, names, name)
	return nil
}

func TestARequestItsStatementsAndItsCallsAreOneTrace(t *testing.T) {
	collector := telemetrytest.NewCollector(t)
	tracing, _ := startTracing(t, telemetry.TracingOptions{Endpoint: collector.URL + "/base/", Headers: "api-key=a%20b,x-org=7", Ratio: 1})
	db := testdb.Open(t)
	require.NoError(t, telemetry.TraceStatements(db))
	ctx, end := tracing.Request(t.Context(), http.Header{}, "GET", "/jobs/:id")
	require.NotEmpty(t, telemetry.TraceID(ctx))
	row := models.Workspace{Name: "Jane Example"}
	require.NoError(t, db.WithContext(ctx).Create(&row).Error)
	require.Error(t, db.WithContext(ctx).Where("name = ?", "nobody").Take(&models.Workspace{}).Error)
	require.NoError(t, db.WithContext(ctx).Model(&row).Update("name", "John Example").Error)
	require.Error(t, db.WithContext(ctx).Exec("UPDATE nothing SET name = 'Jill Example'").Error)
	require.NoError(t, db.WithContext(ctx).Delete(&row).Error)
	inner, span := telemetry.Start(ctx, "documents.extract")
	_, endCall := telemetry.StartModelCall(inner, "chat", "openai", "small", "tailor")
	endCall(12, 34, models.WrapError(models.KindAITimeout, "Too slow.", errors.New("about Jane Example")))
	telemetry.End(span, nil)
	end(503)
	flush(t, tracing)

	spans := collector.Spans()
	require.Len(t, spans, 8)
	root := spanNamed(t, spans, "GET /jobs/:id")
	assert.Equal(t, tracepb.Span_SPAN_KIND_SERVER, root.GetKind())
	assert.Equal(t, tracepb.Status_STATUS_CODE_ERROR, root.GetStatus().GetCode())
	assert.Equal(t, telemetry.TraceID(ctx), fmt.Sprintf("%x", root.GetTraceId()))
	attributes := telemetrytest.Attributes(root)
	assert.Equal(t, "/jobs/:id", attributes["http.route"])
	assert.Equal(t, "int_value:503", strings.ReplaceAll(attributes["http.response.status_code"], " ", ""))
	for _, name := range []string{"INSERT workspaces", "SELECT workspaces", "UPDATE workspaces", "DELETE workspaces", "UPDATE"} {
		statement := spanNamed(t, spans, name)
		assert.Equal(t, root.GetSpanId(), statement.GetParentSpanId(), name)
		assert.Equal(t, root.GetTraceId(), statement.GetTraceId(), name)
		assert.Equal(t, name == "UPDATE", statement.GetStatus().GetCode() == tracepb.Status_STATUS_CODE_ERROR, name)
	}
	call, extract := spanNamed(t, spans, "chat small"), spanNamed(t, spans, "documents.extract")
	assert.Equal(t, extract.GetSpanId(), call.GetParentSpanId())
	assert.Equal(t, "AI_TIMEOUT", telemetrytest.Attributes(call)["error.type"])
	assert.NotContains(t, collector.Raw(), "Example", "no value, no error's text")
	assert.NotContains(t, collector.Raw(), row.ID)
	request := collector.Requests()[0]
	assert.Equal(t, "/base/v1/traces", request.URL.Path)
	assert.Equal(t, "a b", request.Header.Get("api-key"))
	assert.Equal(t, "7", request.Header.Get("x-org"))
}

func TestWhatIsNotPartOfATraceIsNotTraced(t *testing.T) {
	collector := telemetrytest.NewCollector(t)
	tracing, _ := startTracing(t, telemetry.TracingOptions{Endpoint: collector.URL, Ratio: 1})
	db := testdb.Open(t)
	require.NoError(t, telemetry.TraceStatements(db))
	require.NoError(t, db.Find(&[]models.Workspace{}).Error)
	ctx, span := telemetry.Start(t.Context(), "alone")
	telemetry.End(span, errors.New("x"))
	assert.Empty(t, telemetry.TraceID(ctx))
	flush(t, tracing)
	assert.Empty(t, collector.Spans())
}

func TestARequestFollowsItsParentsDecision(t *testing.T) {
	const traceID = "0af7651916cd43dd8448eb211c80319c"
	for name, c := range map[string]struct {
		parent string
		ratio  float64
		traced bool
	}{
		"sampled parent":      {"00-" + traceID + "-b7ad6b7169203331-01", 0, true},
		"unsampled parent":    {"00-" + traceID + "-b7ad6b7169203331-00", 1, false},
		"no parent, none":     {"", 0, false},
		"no parent, all":      {"", 1, true},
		"parent that is none": {"00-zz-1-01", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			collector := telemetrytest.NewCollector(t)
			tracing, _ := startTracing(t, telemetry.TracingOptions{Endpoint: collector.URL, Ratio: c.ratio})
			ctx, end := tracing.Request(t.Context(), http.Header{"Traceparent": {c.parent}}, "GET", "/x")
			end(200)
			flush(t, tracing)
			assert.Equal(t, c.traced, telemetry.TraceID(ctx) != "")
			if !c.traced {
				assert.Empty(t, collector.Spans())
				return
			}
			require.Len(t, collector.Spans(), 1)
			if c.parent != "" {
				assert.Equal(t, traceID, telemetry.TraceID(ctx))
				assert.Equal(t, "b7ad6b7169203331", fmt.Sprintf("%x", collector.Spans()[0].GetParentSpanId()))
			}
		})
	}
}

func TestATaskIsATraceOfItsOwn(t *testing.T) {
	collector := telemetrytest.NewCollector(t)
	tracing, _ := startTracing(t, telemetry.TracingOptions{Endpoint: collector.URL, Ratio: 1})
	_, span := tracing.Task(t.Context(), "resume.process", 2)
	telemetry.End(span, errors.New("about Jane Example"))
	flush(t, tracing)
	require.Len(t, collector.Spans(), 1)
	attributes := telemetrytest.Attributes(collector.Spans()[0])
	assert.Equal(t, "resume.process", attributes["resume_matcher.task.kind"])
	assert.Equal(t, "*errors.errorString", attributes["error.type"])
	assert.NotContains(t, collector.Raw(), "Example")
}

func TestACollectorThatIsAwayHoldsUpNothing(t *testing.T) {
	collector := telemetrytest.NewCollector(t)
	collector.Status = http.StatusServiceUnavailable
	tracing, log := startTracing(t, telemetry.TracingOptions{Endpoint: collector.URL, Ratio: 1})
	for range 5000 { // more than wait and than one batch holds
		_, end := tracing.Request(t.Context(), http.Header{}, "GET", "/x")
		end(200)
	}
	flush(t, tracing)
	assert.Greater(t, len(collector.Requests()), 1)
	assert.Equal(t, 1, strings.Count(log.String(), "\n"), log.String())
	assert.Contains(t, log.String(), "503")
}

func TestAFailedExportTellsNoAddress(t *testing.T) {
	collector := telemetrytest.NewCollector(t)
	address := collector.URL
	collector.Close()
	tracing, log := startTracing(t, telemetry.TracingOptions{Endpoint: address + "/secret-key", Ratio: 1})
	_, end := tracing.Request(t.Context(), http.Header{}, "GET", "/x")
	end(200)
	flush(t, tracing)
	assert.Contains(t, log.String(), "export spans")
	assert.NotContains(t, log.String(), "secret-key")
}

func TestNoEndpointNoTracing(t *testing.T) {
	tracing, err := telemetry.NewTracing(t.Context(), telemetry.TracingOptions{})
	require.NoError(t, err)
	require.Nil(t, tracing)
	_, span := tracing.Task(t.Context(), "x", 1)
	telemetry.End(span, nil)
	require.NoError(t, tracing.Shutdown(t.Context()))
}

func TestWrongTracingOptionsNameTheVariable(t *testing.T) {
	for headers, variable := range map[string]string{"secret": "_HEADERS", "=secret": "_HEADERS", "a=%zzsecret": "_HEADERS", "a=secret%0d%0ab": "_HEADERS"} {
		_, err := telemetry.NewTracing(t.Context(), telemetry.TracingOptions{Endpoint: "http://127.0.0.1:1", Headers: headers})
		require.ErrorContains(t, err, "OTEL_EXPORTER_OTLP"+variable)
		assert.NotContains(t, err.Error(), "secret")
	}
	_, err := telemetry.NewTracing(t.Context(), telemetry.TracingOptions{Endpoint: "secret"})
	require.ErrorContains(t, err, "OTEL_EXPORTER_OTLP_ENDPOINT")
}

func TestErrorType(t *testing.T) {
	for want, err := range map[string]error{
		"canceled":            fmt.Errorf("x: %w", context.Canceled),
		"timeout":             context.DeadlineExceeded,
		"JOB_NOT_FOUND":       fmt.Errorf("x: %w", models.NewError(models.KindJobNotFound, "y")),
		"*errors.errorString": models.WrapError(models.KindInternal, "y", fmt.Errorf("x: %w", errors.New("z"))),
		"*fmt.wrapError":      errors.Join(fmt.Errorf("%w", error(nil))),
	} {
		assert.Equal(t, want, telemetry.ErrorType(err))
	}
}
