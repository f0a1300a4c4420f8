package cmd

import (
	"encoding/json"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/config"
)

// inFolderWith moves the test into an empty folder with the given .env file, away from the caller's environment.
func inFolderWith(t *testing.T, envFile string) {
	t.Helper()
	for line := range strings.Lines(config.Sample()) {
		if name, _, found := strings.Cut(line, "="); found && !strings.HasPrefix(name, "#") {
			t.Setenv(name, "")
		}
	}
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile(".env", []byte(envFile), 0o600))
}

const envFile = "HOST=::1\nLLM_API_KEY=my-secret-key\nDATABASE_URL=postgresql+asyncpg://app:my-secret-key@db.example.com/resumes?ssl=require\n"

func TestConfigPrintShowsValuesAndSources(t *testing.T) {
	inFolderWith(t, envFile)
	t.Setenv("PORT", "9001")
	code, out, errOut := run(t, "", "config", "print")
	require.Equal(t, exitOK, code, errOut)
	assert.NotContains(t, out, "my-secret-key")
	rows := map[string][]string{}
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		rows[fields[0]] = fields[1:]
	}
	assert.Equal(t, []string{"9001", "environment"}, rows["PORT"])
	assert.Equal(t, []string{"::1", ".env"}, rows["HOST"])
	assert.Equal(t, []string{"60", "default"}, rows["RATE_LIMIT_REQUESTS"])
	assert.Equal(t, []string{"-", "default"}, rows["LLM_BASE_URL"])
	assert.Equal(t, []string{"***", ".env"}, rows["LLM_API_KEY"])
	assert.Equal(t, []string{"postgresql+asyncpg://app:***@db.example.com/resumes?ssl=require", ".env"}, rows["DATABASE_URL"])
}

func TestConfigPrintAsJSON(t *testing.T) {
	inFolderWith(t, envFile)
	code, out, errOut := run(t, "", "config", "print", "--format", "json")
	require.Equal(t, exitOK, code, errOut)
	assert.NotContains(t, out, "my-secret-key")
	var entries []config.Entry
	require.NoError(t, json.Unmarshal([]byte(out), &entries))
	assert.Contains(t, entries, config.Entry{Name: "HOST", Value: "::1", Source: config.FromFile})
}

func TestWrongConfigurationExitsWithUsage(t *testing.T) {
	inFolderWith(t, "PORT=99999\nLOG_LEVEL=loud\nDATABASE_URL=postgres://app:my/secret@h/d\n")
	code, out, errOut := run(t, "", "config", "print")
	assert.Equal(t, exitUsage, code)
	assert.Empty(t, out)
	for _, name := range []string{"PORT", "LOG_LEVEL", "DATABASE_URL"} {
		assert.Contains(t, errOut, name)
	}
	assert.NotContains(t, errOut, "secret@")

	code, _, errOut = run(t, "", "config", "print", "--format", "xml")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "--format")
}

func TestConfigSampleIsTheFileOfTheRepository(t *testing.T) {
	file, err := os.ReadFile("../.env.sample")
	require.NoError(t, err)
	code, out, errOut := run(t, "", "config", "sample")
	require.Equal(t, exitOK, code, errOut)
	assert.Equal(t, string(file), out)
}

func TestVersion(t *testing.T) {
	code, out, errOut := run(t, "", "version")
	require.Equal(t, exitOK, code, errOut)
	assert.Contains(t, out, "resume-matcher test (commit ")
	assert.Equal(t, "resume-matcher 1.2.0 (commit abc123+changes, go1.26.8)", describeBuild("1.2.0", &debug.BuildInfo{
		GoVersion: "go1.26.8",
		Settings:  []debug.BuildSetting{{Key: "vcs.revision", Value: "abc123"}, {Key: "vcs.modified", Value: "true"}},
	}))
	assert.Equal(t, "resume-matcher dev (commit unknown, unknown Go)", describeBuild("dev", nil))
}
