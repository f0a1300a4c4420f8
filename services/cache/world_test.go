package cache_test

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/cache"
	"resume-matcher/tests/testclock"
	"resume-matcher/tests/testdb"
	"resume-matcher/tests/testlog"
)

// patience bounds every wait of the tests.
const patience = time.Minute

// lease is longer than any test, so that none ends by itself.
const lease = time.Hour

// world is one database with a workspace and a résumé in it.
type world struct {
	t         testing.TB
	options   models.OpenOptions
	db        *gorm.DB
	workspace string
	resume    models.Resume
	clock     *testclock.Clock
	log       testlog.Buffer
	outcomes  sync.Map // cache.Outcome → *atomic.Int64
}

func newWorld(t testing.TB) *world {
	t.Helper()
	o := testdb.Migrated(t)
	w := &world{t: t, options: o, db: testdb.Connect(t, o), clock: testclock.At(time.Now().UTC().Truncate(time.Second))}
	w.workspace = w.newWorkspace()
	w.resume = models.Resume{WorkspaceID: w.workspace, Origin: models.OriginUpload, Content: "# Mira Example", ProcessingStatus: models.StatusReady}
	require.NoError(t, w.db.Create(&w.resume).Error)
	return w
}

func (w *world) newWorkspace() string {
	w.t.Helper()
	row := models.Workspace{Name: "test", CreatedAt: time.Now().UTC(), LastUsedAt: time.Now().UTC()}
	require.NoError(w.t, w.db.Create(&row).Error)
	return row.ID
}

// store returns a cache with database connections of its own, as another process would have, on the system's clock.
func (w *world) store(change ...func(*cache.Options)) *cache.Store {
	w.t.Helper()
	o := cache.Options{
		DB: testdb.Connect(w.t, w.options), Lease: lease, Logger: slog.New(slog.NewTextHandler(&w.log, nil)),
		Count: func(_, _ string, o cache.Outcome) {
			n, _ := w.outcomes.LoadOrStore(o, new(atomic.Int64))
			n.(*atomic.Int64).Add(1)
		},
	}
	for _, c := range change {
		c(&o)
	}
	s := cache.New(o)
	w.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		require.NoError(w.t, s.Wait(ctx), "calls go on after the test")
	})
	return s
}

// clocked returns a store on the world's clock, which stands still.
func (w *world) clocked(change ...func(*cache.Options)) *cache.Store {
	w.t.Helper()
	return w.store(append(change, func(o *cache.Options) { o.Now = w.clock.Now })...)
}

// footprints count what a store has done to the flights in the database.
type footprints struct {
	claims atomic.Int64 // tries to lead a call
	looks  atomic.Int64 // tries to give one up that nobody here waits for
}

func (f *footprints) watch(o *cache.Options) {
	count := func(n *atomic.Int64) func(*gorm.DB) {
		return func(tx *gorm.DB) {
			if tx.Statement.Table == (models.LLMFlight{}).TableName() {
				n.Add(1)
			}
		}
	}
	callbacks := o.DB.Callback()
	_ = callbacks.Create().After("gorm:create").Register("test:claim", count(&f.claims))
	_ = callbacks.Delete().After("gorm:delete").Register("test:look", count(&f.looks))
}

func (w *world) counted(o cache.Outcome) int64 {
	n, ok := w.outcomes.Load(o)
	if !ok {
		return 0
	}
	return n.(*atomic.Int64).Load()
}

// entry returns an entry made from the résumé, whose key depends on name.
func (w *world) entry(name string) cache.Entry {
	w.t.Helper()
	key, err := cache.KeyOf(w.workspace, "test", "model", "1", nil, name)
	require.NoError(w.t, err)
	return cache.Entry{
		Key: key, WorkspaceID: w.workspace, Kind: "tailor", Provider: "test", Model: "model", PromptVersion: "1",
		TTL: time.Hour, Links: []cache.Link{{Type: cache.ResumeLink, ID: w.resume.ID}},
	}
}

func (w *world) rows(model any) int64 {
	w.t.Helper()
	var n int64
	require.NoError(w.t, w.db.Model(model).Count(&n).Error)
	return n
}

// eventually waits for what another goroutine or process does.
func (w *world) eventually(condition func() bool, what string) {
	w.t.Helper()
	require.Eventually(w.t, condition, patience, 5*time.Millisecond, what)
}

// wanted tells whether another process waits for the entry's answer.
func (w *world) wanted(e cache.Entry) bool {
	row, err := w.flight(e)
	return err == nil && row.WantedUntil.After(time.Now())
}

// awaitFollower waits until another process has said, by the world's clock as it stands, that it waits for the entry's
// answer under a lease of some length.
func (w *world) awaitFollower(e cache.Entry, lease time.Duration) {
	w.t.Helper()
	until := w.clock.Now().Add(lease / 3)
	w.eventually(func() bool {
		row, err := w.flight(e)
		return err == nil && row.WantedUntil.Equal(until)
	}, "another process waits")
}

// flight returns the call for the entry that is under way in any process.
func (w *world) flight(e cache.Entry) (models.LLMFlight, error) {
	var row models.LLMFlight
	err := w.db.Where("cache_key = ?", e.Key).Take(&row).Error
	return row, err
}

// outcome is what a call of Do came to.
type outcome struct {
	result cache.Result
	err    error
}

// start calls Do in a goroutine of its own.
func start(ctx context.Context, s *cache.Store, e cache.Entry, onText func(string), work cache.Work) <-chan outcome {
	out := make(chan outcome, 1)
	go func() {
		result, err := s.Do(ctx, e, onText, work)
		out <- outcome{result, err}
	}()
	return out
}

func (w *world) receive(from <-chan outcome) outcome {
	w.t.Helper()
	select {
	case o := <-from:
		return o
	case <-time.After(patience):
		require.Fail(w.t, "the call did not return")
		return outcome{}
	}
}

// await waits for a signal of the work.
func (w *world) await(signal <-chan struct{}, what string) {
	w.t.Helper()
	select {
	case <-signal:
	case <-time.After(patience):
		require.Fail(w.t, "did not happen: "+what)
	}
}

// answering is work that answers at once, and counts its calls.
func answering(calls *atomic.Int64, text string) cache.Work {
	return func(context.Context, func(string)) (cache.Answer, error) {
		calls.Add(1)
		return cache.Answer{Response: text, Model: "model", PromptTokens: 7, CompletionTokens: 3}, nil
	}
}

// neverCalled is the work of requests that must be answered without.
func neverCalled(t testing.TB) cache.Work {
	return func(context.Context, func(string)) (cache.Answer, error) {
		t.Error("a call was made that should not have been")
		return cache.Answer{}, nil
	}
}

// held is work that begins, waits until it is let go or cancelled, and answers.
type held struct {
	began, cancelled, letGo chan struct{}
	answer                  cache.Answer
	err                     error
}

func hold(text string) *held {
	return &held{
		began: make(chan struct{}), cancelled: make(chan struct{}), letGo: make(chan struct{}),
		answer: cache.Answer{Response: text, Model: "model"},
	}
}

func (h *held) work(ctx context.Context, _ func(string)) (cache.Answer, error) {
	close(h.began)
	select {
	case <-h.letGo:
		return h.answer, h.err
	case <-ctx.Done():
		close(h.cancelled)
		return cache.Answer{}, ctx.Err()
	}
}
