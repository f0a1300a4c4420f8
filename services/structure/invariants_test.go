package structure

import (
	"encoding/json"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

// checkStructure asserts what holds for the structure of any text.
func checkStructure(t *testing.T, markdown string, r Resume) {
	t.Helper()
	checkWords(t, markdown, r.Data)
	checkShape(t, r.Data)
	checkSources(t, markdown, r)
}

// marksOnly are the parts of Markdown that no reader sees as words.
var marksOnly = regexp.MustCompile(`(?i)\]\(tel:[^)\n]*\)|</?(?:b|i|u|em|strong|sup|sub|br)\s*/?>|(\]\(|<)(?:https?://|mailto:|tel:|callto:)?(?:www\.)?`)

// boldLetters are marks within a word.
var boldLetters = regexp.MustCompile(`([\p{L}\p{N}])\*\*([\p{L}\p{N}])`)

// joinBold drops them; a letter between two pairs of marks takes a second pass.
func joinBold(text string) string {
	return boldLetters.ReplaceAllString(boldLetters.ReplaceAllString(text, "$1$2"), "$1$2")
}

// checkWords asserts that every word of the résumé is in a value or in a section's name.
func checkWords(t *testing.T, markdown string, d models.ResumeData) {
	t.Helper()
	var all strings.Builder
	Walk(d, func(_, text string) { all.WriteString(text + "\n") })
	for _, m := range d.SectionMeta {
		all.WriteString(m.DisplayName + "\n")
	}
	have := wordSet(all.String())
	visible := marksOnly.ReplaceAllString(strings.ToValidUTF8(markdown, "\uFFFD"), "$1 ")
	visible = joinBold(visible)
	for w := range wordSet(strings.ToValidUTF8(html.UnescapeString(visible), "\uFFFD")) {
		if !have[w] {
			t.Errorf("the word %q is lost", w)
		}
	}
}

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !isWordRune(r) }) {
		set[w] = true
	}
	return set
}

// checkShape asserts valid text, lists that are not null, ids from 1, and a round trip through JSON.
func checkShape(t *testing.T, d models.ResumeData) {
	t.Helper()
	encoded, err := json.Marshal(d)
	require.NoError(t, err)
	assert.NotContains(t, string(encoded), "null")
	var back models.ResumeData
	require.NoError(t, json.Unmarshal(encoded, &back))
	normal := back
	Normalize(&normal)
	again, err := json.Marshal(normal)
	require.NoError(t, err)
	assert.Equal(t, string(encoded), string(again))
	Walk(d, func(path, text string) { assert.True(t, utf8.ValidString(text), path) })
	for i, e := range d.WorkExperience {
		assert.Equal(t, i+1, e.ID)
	}
	for i, e := range d.Education {
		assert.Equal(t, i+1, e.ID)
	}
	for i, p := range d.PersonalProjects {
		assert.Equal(t, i+1, p.ID)
	}
	for i, m := range d.SectionMeta {
		assert.Equal(t, i, m.Order)
	}
}

// checkSources asserts that each value has one source, in order, whose stretch of the Markdown holds its words.
func checkSources(t *testing.T, markdown string, r Resume) {
	t.Helper()
	values := map[string]string{}
	Walk(r.Data, func(path, text string) { values[path] = text })
	before := ""
	for _, s := range r.Sources {
		value, ok := values[s.Path]
		assert.True(t, ok, "a source without a value: %s", s.Path)
		assert.Less(t, before, s.Path)
		before = s.Path
		delete(values, s.Path)
		if !assert.True(t, s.Start >= 0 && s.Start <= s.End && s.End <= len(markdown), s.Path) {
			continue
		}
		assert.Equal(t, 1+strings.Count(markdown[:s.Start], "\n"), s.Line, s.Path)
		assert.True(t, s.Confidence > 0 && s.Confidence <= 1, s.Path)
		stretch := joinBold(markdown[s.Start:s.End])
		stretch = html.UnescapeString(strings.ToValidUTF8(stretch, "\uFFFD"))
		if strings.Contains(stretch, value) {
			continue
		}
		have := wordSet(stretch)
		for w := range wordSet(value) {
			assert.True(t, have[w], "%s: %q is not in its source", s.Path, w)
		}
	}
	assert.Empty(t, values, "values without a source")
}
