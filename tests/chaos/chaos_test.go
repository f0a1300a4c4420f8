//go:build unix

// Package chaos tries what the server must outlive: being killed, a database that goes away or freezes, a frozen
// replica, a full disk. scripts/chaos runs it; a plain go test skips it.
package chaos

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/tests/program"
	"resume-matcher/tests/testdb"
)

var (
	run     = flag.Bool("chaos", false, "run these tests, which take minutes")
	kills   = flag.Int("kills", 10, "how often the server is killed")
	short   = flag.Bool("brief", false, "shorten the outages")
	binary  = flag.String("program", "", "the program to try; built if empty")
	keepLog = flag.String("logs", "", "folder that keeps the servers' logs")
)

// built is the path of the program under test.
var built string

func TestMain(m *testing.M) {
	flag.Parse()
	if !*run {
		os.Exit(m.Run())
	}
	os.Exit(prepared(m))
}

func prepared(m *testing.M) int {
	folder, err := os.MkdirTemp("", "chaos")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	defer os.RemoveAll(folder)
	if built = *binary; built == "" {
		if built, err = program.Build(context.Background(), folder); err != nil {
			fmt.Fprintln(os.Stderr, "can't build the program:", err)
			return 2
		}
	}
	// Every server that finds the PDF engine not compiled begins to compile it, however soon it is killed.
	if out, err := exec.Command(built, "warm").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "can't compile the PDF engine: %v\n%s", err, out)
		return 2
	}
	return m.Run()
}

// needed skips a test unless these tests were asked for.
func needed(t *testing.T) {
	t.Helper()
	if !*run {
		t.Skip("takes minutes: run it with scripts/chaos")
	}
}

// world is a database with the servers that a test runs on it.
type world struct {
	t       *testing.T
	options models.OpenOptions
	env     []string
	folder  string
	ports   map[string]int
	// db looks at the database past the servers.
	db *gorm.DB
}

// newWorld makes a world on an empty database; env adds to the servers' configuration.
func newWorld(t *testing.T, env ...string) *world {
	t.Helper()
	needed(t)
	return worldOn(t, testdb.Migrated(t), env...)
}

func worldOn(t *testing.T, o models.OpenOptions, env ...string) *world {
	t.Helper()
	w := &world{t: t, options: o, folder: t.TempDir(), ports: map[string]int{}}
	w.env = append([]string{
		"DATABASE_URL=" + databaseURL(o), "RATE_LIMIT_ENABLED=false", "LOG_LEVEL=warn",
	}, env...)
	if *keepLog != "" {
		w.folder = filepath.Join(*keepLog, t.Name())
		require.NoError(t, os.MkdirAll(w.folder, 0o750))
	}
	t.Cleanup(func() {
		if t.Failed() {
			w.showLog()
		}
	})
	return w
}

func databaseURL(o models.OpenOptions) string {
	if o.Dialect == models.SQLite {
		return "sqlite:///" + o.DSN
	}
	return o.DSN
}

// showLog prints the end of the servers' log.
func (w *world) showLog() {
	const enough = 4000
	content, err := os.ReadFile(filepath.Join(w.folder, program.LogName))
	if err == nil {
		w.t.Logf("the end of the log:\n%s", content[max(0, len(content)-enough):])
	}
}

// look connects to the database past the servers; on SQLite its schema may not be there yet.
func (w *world) look() *gorm.DB {
	w.t.Helper()
	if w.db == nil {
		w.db = testdb.Connect(w.t, w.options)
	}
	return w.db
}

// count returns the number a query answers.
func (w *world) count(query string, args ...any) int {
	w.t.Helper()
	var n int
	require.NoError(w.t, w.look().Raw(query, args...).Scan(&n).Error)
	return n
}

// start starts the server of a name, always at the same address, without waiting for it.
func (w *world) start(name string) *program.Server {
	w.t.Helper()
	if w.ports[name] == 0 {
		ports, err := program.FreePorts(1)
		require.NoError(w.t, err)
		w.ports[name] = ports[0]
	}
	s, err := program.Start(program.Options{Path: built, Folder: w.folder, Port: w.ports[name], Env: w.env})
	require.NoError(w.t, err)
	w.t.Cleanup(s.Kill)
	return s
}

// startTimeout bounds what a server may take to answer, on a busy machine too.
const startTimeout = 2 * time.Minute

// ready waits for a server and returns how long its start took.
func (w *world) ready(s *program.Server) time.Duration {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), startTimeout)
	defer cancel()
	took, err := s.Ready(ctx)
	require.NoError(w.t, err)
	return took
}

// await waits for a fact.
func (w *world) await(done func() bool, what string) {
	w.t.Helper()
	require.Eventually(w.t, done, startTimeout, 20*time.Millisecond, what)
}

// serve starts a server and waits for it.
func (w *world) serve(name string) *program.Server {
	w.t.Helper()
	s := w.start(name)
	w.ready(s)
	return s
}
