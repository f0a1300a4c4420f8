package cmd

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
)

func getJSON[T any](t *testing.T, url string) (out T) {
	t.Helper()
	status, body := get(t, url)
	require.Equal(t, http.StatusOK, status, body)
	require.NoError(t, json.Unmarshal([]byte(body), &out), body)
	return out
}

// serveWithModel starts a `serve` whose language model is the scripted server.
func serveWithModel(t *testing.T, s *llmtest.Server, more map[string]string) *running {
	t.Helper()
	for name, value := range modelEnvironment(s, llm.OpenAI) {
		t.Setenv(name, value)
	}
	t.Setenv("RATE_LIMIT_ENABLED", "false")
	for name, value := range more {
		t.Setenv(name, value)
	}
	return startServe(t)
}

func TestServeKnowsItsModelAfterOneProbe(t *testing.T) {
	inFolderWith(t, "")
	s := llmtest.New(t)
	s.Answer(llmtest.Text(goodNumbers))
	r := serveWithModel(t, s, map[string]string{"LLM_PRICE_INPUT": "2", "LLM_PRICE_OUTPUT": "10"})
	assert.Zero(t, s.Calls(), "nobody asked for the status yet")
	first := getJSON[handlers.StatusBody](t, r.url+"/api/v1/status")
	assert.True(t, first.LLMConfigured)
	require.NotNil(t, first.LLM)
	assert.Equal(t, "test-model", first.LLM.Model)
	var known handlers.StatusBody
	require.Eventually(t, func() bool {
		known = getJSON[handlers.StatusBody](t, r.url+"/api/v1/status")
		return known.LLMHealthy
	}, startTimeout, 10*time.Millisecond)
	assert.Equal(t, "schema", known.LLM.Structured)
	assert.Equal(t, "setup_required", known.Status, "a model is no master résumé")
	for range 20 {
		getJSON[handlers.StatusBody](t, r.url+"/api/v1/status")
	}
	assert.Equal(t, 1, s.Calls())

	figures := getJSON[handlers.LLMMetrics](t, r.url+"/metrics/llm")
	assert.Equal(t, handlers.TokenMetrics{PromptTotal: 11, CompletionTotal: 7, Total: 18, Calls: 1}, figures.Tokens)
	assert.InDelta(t, 0.000022, figures.CostUSD.LLMInput, 1e-12)
	assert.InDelta(t, 0.000092, figures.CostUSD.GrandTotal, 1e-12)
	_, text := get(t, r.url+"/metrics")
	assert.Contains(t, text, `llm_tokens_total{direction="prompt",model_kind="llm",provider="openai"} 11`)
	r.end(t)
	assert.NotContains(t, r.log.String(), "test-secret-key")

	again := startServe(t)
	assert.EqualValues(t, 18, getJSON[handlers.LLMMetrics](t, again.url+"/metrics/llm").Tokens.Total, "the figures survive a restart")
	again.end(t)
}

func TestServeTellsWhyItsModelFails(t *testing.T) {
	inFolderWith(t, "")
	s := llmtest.New(t)
	s.Answer(llmtest.Failure(http.StatusUnauthorized, ""))
	r := serveWithModel(t, s, nil)
	var known handlers.StatusBody
	require.Eventually(t, func() bool {
		known = getJSON[handlers.StatusBody](t, r.url+"/api/v1/status")
		return known.LLM.CheckedAt != nil
	}, startTimeout, 10*time.Millisecond)
	assert.True(t, known.LLMConfigured)
	assert.False(t, known.LLMHealthy)
	assert.Equal(t, "refused", known.LLM.Failure)
	assert.Equal(t, "unknown", known.LLM.Structured)
	r.end(t)
}

func TestServeWithoutBackgroundTasksProbesNothing(t *testing.T) {
	inFolderWith(t, "")
	s := llmtest.New(t)
	r := serveWithModel(t, s, map[string]string{"DISABLE_BACKGROUND_TASKS": "true"})
	for range 5 {
		known := getJSON[handlers.StatusBody](t, r.url+"/api/v1/status")
		assert.True(t, known.LLMConfigured)
		assert.False(t, known.LLMHealthy)
	}
	r.end(t)
	assert.Zero(t, s.Calls())
}
