package llm_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
)

func structuredQuestion() llm.Request {
	r := question()
	r.Schema = schema()
	return r
}

func TestSchemaInThePromptWhereItIsDeclined(t *testing.T) {
	refusals := map[string]struct {
		provider string
		reply    llmtest.Reply
	}{
		"OpenAI":             {llm.OpenAI, llmtest.Unsupported("response_format")},
		"Groq's wording":     {llm.OpenAI, llmtest.Reply{Status: http.StatusBadRequest, Body: `{"error":{"message":"This model does not support response format ` + "`json_schema`" + `"}}`}},
		"FastAPI's wording":  {llm.OpenAI, llmtest.Reply{Status: http.StatusUnprocessableEntity, Body: `{"detail":[{"type":"extra_forbidden","loc":["body","response_format"]}]}`}},
		"a router's wording": {llm.OpenAI, llmtest.Reply{Status: http.StatusNotFound, Body: `{"error":{"code":404,"message":"No endpoints found that support structured outputs."}}`}},
		"Anthropic":          {llm.Anthropic, llmtest.Reply{Status: http.StatusBadRequest, Body: `{"type":"error","error":{"type":"invalid_request_error","message":"tools: not supported"}}`}},
		"old Ollama":         {llm.Ollama, llmtest.Reply{Status: http.StatusBadRequest, Body: `{"error":"json: cannot unmarshal object into Go struct field ChatRequest.format of type string"}`}},
		"Ollama's grammar":   {llm.Ollama, llmtest.Reply{Status: http.StatusInternalServerError, Body: `{"error":"invalid JSON schema in format"}`}},
	}
	for name, test := range refusals {
		t.Run(name, func(t *testing.T) {
			s := llmtest.New(t)
			c := newClient(t, s, test.provider, nil)
			s.Reply(func(q llmtest.Request) llmtest.Reply {
				if q.Schema != nil {
					return test.reply
				}
				return llmtest.Text(`{"skills":[]}`)
			})
			for range 3 {
				response, err := c.Generate(t.Context(), structuredQuestion(), func(string) {})
				require.NoError(t, err)
				assert.Equal(t, `{"skills":[]}`, response.Text)
				assert.Contains(t, s.Last().System, string(schema().JSON))
				assert.True(t, strings.HasPrefix(s.Last().System, "You read postings."))
			}
			assert.Equal(t, 4, s.Calls(), "refused once and remembered")
			assert.True(t, c.DeclinesSchemas())
		})
	}
}

func TestDeclinedMembers(t *testing.T) {
	for _, member := range []string{"temperature", "max_tokens", "stream_options"} {
		t.Run(member, func(t *testing.T) {
			s := llmtest.New(t)
			c := newClient(t, s, llm.OpenAI, nil)
			s.Reply(func(q llmtest.Request) llmtest.Reply {
				if strings.Contains(string(q.Body), `"`+member+`"`) {
					return llmtest.Unsupported(member)
				}
				return llmtest.Text("ok")
			})
			for range 2 {
				_, err := c.Generate(t.Context(), structuredQuestion(), func(string) {})
				require.NoError(t, err)
				assert.NotNil(t, s.Last().Schema, "nothing else is left out")
				assert.Equal(t, 1000, s.Last().MaxOutputTokens)
			}
			assert.Equal(t, 3, s.Calls())
		})
	}
	t.Run("all of them", func(t *testing.T) {
		s := llmtest.New(t)
		c := newClient(t, s, llm.OpenAI, nil)
		s.Reply(func(q llmtest.Request) llmtest.Reply {
			for _, member := range []string{"response_format", "temperature", "max_tokens", "stream_options"} {
				if strings.Contains(string(q.Body), `"`+member+`"`) {
					return llmtest.Unsupported(member)
				}
			}
			return llmtest.Text("ok")
		})
		_, err := c.Generate(t.Context(), structuredQuestion(), func(string) {})
		require.NoError(t, err)
		assert.Equal(t, 5, s.Calls())
	})
	t.Run("Anthropic's temperature", func(t *testing.T) {
		s := llmtest.New(t)
		c := newClient(t, s, llm.Anthropic, nil)
		s.Reply(func(q llmtest.Request) llmtest.Reply {
			if q.Temperature != nil {
				return llmtest.Unsupported("temperature")
			}
			return llmtest.Text("ok")
		})
		_, err := c.Generate(t.Context(), question(), nil)
		require.NoError(t, err)
	})
}

func TestRefusalThatNothingCuresIsNotRemembered(t *testing.T) {
	eachProvider(t, nil, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
		s.Answer(llmtest.Unsupported("response_format, max_tokens, temperature, tools"))
		_, err := c.Generate(t.Context(), structuredQuestion(), nil)
		requireFailure(t, err, llm.FailureRefused)
		assert.LessOrEqual(t, s.Calls(), 5)

		s.Answer(llmtest.Text("{}"))
		_, err = c.Generate(t.Context(), structuredQuestion(), nil)
		require.NoError(t, err)
		assert.NotNil(t, s.Last().Schema)
		assert.NotNil(t, s.Last().Temperature)
	})
}

func TestModelsAreRememberedApart(t *testing.T) {
	s := llmtest.New(t)
	c := newClient(t, s, llm.OpenAI, func(o *llm.Options) { o.FallbackModel = "second" })
	s.Reply(func(q llmtest.Request) llmtest.Reply {
		switch {
		case q.Model != "second":
			return llmtest.Failure(http.StatusNotFound, "")
		case q.Schema != nil:
			return llmtest.Unsupported("response_format")
		default:
			return llmtest.Text("{}")
		}
	})
	for range 2 {
		response, err := c.Generate(t.Context(), structuredQuestion(), nil)
		require.NoError(t, err)
		assert.Equal(t, "second", response.Model)
	}
	var schemas []bool
	for _, q := range s.Requests() {
		schemas = append(schemas, q.Schema != nil)
	}
	assert.Equal(t, []bool{true, true, false, true, false}, schemas)
}
