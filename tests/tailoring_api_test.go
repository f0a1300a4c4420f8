package tests

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/tests/testclock"
)

type improveAnswer struct {
	ResumeID *string `json:"resume_id"`
	services.Improved
}

func pair(resume, job string) map[string]any {
	return map[string]any{"resume_id": resume, "job_id": job, "prompt_id": "full"}
}

func startPair(t *testing.T, options ...Option) (s *Server, resume, job string) {
	t.Helper()
	s = Start(t, options...)
	return s, s.UploadResume(t, "mira.md", Testdata(t, "developer.md")), s.UploadJob(t, string(Testdata(t, "backend-job.txt")))
}

func (s *Server) preview(t *testing.T, resume, job string) improveAnswer {
	t.Helper()
	r := s.Post(t, "/api/v1/resumes/improve/preview", pair(resume, job))
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var out improveAnswer
	r.Decode(t, &out)
	return out
}

func (s *Server) count(t *testing.T, model any) int64 {
	t.Helper()
	var n int64
	require.NoError(t, s.DB.Model(model).Count(&n).Error)
	return n
}

func TestPreviewProposesWithoutInventing(t *testing.T) {
	s, resume, job := startPair(t)
	p := s.preview(t, resume, job)
	assert.Nil(t, p.ResumeID)
	assert.EqualValues(t, 1, s.count(t, &models.Resume{}), "a preview saves no résumé")
	require.NotEmpty(t, p.DetailedChanges)
	assert.GreaterOrEqual(t, p.NewScore, p.OriginalScore)
	assert.NotContains(t, p.MarkdownImproved, "Kafka", "what the person does not have is not written")
	assert.NotContains(t, p.MarkdownImproved, "GraphQL")
	var asked []string
	for _, gap := range p.Gaps {
		asked = append(asked, gap.Requirement+" "+gap.Question)
	}
	assert.Contains(t, strings.Join(asked, "\n"), "Kafka", "it comes back as a question instead")
	for _, change := range p.DetailedChanges {
		assert.NotEmpty(t, change.ChangeID)
		assert.NotEmpty(t, change.Reason)
		assert.NotEmpty(t, change.Evidence)
	}

	// The new score is the score of what is shown: the saved preview matches with the same number.
	saved := s.confirm(t, resume, job, p.ResumePreview)
	var match matchAnswer
	s.Post(t, "/api/v1/match", map[string]string{"resume_id": *saved.ResumeID, "job_id": job}).Decode(t, &match)
	assert.InDelta(t, p.NewScore, match.Data.Score, 0)
}

func (s *Server) confirm(t *testing.T, resume, job string, data models.ResumeData) improveAnswer {
	t.Helper()
	r := s.Post(t, "/api/v1/resumes/improve/confirm", map[string]any{
		"resume_id": resume, "job_id": job, "improved_data": data, "improvements": []any{},
	})
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var out improveAnswer
	r.Decode(t, &out)
	require.NotNil(t, out.ResumeID)
	return out
}

func TestConfirmSavesExactlyThePreview(t *testing.T) {
	s, resume, job := startPair(t)
	p := s.preview(t, resume, job)
	saved := s.confirm(t, resume, job, p.ResumePreview)
	got := s.resume(t, *saved.ResumeID)
	assert.Equal(t, p.ResumePreview, *got.Data.Processed)
	assert.Equal(t, resume, *got.Data.ParentID)
	assert.False(t, got.Data.IsMaster)

	r := s.Get(t, "/api/v1/resumes/"+*saved.ResumeID+"/job-description")
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	assert.Equal(t, job, r.JSON(t)["job_id"])

	// A double click saves one résumé.
	again := s.confirm(t, resume, job, p.ResumePreview)
	assert.Equal(t, *saved.ResumeID, *again.ResumeID)
	assert.EqualValues(t, 2, s.count(t, &models.Resume{}))
}

func TestConcurrentConfirmationsSaveOneResume(t *testing.T) {
	s, resume, job := startPair(t)
	p := s.preview(t, resume, job)
	ids := make([]string, 8)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			ids[i] = *s.confirm(t, resume, job, p.ResumePreview).ResumeID
		}()
	}
	wg.Wait()
	for _, id := range ids {
		assert.Equal(t, ids[0], id)
	}
	assert.EqualValues(t, 2, s.count(t, &models.Resume{}))
}

func TestImproveDataIsTheSameFlatAndInside(t *testing.T) {
	s, resume, job := startPair(t)
	var flat map[string]any
	s.Post(t, "/api/v1/resumes/improve/preview", pair(resume, job)).Decode(t, &flat)
	inside := flat["data"]
	delete(flat, "data")
	assert.NotEmpty(t, flat["request_id"])
	assert.Equal(t, any(flat), inside)
}

func TestConfirmTakesASubset(t *testing.T) {
	s, resume, job := startPair(t)
	p := s.preview(t, resume, job)
	original := *s.resume(t, resume).Data.Processed
	require.Greater(t, len(p.DetailedChanges), 1)
	none := s.confirm(t, resume, job, original)
	assert.Zero(t, none.DiffSummary.TotalChanges, "taking no change is a subset too")
	assert.Equal(t, original, *s.resume(t, *none.ResumeID).Data.Processed)
}

func TestConfirmRefusesWhatWasNotPreviewed(t *testing.T) {
	s, resume, job := startPair(t)
	confirm := func(data models.ResumeData) Response {
		return s.Post(t, "/api/v1/resumes/improve/confirm", map[string]any{"resume_id": resume, "job_id": job, "improved_data": data})
	}
	original := *s.resume(t, resume).Data.Processed
	r := confirm(original)
	assert.Equal(t, http.StatusBadRequest, r.Status)
	checkFailure(t, r, "PREVIEW_REQUIRED")

	p := s.preview(t, resume, job)
	forged := p.ResumePreview
	forged.Additional.TechnicalSkills = append([]string{"Apache Kafka"}, forged.Additional.TechnicalSkills...)
	r = confirm(forged)
	assert.Equal(t, http.StatusBadRequest, r.Status)
	checkFailure(t, r, "PREVIEW_REQUIRED")

	edited := original
	edited.Summary = "Edited after the preview."
	require.Equal(t, http.StatusOK, s.Patch(t, "/api/v1/resumes/"+resume, edited).Status)
	r = confirm(p.ResumePreview)
	assert.Equal(t, http.StatusConflict, r.Status)
	checkFailure(t, r, "STALE_PREVIEW")
	assert.EqualValues(t, 1, s.count(t, &models.Resume{}), "nothing was saved")
}

func TestPreviewsExpire(t *testing.T) {
	now := testclock.At(time.Now().UTC())
	s, resume, job := startPair(t, withClock(now))
	p := s.preview(t, resume, job)
	now.Advance(61 * time.Minute)
	r := s.Post(t, "/api/v1/resumes/improve/confirm", map[string]any{"resume_id": resume, "job_id": job, "improved_data": p.ResumePreview})
	assert.Equal(t, http.StatusBadRequest, r.Status)
	checkFailure(t, r, "PREVIEW_REQUIRED")
	deleted, err := s.Services.Tailoring.CleanPreviews(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 1, deleted)
	assert.Zero(t, s.count(t, &models.Improvement{}))
}

func TestImproveSavesATailoredResume(t *testing.T) {
	s, resume, job := startPair(t)
	r := s.Post(t, "/api/v1/resumes/improve?use_llm=true", pair(resume, job))
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var out improveAnswer
	r.Decode(t, &out)
	require.NotNil(t, out.ResumeID)
	assert.False(t, out.LLMUsed)
	assert.NotEmpty(t, out.Warnings, "a model was asked for and none is configured")
	assert.Equal(t, out.ResumePreview, *s.resume(t, *out.ResumeID).Data.Processed)

	var status struct {
		Stats services.DatabaseStats `json:"database_stats"`
	}
	s.Get(t, "/api/v1/status").Decode(t, &status)
	assert.Equal(t, services.DatabaseStats{TotalResumes: 2, TotalJobs: 1, TotalImprovements: 1, HasMasterResume: true}, status.Stats)
}

func TestImproveStreams(t *testing.T) {
	s, resume, job := startPair(t)
	body, err := json.Marshal(pair(resume, job))
	require.NoError(t, err)
	r := s.Do(t, http.MethodPost, "/api/v1/resumes/improve?stream=true", "application/json", strings.NewReader(string(body)))
	require.Equal(t, http.StatusOK, r.Status)
	require.Contains(t, r.Header.Get("Content-Type"), "text/event-stream")
	var steps []string
	var last handlers.ImproveEvent
	lines := bufio.NewScanner(strings.NewReader(string(r.Body)))
	lines.Buffer(nil, 1<<20)
	ids, events := 0, 0
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "id:") {
			ids++
		}
		if data, ok := strings.CutPrefix(lines.Text(), "data:"); ok {
			require.NoError(t, json.Unmarshal([]byte(data), &last))
			if last.Status == "improving" {
				assert.NotEmpty(t, last.Delta)
			}
			events++
			if len(steps) == 0 || steps[len(steps)-1] != last.Status {
				steps = append(steps, last.Status)
			}
		}
	}
	assert.Equal(t, []string{"starting", "parsing", "scoring", "scored", "improving", "completed"}, steps)
	assert.Equal(t, events, ids, "every event has an id")
	require.NotNil(t, last.Result)
	assert.NotNil(t, last.Result.ResumeID)
	assert.Equal(t, r.Header.Get("X-Request-ID"), last.Result.RequestID)
}

func TestImproveFailures(t *testing.T) {
	s, resume, job := startPair(t)
	known, unknown := `{"resume_id":"`+resume+`","job_id":"`+job+`"}`, `{"resume_id":"`+resume+`","job_id":"`+unknownID+`"}`
	var scenarios []Scenario
	for _, path := range []string{"/api/v1/resumes/improve", "/api/v1/resumes/improve/preview"} {
		scenarios = append(scenarios,
			Scenario{Name: "no resume " + path, Method: "POST", Path: path, Body: `{}`, Status: 400, Code: "MISSING_RESUME_ID"},
			Scenario{Name: "no job " + path, Method: "POST", Path: path, Body: `{"resume_id":"` + resume + `"}`, Status: 400, Code: "MISSING_JOB_ID"},
			Scenario{Name: "unknown job " + path, Method: "POST", Path: path, Body: unknown, Status: 404, Code: "JOB_NOT_FOUND"},
			Scenario{Name: "unknown job streamed " + path, Method: "POST", Path: path + "?stream=true", Body: unknown, Status: 404, Code: "JOB_NOT_FOUND"},
			Scenario{Name: "model demanded " + path, Method: "POST", Path: path + "?require_llm=true", Body: known, Status: 503, Code: "AI_PROVIDER_UNAVAILABLE"},
			Scenario{Name: "unknown strategy " + path, Method: "POST", Path: path, Body: `{"resume_id":"` + resume + `","job_id":"` + job + `","prompt_id":"lie"}`, Status: 422, Code: "VALIDATION_ERROR"},
		)
	}
	scenarios = append(scenarios,
		Scenario{Name: "confirm without data", Method: "POST", Path: "/api/v1/resumes/improve/confirm", Body: known, Status: 422, Code: "VALIDATION_ERROR", Contains: []string{"improved_data"}},
	)
	s.Run(t, scenarios)
}

func TestWorkspacesDoNotSeeEachOther(t *testing.T) {
	s := Start(t)
	other := models.Workspace{Name: "other", LastUsedAt: time.Now().UTC()}
	require.NoError(t, s.DB.Create(&other).Error)
	foreign := models.Resume{
		WorkspaceID: other.ID, Origin: models.OriginUpload, Content: "# Hidden\n", ContentType: "text/markdown",
		Filename: "h.md", Title: "h", Language: "en", ProcessingStatus: models.StatusReady,
	}
	require.NoError(t, s.DB.Create(&foreign).Error)
	foreignJob := models.Job{WorkspaceID: other.ID, Content: "Hidden job", Language: "en"}
	require.NoError(t, s.DB.Create(&foreignJob).Error)
	own := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	r, j := foreign.ID, foreignJob.ID
	s.Run(t, []Scenario{
		{Name: "get", Method: "GET", Path: "/api/v1/resumes?resume_id=" + r, Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "patch", Method: "PATCH", Path: "/api/v1/resumes/" + r, Body: `{"summary":"x"}`, Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "rename", Method: "PATCH", Path: "/api/v1/resumes/" + r + "/title", Body: `{"title":"x"}`, Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "delete", Method: "DELETE", Path: "/api/v1/resumes/" + r, Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "retry", Method: "POST", Path: "/api/v1/resumes/" + r + "/retry-processing", Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "matches", Method: "GET", Path: "/api/v1/resumes/" + r + "/matches", Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "job", Method: "GET", Path: "/api/v1/jobs/" + j, Status: 404, Code: "JOB_NOT_FOUND"},
		{Name: "job by query", Method: "GET", Path: "/api/v1/jobs?job_id=" + j, Status: 404, Code: "JOB_NOT_FOUND"},
		{Name: "match resume", Method: "POST", Path: "/api/v1/match", Body: `{"resume_id":"` + r + `","job_id":"` + j + `"}`, Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "match job", Method: "POST", Path: "/api/v1/match", Body: `{"resume_id":"` + own + `","job_id":"` + j + `"}`, Status: 404, Code: "JOB_NOT_FOUND"},
		{Name: "improve", Method: "POST", Path: "/api/v1/resumes/improve", Body: `{"resume_id":"` + own + `","job_id":"` + j + `"}`, Status: 404, Code: "JOB_NOT_FOUND"},
		{Name: "job for a foreign resume", Method: "POST", Path: "/api/v1/jobs/upload", Body: `{"job_descriptions":["Cook"],"resume_id":"` + r + `"}`, Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "list", Method: "GET", Path: "/api/v1/resumes/list?include_master=true", Status: 200, NotContains: []string{r}},
	})
	assert.EqualValues(t, 2, s.count(t, &models.Resume{}))
}
