package handlers

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"resume-matcher/services"
)

func TestModelMetricsAreShown(t *testing.T) {
	o := testOptions()
	o.WorkMetrics = NewWorkMetrics()
	s := newTestServer(t, o, echoRoutes)
	observer := o.WorkMetrics.Observer()
	var counting sync.WaitGroup
	for range 50 {
		counting.Go(func() {
			observer.Called(services.ModelCall{Provider: "openai", Kind: "tailor", Outcome: "answered", Duration: 3 * time.Second, FirstText: 400 * time.Millisecond})
			observer.Paid(services.ModelCost{Kind: services.UsageLLM, Provider: "openai", PromptTokens: 34, CompletionTokens: 12, InputMicros: 500_000, OutputMicros: 7})
			observer.Cached("tailor", "hit")
			observer.Judged("supported")
			observer.Refused()
		})
	}
	counting.Wait()
	observer.Called(services.ModelCall{Provider: "openai", Kind: "tailor", Outcome: "timeout", Duration: time.Minute})
	text := s.do(t, "GET", "/metrics", "", "").Body.String()
	for _, line := range []string{
		`llm_calls_total{outcome="answered",prompt="tailor",provider="openai"} 50`,
		`llm_calls_total{outcome="timeout",prompt="tailor",provider="openai"} 1`,
		`llm_call_duration_seconds_count{prompt="tailor",provider="openai"} 51`,
		`llm_call_duration_seconds_bucket{prompt="tailor",provider="openai",le="5"} 50`,
		`llm_first_text_seconds_count{prompt="tailor",provider="openai"} 50`,
		`llm_tokens_total{direction="prompt",model_kind="llm",provider="openai"} 1700`,
		`llm_tokens_total{direction="completion",model_kind="llm",provider="openai"} 600`,
		`llm_cost_usd_total{direction="prompt",model_kind="llm",provider="openai"} 25`,
		`llm_cache_answers_total{outcome="hit",prompt="tailor"} 50`,
		`fact_gate_verdicts_total{verdict="supported"} 50`,
		`llm_budget_refusals_total 50`,
	} {
		assert.Contains(t, text, line)
	}
}
