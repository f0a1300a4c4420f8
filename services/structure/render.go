package structure

import (
	"cmp"
	"slices"
	"strings"

	"resume-matcher/models"
)

// Render writes a structured résumé as Markdown in the form package documents describes: "# " before the name, "## "
// before sections, "### " before entries, " | " between the cells of a line and "- " before list items. Sections come
// in the order and under the names of sectionMeta; those that are hidden or empty are left out.
func Render(d models.ResumeData) string {
	d = cloneForRender(d)
	var w markdownWriter
	w.personal(d.PersonalInfo)
	metas := slices.Clone(d.SectionMeta)
	slices.SortStableFunc(metas, func(a, b models.SectionMeta) int { return cmp.Compare(a.Order, b.Order) })
	for _, m := range metas {
		if m.IsVisible {
			w.section(&d, m)
		}
	}
	return w.out.String()
}

// cloneForRender normalizes a copy, so that Render leaves its argument as it was.
func cloneForRender(d models.ResumeData) models.ResumeData {
	d.SectionMeta = slices.Clone(d.SectionMeta)
	d.WorkExperience = slices.Clone(d.WorkExperience)
	d.Education = slices.Clone(d.Education)
	d.PersonalProjects = slices.Clone(d.PersonalProjects)
	custom := make(map[string]models.CustomSection, len(d.CustomSections))
	for key, section := range d.CustomSections {
		section.Items = slices.Clone(section.Items)
		custom[key] = section
	}
	d.CustomSections = custom
	Normalize(&d)
	return d
}

// markdownWriter writes blocks with empty lines between them.
type markdownWriter struct {
	out strings.Builder
}

func (w *markdownWriter) line(text string) {
	w.out.WriteString(text)
	w.out.WriteByte('\n')
}

func (w *markdownWriter) gap() {
	if w.out.Len() > 0 {
		w.out.WriteByte('\n')
	}
}

// cells writes the values that are not empty as one line.
func (w *markdownWriter) cells(prefix string, values ...string) {
	if text := joinCells(values...); text != "" {
		w.line(prefix + text)
	}
}

func joinCells(values ...string) string {
	kept := make([]string, 0, len(values))
	for _, v := range values {
		if v = oneLine(v); v != "" {
			kept = append(kept, v)
		}
	}
	return strings.Join(kept, " | ")
}

// oneLine keeps a value from breaking the line it is written on.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func (w *markdownWriter) personal(p models.PersonalInfo) {
	if p.Name != "" {
		w.line("# " + oneLine(p.Name))
		w.gap()
	}
	w.cells("", p.Title)
	w.cells("", p.Email, p.Phone, p.Location, p.Website, p.LinkedIn, p.GitHub)
}

func (w *markdownWriter) heading(m models.SectionMeta) {
	w.gap()
	w.line("## " + oneLine(m.DisplayName))
	w.gap()
}

func (w *markdownWriter) bullets(values []string) {
	for _, v := range values {
		if v = oneLine(v); v != "" {
			w.line("- " + v)
		}
	}
}

func (w *markdownWriter) section(d *models.ResumeData, m models.SectionMeta) {
	switch m.Key {
	case "personalInfo":
	case "summary":
		w.text(m, d.Summary)
	case "workExperience":
		w.experience(m, d.WorkExperience)
	case "education":
		w.education(m, d.Education)
	case "personalProjects":
		w.projects(m, d.PersonalProjects)
	case "additional":
		w.additional(d, m)
	default:
		if kind, ok := additionalMetaKind(m.Key); ok {
			if m.Key == kind.metaKey() && kind != listSkills {
				w.list(m, *kind.of(&d.Additional))
			}
			return
		}
		w.custom(m, d.CustomSections[m.Key])
	}
}

// additional writes the skills, and the lists that have no sectionMeta entry of their own.
func (w *markdownWriter) additional(d *models.ResumeData, m models.SectionMeta) {
	w.list(m, d.Additional.TechnicalSkills)
	for kind := listLanguages; kind < listCount; kind++ {
		named := slices.ContainsFunc(d.SectionMeta, func(other models.SectionMeta) bool { return other.Key == kind.metaKey() })
		if !named {
			w.list(models.SectionMeta{DisplayName: kind.title()}, *kind.of(&d.Additional))
		}
	}
}

func (w *markdownWriter) list(m models.SectionMeta, values []string) {
	if len(values) > 0 {
		w.heading(m)
		w.bullets(values)
	}
}

func (w *markdownWriter) text(m models.SectionMeta, text string) {
	if strings.TrimSpace(text) != "" {
		w.heading(m)
		w.line(strings.TrimSpace(text))
	}
}

func (w *markdownWriter) experience(m models.SectionMeta, items []models.Experience) {
	if len(items) == 0 {
		return
	}
	w.heading(m)
	for i, e := range items {
		w.entry(i, e.Title, []string{e.Company, e.Location, e.Years}, e.Description)
	}
}

// entry writes a heading, a line of cells and bullets.
func (w *markdownWriter) entry(i int, title string, cells, description []string) {
	if i > 0 {
		w.gap()
	}
	if title == "" {
		w.cells("### ", cells...)
	} else {
		w.cells("### ", title)
		w.cells("", cells...)
	}
	w.bullets(description)
}

func (w *markdownWriter) education(m models.SectionMeta, items []models.Education) {
	if len(items) == 0 {
		return
	}
	w.heading(m)
	for i, e := range items {
		var description []string
		if e.Description != "" {
			description = strings.Split(e.Description, "\n")
		}
		w.entry(i, e.Degree, []string{e.Institution, e.Years}, description)
	}
}

func (w *markdownWriter) projects(m models.SectionMeta, items []models.Project) {
	if len(items) == 0 {
		return
	}
	w.heading(m)
	for i, p := range items {
		w.entry(i, p.Name, []string{p.Role, p.Years, p.GitHub, p.Website}, p.Description)
	}
}

func (w *markdownWriter) custom(m models.SectionMeta, s models.CustomSection) {
	switch s.SectionType {
	case models.SectionText:
		w.text(m, s.Text)
	case models.SectionStringList:
		w.list(m, s.Strings)
	case models.SectionItemList:
		if len(s.Items) == 0 {
			return
		}
		w.heading(m)
		for i, item := range s.Items {
			w.entry(i, item.Title, []string{item.Subtitle, item.Location, item.Years}, item.Description)
		}
	}
}
