package services

import (
	"context"
	"errors"
	"time"

	"resume-matcher/services/llm"
)

// Observer hears what the use of language models comes to, so that metrics can be made of it. Any of its functions
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
