package tests

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
	"resume-matcher/models"
	"resume-matcher/services"
)

// withLimits sets what clients may ask for in an hour, so that no window ends during a test.
func withLimits(requests, uploads, modelCalls int) Option {
	return func(o *handlers.Options, _ *services.Deps) {
		o.RateLimit, o.RateLimitUploads, o.RateLimitModelCalls, o.RateWindow = requests, uploads, modelCalls, time.Hour
	}
}

// behindProxy trusts who connects from this machine to say for whom it asks.
func behindProxy(o *handlers.Options, _ *services.Deps) {
	o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("::1/128")}
}

// withPace cuts clients that are silent for longer than grace.
func withPace(grace time.Duration) Option {
	return func(o *handlers.Options, _ *services.Deps) { o.Pace = handlers.Pace{Grace: grace, MinRate: 64 << 20} }
}

// ampleGrace is above what a machine may stall while a client's request arrives or its answer goes out.
const ampleGrace = 10 * time.Second

func withSlots(size, queue int) Option {
	return func(o *handlers.Options, _ *services.Deps) { o.UploadConcurrency, o.UploadQueue = size, queue }
}

// from sends a request without a body for the client of an address, as a proxy does.
func (s *Server) from(t testing.TB, address, method, path string) Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
	require.NoError(t, err)
	req.Header.Set("X-Forwarded-For", address)
	return s.Send(t, req)
}

func requireLimited(t *testing.T, r Response, limit string) {
	t.Helper()
	require.Equal(t, http.StatusTooManyRequests, r.Status, "%s", r.Body)
	checkFailure(t, r, string(models.KindRateLimited))
	assert.Equal(t, limit, r.Header.Get("X-RateLimit-Limit"))
	assert.Equal(t, "0", r.Header.Get("X-RateLimit-Remaining"))
	assert.NotEmpty(t, r.Header.Get("X-RateLimit-Reset"))
	assert.NotEmpty(t, r.Header.Get("Retry-After"))
}

const listPath = "/api/v1/resumes/list"

func TestForgedAddressesGetNoFreshLimit(t *testing.T) {
	s := Start(t, withLimits(3, 0, 0))
	for i := range 3 {
		require.Equal(t, http.StatusOK, s.from(t, fmt.Sprintf("203.0.113.%d", i), http.MethodGet, listPath).Status)
	}
	requireLimited(t, s.from(t, "203.0.113.9", http.MethodGet, listPath), "3")
	assert.Equal(t, http.StatusOK, s.Get(t, "/healthz").Status, "probes are not limited")
}

func TestClientsBehindAProxyHaveLimitsOfTheirOwn(t *testing.T) {
	s := Start(t, withLimits(1, 0, 0), behindProxy)
	for i := range 3 {
		address := fmt.Sprintf("203.0.113.%d", i)
		require.Equal(t, http.StatusOK, s.from(t, address, http.MethodGet, listPath).Status)
		requireLimited(t, s.from(t, "198.51.100.7, "+address, http.MethodGet, listPath), "1")
	}
}

func TestWorkspacesHaveLimitsOfTheirOwn(t *testing.T) {
	s := Start(t, WithSessions(t), withLimits(2, 0, 0))
	first, _ := s.NewSession(t)
	second, _ := s.NewSession(t)
	for range 2 {
		require.Equal(t, http.StatusOK, s.As(first).Get(t, listPath).Status)
	}
	requireLimited(t, s.As(first).Get(t, listPath), "2")
	assert.Equal(t, http.StatusOK, s.As(second).Get(t, listPath).Status)
}

func TestUploadsAreLimitedApart(t *testing.T) {
	s := Start(t, withLimits(20, 2, 0))
	s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	s.UploadJob(t, string(Testdata(t, "backend-job.txt")))
	requireLimited(t, s.Upload(t, "mira.md", Testdata(t, "developer.md")), "2")
	requireLimited(t, s.Post(t, "/api/v1/job/upload", map[string]any{"job_descriptions": []string{"x"}}), "2")
	assert.Equal(t, http.StatusOK, s.Get(t, listPath).Status)
}

func TestModelCallsAreLimitedApart(t *testing.T) {
	s := Start(t, withLimits(20, 0, 4))
	resume := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	job := s.UploadJob(t, string(Testdata(t, "backend-job.txt")))
	pair := map[string]any{"resume_id": resume, "job_id": job}
	calls := []string{
		"/api/v1/match", "/api/v1/resumes/improve/preview", "/api/v1/resumes/" + resume + "/generate-cover-letter",
		"/api/v1/resumes/" + resume + "/generate-outreach", "/api/v1/resumes/improve",
	}
	body := map[string]any{"resume_id": resume, "job_id": job}
	for _, path := range calls[:4] {
		require.Equal(t, http.StatusOK, s.Post(t, path, body).Status, path)
	}
	for _, path := range calls {
		requireLimited(t, s.Post(t, path, pair), "4")
	}
	assert.Equal(t, http.StatusOK, s.Get(t, listPath).Status)
}

func TestGuessedCredentialsAreLimited(t *testing.T) {
	s := Start(t, WithSessions(t), withLimits(1000, 0, 0), behindProxy)
	good, _ := s.NewSession(t)
	guesses := 0
	for ; guesses < 100 && s.As("guess").from(t, "203.0.113.1", http.MethodGet, "/metrics/llm").Status == http.StatusUnauthorized; guesses++ {
	}
	assert.Equal(t, 20, guesses)
	requireLimited(t, s.As("another").from(t, "203.0.113.1", http.MethodGet, listPath), "20")
	assert.Equal(t, http.StatusOK, s.As(good).from(t, "203.0.113.2", http.MethodGet, listPath).Status)
}

func TestMakingWorkspacesIsLimited(t *testing.T) {
	s := Start(t, WithSessions(t), withLimits(1000, 0, 0), behindProxy, func(o *handlers.Options, _ *services.Deps) { o.RateLimitSessions = 10 })
	made := 0
	for ; made < 100 && s.from(t, "2001:db8::1", http.MethodPost, "/api/v1/session").Status == http.StatusOK; made++ {
	}
	assert.Equal(t, 10, made)
	requireLimited(t, s.from(t, "2001:db8::2", http.MethodPost, "/api/v1/session"), "10")
	var workspaces int64
	require.NoError(t, s.DB.Model(&models.Workspace{}).Count(&workspaces).Error)
	assert.Equal(t, int64(made+1), workspaces, "and the local one")
}

// halfUpload sends the beginning of an upload and waits until its slot is taken; finish sends the rest and returns the status.
func (s *Server) halfUpload(t *testing.T, token, address string, inUse func() bool) (conn net.Conn, finish func() int) {
	t.Helper()
	contentType, form := Form(t, "mira.md", Testdata(t, "developer.md"))
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(2*patience)))
	head := "POST /api/v1/resumes/upload HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-For: " + address + "\r\n"
	if token != "" {
		head += "Authorization: Bearer " + token + "\r\n"
	}
	_, err = fmt.Fprintf(conn, "%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", head, contentType, form.Len(), form.Next(100))
	require.NoError(t, err)
	await(t, inUse, "its slot is taken")
	return conn, func() int {
		_, err := conn.Write(form.Bytes())
		require.NoError(t, err)
		answer, err := io.ReadAll(conn)
		require.NoError(t, err)
		var status int
		_, err = fmt.Sscanf(string(answer), "HTTP/1.1 %d", &status)
		require.NoError(t, err)
		return status
	}
}

// uploads tells whether the metrics show n uploads at work.
func (s *Server) uploads(t *testing.T, admin string, n int) func() bool {
	t.Helper()
	return func() bool {
		return strings.Contains(string(s.As(admin).Get(t, "/metrics").Body), fmt.Sprintf("\nuploads_in_progress %d\n", n))
	}
}

func TestUploadSlots(t *testing.T) {
	s := Start(t, WithSessions(t), withSlots(2, 0), behindProxy, withPace(time.Hour))
	first, workspace := s.NewSession(t)
	second, _ := s.NewSession(t)
	admin := s.NewToken(t, workspace, models.ScopeAdmin)
	_, finish := s.halfUpload(t, first, "203.0.113.1", s.uploads(t, admin, 1))

	refused := s.As(first).Upload(t, "other.md", Testdata(t, "developer.md"))
	require.Equal(t, http.StatusServiceUnavailable, refused.Status, "half of the slots are for others")
	checkFailure(t, refused, string(models.KindUnavailable))
	assert.Equal(t, "5", refused.Header.Get("Retry-After"))
	require.Equal(t, http.StatusOK, s.As(second).Upload(t, "mira.md", Testdata(t, "developer.md")).Status)
	assert.Equal(t, http.StatusOK, s.As(first).Get(t, listPath).Status, "only uploads wait")

	leaver, _ := s.halfUpload(t, second, "203.0.113.2", s.uploads(t, admin, 2))
	require.NoError(t, leaver.Close())
	await(t, s.uploads(t, admin, 1), "who leaves gives its slot back")
	assert.Equal(t, http.StatusOK, finish())
	await(t, s.uploads(t, admin, 0), "both slots are free")
	assert.Equal(t, http.StatusOK, s.As(first).Upload(t, "other.md", Testdata(t, "developer.md")).Status)
}

func TestUploadsWaitForASlot(t *testing.T) {
	s := Start(t, withSlots(1, 1), withPace(time.Hour))
	_, finish := s.halfUpload(t, "", "", s.uploads(t, "", 1))
	waited := make(chan int)
	contentType, form := Form(t, "other.md", append(Testdata(t, "developer.md"), "\nVolunteer at a library\n"...))
	go func() {
		resp, err := http.Post(s.URL+"/api/v1/resumes/upload", contentType, form) //nolint:noctx // the test's end closes the server
		if !assert.NoError(t, err) {
			waited <- 0
			return
		}
		resp.Body.Close()
		waited <- resp.StatusCode
	}()
	await(t, func() bool {
		return strings.Contains(string(s.Get(t, "/metrics").Body), "\nuploads_waiting 1\n")
	}, "it waits")
	assert.Equal(t, http.StatusServiceUnavailable, s.Upload(t, "third.md", Testdata(t, "developer.md")).Status)
	assert.Equal(t, http.StatusOK, finish())
	assert.Equal(t, http.StatusOK, <-waited)
}

func TestSilentUploadsLoseTheirSlot(t *testing.T) {
	t.Parallel() // it waits for long
	s := Start(t, withSlots(1, 0), withPace(ampleGrace))
	conn, _ := s.halfUpload(t, "", "", func() bool { return true })
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	assert.Contains(t, string(answer), "HTTP/1.1 422")
	assert.Equal(t, http.StatusOK, s.Upload(t, "mira.md", Testdata(t, "developer.md")).Status)
}
