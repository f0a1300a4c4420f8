package llm

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/structure"
)

// HideResume returns a deep copy of d with Hide applied to every value, and with neutral keys for its custom sections,
// as theirs come from headings, which may name the person: section1, section2. RestorePath takes them back.
func (p *Pseudonyms) HideResume(d models.ResumeData) models.ResumeData {
	d = mapped(d, p.Hide)
	neutral := p.hideSections(d.CustomSections)
	sections := make(map[string]models.CustomSection, len(d.CustomSections))
	for key, section := range d.CustomSections {
		sections[neutral[key]] = section
	}
	if d.CustomSections != nil {
		d.CustomSections = sections
	}
	for i := range d.SectionMeta {
		if key, ok := neutral[d.SectionMeta[i].Key]; ok {
			d.SectionMeta[i].Key, d.SectionMeta[i].ID = key, key
		}
	}
	return d
}

// hideSections returns the neutral key of each section; those the program gives its own sections stay.
func (p *Pseudonyms) hideSections(sections map[string]models.CustomSection) map[string]string {
	neutral := make(map[string]string, len(sections))
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, key := range slices.Sorted(maps.Keys(sections)) {
		neutral[key] = "section" + strconv.Itoa(i+1)
		if key == structure.MarginaliaKey || key == structure.SkillGroupsKey {
			neutral[key] = key
		}
		p.sections[neutral[key]] = key
	}
	return neutral
}

// RestorePath returns a path of a model's answer as it is in the résumé that HideResume hid.
func (p *Pseudonyms) RestorePath(path string) string {
	const prefix = "customSections."
	path = p.Restore(path)
	rest, ok := strings.CutPrefix(path, prefix)
	if !ok {
		return path
	}
	key, tail := rest, ""
	if end := strings.IndexAny(rest, ".["); end >= 0 {
		key, tail = rest[:end], rest[end:]
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if original, known := p.sections[key]; known {
		return prefix + original + tail
	}
	return path
}

// RestoreJSON applies Restore to every text of a JSON answer. A failure is an *Error with FailureInvalid.
func (p *Pseudonyms) RestoreJSON(answer string) (string, error) {
	if err := checkJSON(answer); err != nil {
		return "", &Error{Failure: FailureInvalid, cause: err}
	}
	decoder := json.NewDecoder(strings.NewReader(answer))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return "", &Error{Failure: FailureInvalid, cause: errSyntax}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(mappedJSON(value, p.Restore)); err != nil {
		return "", &Error{Failure: FailureInvalid, cause: err}
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// mappedJSON applies f to the texts of a decoded JSON value, which it changes in place.
func mappedJSON(value any, f func(string) string) any {
	switch value := value.(type) {
	case string:
		return f(value)
	case []any:
		for i := range value {
			value[i] = mappedJSON(value[i], f)
		}
	case map[string]any:
		for key := range value {
			value[key] = mappedJSON(value[key], f)
		}
	}
	return value
}

// mapped returns a deep copy of d with f applied to every value.
func mapped(d models.ResumeData, f func(string) string) models.ResumeData {
	apply := func(texts ...*string) {
		for _, t := range texts {
			*t = f(*t)
		}
	}
	info := &d.PersonalInfo
	apply(&info.Name, &info.Title, &info.Email, &info.Phone, &info.Location, &info.Website, &info.LinkedIn, &info.GitHub, &d.Summary)
	d.WorkExperience = each(d.WorkExperience, func(e *models.Experience) {
		apply(&e.Title, &e.Company, &e.Location, &e.Years)
		e.Description = texts(e.Description, f)
	})
	d.Education = each(d.Education, func(e *models.Education) { apply(&e.Institution, &e.Degree, &e.Years, &e.Description) })
	d.PersonalProjects = each(d.PersonalProjects, func(p *models.Project) {
		apply(&p.Name, &p.Role, &p.Years, &p.GitHub, &p.Website)
		p.Description = texts(p.Description, f)
	})
	a := &d.Additional
	a.TechnicalSkills, a.Languages = texts(a.TechnicalSkills, f), texts(a.Languages, f)
	a.CertificationsTraining, a.Awards = texts(a.CertificationsTraining, f), texts(a.Awards, f)
	d.SectionMeta = each(d.SectionMeta, func(m *models.SectionMeta) { apply(&m.DisplayName) })
	d.CustomSections = mappedSections(d.CustomSections, f)
	return d
}

func mappedSections(sections map[string]models.CustomSection, f func(string) string) map[string]models.CustomSection {
	if sections == nil {
		return nil
	}
	result := make(map[string]models.CustomSection, len(sections))
	for key, s := range sections {
		s.Text, s.Strings = f(s.Text), texts(s.Strings, f)
		s.Items = each(s.Items, func(item *models.CustomItem) {
			item.Title, item.Subtitle, item.Location, item.Years = f(item.Title), f(item.Subtitle), f(item.Location), f(item.Years)
			item.Description = texts(item.Description, f)
		})
		result[key] = s
	}
	return result
}

// each returns a copy of list with f applied to its items; a nil list stays nil.
func each[T any](list []T, f func(*T)) []T {
	if list == nil {
		return nil
	}
	result := append([]T{}, list...)
	for i := range result {
		f(&result[i])
	}
	return result
}

func texts(list []string, f func(string) string) []string {
	return each(list, func(s *string) { *s = f(*s) })
}
