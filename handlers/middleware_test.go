package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/assert"

	"resume-matcher/models"
)

// failingRoutes registers one endpoint per failure under /fail/.
func failingRoutes(a *API) {
	secret := errors.New("dial tcp db.internal: secret")
	for name, err := range map[string]error{
		"missing":  models.NewError(models.KindResumeNotFound, "No such résumé."),
		"wrapped":  fmt.Errorf("read: %w", models.WrapError(models.KindStalePreview, "Preview again.", secret)),
		"unknown":  secret,
		"internal": models.WrapError(models.KindInternal, "It failed.", secret),
		"deadline": fmt.Errorf("query: %w", context.DeadlineExceeded),
		"canceled": fmt.Errorf("query: %w", context.Canceled),
	} {
		Handle(a, Route{
			Method: http.MethodGet, Path: "/fail/" + name, ID: name, Tag: "t",
			Errors: []models.Kind{models.KindResumeNotFound, models.KindStalePreview},
		}, func(*gin.Context, noInput) (healthAnswer, error) { return healthAnswer{}, err })
	}
	Handle(a, Route{Method: http.MethodGet, Path: "/fail/panic", ID: "panic", Tag: "t"},
		func(*gin.Context, noInput) (healthAnswer, error) { panic("secret") })
	Handle(a, Route{Method: http.MethodGet, Path: "/fail/abort", ID: "abort", Tag: "t"},
		func(*gin.Context, noInput) (healthAnswer, error) { panic(http.ErrAbortHandler) })
	Raw(a, Route{Method: http.MethodGet, Path: "/fail/late", ID: "late", Tag: "t"}, "text/plain", func(c *gin.Context) {
		_, _ = c.Writer.WriteString("half an ans")
		panic("secret")
	})
	Handle(a, Route{Method: http.MethodGet, Path: "/ok", ID: "ok", Tag: "t"}, health{}.health)
	Handle(a, Route{Method: http.MethodGet, Path: "/free", ID: "free", Tag: "t", Unlimited: true}, health{}.health)
}

func TestFailures(t *testing.T) {
	tests := []struct {
		name, method, path string
		status             int
		code               models.Kind
		logged             bool
	}{
		{"known", "GET", "/fail/missing", 404, models.KindResumeNotFound, false},
		{"wrapped", "GET", "/fail/wrapped", 409, models.KindStalePreview, false},
		{"unknown", "GET", "/fail/unknown", 500, models.KindInternal, true},
		{"internal", "GET", "/fail/internal", 500, models.KindInternal, true},
		{"deadline", "GET", "/fail/deadline", 503, models.KindUnavailable, true},
		{"canceled while the client waits", "GET", "/fail/canceled", 500, models.KindInternal, true},
		{"panic", "GET", "/fail/panic", 500, models.KindInternal, true},
		{"unknown route", "GET", "/nowhere", 404, models.KindNotFound, false},
		{"wrong method", "POST", "/ok", 405, models.KindMethodNotAllowed, false},
		{"made-up method", "BREW", "/ok", 405, models.KindMethodNotAllowed, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newTestServer(t, testOptions(), failingRoutes)
			req := httptest.NewRequestWithContext(t.Context(), test.method, test.path, nil)
			req.Header.Set(headerRequestID, "trace-1")
			req.Header.Set("Origin", "https://app.example.com")
			w := s.send(t, req)
			body := requireFailure(t, w, test.status, test.code)
			assert.Equal(t, "trace-1", body.RequestID)
			assert.Equal(t, "https://app.example.com", w.Header().Get("Access-Control-Allow-Origin"))
			assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
			assert.NotContains(t, w.Body.String(), "secret")
			assert.Equal(t, test.status == 503, body.Status == "unavailable")
			level := `"level":"DEBUG"`
			if test.logged {
				level = `"level":"ERROR"`
			}
			assert.Equal(t, 1, strings.Count(s.log.String(), `"msg":"request failed"`), "logged once")
			assert.Contains(t, s.log.String(), level)
		})
	}
}

func TestMethodNotAllowedNamesTheAllowedOnes(t *testing.T) {
	s := newTestServer(t, testOptions(), failingRoutes)
	assert.Equal(t, "GET, HEAD", s.do(t, "POST", "/ok", "", "").Header().Get("Allow"))
}

func TestClientThatLeftIsNoFailure(t *testing.T) {
	s := newTestServer(t, testOptions(), failingRoutes)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := s.send(t, httptest.NewRequestWithContext(ctx, "GET", "/fail/canceled", nil))
	assert.Equal(t, statusClientGone, w.Code)
	assert.Empty(t, w.Body.String())
	assert.NotContains(t, s.log.String(), "ERROR")
}

func TestPanicAfterTheFirstByteCutsTheConnection(t *testing.T) {
	s := newTestServer(t, testOptions(), failingRoutes)
	for path, logged := range map[string]string{"/fail/late": "panic of type string", "/fail/abort": ""} {
		assert.PanicsWithValue(t, http.ErrAbortHandler, func() { s.do(t, "GET", path, "", "") }, path)
		assert.Contains(t, s.log.String(), logged)
		assert.Contains(t, s.log.String(), `"route":"`+path+`"`, "the access log has its line all the same")
	}
}

func TestRequestIDs(t *testing.T) {
	s := newTestServer(t, testOptions(), failingRoutes)
	long := strings.Repeat("x", 128)
	tests := []struct {
		name, request, correlation         string
		echoesRequest, echoesCorrelation   bool
		correlationIsRequestWhenItWasntSet bool
	}{
		{"none", "", "", false, false, true},
		{"both", "a.B_c-9", long, true, true, false},
		{"correlation only", "", "trace", false, true, false},
		{"too long", long + "x", long + "x", false, false, true},
		{"forged line", "a\nb", "a b", false, false, true},
		{"not ASCII", "né", "né", false, false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			req := httptest.NewRequestWithContext(t.Context(), "GET", "/ok", nil)
			req.Header.Set(headerRequestID, test.request)
			req.Header.Set(headerCorrelationID, test.correlation)
			w := s.send(t, req)
			id, correlation := w.Header().Get(headerRequestID), w.Header().Get(headerCorrelationID)
			assert.Regexp(t, wellFormedID, id)
			assert.Equal(t, test.echoesRequest, id == test.request)
			assert.Equal(t, test.echoesCorrelation, correlation == test.correlation)
			assert.Equal(t, test.correlationIsRequestWhenItWasntSet, correlation == id)
		})
	}
}

func TestMetricsAndAccessLogNameTemplates(t *testing.T) {
	s := newTestServer(t, testOptions(), echoRoutes)
	s.do(t, "POST", "/notes/secret?sort=secret", mimeJSON, `{"title":"secret"}`)
	s.do(t, "GET", "/secret", "", "")
	s.do(t, "SECRET", notePath, "", "")
	text := s.do(t, "GET", "/metrics", "", "").Body.String()
	assert.Contains(t, text, `http_requests_total{method="POST",route="/notes/:id",status="422"} 1`)
	assert.Contains(t, text, `http_requests_total{method="GET",route="unmatched",status="404"} 1`)
	assert.Contains(t, text, `http_requests_total{method="other",route="unmatched",status="405"} 1`)
	assert.Contains(t, text, "go_goroutines")
	assert.Contains(t, s.log.String(), `"method":"POST","route":"/notes/:id","status":422`)
	assert.NotContains(t, strings.ToLower(text+s.log.String()), "secret")
}
