//go:build unix

package chaos

import (
	"maps"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/tests/program"
	"resume-matcher/tests/testdb"
)

const (
	// lease is how long a worker may be silent, and takeover what the others may need to notice after it, on a busy machine too.
	lease    = 30 * time.Second
	takeover = 2 * time.Minute
	// busyTries bounds the search for a moment in which the replica holds a task.
	busyTries = 300
)

// lostTasks finds in the metrics how many attempts at uploads ended because another replica had taken over.
var lostTasks = regexp.MustCompile(`(?m)^tasks_total\{kind="resume\.structure",outcome="lost"\} (\d+)$`)

// TestReplicaTakesOverPostgresOnly stops one of two replicas while it works on deferred uploads.
func TestReplicaTakesOverPostgresOnly(t *testing.T) {
	t.Parallel()
	needed(t)
	testdb.RequirePostgres(t)
	t.Run("frozen", func(t *testing.T) {
		t.Parallel()
		r := newReplicas(t)
		r.stopWhileBusy(func() { require.NoError(t, r.first.Signal(syscall.SIGSTOP)) },
			func() { require.NoError(t, r.first.Signal(syscall.SIGCONT)) })
		r.awaitTakeover()
		before := r.work()
		require.NoError(t, r.first.Signal(syscall.SIGCONT))
		r.awaitLosses()
		after := r.work()
		for id, row := range before {
			require.Equal(t, row, after[id], "the replica that was frozen writes nothing that is another's by now")
		}
		r.stopUploads()
		r.notes.verify(r.world, r.first.URL())
	})
	t.Run("killed", func(t *testing.T) {
		t.Parallel()
		r := newReplicas(t)
		r.stopWhileBusy(func() { r.first.Kill() }, func() { r.first = r.world.serve("first") })
		r.awaitTakeover()
		r.first = r.world.serve("first")
		r.stopUploads()
		r.notes.verify(r.world, r.second.URL())
	})
}

// replicas are two servers on one database, with clients that upload to both.
type replicas struct {
	world         *world
	notes         *ledger
	first, second *program.Server
	// stopSecond ends the uploads to the second server, stopUploads those to both.
	stopSecond, stopUploads func()
	stopped                 time.Time
	// held are the tasks that the stopped replica was working on.
	held []string
}

func newReplicas(t *testing.T) *replicas {
	t.Helper()
	w := newWorld(t, "TASK_WORKERS=2")
	r := &replicas{world: w, notes: newLedger(), first: w.serve("first"), second: w.serve("second")}
	// Clients of a frozen replica hang with it.
	r.notes.patience = 5 * time.Minute
	first, second := r.notes.uploadAll(t, r.first.URL(), 4), r.notes.uploadAll(t, r.second.URL(), 2)
	r.stopSecond = sync.OnceFunc(second)
	r.stopUploads = sync.OnceFunc(func() { first(); r.stopSecond() })
	t.Cleanup(func() { r.first.Kill(); r.second.Kill(); r.stopUploads() })
	return r
}

// stopWhileBusy stops the first replica at random moments until one is found at which it holds a task.
func (r *replicas) stopWhileBusy(stop, undo func()) {
	r.world.t.Helper()
	for range busyTries {
		time.Sleep(rand.N(300 * time.Millisecond))
		stop()
		r.stopped = time.Now()
		if r.held = r.stillHeld(); len(r.held) > 0 {
			r.stopSecond()
			return
		}
		undo()
	}
	r.world.t.Fatal("the replica was never found at work")
}

// stillHeld returns the tasks on uploads that the stopped replica holds: a worker that lives ends them sooner, or renews
// its lease.
func (r *replicas) stillHeld() []string {
	before := r.leases()
	for _, wait := range []time.Duration{2 * time.Second, lease/3 + 2*time.Second} {
		if len(before) == 0 {
			return nil
		}
		time.Sleep(wait)
		now := r.leases()
		maps.DeleteFunc(before, func(task string, until time.Time) bool { return !now[task].Equal(until) })
	}
	return slices.Sorted(maps.Keys(before))
}

// leases returns until when each task on an upload is held, by its worker and id.
func (r *replicas) leases() map[string]time.Time {
	var rows []struct {
		Task       string
		LeaseUntil time.Time
	}
	require.NoError(r.world.t, r.world.look().Raw(`SELECT worker || ' ' || id AS task, lease_until FROM tasks
		WHERE status = 'running' AND workspace_id IS NOT NULL`).Scan(&rows).Error)
	held := map[string]time.Time{}
	for _, row := range rows {
		held[row.Task] = row.LeaseUntil
	}
	return held
}

// awaitLosses waits until the replica that was frozen has noticed of everything it held that it is another's.
func (r *replicas) awaitLosses() {
	r.world.t.Helper()
	client := clientOf(r.first)
	require.Eventually(r.world.t, func() bool {
		answer, err := client.Send(r.world.t.Context(), program.Request{Method: http.MethodGet, Path: "/metrics"})
		if err != nil {
			return false
		}
		found := lostTasks.FindSubmatch(answer.Body)
		if found == nil {
			return false
		}
		lost, err := strconv.Atoi(string(found[1]))
		return err == nil && lost >= len(r.held)
	}, settleTimeout, 50*time.Millisecond, "the replica that was frozen ends what it was at")
}

// awaitTakeover waits until the other replica has done what the stopped one held, within the lease.
func (r *replicas) awaitTakeover() {
	r.world.t.Helper()
	unfinished := "SELECT count(*) FROM tasks WHERE worker || ' ' || id IN ?"
	assert.Eventually(r.world.t, func() bool { return r.world.count(unfinished, r.held) == 0 }, lease+takeover, 50*time.Millisecond,
		"the leases pass on")
	r.world.t.Logf("%d tasks of the stopped replica taken over %s after it stopped (lease %s)", len(r.held),
		time.Since(r.stopped).Round(100*time.Millisecond), lease)
	require.Eventually(r.world.t, func() bool {
		return r.world.count("SELECT count(*) FROM tasks WHERE status = 'running' AND attempt > 1 AND workspace_id IS NOT NULL") == 0
	}, settleTimeout, 50*time.Millisecond, "what was taken over is done")
}

// work returns what was done on each résumé that is ready.
func (r *replicas) work() map[string]map[string]any {
	var rows []map[string]any
	require.NoError(r.world.t, r.world.look().Raw(`SELECT resumes.id, resumes.version, resumes.updated_at, p.processed_at
		FROM resumes JOIN processed_resumes AS p ON p.resume_id = resumes.id WHERE resumes.processing_status = 'ready'`).Scan(&rows).Error)
	done := map[string]map[string]any{}
	for _, row := range rows {
		done[row["id"].(string)] = row
	}
	return done
}
