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
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/tests/program"
)

const (
	// poolTimeout and statementTimeout are what the server is told; patience is what a request may take by them: the
	// wait for a connection, then a statement, the grace of a server that does not keep its bound, and a busy machine.
	poolTimeout      = 2 * time.Second
	statementTimeout = 2 * time.Second
	patience         = poolTimeout + statementTimeout + 3*time.Second + 3*time.Second
	// recovery is what the server may need to answer again after its database does.
	recovery = 10 * time.Second
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

// between returns what was answered in a span of time.
func (w *watch) between(from, to time.Time) []exchange {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.heard), func(e exchange) bool {
		ended := e.began.Add(e.answer.Took)
		return ended.Before(from) || ended.After(to)
	})
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
	outage := 10 * time.Second
	if *short {
		outage = 4 * time.Second
	}
	notes, heard := newLedger(), &watch{}
	notes.token = session(t, server)
	stopUploads, stopReads := notes.uploadAll(t, server.URL(), uploaders), heard.readAll(t, notes.client(server.URL(), len(readPaths)))
	time.Sleep(time.Second)
	for _, fault := range []struct {
		name    string
		do      func()
		refuses bool
	}{
		{"restarted", func() { database.command("-m immediate restart") }, false},
		{"stopped", func() {
			database.command("-m immediate stop")
			time.Sleep(outage)
			database.command("restart") // which, other than start, knows the options
		}, true},
		{"frozen", func() {
			database.signal(syscall.SIGSTOP)
			time.Sleep(outage)
			database.signal(syscall.SIGCONT)
		}, true},
	} {
		began := time.Now()
		fault.do()
		ended := time.Now()
		w.ready(server)
		back := time.Since(ended)
		assert.Less(t, back, recovery, fault.name)
		if fault.refuses {
			refusals(t, fault.name, heard.between(began.Add(lastAnswers), began.Add(outage)))
		}
		time.Sleep(time.Second)
		t.Logf("database %s for %s: healthy %s after it", fault.name, ended.Sub(began).Round(time.Millisecond), back.Round(time.Millisecond))
		summarise(t, heard.between(began, time.Now()))
		assert.True(t, allServed(heard.between(time.Now().Add(-500*time.Millisecond), time.Now())), "%s: everything is answered again", fault.name)
	}
	stopUploads()
	stopReads()
	for _, e := range heard.heard {
		checkExchange(t, e)
	}
	notes.verify(w, server.URL())
	require.NoError(t, server.Stop(startTimeout))
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

// checkExchange demands an answer, in time, in the format of the contract.
func checkExchange(t *testing.T, e exchange) {
	t.Helper()
	if !assert.NoError(t, e.err, e.route) {
		return
	}
	assert.Less(t, e.answer.Took, patience, e.route)
	if e.answer.Status != http.StatusOK {
		assert.Equal(t, http.StatusServiceUnavailable, e.answer.Status, e.route)
		assert.Equal(t, string(models.KindUnavailable), e.answer.Failure().Error.Code, e.route)
	}
}

// refusals demands that nothing is claimed to work while the database is away.
func refusals(t *testing.T, name string, heard []exchange) {
	t.Helper()
	assert.NotEmpty(t, heard, "%s: requests are answered meanwhile", name)
	for _, e := range heard {
		assert.Equal(t, http.StatusServiceUnavailable, e.answer.Status, "%s: %s", name, e.route)
	}
}

func allServed(heard []exchange) bool {
	return len(heard) > 0 && !slices.ContainsFunc(heard, func(e exchange) bool { return e.answer.Status != http.StatusOK })
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
