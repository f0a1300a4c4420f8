package services

import (
	"context"
	"errors"
	"time"

	"resume-matcher/models"
	"resume-matcher/services/llm"
	"resume-matcher/services/tasks"
)

// Observer hears what the services do, so that metrics can be made of it. Any of its functions
// may be nil; they are called from many goroutines at once, and hear neither ids nor texts.
type Observer struct {
	// Called hears of each finished call of a model, answered or failed.
	Called func(ModelCall)
	// Paid hears of the tokens that a provider counted.
	Paid func(ModelCost)
	// Cached hears whether an answer of a kind was found in the cache: hit, miss, expired or shared.
	Cached func(kind, outcome string)
	// Judged hears the fact gate's verdicts: "supported", or the rule that a claim broke.
	Judged func(verdict string)
	// Refused hears of each call that a used up budget prevented.
	Refused func()
	// Extracting hears of documents that begin (1) and cease (-1) to be read or to wait for that.
	Extracting func(change int)
	// Extracted hears of each document whose text was taken out, or not.
	Extracted func(Extraction)
	// Uploaded hears what became of each upload of a résumé: stored, deferred, duplicate or refused.
	Uploaded func(outcome string)
	// Worked hears of each attempt at a task.
	Worked func(tasks.Event)
}

// ModelCall is one finished call, its retries and its repair included.
type ModelCall struct {
	Provider string
	// Kind is that of the prompt, a name in the program.
	Kind string
	// Outcome is that of CallOutcome.
	Outcome  string
	Duration time.Duration
	// FirstText is the time until the first piece of the answer; 0 if it did not come in pieces.
	FirstText time.Duration
}

// ModelCost is what one call used.
type ModelCost struct {
	// Kind is UsageLLM or UsageEmbedding.
	Kind                           string
	Provider                       string
	PromptTokens, CompletionTokens int64
	// InputMicros and OutputMicros are millionths of a US dollar.
	InputMicros, OutputMicros int64
}

// CallOutcome names how a call ended: "answered", an llm.Failure, "cancelled" or "failed".
func CallOutcome(err error) string {
	var failed *llm.Error
	switch {
	case err == nil:
		return "answered"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.As(err, &failed):
		return string(failed.Failure)
	}
	return "failed"
}

func (o Observer) called(c ModelCall) {
	if o.Called != nil {
		o.Called(c)
	}
}

func (o Observer) paid(c ModelCost) {
	if o.Paid != nil {
		o.Paid(c)
	}
}

func (o Observer) cached(kind, outcome string) {
	if o.Cached != nil {
		o.Cached(kind, outcome)
	}
}

func (o Observer) judged(verdict string) {
	if o.Judged != nil {
		o.Judged(verdict)
	}
}

func (o Observer) refused() {
	if o.Refused != nil {
		o.Refused()
	}
}

func (o Observer) extracted(e Extraction) {
	if o.Extracted != nil {
		o.Extracted(e)
	}
}

// uploaded tells what an upload came to. One that nobody waited for any more was neither taken nor refused.
func (o Observer) uploaded(u Uploaded, err error) {
	if o.Uploaded == nil || errors.Is(err, context.Canceled) {
		return
	}
	switch {
	case err != nil:
		o.Uploaded("refused")
	case u.Duplicate:
		o.Uploaded("duplicate")
	case u.Status == models.StatusReady:
		o.Uploaded("stored")
	default:
		o.Uploaded("deferred")
	}
}

func (o Observer) extracting(change int) {
	if o.Extracting != nil {
		o.Extracting(change)
	}
}
