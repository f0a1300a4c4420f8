package cmd

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/config"
)

func TestHealthcheckSaysWhatTheServerSays(t *testing.T) {
	var status atomic.Int32
	status.Store(http.StatusOK)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "/healthz", r.URL.Path)
		w.WriteHeader(int(status.Load()))
	}))
	defer server.Close()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(server.URL, "http://"))
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	// The server may listen everywhere, and the world outside may be behind a proxy that does not answer.
	t.Setenv("HOST", "0.0.0.0")
	t.Setenv("PORT", port)
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")

	run := func() (int, string) {
		var out, errOut bytes.Buffer
		code := Execute(context.Background(), []string{"healthcheck"}, Streams{In: strings.NewReader(""), Out: &out, Err: &errOut}, "test")
		return code, out.String() + errOut.String()
	}
	// Its patience is short, so on a machine that stalls it may have to ask again.
	says := func(want int, text string) {
		t.Helper()
		require.Eventually(t, func() bool {
			code, said := run()
			return code == want && strings.Contains(said, text)
		}, startTimeout, time.Millisecond, text)
	}
	says(exitOK, "The server is well.")

	status.Store(http.StatusServiceUnavailable)
	says(exitFailure, "503 Service Unavailable")

	server.Close()
	code, said := run()
	assert.Equal(t, exitFailure, code)
	assert.Contains(t, said, "does not answer")

	t.Setenv("PORT", "0")
	code, said = run()
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, said, "PORT")
}

func TestLocalAddressIsReachableFromTheSameMachine(t *testing.T) {
	for host, want := range map[string]string{
		"0.0.0.0": "127.0.0.1:80", "::": "[::1]:80", "": "127.0.0.1:80", "localhost": "localhost:80",
		"192.0.2.7": "192.0.2.7:80", "::1": "[::1]:80",
	} {
		assert.Equal(t, want, localAddress(config.Server{Host: host, Port: 80}), host)
	}
}
