package llm

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// Failure classifies why a model gave no answer.
type Failure string

// The failures of a call.
const (
	FailureRateLimited Failure = "rate_limited" // 429 after all retries
	FailureUnavailable Failure = "unavailable"  // 5xx, or no connection, after all retries
	FailureRefused     Failure = "refused"      // wrong key, unknown model, a request the provider does not take, or the model declines
	FailureTimeout     Failure = "timeout"      // the deadline of Options.Timeout passed
	FailureCancelled   Failure = "cancelled"    // the caller left
	FailurePartial     Failure = "partial"      // the answer broke off, is empty, or reached its largest length
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
	// unknownModel tells that the provider does not have this model.
	unknownModel bool
}

// Error names the failure and the status.
func (e *Error) Error() string {
	if e.Status == 0 {
		return "language model: " + string(e.Failure)
	}
	return fmt.Sprintf("language model: %s, status %d", e.Failure, e.Status)
}

// Unwrap returns the private cause.
func (e *Error) Unwrap() error { return e.cause }

// temporary tells that the same request may succeed a little later; no text was streamed then.
func (e *Error) temporary() bool {
	return e.Failure == FailureRateLimited || e.Failure == FailureUnavailable
}

// The private causes: errors of the network quote addresses, those of parsers the answer, so neither is kept.
var (
	errPublicAddress = errors.New("the address is neither loopback nor private")
	errCertificate   = errors.New("the certificate is not valid for the server")
	errNoSuchHost    = errors.New("the host is not known")
	errConnection    = errors.New("the connection failed")
	errBrokeOff      = errors.New("the answer broke off")
	errEmptyAnswer   = errors.New("the answer is empty")
	errTooLarge      = errors.New("the answer is too large")
	errLengthReached = errors.New("the answer reached its largest length")
	errDeclined      = errors.New("the model declines to answer")
	errProtocol      = errors.New("the server does not speak the provider's protocol")
	errLibrary       = errors.New("the request or the answer could not be converted")
)

// contextError is the failure of a call whose deadline passed or whose caller left, nil while neither is true.
func contextError(ctx context.Context) *Error {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &Error{Failure: FailureTimeout, cause: context.DeadlineExceeded}
	case ctx.Err() != nil:
		return &Error{Failure: FailureCancelled, cause: context.Canceled}
	}
	return nil
}

// connectionError classifies why no answer began.
func connectionError(ctx context.Context, err error) *Error {
	if failure := contextError(ctx); failure != nil {
		return failure
	}
	var (
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		dns         *net.DNSError
		errno       syscall.Errno
	)
	switch {
	case errors.Is(err, errPublicAddress):
		return &Error{Failure: FailureRefused, cause: errPublicAddress}
	case errors.As(err, &certificate), errors.As(err, &record):
		return &Error{Failure: FailureRefused, cause: errCertificate}
	case errors.As(err, &dns):
		return &Error{Failure: FailureUnavailable, cause: errNoSuchHost}
	case errors.As(err, &errno):
		return &Error{Failure: FailureUnavailable, cause: errno}
	}
	return &Error{Failure: FailureUnavailable, cause: errConnection}
}

// statusError classifies an HTTP status, and the body that came with it.
func statusError(status int, header http.Header, body []byte) *Error {
	failure := &Error{Failure: FailureRefused, Status: status, RetryAfter: retryAfter(header)}
	switch {
	case status == http.StatusTooManyRequests:
		failure.Failure = FailureRateLimited
	case status == http.StatusRequestTimeout, status >= http.StatusInternalServerError:
		failure.Failure = FailureUnavailable
	}
	failure.unknownModel = status == http.StatusNotFound ||
		failure.Failure == FailureRefused && (bytes.Contains(body, []byte("model_not_found")) || bytes.Contains(body, []byte("not a valid model")))
	return failure
}

// maxRetryAfter bounds what a server may ask to wait.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads the header of RFC 9110, section 10.2.3: seconds, or a date.
func retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(min(max(seconds, 0), int(maxRetryAfter/time.Second))) * time.Second
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(time.Until(date), 0), maxRetryAfter)
}
