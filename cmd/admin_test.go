package cmd

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/telemetry/telemetrytest"
	"resume-matcher/tests/testlog"
)

var operatorsAddress = regexp.MustCompile(`msg="serving operators" address=(\S+)`)

// addressForOperators waits until a program serves operators, and returns where.
func addressForOperators(t *testing.T, log *testlog.Buffer) (address string) {
	t.Helper()
	require.Eventually(t, func() bool {
		if m := operatorsAddress.FindStringSubmatch(log.String()); m != nil {
			address = m[1]
		}
		return address != ""
	}, startTimeout, 5*time.Millisecond, "%s", log)
	return address
}

func TestOperatorsHaveAnAddressOfTheirOwn(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("DATABASE_URL", "")
	t.Setenv("SESSION_SECRET_KEY", strings.Repeat("made-up-secret-", 3))
	t.Setenv("ADMIN_ADDRESS", "127.0.0.1:0")
	served := startServe(t)
	address := addressForOperators(t, served.log)
	awaitWell(t, "http://"+address)
	for path, want := range map[string]string{
		"/metrics": "resume_matcher_build_info", "/debug/pprof/": "goroutine", "/debug/pprof/goroutine?debug=1": "goroutine profile",
		"/debug/pprof/profile?seconds=1": "", "/debug/pprof/symbol": "num_symbols", "/debug/pprof/cmdline": "", "/debug/pprof/trace?seconds=1": "",
	} {
		status, body := get(t, "http://"+address+path)
		assert.Equal(t, http.StatusOK, status, path)
		assert.Contains(t, body, want, path)
	}
	status, _ := get(t, "http://"+address+"/api/v1/ping")
	assert.Equal(t, http.StatusNotFound, status, "the API is not theirs")

	for _, path := range []string{"/debug/pprof/", "/debug/pprof/heap", "/debug/pprof/profile", "/debug/pprof/cmdline", "/debug/vars"} {
		status, _ := get(t, served.url+path)
		assert.Equal(t, http.StatusNotFound, status, path)
	}
	status, _ = get(t, served.url+"/metrics")
	assert.Equal(t, http.StatusUnauthorized, status)
	served.end(t)
	_, err := net.Dial("tcp", address) //nolint:noctx // a local test server
	require.Error(t, err, "it stops with the program")
	assert.NotContains(t, served.log.String(), "asks nobody")
}

func TestATakenAdminAddressIsAnError(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("DATABASE_URL", "")
	t.Setenv("PORT", "0")
	taken, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a local test server
	require.NoError(t, err)
	defer taken.Close()
	t.Setenv("ADMIN_ADDRESS", taken.Addr().String())
	code, log := runServe(t)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, log, "ADMIN_ADDRESS")
}

func TestAnAdminAddressForAllIsWarnedOf(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("DATABASE_URL", "")
	t.Setenv("ADMIN_ADDRESS", "0.0.0.0:0")
	served := startServe(t)
	assert.Contains(t, served.log.String(), "asks nobody for a credential")
	served.end(t)
}

func TestAWrongSentryDSNIsAnError(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("DATABASE_URL", "")
	t.Setenv("PORT", "0")
	t.Setenv("SENTRY_DSN", "https://example.com/hidden")
	code, log := runServe(t)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, log, "SENTRY_DSN")
	assert.NotContains(t, log, "hidden")
}

func TestServeSendsItsLastTracesBeforeItEnds(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("DATABASE_URL", "")
	collector := telemetrytest.NewCollector(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	served := startServe(t)
	get(t, served.url+"/api/v1/status")
	served.end(t)
	var names []string
	for _, span := range collector.Spans() {
		names = append(names, span.GetName())
	}
	assert.Contains(t, names, "GET /api/v1/status")
	assert.Contains(t, served.log.String(), "trace_id=")
}

// runServe runs a serve that is to end by itself.
func runServe(t *testing.T) (code int, log string) {
	t.Helper()
	var out bytes.Buffer
	code = Execute(context.Background(), []string{"serve"}, Streams{In: strings.NewReader(""), Out: &out, Err: &out}, "test")
	return code, out.String()
}

func TestReplicasWithOneSecretHashAlike(t *testing.T) {
	one, err := newLogKey("newest-secret, older-secret")
	require.NoError(t, err)
	same, err := newLogKey("newest-secret")
	require.NoError(t, err)
	other, err := newLogKey("other-secret")
	require.NoError(t, err)
	none, err := newLogKey("")
	require.NoError(t, err)
	assert.Equal(t, one, same)
	assert.NotEqual(t, one, other)
	assert.Empty(t, none)
}

func TestAWorkerShowsItsMetricsToOperators(t *testing.T) {
	configured(t)
	t.Setenv("ADMIN_ADDRESS", "127.0.0.1:0")
	ctx, stop := context.WithCancel(t.Context())
	log, ended := &testlog.Buffer{}, make(chan int, 1)
	go func() {
		ended <- Execute(ctx, []string{"worker"}, Streams{In: strings.NewReader(""), Out: log, Err: log}, "test")
	}()
	address := addressForOperators(t, log)
	awaitWell(t, "http://"+address)
	for path, want := range map[string]string{"/metrics": "db_pool_wait_timeouts_total", "/debug/pprof/": "goroutine"} {
		status, body := get(t, "http://"+address+path)
		assert.Equal(t, http.StatusOK, status, path)
		assert.Contains(t, body, want, path)
	}
	stop()
	assert.Zero(t, <-ended, "%s", log)
}
