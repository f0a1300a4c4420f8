package llm

import (
	"slices"
	"strconv"
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/structure"
)

// ResumeAnswer is a résumé as a model structures it; a text the document doesn't have is "", a list [].
type ResumeAnswer struct {
	PersonalInfo     PersonalAnswer     `json:"personalInfo"`
	Summary          string             `json:"summary" doc:"The profile or summary paragraph, word for word; empty if the document has none."`
	WorkExperience   []ExperienceAnswer `json:"workExperience" doc:"Every position, in the order of the document."`
	Education        []EducationAnswer  `json:"education" doc:"Every degree, school or vocational training, in the order of the document."`
	PersonalProjects []ProjectAnswer    `json:"personalProjects" doc:"Projects that are listed apart from the positions."`
	Additional       AdditionalAnswer   `json:"additional"`
	Other            []SectionAnswer    `json:"other" doc:"Every section that fits none of the fields above, such as interests, volunteering or publications."`
}

// PersonalAnswer is the contact data of a ResumeAnswer.
type PersonalAnswer struct {
	Name     string `json:"name" doc:"The person's full name."`
	Title    string `json:"title" doc:"The professional headline below the name; empty if there is none. Not the title of a position."`
	Email    string `json:"email"`
	Phone    string `json:"phone" doc:"As written."`
	Location string `json:"location" doc:"Where the person lives, as written."`
	Website  string `json:"website" doc:"A personal site or portfolio."`
	LinkedIn string `json:"linkedin" doc:"Address of the LinkedIn profile."`
	GitHub   string `json:"github" doc:"Address of the GitHub profile."`
}

// ExperienceAnswer is one position of a ResumeAnswer.
type ExperienceAnswer struct {
	Title       string   `json:"title" doc:"The position's title, word for word."`
	Company     string   `json:"company" doc:"The employer, word for word."`
	Location    string   `json:"location"`
	Years       string   `json:"years" doc:"The period exactly as written, such as 'Mar 2019 – present'."`
	Description []string `json:"description" doc:"One item for each bullet or sentence about this position, word for word."`
}

// EducationAnswer is one degree or school of a ResumeAnswer.
type EducationAnswer struct {
	Institution string `json:"institution"`
	Degree      string `json:"degree" doc:"Degree and subject, word for word."`
	Years       string `json:"years" doc:"The period exactly as written."`
	Description string `json:"description" doc:"Grade, thesis and courses, word for word."`
}

// ProjectAnswer is one project of a ResumeAnswer.
type ProjectAnswer struct {
	Name        string   `json:"name"`
	Role        string   `json:"role"`
	Years       string   `json:"years" doc:"The period exactly as written."`
	GitHub      string   `json:"github" doc:"Address of the source code."`
	Website     string   `json:"website"`
	Description []string `json:"description" doc:"One item for each bullet or sentence, word for word."`
}

// AdditionalAnswer holds the lists of a ResumeAnswer.
type AdditionalAnswer struct {
	TechnicalSkills        []string `json:"technicalSkills" doc:"One skill, tool or method an item, only those the document lists as skills."`
	Languages              []string `json:"languages" doc:"Spoken languages with their level, as written."`
	CertificationsTraining []string `json:"certificationsTraining" doc:"Certificates, licences and courses, one an item."`
	Awards                 []string `json:"awards"`
}

// SectionAnswer is a section of a ResumeAnswer that has no field of its own.
type SectionAnswer struct {
	Heading string   `json:"heading" doc:"The section's heading, word for word."`
	Lines   []string `json:"lines" doc:"The section's lines, word for word."`
}

// Data returns the answer as a normalized résumé; other sections become custom ones, keyed by their heading.
func (a ResumeAnswer) Data() models.ResumeData {
	p := a.PersonalInfo
	d := models.ResumeData{
		PersonalInfo: models.PersonalInfo{
			Name: trim(p.Name), Title: trim(p.Title), Email: trim(p.Email), Phone: trim(p.Phone),
			Location: trim(p.Location), Website: trim(p.Website), LinkedIn: trim(p.LinkedIn), GitHub: trim(p.GitHub),
		},
		Summary: trim(a.Summary),
		Additional: models.Additional{
			TechnicalSkills: filled(a.Additional.TechnicalSkills), Languages: filled(a.Additional.Languages),
			CertificationsTraining: filled(a.Additional.CertificationsTraining), Awards: filled(a.Additional.Awards),
		},
		SectionMeta:    models.DefaultSectionMeta(),
		CustomSections: map[string]models.CustomSection{},
	}
	for _, e := range a.WorkExperience {
		d.WorkExperience = append(d.WorkExperience, models.Experience{
			Title: trim(e.Title), Company: trim(e.Company), Location: trim(e.Location), Years: trim(e.Years), Description: filled(e.Description),
		})
	}
	for _, e := range a.Education {
		d.Education = append(d.Education, models.Education{
			Institution: trim(e.Institution), Degree: trim(e.Degree), Years: trim(e.Years), Description: trim(e.Description),
		})
	}
	for _, e := range a.PersonalProjects {
		d.PersonalProjects = append(d.PersonalProjects, models.Project{
			Name: trim(e.Name), Role: trim(e.Role), Years: trim(e.Years), GitHub: trim(e.GitHub), Website: trim(e.Website), Description: filled(e.Description),
		})
	}
	a.addSections(&d)
	structure.Normalize(&d)
	return d
}

func (a ResumeAnswer) addSections(d *models.ResumeData) {
	for _, s := range a.Other {
		lines := filled(s.Lines)
		if len(lines) == 0 {
			continue
		}
		key := sectionKey(s.Heading, d.CustomSections)
		d.CustomSections[key] = models.CustomSection{SectionType: models.SectionStringList, Strings: lines}
		d.SectionMeta = append(d.SectionMeta, models.SectionMeta{
			ID: key, Key: key, DisplayName: trim(s.Heading), SectionType: models.SectionStringList, IsVisible: true, Order: len(d.SectionMeta),
		})
	}
}

// JobAnswer is a posting as a model structures it; a text the posting doesn't have is "", a list [].
type JobAnswer struct {
	JobTitle             string               `json:"job_title" doc:"The position's title, without place, (m/f/d) or reference number."`
	CompanyProfile       CompanyAnswer        `json:"company_profile"`
	Location             LocationAnswer       `json:"location"`
	DatePosted           string               `json:"date_posted" doc:"As written."`
	EmploymentType       string               `json:"employment_type" doc:"As written, such as 'full-time, permanent'."`
	JobSummary           string               `json:"job_summary" doc:"What the position is about, one or two sentences of the posting."`
	KeyResponsibilities  []string             `json:"key_responsibilities" doc:"One task an item, as worded."`
	Qualifications       QualificationsAnswer `json:"qualifications"`
	CompensationBenefits []string             `json:"compensation_and_benefits" doc:"Pay and benefits, one an item, as worded."`
	ApplicationInfo      ApplicationAnswer    `json:"application_info"`
	ExtractedKeywords    []string             `json:"extracted_keywords" doc:"At most 40 skills, tools, methods, certificates and domain terms by which an applicant would be searched, each as the posting spells it, the most important first. No employer names, benefits or filler words."`
	MinExperienceYears   float64              `json:"min_experience_years" doc:"The least years of experience the posting demands; 0 if it names none."`
	RequiredLanguages    []string             `json:"required_languages" doc:"Spoken languages the posting demands, one an item, with the level if it names one."`
}

// CompanyAnswer is the employer of a JobAnswer.
type CompanyAnswer struct {
	Name        string `json:"companyName"`
	Industry    string `json:"industry"`
	Website     string `json:"website"`
	Description string `json:"description" doc:"What the posting says of the employer, one or two of its sentences."`
}

// LocationAnswer is the place of work of a JobAnswer.
type LocationAnswer struct {
	City       string `json:"city"`
	State      string `json:"state"`
	Country    string `json:"country" doc:"Only if the posting names it."`
	RemoteType string `json:"remoteStatus" doc:"What the posting says of remote work, as worded."`
	Text       string `json:"text" doc:"The place of work as written."`
}

// QualificationsAnswer are the requirements of a JobAnswer.
type QualificationsAnswer struct {
	Required  []string `json:"required" doc:"What an applicant must have, one requirement an item, as worded."`
	Preferred []string `json:"preferred" doc:"What is welcome but not demanded ('nice to have', 'a plus', 'von Vorteil'), one an item, as worded."`
}

// ApplicationAnswer is how to apply, in a JobAnswer.
type ApplicationAnswer struct {
	HowToApply string `json:"how_to_apply"`
	ApplyLink  string `json:"apply_link"`
	Email      string `json:"contact_email"`
	Deadline   string `json:"application_deadline" doc:"As written."`
}

// Data returns the answer as a posting; ProcessedAt is left to the caller.
func (a JobAnswer) Data() models.JobData {
	return models.JobData{
		JobTitle: trim(a.JobTitle),
		CompanyProfile: models.CompanyProfile{
			Name: trim(a.CompanyProfile.Name), Industry: trim(a.CompanyProfile.Industry),
			Website: trim(a.CompanyProfile.Website), Description: trim(a.CompanyProfile.Description),
		},
		Location: models.JobLocation{
			City: trim(a.Location.City), State: trim(a.Location.State), Country: trim(a.Location.Country),
			RemoteType: trim(a.Location.RemoteType), Text: trim(a.Location.Text),
		},
		DatePosted: trim(a.DatePosted), EmploymentType: trim(a.EmploymentType), JobSummary: trim(a.JobSummary),
		KeyResponsibilities:  filled(a.KeyResponsibilities),
		Qualifications:       models.Qualifications{Required: filled(a.Qualifications.Required), Preferred: filled(a.Qualifications.Preferred)},
		CompensationBenefits: filled(a.CompensationBenefits),
		ApplicationInfo: models.ApplyInfo{
			HowToApply: trim(a.ApplicationInfo.HowToApply), ApplyLink: trim(a.ApplicationInfo.ApplyLink),
			Email: trim(a.ApplicationInfo.Email), Deadline: trim(a.ApplicationInfo.Deadline),
		},
		ExtractedKeywords:     filled(a.ExtractedKeywords),
		MinExperienceYears:    max(a.MinExperienceYears, 0),
		RequiredLanguageNames: filled(a.RequiredLanguages),
	}
}

// TailoringAnswer is a model's proposal to tailor a résumé.
type TailoringAnswer struct {
	Changes []ProposedChange `json:"changes"`
}

// The actions of ProposedChange.Action.
const (
	ActionReplace  = "replace"
	ActionAppend   = "append"
	ActionReorder  = "reorder"
	ActionAddSkill = "add_skill"
)

// ProposedChange is one edit of a structured résumé, as a model proposes it.
type ProposedChange struct {
	// Path is as models.Change.FieldPath: of a text for replace, of a list for the other actions.
	Path     string `json:"path" doc:"The path exactly as listed, of a text for replace, of a list for append, reorder and add_skill."`
	Action   string `json:"action" binding:"oneof=replace append reorder add_skill"`
	Original string `json:"original" doc:"For replace the current text at the path, word for word; else empty."`
	// Value is the new text; for reorder the list's items in their new order, one a line.
	Value  string `json:"value" doc:"The new text; for reorder all items of the list in their new order, one a line."`
	Reason string `json:"reason" doc:"One short sentence: which requirement of the posting this serves, and where the résumé supports it."`
}

// LetterAnswer is a cover letter or a message.
type LetterAnswer struct {
	Content string `json:"content" doc:"The whole text, paragraphs parted by an empty line."`
}

func trim(s string) string { return strings.TrimSpace(s) }

// filled returns the items that hold text; it is never nil.
func filled(items []string) []string {
	kept := make([]string, 0, len(items))
	for _, item := range items {
		if item = trim(item); item != "" {
			kept = append(kept, item)
		}
	}
	return kept
}

// sectionKey makes a key in camel case of a heading's words, unlike any in taken and any with a meaning of its own.
func sectionKey(heading string, taken map[string]models.CustomSection) string {
	words := strings.FieldsFunc(fold(heading), func(r rune) bool { return !isAlphanumeric(r) })
	var base string
	for i, word := range words {
		if i > 0 {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		base += word
	}
	if len(base) > longestKey || base == "" || slices.Contains(reservedKeys(), base) {
		base = "section"
	}
	key := base
	for i := 2; taken[key].SectionType != ""; i++ {
		key = base + strconv.Itoa(i)
	}
	return key
}

const longestKey = 40

// reservedKeys are those of sections that mean something to the program.
func reservedKeys() []string {
	keys := []string{structure.MarginaliaKey, structure.SkillGroupsKey, "unplaced"}
	for _, m := range models.DefaultSectionMeta() {
		keys = append(keys, m.Key)
	}
	return keys
}

func isAlphanumeric(r rune) bool { return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' }
