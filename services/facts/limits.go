package facts

import "strings"

// limit spreads the words that weaken a claim over what they weaken.
func (l *lexicon) limit(r *reading) {
	for c := range r.clauses {
		for i := r.clauses[c].first; i < r.clauses[c].last; i++ {
			if w := r.tokens[i].entry.weak; w != 0 {
				l.spread(r, c, i, w)
			}
		}
	}
	for c := 1; c < len(r.clauses); c++ {
		r.spreadBack(c)
	}
	for i := range r.tokens {
		if r.isDoneBy(i) {
			r.weak[i] |= weakOther
		}
	}
}

// spread weakens the tokens of clause c because of the word at i.
func (l *lexicon) spread(r *reading, c, i int, w weakness) {
	cl := r.clauses[c]
	word := i
	switch {
	case w == weakNone:
		for k := i; k < cl.last && (k == i || r.tokens[k].gap < gapComma && !r.verb[k] && r.tokens[k].entry.role == roleNone); k++ {
			r.weak[k] |= w
		}
		return
	case r.german || !r.verbBetween(cl.first, i) || r.firstContent(i+1, cl.last) < 0 || r.tokens[i].gap == gapParenthesis:
		i = cl.first
	}
	for k := i; k < cl.last; k++ {
		r.weak[k] |= w
	}
	l.spreadOn(r, c, r.shape(l.governed(r, word, cl.last)), w)
}

// spreadBack weakens the clause before clause c where c says nothing but that it is not so: ", not completed".
func (r *reading) spreadBack(c int) {
	cl, before := r.clauses[c], r.clauses[c-1]
	if cl.sentence != before.sentence {
		return
	}
	limits := weakness(0)
	for k := cl.first; k < cl.last; k++ {
		w := r.tokens[k].entry.weak & (weakNegation | weakPlan | weakFailed)
		limits |= w
		if r.content(k) && w == 0 && !r.verb[k] && !strings.HasSuffix(r.tokens[k].text, "ed") {
			return
		}
	}
	for k := before.first; k < before.last; k++ {
		r.weak[k] |= limits
	}
}

func (r *reading) verbBetween(first, last int) bool {
	for k := first; k < last; k++ {
		if r.verb[k] {
			return true
		}
	}
	return false
}

// governed returns the first content word behind the word that weakens it, or -1.
func (l *lexicon) governed(r *reading, i, last int) int {
	for k := i; k < last; k++ {
		if r.content(k) && r.tokens[k].entry.weak == 0 {
			return k
		}
	}
	return -1
}

// spreadOn weakens the clauses that go on in the form of the weakened verb: "helped design X and implement Y".
func (l *lexicon) spreadOn(r *reading, c int, shape form, w weakness) {
	for next := c + 1; next < len(r.clauses) && r.clauses[next].sentence == r.clauses[c].sentence; next++ {
		first := r.firstContent(r.clauses[next].first, r.clauses[next].last)
		relative := r.isRelative(next)
		if first < 0 || !relative && (shape == formNone || r.shape(first) != shape) || r.tokens[r.clauses[next].first].gap >= gapBreak {
			return
		}
		for k := r.clauses[next].first; k < r.clauses[next].last; k++ {
			r.weak[k] |= w
		}
	}
}

// isRelative tells whether clause c describes a thing of the one before: "in which …", "that …".
func (r *reading) isRelative(c int) bool {
	cl := r.clauses[c]
	for k := cl.first; k < cl.last && !r.content(k); k++ {
		if r.tokens[k].entry.has(labelSubject) {
			return r.tokens[k].text != "while" && r.tokens[k].text != "whereas"
		}
	}
	return false
}

// shape is the form a coordinated verb shares with the one before it.
func (r *reading) shape(i int) form {
	if i < 0 {
		return formNone
	}
	t := r.tokens[i]
	switch {
	case r.german && t.capital && (strings.HasSuffix(t.text, "ung") || r.verb[i]):
		return formNoun
	case r.german || t.capital:
		return formNone
	case strings.HasSuffix(t.text, "ing"):
		return formGerund
	case strings.HasSuffix(t.text, "ed") || t.entry.has(labelPast):
		return formPast
	case t.number == nil && r.tokens[i].entry.scope.rank == 0 && !strings.HasSuffix(t.text, "s"):
		return formBase
	}
	return formNone
}

// isDoneBy recognizes what others did: "led by", "geleitet von".
func (r *reading) isDoneBy(i int) bool {
	if !r.verb[i] || i+1 >= len(r.tokens) || r.tokens[i+1].gap > gapSpace {
		return false
	}
	next := i + 1
	if r.tokens[next].entry.role != roleAgent || next+1 >= len(r.tokens) {
		return false
	}
	if e := r.tokens[i].entry; e.scope.rank == 0 && e.weak&weakAssist == 0 && !e.has(labelDeed) || r.german && r.tokens[i].capital {
		return false
	}
	if n := r.tokens[next+1].number; n != nil && n.kind != kindCount {
		return false
	}
	return !strings.HasSuffix(r.tokens[next+1].text, "ing")
}

// assignRoles gives each word the end of a change it stands at: "from A to B", "von A auf B", "replaced A with B".
func (l *lexicon) assignRoles(r *reading) {
	for _, cl := range r.clauses {
		current := roleNone
		for i := cl.first; i < cl.last; i++ {
			t := &r.tokens[i]
			switch {
			case isReplace(t.text):
				current = roleFrom
				r.replaceBy(cl.first, i)
			case t.entry.glue && t.entry.role != roleNone:
				current = l.roleAt(r, cl, i, current)
			case r.verb[i]:
				current = roleNone
			default:
				if t.gap >= gapComma && !t.entry.has(labelJoin) {
					current = roleNone
				}
				r.roles[i] = current
				if t.number != nil && i > cl.first && (r.tokens[i-1].text == "by" || r.tokens[i-1].text == "um") {
					r.roles[i] = roleBy
				}
			}
		}
	}
}

// replaceBy makes what stands before "as a replacement" the new one.
func (r *reading) replaceBy(first, i int) {
	if !r.asBetween(first, i) {
		return
	}
	for k := first; k < i; k++ {
		if r.content(k) && !r.verb[k] {
			r.roles[k] = roleTo
		}
	}
}

func (l *lexicon) roleAt(r *reading, cl clause, i int, current role) role {
	t := &r.tokens[i]
	switch t.text {
	case "with", "by", "durch", "mit":
		if current == roleFrom && l.replaces(r, cl, i) {
			return roleTo
		}
	case "for", "für":
		if i > cl.first && isReplace(r.tokens[i-1].text) {
			return roleFrom
		}
	case "von", "vom":
		for k := i + 1; k < cl.last; k++ {
			if r.tokens[k].entry.role == roleTo {
				return roleFrom
			}
		}
		return rolePart
	case "to":
		if i+1 < cl.last && (r.verb[i+1] || l.synonyms.verbs[r.tokens[i+1].english] && !r.tokens[i+1].capital && r.tokens[i+1].number == nil) {
			return roleNone
		}
	}
	if t.entry.role == rolePart {
		return current
	}
	return t.entry.role
}

func (l *lexicon) replaces(r *reading, cl clause, i int) bool {
	for k := i - 1; k >= cl.first; k-- {
		if isReplace(r.tokens[k].text) {
			return true
		}
	}
	return false
}

func isReplace(word string) bool {
	switch word {
	case "replaced", "replace", "replacing", "replaces", "replacement", "ersetzt", "ersetzte", "ersetzen", "ersatz", "ablösung", "abgelöst":
		return true
	}
	return false
}
