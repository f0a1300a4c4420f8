package structure

import (
	"cmp"
	"slices"
	"strconv"

	"resume-matcher/models"
)

// Walk calls visit for every text value of d that is not empty, in reading order: personal data first, then the
// sections as sectionMeta orders them, those it does not name at the end. Names and keys of sections are no values.
func Walk(d models.ResumeData, visit func(path, text string)) {
	w := walker{visit: visit}
	w.personal(d.PersonalInfo)
	seen := map[string]bool{}
	metas := slices.Clone(d.SectionMeta)
	slices.SortStableFunc(metas, func(a, b models.SectionMeta) int { return cmp.Compare(a.Order, b.Order) })
	for _, m := range append(metas, models.DefaultSectionMeta()...) {
		if !seen[m.Key] {
			seen[m.Key] = true
			w.section(d, m.Key)
		}
	}
	keys := make([]string, 0, len(d.CustomSections))
	for key := range d.CustomSections {
		if !seen[key] {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		w.section(d, key)
	}
}

// Empty reports whether d holds no text value at all.
func Empty(d models.ResumeData) bool {
	empty := true
	Walk(d, func(string, string) { empty = false })
	return empty
}

type walker struct {
	visit func(path, text string)
	// additional is set once the lists of Additional were visited, which more than one meta entry can name.
	additional [listCount]bool
}

func (w *walker) value(path, text string) {
	if text != "" {
		w.visit(path, text)
	}
}

func (w *walker) list(path string, texts []string) {
	for i, text := range texts {
		w.value(path+"["+strconv.Itoa(i)+"]", text)
	}
}

func (w *walker) personal(p models.PersonalInfo) {
	for _, f := range personalFields(&p) {
		w.value("personalInfo."+f.name, *f.value)
	}
}

func (w *walker) section(d models.ResumeData, key string) {
	switch key {
	case "personalInfo":
	case "summary":
		w.value(key, d.Summary)
	case "workExperience":
		w.experience(d.WorkExperience)
	case "education":
		w.education(d.Education)
	case "personalProjects":
		w.projects(d.PersonalProjects)
	case "additional":
		for kind := range listCount {
			if kind == listSkills || !slices.ContainsFunc(d.SectionMeta, func(m models.SectionMeta) bool { return m.Key == kind.metaKey() }) {
				w.additionalList(d, kind)
			}
		}
	default:
		if kind, ok := additionalMetaKind(key); ok {
			w.additionalList(d, kind)
		}
		w.custom(key, d.CustomSections[key])
	}
}

func (w *walker) additionalList(d models.ResumeData, kind listKind) {
	if !w.additional[kind] {
		w.additional[kind] = true
		w.list("additional."+kind.field(), *kind.of(&d.Additional))
	}
}

func (w *walker) experience(items []models.Experience) {
	for i, e := range items {
		path := "workExperience[" + strconv.Itoa(i) + "]"
		w.value(path+".title", e.Title)
		w.value(path+".company", e.Company)
		w.value(path+".location", e.Location)
		w.value(path+".years", e.Years)
		w.list(path+".description", e.Description)
	}
}

func (w *walker) education(items []models.Education) {
	for i, e := range items {
		path := "education[" + strconv.Itoa(i) + "]"
		w.value(path+".institution", e.Institution)
		w.value(path+".degree", e.Degree)
		w.value(path+".years", e.Years)
		w.value(path+".description", e.Description)
	}
}

func (w *walker) projects(items []models.Project) {
	for i, p := range items {
		path := "personalProjects[" + strconv.Itoa(i) + "]"
		w.value(path+".name", p.Name)
		w.value(path+".role", p.Role)
		w.value(path+".years", p.Years)
		w.value(path+".github", p.GitHub)
		w.value(path+".website", p.Website)
		w.list(path+".description", p.Description)
	}
}

func (w *walker) custom(key string, s models.CustomSection) {
	path := "customSections." + key
	w.value(path+".text", s.Text)
	w.list(path+".strings", s.Strings)
	for i, item := range s.Items {
		itemPath := path + ".items[" + strconv.Itoa(i) + "]"
		w.value(itemPath+".title", item.Title)
		w.value(itemPath+".subtitle", item.Subtitle)
		w.value(itemPath+".location", item.Location)
		w.value(itemPath+".years", item.Years)
		w.list(itemPath+".description", item.Description)
	}
}

// personalField is one field of PersonalInfo by its JSON name.
type personalField struct {
	name  string
	value *string
}

func personalFields(p *models.PersonalInfo) []personalField {
	return []personalField{
		{"name", &p.Name}, {"title", &p.Title}, {"email", &p.Email}, {"phone", &p.Phone}, {"location", &p.Location},
		{"website", &p.Website}, {"linkedin", &p.LinkedIn}, {"github", &p.GitHub},
	}
}
