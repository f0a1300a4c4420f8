package tests

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/matching"
)

type matchAnswer struct {
	Data struct {
		ResumeID string `json:"resume_id"`
		JobID    string `json:"job_id"`
		matching.Result
		LLMUsed bool `json:"llm_used"`
	} `json:"data"`
}

func TestMatchExplainsItsScore(t *testing.T) {
	s := Start(t)
	resume := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	job := s.UploadJob(t, string(Testdata(t, "backend-job.txt")))
	nurse := s.UploadJob(t, string(Testdata(t, "nurse-job.txt")))

	r := s.Post(t, "/api/v1/match", map[string]string{"resume_id": resume, "job_id": job})
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var fit matchAnswer
	r.Decode(t, &fit)
	assert.Greater(t, fit.Data.Score, 60.0)
	assert.Equal(t, 4, fit.Data.Counts.RequiredTotal)
	assert.False(t, fit.Data.LLMUsed)
	text := string(Testdata(t, "developer.md"))
	byText := map[string]matching.Coverage{}
	for _, c := range fit.Data.Coverage {
		byText[c.Requirement] = c
		if c.Evidence != nil {
			assert.Contains(t, text, c.Evidence.Quote, "evidence is quoted, not written")
		}
	}
	require.Contains(t, byText, "Experience with Apache Kafka")
	assert.False(t, byText["Experience with Apache Kafka"].Matched)
	require.Contains(t, byText, "Experience with Kubernetes and Terraform")
	assert.True(t, byText["Experience with Kubernetes and Terraform"].Matched, "k8s is Kubernetes")

	// The same question has the same answer, also from the prepared documents.
	again := s.Post(t, "/api/v1/match", map[string]string{"resume_id": resume, "job_id": job})
	var repeat matchAnswer
	again.Decode(t, &repeat)
	assert.Equal(t, fit, repeat)

	var unrelated matchAnswer
	s.Post(t, "/api/v1/match", map[string]string{"resume_id": resume, "job_id": nurse}).Decode(t, &unrelated)
	assert.Less(t, unrelated.Data.Score, 25.0)
}

func TestMatchSeesAnEdit(t *testing.T) {
	s := Start(t)
	resume := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	job := s.UploadJob(t, string(Testdata(t, "backend-job.txt")))
	pair := map[string]string{"resume_id": resume, "job_id": job}
	var before, after matchAnswer
	s.Post(t, "/api/v1/match", pair).Decode(t, &before)
	data := *s.resume(t, resume).Data.Processed
	data.WorkExperience[0].Description = append(data.WorkExperience[0].Description, "Ran Apache Kafka for all events")
	require.Equal(t, http.StatusOK, s.Patch(t, "/api/v1/resumes/"+resume, data).Status)
	s.Post(t, "/api/v1/match", pair).Decode(t, &after)
	assert.Greater(t, after.Data.Score, before.Data.Score)
}

func TestMatchFailures(t *testing.T) {
	s := Start(t)
	resume := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	s.Run(t, []Scenario{
		{Name: "no resume", Method: "POST", Path: "/api/v1/match", Body: `{"job_id":"` + unknownID + `"}`, Status: 400, Code: "MISSING_RESUME_ID"},
		{Name: "no job", Method: "POST", Path: "/api/v1/match", Body: `{"resume_id":"` + resume + `"}`, Status: 400, Code: "MISSING_JOB_ID"},
		{Name: "unknown resume", Method: "POST", Path: "/api/v1/match", Body: `{"resume_id":"` + unknownID + `","job_id":"` + unknownID + `"}`, Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "unknown job", Method: "POST", Path: "/api/v1/match", Body: `{"resume_id":"` + resume + `","job_id":"` + unknownID + `"}`, Status: 404, Code: "JOB_NOT_FOUND"},
		{Name: "model demanded", Method: "POST", Path: "/api/v1/match?require_llm=true", Body: `{"resume_id":"` + resume + `","job_id":"` + unknownID + `"}`, Status: 503, Code: "AI_PROVIDER_UNAVAILABLE"},
		{Name: "limit out of range", Method: "GET", Path: "/api/v1/resumes/" + resume + "/matches?limit=0x", Status: 422, Code: "VALIDATION_ERROR"},
		{Name: "no jobs yet", Method: "GET", Path: "/api/v1/resumes/" + resume + "/matches", Status: 200, Contains: []string{`"data":[]`}},
	})
}
