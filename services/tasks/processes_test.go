package tasks_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/tasks"
)

// childVariable carries a childOrder to a second process, which is this test binary again.
const childVariable = "TASKS_TEST_CHILD"

// childOrder is what a second process is to do: run tasks of which so many store a result, and the others never end.
type childOrder struct {
	Database models.OpenOptions
	Results  int64
	// Ahead is how far the process's clock is ahead: later than the leases of those that were killed before.
	Ahead time.Duration
}

// clock is one that is ahead of the system's.
func clock(ahead time.Duration) func() time.Time {
	return func() time.Time { return time.Now().Add(ahead) }
}

// TestChildProcess is the process that the tests below kill, and no test of its own.
func TestChildProcess(t *testing.T) {
	encoded := os.Getenv(childVariable)
	if encoded == "" {
		t.Skip("runs in a process that another test starts")
	}
	var o childOrder
	require.NoError(t, json.Unmarshal([]byte(encoded), &o))
	db, err := models.Open(t.Context(), o.Database)
	require.NoError(t, err)
	q := tasks.New(tasks.Options{DB: db, Now: clock(o.Ahead), Workers: 4, Poll: 20 * time.Millisecond})
	var attempts atomic.Int64
	q.Handle(kind, func(ctx context.Context, j *tasks.Job) error {
		_, _ = fmt.Fprintln(os.Stderr, "began")
		if attempts.Add(1) > o.Results {
			<-ctx.Done()
			return ctx.Err()
		}
		return storeResult(ctx, j)
	})
	q.Run(t.Context())
}

// storeResult makes a workspace that is named for the task.
func storeResult(ctx context.Context, j *tasks.Job) error {
	return j.Finish(ctx, func(tx *gorm.DB) error {
		return tx.Create(&models.Workspace{Name: j.ID, CreatedAt: time.Now().UTC(), LastUsedAt: time.Now().UTC()}).Error
	})
}

// killChild starts a second process and kills it when it has begun some attempts.
func (w *world) killChild(o childOrder, attempts int) {
	w.t.Helper()
	encoded, err := json.Marshal(o)
	require.NoError(w.t, err)
	child := exec.CommandContext(w.t.Context(), os.Args[0], "-test.run", "^TestChildProcess$", "-test.timeout", patience.String())
	child.Env = append(os.Environ(), childVariable+"="+string(encoded))
	said, err := child.StderrPipe()
	require.NoError(w.t, err)
	require.NoError(w.t, child.Start())
	lines := bufio.NewScanner(said)
	for range attempts {
		require.True(w.t, lines.Scan())
		require.Equal(w.t, "began", lines.Text())
	}
	require.NoError(w.t, child.Process.Kill())
	require.Error(w.t, child.Wait())
}

func TestATaskOfAKilledProcessRunsAgain(t *testing.T) {
	w := newWorld(t)
	id := w.add(w.queue())
	w.killChild(childOrder{Database: w.options}, 1)
	later := w.queue(func(o *tasks.Options) { o.Now = clock(time.Hour) })
	later.Handle(kind, nothing)
	w.run(later)
	w.eventually(func() bool { return w.task(id).Status == models.TaskDone }, "the second attempt")
	require.EqualValues(t, 2, w.task(id).Attempt)
}

func TestResultsAreStoredOnceHoweverOftenProcessesAreKilled(t *testing.T) {
	w := newWorld(t)
	const n, each = 200, 25
	w.addMany(w.queue(), n)
	var passed time.Duration
	for range 4 {
		// However long the kill takes, there is work left for the next one.
		w.killChild(childOrder{Database: w.options, Results: each, Ahead: passed}, each)
		passed += time.Hour
	}
	q := w.queue(func(o *tasks.Options) { o.Now = clock(passed) })
	q.Handle(kind, storeResult)
	w.run(q)
	w.eventually(func() bool { return w.count("status = ?", models.TaskDone) == n }, "all done")
	var results, distinct int64
	made := w.db.Model(&models.Workspace{}).Where("name <> 'test'")
	require.NoError(t, made.Session(&gorm.Session{}).Count(&results).Error)
	require.NoError(t, made.Session(&gorm.Session{}).Distinct("name").Count(&distinct).Error)
	require.EqualValues(t, n, results)
	require.EqualValues(t, n, distinct)
}
