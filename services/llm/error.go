package llm

import "time"

// Failure classifies why a model gave no answer.
type Failure string

// The failures of a call.
const (
	FailureRateLimited Failure = "rate_limited" // 429 after all retries
	FailureUnavailable Failure = "unavailable"  // 5xx, or no connection, after all retries
	FailureRefused     Failure = "refused"      // wrong key, unknown model, a request the provider does not take, or the model declines
	FailureTimeout     Failure = "timeout"      // the deadline of Options.Timeout passed
	FailurePartial     Failure = "partial"      // the answer broke off, or reached its largest length
	FailureInvalid     Failure = "invalid"      // the answer is not what the schema asks for, after a repair
)

// Error is a failed call. It never holds the prompt, the answer, a key or an address.
type Error struct {
	Failure Failure
	// Status is the provider's HTTP status, 0 where there was none.
	Status int
	// RetryAfter is how long the provider asked to wait, 0 where it did not say.
	RetryAfter time.Duration
	cause      error
}

// Error names the failure and the status.
func (e *Error) Error() string { return "language model: " + string(e.Failure) }

// Unwrap returns the private cause.
func (e *Error) Unwrap() error { return e.cause }
