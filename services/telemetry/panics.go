package telemetry

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// maxFrames bounds the stack that is kept of a panic.
const maxFrames = 64

// panicError is a panic that was recovered.
type panicError struct {
	what  string
	stack []uintptr
}

// Recovered makes an error of what recover returned; it must be called in the function that recovers. Of a value that
// is not the runtime's own it keeps the type only, for the value may quote what was worked on.
func Recovered(value any) error {
	what := fmt.Sprintf("panic of type %T", value)
	if err, ok := value.(runtime.Error); ok {
		what = "panic: " + err.Error()
	}
	stack := make([]uintptr, maxFrames)
	return &panicError{what: what + "\n" + string(debug.Stack()), stack: stack[:runtime.Callers(2, stack)]}
}

// Error returns what happened, and where.
func (p *panicError) Error() string { return p.what }

// StackTrace returns the program counters of the panicking goroutine.
func (p *panicError) StackTrace() []uintptr { return p.stack }
