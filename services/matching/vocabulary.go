package matching

import (
	_ "embed"
	"strings"
	"sync"

	"resume-matcher/services/skills"
)

//go:embed data/filler.txt
var fillerText string

// loadFiller returns, per language, the stems of words that tell nothing about a match; it is never changed.
var loadFiller = sync.OnceValue(func() map[string]map[string]bool {
	filler := map[string]map[string]bool{}
	for line := range strings.Lines(fillerText) {
		language, list, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		stems := map[string]bool{}
		for word := range strings.FieldsSeq(list) {
			stems[skills.Stem(language, word)] = true
		}
		filler[language] = stems
	}
	return filler
})

// term is a key word: neither a stop word nor filler.
type term struct {
	stem string
	// inSkill is set for a word of a skill's name.
	inSkill bool
	// surface is the word as the text writes it.
	surface string
	start   int
}

// reading is what a text says in the terms of a match.
type reading struct {
	mentions []skills.Mention
	terms    []term
	tokens   []skills.Token
}

// read finds the skills and key words of text, leaving out what the text denies.
func (m *Matcher) read(text, language string) reading {
	tokens := skills.Tokenize(text)
	return m.readOutside(text, language, tokens, deniedSpans(text, tokens))
}

// readHeld is read for a résumé: it also leaves out what the person only wishes for and what others did.
func (m *Matcher) readHeld(text, language string) reading {
	tokens := skills.Tokenize(text)
	return m.readOutside(text, language, tokens, append(deniedSpans(text, tokens), aspiredSpans(text, tokens)...))
}

func (m *Matcher) readOutside(text, language string, tokens []skills.Token, denied []textSpan) reading {
	r := reading{tokens: tokens}
	for _, mention := range m.vocabulary.Find(text) {
		if !within(denied, mention.Start) {
			r.mentions = append(r.mentions, mention)
		}
	}
	filler := m.filler[language]
	next := 0
	for _, t := range r.tokens {
		for next < len(r.mentions) && r.mentions[next].End <= t.Start {
			next++
		}
		inSkill := next < len(r.mentions) && t.Start >= r.mentions[next].Start
		if len(t.Text) < 3 || t.Text[0] <= '9' || skills.IsStopWord(language, t.Text) || within(denied, t.Start) {
			continue
		}
		stem := skills.Stem(language, t.Text)
		if !filler[stem] {
			r.terms = append(r.terms, term{stem, inSkill, text[t.Start:t.End], t.Start})
		}
	}
	return r
}
