package llm_test

import (
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
