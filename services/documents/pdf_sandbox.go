package documents

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// sandbox runs PDFium as WebAssembly: a hostile file can spoil its own instance and nothing else.
type sandbox struct {
	cacheDir string
	workers  int

	mu     sync.Mutex
	pool   pdfium.Pool
	cache  wazero.CompilationCache
	closed bool
	// ending ends when the sandbox is closed, and with it every document being read.
	ending context.Context
	end    context.CancelFunc
	active sync.WaitGroup
}

var errSandboxClosed = errors.New("the sandbox is closed")

// enter counts a document in, so that close waits for it, and returns a context that ends with the sandbox.
func (s *sandbox) enter(ctx context.Context) (context.Context, func(), error) {
	if _, err := s.start(ctx); err != nil {
		return nil, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, nil, errSandbox(errSandboxClosed)
	}
	s.active.Add(1)
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(s.ending, cancel)
	return ctx, func() {
		stop()
		cancel()
		s.active.Done()
	}, nil
}

// start compiles PDFium, or loads it from the compile cache, when that has not happened yet.
func (s *sandbox) start(ctx context.Context) (pdfium.Pool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errSandbox(errSandboxClosed)
	}
	if s.pool != nil {
		return s.pool, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, errTooSlow(err)
	}
	cache, _ := openCompileCache(s.cacheDir) // without one PDFs are read too, and CheckCache tells why
	pool, err := newPool(cache, s.workers)
	if err != nil && cache != nil {
		// A damaged cache must not keep PDFs from being read.
		cache.Close(context.WithoutCancel(ctx))
		cache = nil
		pool, err = newPool(nil, s.workers)
	}
	if err != nil {
		return nil, errSandbox(err)
	}
	s.pool, s.cache = pool, cache
	s.ending, s.end = context.WithCancel(context.Background())
	return pool, nil
}

// close stops what is being read and gives all memory back.
func (s *sandbox) close() error {
	s.mu.Lock()
	pool, cache := s.pool, s.cache
	s.pool, s.cache, s.closed = nil, nil, true
	s.mu.Unlock()
	if pool == nil {
		return nil
	}
	// The memory of an instance must not go while its code still runs.
	s.end()
	s.active.Wait()
	err := pool.Close()
	if cache != nil {
		err = errors.Join(err, cache.Close(context.Background()))
	}
	return err
}

// newPool compiles PDFium with nothing of the host in reach: no files, no output, a limit on memory.
func newPool(cache wazero.CompilationCache, workers int) (pdfium.Pool, error) {
	config := wazero.NewRuntimeConfig().
		// PDFium returns from errors by exceptions.
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(maxGuestPages).
		// Without it a file that makes PDFium loop could not be stopped.
		WithCloseOnContextDone(true)
	if cache != nil {
		config = config.WithCompilationCache(cache)
	}
	return webassembly.Init(webassembly.Config{
		Context:       withGuestMemory(context.Background()),
		MaxIdle:       workers,
		MaxTotal:      workers,
		RuntimeConfig: config,
		FSConfig:      wazero.NewFSConfig(), // the default would mount the host's root
		Stdout:        io.Discard,
		Stderr:        io.Discard,
	})
}

// openCompileCache fails where no folder can be trusted: then PDFium is compiled at each start.
// What lies in the folder is executed, so nobody else may write there.
func openCompileCache(dir string) (wazero.CompilationCache, error) {
	dir, err := compileCacheDir(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0 {
		return nil, errors.New("other users may write to the folder")
	}
	return wazero.NewCompilationCacheWithDir(dir)
}

// compileCacheDir returns the folder of the cache, by default one in the user's.
func compileCacheDir(dir string) (string, error) {
	if dir != "" {
		return dir, nil
	}
	base, err := os.UserCacheDir()
	return filepath.Join(base, "resume-matcher"), err
}
