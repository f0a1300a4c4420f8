package structure

import (
	"strings"

	"resume-matcher/models"
)

// readCustom keeps a section that is no default one: as entries where it has dated or marked ones with more lines
// below, as text where it is one paragraph, as strings otherwise.
func (r *resumeReader) readCustom(s *resumeSection) {
	key := r.customKey(s.title.text)
	r.metas = append(r.metas, models.SectionMeta{ID: key, Key: key, DisplayName: s.title.text, IsVisible: true})
	path := "customSections." + key
	set := confidenceOf(s.confidence, sureSet)
	section := models.CustomSection{}
	switch shapeOf(s) {
	case models.SectionItemList:
		section.SectionType = models.SectionItemList
		section.Items = r.customItems(path+".items", s)
	case models.SectionText:
		section.SectionType = models.SectionText
		pieces := make([]frag, len(s.lines))
		for i := range s.lines {
			pieces[i] = s.lines[i].frag
		}
		section.Text = r.put(path+".text", joinFrags("\n", pieces...), set)
	default:
		section.SectionType = models.SectionStringList
		list := make([]frag, len(s.lines))
		for i := range s.lines {
			list[i] = s.lines[i].frag
		}
		section.Strings = r.putList(path+".strings", list, set)
	}
	r.data.CustomSections[key] = section
}

// shapeOf picks the shape that keeps most of a section's own.
func shapeOf(s *resumeSection) models.SectionType {
	if s.kind.hasEntries() {
		return models.SectionItemList
	}
	marked, dated, bullets, running := 0, 0, 0, 0
	for _, l := range entryLines(s.lines) {
		switch {
		case l.bullet:
			bullets++
		case l.running:
			running++
		case l.marked:
			marked++
		case l.dated:
			dated++
		}
	}
	switch {
	case len(s.lines) > 1 && (marked > 0 || dated > 0) && len(s.lines) > marked+dated:
		return models.SectionItemList
	case marked+dated > 1:
		return models.SectionItemList
	case running > 0 && running >= len(s.lines)-1 && bullets == 0, len(s.lines) == 0:
		return models.SectionText
	}
	return models.SectionStringList
}

func (r *resumeReader) customItems(path string, s *resumeSection) []models.CustomItem {
	items := []models.CustomItem{}
	if s.kind == headExperience {
		for i, p := range r.positions(s) {
			at := indexed(path, i)
			items = append(items, r.customItem(at, s, p.title, p.company, &p.entryFields))
		}
		return items
	}
	for i, e := range cutEntries(s.lines) {
		f := readEntry(e)
		var title, subtitle frag
		if len(f.names) > 0 {
			title = f.names[0]
		}
		if len(f.names) > 1 {
			subtitle = joinFrags(", ", f.names[1:]...)
		}
		f.body = append(append([]frag(nil), f.links...), f.body...)
		items = append(items, r.customItem(indexed(path, i), s, title, subtitle, &f))
	}
	return items
}

func (r *resumeReader) customItem(at string, s *resumeSection, title, subtitle frag, f *entryFields) models.CustomItem {
	return models.CustomItem{
		Title:       r.put(at+".title", title, confidenceOf(s.confidence, sureOrder)),
		Subtitle:    r.put(at+".subtitle", subtitle, confidenceOf(s.confidence, sureOrder)),
		Location:    r.put(at+".location", f.location, confidenceOf(s.confidence, sureWord)),
		Years:       r.put(at+".years", f.years, confidenceOf(s.confidence, surePattern)),
		Description: r.putList(at+".description", f.body, confidenceOf(s.confidence, sureSet)),
	}
}

// joinEntry joins the lines of an entry of a list of single values into one.
func joinEntry(e entry) frag {
	pieces := make([]frag, 0, len(e.lines))
	for i := range e.lines {
		pieces = append(pieces, e.lines[i].frag)
	}
	joined := joinFrags(", ", pieces...)
	joined.text = strings.ReplaceAll(joined.text, ",, ", ", ")
	return joined
}
