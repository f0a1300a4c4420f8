package tailoring

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"resume-matcher/models"
	"resume-matcher/services/skills"
)

// Bounds of the advice: what a person reads in one go, and when a point is long.
const (
	maxEach       = 3
	maxListedOnly = 5
	maxQuestions  = 5
	longWords     = 40
	// recentEntries is how many positions the advice on results looks at; older ones are read little.
	recentEntries = 2
)

// suggestions returns advice on the résumé as it is, the most important first.
func (t *Tailor) suggestions(doc *document, done []practice, p posting, gaps []models.Gap, say phrases) []models.Suggestion {
	list := contactAdvice(doc, say)
	asked := 0
	for _, g := range gaps {
		if g.Required && asked < maxQuestions {
			list = append(list, models.Suggestion{Suggestion: g.Question})
			asked++
		}
	}
	list = append(list, t.listedOnlyAdvice(doc, done, p, say)...)
	list = append(list, descriptionAdvice(doc, say)...)
	list = append(list, t.resultAdvice(doc, p, say)...)
	return append(list, lengthAdvice(doc, say)...)
}

func contactAdvice(doc *document, say phrases) []models.Suggestion {
	list := []models.Suggestion{}
	for _, name := range []string{"name", "email", "phone"} {
		path := "personalInfo." + name
		if value, _ := doc.value(path); strings.TrimSpace(value) == "" {
			list = append(list, models.Suggestion{Suggestion: say.missingContact[name], Path: path})
		}
	}
	if strings.TrimSpace(doc.data.Summary) == "" {
		list = append(list, models.Suggestion{Suggestion: say.missingSummary, Path: "summary"})
	}
	return list
}

// listedOnlyAdvice names the posting's skills that stand in the list of skills and in no description; required ones first.
func (t *Tailor) listedOnlyAdvice(doc *document, done []practice, p posting, say phrases) []models.Suggestion {
	shown := make(map[*skills.Skill]bool)
	for _, entry := range done {
		for _, claims := range entry.claims {
			for _, m := range claims {
				shown[m.Skill] = true
			}
		}
	}
	var list []models.Suggestion
	for _, level := range []importance{required, preferred} {
		for i, own := range doc.data.Additional.TechnicalSkills {
			for _, m := range t.claimed(own) {
				if p.importance[m.Skill] != level || shown[m.Skill] || !promotable(m.Skill) || len(list) == maxListedOnly {
					continue
				}
				shown[m.Skill] = true
				list = append(list, models.Suggestion{Suggestion: say.listedOnly(own[m.Start:m.End]), Path: indexed(skillsPath, i)})
			}
		}
	}
	return list
}

func descriptionAdvice(doc *document, say phrases) []models.Suggestion {
	var list []models.Suggestion
	for i, e := range doc.data.WorkExperience {
		if len(e.Description) == 0 && e.Title != "" && i < recentEntries {
			list = append(list, models.Suggestion{Suggestion: say.noDescription(shortened(e.Title)), Path: indexed("workExperience", i) + ".title"})
		}
	}
	return list
}

// resultAdvice asks for the result of recent points without a number, those that matter to the posting first. It never
// proposes a number.
func (t *Tailor) resultAdvice(doc *document, p posting, say phrases) []models.Suggestion {
	var relevant, other []models.Suggestion
	for i, e := range doc.data.WorkExperience {
		if i == recentEntries {
			break
		}
		for j, line := range e.Description {
			if strings.ContainsFunc(line, unicode.IsDigit) || strings.HasSuffix(strings.TrimSpace(line), ":") || len(words(line)) < 3 {
				continue
			}
			s := models.Suggestion{Suggestion: say.noResult(shortened(line)), Path: indexed(indexed("workExperience", i)+".description", j)}
			if t.importanceOf(p, line) > notAsked {
				relevant = append(relevant, s)
			} else {
				other = append(other, s)
			}
		}
	}
	list := append(relevant, other...)
	return list[:min(len(list), maxEach)]
}

func lengthAdvice(doc *document, say phrases) []models.Suggestion {
	var list []models.Suggestion
	for _, f := range doc.fields {
		if f.list == nil || f.kind != "description" {
			continue
		}
		for i, line := range *f.list {
			if utf8.RuneCountInString(line) > longWords*2 && len(strings.Fields(line)) > longWords && len(list) < maxEach {
				list = append(list, models.Suggestion{Suggestion: say.tooLong(shortened(line)), Path: indexed(f.path, i)})
			}
		}
	}
	return list
}
