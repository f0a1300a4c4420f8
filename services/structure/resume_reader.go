package structure

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"resume-matcher/models"
	"resume-matcher/services/skills"
)

// The custom sections this package makes itself; the hidden ones hold no evidence of their own.
const (
	// unplacedKey holds text that fits nowhere else.
	unplacedKey = "unplaced"
	// MarginaliaKey, hidden, holds words that say nothing of the person: labels such as "Phone:", page marks and
	// the document's own title.
	MarginaliaKey = "marginalia"
	// SkillGroupsKey, hidden, keeps which skills the résumé lists under which label.
	SkillGroupsKey = "skillGroups"
)

// resumeReader gathers the structure of one résumé.
type resumeReader struct {
	markdown   string
	vocabulary *skills.Vocabulary
	lineStarts []int
	data       models.ResumeData
	sources    []models.Source
	metas      []models.SectionMeta
	used       map[string]bool
	unplaced   []frag
	marginalia []frag
	groups     []skillGroup
	// headless are the paragraphs before the first heading.
	headless []frag
}

// skillGroup is a label over skills, with the level it states for all of them.
type skillGroup struct {
	label, level frag
	entries      []frag
}

// put records where the value at path came from and returns its text; empty values have no source.
func (r *resumeReader) put(path string, f frag, confidence float64) string {
	if f.empty() {
		return ""
	}
	r.sources = append(r.sources, models.Source{
		Path: path, Start: f.start, End: f.end, Line: r.lineOf(f.start), Confidence: confidence,
	})
	return f.text
}

// lineOf returns the number of the line that holds the byte at offset, from 1.
func (r *resumeReader) lineOf(offset int) int {
	if r.lineStarts == nil {
		r.lineStarts = []int{0}
		for i := range len(r.markdown) {
			if r.markdown[i] == '\n' {
				r.lineStarts = append(r.lineStarts, i+1)
			}
		}
	}
	at, found := slices.BinarySearch(r.lineStarts, offset)
	if found {
		return at + 1
	}
	return at
}

// putList does the same for a list of values.
func (r *resumeReader) putList(path string, list []frag, confidence float64) []string {
	texts := make([]string, 0, len(list))
	for i, f := range list {
		texts = append(texts, r.put(indexed(path, i), f, confidence))
	}
	return texts
}

func indexed(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// readSection hands a section to the reader of its kind.
func (r *resumeReader) readSection(s *resumeSection) {
	r.takeTableHeads(s)
	switch {
	case s.title.empty():
	case s.kind == headContact:
		r.name("personalInfo", s)
	case s.kind == headSummary && r.claim("summary", s):
		r.readSummary(s)
	case s.kind == headExperience && r.claim("workExperience", s):
		r.readExperience(s)
	case s.kind == headEducation && r.claim("education", s):
		r.readEducation(s)
	case s.kind == headProjects && r.claim("personalProjects", s):
		r.readProjects(s)
	default:
		if _, ok := s.kind.list(); ok {
			r.readListSection(s)
			return
		}
		r.readCustom(s)
	}
}

// takeTableHeads takes the names of a table's columns, "Period | Position | Employer", out of a section.
func (r *resumeReader) takeTableHeads(s *resumeSection) {
	kept := s.lines[:0]
	for i := range s.lines {
		l := s.lines[i]
		names := l.tableHead && i+1 < len(s.lines) && len(digitsOf(l.text)) == 0 && (s.kind.hasEntries() || i+1 < len(s.lines) && len(s.lines[i+1].cells) == len(l.cells) && isLevel(s.lines[i+1].cells[len(l.cells)-1].text) && !isLevel(l.cells[len(l.cells)-1].text))
		if names {
			r.marginalia = append(r.marginalia, l.frag)
			continue
		}
		kept = append(kept, l)
	}
	s.lines = kept
}

// claim takes a default section for s; a second one of the kind with another heading becomes a custom section, so
// that both keep their names and places.
func (r *resumeReader) claim(key string, s *resumeSection) bool {
	if !r.used[key] {
		r.used[key] = true
		r.name(key, s)
		return true
	}
	return r.continues(key, s)
}

// continues reports whether s repeats the heading of an earlier section, as at the top of a second page.
func (r *resumeReader) continues(key string, s *resumeSection) bool {
	for _, m := range r.metas {
		if m.Key == key && foldPhrase(m.DisplayName) == strings.TrimSuffix(foldPhrase(s.title.text), " continued") {
			r.marginalia = append(r.marginalia, s.title)
			return true
		}
	}
	return false
}

// name adds the sectionMeta entry of a section found in the document.
func (r *resumeReader) name(key string, s *resumeSection) {
	for _, m := range r.metas {
		if m.Key == key {
			r.marginalia = append(r.marginalia, s.title)
			return
		}
	}
	r.metas = append(r.metas, models.SectionMeta{ID: key, Key: key, DisplayName: s.title.text, IsVisible: true})
}

// customKey makes a key in camel case from a heading, unlike any key in use.
func (r *resumeReader) customKey(title string) string {
	var key strings.Builder
	for i, word := range strings.Fields(foldPhrase(title)) {
		for k, letter := range word {
			if i > 0 && k == 0 {
				letter = unicode.ToUpper(letter)
			}
			if letter < unicode.MaxASCII && key.Len() < 40 {
				key.WriteRune(letter)
			}
		}
	}
	base := key.String()
	if base == "" {
		base = "custom"
	}
	for _, m := range models.DefaultSectionMeta() {
		if m.Key == base {
			base += "Section"
		}
	}
	unique := base
	for n := 2; r.used[unique] || unique == unplacedKey || unique == MarginaliaKey || unique == SkillGroupsKey; n++ {
		unique = base + strconv.Itoa(n)
	}
	r.used[unique] = true
	return unique
}

// readSummary joins the paragraphs of a summary.
func (r *resumeReader) readSummary(s *resumeSection) {
	pieces := make([]frag, 0, len(s.lines))
	for i := range s.lines {
		pieces = append(pieces, s.lines[i].frag)
	}
	text := joinFrags("\n", pieces...)
	if r.data.Summary != "" {
		r.unplaced = append(r.unplaced, pieces...)
		return
	}
	r.data.Summary = r.put("summary", text, confidenceOf(s.confidence, sureSet))
}

// finish adds what is left over and brings the result to its normal form.
func (r *resumeReader) finish() {
	r.finishSummary()
	r.finishUnplaced()
	r.finishGroups()
	r.finishMarginalia()
	r.orderMeta()
	Normalize(&r.data)
	slices.SortStableFunc(r.sources, func(a, b models.Source) int { return cmp.Compare(a.Path, b.Path) })
	if r.sources == nil {
		r.sources = []models.Source{}
	}
}

func (r *resumeReader) finishSummary() {
	if len(r.headless) == 0 {
		return
	}
	if r.data.Summary != "" {
		r.unplaced = append(r.unplaced, r.headless...)
		return
	}
	r.data.Summary = r.put("summary", joinFrags("\n", r.headless...), confidenceOf(sureNoHeading, sureSet))
}

func (r *resumeReader) finishUnplaced() {
	if len(r.unplaced) > 0 {
		r.addStrings(unplacedKey, "Other details", r.unplaced, true)
	}
}

func (r *resumeReader) finishMarginalia() {
	if len(r.marginalia) > 0 {
		r.addStrings(MarginaliaKey, "Labels and page marks", r.marginalia, false)
	}
}

func (r *resumeReader) addStrings(key, title string, list []frag, visible bool) {
	texts := r.putList("customSections."+key+".strings", list, confidenceOf(sureNoHeading, sureSet))
	r.data.CustomSections[key] = models.CustomSection{SectionType: models.SectionStringList, Strings: texts}
	r.metas = append(r.metas, models.SectionMeta{ID: key, Key: key, DisplayName: title, IsVisible: visible})
}

func (r *resumeReader) finishGroups() {
	if len(r.groups) == 0 {
		return
	}
	items := make([]models.CustomItem, 0, len(r.groups))
	for i, g := range r.groups {
		path := indexed("customSections."+SkillGroupsKey+".items", i)
		items = append(items, models.CustomItem{
			Title:       r.put(path+".title", g.label, sureNamed),
			Subtitle:    r.put(path+".subtitle", g.level, sureNamed),
			Description: r.putList(path+".description", g.entries, sureNamed),
		})
	}
	r.data.CustomSections[SkillGroupsKey] = models.CustomSection{SectionType: models.SectionItemList, Items: items}
	r.metas = append(r.metas, models.SectionMeta{ID: SkillGroupsKey, Key: SkillGroupsKey, DisplayName: "Skill groups"})
}

// orderMeta puts personal data first, a summary without a heading second, then the sections as the document has them,
// and the default sections it lacks last.
func (r *resumeReader) orderMeta() {
	found := map[string]models.SectionMeta{}
	for _, m := range r.metas {
		found[m.Key] = m
	}
	ordered := make([]models.SectionMeta, 0, len(r.metas)+6)
	defaults := models.DefaultSectionMeta()
	personal := defaults[0]
	if m, ok := found[personal.Key]; ok {
		personal.DisplayName = m.DisplayName
	}
	ordered = append(ordered, personal)
	if _, ok := found["summary"]; !ok {
		ordered = append(ordered, defaults[1])
	}
	for _, m := range r.metas {
		if m.Key != personal.Key {
			ordered = append(ordered, m)
		}
	}
	for i := range ordered {
		ordered[i].Order = i
	}
	r.data.SectionMeta = ordered
	for _, m := range defaults[2:] {
		if _, ok := found[m.Key]; !ok {
			m.Order = len(ordered)
			r.data.SectionMeta = append(r.data.SectionMeta, m)
		}
	}
}
