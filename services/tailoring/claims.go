package tailoring

import (
	_ "embed"
	"strings"

	"resume-matcher/services/skills"
)

//go:embed cues.txt
var cueData string

// cues are the phrases that keep a text from being a claim, by their first word.
type cues map[string][][]string

func parseCues(data string) cues {
	c := make(cues)
	for line := range strings.Lines(data) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if phrase := words(line); len(phrase) > 0 {
			c[phrase[0]] = append(c[phrase[0]], phrase)
		}
	}
	return c
}

// within tells whether one of the phrases stands in the tokens, leaving out words of a skill's name of several words:
// "machine learning" is no plan to learn something, but "recruited" is a cue although recruiting is a skill.
func (c cues) within(tokens []skills.Token, mentions []skills.Mention) bool {
	list := make([]string, len(tokens))
	for i, t := range tokens {
		list[i] = t.Text
		for len(mentions) > 0 && mentions[0].End <= t.Start {
			mentions = mentions[1:]
		}
		if len(mentions) == 0 {
			continue
		}
		if m := mentions[0]; m.Start <= t.Start && t.End <= m.End && (m.Start < t.Start || t.End < m.End) {
			list[i] = ""
		}
	}
	for i, word := range list {
		for _, phrase := range c[word] {
			if len(list)-i >= len(phrase) && containsWords(list[i:i+len(phrase)], phrase) {
				return true
			}
		}
	}
	return false
}

// disclaims tells whether text speaks of something else than what the person has done.
func (t *Tailor) disclaims(text string) bool {
	return t.cues.within(skills.Tokenize(text), t.vocabulary.Find(text))
}

// claimed returns the skills that text says the person has used. A text with one doubtful word claims nothing: a skill
// left out costs little, an invented one costs the person's word.
func (t *Tailor) claimed(text string) []skills.Mention {
	mentions := t.vocabulary.Find(text)
	if len(mentions) == 0 || t.cues.within(skills.Tokenize(text), mentions) {
		return nil
	}
	kept := mentions[:0]
	for _, m := range mentions {
		if !isExcluded(text[:m.Start], text[m.End:]) {
			kept = append(kept, m)
		}
	}
	return kept
}

// isExcluded tells whether a skill's name stands between words as in "non-Java" or "Java-free".
func isExcluded(before, after string) bool {
	for _, start := range []string{"non-", "anti-", "nicht-"} {
		if n := len(before) - len(start); n >= 0 && strings.EqualFold(before[n:], start) {
			return true
		}
	}
	for _, end := range []string{"-free", "-less", "-frei"} {
		if len(after) >= len(end) && strings.EqualFold(after[:len(end)], end) {
			return true
		}
	}
	return false
}

// claimedInList returns for each line the skills it claims. A line such as "Not used yet:" speaks for those after it,
// so then no line claims anything.
func (t *Tailor) claimedInList(lines []string) [][]skills.Mention {
	claims := make([][]skills.Mention, len(lines))
	for _, line := range lines {
		if strings.HasSuffix(strings.TrimSpace(line), ":") && t.disclaims(line) {
			return claims
		}
	}
	for i, line := range lines {
		claims[i] = t.claimed(line)
	}
	return claims
}
