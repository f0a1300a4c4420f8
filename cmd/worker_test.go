package cmd

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/config"
	"resume-matcher/handlers"
	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/services/documents"
	"resume-matcher/services/tasks"
	"resume-matcher/tests/testdb"
	"resume-matcher/tests/testlog"
)

// configured names a fresh database of the tests' dialect in the environment, and opens it.
func configured(t *testing.T) *gorm.DB {
	t.Helper()
	t.Chdir(t.TempDir())
	o := testdb.Migrated(t)
	url := o.DSN
	if o.Dialect == models.SQLite {
		url = "sqlite:///" + o.DSN
	}
	t.Setenv("DATABASE_URL", url)
	return testdb.Connect(t, o)
}

// deferred stores a résumé that waits for its processing, as a server does that has no workers.
func deferred(t *testing.T, db *gorm.DB) (id string) {
	t.Helper()
	a := &app{in: strings.NewReader(""), out: io.Discard, err: io.Discard, version: "test"}
	log := slog.New(slog.DiscardHandler)
	cfg, err := config.Load(config.Options{})
	require.NoError(t, err)
	program, err := newApplication(t.Context(), a, cfg, log, db, documents.New(documents.Options{}), tasks.Options{})
	require.NoError(t, err)
	out, err := program.Resumes.Upload(t.Context(), models.DefaultWorkspaceID, "juna.md",
		[]byte("# Juna Okafor\n\njuna.okafor@example.org\n\n## Skills\n\nWelding, Safety\n"), services.Processing{Defer: true})
	require.NoError(t, err)
	require.Equal(t, models.StatusPending, out.Status)
	return out.ResumeID
}

func statusOf(t *testing.T, db *gorm.DB, id string) models.ProcessingStatus {
	t.Helper()
	var row models.Resume
	require.NoError(t, db.Take(&row, "id = ?", id).Error)
	return row.ProcessingStatus
}

func TestAWorkerDoesWhatServersDefer(t *testing.T) {
	db := configured(t)
	t.Setenv("DISABLE_BACKGROUND_TASKS", "true")
	id := deferred(t, db)
	ctx, stop := context.WithCancel(t.Context())
	log, code := &testlog.Buffer{}, make(chan int, 1)
	go func() {
		code <- Execute(ctx, []string{"worker"}, Streams{In: strings.NewReader(""), Out: log, Err: log}, "test")
	}()
	require.Eventually(t, func() bool { return statusOf(t, db, id) == models.StatusReady }, startTimeout, 20*time.Millisecond, "%s", log)
	stop()
	select {
	case c := <-code:
		assert.Zero(t, c, log.String())
	case <-time.After(startTimeout):
		t.Fatal("the worker did not stop")
	}
	assert.Contains(t, log.String(), "stopped")
}

func TestWorkersAndCleanupRefuseAStaleSchemaOnPostgres(t *testing.T) {
	testdb.RequirePostgres(t)
	t.Chdir(t.TempDir())
	t.Setenv("DATABASE_URL", testdb.Blank(t).DSN)
	for _, command := range []string{"worker", "cleanup"} {
		code, _, errOut := run(t, "", command)
		assert.Equal(t, 1, code, command)
		assert.Contains(t, errOut, "resume-matcher migrate up")
	}
}

func TestCleanupDoesOneRound(t *testing.T) {
	db := configured(t)
	id := deferred(t, db)
	code, out, errOut := run(t, "", "cleanup")
	assert.Zero(t, code, errOut)
	assert.Equal(t, models.StatusReady, statusOf(t, db, id))
	for _, part := range []string{"cached_answers", "previews", "schema_findings", "tasks"} {
		assert.Contains(t, out, part)
	}

	code, out, errOut = run(t, "", "cleanup", "--format", "json")
	assert.Zero(t, code, errOut)
	var data handlers.MaintenanceData
	require.NoError(t, json.Unmarshal([]byte(out), &data), out)
	assert.True(t, data.Complete)

	code, _, errOut = run(t, "", "cleanup", "--format", "yaml")
	assert.Equal(t, 2, code)
	assert.Contains(t, errOut, "format")
}

func TestCleanupFailsWhenAPartDoes(t *testing.T) {
	db := configured(t)
	require.NoError(t, db.Migrator().DropTable("llm_cache_index", "llm_cache"))
	code, out, _ := run(t, "", "cleanup")
	assert.Equal(t, 1, code)
	assert.Contains(t, out, "not complete")
	assert.Contains(t, out, "previews")
}
