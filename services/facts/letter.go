package facts

import (
	"regexp"
	"strings"
)

// Reads tells whether the gate knows the words of a language, by its ISO 639-1 code; "" is English.
func Reads(language string) bool {
	code, _, _ := strings.Cut(strings.ToLower(language), "-")
	return code == "" || code == "en" || code == "de"
}

// checkLetter judges a letter sentence by sentence. Words of greeting, interest and thanks claim nothing; the posting's
// names are free in clauses about the vacancy, what a person wishes to do is free beside a modal, and the people to
// address are free behind the word that greets them.
func (g *Gate) checkLetter(m *Material, t *reading, c Claim) Verdict {
	if len(t.tokens) == 0 {
		return refused(RuleEmpty, "")
	}
	named, greeted := g.wordsOf(c.Mentions), g.wordsOf(c.Greeted)
	plain := func(sentence string) string { return expanded(withoutClosing(m.withoutReach(sentence))) }
	return g.checkSentences(m, t, func(t *reading, i int) bool {
		tok := &t.tokens[i]
		switch {
		case tok.entry.has(labelLetter | labelModal):
			return true
		case isHonorific(tok.text) || greeted[tok.text]:
			return t.isAddressed(i, greeted)
		case m.contact[tok.text]:
			return t.clauseHas(i, labelLetter) || m.isSignature(t, t.clauseOf[i])
		case m.home[tok.text] && m.isSignature(t, t.clauseOf[i]):
			return true
		case tok.entry.has(labelOffer):
			return t.clauseHas(i, labelModal)
		}
		if t.asBetween(t.clauses[t.clauseOf[i]].first, i) && !t.clauseHas(i, labelInterest) {
			return false
		}
		return named[tok.text] && t.clauseHas(i, labelInterest|labelModal) && t.isWish(t.clauseOf[i], named)
	}, plain)
}

// isSignature tells whether clause c is nothing but the person's name and address.
func (m *Material) isSignature(t *reading, c int) bool {
	return t.only(c, func(k int) bool { return m.contact[t.tokens[k].text] || m.home[t.tokens[k].text] })
}

// wordsOf returns the words of names.
func (g *Gate) wordsOf(names []string) map[string]bool {
	words := map[string]bool{}
	for _, name := range names {
		for _, w := range g.lexicon.tokenize(prepare(name).text) {
			words[w.text] = true
		}
	}
	return words
}

// isAddressed tells whether nothing but a greeting stands before the token at i: "Dear Ms. …", "Guten Tag Frau …".
func (r *reading) isAddressed(i int, greeted map[string]bool) bool {
	for k := 0; k < i; k++ {
		t := &r.tokens[k]
		if !t.entry.has(labelLetter) && !isHonorific(t.text) && !greeted[t.text] {
			return false
		}
	}
	return i > 0
}

func isHonorific(word string) bool {
	switch word {
	case "ms", "mr", "mrs", "mx", "miss", "dr", "prof", "professor", "frau", "herr", "herrn":
		return true
	}
	return false
}

// closingWord is a closing whose words would be praise elsewhere.
var closingWord = regexp.MustCompile(`(?i)^\s*(?:all the best|best|warmly|respectfully|cordially|herzlichst|alles gute|beste wünsche)\s*(?:[,.!]|$)`)

// withoutClosing takes the closing off the front of a sentence.
func withoutClosing(sentence string) string {
	return sentence[len(closingWord.FindString(sentence)):]
}

// withoutReach takes out the ways to reach the person, which are theirs as they stand.
func (m *Material) withoutReach(sentence string) string {
	for _, value := range m.reach {
		sentence = strings.ReplaceAll(sentence, value, " ")
	}
	return reachLabel.ReplaceAllString(sentence, "")
}

// reachLabel is the word before an address that withoutReach took out, at the end of a line.
var reachLabel = regexp.MustCompile(`(?i)\b(?:e-?mail|tel(?:efon)?|phone|mobil(?:e|telefon)?|web(?:site)?|linkedin|github)[.:]*\s*$`)

// isWish tells whether no verb of clause c, the words of the posting's names aside, tells a deed.
func (r *reading) isWish(c int, named map[string]bool) bool {
	for k := r.clauses[c].first; k < r.clauses[c].last; k++ {
		if r.verb[k] && !named[r.tokens[k].text] && !r.tokens[k].entry.has(labelLetter|labelModal|labelOffer|labelProfile) {
			return false
		}
	}
	return true
}

// clauseHas tells whether a word with the label stands in the clause of the token at i.
func (r *reading) clauseHas(i int, l label) bool {
	cl := r.clauses[r.clauseOf[i]]
	for k := cl.first; k < cl.last; k++ {
		if r.tokens[k].entry.has(l) {
			return true
		}
	}
	return false
}

// only tells whether all content words of clause c fulfil what is asked.
func (r *reading) only(c int, asked func(k int) bool) bool {
	for k := r.clauses[c].first; k < r.clauses[c].last; k++ {
		if r.content(k) && !asked(k) {
			return false
		}
	}
	return true
}
