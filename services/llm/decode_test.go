package llm

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestJSONIsFoundInWhatModelsWrite(t *testing.T) {
	const object = `{"content":"a } \" { b"}`
	for name, text := range map[string]string{
		"bare":              object,
		"spaces":            "\n  " + object + "\n",
		"fence":             "```json\n" + object + "\n```",
		"fence and text":    "Here is the letter:\n\n```\n" + object + "\n```\nI hope it's \"fine\".",
		"text around":       "Sure! " + object + " Anything else?",
		"braces in text":    "As {asked}: " + object + " {done}",
		"open brace before": "Use { here: " + object,
		"byte order mark":   "\ufeff" + object,
		"thoughts":          "<think>Maybe {\"content\":\"draft\"}?</think>\n" + object,
	} {
		found, _ := findJSON(text)
		assert.Equal(t, []string{object}, found, name)
	}
}

func TestUnusableAnswersAreRefused(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40)
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"empty":         {"", nil},
		"prose":         {"I can't help with that.", nil},
		"list":          {"[1,2]", nil},
		"cut off":       {`{"content":"abc`, errIncomplete},
		"trailing":      {`{"content":"abc",}`, errSyntax},
		"single quotes": {`{'content':'abc'}`, errSyntax},
		"too long":      {`{"content":"` + strings.Repeat("a", maxAnswerBytes) + `"}`, errLength},
		"encoding":      {"{\"content\":\"\xff\"}", errEncoding},
		"twice":         {`{"content":"a","content":"b"}`, nil},
		"twice below":   {`{"a":[{"b":1,"b":2}]}`, nil},
		"twice escaped": {`{"content":"a","\u0063ontent":"b"}`, nil},
		"deep":          {deep, nil},
		"deep lists":    {`{"a":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + "}", nil},
		"zero byte":     {`{"content":"a\u0000b"}`, nil},
		"escape":        {`{"content":"\u001b[2J"}`, nil},
		"many braces":   {strings.Repeat("{", 100_000), errIncomplete},
	} {
		found, err := findJSON(c.text)
		assert.Empty(t, found, name)
		require.Error(t, err, name)
		if c.want != nil {
			assert.Equal(t, c.want, err, name)
		}
	}
}

func TestDecodeReadsOnlyCleanJSON(t *testing.T) {
	letter, err := Decode[LetterAnswer](`{"content":"Grüße,\n\nRobin"}`)
	require.NoError(t, err)
	assert.Equal(t, "Grüße,\n\nRobin", letter.Content)

	for _, text := range []string{``, `{`, `{"content":1}`, `{"content":"a"} x`, `{"content":"a","content":"b"}`} {
		_, err := Decode[LetterAnswer](text)
		var failure *Error
		require.True(t, errors.As(err, &failure), text)
		assert.Equal(t, FailureInvalid, failure.Failure)
	}
}

func FuzzFindJSON(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, "```json\n{\"a\":[\"}\"]}\n```", `{{{"a":"\u0000"}`, "<think>{</think>{}", `{"a":"\`, "{\"a\":\"\xff\"}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found, err := findJSON(text)
		if len(found) == 0 {
			require.Error(t, err)
		}
		for _, object := range found {
			require.True(t, json.Valid([]byte(object)))
			require.True(t, utf8.ValidString(object))
			_, err := Decode[map[string]any](object)
			require.NoError(t, err)
		}
	})
}
