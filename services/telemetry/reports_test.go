package telemetry_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/telemetry"
	"resume-matcher/services/telemetry/telemetrytest"
)

func send(t *testing.T, r *telemetry.Reporter) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	r.Flush(ctx)
}

func TestAReportNamesTypesAndNoText(t *testing.T) {
	sentry := telemetrytest.NewSentry(t)
	reporter, err := telemetry.NewReporter(sentry.DSN(), "1.2.3")
	require.NoError(t, err)
	cause := models.WrapError(models.KindInternal, "Jane Example failed.", errors.New("jane@example.com"))
	reporter.Report(telemetry.Incident{Kind: models.KindInternal, Method: "POST", Route: "/jobs/:id", RequestID: "abc", Err: cause})
	send(t, reporter)
	events := sentry.Events(t)
	require.Len(t, events, 1)
	e := events[0]
	assert.Equal(t, "resume-matcher@1.2.3", e.Release)
	assert.Equal(t, "/jobs/:id", e.Transaction)
	assert.Equal(t, map[string]string{"kind": "INTERNAL_ERROR", "method": "POST", "route": "/jobs/:id", "request_id": "abc"}, e.Tags)
	assert.Equal(t, "*errors.errorString", e.Exception[0].Type)
	frames := e.Exception[0].Stacktrace.Frames
	require.NotEmpty(t, frames)
	assert.Contains(t, frames[len(frames)-1].Function+frames[len(frames)-2].Function, "TestAReportNamesTypesAndNoText")
	raw := sentry.Raw()
	host, err := os.Hostname()
	require.NoError(t, err)
	for _, banned := range []string{"Jane", "jane@", `"server_name":"` + host, "abs_path", `"modules":{`, `"user":{"`} {
		assert.NotContains(t, raw, banned)
	}
}

func TestAPanicIsReportedWhereItHappened(t *testing.T) {
	sentry := telemetrytest.NewSentry(t)
	reporter, err := telemetry.NewReporter(sentry.DSN(), "test")
	require.NoError(t, err)
	for _, work := range []func(){
		func() { panic("Jane Example") },
		func() { _ = []int{}[len(os.Args)+1] },
	} {
		caught := recovered(work)
		assert.NotContains(t, caught.Error(), "Jane")
		reporter.Report(telemetry.Incident{Kind: models.KindInternal, Task: "resume.process", Err: models.WrapError(models.KindInternal, "x", caught)})
	}
	send(t, reporter)
	events := sentry.Events(t)
	require.Len(t, events, 2)
	for _, e := range events {
		assert.Equal(t, "task resume.process", e.Transaction)
		assert.Equal(t, "panic", e.Exception[0].Type)
		var functions []string
		for _, frame := range e.Exception[0].Stacktrace.Frames {
			functions = append(functions, frame.Function)
		}
		assert.Contains(t, functions, "recovered")
	}
	assert.NotContains(t, sentry.Raw(), "Jane")
}

func recovered(work func()) (err error) {
	defer func() { err = telemetry.Recovered(recover()) }()
	work()
	return nil
}

func TestASentryThatHangsHoldsUpNothing(t *testing.T) {
	release := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer hanging.Close()
	defer close(release)
	reporter, err := telemetry.NewReporter("http://key@"+hanging.Listener.Addr().String()+"/1", "test")
	require.NoError(t, err)
	reported := make(chan struct{})
	go func() {
		defer close(reported)
		for range 1000 {
			reporter.Report(telemetry.Incident{Kind: models.KindInternal, Route: "/x", Err: errors.New("x")})
		}
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		reporter.Flush(ctx)
	}()
	select {
	case <-reported:
	case <-time.After(30 * time.Second):
		t.Fatal("reporting waits for Sentry")
	}
}

func TestAWrongDSNNamesTheVariable(t *testing.T) {
	for _, dsn := range []string{"secret", "https://secret.example.com", "https://secret@/x", "ftp://secret@example.com/1"} {
		_, err := telemetry.NewReporter(dsn, "test")
		require.ErrorContains(t, err, "SENTRY_DSN", dsn)
		assert.NotContains(t, err.Error(), "secret")
	}
	none, err := telemetry.NewReporter("", "test")
	require.NoError(t, err)
	none.Report(telemetry.Incident{Err: errors.New("x")})
	none.Flush(t.Context())
}
