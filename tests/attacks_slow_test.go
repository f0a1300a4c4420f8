package tests

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// serve starts a second listener for the application, with the limits of the HTTP server that change sets; it returns the address.
func (x target) serve(t *testing.T, change func(*http.Server)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &http.Server{Handler: x.handler, ReadHeaderTimeout: attackTimeout}
	change(server)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.ErrorIs(t, <-ended, http.ErrServerClosed)
	})
	return listener.Addr().String()
}

// TestSlowClientsAreCutOff sends requests that never end. The server must end them, with an answer or without.
func TestSlowClientsAreCutOff(t *testing.T) {
	x := newTarget(t, withPace(ampleGrace))
	hasty := x
	hasty.host = x.serve(t, func(s *http.Server) { s.ReadHeaderTimeout = 200 * time.Millisecond })
	before := x.state(t)
	form := x.upload("a.txt", strings.Repeat("a", 4<<20))
	refusals := []int{http.StatusUnprocessableEntity, http.StatusRequestTimeout}
	t.Run("all at once", func(t *testing.T) {
		for name, c := range map[string]struct {
			x           target
			begin, drip string
			// statuses are the answers a client may get; 0 is none.
			statuses []int
		}{
			"no request":      {hasty, "", "", []int{0}},
			"request line":    {hasty, "GET /hea", "l", []int{0, http.StatusBadRequest}},
			"headers":         {hasty, "GET /healthz HTTP/1.1\r\nHost: " + x.host + "\r\n", "X-A: 1\r\n", []int{0}},
			"header's value":  {hasty, "GET /healthz HTTP/1.1\r\nHost: " + x.host + "\r\nX-A: ", "a", []int{0}},
			"JSON body":       {x, x.post(jobsPath, strings.Repeat(" ", 10_000))[:200], " ", refusals},
			"chunked body":    {x, x.head("POST", jobsPath, "Content-Type: application/json", "Transfer-Encoding: chunked") + "\r\n", "1\r\n \r\n", refusals},
			"chunk extension": {x, x.head("POST", jobsPath, "Content-Type: application/json", "Transfer-Encoding: chunked") + "\r\n1;", "a", refusals},
			"form":            {x, form[:2000], "a", refusals},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel() // some wait for long
				assert.Contains(t, c.statuses, c.x.drip(t, c.begin, c.drip))
			})
		}
	})
	assert.Equal(t, before, x.state(t))
	x.awaitWell(t)
}

// drip writes begin and then one drip after the other until the server hangs up, and returns the status it answered.
func (x target) drip(t *testing.T, begin, drip string) int {
	t.Helper()
	conn, err := net.Dial("tcp", x.host)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(attackTimeout)))
	_, err = io.WriteString(conn, begin)
	require.NoError(t, err)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			if _, err := io.WriteString(conn, drip); err != nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	conn.Close()
	<-stopped
	if err != nil {
		assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the server never hung up")
		return 0
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// TestClientsThatNeverReadAreCutOff asks for much at once and reads none of it.
func TestClientsThatNeverReadAreCutOff(t *testing.T) {
	x := newTarget(t, withPace(300*time.Millisecond))
	x.host = x.serve(t, func(*http.Server) {})
	conn, err := net.Dial("tcp", x.host)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(attackTimeout)))
	request := strings.ReplaceAll(x.get("/openapi.json"), "Connection: close", "Connection: keep-alive")
	for err == nil {
		_, err = io.WriteString(conn, request)
	}
	assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the server never hung up")
	await(t, func() bool {
		resp, err := http.Get("http://" + x.host + "/healthz") //nolint:noctx // it may be cut off as well, if this machine stalls
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	}, "the server answers others")
}
