package llm

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// generatorFunc answers as a function does; what a provider does is tested over HTTP elsewhere.
type generatorFunc func(r Request, onText func(string)) (Response, error)

func (f generatorFunc) Generate(_ context.Context, r Request, onText func(string)) (Response, error) {
	return f(r, onText)
}

// scripted answers with one text after the other and keeps the requests.
func scripted(requests *[]Request, answers ...string) generatorFunc {
	return func(r Request, onText func(string)) (Response, error) {
		*requests = append(*requests, r)
		text := answers[len(*requests)-1]
		if onText != nil {
			onText(text)
		}
		return Response{Text: text, Model: "m", Usage: Usage{PromptTokens: 10, CompletionTokens: 3}}, nil
	}
}

func letterPrompt(t *testing.T) Prompt {
	return loadPrompts(t).CoverLetter(LetterPrompt{JobText: "A driver is wanted."})
}

func TestAGoodAnswerIsTakenAtOnce(t *testing.T) {
	var requests []Request
	p := letterPrompt(t)
	p.MaxOutputTokens = 500
	var heard []string
	answer, err := Ask(t.Context(), scripted(&requests, "```json\n{\"content\":\"Hello\"}\n```"), p, func(s string) { heard = append(heard, s) })
	require.NoError(t, err)
	assert.Equal(t, Answer{JSON: `{"content":"Hello"}`, Model: "m", Usage: Usage{10, 3}}, answer)
	assert.Equal(t, []Request{{Messages: p.Messages, Schema: p.Schema, MaxOutputTokens: 500}}, requests)
	assert.Len(t, heard, 1)
}

func TestAWrongAnswerIsSentBackOnce(t *testing.T) {
	for name, c := range map[string]struct{ wrong, rule string }{
		"no JSON":          {"I'd rather not.", "no JSON object"},
		"missing property": {`{}`, "at / these properties are missing: content"},
		"wrong type":       {`{"content":7}`, "at /content the value must be of type string"},
		"other property":   {`{"content":"a","Jane Doe":1}`, "at / there is a property that the schema does not name"},
		"two answers":      {`{"content":"a"} or {"content":"b"}`, "more than one JSON object"},
		"duplicate key":    {`{"content":"a","content":"b"}`, "the same key twice"},
	} {
		t.Run(name, func(t *testing.T) {
			var requests []Request
			p := letterPrompt(t)
			heard := 0
			answer, err := Ask(t.Context(), scripted(&requests, c.wrong, `{"content":"Hello"}`), p, func(string) { heard++ })
			require.NoError(t, err)
			assert.Equal(t, Answer{JSON: `{"content":"Hello"}`, Model: "m", Usage: Usage{20, 6}, Repaired: true}, answer)
			require.Len(t, requests, 2)
			repair := requests[1].Messages
			require.Len(t, repair, len(p.Messages)+2)
			assert.Equal(t, p.Messages, repair[:len(p.Messages)])
			assert.Equal(t, Message{Assistant, c.wrong}, repair[len(p.Messages)])
			assert.Equal(t, User, repair[len(p.Messages)+1].Role)
			assert.Contains(t, repair[len(p.Messages)+1].Text, c.rule)
			assert.Len(t, p.Messages, 2, "the prompt itself has changed")
			assert.Equal(t, 1, heard, "the repair is not streamed")
		})
	}
}

func TestTheRepairNamesPlaceAndRule(t *testing.T) {
	var requests []Request
	p := loadPrompts(t).Tailor(TailorPrompt{})
	wrong := `{"changes":[{"path":"summary","action":"delete","original":"","value":"","reason":""}]}`
	_, err := Ask(t.Context(), scripted(&requests, wrong, `{"changes":[]}`), p, nil)
	require.NoError(t, err)
	assert.Contains(t, requests[1].Messages[3].Text, "at /changes/0/action the value must be one of [replace append reorder add_skill]")
}

func TestASecondWrongAnswerFails(t *testing.T) {
	var requests []Request
	answer, err := Ask(t.Context(), scripted(&requests, `{"content":1}`, `{"Jane Doe":"jane@example.com"}`), letterPrompt(t), nil)
	var failure *Error
	require.True(t, errors.As(err, &failure))
	assert.Equal(t, FailureInvalid, failure.Failure)
	assert.Len(t, requests, 2)
	assert.Equal(t, Usage{20, 6}, answer.Usage)
	assert.Empty(t, answer.JSON)
	for e := error(failure); e != nil; e = errors.Unwrap(e) {
		assert.NotContains(t, strings.ToLower(e.Error()), "jane", "an error holds the answer")
	}
}

func TestAFailedCallIsNotRepaired(t *testing.T) {
	unavailable := &Error{Failure: FailureUnavailable}
	for failing := 1; failing <= 2; failing++ {
		calls := 0
		g := generatorFunc(func(Request, func(string)) (Response, error) {
			calls++
			if calls == failing {
				return Response{Usage: Usage{PromptTokens: 5}}, unavailable
			}
			return Response{Text: "no", Usage: Usage{PromptTokens: 5}}, nil
		})
		answer, err := Ask(t.Context(), g, letterPrompt(t), nil)
		assert.Equal(t, unavailable, err)
		assert.Equal(t, failing, calls)
		assert.Equal(t, int64(5*failing), answer.Usage.PromptTokens)
	}
}

func TestHugeAndBrokenAnswersAreQuotedInPart(t *testing.T) {
	for name, c := range map[string]struct {
		wrong  string
		quoted int
	}{
		"empty":    {" \n", 0},
		"huge":     {strings.Repeat("a", 2*maxAnswerBytes), maxQuotedAnswer},
		"encoding": {"a\xffb", 2},
	} {
		var requests []Request
		_, err := Ask(t.Context(), scripted(&requests, c.wrong, `{"content":"Hello"}`), letterPrompt(t), nil)
		require.NoError(t, err, name)
		repair := requests[1].Messages
		if c.quoted == 0 {
			assert.Len(t, repair, 3, name)
			continue
		}
		require.Len(t, repair, 4, name)
		assert.Len(t, repair[2].Text, c.quoted, name)
	}
}

func TestASchemaWithoutItsTypeIsCompiledWhenNeeded(t *testing.T) {
	var requests []Request
	p := Prompt{Schema: &Schema{Name: "plain", JSON: letterPrompt(t).Schema.JSON}}
	_, err := Ask(t.Context(), scripted(&requests, `{"content":1}`, `{"content":"a"}`), p, nil)
	require.NoError(t, err)
	assert.Len(t, requests, 2)
}
