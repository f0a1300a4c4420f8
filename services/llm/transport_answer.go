package llm

import (
	"context"
	"errors"
	"strings"
)

// ending is how a provider says that an answer ended.
type ending int

const (
	notEnded ending = iota
	complete
	tooLong
	refused
)

// answer is what a model has written so far.
type answer struct {
	// emit, if not nil, hears each piece of the text.
	emit func(string)
	text strings.Builder
	// began tells that some of the answer arrived, if no text yet.
	began  bool
	ending ending
	usage  Usage
}

// add fails with errTooLarge where the text gets longer than any answer should.
func (a *answer) add(text string) error {
	switch {
	case text == "":
		return nil
	case a.text.Len()+len(text) > maxAnswerBody:
		return errTooLarge
	}
	a.began = true
	a.text.WriteString(text)
	if a.emit != nil {
		a.emit(text)
	}
	return nil
}

// end notes a provider's reason to stop: "" is none, and unknown ones count as complete.
func (a *answer) end(reason string) {
	// Gemini adds its own reason after a colon.
	reason, _, _ = strings.Cut(strings.ToLower(reason), ":")
	switch reason {
	case "":
	case "length", "max_tokens", "model_context_window_exceeded", "pause_turn":
		a.ending = tooLong
	case "content_filter", "refusal", "safety", "recitation":
		a.ending = refused
	default:
		if a.ending == notEnded {
			a.ending = complete
		}
	}
}

// check says what is wrong with an answer whose reading ended with err.
func (a *answer) check(ctx context.Context, err error) *Error {
	var failure *Error
	switch {
	case ctx.Err() != nil:
		// A cancelled body can look like one that ended.
		return contextError(ctx)
	case errors.As(err, &failure):
		if a.text.Len() > 0 {
			return &Error{Failure: FailurePartial, Status: failure.Status, RetryAfter: failure.RetryAfter, cause: errBrokeOff}
		}
		return failure
	case errors.Is(err, errTooLarge):
		return &Error{Failure: FailurePartial, cause: errTooLarge}
	case a.ending == refused:
		return &Error{Failure: FailureRefused, cause: errDeclined}
	case a.ending == tooLong:
		return &Error{Failure: FailurePartial, cause: errLengthReached}
	case a.ending == notEnded && !a.began:
		return &Error{Failure: FailureUnavailable, cause: errConnection}
	case a.ending == notEnded:
		return &Error{Failure: FailurePartial, cause: errBrokeOff}
	case strings.TrimSpace(a.text.String()) == "":
		return &Error{Failure: FailurePartial, cause: errEmptyAnswer}
	}
	return nil
}

// bytesPerToken is about what the tokens of English text are long.
const bytesPerToken = 4

// tokens returns what the provider counted. Where it counted nothing, about four bytes of the prompt and of the text that
// arrived are taken for a token; an answer that never began costs nothing.
func (x *exchange) tokens() Usage {
	u := x.answer.usage
	failed := !x.answer.began || x.failure != nil && x.failure.Status != 0
	if failed && u == (Usage{}) && x.answer.text.Len() == 0 {
		return u
	}
	if u.PromptTokens == 0 {
		u.PromptTokens = int64(x.promptBytes / bytesPerToken)
	}
	if u.CompletionTokens == 0 {
		u.CompletionTokens = int64((x.answer.text.Len() + bytesPerToken - 1) / bytesPerToken)
	}
	return u
}
