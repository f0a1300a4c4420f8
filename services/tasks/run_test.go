package tasks_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/tasks"
)

// addMany enqueues tasks of the program's own, of which any number may wait.
func (w *world) addMany(q *tasks.Queue, n int) {
	w.t.Helper()
	require.NoError(w.t, q.Transaction(w.t.Context(), func(tx *gorm.DB) error {
		for i := range n {
			if _, _, err := q.Enqueue(tx, tasks.Task{Kind: kind, Args: i}); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestTwoRunnersDoEachOfAThousandTasksOnce(t *testing.T) {
	w := newWorld(t)
	const n = 1000
	var runs, under, most atomic.Int64
	var seen sync.Map
	work := func(_ context.Context, j *tasks.Job) error {
		if now := under.Add(1); now > most.Load() {
			most.Store(now)
		}
		defer under.Add(-1)
		runs.Add(1)
		var i int
		seen.Store(j.ID, true)
		return j.Decode(&i)
	}
	queues := []*tasks.Queue{w.queue(), w.queue()}
	w.addMany(queues[0], n)
	for _, q := range queues {
		q.Handle(kind, work)
		w.run(q)
	}
	w.eventually(func() bool { return runs.Load() >= n }, "all begun")
	w.eventually(func() bool { return w.count("status = ?", models.TaskDone) == n }, "all done")
	require.EqualValues(t, n, runs.Load())
	distinct := 0
	seen.Range(func(any, any) bool { distinct++; return true })
	require.Equal(t, n, distinct)
	require.EqualValues(t, n, w.count("attempt = 1"))
	require.LessOrEqual(t, most.Load(), int64(4), "two workers each")
}

func TestEnqueueWakesTheWorkersOfItsProcess(t *testing.T) {
	w := newWorld(t)
	q := w.queue(func(o *tasks.Options) { o.Poll = time.Hour })
	q.Handle("test.first", nothing)
	q.Handle(kind, nothing)
	w.add(q, func(task *tasks.Task) { task.Kind = "test.first" })
	w.run(q)
	w.eventually(func() bool { return len(w.outcomes()) == 1 }, "the task of before")
	id := w.add(q)
	w.eventually(func() bool { return w.task(id).Status == models.TaskDone }, "the task after")
}

func TestUnknownKindsAreLeftToOthers(t *testing.T) {
	w := newWorld(t)
	old, newer := w.queue(), w.queue()
	newer.Handle(kind, nothing)
	id := w.add(old)
	w.round(old)
	row := w.task(id)
	require.Equal(t, models.TaskQueued, row.Status)
	require.Zero(t, row.Attempt)
	w.round(newer)
	require.Equal(t, models.TaskDone, w.task(id).Status)
}

func TestRunningWorkMayFinishAtShutdown(t *testing.T) {
	w := newWorld(t)
	q := w.queue(func(o *tasks.Options) { o.Grace, o.Workers = patience, 1 })
	h := hold()
	q.Handle(kind, h.work)
	first, second := w.add(q), w.add(q)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); q.Run(ctx) }()
	w.await(h.began, "the attempt")
	cancel()
	close(h.letGo)
	w.await(ended, "the end of Run")
	require.Equal(t, models.TaskDone, w.task(first).Status)
	require.Zero(t, w.task(second).Attempt)
}

func TestRunBeginsNothingOnceItIsToEnd(t *testing.T) {
	w := newWorld(t)
	id := w.add(w.queue())
	for range 20 { // an idle worker and the end are there at the same time: either might be seen first
		ctx, end := context.WithCancel(t.Context())
		q := tasks.New(tasks.Options{DB: w.db, Now: func() time.Time {
			end() // in the middle of a round
			return time.Now()
		}})
		q.Handle(kind, nothing)
		q.Run(ctx)
		require.Zero(t, w.task(id).Attempt)
	}
}

func TestWorkThatOutlastsTheGraceIsHandedBack(t *testing.T) {
	stubborn := hold()
	for name, work := range map[string]tasks.Handler{
		"that ends": func(ctx context.Context, _ *tasks.Job) error { <-ctx.Done(); return ctx.Err() },
		"that goes on": func(_ context.Context, j *tasks.Job) error {
			return stubborn.work(context.Background(), j)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			q := w.queue(func(o *tasks.Options) { o.Grace = 10 * time.Millisecond })
			q.Handle(kind, work)
			id := w.add(q, func(task *tasks.Task) { task.MaxAttempts = 1 })
			stop := w.run(q)
			w.eventually(func() bool { return w.task(id).Status == models.TaskRunning }, "the attempt")
			stop()
			row := w.task(id)
			require.Equal(t, models.TaskQueued, row.Status)
			require.Zero(t, row.Attempt)
			require.Empty(t, row.LastError)
			require.Equal(t, []tasks.Outcome{tasks.HandedBack}, w.outcomes())

			next := w.queue()
			next.Handle(kind, nothing)
			w.round(next)
			require.Equal(t, models.TaskDone, w.task(id).Status)
		})
	}
	close(stubborn.letGo)
}

func TestARoundDoesWhatIsDueAndEnds(t *testing.T) {
	w := newWorld(t)
	q := w.clocked()
	q.Handle(kind, func(ctx context.Context, _ *tasks.Job) error {
		w.clock.Advance(time.Millisecond)
		// What work enqueues is the next round's, or a round might never end.
		return q.Transaction(ctx, func(tx *gorm.DB) error {
			_, _, err := q.Enqueue(tx, tasks.Task{Kind: kind})
			return err
		})
	})
	w.addMany(q, 5)
	began, err := q.RunOnce(t.Context())
	require.NoError(t, err)
	require.Equal(t, 6, began, "with the periodic removal of finished tasks")
	require.EqualValues(t, 5, w.count("status = ?", models.TaskDone))
	require.EqualValues(t, 5, w.count("status = ?", models.TaskQueued))
}

func TestARoundThatIsCutShortHandsItsWorkBack(t *testing.T) {
	w := newWorld(t)
	q := w.queue()
	ctx, cancel := context.WithCancel(t.Context())
	q.Handle(kind, func(ctx context.Context, _ *tasks.Job) error { cancel(); <-ctx.Done(); return ctx.Err() })
	id := w.add(q)
	_, err := q.RunOnce(ctx)
	require.ErrorIs(t, err, context.Canceled)
	row := w.task(id)
	require.Equal(t, models.TaskQueued, row.Status)
	require.Zero(t, row.Attempt)
}

func TestRunOutlivesADatabaseThatFails(t *testing.T) {
	w := newWorld(t)
	q := w.queue()
	q.Handle(kind, nothing)
	require.NoError(t, w.db.Exec("ALTER TABLE tasks RENAME TO away").Error)
	w.run(q)
	w.eventually(func() bool { return w.log.String() != "" }, "the failure is logged")
	require.NoError(t, w.db.Exec("ALTER TABLE away RENAME TO tasks").Error)
	id := w.add(q)
	w.eventually(func() bool { return w.task(id).Status == models.TaskDone }, "the task is done")
}
