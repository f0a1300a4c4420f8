package cmd

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWarmTellsThatItCanNotKeepTheEngine(t *testing.T) {
	t.Chdir(t.TempDir())
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	t.Setenv("CACHE_DIR", file)
	var errOut bytes.Buffer
	assert.NotZero(t, Execute(t.Context(), []string{"warm"}, Streams{In: strings.NewReader(""), Out: io.Discard, Err: &errOut}, "test"))
	assert.Contains(t, errOut.String(), "CACHE_DIR")
}

func TestWarmEndsWithTheProcessThatWantedIt(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("CACHE_DIR", t.TempDir())
	// The parent is gone from the beginning: nothing but the compilation, of seconds, is under way beside the look for it.
	parent, child := io.Pipe()
	require.NoError(t, child.Close())
	var errOut bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		ended <- Execute(context.Background(), []string{"warm", "--" + whileInputFlag}, Streams{In: parent, Out: io.Discard, Err: &errOut}, "test")
	}()
	select {
	case code := <-ended:
		assert.NotZero(t, code, "it did not finish")
	case <-time.After(time.Minute):
		t.Fatal("it goes on for nobody")
	}
}
