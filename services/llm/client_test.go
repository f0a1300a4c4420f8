package llm_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
)

func providers() []string { return []string{llm.OpenAI, llm.Anthropic, llm.Ollama} }

// eachProvider runs a test with a server and a client of each protocol; change, if not nil, edits the options.
func eachProvider(t *testing.T, change func(*llm.Options), test func(t *testing.T, s *llmtest.Server, c *llm.Client)) {
	t.Helper()
	eachOf(t, providers(), change, test)
}

func eachOf(t *testing.T, providers []string, change func(*llm.Options), test func(t *testing.T, s *llmtest.Server, c *llm.Client)) {
	t.Helper()
	for _, provider := range providers {
		t.Run(provider, func(t *testing.T) {
			s := llmtest.New(t)
			test(t, s, newClient(t, s, provider, change))
		})
	}
}

func newClient(t testing.TB, s *llmtest.Server, provider string, change func(*llm.Options)) *llm.Client {
	t.Helper()
	options := s.Options(provider)
	if change != nil {
		change(&options)
	}
	c, err := llm.New(options)
	require.NoError(t, err)
	c.SetBackoff(time.Millisecond)
	return c
}

func question() llm.Request {
	return llm.Request{Messages: []llm.Message{
		{Role: llm.System, Text: "You read postings."},
		{Role: llm.User, Text: "What is asked?"},
		{Role: llm.Assistant, Text: "Something."},
		{Role: llm.User, Text: "Be precise."},
		{Role: llm.System, Text: "Answer briefly."},
	}}
}

func schema() *llm.Schema {
	return &llm.Schema{Name: "skills", JSON: json.RawMessage(
		`{"type":"object","properties":{"skills":{"type":"array","items":{"type":"string"}}},"required":["skills"],"additionalProperties":false}`)}
}

// listener collects what is streamed.
type listener struct{ pieces []string }

func (l *listener) hear(text string) { l.pieces = append(l.pieces, text) }

func (l *listener) text() string { return strings.Join(l.pieces, "") }

func requireFailure(t testing.TB, err error, want llm.Failure) {
	t.Helper()
	assert.NotNil(t, failureOf(t, err, want))
}

func failureOf(t testing.TB, err error, want llm.Failure) *llm.Error {
	t.Helper()
	var failed *llm.Error
	require.ErrorAs(t, err, &failed)
	require.Equal(t, want, failed.Failure, "%v", failed.Unwrap())
	return failed
}

func TestGenerate(t *testing.T) {
	const text = "Go, „Größe“ & <Kubernetes>\nand \"SQL\"."
	modes := map[string]bool{"whole": false, "streamed": true}
	for mode, stream := range modes {
		t.Run(mode, func(t *testing.T) {
			eachProvider(t, func(o *llm.Options) { o.Temperature = 0.5 }, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
				s.Answer(llmtest.Text(text))
				var heard listener
				onText := heard.hear
				if !stream {
					onText = nil
				}
				response, err := c.Generate(t.Context(), question(), onText)
				require.NoError(t, err)
				assert.Equal(t, llm.Response{Text: text, Model: llmtest.Model, Usage: llm.Usage{PromptTokens: 11, CompletionTokens: 7}}, response)
				if stream {
					assert.Equal(t, text, heard.text())
					assert.Greater(t, len(heard.pieces), 1)
				}

				require.Equal(t, 1, s.Calls())
				q := s.Last()
				assert.Equal(t, c.Provider(), q.Protocol)
				assert.Equal(t, stream, q.Stream)
				assert.Equal(t, "You read postings.\n\nAnswer briefly.", q.System)
				assert.Equal(t, []llm.Message{{Role: "user", Text: "What is asked?"}, {Role: "assistant", Text: "Something."}, {Role: "user", Text: "Be precise."}}, q.Messages)
				assert.Equal(t, 1000, q.MaxOutputTokens)
				require.NotNil(t, q.Temperature)
				assert.InDelta(t, 0.5, *q.Temperature, 1e-6)
				assert.Nil(t, q.Schema)
				assert.Contains(t, q.Header.Get("Authorization")+q.Header.Get("X-Api-Key"), llmtest.Key)
			})
		})
	}
}

func TestGenerateKeepsSchema(t *testing.T) {
	// The order of the keys and the number survive only where nothing decodes the answer on its way.
	const text = `{"skills":["Go"],"a":12345678901234567890}`
	modes := map[string]bool{"whole": false, "streamed": true}
	for mode, stream := range modes {
		t.Run(mode, func(t *testing.T) {
			eachProvider(t, nil, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
				s.Answer(llmtest.Text(text))
				r := question()
				r.Schema = schema()
				r.MaxOutputTokens = 50
				var heard listener
				onText := heard.hear
				if !stream {
					onText = nil
				}
				response, err := c.Generate(t.Context(), r, onText)
				require.NoError(t, err)
				assert.Equal(t, text, response.Text)
				if stream {
					assert.Equal(t, text, heard.text())
				}
				assert.JSONEq(t, string(schema().JSON), string(s.Last().Schema))
				assert.Equal(t, 50, s.Last().MaxOutputTokens)
				assert.NotContains(t, s.Last().System, "JSON Schema")
			})
		})
	}
}

func TestAnthropicIsForcedToUseTheTool(t *testing.T) {
	s := llmtest.New(t)
	c := newClient(t, s, llm.Anthropic, nil)
	r := question()
	r.Schema = schema()
	_, err := c.Generate(t.Context(), r, nil)
	require.NoError(t, err)
	var body struct {
		ToolChoice json.RawMessage `json:"tool_choice"`
	}
	require.NoError(t, json.Unmarshal(s.Last().Body, &body))
	assert.JSONEq(t, `{"type":"tool","name":"skills","disable_parallel_tool_use":true}`, string(body.ToolChoice))
}

func TestOllamaWindowHoldsThePrompt(t *testing.T) {
	window := func(words int) int {
		s := llmtest.New(t)
		c := newClient(t, s, llm.Ollama, nil)
		_, err := c.Generate(t.Context(), llm.Request{Messages: []llm.Message{{Role: llm.User, Text: strings.Repeat("word ", words)}}}, nil)
		require.NoError(t, err)
		var body struct {
			Options struct {
				Window int `json:"num_ctx"`
			} `json:"options"`
		}
		require.NoError(t, json.Unmarshal(s.Last().Body, &body))
		return body.Options.Window
	}
	assert.Zero(t, window(100), "the server's default is enough")
	assert.Equal(t, 8192, window(3000))
	assert.Equal(t, 128<<10, window(400_000), "no larger than any model has")
}

func TestUsageIsEstimatedWhereNoneIsCounted(t *testing.T) {
	eachProvider(t, nil, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
		s.Answer(llmtest.Reply{Text: strings.Repeat("x", 400), NoUsage: true})
		r := llm.Request{Messages: []llm.Message{{Role: llm.User, Text: strings.Repeat("y", 800)}}}
		for _, onText := range []func(string){nil, func(string) {}} {
			response, err := c.Generate(t.Context(), r, onText)
			require.NoError(t, err)
			assert.Equal(t, llm.Usage{PromptTokens: 200, CompletionTokens: 100}, response.Usage)
		}
	})
}

func TestBadAnswers(t *testing.T) {
	cases := map[string]struct {
		reply llmtest.Reply
		want  llm.Failure
		only  string // the provider that has this, all when empty
		calls int    // for a call that is not streamed; 1 when 0
	}{
		"largest length":          {reply: llmtest.Reply{Text: `{"skills":["G`, Stop: "length"}, want: llm.FailurePartial},
		"largest length, no text": {reply: llmtest.Reply{Stop: "length"}, want: llm.FailurePartial},
		"content filter":          {reply: llmtest.Reply{Text: "I", Stop: "content_filter"}, want: llm.FailureRefused, only: llm.OpenAI},
		"refusal":                 {reply: llmtest.Reply{Refusal: "I can't help with that."}, want: llm.FailureRefused, only: llm.OpenAI},
		"Gemini's filter":         {reply: llmtest.Reply{Text: "I", Stop: "content_filter: SAFETY"}, want: llm.FailureRefused, only: llm.OpenAI},
		"refusal as stop reason":  {reply: llmtest.Reply{Text: "I", Stop: "content_filter"}, want: llm.FailureRefused, only: llm.Anthropic},
		"context window full":     {reply: llmtest.Reply{Text: "I", Stop: "model_context_window_exceeded"}, want: llm.FailurePartial, only: llm.Anthropic},
		"empty":                   {reply: llmtest.Text(""), want: llm.FailurePartial},
		"only spaces":             {reply: llmtest.Text(" \n"), want: llm.FailurePartial},
		"no reason to stop":       {reply: llmtest.Reply{Text: "half", Then: llmtest.EndEarly, After: 1}, want: llm.FailurePartial},
		"error with status 200":   {reply: llmtest.Reply{Then: llmtest.ErrorEvent}, want: llm.FailureUnavailable, calls: 3},
		"web page":                {reply: llmtest.Reply{Body: "<html><body>Welcome</body></html>"}, want: llm.FailureRefused},
		"other JSON":              {reply: llmtest.Reply{Body: `{"status":"ok"}`}, want: llm.FailurePartial},
		"list":                    {reply: llmtest.Reply{Body: `[1,2]`}, want: llm.FailureRefused},
		"half of the JSON":        {reply: llmtest.Reply{Body: `{"choices":[{"message":{"content":"a`}, want: llm.FailurePartial, only: llm.OpenAI},
		"half of a message":       {reply: llmtest.Reply{Body: `{"type":"message","content":[{"type":"text","text":"a`}, want: llm.FailurePartial, only: llm.Anthropic},
		"half of an answer":       {reply: llmtest.Reply{Body: `{"message":{"role":"assistant","content":"a`}, want: llm.FailurePartial, only: llm.Ollama},
		"too large":               {reply: llmtest.Pieces(strings.Repeat("x", 9<<20)), want: llm.FailurePartial},
		"too large by and by":     {reply: llmtest.Pieces(strings.Repeat("x", 5<<20), strings.Repeat("y", 5<<20)), want: llm.FailurePartial},
		"connection breaks":       {reply: llmtest.Reply{Text: strings.Repeat("x", 1000), Then: llmtest.Drop, After: 1}, want: llm.FailurePartial},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			speakers := providers()
			if test.only != "" {
				speakers = []string{test.only}
			}
			eachOf(t, speakers, nil, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
				s.Answer(test.reply)
				response, err := c.Generate(t.Context(), question(), nil)
				requireFailure(t, err, test.want)
				assert.Empty(t, response.Text)
				assert.Equal(t, max(test.calls, 1), s.Calls())

				s = llmtest.New(t)
				c = newClient(t, s, c.Provider(), nil)
				s.Answer(test.reply)
				response, err = c.Generate(t.Context(), question(), func(string) {})
				requireFailure(t, err, test.want)
				assert.Empty(t, response.Text)
			})
		})
	}
}

func TestRefusedAnswerIsCounted(t *testing.T) {
	s := llmtest.New(t)
	c := newClient(t, s, llm.OpenAI, nil)
	s.Answer(llmtest.Reply{Text: "half", Stop: "length"})
	response, err := c.Generate(t.Context(), question(), nil)
	requireFailure(t, err, llm.FailurePartial)
	assert.Equal(t, llm.Usage{PromptTokens: 11, CompletionTokens: 7}, response.Usage)
	assert.Equal(t, llmtest.Model, response.Model)
}

func TestStatuses(t *testing.T) {
	cases := map[int]struct {
		want  llm.Failure
		calls int
	}{
		http.StatusBadRequest: {llm.FailureRefused, 1}, http.StatusUnauthorized: {llm.FailureRefused, 1},
		http.StatusForbidden: {llm.FailureRefused, 1}, http.StatusNotFound: {llm.FailureRefused, 1},
		http.StatusRequestTimeout: {llm.FailureUnavailable, 3}, http.StatusTooManyRequests: {llm.FailureRateLimited, 3},
		http.StatusInternalServerError: {llm.FailureUnavailable, 3}, http.StatusBadGateway: {llm.FailureUnavailable, 3},
		529: {llm.FailureUnavailable, 3},
	}
	for status, test := range cases {
		t.Run(http.StatusText(status), func(t *testing.T) {
			eachProvider(t, nil, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
				s.Answer(llmtest.Failure(status, ""))
				_, err := c.Generate(t.Context(), question(), func(string) {})
				failed := failureOf(t, err, test.want)
				assert.Equal(t, status, failed.Status)
				assert.Equal(t, test.calls, s.Calls())
			})
		})
	}
}

func TestErrorsHoldNothingPrivate(t *testing.T) {
	const secret = "Quillfeather-7731"
	replies := map[string]llmtest.Reply{
		"status":      {Status: http.StatusUnauthorized, Body: `{"error":{"message":"` + secret + `"}}`},
		"no JSON":     {Body: secret},
		"bad JSON":    {Body: `{"choices": ` + secret},
		"bad type":    {Body: `{"choices":"` + secret + `","content":"` + secret + `","message":"` + secret + `"}`},
		"half":        {Text: secret + secret + secret, Then: llmtest.Drop, After: 1},
		"error":       {Body: `{"type":"error","error":{"type":"` + secret + `","message":"` + secret + `"}}`},
		"bad gateway": {Status: http.StatusBadGateway, Body: secret},
		"redirected":  {Status: http.StatusFound, Location: "http://" + secret + ".example.com/"},
	}
	for name, reply := range replies {
		t.Run(name, func(t *testing.T) {
			eachProvider(t, func(o *llm.Options) { o.APIKey = secret }, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
				s.Answer(reply)
				r := llm.Request{Messages: []llm.Message{{Role: llm.User, Text: secret}}, Schema: schema()}
				_, err := c.Generate(t.Context(), r, func(string) {})
				require.Error(t, err)
				for ; err != nil; err = errors.Unwrap(err) {
					assert.NotContains(t, err.Error(), secret)
					assert.NotContains(t, err.Error(), "127.0.0.1")
				}
			})
		})
	}
}

func TestManyCallsAtOnce(t *testing.T) {
	eachProvider(t, nil, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
		s.Reply(func(q llmtest.Request) llmtest.Reply {
			if q.Schema != nil {
				return llmtest.Unsupported("response_format: tools and format too")
			}
			return llmtest.Text("echo " + q.Text())
		})
		var group sync.WaitGroup
		for i := range 40 {
			group.Go(func() {
				text := strings.Repeat("n", i+1)
				r := llm.Request{Messages: []llm.Message{{Role: llm.User, Text: text}}, Schema: schema()}
				var heard listener
				response, err := c.Generate(context.Background(), r, heard.hear)
				assert.NoError(t, err)
				assert.Equal(t, "echo "+text, response.Text)
				assert.Equal(t, response.Text, heard.text())
			})
		}
		group.Wait()
	})
}
