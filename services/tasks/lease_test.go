package tasks_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/tasks"
)

// overtaken starts a task on a queue, has its lease run out, and lets another queue do the task meanwhile. It returns
// after work, which the first one does last, has ended.
func overtaken(w *world, work tasks.Handler) (id string) {
	w.t.Helper()
	slow, quick := w.clocked(), w.queue(func(o *tasks.Options) {
		o.Now = func() time.Time { return w.clock.Now().Add(time.Hour) }
	})
	h, ended := hold(), make(chan struct{})
	slow.Handle(kind, func(ctx context.Context, j *tasks.Job) error {
		defer close(ended)
		if err := h.work(ctx, j); err != nil {
			return err
		}
		return work(ctx, j)
	})
	quick.Handle(kind, nothing)
	id = w.add(slow)
	stop := w.run(slow)
	w.await(h.began, "the first attempt")
	w.round(quick)
	require.Equal(w.t, models.TaskDone, w.task(id).Status)
	close(h.letGo)
	w.await(ended, "the end of the first attempt")
	stop()
	return id
}

func TestAWorkerThatLostItsLeaseCannotEndTheTask(t *testing.T) {
	for name, result := range map[string]error{"done": nil, "failed": errors.New("late"), "given up": tasks.Permanent(errors.New("late"))} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := overtaken(w, func(context.Context, *tasks.Job) error { return result })
			row := w.task(id)
			require.Equal(t, models.TaskDone, row.Status)
			require.EqualValues(t, 2, row.Attempt)
			require.Empty(t, row.LastError)
			require.Equal(t, []tasks.Outcome{tasks.Deserted, tasks.Done, tasks.Lost}, w.outcomes())
		})
	}
}

func TestAWorkerThatLostItsLeaseCannotWriteResults(t *testing.T) {
	w := newWorld(t)
	overtaken(w, func(ctx context.Context, j *tasks.Job) error {
		j.Progress(ctx, 3)
		err := j.Finish(ctx, func(tx *gorm.DB) error { return rename(tx, j.WorkspaceID, "overwritten") })
		assert.Error(t, err)
		return err
	})
	require.Equal(t, "test", w.name())
	require.EqualValues(t, 1, w.count("progress = 100"))
}

// fastLease makes heartbeats frequent. It is for queues on the world's clock: on the system's it could run out at any time.
const fastLease = 300 * time.Millisecond

func beatingFast(o *tasks.Options) { o.Lease = fastLease }

func TestTheHeartbeatFindsALostLeaseAndCancels(t *testing.T) {
	w := newWorld(t)
	q := w.clocked(beatingFast)
	h := hold()
	q.Handle(kind, h.work)
	id := w.add(q)
	stop := w.run(q)
	w.await(h.began, "the attempt")
	require.NoError(t, w.db.Model(&models.Task{}).Where("id = ?", id).
		Updates(map[string]any{"worker": "another", "lease_until": w.clock.Now().Add(time.Hour)}).Error)
	w.await(h.cancelled, "the attempt's context ends")
	stop()
	row := w.task(id)
	require.Equal(t, models.TaskRunning, row.Status)
	require.Equal(t, "another", row.Worker)
	require.Empty(t, row.LastError)
}

func TestDeletingTheWorkspaceCancelsItsWork(t *testing.T) {
	w := newWorld(t)
	q := w.clocked(beatingFast)
	h := hold()
	q.Handle(kind, h.work)
	w.add(q)
	w.run(q)
	w.await(h.began, "the attempt")
	require.NoError(t, w.db.Delete(&models.Workspace{ID: w.workspace}).Error)
	w.await(h.cancelled, "the attempt's context ends")
}

func TestTheHeartbeatKeepsTheLeaseOfLongWork(t *testing.T) {
	w := newWorld(t)
	first, second := w.clocked(beatingFast), w.clocked(beatingFast)
	h := hold()
	first.Handle(kind, h.work)
	second.Handle(kind, func(context.Context, *tasks.Job) error { return errors.New("taken from a living worker") })
	id := w.add(first)
	stop := w.run(first)
	w.await(h.began, "the attempt")
	for range 4 { // twice as long as the lease
		w.clock.Advance(fastLease / 2)
		w.eventually(func() bool { return w.task(id).LeaseUntil.Equal(w.clock.Now().Add(fastLease)) }, "a later end of the lease")
		w.round(second)
	}
	close(h.letGo)
	w.eventually(func() bool { return w.task(id).Status == models.TaskDone }, "the end of the task")
	stop()
	require.EqualValues(t, 1, w.task(id).Attempt)
}

func TestWorkThatTakesItsWorkerAlongFailsInTheEnd(t *testing.T) {
	w := newWorld(t)
	q := w.clocked()
	q.Handle(kind, nothing)
	id := w.add(q, func(task *tasks.Task) { task.MaxAttempts, task.UniqueKey = 2, "k" })
	require.NoError(t, w.db.Model(&models.Task{}).Where("id = ?", id).Updates(map[string]any{
		"status": models.TaskRunning, "attempt": 2, "worker": "gone", "lease_until": w.clock.Now(),
	}).Error)
	w.round(q)
	row := w.task(id)
	require.Equal(t, models.TaskFailed, row.Status)
	require.Equal(t, models.KindUnavailable, row.LastErrorKind)
	require.Nil(t, row.UniqueKey)
	require.NotNil(t, row.FinishedAt)
	require.Equal(t, []tasks.Outcome{tasks.Failed}, w.outcomes())
}

func TestResultsAndTheEndOfATaskAreStoredTogether(t *testing.T) {
	w := newWorld(t)
	q := w.clocked()
	refused := errors.New("refused")
	q.Handle(kind, func(ctx context.Context, j *tasks.Job) error {
		return j.Finish(ctx, func(tx *gorm.DB) error {
			if err := rename(tx, j.WorkspaceID, fmt.Sprintf("attempt %d", j.Attempt)); err != nil || j.Attempt == 2 {
				return err
			}
			return refused
		})
	})
	id := w.add(q)
	w.round(q)
	require.Equal(t, "test", w.name())
	require.Equal(t, models.TaskQueued, w.task(id).Status)
	w.clock.Advance(time.Minute)
	w.round(q)
	require.Equal(t, "attempt 2", w.name())
	require.Equal(t, models.TaskDone, w.task(id).Status)
}

func TestWhatFollowsFinishDoesNotUndoIt(t *testing.T) {
	w := newWorld(t)
	var ended atomic.Bool
	beats := make(chan struct{}, 2)
	q := w.clocked(beatingFast, func(o *tasks.Options) {
		require.NoError(t, o.DB.Callback().Update().After("gorm:update").Register("test:beat", func(*gorm.DB) {
			if ended.Load() {
				select {
				case beats <- struct{}{}:
				default: // two are enough
				}
			}
		}))
	})
	q.Handle(kind, func(ctx context.Context, j *tasks.Job) error {
		assert.NoError(t, j.Finish(ctx, func(*gorm.DB) error { return nil }))
		ended.Store(true)
		for range cap(beats) { // the second heartbeat comes after what the first one found has been dealt with
			select {
			case <-beats:
			case <-ctx.Done():
				t.Error("a heartbeat took the end for a lost lease")
			}
		}
		return errors.New("too late")
	})
	id := w.add(q)
	w.round(q)
	require.Equal(t, models.TaskDone, w.task(id).Status)
	require.Equal(t, []tasks.Outcome{tasks.Done}, w.outcomes())
}

func rename(tx *gorm.DB, workspace, name string) error {
	return tx.Model(&models.Workspace{}).Where("id = ?", workspace).Update("name", name).Error
}

func (w *world) name() string {
	w.t.Helper()
	var row models.Workspace
	require.NoError(w.t, w.db.Take(&row, "id = ?", w.workspace).Error)
	return row.Name
}
