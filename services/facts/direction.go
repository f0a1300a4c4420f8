package facts

// improvedTo returns the places of the source's "improved" that the verb at i tells the direction of: from 22 % to 17 %
// is a reduction, and the reverse an increase.
func (g *Gate) improvedTo(u *support, i int) []int {
	lower := g.means(&u.text.tokens[i], "reduced")
	if lower == g.means(&u.text.tokens[i], "increased") || !u.text.verb[i] {
		return nil
	}
	var places []int
	for p := range u.span.tokens {
		if u.span.verb[p] && g.means(&u.span.tokens[p], "improved") {
			if from, to := u.span.change(p); from != nil && to != nil && from.kind == to.kind && from.value != to.value && (from.value > to.value) == lower {
				places = append(places, p)
			}
		}
	}
	return places
}

// change returns the two ends of the change that the verb at p tells of, nil where it names none.
func (r *reading) change(p int) (from, to *number) {
	for k := p; k < r.clauses[r.clauseOf[p]].last; k++ {
		switch n := r.tokens[k].number; {
		case n == nil:
		case r.roles[k] == roleFrom && from == nil:
			from = n
		case r.roles[k] == roleTo && to == nil:
			to = n
		}
	}
	return from, to
}

// means tells whether the word is of a group that the model belongs to: "cut" means "reduced".
func (g *Gate) means(t *token, model string) bool {
	english, german := stemsOf(model)
	own, asked := map[group]bool{}, false
	g.lexicon.synonyms.each(t.english, t.german, func(m *meaning) {
		for _, n := range m.says {
			own[n] = true
		}
	})
	g.lexicon.synonyms.each(english, german, func(m *meaning) {
		for _, n := range m.says {
			asked = asked || own[n]
		}
	})
	return asked || t.english == english
}
