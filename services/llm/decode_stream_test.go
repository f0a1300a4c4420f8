package llm

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func pieces(text string, size int) []string {
	var result []string
	for len(text) > size {
		result = append(result, text[:size])
		text = text[size:]
	}
	return append(result, text)
}

func TestItemsAreHeardWhateverThePieces(t *testing.T) {
	want := []ProposedChange{
		{Path: "summary", Action: ActionReplace, Value: `Drives "long" routes, ] } {`},
		{Path: "additional.technicalSkills", Action: ActionAddSkill, Value: "Größe \\"},
	}
	source, err := json.MarshalIndent(TailoringAnswer{Changes: want}, "", "  ")
	require.NoError(t, err)
	for name, text := range map[string]string{
		"bare":           string(source),
		"fence":          "Here are the \"changes\":\n```json\n" + string(source) + "\n```",
		"thoughts":       "\n<think>First {\"changes\":[{\"path\":\"x\"}]}</think>" + string(source),
		"another field":  `{"note":"\"changes\": [1]","other":[1,2],` + string(source)[1:],
		"two lists":      string(source) + string(source),
		"long beginning": strings.Repeat("Let me see. ", 500) + string(source),
	} {
		for _, size := range []int{1, 2, 3, 7, 64, 1 << 20} {
			var heard []ProposedChange
			listen := StreamItems("changes", func(c ProposedChange) { heard = append(heard, c) })
			for _, piece := range pieces(text, size) {
				listen(piece)
			}
			assert.Equal(t, want, heard, "%s in pieces of %d", name, size)
		}
	}
}

func TestAnItemIsHeardAsSoonAsItIsComplete(t *testing.T) {
	var heard []string
	listen := StreamItems("changes", func(c ProposedChange) { heard = append(heard, c.Path) })
	listen(`{"changes":[{"path":"summary"`)
	assert.Empty(t, heard)
	listen(`}`)
	assert.Equal(t, []string{"summary"}, heard)
	listen(`,{"path":"a"},{"pa`)
	assert.Equal(t, []string{"summary", "a"}, heard)
}

func TestItemsOfEveryTypeAreHeard(t *testing.T) {
	var texts []string
	listen := StreamItems("list", func(s string) { texts = append(texts, s) })
	listen(`{"list":["a", 1 ,"b,]",null,{"c":"d"},["e"],"f"],"g":"h"}`)
	assert.Equal(t, []string{"a", "b,]", "", "f"}, texts)

	var numbers []int
	listenNumbers := StreamItems("list", func(n int) { numbers = append(numbers, n) })
	listenNumbers(`{"list": [1,22, 333]}`)
	assert.Equal(t, []int{1, 22, 333}, numbers)
}

func TestListeningIsBounded(t *testing.T) {
	count := 0
	listen := StreamItems("changes", func(ProposedChange) { count++ })
	listen(`{"changes":[{"path":"` + strings.Repeat("a", 2*maxElementBytes))
	listen(`"},{"path":"b"}]}`)
	assert.Zero(t, count)

	listen = StreamItems("changes", func(ProposedChange) { count++ })
	listen(`{"changes":[`)
	for range maxAnswerBytes / 10 {
		listen(`{"path":"a"},`)
	}
	assert.LessOrEqual(t, count, maxAnswerBytes/len(`{"path":"a"},`))
}

func FuzzStreamItems(f *testing.F) {
	f.Add(`{"changes":[{"path":"a"},{"path":"b\"]}"}]}`, 3)
	f.Add("```\n{\"changes\" : [ ]}", 1)
	f.Add(`<think>{"changes":[`, 2)
	f.Add(`{"changes":[]]]}{{"changes":[,,1,"`, 5)
	f.Fuzz(func(t *testing.T, text string, size int) {
		size = max(1, size%100)
		whole, cut := hear(text, len(text)+1), hear(text, size)
		require.Equal(t, whole, cut, "the pieces matter")
		var answer struct{ Changes []json.RawMessage }
		if checkJSON(text) == nil && json.Unmarshal([]byte(text), &answer) == nil && strings.Count(strings.ToLower(text), "changes") == 1 &&
			strings.HasPrefix(text, `{"changes":[`) {
			require.Len(t, whole, len(answer.Changes))
		}
	})
}

func hear(text string, size int) []string {
	heard := []string{}
	listen := StreamItems("changes", func(m json.RawMessage) { heard = append(heard, string(m)) })
	for _, piece := range pieces(text, size) {
		listen(piece)
	}
	return heard
}
