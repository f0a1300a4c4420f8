package tasks_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/tasks"
)

func TestARolledBackTransactionLeavesNothing(t *testing.T) {
	w := newWorld(t)
	q := w.queue()
	q.Handle(kind, nothing)
	refused := errors.New("refused")
	err := q.Transaction(t.Context(), func(tx *gorm.DB) error {
		_, created, err := q.Enqueue(tx, tasks.Task{Kind: kind, WorkspaceID: w.workspace})
		require.NoError(t, err)
		require.True(t, created)
		return refused
	})
	require.ErrorIs(t, err, refused)
	require.Zero(t, w.count())
}

func TestATaskOfAnyTransactionRuns(t *testing.T) {
	w := newWorld(t)
	q := w.queue()
	type args struct{ Resume string }
	var got args
	q.Handle(kind, func(_ context.Context, j *tasks.Job) error {
		assert.Equal(t, w.workspace, j.WorkspaceID)
		return j.Decode(&got)
	})
	var id string
	require.NoError(t, w.db.Transaction(func(tx *gorm.DB) (err error) {
		id, _, err = q.Enqueue(tx, tasks.Task{Kind: kind, WorkspaceID: w.workspace, Args: args{Resume: "r-1"}})
		return err
	}))
	w.round(q)
	row, err := q.Get(t.Context(), w.workspace, id)
	require.NoError(t, err)
	require.Equal(t, models.TaskDone, row.Status)
	require.EqualValues(t, 100, row.Progress)
	require.EqualValues(t, 1, row.Attempt)
	require.NotNil(t, row.FinishedAt)
	require.Equal(t, args{Resume: "r-1"}, got)
}

func TestArgumentsOfAnotherShapeAreNotTriedAgain(t *testing.T) {
	w := newWorld(t)
	q := w.queue()
	q.Handle(kind, func(_ context.Context, j *tasks.Job) error {
		var number int
		return j.Decode(&number)
	})
	id := w.add(q, func(task *tasks.Task) { task.Args = "text" })
	w.round(q)
	require.Equal(t, models.TaskFailed, w.task(id).Status)
}

func TestALaterTaskWaitsForItsTime(t *testing.T) {
	w := newWorld(t)
	q := w.clocked()
	q.Handle(kind, nothing)
	id := w.add(q, func(task *tasks.Task) { task.RunAt = w.clock.Now().Add(time.Hour) })
	w.clock.Advance(time.Hour - time.Second)
	w.round(q)
	require.Equal(t, models.TaskQueued, w.task(id).Status)
	w.clock.Advance(time.Second)
	w.round(q)
	require.Equal(t, models.TaskDone, w.task(id).Status)
}

func TestAUniqueKeyKeepsASecondTaskOutUntilTheFirstEnds(t *testing.T) {
	w := newWorld(t)
	q := w.queue()
	q.Handle(kind, nothing)
	q.Handle("test.other", nothing)
	keyed := func(task *tasks.Task) { task.UniqueKey = "resume r-1" }
	first := w.add(q, keyed)
	require.Equal(t, first, w.add(q, keyed))
	require.NotEqual(t, first, w.add(q, keyed, func(task *tasks.Task) { task.Kind = "test.other" }))
	require.NotEqual(t, first, w.add(q, keyed, func(task *tasks.Task) { task.WorkspaceID = w.newWorkspace() }))
	w.round(q)
	require.Equal(t, models.TaskDone, w.task(first).Status)
	require.NotEqual(t, first, w.add(q, keyed))
}

func TestManyAtOnceShareOneUniqueKey(t *testing.T) {
	w := newWorld(t)
	queues := []*tasks.Queue{w.queue(), w.queue()}
	var created atomic.Int64
	var ids sync.Map
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			q := queues[i%2]
			assert.NoError(t, q.Transaction(t.Context(), func(tx *gorm.DB) error {
				id, isNew, err := q.Enqueue(tx, tasks.Task{Kind: kind, WorkspaceID: w.workspace, UniqueKey: "same"})
				if isNew {
					created.Add(1)
				}
				ids.Store(id, true)
				return err
			}))
		})
	}
	group.Wait()
	require.EqualValues(t, 1, created.Load())
	require.EqualValues(t, 1, w.count())
	n := 0
	ids.Range(func(any, any) bool { n++; return true })
	require.Equal(t, 1, n)
}

func TestWhatCannotBeEnqueued(t *testing.T) {
	w := newWorld(t)
	q := w.queue(func(o *tasks.Options) { o.MaxQueued = 3 })
	for range 2 {
		w.add(q)
	}
	for name, c := range map[string]struct {
		task tasks.Task
		want models.Kind
	}{
		"no kind":           {tasks.Task{WorkspaceID: w.workspace}, models.KindValidation},
		"large arguments":   {tasks.Task{Kind: kind, Args: strings.Repeat("x", 64<<10)}, models.KindValidation},
		"no JSON":           {tasks.Task{Kind: kind, Args: func() {}}, models.KindInternal},
		"unknown workspace": {tasks.Task{Kind: kind, WorkspaceID: "00000000-0000-7000-8000-0000000000ff"}, models.KindConflict},
	} {
		t.Run(name, func(t *testing.T) {
			err := q.Transaction(t.Context(), func(tx *gorm.DB) error {
				_, _, err := q.Enqueue(tx, c.task)
				return err
			})
			var public *models.Error
			require.ErrorAs(t, err, &public)
			require.Equal(t, c.want, public.Kind)
		})
	}
	w.add(q)
	full := func(workspace string) error {
		_, _, err := q.Enqueue(w.db, tasks.Task{Kind: kind, WorkspaceID: workspace})
		return err
	}
	var public *models.Error
	require.ErrorAs(t, full(w.workspace), &public)
	require.Equal(t, models.KindRateLimited, public.Kind)
	require.NoError(t, full(w.newWorkspace()))
	require.NoError(t, full(""))
}

func TestATaskGoesWithItsWorkspace(t *testing.T) {
	w := newWorld(t)
	q := w.queue()
	w.add(q)
	require.NoError(t, w.db.Delete(&models.Workspace{ID: w.workspace}).Error)
	require.Zero(t, w.count())
}

func TestATaskIsItsWorkspacesOnly(t *testing.T) {
	w := newWorld(t)
	q := w.queue()
	id := w.add(q)
	for _, workspace := range []string{w.newWorkspace(), ""} {
		_, err := q.Get(t.Context(), workspace, id)
		var public *models.Error
		require.ErrorAs(t, err, &public)
		require.Equal(t, models.KindNotFound, public.Kind)
	}
}

func TestDepthsCountWhatIsUnfinished(t *testing.T) {
	w := newWorld(t)
	q := w.queue()
	q.Handle("test.other", nothing)
	w.add(q)
	w.add(q)
	w.add(q, func(task *tasks.Task) { task.Kind = "test.other" })
	w.round(q)
	depths, err := q.Depths(t.Context())
	require.NoError(t, err)
	require.Equal(t, []tasks.Depth{
		{Kind: "tasks.clean", Status: models.TaskQueued},
		{Kind: "tasks.clean", Status: models.TaskRunning},
		{Kind: "test.other", Status: models.TaskQueued},
		{Kind: "test.other", Status: models.TaskRunning},
		{Kind: kind, Status: models.TaskQueued, Count: 2},
	}, depths)
}

func TestInlineTasksHaveRunWhenTheirTransactionReturns(t *testing.T) {
	w := newWorld(t)
	q := w.clocked(func(o *tasks.Options) { o.Inline = true })
	var order []string
	note := func(_ context.Context, j *tasks.Job) error {
		order = append(order, j.ID)
		return nil
	}
	client, hangUp := context.WithCancel(t.Context())
	q.Handle(kind, func(ctx context.Context, j *tasks.Job) error {
		hangUp()
		assert.NoError(t, ctx.Err())
		// What the work enqueues runs inline too.
		return errors.Join(note(ctx, j), q.Transaction(ctx, func(tx *gorm.DB) error {
			_, _, err := q.Enqueue(tx, tasks.Task{Kind: "test.second", RunAt: w.clock.Now()})
			return err
		}))
	})
	q.Handle("test.second", note)
	var first string
	require.NoError(t, q.Transaction(client, func(tx *gorm.DB) (err error) {
		first, _, err = q.Enqueue(tx, tasks.Task{Kind: kind, WorkspaceID: w.workspace})
		require.NoError(t, err)
		_, _, err = q.Enqueue(tx, tasks.Task{Kind: kind, RunAt: w.clock.Now().Add(time.Minute)})
		return err
	}))
	require.Equal(t, models.TaskDone, w.task(first).Status)
	require.Len(t, order, 2)
	require.Equal(t, first, order[0])
}

func TestInlineWorkThatFailsWaitsForARound(t *testing.T) {
	w := newWorld(t)
	q := w.clocked(func(o *tasks.Options) { o.Inline = true })
	q.Handle(kind, func(_ context.Context, j *tasks.Job) error {
		if j.Attempt == 1 {
			return models.NewError(models.KindAIUnavailable, "The model does not answer.")
		}
		return nil
	})
	id := w.add(q)
	row := w.task(id)
	require.Equal(t, models.TaskQueued, row.Status)
	require.Equal(t, models.KindAIUnavailable, row.LastErrorKind)
	q.Run(t.Context()) // returns at once
	w.clock.Advance(time.Minute)
	w.round(q)
	require.Equal(t, models.TaskDone, w.task(id).Status)
}
