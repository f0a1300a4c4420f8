package tests

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
)

const snapshotFile = "openapi.snapshot.json"

func TestOpenAPISnapshot(t *testing.T) {
	server, err := handlers.New(handlers.Options{Version: "dev", Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	served, err := server.API().JSON()
	require.NoError(t, err)
	stored, err := os.ReadFile(snapshotFile)
	require.NoError(t, err, "run: make openapi-snapshot")
	if sameText(stored, served) {
		return
	}
	assert.Fail(t, "the API changed: review this difference, then run make openapi-snapshot",
		strings.Join(difference(t, stored, served), "\n"))
}

// sameText compares without a byte order mark and line ends, which editors on Windows change.
func sameText(stored, served []byte) bool {
	stored = bytes.TrimPrefix(stored, []byte("\xEF\xBB\xBF"))
	return bytes.Equal(bytes.ReplaceAll(stored, []byte("\r\n"), []byte("\n")), served)
}

func TestTheSnapshotToleratesAByteOrderMark(t *testing.T) {
	assert.True(t, sameText([]byte("\xEF\xBB\xBF{\r\n}\r\n"), []byte("{\n}\n")))
	assert.False(t, sameText([]byte("{ }\n"), []byte("{\n}\n")))
}

// difference lists what was added (+), removed (-) and changed (~), by JSON path.
func difference(t *testing.T, before, after []byte) []string {
	t.Helper()
	var a, b any
	require.NoError(t, json.Unmarshal(before, &a), "%s is not JSON: run make openapi-snapshot", snapshotFile)
	require.NoError(t, json.Unmarshal(after, &b))
	return compare("", a, b)
}

func compare(path string, a, b any) []string {
	x, xok := a.(map[string]any)
	y, yok := b.(map[string]any)
	if !xok || !yok {
		p, _ := json.Marshal(a)
		q, _ := json.Marshal(b)
		if bytes.Equal(p, q) {
			return nil
		}
		return []string{"~ " + path + "\n    was " + string(p) + "\n    is  " + string(q)}
	}
	var out []string
	for key, was := range x {
		if is, ok := y[key]; ok {
			out = append(out, compare(path+"/"+key, was, is)...)
		} else {
			out = append(out, "- "+path+"/"+key)
		}
	}
	for key := range y {
		if _, ok := x[key]; !ok {
			out = append(out, "+ "+path+"/"+key)
		}
	}
	return out
}

func TestTheSnapshotDifferenceIsReadable(t *testing.T) {
	got := difference(t, []byte(`{"paths":{"/a":1,"/b":{"x":1}}}`), []byte(`{"paths":{"/b":{"x":2},"/c":1}}`))
	assert.ElementsMatch(t, []string{"- /paths//a", "+ /paths//c", "~ /paths//b/x\n    was 1\n    is  2"}, got)
}

func TestTheDocumentIsStable(t *testing.T) {
	render := func() []byte {
		server, err := handlers.New(handlers.Options{Version: "dev", Logger: slog.New(slog.DiscardHandler)})
		require.NoError(t, err)
		doc, err := server.API().JSON()
		require.NoError(t, err)
		return doc
	}
	first := render()
	assert.False(t, bytes.HasPrefix(first, []byte("\xEF\xBB\xBF")))
	for range 5 {
		assert.Equal(t, string(first), string(render()))
	}
}
