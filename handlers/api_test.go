package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

// testServer answers requests in memory and checks each answer against the OpenAPI document.
type testServer struct {
	*Server
	log    *bytes.Buffer
	router routers.Router
}

func testOptions() Options {
	return Options{
		Version: "test", MaxJSONBytes: 1 << 10, MaxUploadBytes: 2 << 10, Heartbeat: time.Hour, RateWindow: time.Minute,
		AllowedOrigins: []string{"https://app.example.com", "https://*.vercel.app", "http://localhost:*"},
		Ping:           func(context.Context) error { return nil },
		Access:         AccessOptions{Authenticator: localAccess()},
	}
}

func newTestServer(t testing.TB, o Options, routes func(*API)) testServer {
	t.Helper()
	log := &bytes.Buffer{}
	o.Logger = slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	server, err := newServer(o, func(a *API, m *metrics) {
		routes(a)
		Raw(a, Route{Method: http.MethodGet, Path: "/metrics", ID: "metrics", Unlimited: true}, "text/plain", m.handler())
	})
	require.NoError(t, err)
	doc, err := server.API().Document()
	require.NoError(t, err)
	require.NoError(t, doc.Validate(t.Context()))
	router, err := gorillamux.NewRouter(doc)
	require.NoError(t, err)
	return testServer{Server: server, log: log, router: router}
}

func (s testServer) send(t *testing.T, req *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	route, params, err := s.router.FindRoute(req)
	if err != nil || !strings.HasPrefix(w.Header().Get("Content-Type"), mimeJSON) {
		return w
	}
	require.NoError(t, openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route},
		Status:                 w.Code, Header: w.Header(), Body: io.NopCloser(bytes.NewReader(w.Body.Bytes())),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}))
	return w
}

func (s testServer) do(t *testing.T, method, path, contentType, body string) *httptest.ResponseRecorder {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	return s.send(t, req)
}

// requireFailure checks the body every failure has.
func requireFailure(t *testing.T, w *httptest.ResponseRecorder, status int, code models.Kind) ErrorBody {
	t.Helper()
	require.Equal(t, status, w.Code, w.Body.String())
	var body ErrorBody
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &body), w.Body.String())
	assert.Equal(t, code, body.Error.Code)
	assert.NotEmpty(t, body.Error.Message)
	assert.Equal(t, body.Error.Message, body.Detail)
	assert.NotEmpty(t, body.RequestID)
	assert.Equal(t, w.Header().Get(headerRequestID), body.RequestID)
	return body
}

type noteInput struct {
	ID    string   `uri:"id" binding:"uuid"`
	Defer bool     `form:"defer"`
	Limit *int     `form:"limit" binding:"omitempty,min=1,max=9"`
	Ratio float64  `form:"ratio"`
	Sort  string   `form:"sort" binding:"omitempty,oneof=old new" doc:"The order of the lines."`
	Tags  []string `form:"tag"`
	Body  noteBody
}

type noteBody struct {
	Title string     `json:"title" binding:"required,max=10"`
	Pages int        `json:"pages"`
	Lines []string   `json:"lines" binding:"max=2,dive,required,max=5"`
	Notes []noteBody `json:"notes" binding:"dive"`
}

type noteEcho struct {
	ID    string   `json:"id"`
	Defer bool     `json:"defer"`
	Limit *int     `json:"limit"`
	Ratio float64  `json:"ratio"`
	Sort  string   `json:"sort"`
	Tags  []string `json:"tags"`
	Title string   `json:"title"`
	Pages int      `json:"pages"`
	Lines []string `json:"lines"`
}

type noteAnswer struct {
	Envelope[noteEcho]
	Message string `json:"message"`
}

type formInput struct {
	Defer bool `form:"defer"`
	Body  struct {
		File *multipart.FileHeader `form:"file" binding:"required"`
		Name string                `form:"name" binding:"max=5"`
	}
}

type formData struct {
	Name  string `json:"name"`
	Size  int64  `json:"size"`
	Defer bool   `json:"defer"`
}

const (
	noteID   = "6f1a3f0e-4a0e-4bb2-9a0b-1f2e3d4c5b6a"
	notePath = "/notes/" + noteID
)

func echoRoutes(a *API) {
	Handle(a, Route{Method: http.MethodPost, Path: "/notes/:id", Aliases: []string{"/note/:id"}, ID: "note", Tag: "t", Status: 201},
		func(_ *gin.Context, in noteInput) (noteAnswer, error) {
			return noteAnswer{Message: "kept", Envelope: Data(noteEcho{
				ID: in.ID, Defer: in.Defer, Limit: in.Limit, Ratio: in.Ratio, Sort: in.Sort, Tags: append([]string{}, in.Tags...),
				Title: in.Body.Title, Pages: in.Body.Pages, Lines: append([]string{}, in.Body.Lines...),
			})}, nil
		})
	Handle(a, Route{Method: http.MethodPost, Path: "/files", ID: "file", Tag: "t"},
		func(_ *gin.Context, in formInput) (Envelope[formData], error) {
			return Data(formData{Name: in.Body.Name, Size: in.Body.File.Size, Defer: in.Defer}), nil
		})
	Handle(a, Route{Method: http.MethodDelete, Path: "/notes", ID: "removeNote", Tag: "t", Status: http.StatusNoContent},
		func(*gin.Context, noInput) (noInput, error) { return noInput{}, nil })
	Handle(a, Route{Method: http.MethodGet, Path: "/nan", ID: "nan", Tag: "t"},
		func(*gin.Context, noInput) (Envelope[float64], error) { return Data(zero() / zero()), nil })
}

func zero() float64 { return 0 }

func TestHandleBindsPathQueryAndBodyTogether(t *testing.T) {
	s := newTestServer(t, testOptions(), echoRoutes)
	for _, path := range []string{notePath, "/note/" + noteID} {
		w := s.do(t, "POST", path+"?defer=true&limit=3&ratio=0.5&sort=new&tag=a&tag=b", "application/json; charset=utf-8",
			`{"title":"Größe","pages":2,"lines":["x"],"unknown":{"is":["fine"]}}`)
		require.Equal(t, 201, w.Code, w.Body.String())
		assert.JSONEq(t, `{"request_id":"`+w.Header().Get(headerRequestID)+`","message":"kept","data":{"id":"`+noteID+`","defer":true,
			"limit":3,"ratio":0.5,"sort":"new","tags":["a","b"],"title":"Größe","pages":2,"lines":["x"]}}`, w.Body.String())
	}
}

func TestHandleRefusesInput(t *testing.T) {
	s := newTestServer(t, testOptions(), echoRoutes)
	deep := strings.Repeat(`{"a":`, maxJSONDepth+1) + "1" + strings.Repeat("}", maxJSONDepth+1)
	tests := []struct {
		name, path, contentType, body string
		status                        int
		code                          models.Kind
		detail                        string
	}{
		{"no content type", notePath, "", `{"title":"a"}`, 400, models.KindMissingContentType, ""},
		{"other content type", notePath, "text/plain", `{"title":"a"}`, 400, models.KindUnsupportedContentType, ""},
		{"broken content type", notePath, ";;", `{"title":"a"}`, 400, models.KindUnsupportedContentType, ""},
		{"empty body", notePath, mimeJSON, " ", 422, models.KindValidation, "body: is required"},
		{"list", notePath, mimeJSON, `[]`, 422, models.KindValidation, "body: must be an object"},
		{"null", notePath, mimeJSON, `null`, 422, models.KindValidation, "body: must be an object"},
		{"cut off", notePath, mimeJSON, `{"title":"secret`, 422, models.KindValidation, "body: must be well-formed JSON"},
		{"missing colon", notePath, mimeJSON, `{"title" "secret"}`, 422, models.KindValidation, "body: must be well-formed JSON"},
		{"trailing comma", notePath, mimeJSON, `{"title":"secret",}`, 422, models.KindValidation, "body: must be well-formed JSON"},
		{"trailing garbage", notePath, mimeJSON, `{"title":"a"} secret`, 422, models.KindValidation, "body: must be a single object"},
		{"second object", notePath, mimeJSON, `{"title":"a"}{}`, 422, models.KindValidation, "body: must be a single object"},
		{"duplicate key", notePath, mimeJSON, `{"title":"a","title":"secret"}`, 422, models.KindValidation, "body: must not contain duplicate keys or NUL characters"},
		{"invalid UTF-8", notePath, mimeJSON, "{\"title\":\"\xff\"}", 422, models.KindValidation, "body: must be UTF-8"},
		{"NUL", notePath, mimeJSON, `{"title":"\u0000"}`, 422, models.KindValidation, "body: must not contain NUL characters"},
		{"deep", notePath, mimeJSON, deep, 422, models.KindValidation, "body: must not be nested deeper than 32 levels"},
		{"wrong type", notePath, mimeJSON, `{"title":"a","pages":"secret"}`, 422, models.KindValidation, "pages: must be a whole number"},
		{"wrong type inside", notePath, mimeJSON, `{"title":"a","notes":[{"title":["secret"]}]}`, 422, models.KindValidation, "notes.title: must be text"},
		{"number too large", notePath, mimeJSON, `{"title":"a","pages":1e99}`, 422, models.KindValidation, "pages: must be a whole number"},
		{"missing field", notePath, mimeJSON, `{}`, 422, models.KindValidation, "title: is required"},
		{"too long", notePath, mimeJSON, `{"title":"secret secret"}`, 422, models.KindValidation, "title: must be at most 10 characters"},
		{"too many", notePath, mimeJSON, `{"title":"a","lines":["1","2","3"]}`, 422, models.KindValidation, "lines: must be at most 2 entries"},
		{"empty element", notePath, mimeJSON, `{"title":"a","lines":["b",null]}`, 422, models.KindValidation, "lines[1]: is required"},
		{"two faults", notePath, mimeJSON, `{"lines":["secret"]}`, 422, models.KindValidation, "title: is required; lines[0]: must be at most 5 characters"},
		{"no UUID", "/notes/secret", mimeJSON, `{"title":"a"}`, 422, models.KindValidation, "id: must be a UUID"},
		{"no number", notePath + "?limit=secret", mimeJSON, `{"title":"a"}`, 422, models.KindValidation, "limit: must be a whole number"},
		{"number out of range", notePath + "?limit=10", mimeJSON, `{"title":"a"}`, 422, models.KindValidation, "limit: must be at most 9"},
		{"no float", notePath + "?ratio=secret", mimeJSON, `{"title":"a"}`, 422, models.KindValidation, "ratio: must be a number"},
		{"no bool", notePath + "?defer=secret", mimeJSON, `{"title":"a"}`, 422, models.KindValidation, "defer: must be true or false"},
		{"no choice", notePath + "?sort=secret", mimeJSON, `{"title":"a"}`, 422, models.KindValidation, "sort: must be one of old, new"},
		{"NUL in query", notePath + "?sort=%00", mimeJSON, `{"title":"a"}`, 422, models.KindValidation, "sort: must be valid text"},
		{"invalid UTF-8 in query", notePath + "?sort=%ff", mimeJSON, `{"title":"a"}`, 422, models.KindValidation, "sort: must be valid text"},
		{"broken query", notePath + "?sort=%zz", mimeJSON, `{"title":"a"}`, 422, models.KindValidation, ""},
		{"JSON too large", notePath, mimeJSON, `{"title":"` + strings.Repeat("x", 2<<10) + `"}`, 413, models.KindJSONTooLarge, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := s.do(t, "POST", test.path, test.contentType, test.body)
			body := requireFailure(t, w, test.status, test.code)
			assert.Equal(t, test.detail, body.Error.Detail)
			assert.NotContains(t, w.Body.String(), "secret")
		})
	}
	assert.NotContains(t, s.log.String(), "secret", "the log names rules, not values")
}

func TestEmptyQueryValuesAreAbsent(t *testing.T) {
	s := newTestServer(t, testOptions(), echoRoutes)
	w := s.do(t, "POST", notePath+"?limit=&defer=&sort=", mimeJSON, `{"title":"a"}`)
	require.Equal(t, 201, w.Code, w.Body.String())
	assert.Contains(t, w.Body.String(), `"limit":null`)
}

func TestHandleAnswersWithoutContent(t *testing.T) {
	s := newTestServer(t, testOptions(), echoRoutes)
	w := s.do(t, "DELETE", "/notes", "", "")
	assert.Equal(t, http.StatusNoContent, w.Code)
	assert.Empty(t, w.Body.String())
}

func TestUnencodableAnswerIsAnInternalError(t *testing.T) {
	s := newTestServer(t, testOptions(), echoRoutes)
	requireFailure(t, s.do(t, "GET", "/nan", "", ""), 500, models.KindInternal)
}

// form returns the content type and body of a form with one file.
func form(t *testing.T, field string, content []byte, values map[string]string) (string, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile(field, "cv.pdf")
	require.NoError(t, err)
	_, err = part.Write(content)
	require.NoError(t, err)
	for name, value := range values {
		require.NoError(t, w.WriteField(name, value))
	}
	require.NoError(t, w.Close())
	return w.FormDataContentType(), b.String()
}

func TestUpload(t *testing.T) {
	// A folder that isn't there makes any use of temporary files fail.
	t.Setenv("TMPDIR", t.TempDir()+"/missing")
	s := newTestServer(t, testOptions(), echoRoutes)

	contentType, body := form(t, "file", bytes.Repeat([]byte("x"), 2<<10), map[string]string{"name": "Ada"})
	w := s.do(t, "POST", "/files?defer=true", contentType, body)
	require.Equal(t, 200, w.Code, w.Body.String())
	assert.Contains(t, w.Body.String(), `"data":{"name":"Ada","size":2048,"defer":true}`)

	requireFailure(t, s.do(t, "POST", "/files", contentType, body[:len(body)/2]), 422, models.KindValidation)
	requireFailure(t, s.do(t, "POST", "/files", "multipart/form-data", body), 422, models.KindValidation)
	requireFailure(t, s.do(t, "POST", "/files", "", body), 400, models.KindMissingContentType)
	requireFailure(t, s.do(t, "POST", "/files", mimeJSON, `{}`), 400, models.KindUnsupportedContentType)

	contentType, body = form(t, "other", []byte("x"), nil)
	failure := requireFailure(t, s.do(t, "POST", "/files", contentType, body), 422, models.KindValidation)
	assert.Equal(t, "file: is required", failure.Error.Detail)

	contentType, body = form(t, "file", []byte("x"), map[string]string{"name": "too long"})
	failure = requireFailure(t, s.do(t, "POST", "/files", contentType, body), 422, models.KindValidation)
	assert.Equal(t, "name: must be at most 5 characters", failure.Error.Detail)

	contentType, body = form(t, "file", bytes.Repeat([]byte("x"), 2<<10+1), nil)
	requireFailure(t, s.do(t, "POST", "/files", contentType, body), 413, models.KindFileTooLarge)
}

// endless is a body that never ends and counts what was read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.read += len(p)
	return len(p), nil
}

func TestBodiesAreLimitedWhileReading(t *testing.T) {
	s := newTestServer(t, testOptions(), echoRoutes)
	contentType, body := form(t, "file", nil, nil)
	head := body[:strings.LastIndex(body, "\r\n--")]
	tests := []struct {
		name, path, contentType, head string
		limit                         int
		code                          models.Kind
	}{
		{"JSON", notePath, mimeJSON, `{"title":"`, 1 << 10, models.KindJSONTooLarge},
		{"form", "/files", contentType, head, 2<<10 + multipartOverhead, models.KindFileTooLarge},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for length, drained := range map[int64]int{2 * maxDrained: 0, -1: maxDrained} {
				rest := &endless{}
				req := httptest.NewRequestWithContext(t.Context(), "POST", test.path, io.MultiReader(strings.NewReader(test.head), rest))
				req.ContentLength = length
				req.Header.Set("Content-Type", test.contentType)
				requireFailure(t, s.send(t, req), 413, test.code)
				assert.Less(t, rest.read, 2*test.limit+64<<10+drained)
			}
		})
	}
}

func TestConnectionLostInTheBodyIsNotTooLarge(t *testing.T) {
	s := newTestServer(t, testOptions(), echoRoutes)
	lost := io.MultiReader(strings.NewReader(`{"title":`), errReader{})
	req := httptest.NewRequestWithContext(t.Context(), "POST", notePath, lost)
	req.Header.Set("Content-Type", mimeJSON)
	requireFailure(t, s.send(t, req), 422, models.KindValidation)
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

func FuzzJSONBody(f *testing.F) {
	for _, seed := range []string{`{"title":"a"}`, `{"a":[1,{"b":null}]}`, `{"a":1,"a":2}`, `[]`, `{`, "{\"\xff\":0}", `{"a":"\ud800"} x`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if checkJSON(data, reflect.TypeFor[models.ResumePatch]()) == "" {
			assert.True(t, json.Valid(data), "%q", data)
		}
	})
}
