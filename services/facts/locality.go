package facts

import (
	"slices"
	"strings"
)

// objectOf returns the head of what the verb at i acts on, or -1: in English the last word of the noun phrase behind
// it, in German the nearest word before a verb that closes its clause.
func (r *reading) objectOf(i int) int {
	if list := r.phraseAfter(i); len(list) > 0 {
		return list[len(list)-1]
	}
	cl := r.clauses[r.clauseOf[i]]
	for k := i - 1; k >= cl.first; k-- {
		if r.content(k) && !r.verb[k] {
			return k
		}
	}
	return -1
}

// objectsOf returns what the verb at i may act on: the head of the noun phrase behind it, or, before a German verb that
// closes its clause, all it can govern.
func (r *reading) objectsOf(i int) []int {
	if list := r.phraseAfter(i); len(list) > 0 {
		return list[len(list)-1:]
	}
	list := r.directObjects(i)
	if len(list) > 0 {
		return list
	}
	for k := r.clauses[r.clauseOf[i]].first; k < i; k++ {
		if r.content(k) {
			list = append(list, k)
		}
	}
	return list
}

// phraseAfter returns the content words of the noun phrase behind the token at i; other verbs in between are skipped
// as in "designed and built the API".
func (r *reading) phraseAfter(i int) []int {
	cl := r.clauses[r.clauseOf[i]]
	var list []int
	for k := i + 1; k < cl.last; k++ {
		t := &r.tokens[k]
		switch {
		case r.verb[k]:
			if len(list) > 0 {
				return list
			}
		case t.entry.has(labelJoin | labelUse | labelSubject), t.gap >= gapComma:
			if len(list) > 0 {
				return list
			}
			if !t.entry.has(labelJoin) {
				return list
			}
		case t.entry.role != roleNone && t.entry.glue:
			if len(list) > 0 || t.entry.role != rolePart {
				return list
			}
		case r.content(k):
			if t.number == nil {
				list = append(list, k)
			}
		}
	}
	return list
}

// directObjects returns the words that the verb at p governs without another preposition than "of", lists included;
// if none follow, those before it.
func (r *reading) directObjects(p int) []int {
	cl := r.clauses[r.clauseOf[p]]
	var list []int
	for k := p + 1; k < cl.last && !r.verb[k]; k++ {
		t := &r.tokens[k]
		if t.entry.has(labelUse|labelSubject) || t.entry.glue && t.entry.role != roleNone && t.entry.role != rolePart && t.entry.role != roleAgent && t.text != "for" && t.text != "für" {
			break
		}
		if r.content(k) {
			list = append(list, k)
		}
	}
	if len(list) > 0 {
		return list
	}
	inside := false
	for k := cl.first; k < p; k++ {
		t := &r.tokens[k]
		switch {
		case t.entry.glue && t.entry.role != roleNone:
			inside = t.entry.role != rolePart
		case t.gap >= gapComma || t.entry.has(labelJoin):
			inside = false
		}
		if r.content(k) && !inside {
			list = append(list, k)
		}
	}
	return list
}

// checkObjects refuses verbs whose object the source gives to another verb. What is said with a word of scope has to
// stand in the source in the same clause as that word, and the object has to be governed by it directly.
func (g *Gate) checkObjects(u *support, cl clause) {
	t := u.text
	for v := cl.first; v < cl.last; v++ {
		if !t.verb[v] || len(u.places[v]) == 0 || t.closesWithGerund(v) {
			continue
		}
		strong := t.tokens[v].entry.scope.rank > 0
		objects := u.supported(t.objectsOf(v))
		if len(objects) == 0 {
			continue
		}
		if !slices.ContainsFunc(objects, func(o int) bool { return u.govern(v, o, strong) || u.isListed(v, o) }) {
			o := objects[0]
			u.object(ruleOfVerb(strong), min(v, o), max(v, o)+1)
			continue
		}
		if strong {
			u.checkReach(v, cl)
		}
	}
}

// supported returns those of the tokens that have places in the source.
func (u *support) supported(list []int) []int {
	return slices.DeleteFunc(list, func(o int) bool { return len(u.places[o]) == 0 })
}

func ruleOfVerb(strong bool) Rule {
	if strong {
		return RuleScope
	}
	return RuleMerged
}

// govern tells whether in the source the object stands with the verb.
func (u *support) govern(v, o int, strong bool) bool {
	for _, p := range u.places[v] {
		direct := u.span.directObjects(p)
		for _, q := range u.places[o] {
			if u.text.startsClause(v) && u.onlyModifies(p, o, q) {
				continue
			}
			if p == q || u.span.clauseOf[p] == u.span.clauseOf[q] && (slices.Contains(direct, q) || !strong && !u.indirect(v, p, q) && !u.span.governedByOther(p, q)) {
				return true
			}
			if !strong && u.span.sharesObject(p, q) {
				return true
			}
		}
	}
	return false
}

// indirect tells whether in the source only "to" joins the word at q to the verb, which has an object of its own: who
// presents drafts to clients presents no clients.
func (u *support) indirect(v, p, q int) bool {
	s := u.span
	if s.german || u.text.german || !s.verb[p] || s.tokens[p].english != u.text.tokens[v].english || s.tokens[p].entry.has(labelDeed) || len(s.phraseAfter(p)) == 0 {
		return false
	}
	for k := q - 1; k > p; k-- {
		if s.tokens[k].entry.glue && s.tokens[k].entry.role != roleNone {
			return s.tokens[k].text == "to"
		}
	}
	return false
}

// isListed tells whether the verb at v is one of a list of gerunds such as "washing, dressing and meals", of which another
// stands with the object in the source as in the text.
func (u *support) isListed(v, o int) bool {
	t := u.text
	if !strings.HasSuffix(t.tokens[v].text, "ing") || t.startsClause(v) {
		return false
	}
	for w := v + 1; w < o; w++ {
		if t.verb[w] && strings.HasSuffix(t.tokens[w].text, "ing") && u.govern(w, o, false) && u.together(v, w) {
			return true
		}
	}
	return false
}

// closesWithGerund tells whether the verb at v is a gerund behind a preposition that acts on nothing: "with washing".
func (r *reading) closesWithGerund(v int) bool {
	return !r.german && strings.HasSuffix(r.tokens[v].text, "ing") && !r.startsClause(v) && len(r.phraseAfter(v)) == 0
}

// onlyModifies tells whether the noun at q of the source only stands before another noun, which the text leaves out:
// who designs "exhibition panels" designs no exhibition.
func (u *support) onlyModifies(p, o, q int) bool {
	end := u.span.nounsBehind(q)
	if u.text.german || end == q+1 || isHollow(u.span.tokens[end-1].text) || p > q && p < end || len(u.places[o]) > 1 && slices.Contains(u.places[o], end-1) {
		return false
	}
	for k := u.first; k < u.last; k++ {
		if k != o && slices.Contains(u.places[k], end-1) {
			return false
		}
	}
	return true
}

// isHollow recognizes nouns that add nothing to the one before them: "training sessions".
func isHollow(word string) bool {
	switch word {
	case "session", "sessions", "course", "courses", "work", "tasks", "department", "departments":
		return true
	}
	return false
}

// governedByOther tells whether another verb than the one at p has the word at q as its object.
func (r *reading) governedByOther(p, q int) bool {
	if len(r.directObjects(p)) == 0 {
		return false
	}
	cl := r.clauses[r.clauseOf[p]]
	for v := cl.first; v < cl.last; v++ {
		if v != p && r.verb[v] && r.content(v) && slices.Contains(r.directObjects(v), q) {
			return true
		}
	}
	return false
}

// sharesObject tells whether the verb at p has no object of its own and shares that of the clause before, where q stands:
// "Versuche vorbereitet und in MATLAB ausgewertet".
func (r *reading) sharesObject(p, q int) bool {
	own, before := r.clauseOf[p], r.clauseOf[q]
	return own == before+1 && r.clauses[own].sentence == r.clauses[before].sentence && r.tokens[r.clauses[own].first].entry.has(labelJoin) &&
		len(r.directObjects(p)) == 0
}

// checkReach refuses words behind a verb of scope that the source has in another clause than that verb.
func (u *support) checkReach(v int, cl clause) {
	for k := v + 1; k < cl.last && !u.text.verb[k]; k++ {
		if len(u.places[k]) > 0 && !u.together(v, k) {
			u.object(RuleMerged, k, k+1)
		}
	}
}

// together tells whether two tokens of the text have places in one clause of the source.
func (u *support) together(a, b int) bool {
	for _, p := range u.places[a] {
		for _, q := range u.places[b] {
			if u.span.clauseOf[p] == u.span.clauseOf[q] {
				return true
			}
		}
	}
	return false
}

// checkRoles refuses changes that are turned around: "from A to B" where the source moved from B to A.
func (g *Gate) checkRoles(u *support, cl clause) {
	for i := cl.first; i < cl.last; i++ {
		claimed := u.text.roles[i]
		if !claimed.isEnd() || len(u.places[i]) == 0 {
			continue
		}
		fits := func(p int) bool {
			own := u.span.roles[p]
			return own == claimed || !own.isEnd() || claimed == roleBy && u.text.tokens[i].number == nil
		}
		if !slices.ContainsFunc(u.places[i], fits) {
			u.object(RuleMerged, i, i+1)
		}
	}
}

// checkTitles refuses a title that the text gives to the person and the source to someone else.
func (g *Gate) checkTitles(u *support, cl clause) {
	t := u.text
	for i := cl.first; i < cl.last; i++ {
		if !t.tokens[i].entry.has(labelTitle) && !t.isAs(i) || len(u.places[i]) == 0 || !t.bearsTitle(i) || u.span.field == fieldTitle {
			continue
		}
		if !slices.ContainsFunc(u.places[i], u.span.bearsTitle) {
			u.object(RuleTitle, i, i+1)
		}
	}
}

// bearsTitle tells whether the title at i is the person's own: at the start of a clause or behind "as".
func (r *reading) bearsTitle(i int) bool {
	cl := r.clauses[r.clauseOf[i]]
	if r.german && r.verbBetween(i+1, cl.last) && !r.asBetween(cl.first, i) {
		return false
	}
	definite := false
	for k := i - 1; k >= cl.first; k-- {
		e := r.tokens[k].entry
		if e.has(labelAs) {
			return true
		}
		if e.glue && e.role != roleNone || r.verb[k] || e.has(labelSubject) {
			return false
		}
		definite = definite || r.tokens[k].text == "the"
	}
	return !definite
}

// isAs tells whether the noun at i is what "as" puts on the person, whether or not the data know it for a title.
func (r *reading) isAs(i int) bool {
	for k := i - 1; k >= r.clauses[r.clauseOf[i]].first; k-- {
		switch t := &r.tokens[k]; {
		case t.entry.has(labelAs):
			return !r.verb[i]
		case r.content(k) || t.entry.role != roleNone || t.gap >= gapComma:
			return false
		}
	}
	return false
}

func (r *reading) asBetween(first, last int) bool {
	for k := first; k < last; k++ {
		if r.tokens[k].entry.has(labelAs) {
			return true
		}
	}
	return false
}

// checkWeakness refuses plain claims whose source is hedged, denied, planned or someone else's.
func (g *Gate) checkWeakness(u *support, cl clause) {
	for i := cl.first; i < cl.last; i++ {
		if len(u.places[i]) == 0 {
			continue
		}
		least := ^weakness(0)
		for _, p := range u.places[i] {
			if missing := missingWeakness(u.span.weak[p], u.text.weak[i]) &^ u.forgiven; missing == 0 {
				least = 0
				break
			} else if least == ^weakness(0) {
				least = missing
			}
		}
		switch {
		case least == 0:
		case least&(weakAssist|weakOther|weakShared) != 0:
			u.object(RuleScope, i, i+1)
		default:
			u.object(RuleHedge, i, i+1)
		}
	}
}

// missingWeakness returns the limits of the source that the text leaves out.
func missingWeakness(source, text weakness) weakness {
	if text&weakShared != 0 && source&weakShared != 0 {
		source &^= weakAssist
	}
	if text&weakNone != 0 {
		text |= weakNegation
	}
	if text&weakAssist != 0 {
		text |= weakShared
	}
	if text&(weakPlan|weakNegation) != 0 {
		text |= weakPlan | weakNegation | weakBasic | weakFailed
	}
	return source &^ text
}
