package models

// ResumeData is a résumé's structure, in the JSON form the frontends rely on.
type ResumeData struct {
	PersonalInfo     PersonalInfo             `json:"personalInfo"`
	Summary          string                   `json:"summary"`
	WorkExperience   []Experience             `json:"workExperience"`
	Education        []Education              `json:"education"`
	PersonalProjects []Project                `json:"personalProjects"`
	Additional       Additional               `json:"additional"`
	SectionMeta      []SectionMeta            `json:"sectionMeta"`
	CustomSections   map[string]CustomSection `json:"customSections"`
}

// ResumePatch is an edit of a résumé: a section that is absent stays as it is, one that is present is replaced.
type ResumePatch struct {
	PersonalInfo     *PersonalInfo             `json:"personalInfo,omitempty"`
	Summary          *string                   `json:"summary,omitempty"`
	WorkExperience   *[]Experience             `json:"workExperience,omitempty"`
	Education        *[]Education              `json:"education,omitempty"`
	PersonalProjects *[]Project                `json:"personalProjects,omitempty"`
	Additional       *Additional               `json:"additional,omitempty"`
	SectionMeta      *[]SectionMeta            `json:"sectionMeta,omitempty"`
	CustomSections   *map[string]CustomSection `json:"customSections,omitempty"`
}

// Empty tells whether the edit names no section.
func (p ResumePatch) Empty() bool { return p == ResumePatch{} }

// Apply returns d with the sections of the edit in place of its own.
func (p ResumePatch) Apply(d ResumeData) ResumeData {
	replace(&d.PersonalInfo, p.PersonalInfo)
	replace(&d.Summary, p.Summary)
	replace(&d.WorkExperience, p.WorkExperience)
	replace(&d.Education, p.Education)
	replace(&d.PersonalProjects, p.PersonalProjects)
	replace(&d.Additional, p.Additional)
	replace(&d.SectionMeta, p.SectionMeta)
	replace(&d.CustomSections, p.CustomSections)
	return d
}

func replace[T any](target, value *T) {
	if value != nil {
		*target = *value
	}
}

// PersonalInfo is who the person is and how to reach them.
type PersonalInfo struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Email    string `json:"email"`
	Phone    string `json:"phone"`
	Location string `json:"location"`
	Website  string `json:"website,omitempty"`
	LinkedIn string `json:"linkedin,omitempty"`
	GitHub   string `json:"github,omitempty"`
}

// Experience is one position; Years is the period as the résumé writes it.
type Experience struct {
	ID          int      `json:"id"`
	Title       string   `json:"title"`
	Company     string   `json:"company"`
	Location    string   `json:"location,omitempty"`
	Years       string   `json:"years"`
	Description []string `json:"description"`
}

// Education is one degree or school.
type Education struct {
	ID          int    `json:"id"`
	Institution string `json:"institution"`
	Degree      string `json:"degree"`
	Years       string `json:"years"`
	Description string `json:"description,omitempty"`
}

// Project is one project of the person's own.
type Project struct {
	ID          int      `json:"id"`
	Name        string   `json:"name"`
	Role        string   `json:"role"`
	Years       string   `json:"years"`
	GitHub      string   `json:"github,omitempty"`
	Website     string   `json:"website,omitempty"`
	Description []string `json:"description"`
}

// Additional holds the lists of single entries.
type Additional struct {
	TechnicalSkills        []string `json:"technicalSkills"`
	Languages              []string `json:"languages"`
	CertificationsTraining []string `json:"certificationsTraining"`
	Awards                 []string `json:"awards"`
}

// SectionType tells which shape a section has.
type SectionType string

// The shapes of a section.
const (
	SectionPersonalInfo SectionType = "personalInfo"
	SectionText         SectionType = "text"
	SectionItemList     SectionType = "itemList"
	SectionStringList   SectionType = "stringList"
)

// SectionMeta describes a section's name and place; Order counts from 0 in the order of the document.
type SectionMeta struct {
	ID          string      `json:"id"`
	Key         string      `json:"key"`
	DisplayName string      `json:"displayName"`
	SectionType SectionType `json:"sectionType"`
	IsDefault   bool        `json:"isDefault"`
	IsVisible   bool        `json:"isVisible"`
	Order       int         `json:"order"`
}

// CustomSection keeps what fits no default section; one of Items, Strings and Text is filled, as SectionType says.
type CustomSection struct {
	SectionType SectionType  `json:"sectionType"`
	Items       []CustomItem `json:"items,omitempty"`
	Strings     []string     `json:"strings,omitempty"`
	Text        string       `json:"text,omitempty"`
}

// CustomItem is one entry of a custom section.
type CustomItem struct {
	ID          int      `json:"id"`
	Title       string   `json:"title"`
	Subtitle    string   `json:"subtitle,omitempty"`
	Location    string   `json:"location,omitempty"`
	Years       string   `json:"years"`
	Description []string `json:"description"`
}

// Source tells where the value at Path came from and how sure its reading is.
type Source struct {
	// Path is as in "workExperience[0].description[2]" or "customSections.hobbies.strings[0]".
	Path string `json:"path"`
	// Start and End are byte offsets into the Markdown, End exclusive.
	Start int `json:"start"`
	End   int `json:"end"`
	// Line counts from 1.
	Line int `json:"line"`
	// Confidence runs from 0 to 1; 1 is a value the person wrote or confirmed.
	Confidence float64 `json:"confidence"`
}

// DefaultSectionMeta returns the default sections in their order.
func DefaultSectionMeta() []SectionMeta {
	return []SectionMeta{
		{ID: "personalInfo", Key: "personalInfo", DisplayName: "Personal Info", SectionType: SectionPersonalInfo, IsDefault: true, IsVisible: true, Order: 0},
		{ID: "summary", Key: "summary", DisplayName: "Summary", SectionType: SectionText, IsDefault: true, IsVisible: true, Order: 1},
		{ID: "workExperience", Key: "workExperience", DisplayName: "Experience", SectionType: SectionItemList, IsDefault: true, IsVisible: true, Order: 2},
		{ID: "education", Key: "education", DisplayName: "Education", SectionType: SectionItemList, IsDefault: true, IsVisible: true, Order: 3},
		{ID: "personalProjects", Key: "personalProjects", DisplayName: "Projects", SectionType: SectionItemList, IsDefault: true, IsVisible: true, Order: 4},
		{ID: "additional", Key: "additional", DisplayName: "Skills & Awards", SectionType: SectionStringList, IsDefault: true, IsVisible: true, Order: 5},
	}
}
