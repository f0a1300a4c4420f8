package facts_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/facts"
)

// tableCase is one line of a table: a text that is to stand in a made-up person's résumé or letter.
type tableCase struct {
	// At is the file and line, the only name a case has.
	At       string
	Language string
	Person   string
	Category string
	Claim    facts.Claim
	// Invented are the words of the text that no résumé backs; empty in a table of honest texts.
	Invented []string
}

// person is a made-up résumé, as the program holds it and as a tree to look paths up in.
type person struct {
	resume models.ResumeData
	tree   any
}

func readPeople(t *testing.T) map[string]person {
	t.Helper()
	files, err := filepath.Glob("testdata/people/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	people := make(map[string]person, len(files))
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		var p person
		require.NoError(t, json.Unmarshal(content, &p.resume), file)
		require.NoError(t, json.Unmarshal(content, &p.tree), file)
		people[strings.TrimSuffix(filepath.Base(file), ".json")] = p
	}
	return people
}

// language is what the person writes in.
func (p person) language() string {
	for _, l := range p.resume.Additional.Languages {
		if l == "Deutsch (Muttersprache)" {
			return "de"
		}
	}
	return "en"
}

// at returns the text at a path such as "workExperience[0].description[2]".
func (p person) at(path string) (string, bool) {
	node := p.tree
	for _, step := range strings.Split(strings.ReplaceAll(path, "[", "."), ".") {
		switch n := node.(type) {
		case map[string]any:
			node = n[step]
		case []any:
			i, err := strconv.Atoi(strings.TrimSuffix(step, "]"))
			if err != nil || i < 0 || i >= len(n) {
				return "", false
			}
			node = n[i]
		default:
			return "", false
		}
	}
	text, ok := node.(string)
	return text, ok
}

// readTables reads the tables of one kind; the language stands in the file's name, as in "honest_de.txt".
func readTables(t *testing.T, kind string, people map[string]person) []tableCase {
	t.Helper()
	files, err := filepath.Glob("testdata/" + kind + "_*.txt")
	require.NoError(t, err)
	var cases []tableCase
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		name := filepath.Base(file)
		language := strings.Split(strings.TrimSuffix(name, ".txt"), "_")[1]
		var head tableCase
		for i, line := range strings.Split(string(content), "\n") {
			at := fmt.Sprintf("%s:%d", name, i+1)
			switch {
			case line == "" || strings.HasPrefix(line, "#"):
			case strings.HasPrefix(line, "== "):
				head = readHead(t, at, strings.TrimPrefix(line, "== "), people)
			default:
				c := readCase(t, at, line, head)
				c.Language = language
				cases = append(cases, c)
			}
		}
	}
	return cases
}

// readHead reads "person path", "person + path" for an added text and "person letter (employer; position)".
func readHead(t *testing.T, at, line string, people map[string]person) tableCase {
	t.Helper()
	name, place, _ := strings.Cut(line, " ")
	p, known := people[name]
	require.True(t, known, "%s: no such person", at)
	c := tableCase{Person: name}
	if mentions, isLetter := strings.CutPrefix(place, "letter ("); isLetter {
		c.Claim.Mentions = strings.Split(strings.TrimSuffix(mentions, ")"), "; ")
		return c
	}
	path, added := strings.CutPrefix(place, "+ ")
	original, found := p.at(path)
	require.Equal(t, !added, found, "%s: a text stands there or does not", at)
	c.Claim.Path, c.Claim.Original = path, original
	return c
}

// readCase reads "category | text" and, in a table of inventions, " | words; words".
func readCase(t *testing.T, at, line string, head tableCase) tableCase {
	t.Helper()
	parts := strings.Split(line, " | ")
	require.GreaterOrEqual(t, len(parts), 2, at)
	require.NotEmpty(t, head.Person, "%s: stands under no header", at)
	c := head
	c.At, c.Category, c.Claim.Text = at, parts[0], unescape(t, at, parts[1])
	require.NotEqual(t, c.Claim.Original, c.Claim.Text, "%s: changes nothing", at)
	if len(parts) > 2 {
		c.Invented = strings.Split(unescape(t, at, parts[2]), "; ")
	}
	return c
}

// unescape reads \u0435 and the like: signs one can't see or tell apart are written as escapes in the tables.
func unescape(t *testing.T, at, text string) string {
	t.Helper()
	plain, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
	require.NoError(t, err, at)
	return plain
}
