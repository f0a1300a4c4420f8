package matching

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"resume-matcher/models"
	"resume-matcher/services/skills"
	"resume-matcher/services/structure"
)

// Strength of a skill by the place that shows it: done in a job or project, or only listed.
const (
	strengthShown  = 1.0
	strengthListed = 0.9
)

// place is the kind of section a quote comes from; the lower one is the better evidence.
type place uint8

const (
	placeExperience place = iota
	placeProject
	placeTraining
	placeSummary
	placeOther
	placeList
)

// unit is a bullet, a sentence or an entry of a list: what can be quoted as evidence.
type unit struct {
	path, quote string
	place       place
	mentions    []skills.Mention
	stems       map[string]bool
}

// heldSkill is a skill the résumé shows, its strength, and the units that name it.
type heldSkill struct {
	skill    *skills.Skill
	strength float64
	units    []int32
}

// Resume is a résumé prepared for matching: immutable and safe for concurrent use.
type Resume struct {
	language  string
	units     []unit
	held      []heldSkill
	heldIndex map[*skills.Skill]int32
	// termUnits are the units that hold a stem, each once.
	termUnits map[string][]int32
	// stems are the keys of termUnits in order, in German only, to find the compounds that begin with a word.
	stems     []string
	positions []position
	titles    []title
	languages map[*skills.Skill]languageSkill
	degree    qualification
	licences  []qualification
	// statedYears are the years of experience the text itself claims.
	statedYears float64
	statedUnit  int32
	reference   structure.Month
}

// position is one job held: its time and what it was about.
type position struct {
	title  title
	period span
	skills map[*skills.Skill]bool
}

// languageSkill is a natural language and its level.
type languageSkill struct {
	level int
	unit  int32
}

// qualification is a degree's level or a licence's class, and the unit that names it.
type qualification struct {
	level int
	class string
	unit  int32
}

const noUnit = -1

// PrepareResume reads a résumé once for any number of matches; language is its ISO 639-1 code.
func (m *Matcher) PrepareResume(d models.ResumeData, language string) *Resume {
	r := &Resume{
		language: language, heldIndex: map[*skills.Skill]int32{}, termUnits: map[string][]int32{},
		languages: map[*skills.Skill]languageSkill{}, statedUnit: noUnit, degree: qualification{unit: noUnit},
	}
	r.reference = referenceMonth(d)
	for _, e := range d.WorkExperience {
		r.positions = append(r.positions, position{
			title: m.readTitle(e.Title, language), period: r.span(e.Years), skills: map[*skills.Skill]bool{},
		})
	}
	structure.Walk(d, func(path, text string) {
		at, quotable := placeOf(path)
		if !quotable {
			return
		}
		if !isProse(path) {
			m.addUnit(r, path, text, at)
			return
		}
		for _, sentence := range structure.Sentences(text) {
			m.addUnit(r, path, sentence, at)
		}
	})
	m.readTitles(r, d)
	if language == german {
		r.stems = slices.Sorted(maps.Keys(r.termUnits))
	}
	return r
}

func (m *Matcher) readTitles(r *Resume, d models.ResumeData) {
	if d.PersonalInfo.Title != "" {
		r.titles = append(r.titles, m.readTitle(d.PersonalInfo.Title, r.language))
	}
	for _, p := range r.positions {
		r.titles = append(r.titles, p.title)
	}
	for _, e := range d.Education {
		if t := m.readTitle(e.Degree, r.language); len(t.roles) > 0 {
			r.titles = append(r.titles, t)
		}
	}
}

// placeOf tells what kind of evidence the value at path is; names of employers, places and dates are none.
func placeOf(path string) (place, bool) {
	field := path[strings.LastIndexByte(path, '.')+1:]
	switch field {
	case "company", "location", "years", "institution", "github", "website", "name", "email", "phone", "linkedin":
		return 0, strings.HasPrefix(path, "personalProjects") && field == "name"
	}
	switch {
	case strings.HasPrefix(path, "customSections."+structure.MarginaliaKey), strings.HasPrefix(path, "customSections."+structure.SkillGroupsKey):
		// They repeat what stands elsewhere, or say nothing of the person.
		return 0, false
	case strings.HasPrefix(path, "workExperience"):
		return placeExperience, true
	case strings.HasPrefix(path, "personalProjects"):
		return placeProject, true
	case strings.HasPrefix(path, "education"), strings.HasPrefix(path, "additional.certifications"):
		return placeTraining, true
	case strings.HasPrefix(path, "summary"), strings.HasPrefix(path, "personalInfo"):
		return placeSummary, true
	case strings.HasPrefix(path, "additional"):
		return placeList, true
	}
	return placeOther, true
}

// isProse reports whether a value may hold several sentences, each of which is quoted by itself.
func isProse(path string) bool {
	return path == "summary" || strings.HasSuffix(path, ".text") || strings.HasPrefix(path, "education") && strings.HasSuffix(path, ".description")
}

// addUnit reads one quotable text into the indexes.
func (m *Matcher) addUnit(r *Resume, path, text string, at place) {
	id := int32(len(r.units))
	read := m.readHeld(text, r.language)
	u := unit{path: path, quote: text, place: at, mentions: read.mentions, stems: map[string]bool{}}
	for _, t := range read.terms {
		if !u.stems[t.stem] {
			u.stems[t.stem] = true
			r.termUnits[t.stem] = append(r.termUnits[t.stem], id)
		}
	}
	r.units = append(r.units, u)
	// It is the same for all the languages of a text, which may name thousands.
	level := sync.OnceValue(func() int { return languageLevel(text, levelGood) })
	for _, mention := range read.mentions {
		r.hold(mention.Skill, id, at)
		if mention.Skill.Kind == kindNaturalLanguage {
			r.speak(mention.Skill, level(), id)
		}
	}
	r.fillPosition(path, id)
	r.qualify(text, id, at)
}

func (r *Resume) hold(s *skills.Skill, id int32, at place) {
	strength := strengthShown
	if at == placeList {
		strength = strengthListed
	}
	i, ok := r.heldIndex[s]
	if !ok {
		i = int32(len(r.held))
		r.heldIndex[s] = i
		r.held = append(r.held, heldSkill{skill: s})
	}
	h := &r.held[i]
	h.strength = max(h.strength, strength)
	if len(h.units) == 0 || h.units[len(h.units)-1] != id {
		h.units = append(h.units, id)
	}
}

// speak keeps the highest level stated of a language; one that is only named counts as good.
func (r *Resume) speak(s *skills.Skill, level int, id int32) {
	if have, ok := r.languages[s]; !ok || level > have.level {
		r.languages[s] = languageSkill{level, id}
	}
}

// fillPosition adds the unit's skills to the position it belongs to.
func (r *Resume) fillPosition(path string, id int32) {
	i, ok := positionIndex(path)
	if !ok || i >= len(r.positions) {
		return
	}
	for _, mention := range r.units[id].mentions {
		r.positions[i].skills[mention.Skill] = true
	}
}

// qualify looks for a degree, a licence and a claim of years.
func (r *Resume) qualify(text string, id int32, at place) {
	if at == placeTraining || at == placeSummary {
		if level := degreeLevel(text, false); level > r.degree.level {
			r.degree = qualification{level: level, unit: id}
		}
	}
	if class := drivingLicence(text); class != "" && len(deniedSpans(text, skills.Tokenize(text))) == 0 {
		r.licences = append(r.licences, qualification{class: class, unit: id})
	}
	if at == placeSummary || at == placeExperience {
		if years := structure.MinimumYears(text); years > r.statedYears {
			r.statedYears, r.statedUnit = years, id
		}
	}
}
