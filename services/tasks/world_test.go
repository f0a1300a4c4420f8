package tasks_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/tasks"
	"resume-matcher/tests/testclock"
	"resume-matcher/tests/testdb"
	"resume-matcher/tests/testlog"
)

// patience bounds every wait of the tests.
const patience = time.Minute

const kind = "test.work"

// world is one database with a workspace in it.
type world struct {
	t         testing.TB
	options   models.OpenOptions
	db        *gorm.DB
	workspace string
	clock     *testclock.Clock
	log       testlog.Buffer

	mu     sync.Mutex
	events []tasks.Event
}

func newWorld(t testing.TB) *world {
	t.Helper()
	o := testdb.Migrated(t)
	w := &world{t: t, options: o, db: testdb.Connect(t, o), clock: testclock.At(time.Now().UTC().Truncate(time.Second))}
	w.workspace = w.newWorkspace()
	return w
}

func (w *world) newWorkspace() string {
	w.t.Helper()
	row := models.Workspace{Name: "test", CreatedAt: time.Now().UTC(), LastUsedAt: time.Now().UTC()}
	require.NoError(w.t, w.db.Create(&row).Error)
	return row.ID
}

// queue returns a queue with database connections of its own, as another replica would have, on the system's clock.
func (w *world) queue(change ...func(*tasks.Options)) *tasks.Queue {
	w.t.Helper()
	o := tasks.Options{
		DB: testdb.Connect(w.t, w.options), Poll: 20 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(&w.log, nil)),
		Observe: func(e tasks.Event) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if e.Kind != "tasks.clean" {
				w.events = append(w.events, e)
			}
		},
	}
	for _, c := range change {
		c(&o)
	}
	return tasks.New(o)
}

// clocked returns a queue on the world's clock, which stands still: there a lease ends only when the test says so, however
// short it is.
func (w *world) clocked(change ...func(*tasks.Options)) *tasks.Queue {
	w.t.Helper()
	return w.queue(append(change, func(o *tasks.Options) { o.Now = w.clock.Now })...)
}

// add enqueues the workspace's task of the tests' kind, and returns its id.
func (w *world) add(q *tasks.Queue, change ...func(*tasks.Task)) string {
	w.t.Helper()
	task := tasks.Task{Kind: kind, WorkspaceID: w.workspace}
	for _, c := range change {
		c(&task)
	}
	var id string
	require.NoError(w.t, q.Transaction(w.t.Context(), func(tx *gorm.DB) (err error) {
		id, _, err = q.Enqueue(tx, task)
		return err
	}))
	return id
}

func (w *world) task(id string) models.Task {
	w.t.Helper()
	var row models.Task
	require.NoError(w.t, w.db.Take(&row, "id = ?", id).Error)
	return row
}

func (w *world) count(where ...any) int64 {
	w.t.Helper()
	var n int64
	query := w.db.Model(&models.Task{}).Where("kind = ?", kind)
	if len(where) > 0 {
		query = query.Where(where[0], where[1:]...)
	}
	require.NoError(w.t, query.Count(&n).Error)
	return n
}

func (w *world) round(q *tasks.Queue) {
	w.t.Helper()
	_, err := q.RunOnce(w.t.Context())
	require.NoError(w.t, err)
}

// run starts a queue in the background. Calling what it returns ends it and waits for that.
func (w *world) run(q *tasks.Queue) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		q.Run(ctx)
	}()
	stop = func() {
		cancel()
		w.await(ended, "the end of Run")
	}
	w.t.Cleanup(stop)
	return stop
}

// outcomes returns how the attempts so far ended.
func (w *world) outcomes() []tasks.Outcome {
	w.mu.Lock()
	defer w.mu.Unlock()
	outcomes := []tasks.Outcome{}
	for _, e := range w.events {
		outcomes = append(outcomes, e.Outcome)
	}
	return outcomes
}

func (w *world) eventually(condition func() bool, what string) {
	w.t.Helper()
	require.Eventually(w.t, condition, patience, 5*time.Millisecond, what)
}

func (w *world) await(signal <-chan struct{}, what string) {
	w.t.Helper()
	select {
	case <-signal:
	case <-time.After(patience):
		require.Fail(w.t, "did not happen: "+what)
	}
}

// held is work that tells when it begins and goes on until it is let go, or its context ends.
type held struct{ began, letGo, cancelled chan struct{} }

func hold() *held {
	return &held{began: make(chan struct{}), letGo: make(chan struct{}), cancelled: make(chan struct{})}
}

func (h *held) work(ctx context.Context, _ *tasks.Job) error {
	close(h.began)
	select {
	case <-h.letGo:
		return nil
	case <-ctx.Done():
		close(h.cancelled)
		return ctx.Err()
	}
}

func nothing(context.Context, *tasks.Job) error { return nil }
