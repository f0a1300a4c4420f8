package tasks_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/tasks"
)

func TestPeriodicWorkIsDoneOncePerPeriodByAnyOfThreeReplicas(t *testing.T) {
	w := newWorld(t)
	var runs atomic.Int64
	queues := make([]*tasks.Queue, 3)
	for i := range queues {
		queues[i] = w.clocked()
		queues[i].Every(kind, time.Hour, func(context.Context, *tasks.Job) error { runs.Add(1); return nil })
	}
	for period := range 4 {
		var group sync.WaitGroup
		for _, q := range queues {
			for range 3 {
				group.Go(func() {
					_, err := q.RunOnce(t.Context())
					assert.NoError(t, err)
				})
			}
		}
		group.Wait()
		w.round(queues[0]) // the task of a replica whose round was over already
		require.EqualValues(t, period+1, runs.Load())
		w.clock.Advance(time.Hour)
	}
	var slots int64
	require.NoError(t, w.db.Model(&models.TaskSlot{}).Where("kind = ?", kind).Count(&slots).Error)
	require.EqualValues(t, 1, slots)
}

func TestThreeRunnersShareThePeriods(t *testing.T) {
	w := newWorld(t)
	queues := make([]*tasks.Queue, 3)
	for i := range queues {
		queues[i] = w.clocked()
		queues[i].Every(kind, time.Hour, nothing)
		w.run(queues[i])
	}
	for period := range int64(6) {
		w.eventually(func() bool { return w.count("status = ?", models.TaskDone) > period }, "the period's work")
		for _, q := range queues { // so each of them has looked in this period
			w.round(q)
		}
		require.Equal(t, period+1, w.count())
		w.clock.Advance(time.Hour)
	}
}

func TestAnotherReplicaRestartedInThePeriodDoesNothing(t *testing.T) {
	w := newWorld(t)
	var runs int
	for range 3 {
		q := w.clocked()
		q.Every(kind, 24*time.Hour, func(context.Context, *tasks.Job) error { runs++; return nil })
		w.round(q)
	}
	require.Equal(t, 1, runs)
}

func TestPeriodicWorkDoesNotPileUp(t *testing.T) {
	w := newWorld(t)
	q := w.clocked()
	q.Every(kind, time.Minute, func(context.Context, *tasks.Job) error { return assert.AnError })
	for range 5 {
		w.round(q)
		w.clock.Advance(time.Minute)
	}
	require.EqualValues(t, 1, w.count())
}

func TestFinishedTasksAreRemovedAfterTheRetention(t *testing.T) {
	w := newWorld(t)
	q := w.clocked(func(o *tasks.Options) { o.Retention = 24 * time.Hour })
	q.Handle(kind, nothing)
	w.addMany(q, 700)
	w.round(q)
	failed := w.add(q)
	require.NoError(t, w.db.Model(&models.Task{}).Where("id = ?", failed).
		Updates(map[string]any{"status": models.TaskFailed, "finished_at": w.clock.Now()}).Error)
	waiting := w.add(q, func(task *tasks.Task) { task.Kind = "test.unknown" })
	w.clock.Advance(23 * time.Hour)
	w.round(q)
	require.EqualValues(t, 701, w.count())
	fresh := w.add(q)
	w.round(q)
	w.clock.Advance(time.Hour)
	w.round(q)
	require.EqualValues(t, 1, w.count())
	require.Equal(t, models.TaskDone, w.task(fresh).Status)
	require.Equal(t, models.TaskQueued, w.task(waiting).Status)
}
