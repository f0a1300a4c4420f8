package services

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"resume-matcher/models"
	"resume-matcher/services/llm"
)

const (
	// probeInterval is how long what is known of a model holds, and the least time between two probes.
	probeInterval = 10 * time.Minute
	// probeTimeout bounds one probe, whatever LLM_TIMEOUT allows.
	probeTimeout = time.Minute
)

// ModelHealthOptions name the model to watch.
type ModelHealthOptions struct {
	Generator       llm.Generator
	Provider, Model string
	// Usage is charged with the probes, as the default workspace's.
	Usage *Usage
	// Now is the clock; nil means the system's in UTC.
	Now func() time.Time
}

// ModelState is what is known of the language model.
type ModelState struct {
	Provider string `json:"provider"`
	Model    string `json:"model"`
	// Healthy tells that the last call was answered; false before the first.
	Healthy bool `json:"healthy"`
	// Structured is how the model is told what to answer, as StructuredBy; "unknown" while it does not answer.
	Structured string     `json:"structured" binding:"oneof=schema prompt unknown"`
	CheckedAt  *time.Time `json:"checked_at"`
	// Failure is the llm.Failure of the last call.
	Failure string `json:"failure,omitempty"`
}

// ModelHealth knows whether the model answers from the calls that are made anyway, and from a probe now and then where
// there are none. A nil ModelHealth knows of no model.
type ModelHealth struct {
	o ModelHealthOptions
	// wake asks Run for a probe; one that waits already is enough.
	wake chan struct{}

	mu    sync.Mutex
	state ModelState
}

// NewModelHealth returns a watch that knows nothing yet, or nil where there is no model to watch.
func NewModelHealth(o ModelHealthOptions) *ModelHealth {
	if o.Generator == nil {
		return nil
	}
	if o.Now == nil {
		o.Now = func() time.Time { return time.Now().UTC() }
	}
	return &ModelHealth{
		o: o, wake: make(chan struct{}, 1),
		state: ModelState{Provider: o.Provider, Model: o.Model, Structured: structuredUnknown},
	}
}

// State tells what is known, false where there is no model. It never waits: where the knowledge is old it asks Run for
// a probe, whose outcome a later call tells.
func (h *ModelHealth) State() (ModelState, bool) {
	if h == nil {
		return ModelState{}, false
	}
	state := h.known()
	if state.Healthy {
		state.Structured = StructuredBy(h.o.Generator)
	}
	if h.old(state) {
		select {
		case h.wake <- struct{}{}:
		default:
		}
	}
	return state, true
}

// Note takes what a real call says about the model; nil means that it answered. A call that failed for its own sake,
// cancelled or with an answer of the wrong form, says nothing.
func (h *ModelHealth) Note(err error) {
	if h == nil {
		return
	}
	if err == nil {
		h.set("")
		return
	}
	var failed *llm.Error
	if errors.As(err, &failed) && concernsModel(failed) {
		h.set(failed.Failure)
	}
}

// concernsModel tells whether other calls would fail alike.
func concernsModel(e *llm.Error) bool {
	switch e.Failure {
	case llm.FailureRateLimited, llm.FailureUnavailable, llm.FailureTimeout:
		return true
	case llm.FailureRefused:
		switch e.Status {
		case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotFound:
			return true
		}
	}
	return false
}

// Run makes the probes that State asks for, one at a time, until ctx ends.
func (h *ModelHealth) Run(ctx context.Context) {
	if h == nil {
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.wake:
			// A real call may have told since.
			if h.old(h.known()) {
				h.probe(ctx)
			}
		}
	}
}

func (h *ModelHealth) probe(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	if h.o.Usage.Budget(ctx, models.DefaultWorkspaceID) != nil {
		return
	}
	probe, err := ProbeModel(ctx, h.o.Generator)
	if err == nil || probe.Usage != (llm.Usage{}) {
		model := probe.Model
		if model == "" {
			model = h.o.Model
		}
		h.o.Usage.Record(ctx, models.DefaultWorkspaceID, UsageLLM, h.o.Provider, model, probe.Calls, probe.Usage.PromptTokens, probe.Usage.CompletionTokens)
	}
	var failed *llm.Error
	switch {
	case err == nil:
		h.set("")
	case errors.Is(err, context.Canceled):
	case errors.As(err, &failed):
		h.set(failed.Failure)
	case errors.Is(err, context.DeadlineExceeded):
		h.set(llm.FailureTimeout)
	default:
		h.set(llm.FailureUnavailable)
	}
}

func (h *ModelHealth) known() ModelState {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state
}

func (h *ModelHealth) old(s ModelState) bool {
	return s.CheckedAt == nil || h.o.Now().Sub(*s.CheckedAt) >= probeInterval
}

func (h *ModelHealth) set(failure llm.Failure) {
	now := h.o.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state.Healthy, h.state.Failure, h.state.CheckedAt = failure == "", string(failure), &now
}
