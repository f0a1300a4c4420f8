package matching

import (
	"slices"
	"strings"

	"resume-matcher/services/skills"
	"resume-matcher/services/structure"
)

// The kinds of skills the formula treats in their own way.
const (
	kindSoft            = "soft"
	kindNaturalLanguage = "natural-language"
)

// Weights of a requirement's parts beside its skills, which weigh their rarity from 0 to 1.
const (
	weightDegree   = 0.5
	weightLicence  = 0.6
	weightLanguage = 0.7
	weightYears    = 0.4
	weightRole     = 0.9
	weightTrained  = 0.2
	weightTerm     = 0.2
	// maxTerms bounds what key words weigh beside other parts, maxTermsAlone without, softFactor what a soft skill weighs.
	maxTerms      = 0.35
	maxTermsAlone = 0.6
	softFactor    = 0.15
)

// Bounds on one requirement, far beyond any a person writes.
const (
	maxMentions     = 64
	maxAlternatives = 24
	// linkReach is how many bytes around a row of skills may say that they are alternatives.
	linkReach = 40
)

// partKind tells what a part of a requirement is.
type partKind uint8

const (
	partSkill partKind = iota
	partLanguage
	partDegree
	partLicence
	partYears
	partRole
	partProduct
	partTerm
)

// part is one thing a requirement asks for.
type part struct {
	kind   partKind
	weight float64
	// label names the part to people.
	label string
	// options are skills of which any one is enough.
	options []*skills.Skill
	// words are the stems of a skill's name as the posting writes it, for résumés that word it otherwise.
	words       []string
	level       int
	class       string
	years       float64
	replaceable bool
	roles       []role
	stem        string
}

// generic reports whether people of any trade may have the part, so that it says nothing of the trade.
func (p part) generic() bool {
	switch p.kind {
	case partSkill:
		return p.options[0].Kind == kindSoft
	case partRole, partProduct:
		return false
	}
	return true
}

// requirement is one demand or task of a posting, taken apart.
type requirement struct {
	text     string
	required bool
	parts    []part
	weight   float64
}

// readRequirement takes a demand apart into skills, qualifications and key words.
func (m *Matcher) readRequirement(text, language string, read reading, required bool) requirement {
	q := requirement{text: text, required: required}
	qualifications, covered := m.qualificationParts(text, read.tokens)
	mentions := without(text, read.mentions, covered)
	q.parts = append(m.skillParts(text, mentions[:min(len(mentions), maxMentions)], read.terms), qualifications...)
	if years := structure.MinimumYears(text); years > 0 {
		q.parts = append(q.parts, part{kind: partYears, weight: weightYears, years: years})
	}
	products, named := productParts(text, language, read.tokens, mentions, read.terms)
	q.parts, covered = append(q.parts, products...), append(covered, named...)
	q.addTerms(slices.DeleteFunc(slices.Clone(read.terms), func(t term) bool { return within(covered, t.start) }))
	for _, p := range q.parts {
		q.weight += p.weight
	}
	q.weight = round4(q.weight)
	return q
}

// addTerms gives each key word an equal share; together they weigh no more than maxTerms beside other parts.
func (q *requirement) addTerms(terms []term) {
	seen := map[string]bool{}
	var list []part
	for _, t := range terms {
		if !seen[t.stem] && !t.inSkill {
			seen[t.stem] = true
			list = append(list, part{kind: partTerm, label: t.surface, stem: t.stem})
		}
	}
	if len(list) == 0 {
		return
	}
	total := min(float64(len(list))*weightTerm, maxTermsAlone)
	if len(q.parts) > 0 {
		total = min(total, maxTerms)
	}
	for i := range list {
		list[i].weight = round4(total / float64(len(list)))
	}
	q.parts = append(q.parts, list...)
}

// skillParts makes one part of each skill, or of each row of alternatives.
func (m *Matcher) skillParts(text string, mentions []skills.Mention, terms []term) []part {
	var parts []part
	for i := 0; i < len(mentions); {
		n := alternatives(text, mentions[i:])
		if rest := mentions[i+n-1:]; len(rest) > 1 && isCategory(rest[0].Skill) {
			n += examples(text, rest)
		}
		p := part{kind: partSkill}
		var names []string
		for _, mention := range mentions[i : i+n] {
			if slices.Contains(p.options, mention.Skill) {
				continue
			}
			p.options = append(p.options, mention.Skill)
			names = append(names, mention.Skill.Name)
			p.weight = max(p.weight, m.partWeight(mention.Skill))
		}
		p.label = strings.Join(names, " / ")
		if n == 1 {
			p.words = wordsWithin(terms, mentions[i])
		}
		if p.options[0].Kind == kindNaturalLanguage {
			p.kind, p.level = partLanguage, languageLevel(languageContext(text, mentions, i, i+n), levelIntermediate)
		}
		if !containsPart(parts, p) {
			parts = append(parts, p)
		}
		i += n
	}
	return parts
}

// wordsWithin returns the stems of the words of one mention.
func wordsWithin(terms []term, mention skills.Mention) []string {
	var words []string
	for _, t := range terms {
		if t.start >= mention.Start && t.start < mention.End {
			words = append(words, t.stem)
		}
	}
	return words
}

func containsPart(parts []part, p part) bool {
	return slices.ContainsFunc(parts, func(q part) bool { return slices.Equal(q.options, p.options) })
}

func (m *Matcher) partWeight(s *skills.Skill) float64 {
	switch s.Kind {
	case kindSoft:
		return round4(softFactor * m.weight(s))
	case kindNaturalLanguage:
		return weightLanguage
	}
	return m.weight(s)
}

// languageContext returns the words near mentions[from:to], up to the neighbouring languages: "German C1, English B2".
func languageContext(text string, mentions []skills.Mention, from, to int) string {
	start, end := 0, len(text)
	if from > 0 && mentions[from-1].Skill.Kind == kindNaturalLanguage {
		start = mentions[from-1].End
		start += lastSeparator(text[start:mentions[from].Start])
	}
	if to < len(mentions) && mentions[to].Skill.Kind == kindNaturalLanguage {
		end = mentions[to].Start
		if at := strings.IndexAny(text[mentions[to-1].End:end], ",;"); at >= 0 {
			end = mentions[to-1].End + at
		}
	}
	return text[start:end]
}

// without returns the mentions that no qualification covers: neither the name of a learned trade nor of a degree.
func without(text string, mentions []skills.Mention, covered []textSpan) []skills.Mention {
	if covered == nil {
		return mentions
	}
	var rest []skills.Mention
	for _, mention := range mentions {
		if !within(covered, mention.Start) && degreeLevel(text[mention.Start:mention.End], false) == levelNone {
			rest = append(rest, mention)
		}
	}
	return rest
}

// lastSeparator returns where the last comma or "and" of a gap stands, 0 without one.
func lastSeparator(gap string) int {
	last := 0
	for _, mark := range []string{",", ";", "/", " and ", " und ", " et ", " y ", " & ", " or ", " oder "} {
		last = max(last, strings.LastIndex(gap, mark))
	}
	return last
}

// qualificationParts finds a degree, a licence and a learned trade; covered are the stretches that name them.
func (m *Matcher) qualificationParts(text string, tokens []skills.Token) (parts []part, covered []textSpan) {
	if level, replaceable := demandedDegree(text); level != levelNone {
		parts = append(parts, part{kind: partDegree, weight: weightDegree, level: level, replaceable: replaceable, label: degreeLabel(level)})
		covered = []textSpan{}
		if roles, spans := m.roles.find(tokens); len(roles) > 0 {
			// Any training has the level; only the trade's own meets such a demand.
			parts[0].weight = weightTrained
			parts = append(parts, part{kind: partRole, weight: weightRole, roles: roles, label: text[spans[0].start:spans[0].end]})
			covered = spans
		}
	}
	if class := drivingLicence(text); class != "" {
		parts = append(parts, part{kind: partLicence, weight: weightLicence, class: class, label: "Driving licence " + class})
		covered = append(covered, licenceSpan(text))
	}
	return parts, covered
}

func degreeLabel(level int) string {
	return [...]string{"", "Vocational qualification", "Advanced vocational qualification", "Bachelor's degree", "Master's degree", "Doctorate"}[level]
}

// alternatives returns how many mentions from the first on stand for one another: "Java or Kotlin", "AWS/GCP/Azure",
// "a cloud such as AWS, GCP, Azure", "Docker, Podman or LXC".
func alternatives(text string, mentions []skills.Mention) int {
	start := mentions[0].Start
	n, joined := 1, introducesExamples(text[max(0, start-linkReach):start])
	for n < min(len(mentions), maxAlternatives) {
		link := linkBetween(text[mentions[n-1].End:mentions[n].Start])
		if link == linkNone || link == linkAnd && !joined {
			break
		}
		n++
	}
	if joined {
		return n
	}
	last, slashed := 1, true
	for i := 1; i < n; i++ {
		link := linkBetween(text[mentions[i-1].End:mentions[i].Start])
		slashed = slashed && link == linkSlash
		if link == linkOr || slashed {
			last = i + 1
		}
	}
	if n > last && opensWithOr(text[mentions[n-1].End:min(len(text), mentions[n-1].End+linkReach)]) {
		return n
	}
	return last
}

// isCategory reports whether a skill names a field or practice, of which tools can be examples.
func isCategory(s *skills.Skill) bool { return s.Kind == "domain" || s.Kind == "method" }

// examples returns how many mentions behind the first one are examples of it, any of which is enough: "cloud (AWS or
// Azure)", "event-driven systems such as Kafka".
func examples(text string, mentions []skills.Mention) int {
	gap := text[mentions[0].End:mentions[1].Start]
	if len(gap) > linkReach || strings.ContainsAny(gap, ".;,") && !introducesExamples(gap) {
		return 0
	}
	if introducesExamples(gap) {
		return alternatives(text, mentions[1:])
	}
	if !strings.HasSuffix(strings.TrimSpace(gap), "(") {
		return 0
	}
	return bracketed(text, mentions[1:])
}

// bracketed returns how many mentions a bracket lists, 0 where it joins them by "and" or holds a single one, which may
// be the very thing asked for.
func bracketed(text string, mentions []skills.Mention) int {
	n := 1
	for n < min(len(mentions), maxAlternatives) {
		gap := text[mentions[n-1].End:mentions[n].Start]
		if strings.Contains(gap, ")") {
			break
		}
		if link := linkBetween(gap); link == linkNone || link == linkAnd {
			return 0
		}
		n++
	}
	if n == 1 {
		return 0
	}
	return n
}

// opensWithOr reports whether the words behind a list make its entries examples: "…, or a related field".
func opensWithOr(rest string) bool {
	first, _, _ := strings.Cut(strings.ToLower(strings.TrimLeft(rest, " ,")), " ")
	switch first {
	case "or", "oder", "ou", "o", "bzw.":
		return true
	}
	return false
}

// link is what stands between two skills.
type link uint8

const (
	linkNone link = iota
	linkComma
	linkAnd
	linkOr
	// linkSlash joins only neighbours: in "CI, Docker/Podman" CI is no alternative.
	linkSlash
)

func linkBetween(gap string) link {
	gap = strings.ToLower(strings.Trim(gap, " \t\n()*\"“”"))
	if strings.HasSuffix(gap, ",") || strings.HasPrefix(gap, ",") {
		if rest := strings.Trim(gap, ", "); rest != "" {
			gap = rest
		}
	}
	switch gap {
	case ",":
		return linkComma
	case "/", "|":
		return linkSlash
	case "or", "oder", "bzw.", "bzw", "beziehungsweise", "ou", "o", "u", "and/or", "und/oder", "or a", "or an", "or similar", "alternativ", "resp.":
		return linkOr
	case "and", "und", "et", "y", "&", "e", "as well as", "sowie":
		return linkAnd
	}
	return linkNone
}

// introducesExamples reports whether the words before a list make its entries examples of one thing.
func introducesExamples(before string) bool {
	before = strings.ToLower(strings.TrimRight(before, " (:\t\n"))
	for _, cue := range []string{"e.g.", "e.g", "eg.", "such as", "like", "for example", "for instance", "one of", "any of", "at least one of", "either", "z.b.", "z. b.", "zum beispiel", "wie", "beispielsweise", "etwa", "einer der", "eines der", "par exemple", "comme", "p. ej.", "como", "por ejemplo"} {
		if strings.HasSuffix(before, cue) {
			rest := before[:len(before)-len(cue)]
			return rest == "" || rest[len(rest)-1] == ' ' || rest[len(rest)-1] == '(' || rest[len(rest)-1] == ','
		}
	}
	return false
}
