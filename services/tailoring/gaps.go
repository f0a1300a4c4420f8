package tailoring

import (
	"slices"
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/matching"
)

// maxGaps bounds how many questions one posting can lead to.
const maxGaps = 40

// gap is a Gap and what it is sorted by.
type gap struct {
	models.Gap
	weight float64
}

// gaps returns the missing skills, and the unmatched requirements that name no skill, required ones first, then by weight.
func (t *Tailor) gaps(match matching.Result, p posting, say phrases) []models.Gap {
	var found []gap
	asked := make(map[string]bool)
	for _, m := range match.Missing {
		name := strings.TrimSpace(m.Skill)
		if name == "" || asked[strings.ToLower(name)] {
			continue
		}
		asked[strings.ToLower(name)] = true
		found = append(found, gap{models.Gap{Requirement: name, Required: m.Required, Question: t.question(name, p, say)}, m.Weight})
	}
	for _, c := range match.Coverage {
		text := shortened(c.Requirement)
		if c.Matched || text == "" || asked[strings.ToLower(text)] || anyAsked(c.Missing, asked) {
			continue
		}
		asked[strings.ToLower(text)] = true
		found = append(found, gap{models.Gap{Requirement: text, Required: c.Required, Question: say.askRequirement(text)}, c.Weight})
	}
	slices.SortStableFunc(found, byUrgency)
	list := make([]models.Gap, 0, len(found))
	for _, g := range found[:min(len(found), maxGaps)] {
		list = append(list, g.Gap)
	}
	return list
}

// anyAsked tells whether a missing skill of a requirement has a question of its own.
func anyAsked(missing []string, asked map[string]bool) bool {
	return slices.ContainsFunc(missing, func(name string) bool { return asked[strings.ToLower(strings.TrimSpace(name))] })
}

func byUrgency(a, b gap) int {
	switch {
	case a.Required != b.Required:
		if a.Required {
			return -1
		}
		return 1
	case a.weight > b.weight:
		return -1
	case a.weight < b.weight:
		return 1
	}
	return 0
}

// question asks for a skill as the posting spells it.
func (t *Tailor) question(name string, p posting, say phrases) string {
	s := t.vocabulary.Lookup(name)
	if s == nil {
		return say.askRequirement(shortened(name))
	}
	if spellings := p.spellings[s]; len(spellings) > 0 {
		name = spellings[0]
	}
	return say.ask(askedAs(s), name)
}
