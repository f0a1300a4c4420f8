package matching

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/skills"
)

const (
	// matchedDegree is the degree from which a requirement counts as met, missingDegree the one below which a part is missing.
	matchedDegree = 0.6
	missingDegree = 0.5
	// enoughYears is the share of the years asked for from which a demand for years can count as met.
	enoughYears = 0.8
	// foreignTerm is what key words count between two languages, in which they can seldom agree.
	foreignTerm = 0.1
	// togetherShare is the part of a key word's worth that needs it in the same sentence as the other words.
	togetherShare = 0.7
	// impliedLimit is the least degree at which a related skill counts.
	impliedLimit = 0.3
	// wordedDegree is what a skill counts whose words stand in one sentence, scatteredDegree where they stand apart;
	// minWorded keeps short words, which are often other words, from counting alone.
	wordedDegree    = 0.7
	scatteredDegree = 0.35
	minWorded       = 5
)

// comparison holds the state of one match.
type comparison struct {
	matcher *Matcher
	resume  *Resume
	job     *Job
	// sameLanguage tells whether key words can be compared at all.
	sameLanguage bool
	titleLike    float64
	relevant     float64 // years of experience in work like the posting's
	total        float64 // years of experience of any kind
	found        map[*skills.Skill]support
	scratch      []float64 // a value per unit, zero between requirements
	touched      []int32
}

// support is how far the résumé shows something, and the units that do.
type support struct {
	degree float64
	units  []int32
}

// judged is a requirement's result with the degree of each part.
type judged struct {
	degree  float64
	weight  float64
	degrees []float64
	best    int32 // the unit to quote, or noUnit
	years   float64
}

// judge compares one requirement with the résumé: the weighted mean of its parts' degrees.
func (c *comparison) judge(q requirement) judged {
	j := judged{best: noUnit, degrees: make([]float64, len(q.parts))}
	got := 0.0
	for i, p := range q.parts {
		if p.kind == partTerm {
			continue
		}
		s := c.partSupport(p)
		if p.kind == partYears {
			j.years = max(c.relevant, c.yearsWith(q))
			s.degree = c.yearsDegree(j.years, p.years)
		}
		j.degrees[i] = s.degree
		got += float64(p.weight * s.degree)
		j.weight += p.weight
		c.credit(s.units, float64(p.weight*s.degree))
	}
	factor := 1.0
	if !c.sameLanguage {
		factor = foreignTerm
	}
	terms, termWeight := c.judgeTerms(q, j.degrees)
	got += float64(terms * factor)
	j.weight += float64(termWeight * factor)
	if j.weight > 0 {
		j.degree = round4(min(got/j.weight, 1))
	}
	j.degree = min(j.degree, c.yearsLimit(q, j.degrees))
	j.weight = round4(j.weight)
	j.best = c.bestUnit()
	return j
}

// judgeTerms counts the key words: most of their worth needs one sentence that holds them together.
func (c *comparison) judgeTerms(q requirement, degrees []float64) (got, weight float64) {
	global := 0.0
	together := make(map[int32]float64)
	most := 0.0
	for i, p := range q.parts {
		if p.kind != partTerm {
			continue
		}
		weight += p.weight
		units, degree := c.resume.termUnits[p.stem], 1.0
		if len(units) == 0 {
			units, degree = c.resume.compoundsOf(p.stem), compoundDegree
		}
		if len(units) == 0 {
			continue
		}
		degrees[i] = degree
		value := round4(p.weight * degree)
		global += value
		for _, u := range units {
			together[u] += value
			most = max(most, together[u])
		}
		c.credit(units, value)
	}
	return float64(togetherShare*most) + float64((1-togetherShare)*global), weight
}

// credit adds a part's value to the units that support it.
func (c *comparison) credit(units []int32, value float64) {
	if value <= 0 {
		return
	}
	for _, u := range units {
		if c.scratch[u] == 0 {
			c.touched = append(c.touched, u)
		}
		c.scratch[u] += value
	}
}

// bestUnit returns the unit that supports most of the requirement, at equal support the one from the better place and
// then the earlier one, and clears the scratch.
func (c *comparison) bestUnit() int32 {
	best := int32(noUnit)
	for _, u := range c.touched {
		if best == noUnit || c.better(u, best) {
			best = u
		}
	}
	for _, u := range c.touched {
		c.scratch[u] = 0
	}
	c.touched = c.touched[:0]
	return best
}

func (c *comparison) better(a, b int32) bool {
	// A list's entry names one skill at most, so anything said in a sentence is stronger unless it says clearly less.
	order := cmp.Compare(c.worth(b), c.worth(a))
	return cmp.Or(order, cmp.Compare(c.resume.units[a].place, c.resume.units[b].place), cmp.Compare(a, b)) < 0
}

func (c *comparison) worth(u int32) float64 {
	w := c.scratch[u]
	if c.resume.units[u].place == placeList {
		w *= strengthListed
	}
	return round4(w)
}

// partSupport returns how far the résumé meets a part other than a key word.
func (c *comparison) partSupport(p part) support {
	switch p.kind {
	case partLanguage:
		return c.languageSupport(p)
	case partDegree:
		return c.degreeSupport(p)
	case partLicence:
		for _, l := range c.resume.licences {
			if licenceCovers(l.class, p.class) {
				return support{1, []int32{l.unit}}
			}
		}
		return support{}
	case partYears:
		return c.yearsSupport(p.years)
	case partRole:
		return c.roleSupport(p)
	case partProduct:
		return c.productSupport(p.words)
	}
	best := support{}
	for _, option := range p.options {
		if s := c.skillSupport(option); s.degree > best.degree {
			best = s
		}
	}
	if best.degree < wordedDegree && c.sameLanguage {
		if s := c.wordedSupport(p.words); s.degree > best.degree {
			return s
		}
	}
	return best
}

// wordedSupport looks for a skill that the résumé words in its own way: all words of its name in one sentence, or at
// least somewhere; a single word also as the beginning of a German compound.
func (c *comparison) wordedSupport(words []string) support {
	if len(words) == 0 {
		return support{}
	}
	first := c.resume.termUnits[words[0]]
	if len(words) == 1 {
		first = append(first[:len(first):len(first)], c.resume.compoundsOf(words[0])...)
		if len(first) == 0 || len(words[0]) < minWorded {
			return support{}
		}
		return support{wordedDegree, first}
	}
	var units []int32
	for _, u := range first {
		if holdsAll(c.resume.units[u].stems, words[1:]) {
			units = append(units, u)
		}
	}
	if len(units) > 0 {
		return support{wordedDegree, units}
	}
	for _, word := range words {
		if len(c.resume.termUnits[word]) == 0 {
			return support{}
		}
	}
	return support{scatteredDegree, first}
}

func holdsAll(stems map[string]bool, words []string) bool {
	for _, word := range words {
		if !stems[word] {
			return false
		}
	}
	return true
}

// skillSupport looks for the skill itself, then for the held one that covers most of it.
func (c *comparison) skillSupport(want *skills.Skill) support {
	if s, ok := c.found[want]; ok {
		return s
	}
	var best support
	if i, ok := c.resume.heldIndex[want]; ok {
		h := c.resume.held[i]
		best = support{h.strength, h.units}
	}
	if best.degree < strengthShown {
		for _, h := range c.resume.held {
			implied := c.matcher.vocabulary.Implies(h.skill, want)
			if degree := round4(implied * h.strength); implied >= impliedLimit && degree > best.degree {
				best = support{degree, h.units}
			}
		}
	}
	c.found[want] = best
	return best
}

// languageSupport compares levels; a language written but not named is known to some degree.
func (c *comparison) languageSupport(p part) support {
	best := support{}
	for _, option := range p.options {
		have, ok := c.resume.languages[option]
		if isWritten(option.Name, c.resume.language) {
			best.degree = max(best.degree, 0.5)
		}
		if !ok {
			continue
		}
		degree := 1.0
		switch {
		case have.level >= p.level:
		case have.level == p.level-1:
			degree = 0.6
		case have.level == p.level-2:
			degree = 0.3
		default:
			degree = 0.1
		}
		if degree > best.degree {
			best = support{degree, []int32{have.unit}}
		}
	}
	return best
}

// isWritten reports whether a résumé in language shows by itself that the person writes the named one.
func isWritten(name, language string) bool {
	return map[string]string{"en": "English", "de": "German", "fr": "French", "es": "Spanish"}[language] == name
}

// degreeSupport compares levels of education; where the posting takes the equivalent, long practice is one.
func (c *comparison) degreeSupport(p part) support {
	degree := 0.0
	switch have := c.resume.degree.level; {
	case have >= p.level:
		degree = 1
	case have > levelNone && have == p.level-1:
		degree = 0.5
	}
	if practice := 0.8; p.replaceable && c.relevant >= 3 && degree < practice {
		degree = practice
	}
	if c.resume.degree.unit == noUnit || degree == 0 {
		return support{degree: degree}
	}
	return support{degree, []int32{c.resume.degree.unit}}
}

func (c *comparison) yearsSupport(years float64) support {
	if c.resume.statedUnit != noUnit && c.resume.statedYears >= years {
		return support{units: []int32{c.resume.statedUnit}}
	}
	return support{}
}

// yearsWith returns the years of the positions that show a skill of the requirement.
func (c *comparison) yearsWith(q requirement) float64 {
	var spans []span
	for i := range c.resume.positions {
		if p := &c.resume.positions[i]; slices.ContainsFunc(q.parts, func(part part) bool { return showsAny(p.skills, part.options) }) {
			spans = append(spans, p.period)
		}
	}
	return unionYears(spans)
}

func showsAny(shown map[*skills.Skill]bool, options []*skills.Skill) bool {
	return slices.ContainsFunc(options, func(s *skills.Skill) bool { return shown[s] })
}

// yearsLimit is the highest degree that the known years leave a requirement; whatever else it asks for, it is met only
// from enoughYears on.
func (c *comparison) yearsLimit(q requirement, degrees []float64) float64 {
	for i, p := range q.parts {
		if p.kind == partYears && c.total > 0 && degrees[i] < enoughYears {
			return round4(degrees[i] * matchedDegree / enoughYears)
		}
	}
	return 1
}

// yearsDegree is the share of the years asked for; years of other work count a quarter.
func (c *comparison) yearsDegree(shown, asked float64) float64 {
	return round4(min(max(shown, float64(0.25*c.total))/asked, 1))
}

// roleSupport looks for a learned or held job among the titles.
func (c *comparison) roleSupport(p part) support {
	best := support{}
	for _, t := range c.resume.titles {
		same, near := relation(p.roles, t.roles)
		switch {
		case same:
			return support{degree: 1}
		case near:
			best.degree = 0.3
		}
	}
	return best
}

// describe turns a judgement into the coverage a person reads.
func (c *comparison) describe(q requirement, j judged) Coverage {
	cov := Coverage{Requirement: q.text, Required: q.required, Degree: j.degree, Matched: j.degree >= matchedDegree, Weight: j.weight, Missing: []string{}}
	if j.best != noUnit && j.degree > 0 {
		u := c.resume.units[j.best]
		cov.Evidence = &models.Evidence{Path: u.path, Quote: u.quote}
	}
	for i, p := range q.parts {
		switch {
		case p.kind == partYears && j.degrees[i] < enoughYears:
			cov.Missing = append(cov.Missing, fmt.Sprintf("%s of %s years shown", inYears(j.years), inYears(p.years)))
		case p.kind != partTerm && p.label != "" && j.degrees[i] < missingDegree:
			cov.Missing = append(cov.Missing, p.label)
		}
	}
	return cov
}

// inYears writes years with one decimal at most.
func inYears(years float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", years), ".0")
}
