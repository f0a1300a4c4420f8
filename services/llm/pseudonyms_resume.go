package llm

import (
	"bytes"
	"encoding/json"
	"strings"

	"resume-matcher/models"
)

// HideResume returns a deep copy of d with Hide applied to every value; the keys and types of sections stay.
func (p *Pseudonyms) HideResume(d models.ResumeData) models.ResumeData { return mapped(d, p.Hide) }

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
