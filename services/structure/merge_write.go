package structure

import (
	"cmp"
	"slices"
	"strings"

	"resume-matcher/models"
)

// writer writes the result of a round.
type writer struct {
	m       *merger
	sources []models.Source
}

// write returns the résumé with the claims of the round in place.
func (m *merger) write() (models.ResumeData, []models.Source) {
	w := &writer{m: m, sources: []models.Source{}}
	d := m.resume.base
	for i, f := range personalFields(&d.PersonalInfo) {
		*f.value = w.field(m.resume.personal[i].path, &m.resume.personal[i])
	}
	d.Summary = w.field("summary", &m.resume.summary)
	w.entries(&d)
	for kind := range listCount {
		list := spread(w, m.resume.lists[kind])
		for _, q := range m.added[kind] {
			list = append(list, placed(q))
		}
		*kind.of(&d.Additional) = w.list("additional."+kind.field(), list)
	}
	d.CustomSections = w.custom()
	d.SectionMeta = slices.Clone(d.SectionMeta)
	Normalize(&d)
	sortSources(w.sources)
	return d, w.sources
}

func placed(q quote) heldValue {
	return heldValue{text: q.text, span: q.span, confidence: sureProposed, sourced: true}
}

// put records a value's source and returns its text.
func (w *writer) put(path string, v heldValue) string {
	if v.text != "" && v.sourced {
		s := w.m.source(path, quote{v.span, v.text})
		s.Confidence = v.confidence
		w.sources = append(w.sources, s)
	}
	return v.text
}

// field writes the value that took v's place, or what is left of v.
func (w *writer) field(path string, v *heldValue) string {
	if v.next != nil {
		return w.put(path, placed(*v.next))
	}
	pieces := w.left(v)
	if len(pieces) == 1 {
		return w.put(path, pieces[0])
	}
	joined := *v
	texts := make([]string, len(pieces))
	for i, p := range pieces {
		texts[i] = p.text
	}
	separator := ", "
	if v.home == "" {
		separator = "\n"
	}
	joined.text = strings.Join(texts, separator)
	return w.put(path, joined)
}

func (w *writer) list(path string, values []heldValue) []string {
	texts := make([]string, 0, len(values))
	for i, v := range values {
		texts = append(texts, w.put(indexed(path, i), v))
	}
	return texts
}

// spread returns what is left of each value of a list.
func spread(w *writer, values []heldValue) []heldValue {
	var left []heldValue
	for i := range values {
		left = append(left, w.left(&values[i])...)
	}
	return left
}

// left returns the pieces of v that nothing was taken of.
func (w *writer) left(v *heldValue) []heldValue {
	if len(v.taken) == 0 {
		return []heldValue{*v}
	}
	text := foldText(v.text)
	var cuts []span
	for _, t := range v.taken {
		folded := fold(t)
		if strings.Contains(folded, text.folded) {
			return nil
		}
		for _, s := range text.find(folded) {
			if !slices.ContainsFunc(cuts, func(c span) bool { return overlap(c, s) }) {
				cuts = append(cuts, s)
				break
			}
		}
	}
	slices.SortFunc(cuts, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	exact := w.m.text.text[v.span.start:v.span.end] == v.text
	f := frag{text: v.text, start: v.span.start, end: v.span.end, loose: !exact}
	var pieces []heldValue
	at := 0
	for _, c := range append(cuts, span{len(v.text), len(v.text)}) {
		if piece := trimPiece(f.cut(at, c.start)); strings.ContainsFunc(piece.text, isWordRune) {
			pieces = append(pieces, heldValue{text: piece.text, span: span{piece.start, piece.end}, confidence: v.confidence, sourced: v.sourced})
		}
		at = c.end
	}
	return pieces
}

// trimPiece trims what parted a piece from the ones taken.
func trimPiece(f frag) frag {
	const marks = " ,;:|/•·–—-\t"
	from := len(f.text) - len(strings.TrimLeft(f.text, marks))
	return f.cut(from, max(from, len(strings.TrimRight(f.text, marks))))
}

// entries writes the entries in the order of the document.
func (w *writer) entries(d *models.ResumeData) {
	r := w.m.resume
	d.WorkExperience = make([]models.Experience, 0, len(r.entries[entryExperience]))
	for i, e := range w.ordered(entryExperience) {
		var x models.Experience
		x.Description = w.entry(indexed("workExperience", i), e, experienceFields(&x))
		d.WorkExperience = append(d.WorkExperience, x)
	}
	d.Education = make([]models.Education, 0, len(r.entries[entryEducation]))
	for i, e := range w.ordered(entryEducation) {
		var x models.Education
		w.entry(indexed("education", i), e, educationFields(&x))
		d.Education = append(d.Education, x)
	}
	d.PersonalProjects = make([]models.Project, 0, len(r.entries[entryProject]))
	for i, e := range w.ordered(entryProject) {
		var x models.Project
		x.Description = w.entry(indexed("personalProjects", i), e, projectFields(&x))
		d.PersonalProjects = append(d.PersonalProjects, x)
	}
}

// entry writes the fields and returns the lines.
func (w *writer) entry(path string, e *heldEntry, fields []personalField) []string {
	for i, f := range fields {
		*f.value = w.field(path+"."+f.name, &e.fields[i])
	}
	lines := e.lines
	for _, q := range w.m.newLines[e] {
		at := slices.IndexFunc(lines, func(v heldValue) bool { return v.sourced && v.span.start > q.span.start })
		if at < 0 {
			at = len(lines)
		}
		lines = slices.Insert(slices.Clone(lines), at, placed(q))
	}
	return w.list(path+".description", lines)
}

// ordered returns the entries with each new one before the first found one that stands behind it.
func (w *writer) ordered(kind entryKind) []*heldEntry {
	list := slices.Clone(w.m.resume.entries[kind])
	for _, e := range w.m.newEntries[kind] {
		e.from = w.start(e)
		e.to = e.from + 1
		at := slices.IndexFunc(list, func(other *heldEntry) bool { return other.to > 0 && other.from > e.from })
		if at < 0 {
			at = len(list)
		}
		list = slices.Insert(list, at, e)
	}
	return list
}

// start is where the first value of a new entry stands.
func (w *writer) start(e *heldEntry) int {
	from := len(w.m.text.text)
	for i := range e.fields {
		if e.fields[i].next != nil {
			from = min(from, e.fields[i].next.span.start)
		}
	}
	return from
}

// custom writes the custom sections: all as they were but for the unplaced text, which goes once it is empty.
func (w *writer) custom() map[string]models.CustomSection {
	sections := make(map[string]models.CustomSection, len(w.m.resume.base.CustomSections))
	for key, section := range w.m.resume.base.CustomSections {
		section.Items = slices.Clone(section.Items)
		sections[key] = section
	}
	for _, v := range w.m.resume.others {
		w.put(v.path, v)
	}
	unplaced, ok := sections[unplacedKey]
	if !ok {
		return sections
	}
	unplaced.Strings = w.list("customSections."+unplacedKey+".strings", spread(w, w.m.resume.unplaced))
	if len(unplaced.Strings) == 0 && len(unplaced.Items) == 0 && unplaced.Text == "" {
		delete(sections, unplacedKey)
		return sections
	}
	sections[unplacedKey] = unplaced
	return sections
}
