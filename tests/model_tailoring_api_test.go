package tests

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
)

const (
	ownBullet      = "Moved 12 services to k8s and cut deployment time from 40 to 6 minutes"
	honestBullet   = "Migrated 12 services to Kubernetes and cut deployment time from 40 to 6 minutes"
	inventedBullet = "Led a team of 9 that moved 40 services to Kubernetes and Kafka"
	bulletPath     = "workExperience[0].description[1]"
)

func protocols() []string { return []string{llm.OpenAI, llm.Anthropic, llm.Ollama} }

func edit(action, path, original, value string) llm.ProposedChange {
	return llm.ProposedChange{Action: action, Path: path, Original: original, Value: value, Reason: "Fits the posting."}
}

func proposal(changes ...llm.ProposedChange) llmtest.Reply {
	return llmtest.JSON(llm.TailoringAnswer{Changes: changes})
}

// startModel serves with a model that answers by the script, and returns the usual pair.
func startModel(t *testing.T, replies map[string]llmtest.Reply, options ...Option) (s *Server, script *Script, provider *llmtest.Server, resume, job string) {
	t.Helper()
	provider = llmtest.New(t)
	script = NewScript(provider, replies)
	s, resume, job = startPair(t, append([]Option{WithModel(t, provider, llm.OpenAI)}, options...)...)
	return s, script, provider, resume, job
}

func newValues(changes []models.Change) []string {
	var out []string
	for _, c := range changes {
		if c.NewValue != nil {
			out = append(out, *c.NewValue)
		}
	}
	return out
}

func TestModelProposesWithEachProtocol(t *testing.T) {
	for _, protocol := range protocols() {
		t.Run(protocol, func(t *testing.T) {
			provider := llmtest.New(t)
			NewScript(provider, map[string]llmtest.Reply{llm.KindTailor: proposal(
				edit("replace", bulletPath, ownBullet, honestBullet),
				edit("replace", "workExperience[0].description[0]", "Built a shipment tracking API in Go and PostgreSQL that answers 900 requests a second", inventedBullet),
			)})
			s, resume, job := startPair(t, WithModel(t, provider, protocol))
			p := s.preview(t, resume, job)
			assert.True(t, p.LLMUsed)
			assert.True(t, p.RefinementAttempted)
			assert.True(t, p.RefinementSucceeded)
			assert.Contains(t, newValues(p.DetailedChanges), honestBullet)
			assert.Contains(t, p.MarkdownImproved, honestBullet)
			assert.NotContains(t, p.MarkdownImproved, "Led a team")
			assert.NotContains(t, p.MarkdownImproved, "Kafka")
			require.NotEmpty(t, p.RejectedChanges)
			assert.NotEmpty(t, p.RejectedChanges[len(p.RejectedChanges)-1].Rule)
			assert.NotEmpty(t, p.RejectedChanges[len(p.RejectedChanges)-1].Words)
			for _, c := range p.DetailedChanges {
				assert.NotEmpty(t, c.Reason, c.FieldPath)
				assert.NotEmpty(t, c.Evidence, c.FieldPath)
			}
		})
	}
}

func TestNoEditTouchesWhatIsLocked(t *testing.T) {
	s, _, _, resume, job := startModel(t, map[string]llmtest.Reply{llm.KindTailor: proposal(
		edit("replace", "personalInfo.name", "Mira Halvorsen", "Mira Halvorsen, MSc"),
		edit("replace", "workExperience[0].title", "Backend Developer", "Senior Backend Engineer"),
		edit("replace", "workExperience[0].company", "Fernwood Logistics", "Harborlight Systems"),
		edit("replace", "workExperience[0].years", "2021 – Present", "2015 – Present"),
		edit("replace", "education[0].degree", "B.Sc. Computer Science", "M.Sc. Computer Science"),
		edit("append", "additional.certificationsTraining", "", "Certified Kubernetes Administrator"),
		edit("append", "additional.languages", "", "German (fluent)"),
		edit("add_skill", "additional.technicalSkills", "", "Apache Kafka"),
		edit("add_skill", "additional.technicalSkills", "", "GraphQL"),
		edit("replace", "workExperience[7].description[0]", "x", "y"),
		edit("replace", "sectionMeta[0].displayName", "Personal Info", "Owner"),
	)})
	before := s.preview(t, resume, job)
	require.True(t, before.LLMUsed)
	without := s.Post(t, "/api/v1/resumes/improve/preview?use_llm=false", pair(resume, job))
	var own improveAnswer
	without.Decode(t, &own)
	assert.Equal(t, own.ResumePreview, before.ResumePreview, "nothing but what needs no model is left")
	assert.GreaterOrEqual(t, len(before.RejectedChanges), 11)
}

func TestModelFailuresFallBack(t *testing.T) {
	tests := []struct {
		name   string
		reply  llmtest.Reply
		status int
		code   string
	}{
		{"not reachable", llmtest.Failure(500, "3600"), 503, "AI_PROVIDER_UNAVAILABLE"},
		{"rate limited for long", llmtest.Failure(429, "3600"), 503, "AI_PROVIDER_UNAVAILABLE"},
		{"wrong key", llmtest.Failure(401, ""), 503, "AI_PROVIDER_UNAVAILABLE"},
		{"no JSON", llmtest.Text("I would rather not."), 503, "AI_PROVIDER_UNAVAILABLE"},
		{"another schema", llmtest.Text(`{"changes":"all"}`), 503, "AI_PROVIDER_UNAVAILABLE"},
		{"refuses", llmtest.Reply{Refusal: "I can't help with that."}, 503, "AI_PROVIDER_UNAVAILABLE"},
		{"cut short", llmtest.Reply{Text: `{"changes":[`, Stop: "length"}, 503, "AI_PROVIDER_UNAVAILABLE"},
		{"slow", llmtest.Reply{Text: `{"changes":[]}`, Delay: time.Minute}, 504, "AI_TIMEOUT"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			provider := llmtest.New(t)
			NewScript(provider, map[string]llmtest.Reply{llm.KindTailor: test.reply})
			s, resume, job := startPair(t, WithModel(t, provider, llm.OpenAI, func(o *llm.Options, _ *services.ModelOptions) {
				if test.code == "AI_TIMEOUT" {
					o.Timeout = 700 * time.Millisecond
				}
			}))
			p := s.preview(t, resume, job)
			assert.False(t, p.LLMUsed)
			assert.True(t, p.RefinementAttempted)
			assert.NotEmpty(t, p.Warnings)
			assert.NotEmpty(t, p.DetailedChanges, "the deterministic changes are there")
			r := s.Post(t, "/api/v1/resumes/improve/preview?require_llm=true", pair(resume, job))
			assert.Equal(t, test.status, r.Status, "%s", r.Body)
			checkFailure(t, r, test.code)
			var flights int64
			require.NoError(t, s.DB.Model(&models.LLMFlight{}).Where("owner <> ''").Count(&flights).Error)
			assert.Zero(t, flights, "no call is left behind")
		})
	}
}

func TestAnswersAreCachedPerWorkspaceAndGoWithTheirResume(t *testing.T) {
	s, script, _, resume, job := startModel(t, map[string]llmtest.Reply{llm.KindTailor: proposal(edit("replace", bulletPath, ownBullet, honestBullet))})
	cached := func() (n int64) {
		require.NoError(t, s.DB.Model(&models.LLMCache{}).Where("kind = ?", llm.KindTailor).Count(&n).Error)
		return n
	}
	first, second := s.preview(t, resume, job), s.preview(t, resume, job)
	assert.Equal(t, 1, script.Asked(llm.KindTailor))
	assert.Equal(t, first.DetailedChanges, second.DetailedChanges)
	assert.EqualValues(t, 1, cached())
	var figures struct {
		Cache  struct{ Entries, Hits, Misses int64 }
		Tokens struct{ Total, Calls int64 }
	}
	s.Get(t, "/metrics/llm").Decode(t, &figures)
	assert.EqualValues(t, 3, figures.Cache.Entries, "the readings of both documents are kept too")
	assert.EqualValues(t, 1, figures.Cache.Hits)
	assert.Positive(t, figures.Tokens.Total)

	r := s.Patch(t, "/api/v1/resumes/"+resume, map[string]any{"summary": "Backend developer with 6 years of experience in Go."})
	require.Equal(t, http.StatusOK, r.Status)
	assert.Zero(t, cached(), "an edited résumé takes its answers with it")
	s.preview(t, resume, job)
	assert.Equal(t, 2, script.Asked(llm.KindTailor))
}

func TestConfirmTakesChangesByID(t *testing.T) {
	s, _, _, resume, job := startModel(t, map[string]llmtest.Reply{llm.KindTailor: proposal(edit("replace", bulletPath, ownBullet, honestBullet))})
	p := s.preview(t, resume, job)
	var id string
	for _, c := range p.DetailedChanges {
		if c.FieldPath == bulletPath {
			id = c.ChangeID
		}
	}
	require.NotEmpty(t, id)
	confirm := func(ids ...string) Response {
		return s.Post(t, "/api/v1/resumes/improve/confirm", map[string]any{"resume_id": resume, "job_id": job, "change_ids": ids})
	}
	r := confirm("ffffffffffff")
	assert.Equal(t, http.StatusBadRequest, r.Status)
	checkFailure(t, r, "PREVIEW_REQUIRED")
	r = confirm(id)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var saved improveAnswer
	r.Decode(t, &saved)
	require.NotNil(t, saved.ResumeID)
	assert.Equal(t, []string{honestBullet}, newValues(saved.DetailedChanges))
	again := confirm(id)
	var same improveAnswer
	again.Decode(t, &same)
	assert.Equal(t, saved.ResumeID, same.ResumeID, "the same confirmation saves once")
}

func TestBudgetStopsTheModelAndNothingElse(t *testing.T) {
	provider := llmtest.New(t)
	script := NewScript(provider, map[string]llmtest.Reply{llm.KindTailor: proposal(edit("replace", bulletPath, ownBullet, honestBullet))})
	s, resume, job := startPair(t, WithModel(t, provider, llm.OpenAI, func(_ *llm.Options, m *services.ModelOptions) { m.DailyTokens = 40 }))
	require.True(t, s.preview(t, resume, job).LLMUsed, "the uploads used 36 tokens")
	require.Equal(t, http.StatusOK, s.Patch(t, "/api/v1/resumes/"+resume, map[string]any{"summary": "Backend developer."}).Status)
	p := s.preview(t, resume, job)
	assert.False(t, p.LLMUsed)
	assert.Contains(t, strings.Join(p.Warnings, " "), "budget")
	r := s.Post(t, "/api/v1/resumes/improve/preview?require_llm=true", pair(resume, job))
	assert.Equal(t, http.StatusTooManyRequests, r.Status)
	checkFailure(t, r, "AI_BUDGET_EXCEEDED")
	assert.Equal(t, 1, script.Asked(llm.KindTailor))
}

func TestNothingPersonalLeavesWhenRedacted(t *testing.T) {
	provider := llmtest.New(t)
	NewScript(provider, map[string]llmtest.Reply{
		llm.KindTailor:      proposal(edit("replace", bulletPath, ownBullet, honestBullet)),
		llm.KindCoverLetter: llmtest.JSON(llm.LetterAnswer{Content: "Dear Sir or Madam,\n\nI am applying for the position.\n\nKind regards\n[[NAME]]"}),
	})
	s, resume, job := startPair(t, WithModel(t, provider, llm.OpenAI, func(_ *llm.Options, m *services.ModelOptions) { m.Redact = true }))
	require.True(t, s.preview(t, resume, job).LLMUsed)
	r := s.Post(t, "/api/v1/resumes/"+resume+"/generate-cover-letter", map[string]any{"job_id": job})
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	assert.NotContains(t, string(r.Body), "[[NAME]]")
	assert.Contains(t, string(r.Body), "Mira Halvorsen")
	require.NotEmpty(t, provider.Requests())
	for _, request := range provider.Requests() {
		for _, secret := range []string{"Mira", "Halvorsen", "mira.halvorsen", "555 010", "0199", "mira-example"} {
			assert.NotContains(t, strings.ToLower(string(request.Body)), strings.ToLower(secret))
		}
	}
}

func TestNeitherPromptsNorAnswersAreLogged(t *testing.T) {
	s, _, _, resume, job := startModel(t, map[string]llmtest.Reply{llm.KindTailor: llmtest.Text("SECRET-ANSWER no json")})
	s.preview(t, resume, job)
	for _, secret := range []string{"SECRET-ANSWER", "shipment tracking", "Harborlight", "Halvorsen"} {
		assert.NotContains(t, s.Log.String(), secret)
	}
}

func TestStreamTellsOfEachChangeWhileTheModelWrites(t *testing.T) {
	answer, err := json.Marshal(llm.TailoringAnswer{Changes: []llm.ProposedChange{
		edit("replace", bulletPath, ownBullet, honestBullet), edit("replace", "workExperience[0].description[0]", "Built a shipment tracking API in Go and PostgreSQL that answers 900 requests a second", inventedBullet),
	}})
	require.NoError(t, err)
	s, _, _, resume, job := startModel(t, map[string]llmtest.Reply{llm.KindTailor: {Text: string(answer), Delay: time.Millisecond}})
	body, err := json.Marshal(pair(resume, job))
	require.NoError(t, err)
	r := s.Do(t, http.MethodPost, "/api/v1/resumes/improve/preview?stream=true", "application/json", strings.NewReader(string(body)))
	require.Equal(t, http.StatusOK, r.Status)
	events := string(r.Body)
	completed := strings.Index(events, `"status":"completed"`)
	require.Positive(t, completed)
	assert.Contains(t, events[:completed], honestBullet, "an accepted change is told before the end")
	assert.NotContains(t, events[:completed], inventedBullet, "what the gate refused is no event")
}

func TestOneWrongItemSpoilsNoOthers(t *testing.T) {
	good, err := json.Marshal(edit("replace", bulletPath, ownBullet, honestBullet))
	require.NoError(t, err)
	s, script, _, resume, job := startModel(t, map[string]llmtest.Reply{llm.KindTailor: llmtest.Text(
		`{"changes":[{"path":"summary","action":"remove"},` + string(good) + `,{"action":7}]}`)})
	p := s.preview(t, resume, job)
	assert.True(t, p.LLMUsed)
	assert.Contains(t, newValues(p.DetailedChanges), honestBullet)
	assert.Equal(t, 1, script.Asked(llm.KindTailor), "nothing is paid twice")
}

func TestWhatIsSavedAtOnceIsNoPreview(t *testing.T) {
	s, _, _, resume, job := startModel(t, map[string]llmtest.Reply{llm.KindTailor: proposal(edit("replace", bulletPath, ownBullet, honestBullet))})
	var saved improveAnswer
	s.Post(t, "/api/v1/resumes/improve", pair(resume, job)).Decode(t, &saved)
	require.NotNil(t, saved.ResumeID)
	r := s.Post(t, "/api/v1/resumes/improve/confirm", map[string]any{"resume_id": resume, "job_id": job, "improved_data": saved.ResumePreview})
	assert.Equal(t, http.StatusBadRequest, r.Status)
	checkFailure(t, r, "PREVIEW_REQUIRED")
}

func TestManyPostingsWaitForADeadModelOnce(t *testing.T) {
	provider := llmtest.New(t)
	script := NewScript(provider, map[string]llmtest.Reply{llm.KindStructureJob: {Text: "{}", Delay: time.Minute}})
	s := Start(t, WithModel(t, provider, llm.OpenAI, func(o *llm.Options, m *services.ModelOptions) {
		o.Timeout, m.Timeout = 300*time.Millisecond, 300*time.Millisecond
	}))
	postings := make([]string, 20)
	for i := range postings {
		postings[i] = "Gardener wanted in town number " + strings.Repeat("I", i+1)
	}
	r := s.Post(t, "/api/v1/jobs/upload", map[string]any{"job_descriptions": postings})
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	assert.LessOrEqual(t, script.Asked(llm.KindStructureJob), 8, "those behind the first find no time left")
	assert.EqualValues(t, 20, s.count(t, &models.Job{}))
}

func TestADeletedResumeIsNotToldAgain(t *testing.T) {
	s, _, _, resume, job := startModel(t, map[string]llmtest.Reply{llm.KindTailor: proposal()})
	body, err := json.Marshal(pair(resume, job))
	require.NoError(t, err)
	const path = "/api/v1/resumes/improve/preview?stream=true"
	first := s.Do(t, http.MethodPost, path, "application/json", strings.NewReader(string(body)))
	id, _, _ := strings.Cut(strings.TrimPrefix(string(first.Body), "id: "), "\n")
	again := func() Response {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, strings.NewReader(string(body)))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Last-Event-ID", id)
		return s.Send(t, req)
	}
	require.Contains(t, string(again().Body), "completed", "a reconnect hears the rest")
	require.Equal(t, http.StatusOK, s.Do(t, http.MethodDelete, "/api/v1/resumes/"+resume, "", nil).Status)
	r := again()
	assert.Equal(t, http.StatusNotFound, r.Status)
	assert.NotContains(t, string(r.Body), "Halvorsen")
}
