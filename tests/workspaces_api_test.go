package tests

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services"
)

const workspacePath = "/api/v1/workspace"

func TestExportedWorkspaceIsComplete(t *testing.T) {
	s := startTenants(t)
	a := newTenant(t, s, "Quillfeather")
	s.NewToken(t, a.workspaceID, models.ScopeRead)
	r := a.Get(t, workspacePath+"/export")
	require.Equal(t, http.StatusOK, r.Status)
	assert.Equal(t, `attachment; filename="resume-matcher.json"`, r.Header.Get("Content-Disposition"))
	assert.NotEmpty(t, r.Header.Get("X-Request-ID"))
	assert.Equal(t, "no-store", r.Header.Get("Cache-Control"))
	var out services.WorkspaceExport
	r.Decode(t, &out)
	assert.Equal(t, a.workspaceID, out.Workspace.ID)
	assert.Len(t, out.Resumes, 3)
	assert.Contains(t, out.Resumes[0].Content, "Quillfeather")
	assert.Len(t, out.Jobs, 1)
	assert.Len(t, out.Improvements, 2)
	assert.Len(t, out.APITokens, 1)
	assert.Len(t, out.Tasks, 1)
	assert.NotEmpty(t, out.CachedAnswers)
	assert.NotEmpty(t, out.Usage)
}

func TestWorkspaceTellsHowMuchItHolds(t *testing.T) {
	s := startTenants(t)
	a := newTenant(t, s, "Quillfeather")
	data, _ := a.Get(t, workspacePath).JSON(t)["data"].(map[string]any)
	assert.Equal(t, a.workspaceID, data["workspace_id"])
	stats, _ := data["database_stats"].(map[string]any)
	assert.EqualValues(t, 3, stats["total_resumes"])
}

func TestDeletedWorkspaceIsGoneWithItsSessionsAndTokens(t *testing.T) {
	s := startTenants(t)
	a, b := newTenant(t, s, "Quillfeather"), newTenant(t, s, "Brackenridge")
	before := b.rows(t)
	script := s.As(s.NewToken(t, a.workspaceID, models.ScopeWrite))
	r := script.Do(t, http.MethodDelete, workspacePath, "", nil)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	data, _ := r.JSON(t)["data"].(map[string]any)
	deleted, _ := data["deleted"].(map[string]any)
	for name, n := range map[string]int{"resumes": 3, "jobs": 1, "improvements": 2, "tasks": 1, "api_tokens": 1} {
		assert.EqualValues(t, n, deleted[name], name)
	}
	assert.Empty(t, a.rows(t))
	assert.Equal(t, before, b.rows(t))
	for _, client := range []*Server{script, a.Server} {
		r = client.Get(t, "/api/v1/resumes/list")
		require.Equal(t, http.StatusUnauthorized, r.Status)
		checkFailure(t, r, "UNAUTHORIZED")
		assert.Empty(t, r.Header.Values("Set-Cookie"), "a wrong header says nothing of the browser's cookie")
	}
	assert.Equal(t, http.StatusUnauthorized, a.Do(t, http.MethodDelete, workspacePath, "", nil).Status)
}

// withCookie sends a request as a browser does.
func (s *Server) withCookie(t *testing.T, method, path, session string) Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
	require.NoError(t, err)
	request.AddCookie(&http.Cookie{Name: "__Host-rm_session", Value: session})
	return s.As("").Send(t, request)
}

func TestDeletedWorkspaceTakesItsCookieAlong(t *testing.T) {
	s := Start(t, WithSessions(t))
	token, _ := s.NewSession(t)
	cleared := func(r Response) {
		t.Helper()
		assert.Contains(t, r.Header.Get("Set-Cookie"), "__Host-rm_session=; Path=/; Max-Age=0")
	}
	r := s.withCookie(t, http.MethodDelete, workspacePath, token)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	cleared(r)
	r = s.withCookie(t, http.MethodGet, workspacePath, token)
	require.Equal(t, http.StatusUnauthorized, r.Status)
	cleared(r)
	r = s.withCookie(t, http.MethodPost, "/api/v1/session", token)
	require.Equal(t, http.StatusOK, r.Status)
	assert.NotContains(t, r.Header.Get("Set-Cookie"), "Max-Age=0", "a new session begins")
	r = s.withCookie(t, http.MethodGet, workspacePath, "no session")
	require.Equal(t, http.StatusUnauthorized, r.Status)
	assert.Empty(t, r.Header.Values("Set-Cookie"), "it may be good again with another secret")
}

// TestUploadsToAWorkspaceThatAnotherReplicaDeleted come while this one still takes the session for good.
func TestUploadsToAWorkspaceThatAnotherReplicaDeleted(t *testing.T) {
	s := Start(t, WithSessions(t))
	token, workspaceID := s.NewSession(t)
	a := s.As(token)
	require.Equal(t, http.StatusOK, a.Get(t, "/api/v1/resumes/list").Status)
	require.NoError(t, s.DB.Where("id = ?", workspaceID).Delete(&models.Workspace{}).Error)
	for _, query := range []string{"", "?defer=true"} {
		contentType, form := Form(t, "mira.md", Testdata(t, "developer.md"))
		r := a.Do(t, http.MethodPost, "/api/v1/resumes/upload"+query, contentType, form)
		require.Equal(t, http.StatusConflict, r.Status, "%s", r.Body)
		checkFailure(t, r, "CONFLICT")
	}
	r := a.Post(t, "/api/v1/jobs/upload", map[string]any{"job_descriptions": []string{"Go developer"}})
	require.Equal(t, http.StatusConflict, r.Status, "%s", r.Body)
	checkFailure(t, r, "CONFLICT")
}

func TestLocalWorkspaceIsEmptiedAndGoesOn(t *testing.T) {
	s, resume, _ := startPair(t)
	r := s.Do(t, http.MethodDelete, workspacePath, "", nil)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	assert.Equal(t, http.StatusNotFound, s.Get(t, "/api/v1/resumes?resume_id="+resume).Status)
	again := s.Upload(t, "mira.md", Testdata(t, "developer.md")).JSON(t)
	assert.NotEqual(t, resume, again["resume_id"])
	assert.Equal(t, true, again["is_master"])
}

func TestStreamsOfADeletedWorkspaceAreNotReplayed(t *testing.T) {
	s, resume, job := startPair(t)
	const path = "/api/v1/resumes/improve/preview"
	events := s.streamed(t, path, "", pair(resume, job))
	last := strings.TrimPrefix(strings.Split(events[0], "\n")[0], "id: ")
	require.Equal(t, http.StatusOK, s.Do(t, http.MethodDelete, workspacePath, "", nil).Status)
	body, err := json.Marshal(pair(resume, job))
	require.NoError(t, err)
	r := s.Do(t, http.MethodPost, path+"?stream=true&last_event_id="+last, "application/json", strings.NewReader(string(body)))
	assert.Equal(t, http.StatusNotFound, r.Status, "%s", r.Body)
}

// TestWorkspaceIsDeletedUnderRequests deletes while others upload, edit and tailor: nobody gets a 500, nothing stays.
func TestWorkspaceIsDeletedUnderRequests(t *testing.T) {
	s := startTenants(t)
	a, b := newTenant(t, s, "Quillfeather"), newTenant(t, s, "Brackenridge")
	before := b.rows(t)
	attempts := []string{"updateResume", "renameResume", "improveResume", "uploadJobs", "deleteCacheEntity", "setCoverLetter"}
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	var workers, begun sync.WaitGroup
	for _, o := range operations(t, s) {
		for _, id := range attempts {
			if o.id != id {
				continue
			}
			p := o.prepare(takingIDs()[id][0], a, a)
			begun.Add(1)
			workers.Go(func() {
				answered := sync.OnceFunc(begun.Done)
				defer answered()
				for ctx.Err() == nil {
					r := a.try(t, p)
					assert.Contains(t, []int{200, 401, 404, 409, 503}, r.Status, "%s %s: %s", p.method, p.target, r.Body)
					answered()
				}
			})
		}
	}
	begun.Wait()
	r := a.Do(t, http.MethodDelete, workspacePath, "", nil)
	assert.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	stop()
	workers.Wait()
	assert.Empty(t, a.rows(t))
	assert.Equal(t, before, b.rows(t))
}

func TestExportThatBreaksOffIsCutOff(t *testing.T) {
	s := Start(t, WithSessions(t))
	token, workspaceID := s.NewSession(t)
	rows := make([]models.Job, 40)
	for i := range rows {
		rows[i] = models.Job{WorkspaceID: workspaceID, Content: strings.Repeat("posting ", 5_000), Language: "en"}
	}
	require.NoError(t, s.DB.CreateInBatches(rows, 10).Error)
	broken := models.Improvement{
		WorkspaceID: workspaceID, ResumeID: "", JobID: rows[0].ID, Status: models.ImprovementSaved,
	}
	resume := models.Resume{WorkspaceID: workspaceID, Origin: models.OriginUpload, Content: "# Mira", ProcessingStatus: models.StatusReady}
	require.NoError(t, s.DB.Create(&resume).Error)
	broken.ResumeID = resume.ID
	require.NoError(t, s.DB.Create(&broken).Error)
	// A column of the wrong type fails when it is read, long after the first bytes were sent.
	breakColumn(t, s)

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+workspacePath+"/export", nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.NotEmpty(t, body)
	assert.False(t, json.Valid(body))
	assert.Contains(t, s.Log.String(), "request failed")
}

// breakColumn makes the stored improvements unreadable.
func breakColumn(t *testing.T, s *Server) {
	t.Helper()
	statement := "UPDATE improvements SET resume_version = 'none'"
	if models.Dialect(s.DB.Name()) == models.Postgres {
		statement = "ALTER TABLE improvements ALTER COLUMN resume_version TYPE text USING 'none'"
	}
	require.NoError(t, s.DB.Exec(statement).Error)
}

// TestSlowReaderHoldsUpNobody leaves an export unread: others go on, another export of the workspace is refused.
func TestSlowReaderHoldsUpNobody(t *testing.T) {
	s := Start(t, WithSessions(t), withPace(time.Hour))
	token, workspaceID := s.NewSession(t)
	rows := make([]models.Job, 100)
	for i := range rows {
		rows[i] = models.Job{WorkspaceID: workspaceID, Content: strings.Repeat("posting ", 25_000), Language: "en"}
	}
	require.NoError(t, s.DB.CreateInBatches(rows, 10).Error)
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	require.NoError(t, err)
	_, err = io.WriteString(conn, "GET "+workspacePath+"/export HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer "+token+"\r\n\r\n")
	require.NoError(t, err)
	_, err = conn.Read(make([]byte, 100))
	require.NoError(t, err)

	client := s.As(token)
	r := client.Get(t, workspacePath+"/export")
	require.Equal(t, http.StatusServiceUnavailable, r.Status)
	checkFailure(t, r, "SERVICE_UNAVAILABLE")
	assert.Equal(t, http.StatusOK, client.Get(t, "/api/v1/resumes/list").Status)
	client.UploadJob(t, "A posting for a Go developer")
	require.NoError(t, conn.Close())
	await(t, func() bool { return client.Get(t, workspacePath+"/export").Status == http.StatusOK }, "the reader that left holds nothing")
}
