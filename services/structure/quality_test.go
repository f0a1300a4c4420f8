package structure

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/documents"
	"resume-matcher/services/skills"
)

// truth is what a document is known to hold.
type truth struct {
	Name, Email, Phone string
	Headings           []string
	Blocks             []struct{ Section, Text string }
}

// requiredBlocks is the share of text blocks that must stand under their heading over a set of documents.
const requiredBlocks = 0.97

func TestResumeOnProjectDocuments(t *testing.T) {
	checkDocuments(t, filepath.Join("..", "..", "tests", "testdata", "documents"))
}

func TestResumeOnCorpus(t *testing.T) {
	folder := os.Getenv("CORPUS_DIR")
	if folder == "" {
		t.Skip("CORPUS_DIR is not set: the corpus of foreign documents is NOT checked")
	}
	checkDocuments(t, folder)
}

func checkDocuments(t *testing.T, folder string) {
	content, err := os.ReadFile(filepath.Join(folder, "truth.json"))
	require.NoError(t, err)
	var truths map[string]truth
	require.NoError(t, json.Unmarshal(content, &truths))
	require.NotEmpty(t, truths)
	vocabulary, err := skills.Load()
	require.NoError(t, err)
	extractor := documents.New(documents.Options{})
	t.Cleanup(func() { _ = extractor.Close() })
	names := make([]string, 0, len(truths))
	for name := range truths {
		names = append(names, name)
	}
	slices.Sort(names)
	found, total := 0, 0
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(folder, name))
			require.NoError(t, err)
			document, err := extractor.Extract(context.Background(), data, name)
			require.NoError(t, err)
			resume := New(vocabulary).Resume(document.Markdown)
			checkStructure(t, document.Markdown, resume)
			right := checkTruth(t, truths[name], document.Markdown, resume.Data)
			found, total = found+right, total+len(truths[name].Blocks)
		})
	}
	t.Logf("%d of %d text blocks under their heading", found, total)
	assert.GreaterOrEqual(t, float64(found), requiredBlocks*float64(total))
}

// checkTruth compares the structure with the truth and returns the number of blocks under their heading.
func checkTruth(t *testing.T, want truth, markdown string, got models.ResumeData) int {
	t.Helper()
	if want.Name != "" {
		assert.Equal(t, strings.ToLower(want.Name), strings.ToLower(got.PersonalInfo.Name))
	}
	assert.Equal(t, want.Email, got.PersonalInfo.Email)
	if want.Phone != "" {
		assert.Equal(t, digitsOf(want.Phone), digitsOf(got.PersonalInfo.Phone))
	}
	checkHeadings(t, want.Headings, markdown, got)
	right := 0
	for _, block := range want.Blocks {
		if share := wordShare(block.Text, sectionText(got, block.Section)); share >= 0.9 {
			right++
		} else {
			t.Logf("not under %q (%.0f %%): %s", block.Section, 100*share, block.Text)
		}
	}
	return right
}

// checkHeadings asserts that the headings of the Markdown are there, in its order: a document with two columns has no
// other, and the order of the Markdown is not this package's to judge.
func checkHeadings(t *testing.T, want []string, markdown string, got models.ResumeData) {
	t.Helper()
	folded := strings.Split(markdown, "\n")
	for i := range folded {
		folded[i] = foldPhrase(folded[i])
	}
	expected := []string{}
	for _, h := range want {
		if slices.Contains(folded, foldPhrase(h)) {
			expected = append(expected, foldPhrase(h))
		}
	}
	slices.SortStableFunc(expected, func(a, b string) int { return slices.Index(folded, a) - slices.Index(folded, b) })
	headings := []string{}
	for _, m := range got.SectionMeta {
		if slices.ContainsFunc(want, func(h string) bool { return foldPhrase(h) == foldPhrase(m.DisplayName) }) {
			headings = append(headings, foldPhrase(m.DisplayName))
		}
	}
	assert.Equal(t, expected, headings)
}

// sectionText returns all text under a heading; everything where no heading is given.
func sectionText(d models.ResumeData, heading string) string {
	var out strings.Builder
	prefixes := []string{}
	for _, m := range d.SectionMeta {
		if foldPhrase(m.DisplayName) != foldPhrase(heading) {
			continue
		}
		kind, additional := additionalMetaKind(m.Key)
		switch {
		case additional:
			prefixes = append(prefixes, "additional."+kind.field()+"[")
		case m.Key == "additional":
			prefixes = append(prefixes, "additional.technicalSkills[", "customSections."+SkillGroupsKey)
		case m.IsDefault:
			prefixes = append(prefixes, m.Key)
		default:
			prefixes = append(prefixes, "customSections."+m.Key+".")
		}
	}
	Walk(d, func(path, text string) {
		if heading == "" || slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(path, p) }) {
			out.WriteString(text + "\n")
		}
	})
	return out.String()
}

func wordShare(text, within string) float64 {
	have := map[string]bool{}
	for _, w := range splitWords(within) {
		have[w.text] = true
	}
	words := splitWords(text)
	found := 0
	for _, w := range words {
		if have[w.text] {
			found++
		}
	}
	return float64(found) / float64(max(1, len(words)))
}
