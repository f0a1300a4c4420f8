//go:build linux || darwin || freebsd

package documents

import (
	"context"
	"syscall"

	"github.com/tetratelabs/wazero/experimental"
)

// withGuestMemory makes sandboxes reserve their largest memory at once: the kernel commits a page when it is
// touched, growing copies nothing, and the end of a document gives all of it back without waiting for the
// garbage collector.
func withGuestMemory(ctx context.Context) context.Context {
	return experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(reserveMemory))
}

type reservedMemory struct{ pages []byte }

func reserveMemory(_, maximum uint64) experimental.LinearMemory {
	pages, err := syscall.Mmap(-1, 0, int(maximum), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		return &reservedMemory{}
	}
	return &reservedMemory{pages: pages}
}

// Reallocate returns the first size bytes, or nil when that is more than was reserved.
func (m *reservedMemory) Reallocate(size uint64) []byte {
	if size > uint64(len(m.pages)) {
		return nil
	}
	return m.pages[:size:len(m.pages)]
}

// Free unmaps the memory; the sandbox calls it once its code has stopped.
func (m *reservedMemory) Free() {
	if m.pages != nil {
		// There is nobody to tell, and nothing but the reservation is lost.
		_ = syscall.Munmap(m.pages)
		m.pages = nil
	}
}
