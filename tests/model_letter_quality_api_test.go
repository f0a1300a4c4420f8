package tests

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
)

// stored returns the letters kept with a résumé.
func (s *Server) stored(t *testing.T, resume string) handlers.ResumeDetail {
	t.Helper()
	var out struct {
		Data handlers.ResumeDetail `json:"data"`
	}
	r := s.Get(t, "/api/v1/resumes?resume_id="+resume)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	r.Decode(t, &out)
	return out.Data
}

func TestAModelLetterNeedsSubstance(t *testing.T) {
	for i, content := range []string{"", "Hello.", "   ", "Dear team,\n\nThank you.\n\nKind regards\nMira Halvorsen", "I hold three patents."} {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			s, _, _, resume, job := startModel(t, map[string]llmtest.Reply{
				llm.KindCoverLetter: llmtest.JSON(llm.LetterAnswer{Content: content}),
				llm.KindOutreach:    llmtest.JSON(llm.LetterAnswer{Content: content}),
			})
			for _, kind := range []string{"cover-letter", "outreach"} {
				out := s.letter(t, resume, kind, map[string]any{"job_id": job})
				assert.False(t, out.LLMUsed)
				assert.Contains(t, out.Content, "Harborlight Systems")
				assert.Contains(t, out.Content, "Mira Halvorsen")
				assert.NotEmpty(t, out.Warnings)
				assert.Empty(t, out.LeftOut)
				r := s.Post(t, "/api/v1/resumes/"+resume+"/generate-"+kind+"?require_llm=true", map[string]any{"job_id": job})
				assert.Equal(t, http.StatusServiceUnavailable, r.Status)
				checkFailure(t, r, "AI_PROVIDER_UNAVAILABLE")
			}
			require.NotNil(t, s.stored(t, resume).CoverLetter)
			assert.Contains(t, *s.stored(t, resume).CoverLetter, "Mira Halvorsen")
		})
	}
}

func TestAModelLetterGetsTheFrameItLacks(t *testing.T) {
	s, _, _, resume, job := startModel(t, map[string]llmtest.Reply{
		llm.KindCoverLetter: llmtest.JSON(llm.LetterAnswer{Content: "Dear [Hiring Manager],\n\nAt Fernwood Logistics I moved 12 services to Kubernetes. " +
			"I wrote Terraform modules for the AWS accounts of three teams.\n\nBest,\n[Your Name]"}),
	})
	out := s.letter(t, resume, "cover-letter", map[string]any{"job_id": job})
	require.True(t, out.LLMUsed, out.Warnings)
	assert.Equal(t, "Dear Hiring Team,\n\nAt Fernwood Logistics I moved 12 services to Kubernetes. "+
		"I wrote Terraform modules for the AWS accounts of three teams.\n\nBest,\nMira Halvorsen", out.Content)
}

func TestALetterMayGreetThePostingsContact(t *testing.T) {
	s, _, _, resume, _ := startModel(t, map[string]llmtest.Reply{
		llm.KindCoverLetter: llmtest.JSON(llm.LetterAnswer{Content: strings.Replace(modelLetter, "Sir or Madam", "Ms. Quillfeather", 1)}),
	})
	posting := string(Testdata(t, "backend-job.txt")) + "\n\nPlease send your application to Ms. Dana Quillfeather."
	r := s.Post(t, "/api/v1/jobs/upload", map[string]any{"job_descriptions": []string{posting}})
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var jobs struct {
		JobID []string `json:"job_id"`
	}
	r.Decode(t, &jobs)
	require.Len(t, jobs.JobID, 1)
	out := s.letter(t, resume, "cover-letter", map[string]any{"job_id": jobs.JobID[0]})
	require.True(t, out.LLMUsed, out.Warnings)
	assert.True(t, strings.HasPrefix(out.Content, "Dear Ms. Quillfeather,\n\nI am applying"), out.Content)
	assert.Contains(t, out.Content, "three teams.\n\nI look forward", "paragraphs stay apart")
}

func TestNoModelIsAskedForALanguageTheGateDoesNotRead(t *testing.T) {
	s, script, _, resume, job := startModel(t, nil)
	out := s.letter(t, resume, "cover-letter", map[string]any{"job_id": job, "language": "fr"})
	assert.False(t, out.LLMUsed)
	assert.Contains(t, out.Content, "Cordialement")
	require.NotEmpty(t, out.Warnings)
	assert.Contains(t, out.Warnings[0], "English and German")
	assert.Zero(t, script.Asked(llm.KindCoverLetter))
	r := s.Post(t, "/api/v1/resumes/"+resume+"/generate-cover-letter?require_llm=true", map[string]any{"job_id": job, "language": "es"})
	checkFailure(t, r, "AI_PROVIDER_UNAVAILABLE")
}

func TestModelOptionsThatContradict(t *testing.T) {
	s, resume, job := startPair(t)
	const both = "?use_llm=false&require_llm=true"
	for _, path := range []string{
		"/api/v1/resumes/" + resume + "/generate-cover-letter", "/api/v1/resumes/" + resume + "/generate-outreach",
		"/api/v1/match", "/api/v1/resumes/improve", "/api/v1/resumes/improve/preview",
	} {
		body := pair(resume, job)
		if strings.Contains(path, "generate") {
			body = map[string]any{"job_id": job}
		}
		r := s.Post(t, path+both, body)
		assert.Equal(t, http.StatusUnprocessableEntity, r.Status, path)
		assert.Contains(t, string(r.Body), "use_llm: must not be false with require_llm", path)
		checkFailure(t, r, "VALIDATION_ERROR")
	}
	out := s.letter(t, resume, "cover-letter?use_llm=true", map[string]any{"job_id": job})
	assert.NotEmpty(t, out.Warnings, "a model was asked for and there is none")
}

// meanwhile makes the model's answer come after work is done.
func meanwhile(provider *llmtest.Server, script *Script, kind string, work func(call int)) {
	calls := 0
	provider.Reply(func(r llmtest.Request) llmtest.Reply {
		if kindOf(r) == kind {
			calls++
			work(calls)
		}
		script.mu.Lock()
		defer script.mu.Unlock()
		return script.replies[kindOf(r)]
	})
}

func TestGeneratingKeepsWhatThePersonWroteMeanwhile(t *testing.T) {
	s, script, provider, resume, job := startModel(t, map[string]llmtest.Reply{
		llm.KindCoverLetter: llmtest.JSON(llm.LetterAnswer{Content: modelLetter}),
	})
	meanwhile(provider, script, llm.KindCoverLetter, func(int) {
		s.Patch(t, "/api/v1/resumes/"+resume+"/cover-letter", map[string]any{"content": "My own words."})
	})
	out := s.letter(t, resume, "cover-letter", map[string]any{"job_id": job})
	assert.Contains(t, out.Content, "12 services")
	assert.Contains(t, strings.Join(out.Warnings, " "), "not kept")
	assert.Contains(t, out.Message, "not kept")
	assert.Equal(t, "My own words.", *s.stored(t, resume).CoverLetter)
}

func TestALetterIsStartedOverWhenTheResumeChanges(t *testing.T) {
	s, script, provider, resume, job := startModel(t, map[string]llmtest.Reply{
		llm.KindCoverLetter: llmtest.JSON(llm.LetterAnswer{Content: modelLetter}),
	})
	edit := func(call int) {
		s.Patch(t, "/api/v1/resumes/"+resume, map[string]any{"summary": "Engineer, edition " + strings.Repeat("I", call) + "."})
	}
	meanwhile(provider, script, llm.KindCoverLetter, func(call int) {
		if call == 1 {
			edit(call)
		}
	})
	out := s.letter(t, resume, "cover-letter", map[string]any{"job_id": job})
	assert.True(t, out.LLMUsed, out.Warnings)
	require.NotNil(t, s.stored(t, resume).CoverLetter)
	assert.Equal(t, out.Content, *s.stored(t, resume).CoverLetter)

	require.Equal(t, http.StatusOK, s.Patch(t, "/api/v1/resumes/"+resume+"/cover-letter", map[string]any{"content": ""}).Status)
	edit(5)
	meanwhile(provider, script, llm.KindCoverLetter, func(call int) { edit(5 + call) })
	r := s.Post(t, "/api/v1/resumes/"+resume+"/generate-cover-letter", map[string]any{"job_id": job})
	assert.Equal(t, http.StatusConflict, r.Status, "%s", r.Body)
	checkFailure(t, r, "CONFLICT")
	assert.Nil(t, s.stored(t, resume).CoverLetter)
}
