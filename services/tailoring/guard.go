package tailoring

import (
	"slices"
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/skills"
)

// The rules a change must keep; a rejected change names the one it broke.
const (
	ruleField    = "field_not_tailored"
	ruleOrder    = "not_a_reordering"
	ruleWord     = "word_not_in_resume"
	ruleSkill    = "skill_not_shown"
	ruleEvidence = "evidence_not_found"
)

// screen separates the changes that keep every rule from those that break one.
func (t *Tailor) screen(doc *document, changes []models.Change) (kept []models.Change, rejected []models.RejectedChange) {
	kept, rejected = []models.Change{}, []models.RejectedChange{}
	known := documentWords(doc)
	for _, c := range changes {
		if rule := t.brokenRule(doc, known, c); rule != "" {
			rejected = append(rejected, models.RejectedChange{Change: c, Rule: rule})
			continue
		}
		kept = append(kept, c)
	}
	return kept, rejected
}

// brokenRule names the first rule that c breaks, or "". What no rule allows is refused.
func (t *Tailor) brokenRule(doc *document, known map[string]bool, c models.Change) string {
	for _, e := range c.Evidence {
		if value, ok := doc.value(e.Path); !ok || e.Quote == "" || !strings.Contains(value, e.Quote) {
			return ruleEvidence
		}
	}
	f, index, ok := doc.find(c.FieldPath)
	switch {
	case !ok || len(c.Evidence) == 0 || !fits(doc, c) || c.NewValue == nil:
		return ruleField
	case f.path == "summary":
		if !sameWords(*f.text, *c.NewValue) {
			return ruleOrder
		}
	case isOrder(doc, c) && (f.path == skillsPath || f.kind == "description"):
		if !samePieces(*c.OriginalValue, *c.NewValue, "\n") {
			return ruleOrder
		}
	case f.path == skillsPath && (c.ChangeType == added || index < len(*f.list)):
		return t.brokenSkillRule(known, c)
	default:
		return ruleField
	}
	return ""
}

// brokenSkillRule checks a new or respelled entry of the skills list: every skill it names is one that the evidence
// shows, and each of its words stands in the résumé or in a name that means exactly the same as the one quoted.
func (t *Tailor) brokenSkillRule(known map[string]bool, c models.Change) string {
	quote, proposed := c.Evidence[0].Quote, *c.NewValue
	shown := t.vocabulary.Find(quote)
	if c.ChangeType == added {
		shown = t.claimed(quote)
	}
	named := t.vocabulary.Find(proposed)
	if len(named) == 0 || strings.Contains(proposed, "\n") {
		return ruleSkill
	}
	spelled := make(map[string]bool)
	for _, m := range named {
		i := slices.IndexFunc(shown, func(other skills.Mention) bool { return other.Skill == m.Skill })
		if i < 0 {
			return ruleSkill
		}
		own := quote[shown[i].Start:shown[i].End]
		for _, name := range append([]string{m.Skill.Name}, m.Skill.Aliases...) {
			if t.spellings.same(own, name) {
				addWords(spelled, name)
			}
		}
	}
	for _, w := range words(proposed) {
		if !known[w] && !spelled[w] {
			return ruleWord
		}
	}
	return ""
}

// keepsFacts compares the whole result with the original: outside the summary, the list of skills and the descriptions
// every value is the same, and the latter have the same pieces. The skills were checked one by one.
func (t *Tailor) keepsFacts(original, improved models.ResumeData) bool {
	before, after := open(&original), open(&improved)
	if len(before.fields) != len(after.fields) {
		return false
	}
	for i, f := range before.fields {
		g := after.fields[i]
		same := f.path == g.path
		switch {
		case !same:
		case f.path == "summary":
			same = sameWords(*f.text, *g.text)
		case f.path == skillsPath:
			same = len(*f.list) <= len(*g.list)
		case f.text != nil:
			same = *f.text == *g.text
		case f.kind == "description":
			same = samePieces(strings.Join(*f.list, "\x00"), strings.Join(*g.list, "\x00"), "\x00")
		default:
			same = slices.Equal(*f.list, *g.list)
		}
		if !same {
			return false
		}
	}
	return true
}

func documentWords(doc *document) map[string]bool {
	set := make(map[string]bool)
	for _, f := range doc.fields {
		if f.text != nil {
			addWords(set, *f.text)
			continue
		}
		for _, text := range *f.list {
			addWords(set, text)
		}
	}
	return set
}

func sameWords(a, b string) bool { return sameItems(words(a), words(b)) }

// samePieces tells whether two texts have the same parts between separators, in any order.
func samePieces(a, b, separator string) bool {
	return sameItems(strings.Split(a, separator), strings.Split(b, separator))
}

func sameItems(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}
