//go:build unix

package chaos

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

const (
	uploaders = 8
	// longestLife is the most a server lives before it is killed.
	longestLife = 900 * time.Millisecond
)

// TestKilledServerKeepsWhatItAcknowledged kills the server at random moments, its start included, while clients upload.
func TestKilledServerKeepsWhatItAcknowledged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := w.serve("server")
	notes := newLedger()
	stop := notes.uploadAll(t, server.URL(), uploaders)
	var starts []time.Duration
	for i := range *kills {
		// Every third one is killed wherever its start is; the others while they serve.
		if i%3 != 2 {
			starts = append(starts, w.ready(server))
		}
		time.Sleep(rand.N(longestLife))
		server.Kill()
		server = w.start("server")
	}
	starts = append(starts, w.ready(server))
	stop()
	slices.Sort(starts)
	t.Logf("%d kills; ready again after %s at the median, %s for 19 of 20, %s at most", *kills, starts[len(starts)/2].Round(time.Millisecond),
		starts[len(starts)*19/20].Round(time.Millisecond), starts[len(starts)-1].Round(time.Millisecond))
	notes.verify(w, server.URL())
	require.NoError(t, server.Stop(startTimeout))
}

// TestKilledWhileMigratingSQLiteOnly kills first starts on a new database file, which begin with its migration.
func TestKilledWhileMigratingSQLiteOnly(t *testing.T) {
	needed(t)
	if testdb.Dialect() != models.SQLite {
		t.Skip("on Postgres an operator migrates: scripts/chaos_migrate")
	}
	for range max(2, *kills/10) {
		w := worldOn(t, testdb.Blank(t))
		for range 5 {
			server := w.start("server")
			time.Sleep(rand.N(300 * time.Millisecond))
			server.Kill()
		}
		server := w.serve("server")
		notes := newLedger()
		_, err := notes.upload(t.Context(), clientOf(server), notes.pick(), false)
		require.NoError(t, err)
		notes.verify(w, server.URL())
		server.Kill()
	}
}
