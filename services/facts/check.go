package facts

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"resume-matcher/models"
)

// The bounds of a text in bytes.
const (
	maxText   = 4000
	maxLetter = 10000
)

// Check decides whether every claim of c stands in m. What no rule allows is refused. The paths that may be changed are
// the summary, the bullets of positions, projects and custom sections, the description of a degree and the entries of
// the list of skills; "" stands for a letter.
func (g *Gate) Check(m *Material, c Claim) Verdict {
	place := placeOf(c.Path)
	switch {
	case place == placeLocked:
		return refused(RuleLocked, c.Path)
	case len(c.Text) > maxLetter || place != placeLetter && len(c.Text) > maxText:
		return refused(RuleTooLong, "")
	case !utf8.ValidString(c.Text):
		return refused(RuleUnreadable, "")
	}
	t := g.read(c.Text, m.german)
	if sign := unreadable(t.text); sign != "" {
		return refused(RuleUnreadable, sign)
	}
	if t.firstContent(0, len(t.tokens)) < 0 && place != placeLetter {
		return refused(RuleEmpty, "")
	}
	if v, wrong := m.checkOriginal(place, c); wrong {
		return v
	}
	switch place {
	case placeSummary:
		return g.checkSummary(m, t)
	case placeSkill:
		return g.checkSkill(m, t, c)
	case placeLetter:
		return g.checkLetter(m, t, c)
	}
	if c.Original != "" {
		return g.checkBullet(t, m.byPath[c.Path])
	}
	return g.checkAppended(m, t, entryOf(c.Path))
}

func refused(rule Rule, words string) Verdict {
	return Verdict{Violations: []Violation{{Rule: rule, Words: words}}}
}

// place is what kind of text stands at a path.
type place uint8

const (
	placeLocked place = iota
	placeLetter
	placeSummary
	placeSkill
	placeBullet
)

var (
	bulletPath = regexp.MustCompile(`^(?:workExperience|personalProjects|customSections\.[^.\[\]]+\.items)\[\d+\]\.description(?:\[\d+\])?$|^education\[\d+\]\.description$`)
	skillPath  = regexp.MustCompile(`^additional\.technicalSkills(?:\[\d+\])?$`)
)

func placeOf(path string) place {
	switch {
	case path == "":
		return placeLetter
	case path == "summary":
		return placeSummary
	case skillPath.MatchString(path):
		return placeSkill
	case bulletPath.MatchString(path):
		return placeBullet
	}
	return placeLocked
}

// checkOriginal refuses a claim whose original isn't what stands at its path.
func (m *Material) checkOriginal(p place, c Claim) (Verdict, bool) {
	if p == placeLetter {
		return Verdict{}, false
	}
	standing := ""
	if s := m.byPath[c.Path]; s != nil {
		standing = s.original
	}
	if p == placeSummary && c.Original == "" || standing == c.Original {
		return Verdict{}, false
	}
	return refused(RuleOriginal, c.Original), true
}

// checkBullet judges a text by the one bullet it replaces.
func (g *Gate) checkBullet(t *reading, s *span) Verdict {
	supports := g.supportsOf(t, s, nil)
	problems := append(problemsOf(supports), causes(t, supports)...)
	v := Verdict{Supported: len(problems) == 0, Violations: violations(t, problems)}
	if v.Supported {
		v.Evidence = evidenceOf(supports)
		v.Reduced = t.original
		return v
	}
	v.Reduced = g.reduce(t, problems, func(text *reading) bool {
		supports := g.supportsOf(text, s, nil)
		return len(problemsOf(supports)) == 0 && len(causes(text, supports)) == 0
	})
	return v
}

func (g *Gate) supportsOf(t *reading, s *span, context []*span) []*support {
	list := make([]*support, len(t.clauses))
	for c := range t.clauses {
		list[c] = g.compare(t, c, s, context)
	}
	return list
}

// checkAppended judges a new bullet clause by clause, each by one bullet of the same entry; the entry's title,
// employer, place and period may be named besides.
func (g *Gate) checkAppended(m *Material, t *reading, entry string) Verdict {
	bullets, context := m.split(entry)
	if len(bullets) == 0 {
		return refused(RuleUnsupported, t.original)
	}
	judge := func(t *reading) ([]*support, []problem) {
		supports := make([]*support, len(t.clauses))
		for c := range t.clauses {
			supports[c] = g.best(t, c, bullets, context)
		}
		return supports, append(problemsOf(supports), causes(t, supports)...)
	}
	supports, problems := judge(t)
	v := Verdict{Supported: len(problems) == 0, Violations: violations(t, problems)}
	if v.Supported {
		v.Evidence, v.Reduced = evidenceOf(supports), t.original
		return v
	}
	v.Reduced = g.reduce(t, problems, func(t *reading) bool {
		_, problems := judge(t)
		return len(problems) == 0
	})
	return v
}

// split returns an entry's texts, and the spans that name it.
func (m *Material) split(entry string) (texts, context []*span) {
	for _, s := range m.entries[entry] {
		if s.field == fieldText {
			texts = append(texts, s)
		} else {
			context = append(context, s)
		}
	}
	return texts, context
}

// best returns the support of the clause by the span that leaves the fewest problems.
func (g *Gate) best(t *reading, c int, spans, context []*span) *support {
	var best *support
	for _, s := range spans {
		if u := g.compare(t, c, s, context); best == nil || len(u.problems) < len(best.problems) {
			best = u
		}
		if len(best.problems) == 0 {
			break
		}
	}
	return best
}

func problemsOf(supports []*support) []problem {
	var list []problem
	for _, u := range supports {
		list = append(list, u.problems...)
	}
	return list
}

// causes refuses a clause that is said to follow from the one before, or a means to an end, where the source states
// both without that link.
func causes(t *reading, supports []*support) []problem {
	var list []problem
	for c, cl := range t.clauses {
		if !cl.cause {
			continue
		}
		mark := cl.first
		for i := cl.first; i < cl.last; i++ {
			if t.isCause(c, i) {
				mark = i
				break
			}
		}
		before, from := cl.first, c
		if t.firstContent(cl.first, mark) < 0 && c > 0 && t.clauses[c-1].sentence == cl.sentence {
			before, from = t.clauses[c-1].first, c-1
		}
		if !linked(supports[from], before, mark, supports[c], mark, cl.last) {
			list = append(list, problem{RuleMerged, mark, cl.last})
		}
	}
	return list
}

// linked tells whether the source joins what supports the tokens [a, b) and [c, d): in one clause, or in one sentence
// with a word of cause.
func linked(first *support, a, b int, second *support, c, d int) bool {
	one, two := first.clausesOf(a, b), second.clausesOf(c, d)
	if len(one) == 0 || len(two) == 0 {
		return true
	}
	if first.span != second.span {
		return false
	}
	for x := range one {
		for y := range two {
			if x == y || first.span.causal(min(x, y), max(x, y)) {
				return true
			}
		}
	}
	return false
}

func (u *support) clausesOf(first, last int) map[int]bool {
	set := map[int]bool{}
	for i := first; i < last; i++ {
		for _, p := range u.places[i] {
			set[u.span.clauseOf[p]] = true
		}
	}
	return set
}

func (r *reading) causal(x, y int) bool {
	if r.clauses[x].sentence != r.clauses[y].sentence {
		return false
	}
	for c := x; c <= y; c++ {
		if r.clauses[c].cause {
			return true
		}
	}
	return false
}

// violations tells the problems in the text's own words, those side by side of one rule as one.
func violations(t *reading, problems []problem) []Violation {
	var list []Violation
	last := -1
	for _, p := range problems {
		if n := len(list); n > 0 && list[n-1].Rule == p.rule && last == p.first {
			list[n-1].Words += " " + t.words(p.first, p.last)
		} else {
			list = append(list, Violation{p.rule, t.words(p.first, p.last)})
		}
		last = p.last
	}
	return list
}

// evidenceOf quotes what supports a text.
func evidenceOf(supports []*support) []models.Evidence {
	var list []models.Evidence
	seen := map[models.Evidence]bool{}
	add := func(e models.Evidence) {
		if !seen[e] && e.Quote != "" {
			seen[e] = true
			list = append(list, e)
		}
	}
	for _, u := range supports {
		if u == nil || u.span == nil {
			continue
		}
		if first, last := u.extent(); first < last {
			add(models.Evidence{Path: u.span.path, Quote: strings.TrimSpace(u.span.words(first, last))})
		}
		for _, c := range u.named {
			add(models.Evidence{Path: c.path, Quote: c.original})
		}
	}
	return list
}

// extent returns the tokens [first, last) of the span that the supported words stand in.
func (u *support) extent() (first, last int) {
	first = len(u.span.tokens)
	for i := range u.places {
		at := -1
		for _, p := range u.places[i] {
			if missingWeakness(u.span.weak[p], u.text.weak[i])&^u.forgiven == 0 && (at < 0 || last > 0 && distance(p, first, last) < distance(at, first, last)) {
				at = p
			}
		}
		if at >= 0 {
			first, last = min(first, at), max(last, at+1)
		}
	}
	return first, last
}

func distance(p, first, last int) int { return max(first-p, p-last, 0) }
