package cache_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/cache"
)

// childVariable carries a childOrder to a second process, which is this test binary again.
const childVariable = "CACHE_TEST_CHILD"

// childOrder is what a second process is to do: ask for one entry many times at once.
type childOrder struct {
	Database models.OpenOptions
	Entry    cache.Entry
	Provider string
	Requests int
	Lease    time.Duration
}

// asking is work that calls a provider over HTTP.
func asking(provider string) cache.Work {
	return func(ctx context.Context, _ func(string)) (cache.Answer, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, provider, http.NoBody)
		if err != nil {
			return cache.Answer{}, err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return cache.Answer{}, err
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		return cache.Answer{Response: string(text)}, err
	}
}

// askAtOnce makes identical requests and returns how many got the answer "real".
func askAtOnce(ctx context.Context, s *cache.Store, o childOrder) int64 {
	var answered atomic.Int64
	var group sync.WaitGroup
	for range o.Requests {
		group.Go(func() {
			if result, err := s.Do(ctx, o.Entry, nil, asking(o.Provider)); err == nil && result.Response == "real" {
				answered.Add(1)
			}
		})
	}
	group.Wait()
	return answered.Load()
}

// TestChildProcess is the second process of the tests below, and no test of its own.
func TestChildProcess(t *testing.T) {
	encoded := os.Getenv(childVariable)
	if encoded == "" {
		t.Skip("runs in a process that another test starts")
	}
	var o childOrder
	require.NoError(t, json.Unmarshal([]byte(encoded), &o))
	db, err := models.Open(t.Context(), o.Database)
	require.NoError(t, err)
	_, err = fmt.Fprintln(os.Stderr, "ready")
	require.NoError(t, err)
	_, err = bufio.NewReader(os.Stdin).ReadString('\n')
	require.NoError(t, err)
	answered := askAtOnce(t.Context(), cache.New(cache.Options{DB: db, Lease: o.Lease}), o)
	require.EqualValues(t, o.Requests, answered)
	require.NoError(t, models.Close(db))
}

// startChild starts a second process, and returns it with what lets it go once it is ready.
func startChild(t *testing.T, o childOrder) (child *exec.Cmd, begin func()) {
	t.Helper()
	encoded, err := json.Marshal(o)
	require.NoError(t, err)
	child = exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestChildProcess$", "-test.timeout", (2 * patience).String())
	child.Env = append(os.Environ(), childVariable+"="+string(encoded))
	stdin, err := child.StdinPipe()
	require.NoError(t, err)
	stderr, err := child.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	line, err := bufio.NewReader(stderr).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "ready\n", line)
	return child, func() {
		_, err := io.WriteString(stdin, "go\n")
		require.NoError(t, err)
	}
}

func TestTwoProcessesMakeOneCall(t *testing.T) {
	w := newWorld(t)
	e := w.entry("two processes")
	var calls atomic.Int64
	provider := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		assert.Eventually(t, func() bool { return w.wanted(e) }, patience, 5*time.Millisecond, "the other process waits")
		_, _ = io.WriteString(out, "real")
	}))
	defer provider.Close()
	o := childOrder{Database: w.options, Entry: e, Provider: provider.URL, Requests: 100, Lease: lease}
	child, begin := startChild(t, o)
	begin()
	assert.EqualValues(t, o.Requests, askAtOnce(t.Context(), w.store(), o))
	require.NoError(t, child.Wait())
	assert.EqualValues(t, 1, calls.Load())
}

func TestAKilledProcessLeavesNoStuckLock(t *testing.T) {
	w := newWorld(t)
	var calls atomic.Int64
	called, release := make(chan struct{}), make(chan struct{})
	provider := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) == 1 {
			close(called)
			<-release
		}
		_, _ = io.WriteString(out, "real")
	}))
	defer provider.Close()
	defer close(release)
	o := childOrder{Database: w.options, Entry: w.entry("killed"), Provider: provider.URL, Requests: 1, Lease: time.Second}
	child, begin := startChild(t, o)
	begin()
	w.await(called, "the child's call")
	require.NoError(t, child.Process.Kill())
	require.Error(t, child.Wait())
	assert.EqualValues(t, 1, askAtOnce(t.Context(), w.store(), o))
	assert.EqualValues(t, 2, calls.Load())
}
