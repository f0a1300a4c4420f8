package cmd

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/tests/testdb"
)

// migrateChild makes a process of this test binary run migrate up, as the program would.
const migrateChild = "TEST_MIGRATE_CHILD"

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(migrateChild) != "":
		os.Exit(asProgram("migrate", "up"))
	case len(os.Args) > 1 && os.Args[1] == "warm":
		// A server whose PDF engine is not compiled starts its own program for that, which in these tests is this binary:
		// it would run all the tests again, whose servers would do the same.
		os.Exit(asProgram(os.Args[1:]...))
	}
	os.Exit(m.Run())
}

func asProgram(args ...string) int {
	return Execute(context.Background(), args, Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, "test")
}

// chaosRuns is how often a test of many processes is repeated; scripts/chaos_migrate asks for more.
func chaosRuns(t *testing.T, few int) int {
	t.Helper()
	text := os.Getenv("CHAOS_RUNS")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

func migrateProcess(t *testing.T) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), migrateChild+"=1")
	child.Stdout, child.Stderr = &out, &out
	return child, &out
}

func TestMigrateUpAfterAKilledOneFinishes(t *testing.T) {
	useDatabase(t, testdb.Blank(t))
	whole, out := migrateProcess(t)
	start := time.Now()
	require.NoError(t, whole.Run(), out)
	took := time.Since(start)
	require.Equal(t, len(builtIn(t, testdb.Dialect())), countLines(out.String(), "applied "), "the child migrates: a kill meets it at work")
	for range chaosRuns(t, 5) {
		o := testdb.Blank(t)
		useDatabase(t, o)
		killed, _ := migrateProcess(t)
		require.NoError(t, killed.Start())
		time.Sleep(rand.N(took))
		require.NoError(t, killed.Process.Kill())
		_ = killed.Wait()

		code, text, errOut := run(t, "", "migrate", "up")
		require.Equal(t, 0, code, text+errOut)
		code, text, errOut = run(t, "", "drift", "--dialect", string(o.Dialect))
		require.Equal(t, 0, code, text+errOut)
	}
}

func TestManyProcessesMigrateOnce(t *testing.T) {
	for range chaosRuns(t, 3) {
		o := testdb.Blank(t)
		useDatabase(t, o)
		const processes = 8
		var texts [processes]string
		var failures [processes]error
		var wg sync.WaitGroup
		for i := range processes {
			child, out := migrateProcess(t)
			wg.Go(func() {
				failures[i] = child.Run()
				texts[i] = out.String()
			})
		}
		wg.Wait()
		applied := 0
		for i := range processes {
			assert.NoError(t, failures[i], texts[i])
			applied += countLines(texts[i], "applied ")
		}
		require.Equal(t, len(builtIn(t, o.Dialect)), applied)
		code, text, errOut := run(t, "", "drift", "--dialect", string(o.Dialect))
		require.Equal(t, 0, code, text+errOut)
	}
}
