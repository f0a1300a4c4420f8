package cmd

import (
	"bufio"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// soon is far beyond any time the tests' patience leads to.
const soon = 20 * time.Second

// startImpatient serves handler on a real port.
func startImpatient(t *testing.T, p patience, handler http.HandlerFunc) (address string) {
	t.Helper()
	return startWatched(t, p, handler, func(http.ConnState) {})
}

// startWatched is startImpatient that tells of each state of a connection, after the server has dealt with it.
func startWatched(t *testing.T, p patience, handler http.HandlerFunc, entered func(http.ConnState)) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := newHTTPServer(handler, p, slog.New(slog.DiscardHandler))
	note := server.ConnState
	server.ConnState = func(conn net.Conn, state http.ConnState) {
		note(conn, state)
		entered(state)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.ErrorIs(t, <-served, http.ErrServerClosed)
	})
	return listener.Addr().String()
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(soon)))
	return conn
}

// requireClosed reads until the server has closed the connection.
func requireClosed(t *testing.T, conn net.Conn) {
	t.Helper()
	_, err := io.Copy(io.Discard, conn)
	var late net.Error
	require.False(t, errors.As(err, &late) && late.Timeout(), "the connection is still open")
}

// ask sends a request and reads its answer, and keeps the connection.
func ask(t *testing.T, conn net.Conn) {
	t.Helper()
	_, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	require.NoError(t, err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.NoError(t, resp.Body.Close())
}

func nothing(http.ResponseWriter, *http.Request) {}

func TestClientsThatSayTooLittleAreCut(t *testing.T) {
	const short = 200 * time.Millisecond
	tests := map[string]struct {
		patience patience
		sends    string
	}{
		"nothing":       {patience{header: short, unread: time.Hour, idle: time.Hour, connections: 10}, ""},
		"half a header": {patience{header: short, unread: time.Hour, idle: time.Hour, connections: 10}, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "},
		"no next request": {patience{header: time.Hour, unread: time.Hour, idle: short, connections: 10},
			"GET / HTTP/1.1\r\nHost: x\r\n\r\n"},
		"half a body that nobody reads": {patience{header: short, unread: 2 * short, idle: time.Hour, connections: 10},
			"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := dial(t, startImpatient(t, test.patience, nothing))
			_, err := io.WriteString(conn, test.sends)
			require.NoError(t, err)
			if name == "half a header" {
				go func() {
					for range soon / (10 * time.Millisecond) {
						time.Sleep(10 * time.Millisecond)
						if _, err := conn.Write([]byte("x")); err != nil {
							return
						}
					}
				}()
			}
			requireClosed(t, conn)
		})
	}
}

func TestLargeHeadersAreRefused(t *testing.T) {
	conn := dial(t, startImpatient(t, defaultPatience(), nothing))
	go func() {
		_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nX-Large: ")
		for range 200 { // it is closed meanwhile
			_, _ = conn.Write(make([]byte, 1<<10))
		}
	}()
	status, _ := bufio.NewReader(conn).ReadString('\n')
	assert.Contains(t, status, "431")
}

func TestIdleConnectionsMakeRoom(t *testing.T) {
	p := defaultPatience()
	p.connections = 2
	idle := make(chan struct{}, 10)
	address := startWatched(t, p, nothing, func(state http.ConnState) {
		if state == http.StateIdle {
			idle <- struct{}{}
		}
	})
	// A connection is idle a moment after its client has the answer.
	askAndRest := func(conn net.Conn) {
		ask(t, conn)
		<-idle
	}
	first, second := dial(t, address), dial(t, address)
	askAndRest(first)
	askAndRest(second)
	askAndRest(first)
	third := dial(t, address)
	askAndRest(third)
	requireClosed(t, second) // idle for longer than the first
	askAndRest(first)
	askAndRest(third)
}

func TestConnectionsBeyondTheBoundAreClosed(t *testing.T) {
	p := defaultPatience()
	p.connections = 2
	entered, release := make(chan struct{}), make(chan struct{})
	address := startImpatient(t, p, func(http.ResponseWriter, *http.Request) {
		entered <- struct{}{}
		<-release
	})
	for range 2 {
		_, err := io.WriteString(dial(t, address), "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		require.NoError(t, err)
		<-entered
	}
	requireClosed(t, dial(t, address))
	close(release)
}
