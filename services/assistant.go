package services

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"resume-matcher/models"
	"resume-matcher/services/cache"
	"resume-matcher/services/llm"
	"resume-matcher/services/telemetry"
)

// ModelUse says whether a request may, must not or must be answered with a language model.
type ModelUse int

// ModelAuto uses a model where one is configured, and answers without it when it fails.
const (
	ModelAuto ModelUse = iota
	ModelNever
	ModelRequired
)

// How long answers are kept: a proposal as long as its preview, the reading of a document for a day.
const (
	answerTTL   = 24 * time.Hour
	proposalTTL = previewTTL
)

// ModelOptions name the language model the services may ask; without a Generator they answer alone.
type ModelOptions struct {
	Generator llm.Generator
	Provider  string
	Name      string
	// Parameters are what else shapes an answer, such as the address and the temperature: part of the cache key.
	Parameters any
	// Redact replaces the person's name and contact data by placeholders before a call and puts them back after it.
	Redact bool
	// Timeout bounds what one request waits for the model, however often it is asked; 0 means a minute.
	Timeout time.Duration
	// Embedder makes vectors for the semantic comparison; nil means none. EmbedderParameters are for it what Parameters
	// are for the model.
	Embedder           *llm.Embedder
	EmbedderParameters any
	// Prompts are needed with a Generator.
	Prompts *llm.Prompts
	Prices  Prices
	// DailyTokens is what a workspace may use in a UTC day; 0 means no limit.
	DailyTokens int64
	// CacheDeleteBatch bounds the rows one statement of the cache's cleaning deletes; 0 means the cache's own bound.
	CacheDeleteBatch int
}

// Assistant asks the language model on behalf of the use cases: cached, counted, within the budget.
type Assistant struct {
	options ModelOptions
	prompts *llm.Prompts
	store   *cache.Store
	usage   *Usage
	health  *ModelHealth
	observe Observer
	now     func() time.Time
	// stopping ends when the program stops: then nobody waits for a model any more.
	stopping context.Context
	stop     context.CancelFunc
	// pausedUntil is when embeddings are tried again, in nanoseconds of the Unix clock.
	pausedUntil atomic.Int64
}

// question is one thing to ask; links name what its answer is made from.
type question struct {
	workspaceID string
	prompt      llm.Prompt
	ttl         time.Duration
	links       []cache.Link
	onText      func(string)
}

// configured tells whether there is a model to ask.
func (a *Assistant) configured() bool { return a.options.Generator != nil }

// wanted tells whether a request is to be answered with the model.
//
// Errors: AI_PROVIDER_UNAVAILABLE when the request demands a model and there is none.
func (a *Assistant) wanted(use ModelUse) (bool, error) {
	if use == ModelRequired && !a.configured() {
		return false, models.NewError(models.KindAIUnavailable,
			"No language model is configured. Leave require_llm out for the deterministic answer.")
	}
	return use != ModelNever && a.configured(), nil
}

// ask returns the model's answer as JSON that keeps the prompt's schema, from the cache where it was asked before.
func (a *Assistant) ask(ctx context.Context, q question) (string, error) {
	key, err := cache.KeyOf(q.workspaceID, a.options.Provider, a.options.Name, q.prompt.Version, a.options.Parameters, q.prompt.Messages)
	if err != nil {
		return "", err
	}
	entry := cache.Entry{
		Key: key, WorkspaceID: q.workspaceID, Kind: q.prompt.Kind, Provider: a.options.Provider, Model: a.options.Name,
		PromptVersion: q.prompt.Version, TTL: q.ttl, Links: q.links,
	}
	result, err := a.do(ctx, entry, q.onText, func(ctx context.Context, onText func(string)) (cache.Answer, error) {
		return a.call(ctx, q, onText)
	})
	return result.Response, err
}

type deadlineKey struct{}

// bounded starts the clock of a request that may ask the model more than once.
func (a *Assistant) bounded(ctx context.Context) context.Context {
	if ctx.Value(deadlineKey{}) != nil {
		return ctx
	}
	return context.WithValue(ctx, deadlineKey{}, time.Now().Add(a.timeout()))
}

func (a *Assistant) timeout() time.Duration {
	if a.options.Timeout <= 0 {
		return time.Minute
	}
	return a.options.Timeout
}

// do asks the cache, for no longer than the request may wait for the model and the program runs.
func (a *Assistant) do(ctx context.Context, e cache.Entry, onText func(string), work cache.Work) (cache.Result, error) {
	deadline, _ := a.bounded(ctx).Value(deadlineKey{}).(time.Time)
	waiting, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	defer context.AfterFunc(a.stopping, cancel)() //nolint:contextcheck // the program's end is no request's
	result, err := a.store.Do(waiting, e, onText, timed(work, a.timeout()))
	switch {
	case err == nil, ctx.Err() != nil:
		return result, err
	case a.stopping.Err() != nil:
		return result, models.WrapError(models.KindAIUnavailable, "The server is stopping and asks no language model any more. Try again in a moment.", err)
	}
	return result, modelError(err)
}

// timed gives a call a clock of its own: it may serve others than the request that began it.
func timed(work cache.Work, timeout time.Duration) cache.Work {
	return func(ctx context.Context, onText func(string)) (cache.Answer, error) {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		return work(ctx, onText)
	}
}

// call asks the provider; a paid token is counted whatever becomes of the answer.
func (a *Assistant) call(ctx context.Context, q question, onText func(string)) (cache.Answer, error) {
	release, err := a.usage.Reserve(ctx, q.workspaceID, tokensOf(q.prompt.Messages))
	if err != nil {
		a.observe.refused()
		return cache.Answer{}, err
	}
	defer release()
	call := ModelCall{Provider: a.options.Provider, Kind: q.prompt.Kind}
	started := time.Now()
	ctx, end := telemetry.StartModelCall(ctx, "chat", call.Provider, a.options.Name, call.Kind)
	answer, err := llm.Ask(ctx, a.options.Generator, q.prompt, firstText(onText, func() { call.FirstText = time.Since(started) }))
	call.Duration, call.Outcome = time.Since(started), CallOutcome(err)
	end(answer.Usage.PromptTokens, answer.Usage.CompletionTokens, modelError(err))
	a.observe.called(call)
	a.health.Note(err)
	model := answer.Model
	if model == "" {
		model = a.options.Name
	}
	if err == nil || answer.Usage != (llm.Usage{}) {
		calls := int64(1)
		if answer.Repaired {
			calls = 2
		}
		a.usage.Record(ctx, q.workspaceID, UsageLLM, a.options.Provider, model, calls,
			answer.Usage.PromptTokens, answer.Usage.CompletionTokens)
	}
	if err != nil {
		return cache.Answer{}, modelError(err)
	}
	return cache.Answer{
		Response: answer.JSON, Model: model,
		PromptTokens: answer.Usage.PromptTokens, CompletionTokens: answer.Usage.CompletionTokens,
	}, nil
}

// tokensOf estimates a conversation's tokens at four bytes each.
func tokensOf(messages []llm.Message) int64 {
	var n int64
	for _, m := range messages {
		n += int64(len(m.Text)) / 4
	}
	return n
}

// firstText tells when the first piece of an answer came; a listener that is absent stays absent.
func firstText(onText func(string), came func()) func(string) {
	if onText == nil {
		return nil
	}
	heard := false
	return func(text string) {
		if !heard {
			heard = true
			came()
		}
		onText(text)
	}
}

// modelError gives a failed call its public message.
func modelError(err error) error {
	var failed *llm.Error
	var known *models.Error
	switch {
	case err == nil, errors.As(err, &known), errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &failed) && failed.Failure == llm.FailureTimeout, errors.Is(err, context.DeadlineExceeded):
		return models.WrapError(models.KindAITimeout, "The language model did not answer in time. Try again, or go on without it.", err)
	case errors.As(err, &failed) && failed.Failure == llm.FailureInvalid:
		return models.WrapError(models.KindAIUnavailable, "The language model gave no usable answer. Try again, or go on without it.", err)
	}
	return models.WrapError(models.KindAIUnavailable, "The language model can't be reached or refused to answer. Try again later, or go on without it.", err)
}

// isModelFailure tells whether err is one that an answer without the model makes up for.
func isModelFailure(err error) bool {
	var known *models.Error
	return errors.As(err, &known) &&
		(known.Kind == models.KindAIUnavailable || known.Kind == models.KindAITimeout || known.Kind == models.KindAIBudget)
}

// fallBack decides what a failed model means for a request: an error where the model was demanded, else a warning to go
// with the answer made without it.
func fallBack(use ModelUse, err error) (warning string, fatal error) {
	var known *models.Error
	if use == ModelRequired || !isModelFailure(err) || !errors.As(err, &known) {
		return "", err
	}
	switch known.Kind {
	case models.KindAITimeout:
		return "The language model did not answer in time; this result was made without it.", nil
	case models.KindAIBudget:
		return "The language model budget of today is used up; this result was made without it.", nil
	}
	return "The language model gave no usable answer; this result was made without it.", nil
}

// pseudonyms returns what hides the people in a posting, or nil where nothing is hidden.
func (a *Assistant) pseudonyms(posting string) *llm.Pseudonyms {
	if !a.options.Redact {
		return nil
	}
	return llm.NewPseudonyms(models.PersonalInfo{}, posting)
}

// pseudonymsOf returns what hides a résumé's person, whose data info is, in texts for the model.
func (a *Assistant) pseudonymsOf(row *models.Resume, info models.PersonalInfo, texts ...string) *llm.Pseudonyms {
	if !a.options.Redact {
		return nil
	}
	return llm.PseudonymsOf(info, row.Content, row.Filename, texts...)
}

// veil hides and shows again; a nil one changes nothing.
type veil struct{ *llm.Pseudonyms }

func (v veil) hide(text string) string {
	if v.Pseudonyms == nil {
		return text
	}
	return v.Hide(text)
}

func (v veil) resume(d models.ResumeData) models.ResumeData {
	if v.Pseudonyms == nil {
		return d
	}
	return v.HideResume(d)
}

// job hides the person in a posting's structure too; how to apply is nothing a model needs.
func (v veil) job(d models.JobData) models.JobData {
	d.ApplicationInfo = models.ApplyInfo{}
	if v.Pseudonyms == nil {
		return d
	}
	d.JobTitle, d.JobSummary, d.EmploymentType = v.Hide(d.JobTitle), v.Hide(d.JobSummary), v.Hide(d.EmploymentType)
	d.CompanyProfile = models.CompanyProfile{Name: v.Hide(d.CompanyProfile.Name), Industry: v.Hide(d.CompanyProfile.Industry)}
	d.Location = models.JobLocation{Text: v.Hide(d.Location.Text)}
	for _, list := range []*[]string{
		&d.KeyResponsibilities, &d.Qualifications.Required, &d.Qualifications.Preferred, &d.CompensationBenefits,
		&d.ExtractedKeywords, &d.RequiredLanguageNames,
	} {
		hidden := make([]string, len(*list))
		for i, text := range *list {
			hidden[i] = v.Hide(text)
		}
		*list = hidden
	}
	return d
}

func (v veil) show(text string) string {
	if v.Pseudonyms == nil {
		return text
	}
	return v.Restore(text)
}

// path returns a path of a model's answer as the résumé has it.
func (v veil) path(path string) string {
	if v.Pseudonyms == nil {
		return path
	}
	return v.RestorePath(path)
}
