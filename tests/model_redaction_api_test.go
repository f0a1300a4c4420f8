package tests

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
	"resume-matcher/services"
	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
)

func redacted(_ *llm.Options, m *services.ModelOptions) { m.Redact = true }

// uploaded stores a résumé and a posting, and returns their ids.
func (s *Server) uploaded(t *testing.T, filename, resume, posting string) (resumeID, jobID string) {
	t.Helper()
	r := s.Upload(t, filename, []byte(resume))
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var one handlers.UploadedAnswer
	r.Decode(t, &one)
	r = s.Post(t, "/api/v1/jobs/upload", map[string]any{"job_descriptions": []string{posting}})
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var jobs struct {
		JobID []string `json:"job_id"`
	}
	r.Decode(t, &jobs)
	require.Len(t, jobs.JobID, 1)
	return one.ResumeID, jobs.JobID[0]
}

func assertNeverSent(t *testing.T, provider *llmtest.Server, secrets ...string) {
	t.Helper()
	require.NotEmpty(t, provider.Requests())
	for _, request := range provider.Requests() {
		for _, secret := range secrets {
			assert.NotContains(t, strings.ToLower(string(request.Body)), secret)
		}
	}
}

func TestContactsAndSectionKeysStayHereWhenRedacted(t *testing.T) {
	provider := llmtest.New(t)
	NewScript(provider, map[string]llmtest.Reply{
		llm.KindCoverLetter: llmtest.JSON(llm.LetterAnswer{Content: strings.NewReplacer(
			"Sir or Madam", "Ms. [[CONTACT_2]]", "Mira Halvorsen", "[[NAME]]").Replace(modelLetter)}),
		llm.KindTailor: proposal(edit("replace", "customSections.section1.strings[0]", "A talk on queues", "A keynote on queues for 900 guests")),
	})
	s := Start(t, WithModel(t, provider, llm.OpenAI, redacted))
	resume, job := s.uploaded(t, "mira.md",
		string(Testdata(t, "developer.md"))+"\n\n## Talks by Mira Halvorsen\n\n- A talk on queues\n- A talk on caches\n",
		string(Testdata(t, "backend-job.txt"))+"\n\nContact: Dana Quillfeather\nMs. Quillfeather answers your questions.\n")
	out := s.letter(t, resume, "cover-letter", map[string]any{"job_id": job})
	require.True(t, out.LLMUsed, out.Warnings)
	assert.True(t, strings.HasPrefix(out.Content, "Dear Ms. Quillfeather,\n"), out.Content)
	assert.True(t, strings.HasSuffix(out.Content, "Mira Halvorsen"), out.Content)
	preview := s.preview(t, resume, job)
	require.NotEmpty(t, preview.RejectedChanges)
	assert.Contains(t, preview.RejectedChanges[0].FieldPath, "customSections.talksBy", "as the résumé names it")
	assertNeverSent(t, provider, "mira", "halvorsen", "quillfeather", "dana")
}

func TestAnUnreadNameStaysHereWhenRedacted(t *testing.T) {
	provider := llmtest.New(t)
	NewScript(provider, nil)
	s := Start(t, WithModel(t, provider, llm.OpenAI, redacted))
	resume, job := s.uploaded(t, "zora_wu_cv.md", "backend developer\n\nzora.wu@example.com\n\nzora wu\n\n## Experience\n\n### Backend Developer | Fernwood Logistics | 2021 – Present\n\n- Wu built a shipment tracking API in Go\n",
		string(Testdata(t, "backend-job.txt")))
	s.letter(t, resume, "cover-letter", map[string]any{"job_id": job})
	s.preview(t, resume, job)
	assertNeverSent(t, provider, "zora", " wu ", "\\\"wu")
}
