package llm_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
)

func eachEmbedder(t *testing.T, change func(*llm.EmbeddingOptions), test func(t *testing.T, s *llmtest.Server, e *llm.Embedder)) {
	t.Helper()
	for _, provider := range []string{llm.OpenAI, llm.Ollama} {
		t.Run(provider, func(t *testing.T) {
			s := llmtest.New(t)
			options := s.EmbeddingOptions(provider)
			if change != nil {
				change(&options)
			}
			e, err := llm.NewEmbedder(options)
			require.NoError(t, err)
			e.SetBackoff(time.Millisecond)
			test(t, s, e)
		})
	}
}

func TestEmbed(t *testing.T) {
	eachEmbedder(t, nil, func(t *testing.T, s *llmtest.Server, e *llm.Embedder) {
		texts := make([]string, 150)
		for i := range texts {
			texts[i] = fmt.Sprintf("text %d\nof many", i)
		}
		given := slices.Clone(texts)
		vectors, usage, err := e.Embed(t.Context(), texts)
		require.NoError(t, err)
		require.Len(t, vectors, len(texts))
		for i, text := range given {
			assert.Equal(t, llmtest.Vector(text), vectors[i])
		}
		assert.Equal(t, given, texts, "the caller's texts stay as they are")
		assert.Equal(t, llm.Usage{PromptTokens: 33}, usage)
		var sizes []int
		for _, q := range s.Requests() {
			sizes = append(sizes, len(q.Input))
			assert.Equal(t, llmtest.Model, q.Model)
			assert.Equal(t, "Bearer "+llmtest.Key, q.Header.Get("Authorization"))
		}
		assert.Equal(t, []int{64, 64, 22}, sizes)
	})
}

func TestEmbedNothing(t *testing.T) {
	eachEmbedder(t, nil, func(t *testing.T, s *llmtest.Server, e *llm.Embedder) {
		vectors, usage, err := e.Embed(t.Context(), nil)
		require.NoError(t, err)
		assert.Empty(t, vectors)
		assert.Zero(t, usage)
		assert.Zero(t, s.Calls())
	})
}

func TestEmbedFailures(t *testing.T) {
	cases := map[string]struct {
		reply llmtest.Reply
		want  llm.Failure
		calls int
	}{
		"wrong key":       {llmtest.Failure(http.StatusUnauthorized, ""), llm.FailureRefused, 1},
		"redirect":        {llmtest.Reply{Status: http.StatusFound, Location: "http://127.0.0.1:1/"}, llm.FailureRefused, 1},
		"rate limited":    {llmtest.Failure(http.StatusTooManyRequests, ""), llm.FailureRateLimited, 3},
		"limited long":    {llmtest.Failure(http.StatusTooManyRequests, "3600"), llm.FailureRateLimited, 1},
		"unavailable":     {llmtest.Failure(http.StatusBadGateway, ""), llm.FailureUnavailable, 3},
		"error":           {llmtest.Reply{Body: `{"error":"model not loaded"}`}, llm.FailureUnavailable, 3},
		"no JSON":         {llmtest.Reply{Body: "hello"}, llm.FailureInvalid, 1},
		"too large":       {llmtest.Reply{Body: strings.Repeat(" ", 9<<20)}, llm.FailureInvalid, 1},
		"too few":         {llmtest.Reply{Vectors: [][]float32{{1}}}, llm.FailureInvalid, 1},
		"different sizes": {llmtest.Reply{Vectors: [][]float32{{1}, {1, 2}}}, llm.FailureInvalid, 1},
		"empty vectors":   {llmtest.Reply{Vectors: [][]float32{{}, {}}}, llm.FailureInvalid, 1},
		"same index":      {llmtest.Reply{Body: `{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}`}, llm.FailureInvalid, 1},
		"index too high":  {llmtest.Reply{Body: `{"data":[{"index":0,"embedding":[1]},{"index":2,"embedding":[1]}]}`}, llm.FailureInvalid, 1},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			eachEmbedder(t, nil, func(t *testing.T, s *llmtest.Server, e *llm.Embedder) {
				s.ReplyEmbeddings(func(llmtest.Request) llmtest.Reply { return test.reply })
				vectors, _, err := e.Embed(t.Context(), []string{"one", "two"})
				requireFailure(t, err, test.want)
				assert.Nil(t, vectors)
				assert.Equal(t, test.calls, s.Calls())
			})
		})
	}
}

func TestEmbedSizeChangesBetweenBatches(t *testing.T) {
	eachEmbedder(t, nil, func(t *testing.T, s *llmtest.Server, e *llm.Embedder) {
		s.ReplyEmbeddings(func(q llmtest.Request) llmtest.Reply {
			vectors := make([][]float32, len(q.Input))
			for i := range vectors {
				vectors[i] = make([]float32, q.Number)
			}
			return llmtest.Reply{Vectors: vectors}
		})
		_, usage, err := e.Embed(t.Context(), make([]string, 65))
		requireFailure(t, err, llm.FailureInvalid)
		assert.Equal(t, int64(22), usage.PromptTokens)
	})
}

func TestEmbedCancelled(t *testing.T) {
	eachEmbedder(t, nil, func(t *testing.T, s *llmtest.Server, e *llm.Embedder) {
		ctx, cancel := context.WithCancel(t.Context())
		s.ReplyEmbeddings(func(llmtest.Request) llmtest.Reply {
			cancel()
			return llmtest.Reply{Then: llmtest.Hold}
		})
		_, _, err := e.Embed(ctx, []string{"one"})
		require.ErrorIs(t, err, context.Canceled)
		assert.Eventually(t, func() bool { return s.Cancelled() == 1 }, wait, time.Millisecond)
	})
}

func TestEmbeddingOptions(t *testing.T) {
	cases := map[string]struct {
		options llm.EmbeddingOptions
		names   string
	}{
		"OpenAI":            {llm.EmbeddingOptions{Provider: llm.OpenAI, Model: "m", APIKey: "k"}, ""},
		"Ollama":            {llm.EmbeddingOptions{Provider: llm.Ollama, Model: "m", LocalOnly: true}, ""},
		"Anthropic":         {llm.EmbeddingOptions{Provider: llm.Anthropic, Model: "m", APIKey: "k"}, "EMBEDDING_PROVIDER"},
		"no model":          {llm.EmbeddingOptions{Provider: llm.Ollama}, "EMBEDDING_MODEL"},
		"no key":            {llm.EmbeddingOptions{Provider: llm.OpenAI, Model: "m"}, "EMBEDDING_API_KEY"},
		"no address":        {llm.EmbeddingOptions{Provider: llm.Ollama, Model: "m", BaseURL: "here"}, "EMBEDDING_BASE_URL"},
		"public by default": {llm.EmbeddingOptions{Provider: llm.OpenAI, Model: "m", APIKey: "k", LocalOnly: true}, "EMBEDDING_BASE_URL"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			e, err := llm.NewEmbedder(test.options)
			if test.names == "" {
				require.NoError(t, err)
				assert.Equal(t, test.options.Provider, e.Provider())
				assert.Equal(t, "m", e.Model())
				return
			}
			var public *models.Error
			require.ErrorAs(t, err, &public)
			assert.Contains(t, public.Message, test.names)
		})
	}
}
