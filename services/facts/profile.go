package facts

import (
	"slices"
	"strings"
)

// profile judges the sentences of summaries and letters, which draw on the whole résumé.
type profile struct {
	gate     *Gate
	material *Material
	// entry is the position that the sentences before told of, "" for none.
	entry string
	// free tells whether a word needs no support in a clause; nil in a summary.
	free func(t *reading, i int) bool
}

// sentence returns the support of every clause, and the problems of those that have none. Behind a clause that names
// an employer the others tell of that position, unless they name another.
func (p *profile) sentence(t *reading) ([]*support, []problem) {
	var supports []*support
	var problems []problem
	entry := p.entry
	last := make([]*support, len(t.clauses))
	for c := range t.clauses {
		found, wrong := p.clause(t, c, "")
		if named := namedEntry(found); named != "" {
			entry = named
		} else if entry != "" && tellsOfOther(found, entry) {
			found, wrong = p.clause(t, c, entry)
		}
		supports = append(supports, found...)
		problems = append(problems, wrong...)
		if len(found) == 1 {
			last[c] = found[0]
		}
	}
	p.entry = entry
	if strings.Contains(t.original, "\n") {
		p.entry = ""
	}
	return supports, append(problems, p.causes(t, last)...)
}

// causes refuses results that the source does not give to the cause named beside them.
func (p profile) causes(t *reading, supports []*support) []problem {
	for c, u := range supports {
		if u == nil {
			supports[c] = &support{text: t, places: make([][]int, len(t.tokens))}
		}
	}
	return causes(t, supports)
}

// namedEntry returns the entry whose name the supports use, or "".
func namedEntry(supports []*support) string {
	for _, u := range supports {
		if u.span != nil && u.span.field == fieldName {
			return u.span.entry
		}
		for _, c := range u.named {
			if c.field == fieldName {
				return c.entry
			}
		}
	}
	return ""
}

// tellsOfOther tells whether a deed comes from another entry.
func tellsOfOther(supports []*support, entry string) bool {
	return slices.ContainsFunc(supports, func(u *support) bool {
		return u.span != nil && u.span.field == fieldText && u.span.entry != entry && entryKind(u.span.entry) == entryKind(entry)
	})
}

// clause looks for one text that carries the clause; without one, a clause that only describes the person, such as
// "backend engineer with experience in Go", may take each of its parts from another.
func (p profile) clause(t *reading, c int, entry string) ([]*support, []problem) {
	best := p.carried(t, t.clauses[c], entry)
	if len(best.problems) == 0 {
		return []*support{best}, nil
	}
	if parts, ok := p.described(t, c); ok && entry == "" {
		return parts, nil
	}
	return nil, best.problems
}

// carried returns the support of the tokens of cl by the one text that leaves the fewest problems, of any entry or of
// one only.
func (p profile) carried(t *reading, cl clause, only string) *support {
	var best *support
	for _, entry := range p.material.order {
		if only != "" && entry != only {
			continue
		}
		texts, context := p.material.split(entry)
		if len(texts) == 0 {
			texts = context
		}
		for _, s := range texts {
			u := p.compare(t, cl, s, context)
			if best == nil || len(u.problems) < len(best.problems) {
				best = u
			}
			if len(best.problems) == 0 {
				return best
			}
		}
	}
	if best == nil {
		best = &support{text: t, places: make([][]int, len(t.tokens)), free: make([]bool, len(t.tokens))}
		best.object(RuleUnsupported, cl.first, cl.last)
	}
	return best
}

func (p profile) compare(t *reading, cl clause, s *span, context []*span) *support {
	return p.gate.compareRange(t, cl, s, context, p.harmless(t))
}

func (p profile) harmless(t *reading) func(i int) bool {
	return func(i int) bool {
		return t.tokens[i].entry.has(labelProfile) || p.free != nil && !t.isOwn(i) && p.free(t, i)
	}
}

// forgiven lets a skill be named that the person used as a help or with others.
func (p profile) forgiven(t *reading, part clause) weakness {
	for i := part.first; i < part.last; i++ {
		if t.content(i) && t.skillAt[i] == 0 && !p.harmless(t)(i) {
			return 0
		}
	}
	return weakAssist | weakShared
}

// described judges a clause without verbs part by part. From its first number on it has to stand in one text, so that
// the years of one thing don't become those of another.
func (p profile) described(t *reading, c int) ([]*support, bool) {
	cl := t.clauses[c]
	var supports []*support
	for _, part := range p.parts(t, cl) {
		u := p.part(t, c, part)
		if u == nil {
			return nil, false
		}
		supports = append(supports, u)
	}
	return supports, len(supports) > 0 && p.consistent(supports)
}

// parts cuts a clause at commas, conjunctions and prepositions; a verb, or a number, keeps what follows whole.
func (p profile) parts(t *reading, cl clause) []clause {
	var list []clause
	first := cl.first
	numbered := false
	for i := cl.first; i < cl.last; i++ {
		tok := &t.tokens[i]
		if numbered {
			if t.resumes(i) || p.listed(t, i) || tok.number != nil && (tok.gap >= gapComma || t.tokens[i-1].gap >= gapComma) {
				list = append(list, clause{first: first, last: i, sentence: cl.sentence})
				first, numbered = i, tok.number != nil
			}
			continue
		}
		if tok.number != nil || tok.entry.has(labelFocus) || t.verb[i] && !tok.entry.has(labelProfile) && !(p.free != nil && p.free(t, i)) {
			if t.firstContent(first, i) >= 0 {
				list = append(list, clause{first: first, last: i, sentence: cl.sentence})
				first = i
			}
			numbered = true
			continue
		}
		cut := tok.gap >= gapComma || tok.entry.has(labelJoin) || tok.entry.glue && tok.entry.role != roleNone && tok.entry.role != rolePart
		if cut && t.firstContent(first, i) >= 0 {
			list = append(list, clause{first: first, last: i, sentence: cl.sentence})
			first = i
		}
	}
	if t.firstContent(first, cl.last) >= 0 {
		list = append(list, clause{first: first, last: cl.last, sentence: cl.sentence})
	}
	return list
}

// resumes tells whether a new description begins at the token i: ", holding …", "and an MSc".
func (r *reading) resumes(i int) bool {
	t := &r.tokens[i]
	if t.gap >= gapComma {
		return r.firstContent(i, len(r.tokens)) == i && t.entry.has(labelProfile) || r.namesCertificate(i)
	}
	if i == 0 || !r.tokens[i-1].entry.has(labelJoin) {
		return false
	}
	switch t.text {
	case "a", "an", "ein", "eine", "einen", "einem", "einer":
		return true
	}
	return t.entry.has(labelProfile|labelCertificate) || i+1 < len(r.tokens) && r.tokens[i+1].gap == gapSpace && r.tokens[i+1].entry.has(labelProfile)
}

// listed tells whether from the token i to the next comma or conjunction the text only names a degree, certificate,
// language or award of the person's.
func (p profile) listed(t *reading, i int) bool {
	if t.tokens[i].gap < gapComma && (i == 0 || !t.tokens[i-1].entry.has(labelJoin)) || t.firstContent(i, i+1) < 0 {
		return false
	}
	part := clause{first: i, last: i + 1}
	for last := t.clauses[t.clauseOf[i]].last; part.last < last && t.tokens[part.last].gap < gapComma && !t.tokens[part.last].entry.has(labelJoin); {
		part.last++
	}
	for _, s := range p.material.spans {
		switch s.field {
		case fieldDegree, fieldCertificate, fieldLanguage, fieldAward:
			if u := p.compare(t, part, s, nil); len(u.problems) == 0 && u.hasPlaces() {
				return true
			}
		}
	}
	return false
}

// namesCertificate tells whether a certificate or degree is named between the comma before i and the next one.
func (r *reading) namesCertificate(i int) bool {
	last := r.clauses[r.clauseOf[i]].last
	for k := i; k < last && (k == i || r.tokens[k].gap < gapComma); k++ {
		if r.tokens[k].entry.has(labelCertificate | labelDegree) {
			return true
		}
	}
	return false
}

// part returns the support of one part of a description, or nil.
func (p profile) part(t *reading, c int, part clause) *support {
	if u := p.years(t, part); u != nil {
		return u
	}
	first := t.firstContent(t.clauses[c].first, part.first) < 0
	for _, s := range p.material.spans {
		u := p.gate.compareForgiving(t, part, s, nil, p.harmless(t), p.forgiven(t, part))
		if len(u.problems) > 0 || !p.mayDescribe(u, part, first) {
			continue
		}
		return u
	}
	return nil
}

// mayDescribe keeps what a text says of others from describing the person: who they are and which titles they hold is
// told by titles, degrees, certificates and the summary only.
func (p profile) mayDescribe(u *support, part clause, first bool) bool {
	if u.hasPlaces() {
		switch u.span.field {
		case fieldTitle, fieldDegree, fieldCertificate, fieldSkill, fieldLanguage, fieldAward:
			return true
		}
		if u.span.path == "summary" {
			return true
		}
		titled := first
		for i := part.first; i < part.last; i++ {
			titled = titled || u.text.tokens[i].entry.has(labelTitle|labelDegree|labelCertificate)
		}
		return !titled
	}
	return true
}

// years recognizes "eight years of experience" where the résumé's own dates add up to that.
func (p profile) years(t *reading, part clause) *support {
	u := &support{text: t, places: make([][]int, len(t.tokens)), free: make([]bool, len(t.tokens))}
	stated, framed := false, false
	for i := part.first; i < part.last; i++ {
		tok := &t.tokens[i]
		switch {
		case tok.number != nil:
			n := tok.number
			if stated || n.kind != kindDuration || n.unit != "month" || n.bound == boundBelow || n.upper != 0 || n.value > float64(p.material.months) || n.bound == boundAbove && n.value == float64(p.material.months) {
				return nil
			}
			stated = true
		case !t.content(i):
		case tok.entry.has(labelProfile):
			framed = true
		default:
			return nil
		}
	}
	if !stated || !framed {
		return nil
	}
	for _, s := range p.material.spans {
		if s.field == fieldYears && entryKind(s.entry) == "workExperience" {
			u.named = append(u.named, s)
		}
	}
	return u
}

// consistent refuses descriptions that put the employer, place or date of one entry beside the facts of another.
func (p profile) consistent(supports []*support) bool {
	entry := ""
	for _, u := range supports {
		if u.span == nil || !u.hasPlaces() {
			continue
		}
		switch u.span.field {
		case fieldName, fieldPlace, fieldYears:
			if entry != "" && entry != u.span.entry {
				return false
			}
			entry = u.span.entry
		}
	}
	if entry == "" {
		return true
	}
	return !slices.ContainsFunc(supports, func(u *support) bool {
		if u.span == nil || !u.hasPlaces() || u.names(entry, p) {
			return false
		}
		school := entryKind(entry) == "education"
		switch u.span.field {
		case fieldDegree:
			return school
		case fieldLanguage, fieldCertificate, fieldAward:
			return false
		}
		return !school
	})
}

// hasPlaces tells whether any word of the text has a place in the span.
func (u *support) hasPlaces() bool {
	return slices.ContainsFunc(u.places, func(at []int) bool { return len(at) > 0 })
}

// names tells whether the entry itself supports the part, whichever span was found first.
func (u *support) names(entry string, p profile) bool {
	if u.span.entry == entry || p.material.sameName(u.span.entry, entry) {
		return true
	}
	first, last := u.first, u.last
	for _, s := range p.material.entries[entry] {
		if len(p.compare(u.text, clause{first: first, last: last}, s, nil).problems) == 0 {
			return true
		}
	}
	return false
}

// sameName tells whether two entries are of one employer or school.
func (m *Material) sameName(a, b string) bool {
	for _, s := range m.entries[a] {
		for _, o := range m.entries[b] {
			if s.field == fieldName && o.field == fieldName && s.original == o.original {
				return true
			}
		}
	}
	return false
}

// entryKind returns the section of an entry: "workExperience" of "workExperience[0]".
func entryKind(entry string) string {
	kind, _, _ := strings.Cut(entry, "[")
	return kind
}
