package tests

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
	"resume-matcher/tests/testdb"
)

// tenant is a workspace with something of every kind, and requests that act in it.
type tenant struct {
	*Server
	workspaceID string
	// mark stands in every text of the tenant and in nobody else's.
	mark string
	// ids are those the API takes, by name: resume, tailored, deferred, job, key, change.
	ids map[string]string
	// file is what was uploaded, uploaded the first answer to it.
	file     []byte
	uploaded Response
}

// startTenants serves with sessions and a model.
func startTenants(t *testing.T) *Server {
	t.Helper()
	provider := llmtest.New(t)
	NewScript(provider, nil)
	return Start(t, WithSessions(t), WithModel(t, provider, llm.OpenAI))
}

func newTenant(t *testing.T, s *Server, mark string) *tenant {
	t.Helper()
	token, workspaceID := s.NewSession(t)
	a := &tenant{Server: s.As(token), workspaceID: workspaceID, mark: mark, ids: map[string]string{}}
	a.file = bytes.ReplaceAll(Testdata(t, "developer.md"), []byte("Halvorsen"), []byte(mark))
	a.uploaded = a.Upload(t, mark+".md", a.file)
	require.Equal(t, http.StatusOK, a.uploaded.Status, "%s", a.uploaded.Body)
	a.ids["resume"], _ = a.uploaded.JSON(t)["resume_id"].(string)
	a.ids["deferred"] = a.deferred(t)
	a.ids["job"] = a.uploadJobFor(t, a.ids["resume"])
	a.post(t, "/api/v1/match", a.pair())
	var saved, previewed improveAnswer
	a.post(t, "/api/v1/resumes/improve", a.pair()).Decode(t, &saved)
	a.ids["tailored"] = *saved.ResumeID
	a.post(t, "/api/v1/resumes/improve/preview", a.pair()).Decode(t, &previewed)
	require.NotEmpty(t, previewed.DetailedChanges)
	a.ids["change"] = previewed.DetailedChanges[0].ChangeID
	a.post(t, "/api/v1/resumes/"+a.ids["tailored"]+"/generate-cover-letter", map[string]any{"job_id": a.ids["job"]})
	require.NoError(t, s.Services.Usage.Flush(t.Context()))
	var answer models.LLMCache
	require.NoError(t, s.DB.Where("workspace_id = ?", workspaceID).First(&answer).Error)
	a.ids["key"] = answer.CacheKey
	return a
}

func (a *tenant) pair() map[string]any { return pair(a.ids["resume"], a.ids["job"]) }

func (a *tenant) post(t *testing.T, path string, v any) Response {
	t.Helper()
	r := a.Post(t, path, v)
	require.Equal(t, http.StatusOK, r.Status, "%s: %s", path, r.Body)
	return r
}

func (a *tenant) deferred(t *testing.T) string {
	t.Helper()
	contentType, body := Form(t, "deferred.md", append(slices.Clone(a.file), "\n- Deferred\n"...))
	r := a.Do(t, http.MethodPost, "/api/v1/resumes/upload?defer=true", contentType, body)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	id, _ := r.JSON(t)["resume_id"].(string)
	return id
}

func (a *tenant) uploadJobFor(t *testing.T, resume string) string {
	t.Helper()
	text := string(Testdata(t, "backend-job.txt")) + "\nContact: " + a.mark + "\n"
	r := a.post(t, "/api/v1/jobs/upload", map[string]any{"job_descriptions": []string{text}, "resume_id": resume})
	var out struct {
		JobID []string `json:"job_id"`
	}
	r.Decode(t, &out)
	return out.JobID[0]
}

// placeholders fill {name.id} with the tenant's ids.
func (a *tenant) placeholders(name string) []string {
	pairs := []string{}
	for id, value := range a.ids {
		pairs = append(pairs, "{"+name+"."+id+"}", value)
	}
	return pairs
}

// nobody has ids that are well formed and nobody's.
func nobody(a *tenant) *tenant {
	ids := map[string]string{}
	for name := range a.ids {
		ids[name] = uuid.NewString()
	}
	ids["key"] = models.HashContent("nobody's answer")
	return &tenant{ids: ids}
}

// rows returns every row of the tenant as text, by table.
func (a *tenant) rows(t *testing.T) map[string][]string {
	t.Helper()
	require.NoError(t, a.Services.Usage.Flush(t.Context()))
	tables, all := map[string][]string{}, testdb.Contents(t, a.DB)
	var keys []string
	require.NoError(t, a.DB.Model(&models.LLMCache{}).Where("workspace_id = ?", a.workspaceID).Pluck("cache_key", &keys).Error)
	for table, rows := range all {
		for _, row := range rows {
			if slices.ContainsFunc(append(keys, a.workspaceID), func(id string) bool { return strings.Contains(row, id) }) {
				tables[table] = append(tables[table], row)
			}
		}
	}
	return tables
}

// secrets are texts that only the tenant may see.
func (a *tenant) secrets(t *testing.T) []string {
	t.Helper()
	secrets := []string{a.mark, a.workspaceID}
	for _, rows := range a.rows(t) {
		for _, row := range rows {
			secrets = append(secrets, idPattern.FindAllString(row, -1)...)
		}
	}
	slices.Sort(secrets)
	return slices.Compact(secrets)
}

// idPattern finds UUIDs, and hashes in hexadecimal.
var idPattern = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{64}\b`)

// requireNothingOf fails if an answer tells something of a tenant that was not in its request.
func requireNothingOf(t *testing.T, secrets []string, request string, r Response) {
	t.Helper()
	answer := fmt.Sprint(r.Header) + string(r.Body)
	for _, secret := range secrets {
		if !strings.Contains(request, secret) {
			require.NotContains(t, answer, secret, "another workspace's")
		}
	}
}
