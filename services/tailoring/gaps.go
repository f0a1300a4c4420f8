package tailoring

import (
	"slices"
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/matching"
	"resume-matcher/services/skills"
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
		found = append(found, gap{models.Gap{Requirement: name, Required: m.Required, Question: t.question(name, match.Coverage, p, say)}, m.Weight})
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

// question asks for a skill as the posting spells it; what is no skill is asked for in the words of its requirement.
func (t *Tailor) question(name string, coverage []matching.Coverage, p posting, say phrases) string {
	if s := t.vocabulary.Lookup(name); s != nil {
		return say.ask(askedAs(s), p.nameOf(s))
	}
	if names := strings.Split(name, " / "); len(names) > 1 {
		for i := range names {
			if s := t.vocabulary.Lookup(names[i]); s != nil {
				names[i] = p.nameOf(s)
			}
		}
		return say.askRequirement(shortened(strings.Join(names, " / ")))
	}
	for _, c := range coverage {
		if slices.Contains(c.Missing, name) {
			return say.askRequirement(shortened(c.Requirement))
		}
	}
	return say.askRequirement(shortened(name))
}

// nameOf returns the posting's name for a skill: its spelling in the vocabulary, else its own wording. The canonical
// name, which is English, is for skills that the posting does not name itself.
func (p posting) nameOf(s *skills.Skill) string {
	if spellings := p.spellings[s]; len(spellings) > 0 {
		return spellings[0]
	}
	if wording := p.wordings[s]; wording != "" {
		return wording
	}
	return s.Name
}
