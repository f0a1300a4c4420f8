package telemetry

import (
	"context"
	"errors"
	"fmt"

	"resume-matcher/models"
)

// ErrorType names what kind of error err is, without its text: the kind of a *models.Error, that a context ended, or the
// Go type of the innermost cause.
func ErrorType(err error) string {
	var known *models.Error
	switch {
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.As(err, &known) && known.Kind != models.KindInternal:
		return string(known.Kind)
	}
	return causeType(err)
}

// maxCauses bounds how far a chain of errors is followed.
const maxCauses = 32

// causeType returns the Go type of the innermost error, the first of those that are joined.
func causeType(err error) string {
	for range maxCauses {
		inner := errors.Unwrap(err)
		if joined, ok := err.(interface{ Unwrap() []error }); ok && len(joined.Unwrap()) > 0 {
			inner = joined.Unwrap()[0]
		}
		if inner == nil {
			break
		}
		err = inner
	}
	if _, ok := err.(*panicError); ok { //nolint:errorlint // the innermost one is looked at
		return "panic"
	}
	return fmt.Sprintf("%T", err)
}
