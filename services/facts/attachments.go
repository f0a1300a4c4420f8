package facts

import "slices"

// checkAttachments refuses a tool or name that the source joins to another thing: of "built the API in Go and dashboards
// in React" no "API in React" follows.
func (g *Gate) checkAttachments(u *support, cl clause) {
	t := u.text
	for i := cl.first; i < cl.last; i++ {
		if len(u.places[i]) == 0 || t.skillAt[i] == 0 && !t.isProper(i) {
			continue
		}
		head := t.attachedTo(i)
		if head < 0 || len(u.places[head]) == 0 {
			continue
		}
		if !slices.ContainsFunc(u.places[i], func(p int) bool { return u.span.mayAttach(u.places[head], p) }) {
			u.object(RuleMerged, min(head, i), max(head, i)+1)
		}
	}
}

// checkLists refuses a word that the source has beside another tool of the list: of "Bash scripts for backups and Python
// scripts for reports" no "Python scripts for backups" follows.
func (g *Gate) checkLists(u *support, cl clause) {
	t := u.text
	for i := cl.first; i < cl.last; i++ {
		if len(u.places[i]) == 0 || t.skillAt[i] == 0 {
			continue
		}
		first, last := t.chunk(i)
		for k := first; k < last; k++ {
			if k == i || t.verb[k] || t.skillAt[k] > 0 || t.tokens[k].number != nil || len(u.places[k]) == 0 {
				continue
			}
			if !slices.ContainsFunc(u.places[i], func(p int) bool { return u.span.inList(p, u.places[k]) }) {
				u.object(RuleMerged, min(i, k), max(i, k)+1)
				return
			}
		}
	}
}

// inList tells whether one of the words stands in the part of the list that the tool at p belongs to, or in none that
// has a tool of its own.
func (r *reading) inList(p int, words []int) bool {
	first, last := r.chunk(p)
	return slices.ContainsFunc(words, func(q int) bool {
		if q >= first && q < last || r.clauseOf[q] != r.clauseOf[p] {
			return true
		}
		other, end := r.chunk(q)
		for k := other; k < end; k++ {
			if r.skillAt[k] > 0 && r.attachesIn(other, end) && r.attachesIn(first, last) {
				return false
			}
		}
		return true
	})
}

// attachesIn tells whether a preposition joins words of [first, last).
func (r *reading) attachesIn(first, last int) bool {
	for k := first + 1; k < last; k++ {
		if e := r.tokens[k].entry; e.glue && e.role != roleNone && e.role != rolePart {
			return true
		}
	}
	return false
}

// attachedTo returns the noun that a preposition joins the name at i to, or -1.
func (r *reading) attachedTo(i int) int {
	cl := r.clauses[r.clauseOf[i]]
	joined := false
	for k := i - 1; k >= cl.first; k-- {
		t := &r.tokens[k]
		switch {
		case t.number != nil, t.entry.has(labelJoin | labelSubject | labelCause), r.tokens[k+1].gap >= gapComma, r.verb[k]:
			return -1
		case t.entry.glue && t.entry.role != roleNone, t.entry.has(labelUse):
			joined = true
		case r.content(k) && joined:
			return k
		}
	}
	return -1
}

// mayAttach tells whether the name at p is joined to one of the heads, or to nothing in particular.
func (r *reading) mayAttach(heads []int, p int) bool {
	own := r.attachedTo(p)
	if own < 0 || slices.Contains(heads, own) {
		return true
	}
	first, last := r.chunk(p)
	return slices.ContainsFunc(heads, func(h int) bool { return h >= first && h < last }) || !r.attachesElsewhere(first, last)
}

// chunk returns the tokens around p between the conjunctions and commas of its clause.
func (r *reading) chunk(p int) (first, last int) {
	cl := r.clauses[r.clauseOf[p]]
	first, last = p, p+1
	for first > cl.first && r.tokens[first].gap < gapComma && !r.tokens[first-1].entry.has(labelJoin) {
		first--
	}
	for last < cl.last && r.tokens[last].gap < gapComma && !r.tokens[last].entry.has(labelJoin) {
		last++
	}
	return first, last
}

// attachesElsewhere tells whether outside [first, last) another name is joined to a noun of its own.
func (r *reading) attachesElsewhere(first, last int) bool {
	for k := range r.tokens {
		if (k < first || k >= last) && (r.skillAt[k] > 0 || r.isProper(k)) && r.attachedTo(k) >= 0 {
			return true
		}
	}
	return false
}

// checkEmployers refuses a name behind "at" or "bei" that the source knows as something else than a place of work or
// study, such as the maker of a tool.
func (g *Gate) checkEmployers(u *support, cl clause) {
	for i := cl.first; i < cl.last; i++ {
		if len(u.places[i]) == 0 || u.span.field == fieldName || u.span.field == fieldPlace || !u.text.isProper(i) || !u.text.isAt(i) {
			continue
		}
		if !slices.ContainsFunc(u.places[i], u.span.isAt) {
			u.object(RuleName, i, i+1)
		}
	}
}

// isAt tells whether the name at i follows a preposition of place: "at", "bei".
func (r *reading) isAt(i int) bool {
	for k := i - 1; k >= r.clauses[r.clauseOf[i]].first; k-- {
		switch r.tokens[k].text {
		case "at", "bei", "beim":
			return true
		case "the", "a", "der", "die", "dem", "das":
			continue
		}
		if !r.isProper(k) {
			return false
		}
	}
	return false
}
