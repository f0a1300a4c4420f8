package handlers

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/access"
)

// longWindow does not end during a test.
const longWindow = time.Hour

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := testOptions()
		o.RateLimit = 2
		s := newTestServer(t, o, failingRoutes)
		ends := time.Now().Add(time.Minute).Unix()
		for remaining := 1; remaining >= 0; remaining-- {
			w := s.do(t, "GET", "/ok", "", "")
			require.Equal(t, 200, w.Code)
			requireAllowance(t, w, 2, remaining)
			assert.Equal(t, strconv.FormatInt(ends, 10), w.Header().Get(headerRateReset))
		}
		time.Sleep(20 * time.Second)
		req := httptest.NewRequestWithContext(t.Context(), "GET", "/ok", nil)
		req.Header.Set("Origin", "https://app.example.com")
		req.Header.Set("X-Forwarded-For", "203.0.113.9")
		w := s.send(t, req)
		requireFailure(t, w, 429, models.KindRateLimited)
		assert.Equal(t, "40", w.Header().Get("Retry-After"))
		requireAllowance(t, w, 2, 0)
		assert.Equal(t, "https://app.example.com", w.Header().Get("Access-Control-Allow-Origin"))

		for _, path := range []string{"/free", "/docs", "/docs/init.js", "/openapi.json", "/metrics"} {
			w := s.do(t, "GET", path, "", "")
			assert.Equal(t, 200, w.Code, path)
			assert.Empty(t, w.Header().Get(headerRateLimit), path)
		}
		requireFailure(t, s.do(t, "GET", "/nowhere", "", ""), 429, models.KindRateLimited)

		other := httptest.NewRequestWithContext(t.Context(), "GET", "/ok", nil)
		other.RemoteAddr = "198.51.100.7:4321"
		assert.Equal(t, 200, s.send(t, other).Code)

		time.Sleep(40 * time.Second)
		assert.Equal(t, 200, s.do(t, "GET", "/ok", "", "").Code)
	})
}

func requireAllowance(t *testing.T, w *httptest.ResponseRecorder, limit, remaining int) {
	t.Helper()
	require.Equal(t, strconv.Itoa(limit), w.Header().Get(headerRateLimit))
	require.Equal(t, strconv.Itoa(remaining), w.Header().Get(headerRateRemaining))
}

// classRoutes registers an endpoint for each class.
func classRoutes(a *API) {
	for path, class := range map[string]LimitClass{"/any": LimitRequests, "/upload": LimitUploads, "/model": LimitModelCalls} {
		Handle(a, Route{Method: http.MethodPost, Path: path, ID: path[1:], Tag: "t", Limit: class},
			func(*gin.Context, noInput) (healthAnswer, error) { return healthAnswer{}, nil })
	}
}

func TestClassesHaveLimitsOfTheirOwn(t *testing.T) {
	o := testOptions()
	o.RateLimit, o.RateLimitUploads, o.RateLimitModelCalls, o.RateWindow = 10, 2, 3, longWindow
	s := newTestServer(t, o, classRoutes)
	steps := []struct {
		path                     string
		status, limit, remaining int
	}{
		{"/any", 200, 10, 9},
		{"/upload", 200, 2, 1},
		{"/upload", 200, 2, 0},
		{"/upload", 429, 2, 0},
		{"/any", 200, 10, 5},
		{"/model", 200, 3, 2},
		{"/model", 200, 3, 1},
		{"/model", 200, 3, 0},
		{"/any", 200, 10, 1},
		{"/upload", 429, 2, 0},
		{"/upload", 429, 10, 0},
	}
	for i, step := range steps {
		w := s.do(t, "POST", step.path, "", "")
		require.Equal(t, step.status, w.Code, "step %d", i)
		requireAllowance(t, w, step.limit, step.remaining)
	}
}

func TestClassWithoutALimit(t *testing.T) {
	o := testOptions()
	o.RateLimit, o.RateWindow = 4, longWindow
	s := newTestServer(t, o, classRoutes)
	for remaining := 3; remaining >= 0; remaining-- {
		requireAllowance(t, s.do(t, "POST", "/model", "", ""), 4, remaining)
	}
}

const (
	perAddress  = 10
	newSessions = 10
)

// limitedDoor is a server with sessions behind a trusted proxy.
func limitedDoor(t *testing.T, limit int) *door {
	t.Helper()
	return newDoor(t, func(_ *access.Options, o *Options) {
		o.RateLimit, o.RateLimitAddress, o.RateLimitSessions, o.RateWindow = limit, perAddress*limit, newSessions, longWindow
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}
	})
}

// start makes a workspace for a client of an address, and returns its token.
func (d *door) start(t *testing.T, address string) string {
	t.Helper()
	w := d.ask(t, "POST", "/session", from(address))
	require.Equal(t, 200, w.Code, w.Body.String())
	var answer SessionAnswer
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer))
	return answer.Token
}

// figures are the metrics.
func (d *door) figures(t *testing.T) string {
	t.Helper()
	w := httptest.NewRecorder()
	d.Metrics().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	return w.Body.String()
}

func from(address string) string { return "X-Forwarded-For: " + address }

func TestWorkspacesAreLimitedWhereverTheyCallFrom(t *testing.T) {
	d := limitedDoor(t, 3)
	first, second := "Authorization: Bearer "+d.start(t, "203.0.113.1"), "Authorization: Bearer "+d.start(t, "203.0.113.1")
	for i := range 3 {
		assert.Equal(t, 200, d.ask(t, "GET", "/thing", first, from("203.0.113."+strconv.Itoa(i))).Code)
	}
	requireFailure(t, d.ask(t, "GET", "/thing", first, from("203.0.113.99")), 429, models.KindRateLimited)
	assert.Equal(t, 200, d.ask(t, "GET", "/thing", second, from("203.0.113.1")).Code, "its neighbour is not")
}

func TestOneAddressGetsNoFreshLimitsByNewWorkspaces(t *testing.T) {
	d := limitedDoor(t, 100)
	token := ""
	for range newSessions {
		token = d.start(t, "203.0.113.1")
	}
	w := d.ask(t, "POST", "/session", from("203.0.113.1"))
	requireFailure(t, w, 429, models.KindRateLimited)
	requireAllowance(t, w, newSessions, 0)
	assert.NotEmpty(t, w.Header().Get("Retry-After"))
	assert.Equal(t, 200, d.ask(t, "POST", "/session", "Authorization: Bearer "+token, from("203.0.113.1")).Code, "a renewal makes none")
	d.start(t, "203.0.113.2")
}

func TestAllWorkspacesOfAnAddressAreLimitedTogether(t *testing.T) {
	d := limitedDoor(t, 1)
	for range perAddress {
		require.Equal(t, 401, d.ask(t, "GET", "/thing", from("2001:db8::1")).Code)
	}
	w := d.ask(t, "GET", "/thing", from("2001:db8::2"), "Origin: https://app.example.com")
	requireFailure(t, w, 429, models.KindRateLimited)
	requireAllowance(t, w, perAddress, 0)
	assert.Equal(t, "https://app.example.com", w.Header().Get("Access-Control-Allow-Origin"))
	assert.Equal(t, 401, d.ask(t, "GET", "/thing", from("2001:db8:0:1::1")).Code)
}

func TestGuessingCredentialsIsLimited(t *testing.T) {
	guesses := map[string]string{
		"garbage": "Authorization: Bearer rm_guess", "no token at all": "Authorization: Bearer", "cookie": "Cookie: __Host-rm_session=guess",
	}
	for name, guess := range guesses {
		t.Run(name, func(t *testing.T) {
			d := limitedDoor(t, 1000)
			good := "Authorization: Bearer " + d.start(t, "203.0.113.1")
			for range maxFailedCredentials {
				require.Equal(t, 401, d.ask(t, "GET", "/figures", guess, from("203.0.113.1")).Code)
			}
			for _, path := range []string{"/thing", "/figures"} {
				w := d.ask(t, "GET", path, guess, from("203.0.113.1"))
				requireFailure(t, w, 429, models.KindRateLimited)
				requireAllowance(t, w, maxFailedCredentials, 0)
				assert.Empty(t, w.Header().Get("WWW-Authenticate"))
			}
			assert.Contains(t, d.figures(t), `http_rate_limited_requests_total{class="credentials"} 2`)
			assert.Equal(t, 200, d.ask(t, "GET", "/thing", good, from("203.0.113.1")).Code, "a good one still counts")
			assert.Equal(t, 401, d.ask(t, "GET", "/thing", from("203.0.113.1")).Code, "nothing to guess with")
			assert.Equal(t, 200, d.ask(t, "GET", "/public", from("203.0.113.1")).Code)
			assert.Equal(t, 200, d.ask(t, "GET", "/thing", good, from("203.0.113.2")).Code, "another address")
			assert.Equal(t, 401, d.ask(t, "GET", "/thing", guess, from("203.0.113.1, 203.0.113.3")).Code, "a forged address is not blamed")
		})
	}
}

func TestRefusalsWithoutCredentialsAreNoGuesses(t *testing.T) {
	d := limitedDoor(t, 1000)
	good := "Authorization: Bearer " + d.start(t, "203.0.113.1")
	for range maxFailedCredentials + 1 {
		require.Equal(t, 401, d.ask(t, "GET", "/thing", from("203.0.113.1")).Code)
	}
	assert.Equal(t, 200, d.ask(t, "GET", "/thing", good, from("203.0.113.1")).Code)
}

func TestNoLimits(t *testing.T) {
	d := limitedDoor(t, 0)
	for range 2 * maxFailedCredentials {
		w := d.ask(t, "GET", "/thing", "Authorization: Bearer guess", from("203.0.113.1"))
		require.Equal(t, 401, w.Code)
		require.Empty(t, w.Header().Get(headerRateLimit))
		d.start(t, "203.0.113.1")
	}
}

func TestRateLimiterMemoryIsBounded(t *testing.T) {
	l := newRateLimiter("requests", 1, time.Minute)
	now := time.Unix(1_700_000_000, 0)
	l.now = func() time.Time { return now }
	for i := range maxRateClients + 50 {
		require.Equal(t, 0, l.take(strconv.Itoa(i)).remaining)
	}
	assert.Len(t, l.clients, maxRateClients)
	assert.Equal(t, maxRateClients, l.windows.Len())
	newest := strconv.Itoa(maxRateClients + 49)
	assert.Equal(t, -1, l.take(newest).remaining, "the newest clients are still known")
	_, spent := l.spent(newest)
	assert.True(t, spent)
	now = now.Add(time.Minute)
	_, spent = l.spent(newest)
	assert.False(t, spent, "its window has ended")
	l.take("later")
	assert.Len(t, l.clients, 1, "ended windows are forgotten")
}
