package tasks_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/tasks"
)

func TestAFailureIsTriedAgainLaterAndLater(t *testing.T) {
	w := newWorld(t)
	q := w.clocked()
	q.Handle(kind, func(context.Context, *tasks.Job) error { return errors.New("down") })
	id := w.add(q, func(task *tasks.Task) { task.MaxAttempts = 4 })
	for attempt, most := range []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second} {
		w.round(q)
		row := w.task(id)
		require.Equal(t, models.TaskQueued, row.Status)
		require.EqualValues(t, attempt+1, row.Attempt)
		wait := row.RunAt.Sub(w.clock.Now())
		require.GreaterOrEqual(t, wait, most/2)
		require.LessOrEqual(t, wait, most)
		w.round(q) // too early
		require.EqualValues(t, attempt+1, w.task(id).Attempt)
		w.clock.Advance(most)
	}
	w.round(q)
	row := w.task(id)
	require.Equal(t, models.TaskFailed, row.Status)
	require.NotNil(t, row.FinishedAt)
	require.Equal(t, []tasks.Outcome{tasks.Retried, tasks.Retried, tasks.Retried, tasks.Failed}, w.outcomes())
}

func TestTheWaitBeforeAnotherAttemptIsBounded(t *testing.T) {
	w := newWorld(t)
	q := w.clocked()
	q.Handle(kind, func(context.Context, *tasks.Job) error { return errors.New("down") })
	id := w.add(q, func(task *tasks.Task) { task.MaxAttempts = 1 << 40 })
	require.NoError(t, w.db.Model(&models.Task{}).Where("id = ?", id).Update("attempt", 1<<30).Error)
	w.round(q)
	wait := w.task(id).RunAt.Sub(w.clock.Now())
	require.GreaterOrEqual(t, wait, 5*time.Minute)
	require.LessOrEqual(t, wait, 10*time.Minute)
}

func TestSuccessForgetsTheErrorBefore(t *testing.T) {
	w := newWorld(t)
	q := w.clocked()
	q.Handle(kind, func(_ context.Context, j *tasks.Job) error {
		if j.Attempt < 3 {
			return errors.New("flaky")
		}
		return nil
	})
	id := w.add(q)
	for range 3 {
		w.round(q)
		w.clock.Advance(time.Minute)
	}
	row := w.task(id)
	require.Equal(t, models.TaskDone, row.Status)
	require.EqualValues(t, 3, row.Attempt)
	require.Empty(t, row.LastError)
	require.Empty(t, row.LastErrorKind)
}

func TestHowFailuresAreKept(t *testing.T) {
	private := errors.New("Jane Example, 555-0100")
	for name, c := range map[string]struct {
		work   tasks.Handler
		status models.TaskStatus
		kind   models.Kind
		text   string
	}{
		"public error": {
			func(context.Context, *tasks.Job) error {
				return fmt.Errorf("reading: %w", models.WrapError(models.KindAITimeout, "The model was too slow.", private))
			}, models.TaskQueued, models.KindAITimeout, "The model was too slow.",
		},
		"permanent error": {
			func(context.Context, *tasks.Job) error {
				return fmt.Errorf("reading: %w", tasks.Permanent(models.WrapError(models.KindNoTextLayer, "The PDF is a scan.", private)))
			}, models.TaskFailed, models.KindNoTextLayer, "The PDF is a scan.",
		},
		"unknown error": {
			func(context.Context, *tasks.Job) error { return private },
			models.TaskQueued, models.KindInternal, "The work failed for a reason inside the program.",
		},
		"panic": {
			func(context.Context, *tasks.Job) error { panic(private.Error()) },
			models.TaskQueued, models.KindInternal, "The work failed for a reason inside the program.",
		},
		"goroutine that ends": {
			func(context.Context, *tasks.Job) error { runtime.Goexit(); return nil },
			models.TaskQueued, models.KindInternal, "The work failed for a reason inside the program.",
		},
		"too slow": {
			func(ctx context.Context, _ *tasks.Job) error { <-ctx.Done(); return ctx.Err() },
			models.TaskQueued, models.KindUnavailable, "The work took too long.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			q := w.queue(func(o *tasks.Options) { o.Timeout = 500 * time.Millisecond })
			q.Handle(kind, c.work)
			id := w.add(q)
			w.round(q)
			row := w.task(id)
			require.Equal(t, c.status, row.Status)
			require.Equal(t, c.kind, row.LastErrorKind)
			require.Equal(t, c.text, row.LastError)
			require.Empty(t, row.Worker)
			require.Nil(t, row.LeaseUntil)
		})
	}
}

func TestPermanentIsNoErrorByItself(t *testing.T) { require.NoError(t, tasks.Permanent(nil)) }

func TestTheEndOfAnAttemptOutlastsAFailingDatabase(t *testing.T) {
	w := newWorld(t)
	failed := make(chan struct{})
	var once sync.Once
	q := w.queue(func(o *tasks.Options) {
		require.NoError(t, o.DB.Callback().Update().After("gorm:update").Register("test:failed", func(tx *gorm.DB) {
			if tx.Error != nil {
				once.Do(func() { close(failed) })
			}
		}))
	})
	q.Handle(kind, func(context.Context, *tasks.Job) error {
		return w.db.Exec("ALTER TABLE tasks RENAME TO away").Error
	})
	id := w.add(q)
	stop := w.run(q)
	w.await(failed, "the end can't be stored")
	require.NoError(t, w.db.Exec("ALTER TABLE away RENAME TO tasks").Error)
	w.eventually(func() bool { return w.task(id).Status == models.TaskDone }, "the end is stored")
	stop()
	require.Equal(t, []tasks.Outcome{tasks.Done}, w.outcomes())
}

func TestAPanicIsLoggedWithoutItsValue(t *testing.T) {
	w := newWorld(t)
	q := w.queue()
	q.Handle(kind, func(context.Context, *tasks.Job) error { panic("Jane Example") })
	w.add(q)
	w.round(q)
	require.Contains(t, w.log.String(), "attempt_test.go")
	require.NotContains(t, w.log.String(), "Jane Example")
}

func TestAFailedTaskFreesItsUniqueKey(t *testing.T) {
	w := newWorld(t)
	q := w.queue()
	q.Handle(kind, func(context.Context, *tasks.Job) error { return tasks.Permanent(errors.New("never")) })
	keyed := func(task *tasks.Task) { task.UniqueKey = "k" }
	first := w.add(q, keyed)
	w.round(q)
	require.NotEqual(t, first, w.add(q, keyed))
}

func TestProgressIsThereToReadWhileTheTaskRuns(t *testing.T) {
	w := newWorld(t)
	q := w.clocked(beatingFast)
	var id string
	q.Handle(kind, func(ctx context.Context, j *tasks.Job) error {
		for _, c := range []struct {
			set  int
			want int64
		}{{40, 40}, {70, 70}, {1000, 100}, {-1, 0}} {
			j.Progress(ctx, c.set)
			w.eventually(func() bool {
				row, err := q.Get(ctx, w.workspace, id)
				return err == nil && row.Progress == c.want
			}, "progress")
		}
		return nil
	})
	id = w.add(q)
	w.round(q)
	require.EqualValues(t, 100, w.task(id).Progress)
}
