package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/matching"
)

const testdata = "../tests/testdata/"

// run executes a command line as main does, and returns its exit code and streams.
func run(t *testing.T, stdin string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Execute(context.Background(), args, Streams{In: strings.NewReader(stdin), Out: &o, Err: &e}, "test")
	return code, o.String(), e.String()
}

func TestMatchPrintsAnExplainedScore(t *testing.T) {
	code, out, errOut := run(t, "", "match", testdata+"developer.md", testdata+"backend-job.txt")
	require.Equal(t, 0, code, errOut)
	for _, want := range []string{
		"Mira Halvorsen", "Senior Backend Engineer (Go)", "Score", "Required skills",
		"✓ Experience with Kubernetes and Terraform", "✗ Experience with Apache Kafka", "Missing, most important first",
	} {
		assert.Contains(t, out, want)
	}
}

func TestMatchReadsStandardInputAndWritesJSON(t *testing.T) {
	job, err := os.ReadFile(testdata + "backend-job.txt")
	require.NoError(t, err)
	code, out, errOut := run(t, string(job), "match", "--format", "json", testdata+"developer.md", "-")
	require.Equal(t, 0, code, errOut)
	var report struct {
		Name string `json:"name"`
		matching.Result
	}
	require.NoError(t, json.Unmarshal([]byte(out), &report))
	assert.Equal(t, "Mira Halvorsen", report.Name)
	assert.Greater(t, report.Score, 60.0)
	assert.Len(t, report.Coverage, 6)

	_, again, _ := run(t, string(job), "match", "--format", "json", testdata+"developer.md", "-")
	assert.Equal(t, out, again)
}

func TestExtract(t *testing.T) {
	code, out, errOut := run(t, "", "extract", testdata+"developer.md")
	require.Equal(t, 0, code, errOut)
	assert.Contains(t, out, "## Experience")

	code, out, errOut = run(t, "", "extract", "--format", "json", testdata+"developer.md")
	require.Equal(t, 0, code, errOut)
	var data struct {
		PersonalInfo struct{ Name string } `json:"personalInfo"`
		Sources      []struct{ Path string }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &data))
	assert.Equal(t, "Mira Halvorsen", data.PersonalInfo.Name)
	assert.NotEmpty(t, data.Sources)
}

func TestFailuresSayWhatToDo(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.pdf")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	picture := filepath.Join(dir, "picture.pdf")
	require.NoError(t, os.WriteFile(picture, []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), 0o600))
	cases := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no such file", []string{"extract", filepath.Join(dir, "none.pdf")}, 2, "no such file"},
		{"empty file", []string{"extract", empty}, 1, "empty"},
		{"picture", []string{"extract", picture}, 1, "PDF"},
		{"wrong format", []string{"extract", "--format", "xml", empty}, 2, "--format"},
		{"unknown flag", []string{"match", "--shout", empty, empty}, 2, "shout"},
		{"unknown command", []string{"dance"}, 2, "dance"},
		{"too few files", []string{"match", empty}, 2, "arg"},
		{"both from standard input", []string{"match", "-", "-"}, 2, "standard input"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			code, out, errOut := run(t, "", c.args...)
			assert.Equal(t, c.code, code, errOut)
			assert.Empty(t, out)
			assert.Contains(t, errOut, c.want)
		})
	}
}

func TestWrongVariablesEndWithTwoAndAreAllNamed(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("PORT", "many")
	t.Setenv("DB_POOL_SIZE", "-3")
	t.Setenv("DATABASE_URL", "mysql://person:hunter2@db.example.com/x")
	code, _, errOut := run(t, "", "serve")
	assert.Equal(t, 2, code)
	for _, want := range []string{"PORT", "DB_POOL_SIZE", "DATABASE_URL"} {
		assert.Contains(t, errOut, want)
	}
	assert.NotContains(t, errOut, "hunter2")
}

func TestConfigPrintMasksSecrets(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("DATABASE_URL", "postgresql+psycopg://person:hunter2@db.example.com/x?sslmode=require")
	t.Setenv("SESSION_SECRET_KEY", "correct-horse-battery-staple-0123456789")
	code, out, errOut := run(t, "", "config", "print")
	require.Equal(t, 0, code, errOut)
	assert.Contains(t, out, "***")
	assert.Contains(t, out, "environment")
	assert.NotContains(t, out, "hunter2")
	assert.NotContains(t, out, "correct-horse")
}

func TestOpenAPIPrintsTheSnapshot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "openapi.json")
	code, _, errOut := run(t, "", "openapi", "--output", file)
	require.Equal(t, 0, code, errOut)
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.True(t, json.Valid(data))
}
