package services

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"

	"resume-matcher/models"
	"resume-matcher/services/documents"
	"resume-matcher/services/structure"
)

// readings let uploads of one file at the same time share the reading of it. Their callers' writes stay their own: the
// unique index decides whose row it is, between replicas too.
type readings struct {
	mu       sync.Mutex
	underway map[fileKey]*reading
}

// fileKey never crosses workspaces: how soon an answer comes must not tell what another one holds.
type fileKey struct{ workspaceID, fileHash string }

// reading is what came of a file. It is found by others until its last caller has left, hence has stored it.
type reading struct {
	// waiting counts the callers; the registry's lock guards it.
	waiting int
	cancel  context.CancelFunc
	// done is closed when what follows is set.
	done chan struct{}
	// held is the id of the résumé that holds the file already, empty if none does.
	held string
	doc  documents.Document
	// parse structures the text, once for all callers.
	parse func() (structure.Resume, error)
	err   error
}

func newReadings() *readings { return &readings{underway: map[fileKey]*reading{}} }

// join returns the reading of a file under way, or begins one with work. Every caller must leave it, once it has stored
// what it read: who comes later finds that in the database.
func (s *readings) join(ctx context.Context, key fileKey, work func(context.Context, *reading) error) (r *reading, leave func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, found := s.underway[key]
	if !found {
		r = &reading{done: make(chan struct{})}
		// The first caller may go while others still wait; the work ends with the last.
		ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
		s.underway[key] = r
		go func() {
			defer close(r.done)
			if r.err = guarded(ctx, r, work); r.err != nil {
				s.forget(key, r)
			}
		}()
	}
	r.waiting++
	return r, func() { s.leave(key, r) }
}

func (s *readings) leave(key fileKey, r *reading) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.waiting--; r.waiting > 0 {
		return
	}
	r.cancel()
	if s.underway[key] == r {
		delete(s.underway, key)
	}
}

// forget lets later callers try again what has failed.
func (s *readings) forget(key fileKey, r *reading) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.underway[key] == r {
		delete(s.underway, key)
	}
}

// wait returns when the reading has ended, or with ctx.
func (r *reading) wait(ctx context.Context) error {
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// guarded turns a panic into an error: it happens in a goroutine that no server guards.
func guarded(ctx context.Context, r *reading, work func(context.Context, *reading) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			// The value may quote the document; its type and the stack do not.
			err = models.WrapError(models.KindInternal, "The document could not be read.", fmt.Errorf("panic of type %T\n%s", p, debug.Stack()))
		}
	}()
	return work(ctx, r)
}

// read shares the extraction of a file with those who upload it too.
func (r *Resumes) read(ctx context.Context, workspaceID, filename, fileHash string, data []byte) (*reading, func()) {
	return r.readings.join(ctx, fileKey{workspaceID, fileHash}, func(ctx context.Context, out *reading) (err error) {
		// Whoever left an earlier reading has stored it, perhaps since this caller looked.
		if out.held, err = r.findFile(ctx, workspaceID, fileHash); err != nil || out.held != "" {
			return err
		}
		if out.doc, err = r.extractor.Extract(ctx, data, filename); err != nil {
			return err
		}
		out.parse = sync.OnceValues(func() (structure.Resume, error) { return r.parse(out.doc.Markdown) })
		return checkLength(out.doc.Markdown)
	})
}
