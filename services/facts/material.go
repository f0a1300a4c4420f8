package facts

import (
	"strings"
	"unicode"

	"resume-matcher/models"
	"resume-matcher/services/structure"
)

// fieldKind is the part of an entry a text stands in.
type fieldKind uint8

const (
	fieldText fieldKind = iota
	fieldTitle
	fieldName
	fieldPlace
	fieldYears
	fieldDegree
	fieldSkill
	fieldLanguage
	fieldCertificate
	fieldAward
	fieldContact
)

// span is one text of the résumé with its index.
type span struct {
	*reading
	path string
	// entry is the path of the position, degree or project the text belongs to; its own path for a text that stands alone.
	entry string
	field fieldKind
	index index
}

// Material is a person's own résumé, indexed for Check; it is read-only and safe for concurrent use.
type Material struct {
	german bool
	spans  []*span
	byPath map[string]*span
	// entries are the spans of each entry.
	entries map[string][]*span
	// order are the entries in reading order.
	order []string
	// months is how long the person has worked, as far as the résumé's own dates tell.
	months int
	// contact are the words of the person's name and addresses, which a letter may close with.
	contact map[string]bool
	// home are the words of where the person lives, which may stand below the name.
	home map[string]bool
	// reach are the person's addresses, numbers and links as written.
	reach []string
}

// Read indexes the texts of a résumé; language is the ISO 639-1 code of its main language. The result is read-only.
func (g *Gate) Read(resume models.ResumeData, language string) *Material {
	m := &Material{german: strings.HasPrefix(strings.ToLower(language), "de"), byPath: map[string]*span{}, entries: map[string][]*span{}, contact: map[string]bool{}}
	structure.Walk(resume, func(path, text string) {
		field := fieldOf(path)
		switch {
		case field == fieldContact:
			m.addContact(g.lexicon, text)
			return
		case path == "personalInfo.location":
			m.home = g.wordsOf([]string{text})
		}
		s := &span{reading: g.read(text, m.german), path: path, entry: entryOf(path), field: field}
		s.index = g.lexicon.newIndex(s.reading)
		m.add(s)
	})
	m.months = workedMonths(resume)
	return m
}

// addContact takes in what a letter may close with; what reaches the person is known by its signs or digits.
func (m *Material) addContact(l *lexicon, text string) {
	for _, t := range l.tokenize(prepare(text).text) {
		m.contact[t.text] = true
	}
	const shortest = 6
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
	if text = strings.TrimSpace(text); len(text) >= shortest && strings.ContainsAny(text, "@/") || len(digits) >= shortest {
		m.reach = append(m.reach, text)
	}
}

func (m *Material) add(s *span) {
	m.spans = append(m.spans, s)
	m.byPath[s.path] = s
	if m.entries[s.entry] == nil {
		m.order = append(m.order, s.entry)
	}
	m.entries[s.entry] = append(m.entries[s.entry], s)
}

// fieldOf tells from a path which kind of text stands there.
func fieldOf(path string) fieldKind {
	switch {
	case path == "personalInfo.title":
		return fieldTitle
	case path == "personalInfo.location":
		return fieldPlace
	case strings.HasPrefix(path, "personalInfo."):
		return fieldContact
	case strings.HasPrefix(path, "additional.technicalSkills"):
		return fieldSkill
	case strings.HasPrefix(path, "additional.languages"):
		return fieldLanguage
	case strings.HasPrefix(path, "additional.certificationsTraining"):
		return fieldCertificate
	case strings.HasPrefix(path, "additional.awards"):
		return fieldAward
	}
	switch path[strings.LastIndexByte(path, '.')+1:] {
	case "title", "role":
		return fieldTitle
	case "company", "institution", "name", "subtitle":
		return fieldName
	case "location":
		return fieldPlace
	case "years":
		return fieldYears
	case "degree":
		return fieldDegree
	case "github", "website":
		return fieldContact
	}
	return fieldText
}

// entryOf returns the path up to the index of the entry: "workExperience[0]" of "workExperience[0].description[2]".
func entryOf(path string) string {
	if strings.HasPrefix(path, "additional.") {
		return path
	}
	if i := strings.Index(path, "]."); i >= 0 {
		return path[:i+1]
	}
	return path
}

// workedMonths adds up the months of all positions, those that overlap once, rounded down: of a year without a month
// only what it surely covers counts, and what goes on today goes on until the last month the résumé names.
func workedMonths(resume models.ResumeData) int {
	var latest structure.Month
	structure.Walk(resume, func(path, text string) {
		if fieldOf(path) != fieldYears {
			return
		}
		if p, ok := structure.ParsePeriod(text); ok && !p.Expected {
			latest = max(latest, p.Start, surelyUntil(p))
		}
	})
	worked := map[structure.Month]bool{}
	const longest = 12 * 60
	for _, e := range resume.WorkExperience {
		p, ok := structure.ParsePeriod(e.Years)
		if !ok || p.Expected {
			continue
		}
		start, end := p.Start, surelyUntil(p)
		if p.YearsOnly {
			start += 11
		}
		if p.Present {
			end = latest
		}
		for month := start; month <= end && month-start < longest; month++ {
			worked[month] = true
		}
	}
	return len(worked)
}

// surelyUntil returns the last month a period certainly reaches.
func surelyUntil(p structure.Period) structure.Month {
	if p.YearsOnly && !p.Present {
		return p.End - 11
	}
	return p.End
}
