package tests

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

type jobAnswer struct {
	JobID    string  `json:"job_id"`
	Content  string  `json:"content"`
	ResumeID *string `json:"resume_id"`
	Data     struct {
		JobID     string          `json:"job_id"`
		Processed *models.JobData `json:"processed_job"`
	} `json:"data"`
}

func TestUploadStructuresAJob(t *testing.T) {
	s := Start(t)
	text := string(Testdata(t, "backend-job.txt"))
	id := s.UploadJob(t, text)
	for _, path := range []string{"/api/v1/jobs?job_id=" + id, "/api/v1/jobs/" + id, "/api/v1/job?job_id=" + id} {
		r := s.Get(t, path)
		require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
		var job jobAnswer
		r.Decode(t, &job)
		assert.Equal(t, id, job.JobID)
		assert.Equal(t, text, job.Content)
		require.NotNil(t, job.Data.Processed)
		data := job.Data.Processed
		assert.Equal(t, "Senior Backend Engineer (Go)", data.JobTitle)
		assert.Equal(t, "Harborlight Systems", data.CompanyProfile.Name)
		assert.Len(t, data.Qualifications.Required, 4)
		assert.Len(t, data.Qualifications.Preferred, 2)
		assert.Len(t, data.KeyResponsibilities, 3)
		assert.Equal(t, "https://jobs.example.com/harborlight/backend", data.ApplicationInfo.ApplyLink)
		assert.Contains(t, data.ExtractedKeywords, "Go")
		assert.False(t, data.ProcessedAt.IsZero())
	}
}

func TestSeveralJobsForAResume(t *testing.T) {
	s := Start(t)
	resume := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	r := s.Post(t, "/api/v1/jobs/upload", map[string]any{
		"job_descriptions": []string{string(Testdata(t, "backend-job.txt")), string(Testdata(t, "nurse-job.txt"))},
		"resume_id":        resume,
	})
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var out struct {
		JobID   []string `json:"job_id"`
		Request struct {
			ResumeID string `json:"resume_id"`
		} `json:"request"`
	}
	r.Decode(t, &out)
	require.Len(t, out.JobID, 2)
	assert.Equal(t, resume, out.Request.ResumeID)

	var ranked struct {
		Data []struct {
			JobID string  `json:"job_id"`
			Score float64 `json:"score"`
		} `json:"data"`
	}
	s.Get(t, "/api/v1/resumes/"+resume+"/matches").Decode(t, &ranked)
	require.Len(t, ranked.Data, 2)
	assert.Equal(t, out.JobID[0], ranked.Data[0].JobID, "the backend posting fits the developer best")
	assert.Greater(t, ranked.Data[0].Score, ranked.Data[1].Score+30)

	// A résumé's deletion keeps the postings.
	require.Equal(t, http.StatusOK, s.Do(t, "DELETE", "/api/v1/resumes/"+resume, "", nil).Status)
	var job jobAnswer
	s.Get(t, "/api/v1/jobs/"+out.JobID[0]).Decode(t, &job)
	assert.Nil(t, job.ResumeID)
}

func TestJobFailures(t *testing.T) {
	s := Start(t)
	s.Run(t, []Scenario{
		{Name: "no id", Method: "GET", Path: "/api/v1/jobs", Status: 400, Code: "MISSING_JOB_ID"},
		{Name: "unknown id", Method: "GET", Path: "/api/v1/jobs/" + unknownID, Status: 404, Code: "JOB_NOT_FOUND"},
		{Name: "no descriptions", Method: "POST", Path: "/api/v1/jobs/upload", Body: `{"job_descriptions":[]}`, Status: 422, Code: "VALIDATION_ERROR"},
		{Name: "blank description", Method: "POST", Path: "/api/v1/jobs/upload", Body: `{"job_descriptions":["  \n "]}`, Status: 422, Code: "VALIDATION_ERROR"},
		{Name: "wrong type", Method: "POST", Path: "/api/v1/jobs/upload", Body: `{"job_descriptions":"secret words"}`, Status: 422, Code: "VALIDATION_ERROR", NotContains: []string{"secret words"}},
		{Name: "unknown resume", Method: "POST", Path: "/api/v1/jobs/upload", Body: `{"job_descriptions":["Cook wanted"],"resume_id":"` + unknownID + `"}`, Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "charset is accepted", Method: "POST", Path: "/api/v1/jobs/upload", ContentType: "application/json; charset=utf-8", Body: `{"job_descriptions":["Cook wanted"]}`, Status: 200},
	})
	var jobs int64
	require.NoError(t, s.DB.Model(&models.Job{}).Count(&jobs).Error)
	assert.EqualValues(t, 1, jobs, "a refused upload stores nothing")
}
