// Package cache keeps the answers of language models, and makes one call for any number of identical requests: in
// this process and in every other one that shares the database.
package cache

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"gorm.io/gorm"
)

// Outcome tells where an answer came from.
type Outcome string

// A request is answered from the cache, by a call of its own because there was no answer or only an expired one, or
// with the answer of another request's call.
const (
	Hit     Outcome = "hit"
	Miss    Outcome = "miss"
	Expired Outcome = "expired"
	Shared  Outcome = "shared"
)

// The limits that zero Options stand for.
const (
	defaultLease          = 15 * time.Second
	defaultMaxDeleteBatch = 500
	// largestDeleteBatch keeps a statement's parameters within what both databases take.
	largestDeleteBatch = 10_000
)

// Options tell where answers are kept and for how long one of several processes may be silent.
type Options struct {
	DB *gorm.DB
	// Now is the clock; nil means the system's in UTC. The clocks of processes that share a database must agree within
	// a sixth of the lease.
	Now func() time.Time
	// Lease is how long the process that makes a call may be silent before another one makes it; 0 means 15 s.
	Lease time.Duration
	// Count, if not nil, hears of every outcome; Miss and Expired when the call begins, the others when there is an answer.
	Count func(workspaceID, kind string, o Outcome)
	// MaxDeleteBatch bounds the rows one cleaning statement deletes; 0 means 500, and 10,000 is the most.
	MaxDeleteBatch int
	// Logger hears of answers that could not be kept and of failed cleaning; nil discards that.
	Logger *slog.Logger
}

// Store is the cache; it is safe for concurrent use.
type Store struct {
	db       *gorm.DB
	now      func() time.Time
	lease    time.Duration
	count    func(workspaceID, kind string, o Outcome)
	batch    int
	log      *slog.Logger
	cleaning sync.Mutex

	// flying are the goroutines of all flights, those that keep their leases included.
	flying sync.WaitGroup

	mu      sync.Mutex // guards flights and every flight's waiting and leading
	flights map[flightKey]*flight
}

// New returns a cache over the database's tables llm_cache and llm_flights.
func New(o Options) *Store {
	if o.Now == nil {
		o.Now = func() time.Time { return time.Now().UTC() }
	}
	if o.Lease <= 0 {
		o.Lease = defaultLease
	}
	if o.Count == nil {
		o.Count = func(string, string, Outcome) {}
	}
	if o.MaxDeleteBatch <= 0 {
		o.MaxDeleteBatch = defaultMaxDeleteBatch
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Store{
		db: o.DB, now: func() time.Time { return o.Now().UTC().Truncate(time.Microsecond) }, lease: o.Lease,
		count: o.Count, batch: min(o.MaxDeleteBatch, largestDeleteBatch), log: o.Logger, flights: map[flightKey]*flight{},
	}
}

// The types of Link.
const (
	ResumeLink = "resume"
	JobLink    = "job"
)

// Link names a résumé or job that an answer is made from.
type Link struct {
	// Type is "resume" or "job".
	Type, ID string
	// Version, if not 0, is the models.Resume.Version the request was made from: an answer for any other is not kept.
	Version int64
}

// Entry describes an answer: by what key it is found, whose it is and how long it is good.
type Entry struct {
	// Key comes from KeyOf.
	Key, WorkspaceID, Kind, Provider, Model, PromptVersion string
	// TTL is cut to whole seconds; with less than one the answer is not kept.
	TTL   time.Duration
	Links []Link
}

// Answer is what a model said.
type Answer struct {
	Response string
	// Model is the one that answered.
	Model                          string
	PromptTokens, CompletionTokens int64
}

// Result is an answer and where it came from.
type Result struct {
	Answer
	Outcome Outcome
}

// Work makes the call. Its context lives as long as anyone waits for the answer; onText is never nil, and may be left
// alone. To reach other processes its error must be a *models.Error: they get its kind and message.
type Work = func(ctx context.Context, onText func(string)) (Answer, error)

// Wait waits until every call has ended and is recorded and the database is left alone, or ctx has. It is for the end of a
// program, when nobody calls Do any more.
func (s *Store) Wait(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		s.flying.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
