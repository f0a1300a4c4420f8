package services

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

func TestExportHoldsEverything(t *testing.T) {
	db := testdb.Open(t)
	id := newWorkspace(t, db, "exported", 3)
	newWorkspace(t, db, "other", 1)
	var written bytes.Buffer
	require.NoError(t, testWorkspaces(db).Export(t.Context(), id, &written))
	assert.NotContains(t, written.String(), "other")

	var out WorkspaceExport
	decoder := json.NewDecoder(bytes.NewReader(written.Bytes()))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&out))
	assert.Equal(t, exportVersion, out.Version)
	assert.Equal(t, noon(), out.ExportedAt)
	assert.Equal(t, id, out.Workspace.ID)
	value := reflect.ValueOf(out)
	for i := range value.NumField() {
		if list := value.Field(i); list.Kind() == reflect.Slice {
			assert.GreaterOrEqual(t, list.Len(), 3, value.Type().Field(i).Name)
		}
	}
	resume := out.Resumes[0]
	assert.Equal(t, "# exported 0", resume.Content)
	assert.Equal(t, "Summary of exported 0", resume.Structured.Summary)
	assert.Len(t, resume.Sources, 1)
	assert.Equal(t, "Dear reader, exported 0", *resume.CoverLetter)
	assert.Equal(t, "Title of exported 0", out.Jobs[0].Structured.JobTitle)
	assert.JSONEq(t, `{"of": "exported 0"}`, string(out.Improvements[0].Result))

	var hashes []string
	require.NoError(t, db.Model(&models.APIToken{}).Pluck("hash", &hashes).Error)
	for _, hash := range hashes {
		assert.NotContains(t, written.String(), hash)
	}
}

// TestExportNamesEveryTable fails when a new table could be forgotten.
func TestExportNamesEveryTable(t *testing.T) {
	lists := map[string]string{
		"api_tokens": "api_tokens", "identities": "identities", "resumes": "resumes", "jobs": "jobs", "job_resume": "job_resumes",
		"improvements": "improvements", "llm_cache": "cached_answers", "llm_usage": "usage", "tasks": "tasks",
		"workspaces": "workspace", "processed_resumes": "resumes", "processed_jobs": "jobs",
		// These hold ids of the above while a model is being asked, or belong to the program.
		"llm_cache_index": "", "llm_flights": "", "llm_flight_index": "", "task_slots": "",
	}
	document := reflect.TypeFor[WorkspaceExport]()
	fields := map[string]bool{"": true}
	for i := range document.NumField() {
		fields[document.Field(i).Tag.Get("json")] = true
	}
	db := testdb.Open(t)
	for _, model := range models.All() {
		parsed, err := parseModel(db, model)
		require.NoError(t, err)
		list, known := lists[parsed.Table]
		assert.True(t, known && fields[list], "%s is not exported", parsed.Table)
	}
}

func TestExportOfAnEmptyWorkspaceHasEmptyLists(t *testing.T) {
	db := testdb.Open(t)
	id := addWorkspaces(t, db, 1)[0]
	var written bytes.Buffer
	require.NoError(t, testWorkspaces(db).Export(t.Context(), id, &written))
	assert.True(t, json.Valid(written.Bytes()))
	assert.NotContains(t, written.String(), "null")
}

func TestExportOfNoWorkspaceWritesNothing(t *testing.T) {
	var written bytes.Buffer
	err := testWorkspaces(testdb.Open(t)).Export(t.Context(), "0198aaaa-0000-7000-8000-000000000000", &written)
	requireNotFound(t, err)
	assert.Empty(t, written.Bytes())
}

// breaking is a writer that calls back at its first bytes, and fails after a number of them.
type breaking struct {
	bytes.Buffer
	first func()
	most  int
}

func (b *breaking) Write(p []byte) (int, error) {
	if b.first != nil {
		b.first()
		b.first = nil
	}
	if b.most > 0 && b.Len()+len(p) > b.most {
		return 0, errors.New("the reader is gone")
	}
	return b.Buffer.Write(p)
}

func TestBrokenExportIsNoDocument(t *testing.T) {
	db := testdb.Open(t)
	id := newWorkspace(t, db, strings.Repeat("long ", 2_000), 20)
	written := &breaking{most: 3 * exportBuffer}
	require.Error(t, testWorkspaces(db).Export(t.Context(), id, written))
	assert.NotZero(t, written.Len())
	assert.False(t, json.Valid(written.Bytes()))
}

func TestExportShowsOneMoment(t *testing.T) {
	db := testdb.Open(t)
	id := newWorkspace(t, db, strings.Repeat("long ", 2_000), 10)
	written := &breaking{first: func() { fillWorkspace(t, db, id, "too late") }}
	require.NoError(t, testWorkspaces(db).Export(t.Context(), id, written))
	assert.True(t, json.Valid(written.Bytes()))
	assert.NotContains(t, written.String(), "too late")
}
