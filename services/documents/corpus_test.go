package documents

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// truth is what a reader finds in a document of a corpus.
type truth struct {
	Name     string   `json:"name"`
	Email    string   `json:"email"`
	Phone    string   `json:"phone"`
	Headings []string `json:"headings"`
	Blocks   []struct {
		Section string `json:"section"`
		Text    string `json:"text"`
	} `json:"blocks"`
}

// corpusDir holds documents and a truth.json; CORPUS_DIR names another one to measure.
func corpusDir() string {
	if dir := os.Getenv("CORPUS_DIR"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", "tests", "testdata", "documents")
}

func readCorpus(t testing.TB) (map[string]truth, []string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(corpusDir(), "truth.json"))
	require.NoError(t, err)
	var corpus map[string]truth
	require.NoError(t, json.Unmarshal(raw, &corpus))
	names := make([]string, 0, len(corpus))
	for name := range corpus {
		names = append(names, name)
	}
	sort.Strings(names)
	return corpus, names
}

// testCacheDir is kept between runs: compiling PDFium takes seconds.
func testCacheDir() string { return filepath.Join(os.TempDir(), "resume-matcher-test-cache") }

// compileTimeout leaves time to compile PDFium on a busy machine with the race detector.
const compileTimeout = 5 * time.Minute

func testExtractor(t testing.TB) *Extractor {
	t.Helper()
	extractor := New(Options{CacheDir: testCacheDir(), Timeout: compileTimeout})
	t.Cleanup(func() { require.NoError(t, extractor.Close()) })
	return extractor
}

// minPlaced is the share of text blocks that must stand under the heading under which a reader sees them.
const minPlaced = 0.97

func TestCorpus(t *testing.T) {
	corpus, names := readCorpus(t)
	extractor := testExtractor(t)
	placed, blocks := 0, 0
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(corpusDir(), name))
			require.NoError(t, err)
			document, err := extractor.Extract(t.Context(), data, name)
			require.NoError(t, err)
			if out := os.Getenv("CORPUS_OUT"); out != "" {
				require.NoError(t, os.WriteFile(filepath.Join(out, name+".md"), []byte(document.Markdown), 0o600))
			}
			want := corpus[name]
			assert.Contains(t, document.Markdown, want.Email)
			if document.Format == Text {
				return // its headings are found by the reader of its structure
			}
			assert.True(t, strings.Contains(fold(document.Markdown), fold(want.Name)), "name is missing")
			assert.Equal(t, fold(want.Name), fold(firstHeading(document.Markdown)), "first heading is not the name")
			sections := sectionsOf(document.Markdown)
			assertInOrder(t, want.Headings, sections)
			for _, block := range want.Blocks {
				blocks++
				if isUnder(sections, block.Section, block.Text) {
					placed++
				} else {
					t.Logf("not under %q: %q", block.Section, block.Text)
				}
			}
		})
	}
	t.Logf("%d of %d blocks under their heading (%.1f %%)", placed, blocks, 100*float64(placed)/float64(blocks))
	assert.GreaterOrEqual(t, float64(placed), minPlaced*float64(blocks))
}

type section struct{ title, text string }

var linkTarget = regexp.MustCompile(`\]\([^)]*\)`)

// sectionsOf cuts Markdown at its "## " headings.
func sectionsOf(markdown string) []section {
	sections := []section{{}}
	for line := range strings.Lines(linkTarget.ReplaceAllString(markdown, "]")) {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			sections = append(sections, section{title: fold(title)})
			continue
		}
		sections[len(sections)-1].text += line
	}
	for i := range sections {
		sections[i].text = fold(sections[i].text)
	}
	return sections
}

func firstHeading(markdown string) string {
	for line := range strings.Lines(markdown) {
		if title, ok := strings.CutPrefix(line, "# "); ok {
			return linkTarget.ReplaceAllString(title, "")
		}
	}
	return ""
}

func assertInOrder(t *testing.T, headings []string, sections []section) {
	t.Helper()
	next := 0
	for _, heading := range headings {
		at := slices.IndexFunc(sections[next:], func(s section) bool { return s.title == fold(heading) })
		if at < 0 {
			t.Errorf("heading %q is missing or out of order", heading)
			continue
		}
		next += at + 1
	}
}

// isUnder reports whether text stands in a section of that title, or anywhere when title is empty.
func isUnder(sections []section, title, text string) bool {
	return slices.ContainsFunc(sections, func(s section) bool {
		return (s.title == fold(title) || title == "") && strings.Contains(s.text, fold(text))
	})
}

// fold leaves the letters and digits that two renderings of one text share.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}
