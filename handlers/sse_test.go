package handlers

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

type progress struct {
	Status string `json:"status"`
}

type streamInput struct {
	StreamOption
	ID   string `uri:"id"`
	Body struct {
		Fail string `json:"fail"`
	}
}

// streamRoutes registers an endpoint that starts, waits, and ends as its path's id says.
func streamRoutes(a *API) {
	HandleOrStream(a, Route{Method: http.MethodPost, Path: "/work/:id", ID: "work", Tag: "t", Errors: []models.Kind{models.KindResumeNotFound}},
		func(_ *gin.Context, in streamInput) (Envelope[string], error) { return Data(in.ID), nil },
		func(_ *gin.Context, in streamInput, send Send[progress]) error {
			switch in.ID {
			case "missing":
				return models.NewError(models.KindResumeNotFound, "No such résumé.")
			case "empty":
				return nil
			case "panic-early":
				panic("secret")
			}
			if err := send(progress{"starting"}); err != nil {
				return err
			}
			time.Sleep(40 * time.Second)
			switch in.ID {
			case "late":
				return models.NewError(models.KindStalePreview, "Preview again.")
			case "panic":
				panic("secret")
			}
			return send(progress{"completed"})
		})
}

// runID is 128 random bits in base 32.
var runID = regexp.MustCompile(`[A-Z2-7]{26}`)

func TestStream(t *testing.T) {
	tests := []struct{ name, id, want string }{
		{"to its end", "1", "id: run-1\ndata: {\"status\":\"starting\"}\n\n: keep-alive\n\n: keep-alive\n\nid: run-2\ndata: {\"status\":\"completed\"}\n\n"},
		{
			"error after the start", "late", "id: run-1\ndata: {\"status\":\"starting\"}\n\n: keep-alive\n\n: keep-alive\n\n" +
				"id: run-2\ndata: {\"status\":\"error\",\"code\":\"STALE_PREVIEW\",\"message\":\"Preview again.\",\"request_id\":\"trace\"}\n\n",
		},
		{
			"panic after the start", "panic", "id: run-1\ndata: {\"status\":\"starting\"}\n\n: keep-alive\n\n: keep-alive\n\n" +
				"id: run-2\ndata: {\"status\":\"error\",\"code\":\"INTERNAL_ERROR\",\"message\":\"" + internalMessage + "\",\"request_id\":\"trace\"}\n\n",
		},
		{"nothing to say", "empty", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := testOptions()
				o.Heartbeat = 15 * time.Second
				s := newTestServer(t, o, streamRoutes)
				req := httptest.NewRequestWithContext(t.Context(), "POST", "/work/"+test.id+"?stream=true", strings.NewReader("{}"))
				req.Header.Set("Content-Type", mimeJSON)
				req.Header.Set(headerRequestID, "trace")
				w := s.send(t, req)
				assert.Equal(t, 200, w.Code)
				assert.Equal(t, mimeEvents, w.Header().Get("Content-Type"))
				assert.Equal(t, "no-store, no-transform", w.Header().Get("Cache-Control"))
				assert.Equal(t, test.want, runID.ReplaceAllString(w.Body.String(), "run"))
			})
		})
	}
}

func TestStreamFailsBeforeItsFirstByteLikeAnyOther(t *testing.T) {
	s := newTestServer(t, testOptions(), streamRoutes)
	requireFailure(t, s.do(t, "POST", "/work/missing?stream=true", mimeJSON, "{}"), 404, models.KindResumeNotFound)
	requireFailure(t, s.do(t, "POST", "/work/panic-early?stream=true", mimeJSON, "{}"), 500, models.KindInternal)
	requireFailure(t, s.do(t, "POST", "/work/1?stream=true", mimeJSON, `{"fail":1}`), 422, models.KindValidation)
	requireFailure(t, s.do(t, "POST", "/work/1?stream=perhaps", mimeJSON, `{}`), 422, models.KindValidation)
}

func TestSameEndpointAnswersJSON(t *testing.T) {
	s := newTestServer(t, testOptions(), streamRoutes)
	w := s.do(t, "POST", "/work/1", mimeJSON, "{}")
	require.Equal(t, 200, w.Code, w.Body.String())
	assert.Contains(t, w.Body.String(), `"data":"1"`)
}
