package facts

import (
	"slices"
)

// problem is a violation at the tokens [first, last) of a text.
type problem struct {
	rule        Rule
	first, last int
}

// support is what one span says to one clause of a text.
type support struct {
	text     *reading
	span     *span
	problems []problem
	// places are, per token of the text, the places in the span that support it.
	places [][]int
	// free marks the tokens that need no support of their own.
	free []bool
	// context are spans that only name the entry: its title, employer, place and years.
	context []*span
	// named are the spans of context that were used.
	named []*span
	// forgiven are limits of the source that a text of this kind may leave out.
	forgiven weakness
	// first and last bound the tokens of the text that were judged.
	first, last int
	// harmless tells whether a word claims nothing in a text of this kind; nil where every word counts.
	harmless func(i int) bool
}

// compare finds in s the support of the text's clause c.
func (g *Gate) compare(t *reading, c int, s *span, context []*span) *support {
	return g.compareRange(t, t.clauses[c], s, context, nil)
}

func (g *Gate) compareRange(t *reading, cl clause, s *span, context []*span, harmless func(i int) bool) *support {
	return g.compareForgiving(t, cl, s, context, harmless, 0)
}

// compareForgiving finds in s the support of the tokens of cl.
func (g *Gate) compareForgiving(t *reading, cl clause, s *span, context []*span, harmless func(i int) bool, forgiven weakness) *support {
	u := &support{
		text: t, span: s, places: make([][]int, len(t.tokens)), free: make([]bool, len(t.tokens)), context: context,
		first: cl.first, last: cl.last, harmless: harmless, forgiven: forgiven,
	}
	for i := cl.first; i < cl.last; {
		if !t.content(i) {
			i = max(i+1, g.coverPhrase(u, i, cl.last))
			continue
		}
		i = g.cover(u, i, cl.last)
	}
	g.checkNumbers(u, cl)
	g.checkWeakness(u, cl)
	g.checkObjects(u, cl)
	g.checkCredit(u, cl)
	g.checkModifiers(u, cl)
	g.checkPlurals(u, cl)
	g.checkRoles(u, cl)
	g.checkTitles(u, cl)
	g.checkAttachments(u, cl)
	g.checkLists(u, cl)
	g.checkEmployers(u, cl)
	return u
}

func (u *support) object(rule Rule, first, last int) {
	u.problems = append(u.problems, problem{rule, first, last})
}

// cover looks for the support of the token at i, or of the phrase or name that begins there, and returns the index
// behind what it looked at.
func (g *Gate) cover(u *support, i, last int) int {
	t := u.text
	if t.tokens[i].number != nil {
		return i + 1
	}
	if t.tokens[i].entry.scope.rank > 0 {
		g.coverScope(u, i)
		return i + 1
	}
	if end := g.coverPhrase(u, i, last); end > i {
		return end
	}
	if end := g.coverSkill(u, i, last); end > i {
		return end
	}
	if t.isProper(i) && u.inName(i) {
		u.free[i] = true
		return i + 1
	}
	if places := g.wordPlaces(u, i); len(places) > 0 {
		u.places[i] = places
		return i + 1
	}
	if places := g.improvedTo(u, i); len(places) > 0 {
		u.places[i] = places
		return i + 1
	}
	switch {
	case t.tokens[i].entry.weak&weakFree != 0, g.isLight(u, i):
		u.free[i] = true
	case t.tokens[i].entry.has(labelUse) && g.isUsed(u, i):
		u.free[i] = true
	case u.abbreviates(i):
		u.free[i] = true
	case g.inContext(u, i), u.harmless != nil && u.harmless(i):
		u.free[i] = true
	default:
		u.object(g.ruleOf(t, i), i, i+1)
	}
	return i + 1
}

func (g *Gate) coverScope(u *support, i int) {
	claimed := &u.text.tokens[i]
	for p := range u.span.tokens {
		own := &u.span.tokens[p]
		if g.lexicon.carries(own.entry.scope, claimed.entry.scope) || own.text == claimed.text && own.entry.scope.rank == 0 {
			u.places[i] = append(u.places[i], p)
		}
	}
	if len(u.places[i]) == 0 && !g.inContext(u, i) {
		u.object(RuleScope, i, i+1)
	}
}

func (g *Gate) coverPhrase(u *support, i, last int) int {
	found := i
	g.lexicon.synonyms.phraseAt(u.text.tokens, i, func(p *stemPhrase, end int) {
		if end > last || end <= found {
			return
		}
		for _, a := range p.meaning.asks {
			if places := u.span.index.groups[a]; len(places) > 0 {
				u.places[i] = places
				found = end
			}
		}
	})
	for k := i + 1; k < found; k++ {
		u.places[k] = u.places[i]
	}
	return found
}

// coverSkill finds a skill under any spelling that means exactly the same.
func (g *Gate) coverSkill(u *support, i, last int) int {
	t, s := u.text, u.span
	if end := g.coverName(u, i, last); end > i {
		return end
	}
	if t.skillAt[i] == 0 {
		return i
	}
	m := t.skills[t.skillAt[i]-1]
	if m.first != i || m.last > last {
		return i
	}
	for _, own := range s.skills {
		if own.skill != m.skill || !g.sameSkill(t, m, s.reading, own) {
			continue
		}
		for p := own.first; p < own.last; p++ {
			u.places[i] = append(u.places[i], p)
		}
	}
	if len(u.places[i]) == 0 {
		return i
	}
	for k := i + 1; k < m.last; k++ {
		u.places[k] = u.places[i]
	}
	return m.last
}

// coverName finds a name under a spelling of the data that means exactly the same.
func (g *Gate) coverName(u *support, i, last int) int {
	found := i
	g.lexicon.namesAt(u.text, i, func(n, end int) {
		places := u.span.index.names[n]
		if len(places) == 0 || end > last || end <= found || u.text.splitsSkill(i, end) || u.span.splitsSkill(places[0], places[len(places)-1]+1) {
			return
		}
		found = end
		for k := i; k < end; k++ {
			u.places[k] = places
		}
	})
	return found
}

// splitsSkill tells whether the tokens [first, last) are only a part of a longer name.
func (r *reading) splitsSkill(first, last int) bool {
	for k := first; k < last; k++ {
		if n := r.skillAt[k]; n > 0 && (r.skills[n-1].first < first || r.skills[n-1].last > last) {
			return true
		}
	}
	return false
}

// sameSkill tells whether two mentions of one skill of the vocabulary claim the same. Across languages an alias is
// a translation; within one it may be a part of the thing.
func (g *Gate) sameSkill(t *reading, claimed namedSkill, s *reading, own namedSkill) bool {
	a, b := t.words(claimed.first, claimed.last), s.words(own.first, own.last)
	if g.lexicon.sameName(a, b) {
		return true
	}
	switch claimed.skill.Kind {
	case "method", "domain", "soft", "natural-language":
	default:
		return false
	}
	return t.german != s.german && !g.claimsMore(t, claimed) && !g.claimsMore(s, own)
}

// claimsMore tells whether a skill's name holds a title or a word of scope, which a translation may not bring in.
func (g *Gate) claimsMore(r *reading, m namedSkill) bool {
	for k := m.first; k < m.last; k++ {
		e := r.tokens[k].entry
		if e.scope.rank > 0 || e.has(labelTitle) || e.has(labelDegree) || r.tokens[k].number != nil {
			return true
		}
	}
	return false
}

// wordPlaces returns where the span has the word at i, a synonym or the parts of a compound.
func (g *Gate) wordPlaces(u *support, i int) []int {
	t := u.text
	places := u.span.index.find(g.lexicon, &t.tokens[i])
	if len(places) == 0 && i > 0 && t.tokens[i].gap == gapHyphen {
		places = g.joinedPlaces(u, t.tokens[i-1].text+t.tokens[i].text)
	}
	if len(places) == 0 && i+1 < len(t.tokens) && t.tokens[i+1].gap == gapHyphen {
		places = g.joinedPlaces(u, t.tokens[i].text+t.tokens[i+1].text)
	}
	if len(places) == 0 {
		places = g.compoundPlaces(u, &t.tokens[i])
	}
	return slices.DeleteFunc(places, func(p int) bool { return g.isOtherName(u, i, p) })
}

func (g *Gate) joinedPlaces(u *support, word string) []int {
	english, german := stemsOf(word)
	return u.span.index.find(g.lexicon, &token{text: word, english: english, german: german})
}

// compoundPlaces supports a German compound by its parts: "Kundendatenbank" by "database of customers".
func (g *Gate) compoundPlaces(u *support, t *token) []int {
	const shortest = 4
	if !t.capital || len(t.text) < 2*shortest {
		return nil
	}
	for at := len(t.text) - shortest; at >= shortest; at-- {
		if t.text[at]&0xC0 == 0x80 {
			continue
		}
		second := g.joinedPlaces(u, capitalized(t.text[at:]))
		if len(second) == 0 {
			continue
		}
		for _, part := range linkings(t.text[:at]) {
			if first := g.joinedPlaces(u, capitalized(part)); len(first) > 0 {
				return slices.Concat(first, second)
			}
		}
	}
	return nil
}

// isOtherName tells whether the word at i of the text is only a part of another name in the source: "React" of
// "React Native", "Google" of "Google Analytics".
func (g *Gate) isOtherName(u *support, i, p int) bool {
	t, s := u.text, u.span
	if s.skillAt[p] == 0 {
		return false
	}
	own := s.skills[s.skillAt[p]-1]
	if own.last-own.first < 2 {
		return false
	}
	switch own.skill.Kind {
	case "tool", "platform", "framework", "language":
	case "certificate":
		return t.isProper(i) && (t.skillAt[i] == 0 || t.skills[t.skillAt[i]-1].skill != own.skill)
	default:
		return false
	}
	if t.skillAt[i] > 0 && t.skills[t.skillAt[i]-1].skill == own.skill {
		return false
	}
	return t.skillAt[i] > 0 || t.isProper(i)
}

// isUsed tells whether the source says that what the verb at i of the text has as its object was used.
func (g *Gate) isUsed(u *support, i int) bool {
	for p := range u.span.tokens {
		if u.span.tokens[p].entry.has(labelUse) {
			return true
		}
	}
	o := u.text.objectOf(i)
	if o < 0 {
		return false
	}
	places := g.wordPlaces(u, o)
	if m := u.text.skillAt[o]; m > 0 {
		g.coverSkill(u, u.text.skills[m-1].first, len(u.text.tokens))
		places = append(places, u.places[u.text.skills[m-1].first]...)
	}
	for _, p := range places {
		for k := p - 1; k >= 0 && k >= p-3; k-- {
			switch u.span.tokens[k].text {
			case "in", "with", "on", "using", "via", "mit", "auf", "per", "through", "unter", "by":
				return true
			}
			if !u.span.tokens[k].entry.glue && u.span.clauseOf[k] != u.span.clauseOf[p] {
				break
			}
		}
	}
	return false
}

// inContext tells whether the entry's own title, employer, place or years carry the word.
func (g *Gate) inContext(u *support, i int) bool {
	for _, c := range u.context {
		if places := c.index.find(g.lexicon, &u.text.tokens[i]); len(places) > 0 {
			if !slices.Contains(u.named, c) {
				u.named = append(u.named, c)
			}
			return true
		}
	}
	return false
}

// inName tells whether the word at i stands letter by letter in the entry's employer or place.
func (u *support) inName(i int) bool {
	for _, c := range u.context {
		if (c.field == fieldName || c.field == fieldPlace) && len(c.index.exact[u.text.tokens[i].text]) > 0 {
			if !slices.Contains(u.named, c) {
				u.named = append(u.named, c)
			}
			return true
		}
	}
	return false
}

// ruleOf names the rule that the unsupported word at i breaks.
func (g *Gate) ruleOf(t *reading, i int) Rule {
	e := t.tokens[i].entry
	switch {
	case e.has(labelDegree):
		return RuleDegree
	case e.has(labelTitle):
		return RuleTitle
	case e.has(labelCertificate):
		return RuleCertificate
	case e.has(labelSuperlative):
		return RuleSuperlative
	case t.skillAt[i] > 0:
		if t.skills[t.skillAt[i]-1].skill.Kind == "certificate" {
			return RuleCertificate
		}
		return RuleSkill
	case t.isProper(i):
		return RuleName
	}
	return RuleUnsupported
}
