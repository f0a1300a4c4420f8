package tests

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
	"resume-matcher/services"
	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
)

// ModelChange alters the configured language model before the server starts.
type ModelChange func(*llm.Options, *services.ModelOptions)

// WithModel configures the server to ask provider through its protocol.
func WithModel(t testing.TB, provider *llmtest.Server, protocol string, changes ...ModelChange) Option {
	t.Helper()
	return func(_ *handlers.Options, d *services.Deps) {
		client := provider.Options(protocol)
		prompts, err := llm.LoadPrompts()
		require.NoError(t, err)
		model := services.ModelOptions{Prompts: prompts}
		for _, change := range changes {
			change(&client, &model)
		}
		generator, err := llm.New(client)
		require.NoError(t, err)
		model.Generator, model.Provider, model.Name = generator, generator.Provider(), generator.Model()
		d.Model = model
	}
}

// Script answers each kind of prompt with its reply; a kind it does not name gets an answer that says nothing.
type Script struct {
	mu      sync.Mutex
	replies map[string]llmtest.Reply
	asked   map[string]int
}

// NewScript makes provider answer by the script.
func NewScript(provider *llmtest.Server, replies map[string]llmtest.Reply) *Script {
	s := &Script{replies: map[string]llmtest.Reply{
		llm.KindTailor:          llmtest.JSON(llm.TailoringAnswer{Changes: []llm.ProposedChange{}}),
		llm.KindCoverLetter:     llmtest.JSON(llm.LetterAnswer{Content: "Hello."}),
		llm.KindOutreach:        llmtest.JSON(llm.LetterAnswer{Content: "Hello."}),
		llm.KindStructureResume: empty(llm.ResumeAnswer{}),
		llm.KindStructureJob:    empty(llm.JobAnswer{}),
	}, asked: map[string]int{}}
	for kind, reply := range replies {
		s.replies[kind] = reply
	}
	provider.Reply(func(r llmtest.Request) llmtest.Reply {
		s.mu.Lock()
		defer s.mu.Unlock()
		kind := kindOf(r)
		s.asked[kind]++
		return s.replies[kind]
	})
	return s
}

// empty is an answer that found nothing in a document.
func empty(answer any) llmtest.Reply {
	text, err := json.Marshal(answer)
	if err != nil {
		panic(err) // texts, numbers and lists always encode
	}
	return llmtest.Text(strings.ReplaceAll(string(text), "null", "[]"))
}

// Set changes the reply to a kind of prompt.
func (s *Script) Set(kind string, reply llmtest.Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replies[kind] = reply
}

// Asked tells how many requests of a kind arrived.
func (s *Script) Asked(kind string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[kind]
}

// kindOf tells the prompts apart by how they begin.
func kindOf(r llmtest.Request) string {
	for start, kind := range map[string]string{
		"You help a person to tailor": llm.KindTailor, "You write a cover letter": llm.KindCoverLetter,
		"You write a short message": llm.KindOutreach, "You read a résumé": llm.KindStructureResume,
		"You read a job posting": llm.KindStructureJob,
	} {
		if strings.HasPrefix(r.System, start) {
			return kind
		}
	}
	return ""
}
