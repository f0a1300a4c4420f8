//go:build unix

package chaos

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/tests/program"
)

const (
	// poolTimeout and statementTimeout are what the server is told.
	poolTimeout      = 2 * time.Second
	statementTimeout = 2 * time.Second
	// lastAnswers is how long after the database went away what it did before may still be answered.
	lastAnswers = time.Second
)

// exchange is one request and what became of it.
type exchange struct {
	route  string
	began  time.Time
	answer program.Answer
	err    error
}

// readPaths are what is read; each goes to the database.
var readPaths = []string{"/healthz", "/api/v1/resumes/list?limit=20", "/api/v1/status", "/metrics/llm"}

// watch keeps asking a server and notes the answers.
type watch struct {
	mu    sync.Mutex
	heard []exchange
}

func (w *watch) note(e exchange) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard = append(w.heard, e)
}

// within returns what was both asked and answered in a span of time.
func (w *watch) within(from, to time.Time) []exchange {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.heard), func(e exchange) bool {
		return e.began.Before(from) || e.began.Add(e.answer.Took).After(to)
	})
}

// served tells whether the last answer to each path, of those asked for since a time, is a success.
func (w *watch) served(since time.Time) bool {
	last := map[string]int{}
	for _, e := range w.within(since, time.Now()) {
		last[e.route] = e.answer.Status
	}
	return len(last) == len(readPaths) && !slices.ContainsFunc(readPaths, func(path string) bool { return last[path] != http.StatusOK })
}

// readAll keeps clients reading until the returned function is called.
func (w *watch) readAll(t *testing.T, client *program.Client) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for _, path := range readPaths {
		wg.Go(func() {
			for ctx.Err() == nil {
				began := time.Now()
				answer, err := client.Send(context.WithoutCancel(ctx), program.Request{Method: http.MethodGet, Path: path})
				w.note(exchange{path, began, answer, err})
				time.Sleep(uploadPause)
			}
		})
	}
	return func() {
		cancel()
		wg.Wait()
		client.HTTP.CloseIdleConnections()
	}
}

// TestServerOutlivesItsDatabasePostgresOnly restarts, stops and freezes the database under load.
func TestServerOutlivesItsDatabasePostgresOnly(t *testing.T) {
	needed(t)
	database := ownPostgres(t)
	w := newWorld(t, fmt.Sprintf("DB_POOL_TIMEOUT=%s", poolTimeout), fmt.Sprintf("DB_STATEMENT_TIMEOUT=%s", statementTimeout),
		"SESSION_SECRET_KEY="+rand.Text()+rand.Text())
	server := w.serve("server")
	notes, heard := newLedger(), &watch{}
	notes.token = session(t, server)
	began := time.Now()
	stopUploads, stopReads := notes.uploadAll(t, server.URL(), uploaders), heard.readAll(t, notes.client(server.URL(), len(readPaths)))
	w.await(func() bool { return heard.served(began) && notes.count() > 0 }, "the load is there")
	for _, fault := range []struct {
		name     string
		do, undo func()
	}{
		{"restarted", func() { database.command("-m immediate restart") }, nil},
		// Other than start, restart knows the options.
		{"stopped", func() { database.command("-m immediate stop") }, func() { database.command("restart") }},
		{"frozen", database.freeze, database.thaw},
	} {
		began := time.Now()
		fault.do()
		if fault.undo != nil {
			heard.sitOut(w, fault.name)
			fault.undo()
		}
		ended := time.Now()
		w.ready(server)
		back := time.Since(ended)
		w.await(func() bool { return heard.served(ended) }, fault.name+": everything is answered again")
		t.Logf("database %s for %s: healthy %s after it", fault.name, ended.Sub(began).Round(time.Millisecond), back.Round(time.Millisecond))
		summarise(t, heard.within(began, time.Now()))
	}
	stopUploads()
	stopReads()
	for _, e := range heard.heard {
		checkExchange(t, e)
	}
	notes.verify(w, server.URL())
	require.NoError(t, server.Stop(startTimeout))
}

// sitOut lets the outage of a database last, until each path was asked for and refused meanwhile: a request that waits for the
// database to come back keeps it from ending. Nothing may be claimed to work.
func (w *watch) sitOut(world *world, name string) {
	world.t.Helper()
	outage := 10 * time.Second
	if *short {
		outage = 4 * time.Second
	}
	time.Sleep(lastAnswers)
	away := time.Now()
	time.Sleep(outage - lastAnswers)
	var refused []exchange
	world.await(func() bool {
		refused = w.within(away, time.Now())
		asked := map[string]bool{}
		for _, e := range refused {
			asked[e.route] = true
		}
		return len(asked) == len(readPaths)
	}, name+": requests are answered meanwhile")
	for _, e := range refused {
		assert.Equal(world.t, http.StatusServiceUnavailable, e.answer.Status, "%s: %s", name, e.route)
	}
}

// session begins one and returns its token.
func session(t *testing.T, server *program.Server) string {
	t.Helper()
	answer, err := clientOf(server).Send(t.Context(), program.Request{Method: http.MethodPost, Path: "/api/v1/session"})
	require.NoError(t, err)
	var started struct {
		Token string `json:"token"`
	}
	require.NoError(t, json.Unmarshal(answer.Body, &started))
	require.NotEmpty(t, started.Token)
	return started.Token
}

// checkExchange demands an answer in the format of the contract.
func checkExchange(t *testing.T, e exchange) {
	t.Helper()
	if !assert.NoError(t, e.err, e.route) {
		return
	}
	if e.answer.Status != http.StatusOK {
		assert.Equal(t, http.StatusServiceUnavailable, e.answer.Status, e.route)
		assert.Equal(t, string(models.KindUnavailable), e.answer.Failure().Error.Code, e.route)
	}
}

// summarise prints how many answers there were of each kind and how long they took.
func summarise(t *testing.T, heard []exchange) {
	t.Helper()
	took := map[int][]time.Duration{}
	for _, e := range heard {
		took[e.answer.Status] = append(took[e.answer.Status], e.answer.Took)
	}
	for _, status := range slices.Sorted(maps.Keys(took)) {
		all := took[status]
		slices.Sort(all)
		t.Logf("  %d: %d answers, median %s, slowest %s", status, len(all), all[len(all)/2].Round(time.Millisecond), all[len(all)-1].Round(time.Millisecond))
	}
}
