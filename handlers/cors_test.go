package handlers

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/assert"

	"resume-matcher/models"
	"resume-matcher/services/access"
)

// corsRoutes fail in every way.
func corsRoutes(a *API) {
	for path, err := range map[string]error{
		"/ok": nil, "/400": models.NewError(models.KindMissingJobID, "No job."), "/403": models.NewError(models.KindForbidden, "No."),
		"/404": models.NewError(models.KindResumeNotFound, "No résumé."), "/409": models.NewError(models.KindConflict, "Not now."),
		"/500": errors.New("secret"), "/503": models.NewError(models.KindUnavailable, "Later."),
	} {
		Handle(a, Route{
			Method: http.MethodGet, Path: path, ID: path[1:], Tag: "t",
			Errors: []models.Kind{models.KindMissingJobID, models.KindResumeNotFound, models.KindConflict},
		}, func(*gin.Context, noInput) (healthAnswer, error) { return healthAnswer{}, err })
	}
	Handle(a, Route{Method: http.MethodGet, Path: "/panic", ID: "panic", Tag: "t"},
		func(*gin.Context, noInput) (healthAnswer, error) { panic("secret") })
	for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodPost} {
		Handle(a, Route{Method: method, Path: "/ok", ID: method, Tag: "t"}, health{}.health)
	}
}

func askFrom(t *testing.T, s testServer, method, path, origin string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	r.Header.Set("Origin", origin)
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	return s.send(t, r)
}

func TestAllowedOrigins(t *testing.T) {
	configured := []string{"https://app.example.com", "https://*.vercel.app", "http://localhost:3000", "https://ports.example.com:8443"}
	tests := []struct {
		origin  string
		allowed bool
	}{
		{"https://app.example.com", true},
		{"HTTPS://APP.Example.COM", true},
		{"https://app.example.com:443", false},
		{"https://app.example.com:8443", false},
		{"http://app.example.com", false},
		{"https://app.example.com.", false},
		{"https://app.example.com/", false},
		{"https://app.example.com.evil.example", false},
		{"https://evil.example/https://app.example.com", false},
		{"https://evil.example?https://app.example.com", false},
		{"https://app.example.com@evil.example", false},
		{"https://notapp.example.com", false},
		{"https://appXexample.com", false},
		{"https://example.com", false},
		{"https://resume-git-main-ada.vercel.app", true},
		{"https://a.b.vercel.app", false},
		{"https://.vercel.app", false},
		{"https://vercel.app", false},
		{"https://evil.vercel.app.example.com", false},
		{"https://evilvercel.app", false},
		{"https://x.vercel.app.", false},
		{"https://x.vercel.app:8443", false},
		{"https://evil.example#.vercel.app", false},
		{"https://evil.example%2f.vercel.app", false},
		{"https://a_b.vercel.app", false},
		{"http://x.vercel.app", false},
		{"https://*.vercel.app", false},
		{"https://ports.example.com:8443", true},
		{"https://ports.example.com", false},
		{"http://localhost:3000", true},
		{"http://localhost:3001", false},
		{"http://127.0.0.1:3000", false},
		{"https://localhost:3000", false},
		{"null", false},
		{"https://app.example.com https://evil.example", false},
		{"https://app.example.com\nhttps://evil.example", false},
		{"chrome-extension://app.example.com", false},
		{"*", false},
	}
	o := testOptions()
	o.AllowedOrigins = configured
	s := newTestServer(t, o, corsRoutes)
	for _, test := range tests {
		t.Run(test.origin, func(t *testing.T) {
			w := askFrom(t, s, "GET", "/ok", test.origin)
			assert.Contains(t, w.Header().Values("Vary"), "Origin")
			preflight := askFrom(t, s, "OPTIONS", "/ok", test.origin, "Access-Control-Request-Method: PATCH")
			if test.allowed {
				assert.Equal(t, test.origin, w.Header().Get("Access-Control-Allow-Origin"))
				assert.Equal(t, "true", w.Header().Get("Access-Control-Allow-Credentials"))
				assert.Equal(t, 204, preflight.Code)
				return
			}
			for _, w := range []*httptest.ResponseRecorder{w, preflight} {
				assert.Empty(t, w.Header().Get("Access-Control-Allow-Origin"))
				assert.Empty(t, w.Header().Get("Access-Control-Allow-Credentials"))
			}
			requireFailure(t, preflight, 403, models.KindForbidden)
		})
	}
}

func TestOnlyNamedOriginsSendCredentialsWhereEveryOriginMayCall(t *testing.T) {
	o := testOptions()
	o.AllowedOrigins = []string{"*", "https://app.example.com"}
	s := newTestServer(t, o, corsRoutes)
	for origin, credentials := range map[string]string{"https://app.example.com": "true", "https://anyone.example": "", "null": ""} {
		for _, w := range []*httptest.ResponseRecorder{
			askFrom(t, s, "GET", "/ok", origin), askFrom(t, s, "OPTIONS", "/ok", origin, "Access-Control-Request-Method: PATCH"),
		} {
			assert.Equal(t, origin, w.Header().Get("Access-Control-Allow-Origin"))
			assert.Equal(t, credentials, w.Header().Get("Access-Control-Allow-Credentials"), origin)
		}
	}
}

func TestPreflights(t *testing.T) {
	o := testOptions()
	o.Access = AccessOptions{} // a preflight carries no credential
	s := newTestServer(t, o, corsRoutes)
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		for _, path := range []string{"/ok", "/nowhere"} {
			w := askFrom(t, s, "OPTIONS", path, "https://app.example.com", "Access-Control-Request-Method: "+method,
				"Access-Control-Request-Headers: authorization,content-type,last-event-id,x-correlation-id,x-request-id")
			assert.Equal(t, 204, w.Code, path)
			assert.Contains(t, strings.Split(w.Header().Get("Access-Control-Allow-Methods"), ","), method)
			allowed := strings.ToLower(w.Header().Get("Access-Control-Allow-Headers"))
			for _, name := range []string{"authorization", "content-type", "last-event-id", "x-correlation-id", "x-request-id"} {
				assert.Contains(t, strings.Split(allowed, ","), name)
			}
			assert.Equal(t, "true", w.Header().Get("Access-Control-Allow-Credentials"))
			assert.Equal(t, "3600", w.Header().Get("Access-Control-Max-Age"))
			assert.Contains(t, w.Header().Values("Vary"), "Origin")
		}
	}
}

func TestFailuresCanBeReadByPages(t *testing.T) {
	open, closed, limited := testOptions(), testOptions(), testOptions()
	closed.Access = AccessOptions{}
	limited.RateLimit, limited.RateWindow = 1, longWindow
	denied := newTestServer(t, limited, corsRoutes)
	denied.do(t, "GET", "/ok", "", "")
	s := newTestServer(t, open, corsRoutes)
	tests := []struct {
		server testServer
		path   string
		status int
	}{
		{s, "/400", 400}, {newTestServer(t, closed, corsRoutes), "/ok", 401}, {s, "/403", 403}, {s, "/404", 404}, {s, "/nowhere", 404},
		{s, "/409", 409}, {denied, "/ok", 429}, {s, "/500", 500}, {s, "/panic", 500}, {s, "/503", 503},
	}
	for _, test := range tests {
		w := askFrom(t, test.server, "GET", test.path, "https://app.example.com")
		assert.Equal(t, test.status, w.Code)
		assert.Equal(t, "https://app.example.com", w.Header().Get("Access-Control-Allow-Origin"), test.path)
		assert.Equal(t, "true", w.Header().Get("Access-Control-Allow-Credentials"), test.path)
		exposed := strings.ToLower(w.Header().Get("Access-Control-Expose-Headers"))
		for _, name := range []string{headerRequestID, headerCorrelationID, headerRateLimit, headerRateRemaining, headerRateReset, "Retry-After", "Content-Disposition"} {
			assert.Contains(t, strings.Split(exposed, ","), strings.ToLower(name))
		}
	}
	w := askFrom(t, s, "BREW", "/ok", "https://app.example.com")
	assert.Equal(t, 405, w.Code)
	assert.Equal(t, "https://app.example.com", w.Header().Get("Access-Control-Allow-Origin"))
}

func TestAnswersWithoutAnOriginVaryToo(t *testing.T) {
	s := newTestServer(t, testOptions(), corsRoutes)
	for _, path := range []string{"/ok", "/docs", "/docs/swagger-ui.css", "/nowhere"} {
		assert.Contains(t, s.do(t, "GET", path, "", "").Header().Values("Vary"), "Origin", path)
	}
}

func TestSecurityHeaders(t *testing.T) {
	d := newDoor(t, func(_ *access.Options, o *Options) { o.TrustedProxies = testProxies() })
	for _, path := range []string{"/thing", "/public", "/nowhere", "/docs", "/metrics"} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
		r.RemoteAddr = "10.0.0.1:1"
		r.Header.Set("X-Forwarded-Proto", "https")
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		want := map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"Cross-Origin-Resource-Policy": "same-origin", "Content-Security-Policy": apiPolicy, "Strict-Transport-Security": "max-age=31536000",
		}
		if path == "/docs" {
			want["Content-Security-Policy"], want["Cache-Control"] = docsPolicy, "no-cache"
		}
		for name, value := range want {
			assert.Equal(t, value, w.Header().Get(name), "%s of %s", name, path)
		}
		r.RemoteAddr = "203.0.113.5:1"
		w = httptest.NewRecorder()
		d.ServeHTTP(w, r)
		assert.Empty(t, w.Header().Get("Strict-Transport-Security"), "a stranger's word")
	}
}
