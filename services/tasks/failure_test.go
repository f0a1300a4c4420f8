package tasks_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/tasks"
)

// noteFailure names the workspace of a failed task for why it failed.
func noteFailure(tx *gorm.DB, j *tasks.Job, reason *models.Error) error {
	return rename(tx, j.WorkspaceID, string(reason.Kind)+": "+reason.Message)
}

func TestWhatAFailureMeansIsStoredWithIt(t *testing.T) {
	w := newWorld(t)
	q := w.clocked()
	q.Handle(kind, func(context.Context, *tasks.Job) error {
		return tasks.Permanent(models.NewError(models.KindValidation, "It is wrong."))
	})
	q.HandleFailure(kind, noteFailure)
	id := w.add(q)
	w.round(q)
	require.Equal(t, models.TaskFailed, w.task(id).Status)
	require.Equal(t, string(models.KindValidation)+": It is wrong.", w.name())
}

func TestAnAttemptThatIsRepeatedHasNotFailed(t *testing.T) {
	w := newWorld(t)
	q := w.clocked()
	q.Handle(kind, func(context.Context, *tasks.Job) error { return errors.New("down") })
	q.HandleFailure(kind, noteFailure)
	w.add(q, func(task *tasks.Task) { task.MaxAttempts = 2 })
	w.round(q)
	require.Equal(t, "test", w.name())
	w.clock.Advance(time.Hour)
	w.round(q)
	require.NotEqual(t, "test", w.name())
}

func TestATaskWhoseWorkersDiedFailsWithWhatThatMeans(t *testing.T) {
	w := newWorld(t)
	q := w.clocked()
	q.Handle(kind, nothing)
	q.HandleFailure(kind, noteFailure)
	id := w.add(q)
	left := map[string]any{"status": "running", "worker": "gone", "attempt": 8, "lease_until": w.clock.Now()}
	require.NoError(t, w.db.Model(&models.Task{}).Where("id = ?", id).UpdateColumns(left).Error)
	w.round(q)
	require.Equal(t, models.TaskFailed, w.task(id).Status)
	require.Contains(t, w.name(), string(models.KindUnavailable))
	require.Equal(t, []tasks.Outcome{tasks.Failed}, w.outcomes())
}

func TestATaskEndsOnlyWithWhatItsFailureMeans(t *testing.T) {
	w := newWorld(t)
	replica := func(refuse error, change ...func(*tasks.Options)) *tasks.Queue {
		q := w.clocked(change...)
		q.Handle(kind, func(context.Context, *tasks.Job) error { return tasks.Permanent(errors.New("wrong")) })
		q.HandleFailure(kind, func(tx *gorm.DB, j *tasks.Job, reason *models.Error) error {
			return errors.Join(noteFailure(tx, j, reason), refuse)
		})
		return q
	}
	// It tries again for half of its lease.
	failing := replica(errors.New("the disk is full"), func(o *tasks.Options) { o.Lease = 400 * time.Millisecond })
	id := w.add(failing)
	w.round(failing)
	require.Equal(t, "test", w.name())
	require.Equal(t, models.TaskRunning, w.task(id).Status, "another worker tries when the lease is over")
	w.clock.Advance(time.Minute)
	w.round(replica(nil))
	require.Equal(t, models.TaskFailed, w.task(id).Status)
	require.NotEqual(t, "test", w.name())
}

func TestAWorkerThatLostItsLeaseStoresNoFailure(t *testing.T) {
	w := newWorld(t)
	slow := w.clocked()
	slow.HandleFailure(kind, noteFailure)
	h := hold()
	slow.Handle(kind, func(ctx context.Context, j *tasks.Job) error {
		return errors.Join(h.work(ctx, j), tasks.Permanent(errors.New("late")))
	})
	id := w.add(slow)
	stop := w.run(slow)
	w.await(h.began, "the attempt")
	require.NoError(t, w.db.Model(&models.Task{}).Where("id = ?", id).Update("worker", "another").Error)
	close(h.letGo)
	w.eventually(func() bool { return len(w.outcomes()) == 1 }, "the end of the attempt")
	stop()
	require.Equal(t, "test", w.name())
	require.Equal(t, []tasks.Outcome{tasks.Lost}, w.outcomes())
}

func TestUnfinishedTasksAreFoundByTheirKey(t *testing.T) {
	w := newWorld(t)
	q := w.clocked()
	q.Handle(kind, nothing)
	id := w.add(q, func(task *tasks.Task) { task.UniqueKey = "one" })
	named := []tasks.Task{
		{Kind: kind, WorkspaceID: w.workspace, UniqueKey: "other"}, {Kind: kind, WorkspaceID: w.workspace, UniqueKey: "one"},
		{Kind: kind, WorkspaceID: w.newWorkspace(), UniqueKey: "one"},
	}
	found, err := q.Unfinished(t.Context(), named)
	require.NoError(t, err)
	require.Nil(t, found[0])
	require.Equal(t, id, found[1].ID)
	require.Nil(t, found[2])
	w.round(q)
	found, err = q.Unfinished(t.Context(), named)
	require.NoError(t, err)
	require.Nil(t, found[1])
}
