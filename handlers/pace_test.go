package handlers

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// brisk lets a client be slow for a moment only. Where something must not run out beside it, the test has a clock of its own.
func brisk() Pace { return Pace{Grace: 200 * time.Millisecond, MinRate: 64 << 20} }

const soon = 20 * time.Second

// slowServer has handlers that think, echo, and write without end; ended receives what became of each of the last.
type slowServer struct {
	connect func() net.Conn
	ended   chan error
}

type thinkInput struct{ Body struct{} }

// startSlow serves on a real port.
func startSlow(t *testing.T, pace Pace) slowServer {
	t.Helper()
	s := slowServer{ended: make(chan error, 10)}
	listening := httptest.NewServer(s.handler(t, pace))
	t.Cleanup(listening.Close)
	s.connect = func() net.Conn {
		conn, err := net.Dial("tcp", listening.Listener.Addr().String())
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
		require.NoError(t, conn.SetDeadline(time.Now().Add(soon)))
		return conn
	}
	return s
}

// startTimed serves in memory by the clock of the bubble that it is called in.
func startTimed(t *testing.T, pace Pace) slowServer {
	t.Helper()
	s := slowServer{ended: make(chan error, 10)}
	s.connect = servePipes(t, s.handler(t, pace))
	return s
}

func (s slowServer) handler(t *testing.T, pace Pace) http.Handler {
	t.Helper()
	o := testOptions()
	o.Pace, o.MaxJSONBytes = pace, 1<<20
	return newTestServer(t, o, func(a *API) {
		echoRoutes(a)
		Handle(a, Route{Method: http.MethodPost, Path: "/think", ID: "think", Tag: "t"},
			func(c *gin.Context, _ thinkInput) (Envelope[string], error) {
				time.Sleep(3 * pace.Grace)
				return Data("thought"), c.Request.Context().Err()
			})
		Raw(a, Route{Method: http.MethodGet, Path: "/flood", ID: "flood", Tag: "t"}, mimeEvents, func(c *gin.Context) {
			_, err := c.Writer.Write(make([]byte, 32<<20))
			s.ended <- err
		})
		Raw(a, Route{Method: http.MethodGet, Path: "/events", ID: "events", Tag: "t"}, mimeEvents, func(c *gin.Context) {
			var err error
			for err == nil {
				_, err = c.Writer.WriteString(strings.Repeat("data: x\n\n", 1000))
				c.Writer.Flush()
			}
			s.ended <- err
		})
	})
}

// trickle sends a byte at a time until the connection is closed, and returns what was answered before.
func trickle(t *testing.T, conn net.Conn) string {
	t.Helper()
	answer := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(conn) // it may end in a reset
		answer <- string(text)
	}()
	for range int(soon / (10 * time.Millisecond)) {
		select {
		case text := <-answer:
			return text
		case <-time.After(10 * time.Millisecond):
			_ = conn.SetWriteDeadline(time.Now().Add(10 * time.Millisecond)) // nobody may read any more
			_, _ = conn.Write([]byte(" "))                                   // fails once it is closed
		}
	}
	t.Fatal("the connection was not closed")
	return ""
}

func TestSlowBodiesAreCut(t *testing.T) {
	tests := map[string]string{
		"JSON":    "POST /think HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{",
		"chunked": "POST /think HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1869F\r\n{",
		"form":    "POST /files HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 2000\r\n\r\n--b\r\n",
	}
	for name, head := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn := startTimed(t, brisk()).connect()
				_, err := io.WriteString(conn, head)
				require.NoError(t, err)
				assert.Contains(t, trickle(t, conn), "HTTP/1.1 422", "a client that reads learns why")
			})
		})
	}
}

func TestSilentBodiesAreCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := startTimed(t, brisk()).connect()
		_, err := io.WriteString(conn, "POST /think HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n")
		require.NoError(t, err)
		began := time.Now()
		text, err := io.ReadAll(conn)
		require.NoError(t, err)
		assert.Contains(t, string(text), "HTTP/1.1 422")
		assert.Equal(t, brisk().Grace, time.Since(began))
	})
}

func TestClientsThatTakeNoAnswerAreCut(t *testing.T) {
	s := startSlow(t, brisk())
	for _, path := range []string{"/flood", "/events"} {
		conn := s.connect()
		_, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path)
		require.NoError(t, err)
		select {
		case err := <-s.ended:
			assert.Error(t, err, path)
		case <-time.After(soon):
			t.Fatal("it still waits for the client of " + path)
		}
	}
}

func TestRefusedBodiesAreReadToTheirEnd(t *testing.T) {
	s := startSlow(t, Pace{})
	tests := map[string]struct {
		path, header string
		body         []byte
		status       int
	}{
		"too large":     {"/files", "Content-Type: multipart/form-data; boundary=b", append(formHead("b"), make([]byte, maxDrained/2)...), 413},
		"at no address": {"/nowhere", "Content-Type: application/pdf", make([]byte, maxDrained/2), 404},
		"wrong type":    {"/files", "Content-Type: application/pdf", make([]byte, maxDrained/2), 400},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			conn := s.connect()
			_, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\n%s\r\nContent-Length: %d\r\n\r\n", test.path, test.header, len(test.body))
			require.NoError(t, err)
			_, err = conn.Write(test.body)
			require.NoError(t, err, "a browser sends everything before it reads")
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			require.NoError(t, err)
			defer resp.Body.Close()
			_, err = io.Copy(io.Discard, resp.Body)
			require.NoError(t, err)
			assert.Equal(t, test.status, resp.StatusCode)
			assert.True(t, resp.Close, "what a client left out of the body must not be taken from its next request")
		})
	}
}

// formHead is the beginning of a form with a file.
func formHead(boundary string) []byte {
	return []byte("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n")
}

func TestRefusalsWaitForNoBody(t *testing.T) {
	s := startSlow(t, Pace{Grace: time.Hour, MinRate: 1})
	for name, header := range map[string]string{
		"that the client asks about": "Expect: 100-continue\r\nContent-Length: 100000",
		"that a proxy cut short":     fmt.Sprintf("Content-Length: %d", maxDrained),
		"that is not worth it":       fmt.Sprintf("Content-Length: %d", 2*maxDrained),
		"without an end":             "Transfer-Encoding: chunked",
	} {
		t.Run(name, func(t *testing.T) {
			conn := s.connect()
			_, err := fmt.Fprintf(conn, "POST /nowhere HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n", header)
			require.NoError(t, err)
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			require.NoError(t, err)
			defer resp.Body.Close()
			_, err = io.Copy(io.Discard, resp.Body)
			require.NoError(t, err)
			assert.Equal(t, 404, resp.StatusCode)
			assert.True(t, resp.Close)
		})
	}
}

func TestThePaceHurriesNoHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := startTimed(t, brisk()).connect()
		in := bufio.NewReader(conn)
		for range 2 { // on the same connection, as no deadline is left behind
			_, err := io.WriteString(conn, "POST /think HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
			require.NoError(t, err)
			resp, err := http.ReadResponse(in, nil)
			require.NoError(t, err)
			defer resp.Body.Close()
			_, err = io.Copy(io.Discard, resp.Body)
			require.NoError(t, err)
			assert.Equal(t, 200, resp.StatusCode)
			time.Sleep(3 * brisk().Grace)
		}
	})
}

func TestPace(t *testing.T) {
	p := Pace{}.orDefault()
	assert.Equal(t, 15*time.Second, p.time(0))
	assert.Equal(t, 95*time.Second, p.time(5<<20), "5 MB")
	assert.Equal(t, brisk(), brisk().orDefault())
}
