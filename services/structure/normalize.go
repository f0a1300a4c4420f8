package structure

import (
	"cmp"
	"slices"

	"resume-matcher/models"
)

// Normalize makes d what clients may rely on: lists that are never nil, ids that count from 1 within a section, and a
// sectionMeta that describes each default and each custom section once, with orders counted from 0.
func Normalize(d *models.ResumeData) {
	normalizeLists(d)
	if d.CustomSections == nil {
		d.CustomSections = map[string]models.CustomSection{}
	}
	for key, section := range d.CustomSections {
		section.SectionType = customType(section)
		for i := range section.Items {
			section.Items[i].ID = i + 1
			section.Items[i].Description = orEmpty(section.Items[i].Description)
		}
		d.CustomSections[key] = section
	}
	normalizeMeta(d)
}

func normalizeLists(d *models.ResumeData) {
	d.WorkExperience = orEmpty(d.WorkExperience)
	d.Education = orEmpty(d.Education)
	d.PersonalProjects = orEmpty(d.PersonalProjects)
	a := &d.Additional
	a.TechnicalSkills, a.Languages = orEmpty(a.TechnicalSkills), orEmpty(a.Languages)
	a.CertificationsTraining, a.Awards = orEmpty(a.CertificationsTraining), orEmpty(a.Awards)
	for i := range d.WorkExperience {
		d.WorkExperience[i].ID = i + 1
		d.WorkExperience[i].Description = orEmpty(d.WorkExperience[i].Description)
	}
	for i := range d.Education {
		d.Education[i].ID = i + 1
	}
	for i := range d.PersonalProjects {
		d.PersonalProjects[i].ID = i + 1
		d.PersonalProjects[i].Description = orEmpty(d.PersonalProjects[i].Description)
	}
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// customType corrects a type that contradicts the one field that is filled.
func customType(s models.CustomSection) models.SectionType {
	switch {
	case len(s.Items) > 0:
		return models.SectionItemList
	case len(s.Strings) > 0:
		return models.SectionStringList
	case s.Text != "":
		return models.SectionText
	}
	switch s.SectionType {
	case models.SectionItemList, models.SectionStringList, models.SectionText:
		return s.SectionType
	}
	return models.SectionText
}

func normalizeMeta(d *models.ResumeData) {
	defaults := models.DefaultSectionMeta()
	kept := make([]models.SectionMeta, 0, len(d.SectionMeta)+len(defaults))
	seen := map[string]bool{}
	slices.SortStableFunc(d.SectionMeta, func(a, b models.SectionMeta) int { return cmp.Compare(a.Order, b.Order) })
	for _, m := range d.SectionMeta {
		if seen[m.Key] || !fillMeta(&m, d.CustomSections, defaults) {
			continue
		}
		seen[m.Key] = true
		kept = append(kept, m)
	}
	for _, m := range defaults {
		if !seen[m.Key] {
			kept = append(kept, m)
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
		m := models.SectionMeta{Key: key, IsVisible: true}
		fillMeta(&m, d.CustomSections, defaults)
		kept = append(kept, m)
	}
	for i := range kept {
		kept[i].Order = i
	}
	d.SectionMeta = kept
}

// fillMeta completes m from the section it describes, and reports whether there is such a section.
func fillMeta(m *models.SectionMeta, custom map[string]models.CustomSection, defaults []models.SectionMeta) bool {
	if m.ID == "" {
		m.ID = m.Key
	}
	for _, known := range defaults {
		if known.Key != m.Key {
			continue
		}
		m.SectionType, m.IsDefault = known.SectionType, true
		if m.DisplayName == "" {
			m.DisplayName = known.DisplayName
		}
		return true
	}
	m.IsDefault = false
	if m.DisplayName == "" {
		m.DisplayName = m.Key
	}
	if section, ok := custom[m.Key]; ok {
		m.SectionType = section.SectionType
		return true
	}
	if _, ok := additionalMetaKind(m.Key); ok {
		m.SectionType = models.SectionStringList
		return true
	}
	return false
}
