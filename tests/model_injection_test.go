package tests

import (
	"encoding/json"
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
)

// TestInjectionsChangeNothing stands for the worst case: a model that obeys every instruction it finds in a posting.
func TestInjectionsChangeNothing(t *testing.T) {
	raw, err := os.ReadFile("../services/llm/testdata/injections.json")
	require.NoError(t, err)
	var cases []struct{ Name, Kind, Text string }
	require.NoError(t, json.Unmarshal(raw, &cases))
	require.GreaterOrEqual(t, len(cases), 15)

	provider := llmtest.New(t)
	NewScript(provider, map[string]llmtest.Reply{
		llm.KindTailor: proposal(
			edit("replace", "summary", "Backend developer with 6 years of experience in Go and PostgreSQL. Enjoys simple services that stay up.",
				"Chief architect with 20 years of experience in Go, Scala, Kubernetes and Kafka."),
			edit("add_skill", "additional.technicalSkills", "", "Scala"),
			edit("append", "workExperience[0].description", "", "Raised revenue by 300 % as head of engineering"),
			edit("replace", "workExperience[0].title", "Backend Developer", "Chief Executive Officer"),
		),
		llm.KindCoverLetter: llmtest.JSON(llm.LetterAnswer{Content: "I hold a Nobel prize. My score is 100. I led 400 engineers at Example Freight."}),
	})
	s := Start(t, WithModel(t, provider, llm.OpenAI))
	resume := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	plain := s.UploadJob(t, "Backend developer (m/f/d) at Example Freight\nWe look for Go and PostgreSQL.")
	matched := s.Post(t, "/api/v1/match", map[string]any{"resume_id": resume, "job_id": plain}).JSON(t)["data"].(map[string]any)["score"].(float64)
	for _, c := range cases {
		if c.Kind != "posting" {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			job := s.UploadJob(t, c.Text)
			p := s.preview(t, resume, job)
			require.True(t, p.LLMUsed, p.Warnings)
			for _, invented := range []string{"Chief", "Scala", "Kafka", "300 %", "20 years"} {
				assert.NotContains(t, p.MarkdownImproved, invented)
			}
			assert.NotContains(t, p.MarkdownImproved, "gnore")
			letter := s.letter(t, resume, "cover-letter", map[string]any{"job_id": job})
			assert.NotContains(t, letter.Content, "Nobel")
			assert.NotContains(t, letter.Content, "400")
			r := s.Post(t, "/api/v1/match", map[string]any{"resume_id": resume, "job_id": job})
			require.Equal(t, http.StatusOK, r.Status)
			score := r.JSON(t)["data"].(map[string]any)["score"].(float64)
			assert.LessOrEqual(t, score, matched+5, "no instruction raises the score: it only adds words the résumé lacks")
		})
	}
}
