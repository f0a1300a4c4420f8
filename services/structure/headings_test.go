package structure

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestHeadingsInFourLanguages(t *testing.T) {
	for text, want := range map[string]headingKind{
		"Work Experience": headExperience, "BERUFSERFAHRUNG": headExperience, "Expérience professionnelle": headExperience, "Experiencia laboral": headExperience,
		"Education & Training": headEducation, "Ausbildung": headEducation, "FORMATION": headEducation, "Educación": headEducation,
		"Skills": headSkills, "Kenntnisse und Fähigkeiten": headSkills, "Compétences techniques": headSkills, "Habilidades": headSkills,
		"Sprachen": headLanguages, "Idiomas": headLanguages, "Langues": headLanguages,
		"E X P E R I E N C E": headExperience, "W O R K  E X P E R I E N C E": headExperience,
		"1. Experience": headExperience, "💼 Experience": headExperience, "Experience:": headExperience, "Experience (continued)": headExperience,
		"Licenses & Certifications": headCertificates, "Honors and Awards": headAwards, "Centres d’intérêt": headOther,
		"Lebenslauf": headTitle, "Über mich": headSummary,
		"Nexus AI": headNone, "Python, Go": headNone, "": headNone,
	} {
		t.Run(text, func(t *testing.T) { assert.Equal(t, want, loadHeadings().exact(text)) })
	}
}

func TestSectionsAreFoundHoweverHeadingsAreSet(t *testing.T) {
	const body = "Acme Inc.\nEngineer\n2019 – 2021\n- Built things\n"
	for name, markdown := range map[string]string{
		"marks":       "# Jane Doe\n\n## Experience\n" + body + "\n## Welcome to my page\nHello there, all of you.\n\n## Skills\nGo, Rust\n",
		"bold":        "**Jane Doe**\n\n**Experience**\n" + body + "\n**Welcome to my page**\nHello there, all of you.\n\n**Skills**\nGo, Rust\n",
		"capitals":    "Jane Doe\n\nEXPERIENCE\n" + body + "\nWELCOME TO MY PAGE\nHello there, all of you.\n\nSKILLS\nGo, Rust\n",
		"underlines":  "Jane Doe\n\nExperience\n----------\n" + body + "\nWelcome to my page\n------\nHello there, all of you.\n\nSkills\n------\nGo, Rust\n",
		"marks alone": "# Jane Doe\n# Experience\n" + body + "# Welcome to my page\nHello there, all of you.\n# Skills\nGo, Rust\n",
	} {
		t.Run(name, func(t *testing.T) {
			r := New(nil).Resume(markdown)
			checkStructure(t, markdown, r)
			assert.Equal(t, "Jane Doe", r.Data.PersonalInfo.Name)
			if assert.Len(t, r.Data.WorkExperience, 1) {
				assert.Equal(t, "Acme Inc.", r.Data.WorkExperience[0].Company)
				assert.Equal(t, []string{"Built things"}, r.Data.WorkExperience[0].Description)
			}
			assert.Equal(t, "Hello there, all of you.", r.Data.CustomSections["welcomeToMyPage"].Text)
			assert.Equal(t, []string{"Go", "Rust"}, r.Data.Additional.TechnicalSkills)
		})
	}
}

func TestSecondSectionOfAKindKeepsItsName(t *testing.T) {
	markdown := "# Jane Doe\n\n## Experience\n### Nurse\nExample Hospital | 2019 – 2021\n\n## Teaching Experience\n### Tutor\nExample School | 2017 – 2018\n\n" +
		"## Experience (continued)\n### Aide\nSample Clinic | 2015 – 2016\n"
	r := New(nil).Resume(markdown)
	checkStructure(t, markdown, r)
	assert.Len(t, r.Data.WorkExperience, 2)
	assert.Equal(t, "Tutor", r.Data.CustomSections["teachingExperience"].Items[0].Title)
}
