package facts

import (
	"strings"

	"resume-matcher/services/skills"
)

func stem(language, word string) string { return skills.Stem(language, word) }

// group is the number of a group of words that mean the same.
type group int32

// meaning lists the groups of a word or phrase.
type meaning struct {
	// says are the groups that the word in a source supports: its own and those that claim less.
	says []group
	// asks are the groups of which the source must say one for the word to be supported.
	asks []group
}

func (m *meaning) add(g group, says, asks bool) {
	if says {
		m.says = append(m.says, g)
	}
	if asks {
		m.asks = append(m.asks, g)
	}
}

// stemPhrase is a phrase of several words, by both stems of each.
type stemPhrase struct {
	english, german []string
	meaning         meaning
}

// synonyms maps words and phrases to their groups.
type synonyms struct {
	english, german map[string]*meaning
	// phrases are by the English stem of their first word, and by its German one if that differs.
	phrases map[string][]*stemPhrase
	// verbs are the stems of the groups of verbs.
	verbs map[string]bool
	// forms are the single words as they are written in the data, the parts that compounds are split into.
	forms map[string]bool
	count group
}

// loadSynonyms reads the groups: the words of a plain line support each other; in "a, b | c, d" a and b support c
// and d, which claim less, but neither each other nor the reverse.
func loadSynonyms() synonyms {
	s := synonyms{
		english: map[string]*meaning{}, german: map[string]*meaning{}, phrases: map[string][]*stemPhrase{}, verbs: map[string]bool{}, forms: map[string]bool{},
	}
	for _, name := range []string{"verbs", "nouns"} {
		for _, r := range readTable(name) {
			s.count++
			for item := range strings.SplitSeq(r.key, ",") {
				s.add(strings.TrimSpace(item), true, false, name == "verbs")
			}
			for _, item := range r.items {
				s.add(item, r.key == "", true, name == "verbs")
			}
		}
	}
	return s
}

func (s *synonyms) add(item string, says, asks, verb bool) {
	if strings.Contains(item, "-") {
		s.add(strings.ReplaceAll(item, "-", ""), says, asks, verb)
		s.add(strings.ReplaceAll(item, "-", " "), says, asks, verb)
		return
	}
	words := strings.Fields(item)
	if len(words) == 0 {
		return
	}
	p := &stemPhrase{}
	for _, w := range words {
		english, german := stemsOf(w)
		p.english, p.german = append(p.english, english), append(p.german, german)
	}
	if verb {
		s.verbs[p.english[0]], s.verbs[p.german[0]] = true, true
	}
	if len(words) > 1 {
		p.meaning.add(s.count, says, asks)
		s.phrases[p.english[0]] = append(s.phrases[p.english[0]], p)
		if p.german[0] != p.english[0] {
			s.phrases[p.german[0]] = append(s.phrases[p.german[0]], p)
		}
		return
	}
	s.forms[strings.ToLower(item)] = true
	addMeaning(s.english, p.english[0], s.count, says, asks)
	addMeaning(s.german, p.german[0], s.count, says, asks)
}

func addMeaning(m map[string]*meaning, stem string, g group, says, asks bool) {
	if m[stem] == nil {
		m[stem] = &meaning{}
	}
	m[stem].add(g, says, asks)
}

// each calls visit with the meanings of a word.
func (s *synonyms) each(english, german string, visit func(*meaning)) {
	if m := s.english[english]; m != nil {
		visit(m)
	}
	if m := s.german[german]; m != nil {
		visit(m)
	}
}

// phraseAt returns the phrases of the lexicon that begin at tokens[i], each with the index behind it.
func (s *synonyms) phraseAt(tokens []token, i int, visit func(p *stemPhrase, end int)) {
	first := tokens[i]
	seen := s.phrases[first.english]
	for _, p := range seen {
		if end := p.endIn(tokens, i); end > i {
			visit(p, end)
		}
	}
	if first.german == first.english {
		return
	}
	for _, p := range s.phrases[first.german] {
		if end := p.endIn(tokens, i); end > i {
			visit(p, end)
		}
	}
}

func (p *stemPhrase) endIn(tokens []token, i int) int {
	if i+len(p.english) > len(tokens) {
		return i
	}
	for k := range p.english {
		t := tokens[i+k]
		if k > 0 && t.gap > gapSlash || t.english != p.english[k] && t.german != p.german[k] {
			return i
		}
	}
	return i + len(p.english)
}
