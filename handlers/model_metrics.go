package handlers

import (
	"github.com/prometheus/client_golang/prometheus"

	"resume-matcher/services"
)

// modelMetrics count what this process does with language models.
type modelMetrics struct {
	calls     *prometheus.CounterVec
	duration  *prometheus.HistogramVec
	firstText *prometheus.HistogramVec
	tokens    *prometheus.CounterVec
	cost      *prometheus.CounterVec
	cached    *prometheus.CounterVec
	verdicts  *prometheus.CounterVec
	refused   prometheus.Counter
}

func newModelMetrics() *modelMetrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	seconds := func(name, help string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: name, Help: help, Buckets: []float64{0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120},
		}, []string{"provider", "prompt"})
	}
	return &modelMetrics{
		calls:     counter("llm_calls_total", "Calls of the language model, by how they ended.", "provider", "prompt", "outcome"),
		duration:  seconds("llm_call_duration_seconds", "Time of a call, with its retries and its repair."),
		firstText: seconds("llm_first_text_seconds", "Time to the first piece of a streamed answer."),
		tokens:    counter("llm_tokens_total", "Tokens the provider counted.", "model_kind", "provider", "direction"),
		cost:      counter("llm_cost_usd_total", "Cost of the tokens in US dollars, by the configured prices.", "model_kind", "provider", "direction"),
		cached:    counter("llm_cache_answers_total", "Requests for an answer: hit, miss, expired, or shared with a call in flight.", "prompt", "outcome"),
		verdicts:  counter("fact_gate_verdicts_total", "Generated claims that are supported, and the rules that the others break.", "verdict"),
		refused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "llm_budget_refusals_total", Help: "Calls not made because a workspace had used up its tokens of the day.",
		}),
	}
}

func (m *modelMetrics) observer() services.Observer {
	return services.Observer{
		Called: func(c services.ModelCall) {
			m.calls.WithLabelValues(c.Provider, c.Kind, c.Outcome).Inc()
			m.duration.WithLabelValues(c.Provider, c.Kind).Observe(c.Duration.Seconds())
			if c.FirstText > 0 {
				m.firstText.WithLabelValues(c.Provider, c.Kind).Observe(c.FirstText.Seconds())
			}
		},
		Paid: func(c services.ModelCost) {
			m.tokens.WithLabelValues(c.Kind, c.Provider, "prompt").Add(float64(c.PromptTokens))
			m.tokens.WithLabelValues(c.Kind, c.Provider, "completion").Add(float64(c.CompletionTokens))
			m.cost.WithLabelValues(c.Kind, c.Provider, "prompt").Add(usd(c.InputMicros))
			m.cost.WithLabelValues(c.Kind, c.Provider, "completion").Add(usd(c.OutputMicros))
		},
		Cached:  func(kind, outcome string) { m.cached.WithLabelValues(kind, outcome).Inc() },
		Judged:  func(verdict string) { m.verdicts.WithLabelValues(verdict).Inc() },
		Refused: m.refused.Inc,
	}
}

func (m *modelMetrics) collectors() []prometheus.Collector {
	return []prometheus.Collector{m.calls, m.duration, m.firstText, m.tokens, m.cost, m.cached, m.verdicts, m.refused}
}
