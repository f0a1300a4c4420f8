package facts

import "slices"

// checkNumbers refuses numbers the source does not state, or states of something else.
func (g *Gate) checkNumbers(u *support, cl clause) {
	t, s := u.text, u.span
	for i := cl.first; i < cl.last; i++ {
		n := t.tokens[i].number
		if n == nil {
			continue
		}
		stated := false
		for p := range s.tokens {
			if own := s.tokens[p].number; own != nil && own.states(n) {
				stated = true
				if s.fitsPeriod(t, i, p) && g.sameContext(u, i, p) {
					u.places[i] = append(u.places[i], p)
				}
			}
		}
		switch {
		case len(u.places[i]) > 0 || g.dateInContext(u, i):
		case stated:
			u.object(RuleMerged, i, i+1)
		default:
			u.object(g.ruleOfNumber(t, i), i, i+1)
		}
	}
}

// dateInContext tells whether the entry's own period states the date.
func (g *Gate) dateInContext(u *support, i int) bool {
	n := u.text.tokens[i].number
	if n.kind != kindYear && n.kind != kindDate {
		return false
	}
	for _, c := range u.context {
		for p, t := range c.tokens {
			if t.number != nil && t.number.states(n) && c.fitsPeriod(u.text, i, p) {
				u.named = append(u.named, c)
				return true
			}
		}
	}
	return false
}

func (g *Gate) ruleOfNumber(t *reading, i int) Rule {
	rule := t.tokens[i].number.rule()
	if rule != RuleNumber {
		return rule
	}
	for _, k := range slices.Concat(t.counted(i), t.measured(i)) {
		if t.tokens[k].entry.has(labelPeople) {
			return RuleHeadcount
		}
	}
	return rule
}

// counted returns the words behind a number that tell what it counts.
func (r *reading) counted(i int) []int {
	const most = 5
	cl := r.clauses[r.clauseOf[i]]
	var list []int
	for k := i + 1; k < cl.last && len(list) < most; k++ {
		t := &r.tokens[k]
		part := t.entry.role == rolePart && k == i+1
		if t.gap >= gapComma || t.number != nil || r.verb[k] || t.entry.has(labelJoin|labelUse|labelFrequency|labelSubject) || t.entry.glue && t.entry.role != roleNone && !part {
			break
		}
		if t.text == "a" || t.text == "an" {
			break
		}
		if r.content(k) {
			list = append(list, k)
			if t.gap == gapHyphen && k == i+1 && k+1 < cl.last && r.tokens[k+1].gap != gapHyphen {
				// "a 28-bed ward" counts beds.
				break
			}
		}
	}
	return list
}

// measured returns the words before a number that tell what it measures, the nearest first.
func (r *reading) measured(i int) []int {
	const most = 6
	cl := r.clauses[r.clauseOf[i]]
	var list, verbs []int
	for k := i - 1; k >= cl.first && len(list) < most; k-- {
		t := &r.tokens[k]
		if n := t.number; n != nil && (r.roles[i] == roleTo || n.kind == kindDuration || n.kind == kindYear) {
			continue
		}
		if r.tokens[k+1].gap >= gapComma || t.number != nil || t.entry.has(labelJoin) {
			break
		}
		switch {
		case r.verb[k]:
			verbs = append(verbs, k)
		case r.content(k):
			list = append(list, k)
		}
	}
	return append(list, verbs...)
}

// sameContext tells whether the number at i of the text counts or measures what the number at p of the source does.
func (g *Gate) sameContext(u *support, i, p int) bool {
	t, s := u.text, u.span
	switch t.tokens[i].number.kind {
	case kindYear, kindDate:
		return true
	}
	if t.tokens[i].number.kind == kindDuration {
		return g.sameClause(u, i, p)
	}
	if t.numbers(i) && s.numbers(p) && g.isAmong(u, i-1, []int{p - 1}) {
		return true
	}
	own, ownBefore := s.counted(p), s.measured(p)
	claimed, before := t.counted(i), t.measured(i)
	switch {
	case len(claimed) > 0 && len(own) > 0:
		return g.sameHead(u, claimed, own)
	case len(claimed) > 0 && g.countsGroup(u, claimed[len(claimed)-1], p):
		return false
	case len(claimed) > 0:
		return g.isAmong(u, g.measuredHead(t, claimed), ownBefore)
	case len(before) == 0 || len(own) > 0 && g.isAmong(u, before[0], own):
		return true
	}
	if len(own) > 0 && s.tokens[p].number.kind == kindCount {
		return false
	}
	if t.roles[i].isEnd() || t.tokens[i].number.kind == kindMoney && t.tokens[i].number.bound == boundBelow {
		return slices.ContainsFunc(before, func(k int) bool { return g.isAmong(u, k, ownBefore) })
	}
	return g.isAmong(u, before[0], ownBefore)
}

// numbers tells whether the number at i belongs to the name before it: "Level 3", "ISO 9001".
func (r *reading) numbers(i int) bool {
	return i > 0 && r.tokens[i].gap <= gapHyphen && r.tokens[i].number.kind == kindCount && r.content(i-1) && !r.verb[i-1] &&
		r.tokens[i-1].number == nil
}

// measuredHead returns the noun of a phrase such as "40 % build time reduction" that names what was measured.
func (g *Gate) measuredHead(t *reading, claimed []int) int {
	last := len(claimed) - 1
	head := &t.tokens[claimed[last]]
	if last > 0 && (g.lexicon.synonyms.verbs[head.english] || g.lexicon.synonyms.verbs[head.german]) {
		last--
	}
	return claimed[last]
}

// countsGroup tells whether the text counts the groups themselves where the source counts who is in one: "4 teams"
// of "a team of 4".
func (g *Gate) countsGroup(u *support, k, p int) bool {
	s := u.span
	if s.tokens[p].number.kind != kindCount || p < 2 || s.tokens[p-1].entry.role != rolePart && s.tokens[p-1].entry.role != roleAgent {
		return false
	}
	group, claimed := s.tokens[p-2], u.text.tokens[k]
	return claimed.english == group.english || claimed.entry.has(labelTitle) || !claimed.entry.has(labelPeople)
}

// sameHead tells whether what the text counts is the noun the source counts, with none but the source's own words
// before it.
func (g *Gate) sameHead(u *support, claimed, own []int) bool {
	head := own[len(own)-1:]
	for _, k := range claimed {
		if g.isAmong(u, k, head) {
			return true
		}
		if u.text.skillAt[k] == 0 && !u.text.isProper(k) && !slices.ContainsFunc(u.places[k], func(p int) bool { return slices.Contains(own, p) }) {
			return false
		}
	}
	return false
}

// sameClause tells whether the words a length of time stands with are those of the source's clause.
func (g *Gate) sameClause(u *support, i, p int) bool {
	t, s := u.text, u.span
	cl := t.clauses[t.clauseOf[i]]
	first, last := i+1, cl.last
	if t.firstContent(first, last) < 0 {
		first, last = cl.first, i
	}
	for k := max(first, u.first); k < min(last, u.last); k++ {
		if t.tokens[k].entry.has(labelCause|labelSubject) || t.isMeans(k) || k > first && (t.tokens[k].number != nil || t.verb[k] || t.tokens[k].gap >= gapComma) {
			break
		}
		if len(u.places[k]) > 0 && !slices.ContainsFunc(u.places[k], func(q int) bool { return s.clauseOf[q] == s.clauseOf[p] }) {
			return false
		}
	}
	return true
}

// isAmong tells whether one of the places that support the token k of the text is in list.
func (g *Gate) isAmong(u *support, k int, list []int) bool {
	t := &u.text.tokens[k]
	parts := u.span.index.find(g.lexicon, t)
	heads := u.span.index.findHeads(g.lexicon, t)
	places := u.places[k]
	if len(places) == 0 {
		places = g.wordPlaces(u, k)
	}
	return slices.ContainsFunc(places, func(p int) bool {
		return slices.Contains(list, p) && (slices.Contains(heads, p) || !slices.Contains(parts, p))
	})
}
