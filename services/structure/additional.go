package structure

import (
	"strings"

	"resume-matcher/models"
)

// listKind is one of the lists of models.Additional.
type listKind int

const (
	listSkills listKind = iota
	listLanguages
	listCertificates
	listAwards
	listCount
)

// field returns the list's JSON name.
func (k listKind) field() string {
	return [listCount]string{"technicalSkills", "languages", "certificationsTraining", "awards"}[k]
}

// title is the heading of a list that no sectionMeta entry names.
func (k listKind) title() string {
	return [listCount]string{"Skills", "Languages", "Certifications", "Awards"}[k]
}

func (k listKind) of(a *models.Additional) *[]string {
	return [listCount]*[]string{&a.TechnicalSkills, &a.Languages, &a.CertificationsTraining, &a.Awards}[k]
}

// metaKey is the sectionMeta key of a heading of this list beside that of "additional" itself: a résumé often has
// its languages and certificates under headings of their own, which the six default sections can't name.
func (k listKind) metaKey() string { return "additional." + k.field() }

// additionalMetaKind returns the list that a sectionMeta key made by metaKey names.
func additionalMetaKind(key string) (listKind, bool) {
	name, ok := strings.CutPrefix(key, "additional.")
	if !ok {
		return 0, false
	}
	name, _, _ = strings.Cut(name, ".")
	for kind := range listCount {
		if kind.field() == name {
			return kind, true
		}
	}
	return 0, false
}
