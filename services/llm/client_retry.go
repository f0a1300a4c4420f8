package llm

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

const (
	// maxAttempts counts the first one.
	maxAttempts = 3
	// firstBackoff is the pause before the second attempt, where the provider asks for none; it doubles from there.
	firstBackoff = 500 * time.Millisecond
)

// retry repeats an attempt that failed for a reason that may pass, as long as the deadline of ctx allows.
func retry(ctx context.Context, backoff time.Duration, attempt func() error) error {
	for n := 0; ; n++ {
		err := attempt()
		var failed *Error
		if !errors.As(err, &failed) || !failed.temporary() || n+1 == maxAttempts {
			return err
		}
		wait := max(failed.RetryAfter, jittered(backoff<<n))
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return contextError(ctx)
		}
	}
}

// jittered spreads pauses from half to one and a half times d, so that clients which failed together don't return
// together.
func jittered(d time.Duration) time.Duration {
	return d/2 + rand.N(d+1)
}
