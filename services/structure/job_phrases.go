package structure

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed data/postings.txt
var postingsText string

// part is what a stretch of a posting is about.
type part uint8

const (
	partNone part = iota
	partSummary
	partCompany
	partResponsibilities
	partRequired
	partPreferred
	partBenefits
	partApply
	partLegal
	// partMust marks words that make a demand strict; no stretch of text has it as its own.
	partMust
)

var partNames = map[string]part{
	"summary": partSummary, "company": partCompany, "responsibilities": partResponsibilities, "required": partRequired,
	"preferred": partPreferred, "benefits": partBenefits, "apply": partApply, "legal": partLegal, "must": partMust,
}

// word is a lower-case word of a text and its byte offsets there.
type word struct {
	text       string
	start, end int
}

// splitWords splits text at everything but letters, digits and inner apostrophes; hyphens part words, so that
// "full-time" and "full time" are the same two words.
func splitWords(text string) []word {
	words := make([]word, 0, len(text)/6+1)
	start := -1
	for i, r := range text {
		inWord := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || start >= 0 && (r == '\'' || r == '’')
		if inWord && start < 0 {
			start = i
		}
		if !inWord && start >= 0 {
			words = append(words, newWord(text, start, i))
			start = -1
		}
	}
	if start >= 0 {
		words = append(words, newWord(text, start, len(text)))
	}
	return words
}

func newWord(text string, start, end int) word {
	w := strings.ToLower(strings.ReplaceAll(text[start:end], "’", "'"))
	return word{text: strings.TrimRight(w, "'"), start: start, end: end}
}

// phrase is a row of words, each of which may have a star at one end.
type phrase struct {
	words []string
	kind  string
}

// phraseTable finds phrases in a row of words.
type phraseTable struct {
	byFirst map[string][]phrase
	starred []phrase
}

// phraseHit is a phrase found at words[at : at+length].
type phraseHit struct {
	kind       string
	at, length int
}

func (t *phraseTable) add(p phrase) {
	if strings.Contains(p.words[0], "*") {
		t.starred = append(t.starred, p)
		return
	}
	if t.byFirst == nil {
		t.byFirst = map[string][]phrase{}
	}
	t.byFirst[p.words[0]] = append(t.byFirst[p.words[0]], p)
}

// longestAt returns the longest phrase that begins at words[at].
func (t *phraseTable) longestAt(words []word, at int) (phraseHit, bool) {
	best := phraseHit{at: at}
	for _, p := range t.byFirst[words[at].text] {
		if len(p.words) > best.length && p.matches(words[at:]) {
			best.kind, best.length = p.kind, len(p.words)
		}
	}
	if best.length > 0 {
		return best, true
	}
	for _, p := range t.starred {
		if len(p.words) > best.length && p.matches(words[at:]) {
			best.kind, best.length = p.kind, len(p.words)
		}
	}
	return best, best.length > 0
}

// all returns the phrases of words from left to right, none overlapping another.
func (t *phraseTable) all(words []word) []phraseHit {
	var hits []phraseHit
	for i := 0; i < len(words); {
		hit, ok := t.longestAt(words, i)
		if !ok {
			i++
			continue
		}
		hits = append(hits, hit)
		i += hit.length
	}
	return hits
}

// exact returns the kind of the phrase that words as a whole are.
func (t *phraseTable) exact(words []word) (string, bool) {
	if len(words) == 0 {
		return "", false
	}
	for _, p := range t.byFirst[words[0].text] {
		if len(p.words) == len(words) && p.matches(words) {
			return p.kind, true
		}
	}
	return "", false
}

func (p phrase) matches(words []word) bool {
	if len(p.words) > len(words) {
		return false
	}
	for i, w := range p.words {
		if !wordMatches(w, words[i].text) {
			return false
		}
	}
	return true
}

func wordMatches(pattern, text string) bool {
	switch {
	case strings.HasSuffix(pattern, "*"):
		return strings.HasPrefix(text, pattern[:len(pattern)-1])
	case strings.HasPrefix(pattern, "*"):
		return strings.HasSuffix(text, pattern[1:])
	}
	return pattern == text
}

// postingWords holds the phrases of data/postings.txt by their use.
type postingWords struct {
	headings, cues, labels, employment, terms, remote, titles, must phraseTable
}

// loadPostingWords parses the embedded list once; the result is never changed.
var loadPostingWords = sync.OnceValue(func() *postingWords {
	w := &postingWords{}
	var table *phraseTable
	var kind string
	for line := range strings.Lines(postingsText) {
		line = strings.TrimSpace(line)
		if group, ok := strings.CutPrefix(line, "["); ok {
			name, rest, _ := strings.Cut(strings.TrimSuffix(group, "]"), " ")
			table, kind = w.table(name, rest), rest
			continue
		}
		_, list, ok := strings.Cut(line, ": ")
		if !ok || table == nil || strings.HasPrefix(line, "#") {
			continue
		}
		for item := range strings.SplitSeq(list, ", ") {
			if words := phraseWords(item); len(words) > 0 {
				table.add(phrase{words: words, kind: kind})
			}
		}
	}
	return w
})

func (w *postingWords) table(group, kind string) *phraseTable {
	switch group {
	case "heading":
		return &w.headings
	case "label":
		return &w.labels
	case "employment":
		return &w.employment
	case "term":
		return &w.terms
	case "remote":
		return &w.remote
	case "title":
		return &w.titles
	}
	if kind == "must" {
		return &w.must
	}
	return &w.cues
}

// phraseWords splits a phrase of the list as splitWords splits a text, and keeps the stars.
func phraseWords(item string) []string {
	return strings.FieldsFunc(item, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '*'
	})
}

// startsLower reports whether text begins with a lower-case letter.
func startsLower(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLower(r)
}
