package handlers

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

func TestDocumentIsStableText(t *testing.T) {
	document := func() []byte {
		raw, err := newTestServer(t, testOptions(), func(a *API) { echoRoutes(a); streamRoutes(a) }).API().JSON()
		require.NoError(t, err)
		return raw
	}
	raw := document()
	for range 3 {
		assert.Equal(t, string(raw), string(document()))
	}
	assert.True(t, utf8.Valid(raw))
	assert.True(t, bytes.HasPrefix(raw, []byte("{\n  \"components\"")), "keys are sorted, and there is no BOM")
	assert.True(t, bytes.HasSuffix(raw, []byte("}\n")))
	assert.Contains(t, string(raw), "résumé")
	assert.NotContains(t, string(raw), `\u00`)
}

type record struct {
	Name    string             `json:"name" binding:"required"`
	Note    *string            `json:"note"`
	Parent  *models.Experience `json:"parent"`
	When    time.Time          `json:"when"`
	Hidden  string             `json:"-"`
	Comment string             `json:"comment,omitempty" doc:"What <b>you</b> think."`
}

func TestSchemasSayWhatIsEnforced(t *testing.T) {
	s := newTestServer(t, testOptions(), func(a *API) {
		echoRoutes(a)
		streamRoutes(a)
		Handle(a, Route{Method: http.MethodPut, Path: "/edit", ID: "edit", Tag: "t"},
			func(_ *gin.Context, in struct{ Body models.Experience }) (Envelope[[]record], error) {
				return Data([]record{{Parent: &in.Body}}), nil
			})
	})
	doc, err := s.API().Document()
	require.NoError(t, err)
	schemas := doc.Components.Schemas

	body := schemas["NoteBody"].Value
	assert.Equal(t, []string{"title"}, body.Required)
	assert.Equal(t, uint64(1), body.Properties["title"].Value.MinLength)
	assert.Equal(t, uint64(10), *body.Properties["title"].Value.MaxLength)
	assert.Equal(t, uint64(2), *body.Properties["lines"].Value.MaxItems)
	assert.Equal(t, uint64(5), *body.Properties["lines"].Value.Items.Value.MaxLength)
	assert.Equal(t, "#/components/schemas/NoteBody", body.Properties["notes"].Value.Items.Ref)

	answer := schemas["Record"].Value
	assert.ElementsMatch(t, []string{"name", "note", "parent", "when"}, answer.Required)
	assert.True(t, answer.Properties["note"].Value.Nullable)
	assert.True(t, answer.Properties["parent"].Value.Nullable)
	assert.Equal(t, "#/components/schemas/Experience", answer.Properties["parent"].Value.AllOf[0].Ref)
	assert.Equal(t, "What <b>you</b> think.", answer.Properties["comment"].Value.Description)
	assert.NotContains(t, answer.Properties, "Hidden")
	assert.ElementsMatch(t, []string{"request_id", "message", "data"}, schemas["NoteAnswer"].Value.Required)
	assert.Contains(t, schemas, "EnvelopeListRecord")
	assert.NotEmpty(t, schemas["Experience"].Value.Required)
	assert.Empty(t, schemas["ExperienceInput"].Value.Required, "nothing of a request is required that isn't enforced")

	assert.Equal(t, map[string][]string{
		"id": {"path", "true"}, "defer": {"query", "false"}, "limit": {"query", "false"},
		"ratio": {"query", "false"}, "sort": {"query", "false"}, "tag": {"query", "false"},
	}, parameters(doc.Paths.Value("/notes/{id}").Post))
	sort := doc.Paths.Value("/notes/{id}").Post.Parameters.GetByInAndName("query", "sort")
	assert.Equal(t, []any{"old", "new"}, sort.Schema.Value.Enum)
	assert.Equal(t, "The order of the lines.", sort.Description)
}

func parameters(op *openapi3.Operation) map[string][]string {
	found := map[string][]string{}
	for _, p := range op.Parameters {
		required := "false"
		if p.Value.Required {
			required = "true"
		}
		found[p.Value.Name] = []string{p.Value.In, required}
	}
	return found
}

func TestOperationsDocumentTheirFailuresAndMedia(t *testing.T) {
	s := newTestServer(t, testOptions(), func(a *API) { echoRoutes(a); streamRoutes(a) })
	doc, err := s.API().Document()
	require.NoError(t, err)
	statuses := func(path, method string) []string {
		var codes []string
		for code := range doc.Paths.Value(path).GetOperation(method).Responses.Map() {
			codes = append(codes, code)
		}
		return codes
	}
	assert.ElementsMatch(t, []string{"201", "400", "401", "403", "413", "422", "429", "500", "503"}, statuses("/notes/{id}", "POST"))
	assert.ElementsMatch(t, []string{"204", "401", "403", "429", "500", "503"}, statuses("/notes", "DELETE"))
	assert.ElementsMatch(t, []string{"200", "401", "403", "429", "500", "503"}, statuses("/metrics", "GET"))
	assert.ElementsMatch(t, []string{"200", "204", "400", "401", "403", "404", "413", "422", "429", "500", "503"}, statuses("/work/{id}", "POST"))
	assert.Equal(t, "noteAlias1", doc.Paths.Value("/note/{id}").Post.OperationID)

	work := doc.Paths.Value("/work/{id}").Post.Responses.Value("200").Value.Content
	assert.Contains(t, work, mimeJSON)
	assert.Contains(t, work, mimeEvents)
	upload := doc.Paths.Value("/files").Post.RequestBody.Value.Content[mimeMultipart].Schema.Value
	assert.Equal(t, "binary", upload.Properties["file"].Value.Format)
	assert.Equal(t, []string{"file"}, upload.Required)
}

func TestWrongDescriptionsAreFoundAtRegistration(t *testing.T) {
	type undocumented struct {
		Body struct {
			Host string `json:"host" binding:"hostname"`
		}
	}
	assert.Panics(t, func() {
		_, _ = newServer(testOptions(), func(a *API, _ *metrics) {
			Handle(a, Route{Method: http.MethodPost, Path: "/x", ID: "x"},
				func(*gin.Context, undocumented) (healthAnswer, error) { return healthAnswer{}, nil })
		})
	})
}

func TestErrorBodyMatchesTheContract(t *testing.T) {
	s := newTestServer(t, testOptions(), failingRoutes)
	w := s.do(t, "GET", "/fail/missing", "", "")
	var body map[string]any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &body))
	assert.Equal(t, map[string]any{
		"request_id": w.Header().Get(headerRequestID),
		"error":      map[string]any{"code": "RESUME_NOT_FOUND", "message": "No such résumé."},
		"detail":     "No such résumé.",
	}, body)
}
