package cmd

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
	"resume-matcher/tests/testlog"
)

// running is a `serve` in this process, in its own folder, on a free port.
type running struct {
	url  string
	log  *testlog.Buffer
	stop context.CancelFunc
	code chan int
}

// startTimeout is far above what a program takes to start or to stop.
const startTimeout = time.Minute

var servingURL = regexp.MustCompile(`url=(http://\S+)`)

func startServe(t *testing.T) *running {
	t.Helper()
	t.Setenv("PORT", "0")
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{log: &testlog.Buffer{}, stop: cancel, code: make(chan int, 1)}
	go func() {
		r.code <- Execute(ctx, []string{"serve"}, Streams{In: strings.NewReader(""), Out: r.log, Err: r.log}, "test")
	}()
	t.Cleanup(cancel)
	require.Eventually(t, func() bool {
		if m := servingURL.FindStringSubmatch(r.log.String()); m != nil {
			r.url = m[1]
			return true
		}
		return false
	}, startTimeout, 5*time.Millisecond, "the server did not start: %s", r.log)
	return r
}

func (r *running) end(t *testing.T) {
	t.Helper()
	r.stop()
	select {
	case code := <-r.code:
		assert.Zero(t, code, r.log.String())
	case <-time.After(startTimeout):
		t.Fatal("the server did not stop")
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url) //nolint:noctx,gosec // a local test server
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(body)
}

// awaitWell waits until /healthz answers 200: on a machine that stalls, the database may fail one probe.
func awaitWell(t *testing.T, url string) {
	t.Helper()
	require.Eventually(t, func() bool {
		resp, err := http.Get(url + "/healthz") //nolint:noctx,gosec // a local test server
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	}, startTimeout, 20*time.Millisecond)
}

func backups(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob("app.db.backup-*")
	require.NoError(t, err)
	return found
}

func TestServeNeedsNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("DATABASE_URL", "")
	first := startServe(t)
	awaitWell(t, first.url)
	status, body := get(t, first.url+"/")
	assert.Equal(t, http.StatusOK, status, "/ leads to the docs")
	assert.Contains(t, body, "<html")
	first.end(t)
	assert.FileExists(t, "app.db")
	assert.Empty(t, backups(t), "an empty database needs no copy")

	again := startServe(t)
	awaitWell(t, again.url)
	again.end(t)
	assert.Empty(t, backups(t), "nothing was pending")
}

func TestServeRefusesABrokenDatabase(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("DATABASE_URL", "sqlite:///app.db")
	require.NoError(t, os.WriteFile("app.db", []byte(strings.Repeat("this is no database ", 200)), 0o600))
	code, _, errOut := run(t, "", "serve")
	assert.NotZero(t, code)
	assert.Contains(t, errOut, "resume-matcher:")
}

func TestShutdownFinishesWhatIsInFlight(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	entered, release := make(chan struct{}), make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-release
		_, _ = io.WriteString(w, "finished")
	})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- serveUntilDone(ctx, listener, handler, 2*time.Minute, slog.New(slog.DiscardHandler))
	}()
	answer := make(chan string, 1)
	go func() {
		_, body := get(t, "http://"+listener.Addr().String())
		answer <- body
	}()
	<-entered
	stop()
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err == nil {
			conn.Close()
		}
		return err != nil
	}, startTimeout, 5*time.Millisecond, "new connections are refused while the old one finishes")
	close(release)
	assert.Equal(t, "finished", <-answer)
	assert.NoError(t, <-ended)
}

func TestServePostgresOnlyRefusesAStaleSchema(t *testing.T) {
	testdb.RequirePostgres(t)
	t.Chdir(t.TempDir())
	t.Setenv("DATABASE_URL", testdb.Blank(t).DSN)
	code, _, errOut := run(t, "", "serve")
	assert.Equal(t, 1, code)
	assert.Contains(t, errOut, "resume-matcher migrate up")

	code, _, errOut = run(t, "", "migrate", "up")
	require.Zero(t, code, errOut)
	r := startServe(t)
	awaitWell(t, r.url)
	r.end(t)
}

func TestServeCopiesAFileWithDataBeforeMigratingIt(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("DATABASE_URL", "sqlite:///app.db")
	diary := func(file string) (*gorm.DB, func()) {
		db, err := models.Open(t.Context(), models.OpenOptions{Dialect: models.SQLite, DSN: file})
		require.NoError(t, err)
		return db, func() { require.NoError(t, models.Close(db)) }
	}
	db, done := diary("app.db")
	require.NoError(t, db.Exec("CREATE TABLE diary (note text)").Error)
	require.NoError(t, db.Exec("INSERT INTO diary VALUES ('kept')").Error)
	done()

	r := startServe(t)
	awaitWell(t, r.url)
	r.end(t)
	assert.Contains(t, r.log.String(), "applied a migration")
	copies := backups(t)
	require.Len(t, copies, 1)
	for _, file := range []string{"app.db", copies[0]} {
		held, done := diary(file)
		var notes []string
		require.NoError(t, held.Raw("SELECT note FROM diary").Scan(&notes).Error)
		assert.Equal(t, []string{"kept"}, notes, file)
		done()
	}
}
