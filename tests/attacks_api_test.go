package tests

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

// marker stands in every hostile value, so that an answer that repeats one is found.
const marker = "zqmarker"

// attackTimeout is far above what any request of these tests takes; a server that hangs fails the test instead of blocking it.
const attackTimeout = 2 * patience

// attack is one hostile request with its documented answer.
type attack struct {
	name string
	// request is written to the socket as it stands: Go's client refuses to send many of these.
	request string
	status  int
	// code is empty where the request does no harm and is answered as any other.
	code models.Kind
	// byHTTP tells that net/http refuses the request before the application sees it: in plain text and without an id.
	byHTTP bool
	// stores tells that the request is as good as any other for what it stores.
	stores bool
	// cutOff tells that the client ends its side after the request.
	cutOff bool
	// check looks further at the answer.
	check func(*testing.T, Response)
}

// target is a server under attack, with a résumé and a job that must not change.
type target struct {
	*Server
	host string
	// credential is the header line that opens the workspace, "" in local mode.
	credential string
	// cookie is the header line that opens it as a browser would; a case adds it.
	cookie      string
	resume, job string
}

// eachMode runs the same attacks on a server of one person and on one that asks for a session.
func eachMode(t *testing.T, attacks func(target) []attack, options ...Option) {
	t.Helper()
	t.Run("local", func(t *testing.T) { newTarget(t, options...).suffer(t, attacks) })
	t.Run("sessions", func(t *testing.T) { newSessionTarget(t, options...).suffer(t, attacks) })
}

func newTarget(t *testing.T, options ...Option) target {
	t.Helper()
	temp := watchTemp(t)
	return fill(t, target{Server: Start(t, options...)}, temp)
}

// newSessionTarget asks for a session, which the target's requests have.
func newSessionTarget(t *testing.T, options ...Option) target {
	t.Helper()
	temp := watchTemp(t)
	s := Start(t, append([]Option{WithSessions(t)}, options...)...)
	token, _ := s.NewSession(t)
	return fill(t, target{Server: s.As(token), credential: "Authorization: Bearer " + token}, temp)
}

func fill(t *testing.T, x target, temp string) target {
	t.Helper()
	x.resume = x.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	x.job = x.UploadJob(t, string(Testdata(t, "backend-job.txt")))
	x.host = strings.TrimPrefix(x.URL, "http://")
	t.Setenv("TMPDIR", temp)
	return x
}

// watchTemp returns an empty directory for the server's temporary files, and fails if one is left when the server has ended.
func watchTemp(t *testing.T) string {
	t.Helper()
	temp := t.TempDir()
	t.Cleanup(func() {
		requireNoHandlers(t)
		left, err := os.ReadDir(temp)
		require.NoError(t, err)
		assert.Empty(t, left, "a request left a temporary file")
	})
	return temp
}

// requireNoHandlers fails if a handler still runs after its server ended.
func requireNoHandlers(t *testing.T) {
	t.Helper()
	stacks := make([]byte, 1<<20)
	assert.Eventually(t, func() bool {
		return !strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), "resume-matcher/handlers.")
	}, patience, 50*time.Millisecond, "a handler still runs")
}

// awaitWell waits until the server answers a probe on a connection of its own.
func (x target) awaitWell(t *testing.T) {
	t.Helper()
	await(t, func() bool { return x.exchange(t, x.get("/healthz"), false).Status == http.StatusOK }, "the server answers afterwards")
}

// suffer sends the attacks one after the other.
func (x target) suffer(t *testing.T, attacks func(target) []attack) {
	t.Helper()
	before := x.state(t)
	for _, a := range attacks(x) {
		t.Run(a.name, func(t *testing.T) {
			r := x.exchange(t, a.request, a.cutOff)
			x.judge(t, a, r)
			x.awaitWell(t)
			after := x.state(t)
			if !a.stores {
				assert.Equal(t, before, after, "the database is unchanged")
			}
			before = after
		})
	}
}

// judge compares an answer with the documented one, and with what no answer may hold.
func (x target) judge(t *testing.T, a attack, r Response) {
	t.Helper()
	require.Equal(t, a.status, r.Status, "%.500s", r.Body)
	body := string(r.Body)
	if a.byHTTP {
		assert.NotContains(t, body, marker)
		return
	}
	assert.Regexp(t, `^[A-Za-z0-9._-]{1,128}$`, r.Header.Get("X-Request-ID"))
	assert.Equal(t, "nosniff", r.Header.Get("X-Content-Type-Options"))
	if a.code != "" {
		assert.Equal(t, "application/json; charset=utf-8", r.Header.Get("Content-Type"))
		checkFailure(t, r, string(a.code))
		assert.NotContains(t, body, marker)
		for name, values := range r.Header {
			assert.NotContains(t, strings.Join(values, " "), marker, name)
		}
	}
	if a.status >= http.StatusBadRequest {
		for _, internal := range []string{"SQLSTATE", "SELECT", "UPDATE ", "constraint", "goroutine", ".go:", "/home", "/tmp", "gorm", "json:", "strconv", "multipart:"} {
			assert.NotContains(t, body, internal)
		}
	}
	if a.check != nil {
		a.check(t, r)
	}
}

// exchange writes a request to a connection of its own and reads the answer. Both go on at once, as the server may answer
// before it has read all.
func (x target) exchange(t *testing.T, request string, cutOff bool) Response {
	t.Helper()
	conn, err := net.Dial("tcp", x.host)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(attackTimeout)))
	written := make(chan struct{})
	go func() {
		defer close(written)
		_, _ = io.WriteString(conn, request) // the server may close first
		if cutOff {
			_ = conn.(*net.TCPConn).CloseWrite()
		}
	}()
	r := readAnswer(t, conn, strings.HasPrefix(request, http.MethodHead+" "))
	conn.Close()
	<-written
	return r
}

func readAnswer(t *testing.T, conn io.Reader, head bool) Response {
	t.Helper()
	var asked *http.Request
	if head {
		asked = &http.Request{Method: http.MethodHead}
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), asked)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return Response{Status: resp.StatusCode, Header: resp.Header, Body: body}
}

// head is a request's line and headers with the credential; the caller ends it.
func (x target) head(method, path string, headers ...string) string {
	lines := append([]string{method + " " + path + " HTTP/1.1", "Host: " + x.host, "Connection: close"}, headers...)
	if x.credential != "" {
		lines = append(lines, x.credential)
	}
	return strings.Join(lines, "\r\n") + "\r\n"
}

func (x target) get(path string, headers ...string) string {
	return x.head(http.MethodGet, path, headers...) + "\r\n"
}

// send is a request with a body of a declared length.
func (x target) send(method, path, contentType, body string, headers ...string) string {
	headers = append(headers, fmt.Sprintf("Content-Length: %d", len(body)))
	if contentType != "" {
		headers = append(headers, "Content-Type: "+contentType)
	}
	return x.head(method, path, headers...) + "\r\n" + body
}

// post is a request with a JSON body.
func (x target) post(path, body string, headers ...string) string {
	return x.send(http.MethodPost, path, "application/json", body, headers...)
}

func (x target) patch(path, body string) string {
	return x.send(http.MethodPatch, path, "application/json", body)
}

// chunked is a request that doesn't tell how long it is.
func (x target) chunked(method, path, contentType, body string) string {
	const chunk = 64 << 10
	var b strings.Builder
	b.WriteString(x.head(method, path, "Content-Type: "+contentType, "Transfer-Encoding: chunked") + "\r\n")
	for len(body) > 0 {
		n := min(len(body), chunk)
		fmt.Fprintf(&b, "%x\r\n%s\r\n", n, body[:n])
		body = body[n:]
	}
	b.WriteString("0\r\n\r\n")
	return b.String()
}

const uploadPath = "/api/v1/resumes/upload"

// upload is a form with one file.
func (x target) upload(filename, content string) string {
	return x.form(part(`form-data; name="file"; filename="`+filename+`"`, content))
}

const boundary = "----attackboundary"

// form is an upload whose parts are written by hand.
func (x target) form(parts ...string) string {
	return x.send(http.MethodPost, uploadPath, "multipart/form-data; boundary="+boundary, formOf(parts...))
}

func formOf(parts ...string) string {
	return strings.Join(parts, "") + "--" + boundary + "--\r\n"
}

func part(disposition, content string, headers ...string) string {
	lines := append([]string{"--" + boundary, "Content-Disposition: " + disposition}, headers...)
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + content + "\r\n"
}

// state is a fingerprint of all that people stored.
func (x target) state(t *testing.T) string {
	t.Helper()
	hash := sha256.New()
	for _, model := range models.All() {
		switch model.(type) {
		case *models.Workspace, *models.APIToken:
			continue // they note when they were used
		}
		var rows []map[string]any
		require.NoError(t, x.DB.Model(model).Find(&rows).Error)
		lines := make([]string, len(rows))
		for i, row := range rows {
			line, err := json.Marshal(row)
			require.NoError(t, err)
			lines[i] = string(line)
		}
		slices.Sort(lines) // the database may tell them in any order
		fmt.Fprintf(hash, "%T %d\n%s\n", model, len(rows), strings.Join(lines, "\n"))
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// refused are attacks that all get the same answer, by name.
func refused(status int, code models.Kind, requests map[string]string) []attack {
	attacks := make([]attack, 0, len(requests))
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		attacks = append(attacks, attack{name: name, request: requests[name], status: status, code: code})
	}
	return attacks
}

func gzipped(t *testing.T, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}
