package facts

import (
	"slices"
	"strings"
)

// checkCredit refuses verbs by which the person would have done what in the source happened, or someone else did.
func (g *Gate) checkCredit(u *support, cl clause) {
	for v := cl.first; v < cl.last; v++ {
		if u.text.verb[v] && len(u.places[v]) > 0 && (u.takesCredit(v) || u.makesDeed(v)) {
			u.object(RuleMerged, v, v+1)
		}
	}
}

// takesCredit tells whether the text says that the person did what in the source happened: "raised the share" where
// the share rose, "chose the tool" where the bank chose it.
func (u *support) takesCredit(v int) bool {
	t := u.text
	if t.tokens[v].entry.has(labelIntransitive) || v+1 < len(t.tokens) && t.tokens[v+1].text == "sich" || !t.german && !t.startsClause(v) {
		return false
	}
	if t.happened(v) && slices.ContainsFunc(u.places[v], func(p int) bool { return u.span.tokens[p].german == t.tokens[v].german }) {
		return false
	}
	return !slices.ContainsFunc(u.places[v], func(p int) bool { return !u.span.happened(p) })
}

// makesDeed tells whether the text makes a deed of a thing that the source only names: who created a colour guide guided
// nobody, who watched the build of a plant built none, and who checked design drawings designed nothing. A noun stands
// for a deed only where no other deed stands before it: "Maintenance of pumps", "carried out repairs".
func (u *support) makesDeed(v int) bool {
	s := u.span
	if u.text.german && u.text.tokens[v].capital || !u.text.german && !u.text.startsClause(v) || len(u.text.objectsOf(v)) == 0 || u.text.tokens[v].entry.has(labelUse) {
		return false
	}
	return !slices.ContainsFunc(u.places[v], func(p int) bool {
		if s.verb[p] || s.tokens[p].phrase || !s.content(p) {
			return true
		}
		cl := s.clauses[s.clauseOf[p]]
		for w := cl.first; w < cl.last; w++ {
			if (w < p || s.german && !s.tokens[w].capital) && s.verb[w] && s.content(w) && (!s.leavesDeed(w, p) || s.specifies(p)) {
				return false
			}
		}
		return true
	})
}

// specifies tells whether the noun at p only says of what kind the one behind it is: the "maintenance" of a plan.
func (r *reading) specifies(p int) bool {
	end := r.nounsBehind(p)
	return !r.german && end > p+1 && !isHollow(r.tokens[end-1].text)
}

// leavesDeed tells whether the verb at w says no deed of its own, so that the noun at p does: "carried out repairs", "was
// responsible for maintenance", "helped with the move", and right behind the verb also "ran training sessions".
func (r *reading) leavesDeed(w, p int) bool {
	e := r.tokens[w].entry
	if e.has(labelGive|labelLight|labelUse) || e.scope.rank > 0 || e.weak != 0 {
		return true
	}
	switch r.tokens[w].text {
	case "ran", "run", "runs", "running", "held", "hold", "holds", "completed", "complete", "did", "do", "made", "make", "took", "provided", "provide",
		"durchgeführt", "gehalten", "gemacht", "erledigt", "geleistet", "vorgenommen":
		return slices.Contains(r.phraseAfter(w), p) || r.german
	}
	return false
}

// happened tells whether the word at p tells of something without a word on who did it, or of what another did: "rose",
// the "introduction" in "costs fell after the introduction", "which the manager approved".
func (r *reading) happened(p int) bool {
	if r.tokens[p].entry.has(labelIntransitive) || r.verb[p] && r.hasOtherSubject(p) {
		return true
	}
	cl := r.clauses[r.clauseOf[p]]
	for k := cl.first; k < cl.last && !r.verb[p]; k++ {
		if r.verb[k] && r.tokens[k].entry.has(labelIntransitive) {
			return true
		}
	}
	return false
}

// hasOtherSubject tells whether the verb at p has a noun for its subject, and with it another person or thing than the
// one whose résumé this is. Before a past form without an object the noun may be what it was done to: "costs reduced by
// 15 %"; only verbs that say as much of what happens by itself are taken for that.
func (r *reading) hasOtherSubject(p int) bool {
	if p > 1 && isBe(r.tokens[p-1].text) && r.content(p-2) && !r.verb[p-2] && r.tokens[p-1].gap <= gapHyphen {
		return true
	}
	relative, found := r.subjectOf(p)
	if !found || !r.german && !r.isPast(p) {
		return false
	}
	if r.german {
		return isFinitePast(r.tokens[p].text)
	}
	if relative || isBe(r.tokens[p-1].text) || r.tokens[p].entry.has(labelErgative) && len(r.phraseAfter(p)) == 0 {
		return true
	}
	next := p + 1
	return len(r.phraseAfter(p)) > 0 && r.tokens[next].gap == gapSpace && !r.tokens[next].entry.has(labelJoin) && (r.tokens[next].entry.role == roleNone || !r.tokens[next].entry.glue)
}

// isPast tells by its ending or the data whether the English verb at p is a past form.
func (r *reading) isPast(p int) bool {
	return strings.HasSuffix(r.tokens[p].text, "ed") || r.tokens[p].entry.has(labelPast|labelErgative)
}

// subjectOf looks for a noun that opens the clause of the verb at p; relative is set where "which" or its like stands
// before it.
func (r *reading) subjectOf(p int) (relative, found bool) {
	prepositional := false
	for k := r.clauses[r.clauseOf[p]].first; k < p; k++ {
		t := &r.tokens[k]
		switch {
		case t.entry.has(labelSubject):
			relative, found, prepositional = true, false, false
		case t.text == "i" || t.text == "ich" || t.text == "we" || t.text == "wir":
			return false, false
		case r.verb[k] && (k == 0 || r.tokens[k-1].text != "to") && (r.german || r.isPast(k) || strings.HasSuffix(t.text, "ing")):
			return false, false
		case t.gap >= gapComma && k > 0:
			found, prepositional = r.content(k), false
		case !found && (t.entry.glue && t.entry.role != roleNone || t.entry.has(labelAs|labelCause)):
			prepositional = true
		case r.content(k) && t.number == nil && t.entry.weak == 0 && !strings.HasSuffix(t.text, "ly"):
			found = found || !prepositional
		}
	}
	return relative, found
}

// isFinitePast recognizes the German past forms that are no participles.
func isFinitePast(word string) bool {
	if strings.HasSuffix(word, "te") || strings.HasSuffix(word, "ten") {
		return true
	}
	switch word {
	case "übernahm", "übernahmen", "entschied", "entschieden", "schrieb", "hielt", "gab", "gaben", "trug", "traf", "schloss", "half", "warb", "entwarf",
		"betrieb", "erhielt", "nahm", "nahmen", "begann", "brachte", "gewann", "wuchs", "fiel", "sank", "stieg", "sanken", "stiegen", "ging", "gingen":
		return true
	}
	return false
}
