package llm_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
)

func TestRetries(t *testing.T) {
	cases := map[string]llmtest.Reply{
		"429":              llmtest.Failure(http.StatusTooManyRequests, "0"),
		"500":              llmtest.Failure(http.StatusInternalServerError, ""),
		"503":              llmtest.Failure(http.StatusServiceUnavailable, "soon"),
		"529":              llmtest.Failure(529, ""),
		"502 with a page":  {Status: http.StatusBadGateway, Body: "<html>bad gateway</html>"},
		"502 without body": {Status: http.StatusBadGateway},
		"no first byte":    {Then: llmtest.Drop},
	}
	for name, reply := range cases {
		t.Run(name, func(t *testing.T) {
			eachProvider(t, nil, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
				s.Answer(reply, reply, llmtest.Text("third time"))
				response, err := c.Generate(t.Context(), question(), nil)
				require.NoError(t, err)
				assert.Equal(t, "third time", response.Text)
				require.Equal(t, 3, s.Calls())
				assert.Equal(t, s.Requests()[0].Body, s.Requests()[2].Body)
			})
		})
	}
}

func TestNothingListens(t *testing.T) {
	eachProvider(t, func(o *llm.Options) { o.BaseURL = "http://127.0.0.1:1" }, func(t *testing.T, _ *llmtest.Server, c *llm.Client) {
		_, err := c.Generate(t.Context(), question(), nil)
		assert.Zero(t, failureOf(t, err, llm.FailureUnavailable).Status)
	})
}

func TestRetryAfter(t *testing.T) {
	t.Run("within the deadline", func(t *testing.T) {
		s := llmtest.New(t)
		s.Answer(llmtest.Failure(http.StatusTooManyRequests, "1"), llmtest.Text("later"))
		started := time.Now()
		response, err := newClient(t, s, llm.OpenAI, nil).Generate(t.Context(), question(), nil)
		require.NoError(t, err)
		assert.Equal(t, "later", response.Text)
		assert.GreaterOrEqual(t, time.Since(started), time.Second, "not before the provider allows it")
	})
	beyond := map[string]struct {
		value string
		least time.Duration
		most  time.Duration
	}{
		"seconds":  {"3600", time.Hour, time.Hour},
		"too long": {"99999999", 24 * time.Hour, 24 * time.Hour},
		"date":     {time.Now().Add(2 * time.Hour).UTC().Format(http.TimeFormat), time.Hour, 2 * time.Hour},
	}
	for name, test := range beyond {
		t.Run(name+" beyond the deadline", func(t *testing.T) {
			eachProvider(t, nil, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
				s.Answer(llmtest.Failure(http.StatusTooManyRequests, test.value))
				_, err := c.Generate(t.Context(), question(), nil)
				failed := failureOf(t, err, llm.FailureRateLimited)
				assert.GreaterOrEqual(t, failed.RetryAfter, test.least)
				assert.LessOrEqual(t, failed.RetryAfter, test.most)
				assert.Equal(t, 1, s.Calls(), "waiting would be in vain")
			})
		})
	}
	t.Run("senseless", func(t *testing.T) {
		for _, value := range []string{"-5", "soon", "Mon, 01 Jan 2001 00:00:00 GMT", ""} {
			s := llmtest.New(t)
			s.Answer(llmtest.Failure(http.StatusTooManyRequests, value))
			_, err := newClient(t, s, llm.OpenAI, nil).Generate(t.Context(), question(), nil)
			assert.Zero(t, failureOf(t, err, llm.FailureRateLimited).RetryAfter)
			assert.Equal(t, 3, s.Calls())
		}
	})
}

func TestFallbackModel(t *testing.T) {
	const second = "second-model"
	cases := map[string]struct {
		first llmtest.Reply
		calls int // of the first model
		asked bool
	}{
		"rate limited":    {llmtest.Failure(http.StatusTooManyRequests, ""), 3, true},
		"limited long":    {llmtest.Failure(http.StatusTooManyRequests, "3600"), 1, true},
		"unavailable":     {llmtest.Failure(http.StatusServiceUnavailable, ""), 3, true},
		"broken":          {llmtest.Reply{Then: llmtest.Drop}, 3, true},
		"unknown model":   {llmtest.Failure(http.StatusNotFound, ""), 1, true},
		"unknown by code": {llmtest.Reply{Status: http.StatusBadRequest, Body: `{"error":{"code":"model_not_found"}}`}, 1, true},
		"wrong key":       {llmtest.Failure(http.StatusUnauthorized, ""), 1, false},
		"declined":        {llmtest.Reply{Text: "no", Stop: "length"}, 1, false},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			eachProvider(t, func(o *llm.Options) { o.FallbackModel = second }, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
				s.Reply(func(q llmtest.Request) llmtest.Reply {
					if q.Model == second {
						return llmtest.Text("from the second")
					}
					return test.first
				})
				response, err := c.Generate(t.Context(), question(), func(string) {})
				if !test.asked {
					require.Error(t, err)
					assert.Equal(t, llmtest.Model, response.Model)
					assert.Equal(t, test.calls, s.Calls())
					return
				}
				require.NoError(t, err)
				assert.Equal(t, "from the second", response.Text)
				assert.Equal(t, second, response.Model)
				assert.Equal(t, test.calls+1, s.Calls())
			})
		})
	}
}

func TestFallbackFailsToo(t *testing.T) {
	eachProvider(t, func(o *llm.Options) { o.FallbackModel = "second" }, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
		s.Reply(func(q llmtest.Request) llmtest.Reply {
			if q.Model == "second" {
				return llmtest.Failure(http.StatusNotFound, "")
			}
			return llmtest.Failure(http.StatusTooManyRequests, "60")
		})
		response, err := c.Generate(t.Context(), question(), nil)
		failed := failureOf(t, err, llm.FailureRateLimited)
		assert.Equal(t, time.Minute, failed.RetryAfter)
		assert.Equal(t, llmtest.Model, response.Model)
		assert.Equal(t, 2, s.Calls())
	})
}

func TestCancelBetweenAttempts(t *testing.T) {
	s := llmtest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s.Reply(func(llmtest.Request) llmtest.Reply {
		time.AfterFunc(20*time.Millisecond, cancel) // when the client has read the answer and waits
		return llmtest.Failure(http.StatusTooManyRequests, "20")
	})
	_, err := newClient(t, s, llm.OpenAI, nil).Generate(ctx, question(), nil)
	requireFailure(t, err, llm.FailureCancelled)
	assert.Equal(t, 1, s.Calls())
}

// Routers pass on what failed behind them with status 200 of their own.
func TestErrorsWithStatus200(t *testing.T) {
	cases := map[string]struct {
		provider string
		body     string
		want     llm.Failure
		status   int
	}{
		"number":           {llm.OpenAI, `{"error":{"code":429,"message":"slow down"}}`, llm.FailureRateLimited, 429},
		"number in quotes": {llm.OpenAI, `{"error":{"code":"503"}}`, llm.FailureUnavailable, 503},
		"word":             {llm.OpenAI, `{"error":{"code":"rate_limit_exceeded"}}`, llm.FailureRateLimited, 429},
		"type":             {llm.OpenAI, `{"error":{"type":"invalid_request_error"}}`, llm.FailureRefused, 400},
		"text":             {llm.OpenAI, `{"error":"it broke"}`, llm.FailureUnavailable, 502},
		"senseless number": {llm.OpenAI, `{"error":{"code":7}}`, llm.FailureUnavailable, 502},
		"error event":      {llm.OpenAI, "event: error\ndata: {\"error\":{\"code\":401}}\n\n", llm.FailureRefused, 401},
		"reason to stop":   {llm.OpenAI, `{"choices":[{"message":{"content":""},"finish_reason":"error"}]}`, llm.FailureUnavailable, 502},
		"overloaded":       {llm.Anthropic, `{"type":"error","error":{"type":"overloaded_error"}}`, llm.FailureUnavailable, 529},
		"wrong key":        {llm.Anthropic, `{"type":"error","error":{"type":"authentication_error"}}`, llm.FailureRefused, 401},
		"unknown":          {llm.Anthropic, `{"type":"error","error":{"type":"new_error"}}`, llm.FailureUnavailable, 500},
		"Ollama":           {llm.Ollama, `{"error":"model runner has unexpectedly stopped"}`, llm.FailureUnavailable, 500},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			s := llmtest.New(t)
			s.Answer(llmtest.Reply{Body: test.body})
			response, err := newClient(t, s, test.provider, nil).Generate(t.Context(), question(), nil)
			assert.Equal(t, test.status, failureOf(t, err, test.want).Status)
			assert.Zero(t, response.Usage, "an error costs nothing")
		})
	}
}
