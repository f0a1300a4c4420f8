package structure

import (
	"maps"
	"slices"
	"strings"

	"resume-matcher/models"
)

// heldValue is a value of the résumé in the making.
type heldValue struct {
	path string
	text string
	span span
	// confidence is 1 for a value without a source.
	confidence float64
	sourced    bool
	// home is the path of the entry whose fields the value can be moved to; loose values can be moved anywhere.
	home  string
	loose bool
	// taken are the texts that other fields take out of this value.
	taken []string
	// next is the value that takes its place.
	next *quote
}

// heldEntry is a position, degree or project: its fields in the order of its kind, and the lines that describe it.
type heldEntry struct {
	fields []heldValue
	lines  []heldValue
	// from and to are the bytes of the Markdown the entry stands in; to is 0 without a source.
	from, to int
}

// heldResume is a résumé whose values carry their sources.
type heldResume struct {
	personal []heldValue
	summary  heldValue
	entries  [entryKinds][]*heldEntry
	lists    [listCount][]heldValue
	unplaced []heldValue
	// others are values that stay what and where they are.
	others []heldValue
	base   models.ResumeData
}

// entryKind is one of the default sections with entries.
type entryKind int

const (
	entryExperience entryKind = iota
	entryEducation
	entryProject
	entryKinds
)

func experienceFields(e *models.Experience) []personalField {
	return []personalField{{"title", &e.Title}, {"company", &e.Company}, {"location", &e.Location}, {"years", &e.Years}}
}

func educationFields(e *models.Education) []personalField {
	return []personalField{{"degree", &e.Degree}, {"institution", &e.Institution}, {"years", &e.Years}, {"description", &e.Description}}
}

func projectFields(p *models.Project) []personalField {
	return []personalField{{"name", &p.Name}, {"role", &p.Role}, {"years", &p.Years}, {"github", &p.GitHub}, {"website", &p.Website}}
}

// entryNames returns the names of an entry's fields; the first two tell one entry from another.
func (k entryKind) names() []string {
	var fields []personalField
	switch k {
	case entryExperience:
		fields = experienceFields(&models.Experience{})
	case entryEducation:
		fields = educationFields(&models.Education{})
	case entryProject:
		fields = projectFields(&models.Project{})
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return names
}

// holder turns the values of a résumé into heldValues.
type holder struct {
	sources map[string]models.Source
}

func (h holder) value(path, text string) heldValue {
	v := heldValue{path: path, text: text, confidence: 1}
	if s, ok := h.sources[path]; ok && text != "" {
		v.span, v.confidence, v.sourced = span{s.Start, s.End}, s.Confidence, true
	}
	return v
}

func (h holder) list(path string, texts []string) []heldValue {
	values := make([]heldValue, 0, len(texts))
	for i, text := range texts {
		values = append(values, h.value(indexed(path, i), text))
	}
	return values
}

func (h holder) entry(path string, fields []personalField, lines []string) *heldEntry {
	e := &heldEntry{lines: h.list(path+".description", lines)}
	for _, f := range fields {
		v := h.value(path+"."+f.name, *f.value)
		v.home = path
		e.fields = append(e.fields, v)
	}
	e.locate()
	return e
}

// locate finds the bytes from the first to the last of the entry's own values.
func (e *heldEntry) locate() {
	e.from, e.to = 0, 0
	for _, list := range [][]heldValue{e.fields, e.lines} {
		for _, v := range list {
			if !v.sourced || v.text == "" {
				continue
			}
			if e.to == 0 {
				e.from = v.span.start
			}
			e.from, e.to = min(e.from, v.span.start), max(e.to, v.span.end)
		}
	}
}

// hold takes a résumé apart; sources that lie outside the Markdown count for nothing.
func hold(d models.ResumeData, sources []models.Source, size int) *heldResume {
	h := holder{sources: make(map[string]models.Source, len(sources))}
	for _, s := range sources {
		if s.Start >= 0 && s.Start <= s.End && s.End <= size {
			h.sources[s.Path] = s
		}
	}
	r := &heldResume{summary: h.value("summary", d.Summary), base: d}
	for _, f := range personalFields(&d.PersonalInfo) {
		v := h.value("personalInfo."+f.name, *f.value)
		v.home = "personalInfo"
		r.personal = append(r.personal, v)
	}
	for i := range d.WorkExperience {
		e := d.WorkExperience[i]
		r.entries[entryExperience] = append(r.entries[entryExperience], h.entry(indexed("workExperience", i), experienceFields(&e), e.Description))
	}
	for i := range d.Education {
		e := d.Education[i]
		r.entries[entryEducation] = append(r.entries[entryEducation], h.entry(indexed("education", i), educationFields(&e), nil))
	}
	for i := range d.PersonalProjects {
		p := d.PersonalProjects[i]
		r.entries[entryProject] = append(r.entries[entryProject], h.entry(indexed("personalProjects", i), projectFields(&p), p.Description))
	}
	for kind := range listCount {
		r.lists[kind] = h.list("additional."+kind.field(), *kind.of(&d.Additional))
	}
	r.holdCustom(h, d)
	return r
}

func (r *heldResume) holdCustom(h holder, d models.ResumeData) {
	r.unplaced = h.list("customSections."+unplacedKey+".strings", d.CustomSections[unplacedKey].Strings)
	for _, key := range slices.Sorted(maps.Keys(d.CustomSections)) {
		w := walker{visit: func(path, text string) {
			if !strings.HasPrefix(path, "customSections."+unplacedKey+".strings[") {
				r.others = append(r.others, h.value(path, text))
			}
		}}
		w.custom(key, d.CustomSections[key])
	}
}

// each calls visit for every value that is not empty.
func (r *heldResume) each(visit func(*heldValue)) {
	lists := [][]heldValue{r.personal, r.unplaced, r.others}
	for _, entries := range r.entries {
		for _, e := range entries {
			lists = append(lists, e.fields, e.lines)
		}
	}
	for kind := range listCount {
		lists = append(lists, r.lists[kind])
	}
	for _, list := range lists {
		for i := range list {
			if list[i].text != "" {
				visit(&list[i])
			}
		}
	}
	if r.summary.text != "" {
		visit(&r.summary)
	}
}
