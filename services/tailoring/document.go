package tailoring

import (
	"bytes"
	"encoding/json"
	"slices"
	"sort"
	"strconv"
	"strings"

	"resume-matcher/models"
)

// field is one editable place of a résumé: a text or a list of texts, never both.
type field struct {
	path string
	// kind is the contract's field_type.
	kind string
	// entry is the path of the position, degree, project or custom section that holds the field; empty for single fields.
	entry string
	text  *string
	list  *[]string
}

// document addresses the fields of a résumé by the contract's paths.
type document struct {
	data     *models.ResumeData
	fields   []field
	byPath   map[string]int
	sections map[string]*models.CustomSection
}

// open indexes d, which it edits in place; close must follow an edit.
func open(d *models.ResumeData) *document {
	doc := &document{data: d, sections: make(map[string]*models.CustomSection, len(d.CustomSections))}
	doc.openHead()
	for i := range d.WorkExperience {
		e := &d.WorkExperience[i]
		at := indexed("workExperience", i)
		doc.texts(at, "experience", "title", &e.Title, "company", &e.Company, "location", &e.Location, "years", &e.Years)
		doc.add(field{path: at + ".description", kind: "description", entry: at, list: &e.Description})
	}
	for i := range d.Education {
		e := &d.Education[i]
		at := indexed("education", i)
		doc.texts(at, "education", "institution", &e.Institution, "degree", &e.Degree, "years", &e.Years, "description", &e.Description)
	}
	for i := range d.PersonalProjects {
		p := &d.PersonalProjects[i]
		at := indexed("personalProjects", i)
		doc.texts(at, "project", "name", &p.Name, "role", &p.Role, "years", &p.Years, "github", &p.GitHub, "website", &p.Website)
		doc.add(field{path: at + ".description", kind: "description", entry: at, list: &p.Description})
	}
	a := &d.Additional
	doc.add(field{path: "additional.technicalSkills", kind: "skill", list: &a.TechnicalSkills})
	doc.add(field{path: "additional.languages", kind: "language", list: &a.Languages})
	doc.add(field{path: "additional.certificationsTraining", kind: "certification", list: &a.CertificationsTraining})
	doc.add(field{path: "additional.awards", kind: "award", list: &a.Awards})
	doc.openCustom()

	doc.byPath = make(map[string]int, len(doc.fields))
	for i, f := range doc.fields {
		doc.byPath[f.path] = i
	}
	return doc
}

// openHead adds the single fields. The contract's field types have none for contact data: the nearest is the summary's.
func (doc *document) openHead() {
	p := &doc.data.PersonalInfo
	doc.texts("personalInfo", "summary", "name", &p.Name, "title", &p.Title, "email", &p.Email, "phone", &p.Phone,
		"location", &p.Location, "website", &p.Website, "linkedin", &p.LinkedIn, "github", &p.GitHub)
	doc.add(field{path: "summary", kind: "summary", text: &doc.data.Summary})
}

func (doc *document) openCustom() {
	keys := make([]string, 0, len(doc.data.CustomSections))
	for key := range doc.data.CustomSections {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		section := doc.data.CustomSections[key]
		s := &section
		doc.sections[key] = s
		at := "customSections." + key
		doc.add(field{path: at + ".text", kind: "description", entry: at, text: &s.Text})
		doc.add(field{path: at + ".strings", kind: "description", entry: at, list: &s.Strings})
		for i := range s.Items {
			item := &s.Items[i]
			of := indexed(at+".items", i)
			doc.texts(of, "description", "title", &item.Title, "subtitle", &item.Subtitle, "location", &item.Location, "years", &item.Years)
			doc.add(field{path: of + ".description", kind: "description", entry: of, list: &item.Description})
		}
	}
}

// texts adds the text fields of one entry, given as name, pointer pairs.
func (doc *document) texts(at, kind string, pairs ...any) {
	entry := at
	if at == "personalInfo" {
		entry = ""
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		doc.add(field{path: at + "." + pairs[i].(string), kind: kind, entry: entry, text: pairs[i+1].(*string)})
	}
}

func (doc *document) add(f field) { doc.fields = append(doc.fields, f) }

// close writes the custom sections back: map values can't be edited in place.
func (doc *document) close() {
	for key, s := range doc.sections {
		doc.data.CustomSections[key] = *s
	}
}

// find returns the field at path, and for "list[2]" the index; a field as a whole has index -1.
func (doc *document) find(path string) (f field, index int, ok bool) {
	if i, ok := doc.byPath[path]; ok {
		return doc.fields[i], -1, true
	}
	start := strings.LastIndexByte(path, '[')
	if start < 0 || !strings.HasSuffix(path, "]") {
		return field{}, 0, false
	}
	index, err := strconv.Atoi(path[start+1 : len(path)-1])
	i, ok := doc.byPath[path[:start]]
	if err != nil || index < 0 || !ok || doc.fields[i].list == nil {
		return field{}, 0, false
	}
	return doc.fields[i], index, true
}

// value returns the text at path; a list as a whole is its items joined by newlines.
func (doc *document) value(path string) (string, bool) {
	f, index, ok := doc.find(path)
	switch {
	case !ok:
		return "", false
	case f.text != nil:
		return *f.text, true
	case index < 0:
		return strings.Join(*f.list, "\n"), true
	case index < len(*f.list):
		return (*f.list)[index], true
	}
	return "", false
}

func indexed(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// clone returns a deep copy with empty lists in place of nil ones.
func clone(d models.ResumeData) models.ResumeData {
	d.WorkExperience = copied(d.WorkExperience)
	for i := range d.WorkExperience {
		d.WorkExperience[i].Description = copied(d.WorkExperience[i].Description)
	}
	d.Education = copied(d.Education)
	d.PersonalProjects = copied(d.PersonalProjects)
	for i := range d.PersonalProjects {
		d.PersonalProjects[i].Description = copied(d.PersonalProjects[i].Description)
	}
	a := &d.Additional
	a.TechnicalSkills, a.Languages = copied(a.TechnicalSkills), copied(a.Languages)
	a.CertificationsTraining, a.Awards = copied(a.CertificationsTraining), copied(a.Awards)
	d.SectionMeta = copied(d.SectionMeta)
	sections := make(map[string]models.CustomSection, len(d.CustomSections))
	for key, s := range d.CustomSections {
		s.Items, s.Strings = slices.Clone(s.Items), slices.Clone(s.Strings)
		for i := range s.Items {
			s.Items[i].Description = copied(s.Items[i].Description)
		}
		sections[key] = s
	}
	d.CustomSections = sections
	return d
}

func copied[T any](list []T) []T { return append([]T{}, list...) }

// equal compares two résumés by what a client would see of them, so that nil and empty lists are the same.
func equal(a, b models.ResumeData) bool {
	ja, errA := json.Marshal(clone(a))
	jb, errB := json.Marshal(clone(b))
	return errA == nil && errB == nil && bytes.Equal(ja, jb)
}
