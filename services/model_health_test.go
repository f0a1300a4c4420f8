package services

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/llm"
	"resume-matcher/tests/testclock"
	"resume-matcher/tests/testdb"
)

// scripted is a model that answers as a test wants, and tells of each call.
type scripted struct {
	answer func(context.Context) (llm.Response, error)
	calls  chan struct{}
}

func (s scripted) Generate(ctx context.Context, _ llm.Request, _ func(string)) (llm.Response, error) {
	s.calls <- struct{}{}
	return s.answer(ctx)
}

func answering(text string) scripted {
	return scripted{
		answer: func(context.Context) (llm.Response, error) {
			return llm.Response{Text: text, Model: "m", Usage: llm.Usage{PromptTokens: 30, CompletionTokens: 20}}, nil
		},
		calls: make(chan struct{}, 100),
	}
}

func failing(err error) scripted {
	return scripted{answer: func(context.Context) (llm.Response, error) { return llm.Response{}, err }, calls: make(chan struct{}, 100)}
}

// watch runs the probes of a health until the test ends.
func watch(t *testing.T, h *ModelHealth) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { h.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
}

// checked waits for what a probe found out.
func checked(t *testing.T, h *ModelHealth) ModelState {
	t.Helper()
	require.Eventually(t, func() bool {
		state, _ := h.State()
		return state.CheckedAt != nil
	}, 30*time.Second, time.Millisecond)
	state, _ := h.State()
	return state
}

func TestModelHealthIsProbedOnceInTheBackground(t *testing.T) {
	model := answering(`{"numbers": [1, 2, 3]}`)
	at := testclock.At(noon())
	h := NewModelHealth(ModelHealthOptions{Generator: model, Provider: "openai", Model: "m", Now: at.Now})
	state, configured := h.State()
	require.True(t, configured)
	assert.Equal(t, ModelState{Provider: "openai", Model: "m", Structured: "unknown"}, state)
	assert.Empty(t, model.calls, "without Run there is no probe")

	watch(t, h)
	state = checked(t, h)
	assert.True(t, state.Healthy)
	assert.Equal(t, noon(), *state.CheckedAt)
	for range 100 {
		h.State()
	}
	assert.Len(t, model.calls, 1)

	at.Set(noon().Add(probeInterval))
	h.State()
	require.Eventually(t, func() bool {
		state, _ := h.State()
		return state.CheckedAt.After(noon())
	}, 30*time.Second, time.Millisecond)
	assert.Len(t, model.calls, 2)
}

func TestModelHealthKnowsWhyAProbeFailed(t *testing.T) {
	for name, test := range map[string]struct {
		model scripted
		want  llm.Failure
	}{
		"wrong key":      {failing(&llm.Error{Failure: llm.FailureRefused, Status: 401}), llm.FailureRefused},
		"no connection":  {failing(&llm.Error{Failure: llm.FailureUnavailable}), llm.FailureUnavailable},
		"no JSON":        {answering("One, two, three."), llm.FailureInvalid},
		"another error":  {failing(errors.New("broken")), llm.FailureUnavailable},
		"wrapped":        {failing(fmt.Errorf("call: %w", &llm.Error{Failure: llm.FailureTimeout})), llm.FailureTimeout},
		"deadline":       {failing(context.DeadlineExceeded), llm.FailureTimeout},
		"of many others": {failing(&llm.Error{Failure: llm.FailureRateLimited, Status: 429}), llm.FailureRateLimited},
	} {
		t.Run(name, func(t *testing.T) {
			h := NewModelHealth(ModelHealthOptions{Generator: test.model, Provider: "openai", Model: "m"})
			watch(t, h)
			state := checked(t, h)
			assert.False(t, state.Healthy)
			assert.Equal(t, string(test.want), state.Failure)
		})
	}
}

func TestModelHealthLearnsFromRealCalls(t *testing.T) {
	refused := func(status int) error { return &llm.Error{Failure: llm.FailureRefused, Status: status} }
	for name, test := range map[string]struct {
		err     error
		known   bool
		healthy bool
	}{
		"answered":                  {nil, true, true},
		"wrong key":                 {refused(401), true, false},
		"unknown model":             {refused(404), true, false},
		"rate limited":              {&llm.Error{Failure: llm.FailureRateLimited}, true, false},
		"wrapped":                   {models.WrapError(models.KindAIUnavailable, "No.", &llm.Error{Failure: llm.FailureUnavailable}), true, false},
		"the request was too large": {refused(400), false, false},
		"the model declined":        {refused(0), false, false},
		"no usable answer":          {&llm.Error{Failure: llm.FailureInvalid}, false, false},
		"cut off":                   {&llm.Error{Failure: llm.FailurePartial}, false, false},
		"cancelled":                 {context.Canceled, false, false},
		"the database":              {errors.New("disk full"), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := NewModelHealth(ModelHealthOptions{Generator: answering(""), Provider: "openai", Model: "m"})
			h.Note(test.err)
			state, _ := h.State()
			assert.Equal(t, test.known, state.CheckedAt != nil)
			assert.Equal(t, test.healthy, state.Healthy)
		})
	}
}

func TestAnswersMendAFailure(t *testing.T) {
	h := NewModelHealth(ModelHealthOptions{Generator: answering(""), Provider: "openai", Model: "m"})
	h.Note(&llm.Error{Failure: llm.FailureTimeout})
	h.Note(nil)
	state, _ := h.State()
	assert.True(t, state.Healthy)
	assert.Empty(t, state.Failure)
}

func TestProbesArePaidAndKeepTheBudget(t *testing.T) {
	db := testdb.Open(t)
	require.NoError(t, db.Create(&models.Workspace{ID: models.DefaultWorkspaceID, Name: "default", LastUsedAt: noon()}).Error)
	usage := newTestUsage(db, func(o *UsageOptions) { o.DailyTokens = 50 })
	model := answering(`{"numbers": [1]}`)
	h := NewModelHealth(ModelHealthOptions{Generator: model, Provider: "openai", Model: "m", Usage: usage})
	h.probe(t.Context())
	rows := usageRows(t, db, models.DefaultWorkspaceID)
	require.Len(t, rows, 1)
	assert.EqualValues(t, 50, rows[0].PromptTokens+rows[0].CompletionTokens)
	h.probe(t.Context())
	assert.Len(t, model.calls, 1, "the budget is used up")
}

func TestAProbeEndsWithTheProgram(t *testing.T) {
	model := scripted{
		answer: func(ctx context.Context) (llm.Response, error) {
			<-ctx.Done()
			return llm.Response{}, ctx.Err()
		},
		calls: make(chan struct{}, 1),
	}
	h := NewModelHealth(ModelHealthOptions{Generator: model, Provider: "openai", Model: "m"})
	ctx, cancel := context.WithCancel(t.Context())
	h.State()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		h.Run(ctx)
	}()
	<-model.calls
	cancel()
	<-ended
	assert.Nil(t, h.known().CheckedAt, "the end of the program says nothing about the model")
}

func TestNoModelIsNotWatched(t *testing.T) {
	h := NewModelHealth(ModelHealthOptions{})
	require.Nil(t, h)
	h.Note(nil)
	h.Run(t.Context())
	_, configured := h.State()
	assert.False(t, configured)
}
