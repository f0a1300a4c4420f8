package facts

// checkLetter judges a letter sentence by sentence. Words of greeting, interest and thanks claim nothing; the posting's
// names are free in clauses about the vacancy, and what a person wishes to do is free beside a modal.
func (g *Gate) checkLetter(m *Material, t *reading, mentions []string) Verdict {
	if len(t.tokens) == 0 {
		return refused(RuleEmpty, "")
	}
	named := map[string]bool{}
	for _, name := range mentions {
		for _, w := range g.lexicon.tokenize(prepare(name).text) {
			named[w.text] = true
		}
	}
	return g.checkSentences(m, t, func(t *reading, i int) bool {
		tok := &t.tokens[i]
		switch {
		case tok.entry.has(labelLetter | labelModal):
			return true
		case m.contact[tok.text]:
			return t.clauseHas(i, labelLetter) || t.only(t.clauseOf[i], func(k int) bool { return m.contact[t.tokens[k].text] })
		case tok.entry.has(labelOffer):
			return t.clauseHas(i, labelModal)
		}
		if t.asBetween(t.clauses[t.clauseOf[i]].first, i) && !t.clauseHas(i, labelInterest) {
			return false
		}
		return named[tok.text] && t.clauseHas(i, labelInterest|labelModal) && t.isWish(t.clauseOf[i], named)
	})
}

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
