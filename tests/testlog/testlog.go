// Package testlog keeps what programs under test log.
package testlog

import (
	"bytes"
	"sync"
)

// Buffer collects what several goroutines write; its zero value is empty.
type Buffer struct {
	mu      sync.Mutex
	written bytes.Buffer
}

// Write appends p.
func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.written.Write(p)
}

// String returns all that was written.
func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.written.String()
}
