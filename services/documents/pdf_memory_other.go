//go:build !(linux || darwin || freebsd)

package documents

import "context"

// withGuestMemory leaves memory to the sandbox where it can't be reserved.
func withGuestMemory(ctx context.Context) context.Context { return ctx }
