package tailoring

import (
	"slices"
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/skills"
)

// jobWords are words of jobs and duties that are spelled like, or stand behind, names of methods.
var jobWords = []string{
	"nurse", "assistant", "teacher", "manager", "coordinator", "officer", "technician", "engineer", "specialist", "representative", "clerk", "sister",
	"lehrer", "lehrerin", "lehrkraft", "assistent", "assistentin", "mitarbeiter", "mitarbeiterin", "leiter", "leiterin", "leitung", "stationsleitung", "pflegedienstleitung", "pdl",
	"professeur", "enseignant", "docente", "on-call", "call",
}

const skillsPath = "additional.technicalSkills"

// Bounds of what one proposal asks a person to read.
const (
	maxRespelled = 20
	maxPromoted  = 8
	maxQuotes    = 5
)

// reorderSkills puts the skills the posting requires first, then the others it names; each group keeps its order.
func (t *Tailor) reorderSkills(doc *document, p posting, say phrases) []models.Change {
	f, _, _ := doc.find(skillsPath)
	rank := func(i int) int { return -int(t.importanceOf(p, (*f.list)[i])) }
	return reorder(f, rank, say.skillsReordered)
}

// reorder returns the change that sorts a list by rank, stable, with the items that move up as its evidence.
func reorder(f field, rank func(i int) int, reason string) []models.Change {
	original := *f.list
	ranks := make([]int, len(original))
	order := make([]int, len(original))
	for i := range original {
		ranks[i], order[i] = rank(i), i
	}
	slices.SortStableFunc(order, func(a, b int) int { return ranks[a] - ranks[b] })
	items := make([]string, len(order))
	var evidence []models.Evidence
	for at, i := range order {
		items[at] = original[i]
		if at < i && len(evidence) < maxQuotes {
			evidence = append(evidence, models.Evidence{Path: indexed(f.path, i), Quote: original[i]})
		}
	}
	if slices.Equal(items, original) {
		return nil
	}
	c, ok := orderChange(f, items)
	if !ok {
		return nil
	}
	c.Reason, c.Evidence = reason, evidence
	return []models.Change{c}
}

// alignSpellings proposes the posting's spelling for skills of the list that it writes in another way. A skill that the
// list has in both spellings stays.
func (t *Tailor) alignSpellings(doc *document, p posting, say phrases) []models.Change {
	f, _, _ := doc.find(skillsPath)
	listed := make(map[string]bool, len(*f.list))
	for _, own := range *f.list {
		listed[spellingKey(own)] = true
	}
	var changes []models.Change
	for i, own := range *f.list {
		s := t.vocabulary.Lookup(own)
		if s == nil || !respellable(s) || len(changes) == maxRespelled {
			continue
		}
		proposed := t.respell(own, s, p.spellings[s])
		if proposed == own || listsOther(listed, own, p.spellings[s]) {
			continue
		}
		c := newChange(f, indexed(f.path, i), modified, &own, &proposed)
		c.Confidence = high
		c.Reason = say.spelled(proposed, own)
		c.Evidence = []models.Evidence{{Path: c.FieldPath, Quote: own}}
		changes = append(changes, c)
	}
	return changes
}

func listsOther(listed map[string]bool, own string, spellings []string) bool {
	for _, name := range spellings {
		if key := spellingKey(name); listed[key] && key != spellingKey(own) {
			return true
		}
	}
	return false
}

// respellable leaves out what names more than a spelling: certificates and languages have levels and issuers.
func respellable(s *skills.Skill) bool {
	return s.Kind != "certificate" && s.Kind != "natural-language"
}

// promoteSkills proposes for the skills list what the posting asks for and a position or project claims.
func (t *Tailor) promoteSkills(doc *document, done []practice, p posting, say phrases) []models.Change {
	f, _, _ := doc.find(skillsPath)
	known := make(map[*skills.Skill]bool)
	for _, own := range *f.list {
		for _, m := range t.vocabulary.Find(own) {
			known[m.Skill] = true
		}
	}
	var changes []models.Change
	for _, entry := range done {
		for i, claims := range entry.claims {
			for _, m := range claims {
				if known[m.Skill] || p.importance[m.Skill] == notAsked || !listable(m.Skill) || len(changes) == maxPromoted {
					continue
				}
				quote := entry.lines[i]
				if namesJob(quote, m) {
					continue
				}
				proposed := t.promotedName(quote[m.Start:m.End], m.Skill, p)
				if proposed == "" {
					continue
				}
				known[m.Skill] = true
				c := newChange(f, indexed(f.path, len(*f.list)+len(changes)), added, nil, &proposed)
				c.Reason = say.promoted(proposed)
				c.Evidence = []models.Evidence{{Path: indexed(entry.path, i), Quote: quote}}
				changes = append(changes, c)
			}
		}
	}
	return changes
}

// listable reports whether a skill is of a kind that lists of skills hold; a field of work, as "IT", is none.
func listable(s *skills.Skill) bool { return askedAs(s) == "tool" || s.Kind == "method" }

// namesJob reports whether a mention is, or begins, the name of a job or duty: "charge nurse", "teaching assistant".
func namesJob(text string, m skills.Mention) bool {
	named := words(text[m.Start:m.End])
	next := words(text[m.End:])
	if len(next) > 0 && strings.HasPrefix(text[m.End:], " ") {
		named = append(named, next[0])
	}
	return slices.ContainsFunc(named, func(word string) bool { return slices.Contains(jobWords, word) })
}

// promotable leaves out kinds whose mention in a sentence is no proof of a skill: soft skills are ordinary words,
// certificates and languages have lists of their own.
func promotable(s *skills.Skill) bool { return s.Kind != "soft" && respellable(s) }

// promotedName is the name as the person wrote it, next to the posting's where the two mean exactly the same. It is
// empty where the sentence has an inflected word and no name.
func (t *Tailor) promotedName(written string, s *skills.Skill, p posting) string {
	for _, known := range append([]string{s.Name}, s.Aliases...) {
		if strings.EqualFold(known, written) {
			if written == strings.ToLower(written) {
				written = known
			}
			return t.respell(written, s, p.spellings[s])
		}
	}
	return ""
}

// practice is the description of one position or project, and which skills each of its lines claims.
type practice struct {
	path   string
	lines  []string
	claims [][]skills.Mention
}

// practices returns where the person tells of what they did; an entry that is a plan or a wish by its title is left out.
func (t *Tailor) practices(doc *document) []practice {
	var list []practice
	add := func(path string, lines []string, names ...string) {
		if !slices.ContainsFunc(names, t.disclaims) {
			list = append(list, practice{path + ".description", lines, t.claimedInList(lines)})
		}
	}
	for i, e := range doc.data.WorkExperience {
		add(indexed("workExperience", i), e.Description, e.Title)
	}
	for i, e := range doc.data.PersonalProjects {
		add(indexed("personalProjects", i), e.Description, e.Name, e.Role)
	}
	return list
}
