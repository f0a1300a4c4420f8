package tests

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
)

const modelLetter = `Dear Sir or Madam,

I am applying for the position of Senior Backend Engineer at Harborlight Systems.

At Fernwood Logistics I moved 12 services to Kubernetes and cut deployment time from 40 to 6 minutes. I led a department of 30 engineers. I wrote Terraform modules for the AWS accounts of three teams.

I look forward to hearing from you.

Kind regards
Mira Halvorsen`

func (s *Server) letter(t *testing.T, resume, kind string, body any) handlers.LetterData {
	t.Helper()
	r := s.Post(t, "/api/v1/resumes/"+resume+"/generate-"+kind, body)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var out handlers.LetterAnswer
	r.Decode(t, &out)
	assert.Equal(t, out.Data, out.LetterData, "flat and enveloped")
	return out.LetterData
}

func TestLettersNeedNoModel(t *testing.T) {
	s, resume, job := startPair(t)
	for _, kind := range []string{"cover-letter", "outreach"} {
		out := s.letter(t, resume, kind, map[string]any{"job_id": job})
		assert.False(t, out.LLMUsed)
		assert.Contains(t, out.Content, "Harborlight Systems")
		assert.Contains(t, out.Content, "Mira Halvorsen")
		assert.NotContains(t, out.Content, "Kafka")
		assert.NotEmpty(t, out.Message)
	}
	german := s.letter(t, resume, "cover-letter", map[string]any{"job_id": job, "language": "de"})
	assert.Contains(t, german.Content, "Grüßen")
	var detail struct {
		Data handlers.ResumeDetail `json:"data"`
	}
	s.Get(t, "/api/v1/resumes?resume_id="+resume).Decode(t, &detail)
	require.NotNil(t, detail.Data.CoverLetter)
	assert.Equal(t, german.Content, *detail.Data.CoverLetter, "the letter is kept with the résumé")
	assert.NotNil(t, detail.Data.OutreachMessage)
}

func TestLetterUsesTheJobTheResumeWasTailoredTo(t *testing.T) {
	s, resume, job := startPair(t)
	r := s.Do(t, http.MethodPost, "/api/v1/resumes/"+resume+"/generate-cover-letter", "", nil)
	assert.Equal(t, http.StatusBadRequest, r.Status)
	checkFailure(t, r, "MISSING_JOB_ID")
	var tailored improveAnswer
	s.Post(t, "/api/v1/resumes/improve", pair(resume, job)).Decode(t, &tailored)
	require.NotNil(t, tailored.ResumeID)
	r = s.Do(t, http.MethodPost, "/api/v1/resumes/"+*tailored.ResumeID+"/generate-cover-letter", "", nil)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	assert.Contains(t, string(r.Body), "Harborlight Systems")
}

func TestLetterLosesWhatIsInvented(t *testing.T) {
	s, _, _, resume, job := startModel(t, map[string]llmtest.Reply{
		llm.KindCoverLetter: llmtest.JSON(llm.LetterAnswer{Content: modelLetter}),
		llm.KindOutreach:    llmtest.JSON(llm.LetterAnswer{Content: "Hi, I hold three patents and managed the whole company for ten years."}),
	})
	out := s.letter(t, resume, "cover-letter", map[string]any{"job_id": job})
	assert.True(t, out.LLMUsed, out.Warnings)
	assert.Contains(t, out.Content, "moved 12 services to Kubernetes")
	assert.NotContains(t, out.Content, "30 engineers")
	require.NotEmpty(t, out.LeftOut)
	assert.NotEmpty(t, out.Warnings)

	message := s.letter(t, resume, "outreach", map[string]any{"job_id": job})
	assert.False(t, message.LLMUsed)
	assert.NotContains(t, message.Content, "patents")
	assert.NotEmpty(t, message.Warnings)
	assert.NotEmpty(t, message.Content)
}

func TestLetterFailures(t *testing.T) {
	s, resume, job := startPair(t)
	at := "/api/v1/resumes/" + resume
	s.Run(t, []Scenario{
		{Name: "unknown résumé", Method: "POST", Path: "/api/v1/resumes/" + unknownID + "/generate-cover-letter", Body: `{}`, Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "unknown job", Method: "POST", Path: at + "/generate-cover-letter", Body: `{"job_id":"` + unknownID + `"}`, Status: 404, Code: "JOB_NOT_FOUND"},
		{Name: "unknown language", Method: "POST", Path: at + "/generate-outreach", Body: `{"job_id":"` + job + `","language":"tlh"}`, Status: 422, Code: "VALIDATION_ERROR"},
		{Name: "model demanded", Method: "POST", Path: at + "/generate-outreach?require_llm=true", Body: `{"job_id":"` + job + `"}`, Status: 503, Code: "AI_PROVIDER_UNAVAILABLE"},
		{Name: "body that is no object", Method: "POST", Path: at + "/generate-outreach", Body: `[]`, Status: 422, Code: "VALIDATION_ERROR"},
		{Name: "own letter", Method: "PATCH", Path: at + "/cover-letter", Body: `{"content":"My own words."}`, Status: 200, Contains: []string{"My own words."}},
		{Name: "own message", Method: "PATCH", Path: at + "/outreach-message", Body: `{"content":"Hello."}`, Status: 200},
		{Name: "too long", Method: "PATCH", Path: at + "/cover-letter", Body: `{"content":"` + strings.Repeat("x", 20_001) + `"}`, Status: 422, Code: "VALIDATION_ERROR"},
		{Name: "of nobody", Method: "PATCH", Path: "/api/v1/resumes/" + unknownID + "/outreach-message", Body: `{"content":"x"}`, Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "without content", Method: "PATCH", Path: at + "/cover-letter", Body: `{}`, Status: 422, Code: "VALIDATION_ERROR"},
		{Name: "is kept", Method: "GET", Path: "/api/v1/resumes?resume_id=" + resume, Status: 200, Contains: []string{"My own words.", "Hello."}},
	})
}

func TestModelCompletesWhatIsRead(t *testing.T) {
	provider := llmtest.New(t)
	resumeAnswer := llm.ResumeAnswer{
		PersonalInfo: llm.PersonalAnswer{Name: "Somebody Else", Title: "Chief Inventor"},
		Summary:      "Nobel prize winner.",
	}
	NewScript(provider, map[string]llmtest.Reply{llm.KindStructureResume: empty(resumeAnswer)})
	s := Start(t, WithModel(t, provider, llm.OpenAI))
	r := s.Upload(t, "mira.md", Testdata(t, "developer.md"))
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var uploaded handlers.UploadedAnswer
	r.Decode(t, &uploaded)
	assert.True(t, uploaded.Data.LLMUsed)
	got := s.Get(t, "/api/v1/resumes?resume_id="+uploaded.ResumeID)
	assert.Contains(t, string(got.Body), "Mira Halvorsen")
	for _, invented := range []string{"Somebody Else", "Chief Inventor", "Nobel"} {
		assert.NotContains(t, string(got.Body), invented)
	}
}

func TestUploadOutlivesItsModel(t *testing.T) {
	provider := llmtest.New(t)
	NewScript(provider, map[string]llmtest.Reply{
		llm.KindStructureResume: llmtest.Failure(401, ""), llm.KindStructureJob: llmtest.Failure(401, ""),
	})
	s := Start(t, WithModel(t, provider, llm.OpenAI))
	r := s.Upload(t, "mira.md", Testdata(t, "developer.md"))
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var uploaded handlers.UploadedAnswer
	r.Decode(t, &uploaded)
	assert.Equal(t, models.StatusReady, uploaded.ProcessingStatus)
	assert.False(t, uploaded.Data.LLMUsed)
	assert.NotEmpty(t, uploaded.Data.Warnings)
	j := s.Post(t, "/api/v1/jobs/upload", map[string]any{"job_descriptions": []string{string(Testdata(t, "backend-job.txt"))}})
	require.Equal(t, http.StatusOK, j.Status, "%s", j.Body)
	assert.Contains(t, string(j.Body), "made without it")
	asked := provider.Calls()
	quiet := s.Post(t, "/api/v1/jobs/upload?use_llm=false", map[string]any{"job_descriptions": []string{"Gardener wanted."}})
	require.Equal(t, http.StatusOK, quiet.Status)
	assert.Equal(t, asked, provider.Calls())
}

func TestMeaningsAreComparedBesideTheScore(t *testing.T) {
	provider := llmtest.New(t)
	s, resume, job := startPair(t, func(_ *handlers.Options, d *services.Deps) {
		embedder, err := llm.NewEmbedder(provider.EmbeddingOptions(llm.OpenAI))
		require.NoError(t, err)
		d.Model.Embedder = embedder
	})
	match := func(query string) (Response, handlers.MatchData) {
		r := s.Post(t, "/api/v1/match"+query, map[string]any{"resume_id": resume, "job_id": job})
		var out struct {
			Data handlers.MatchData `json:"data"`
		}
		r.Decode(t, &out)
		return r, out.Data
	}
	_, with := match("")
	require.NotNil(t, with.Semantic)
	assert.NotEmpty(t, with.Semantic.Requirements)
	_, without := match("?use_llm=false")
	assert.Nil(t, without.Semantic)
	assert.Equal(t, without.Score, with.Score, "the score needs no model")
	calls := provider.Calls()
	_, again := match("")
	assert.Equal(t, with.Semantic, again.Semantic)
	assert.Equal(t, calls, provider.Calls(), "vectors are cached by content")

	provider.ReplyEmbeddings(func(llmtest.Request) llmtest.Reply { return llmtest.Failure(400, "") })
	require.Equal(t, http.StatusOK, s.Patch(t, "/api/v1/resumes/"+resume, map[string]any{"summary": "Other words."}).Status)
	r, broken := match("")
	assert.Equal(t, http.StatusOK, r.Status)
	assert.Nil(t, broken.Semantic)
	assert.NotEmpty(t, broken.Warnings)
	r, _ = match("?require_llm=true")
	assert.Equal(t, http.StatusServiceUnavailable, r.Status)
	calls = provider.Calls()
	match("")
	assert.Equal(t, calls, provider.Calls(), "a provider that just failed is left alone for a while")
}
