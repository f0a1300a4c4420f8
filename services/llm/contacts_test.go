package llm

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"resume-matcher/models"
)

func TestContactsOfAPostingAreFound(t *testing.T) {
	for posting, want := range map[string][]string{
		"Please apply to Ms. Quillfeather by May.":                        {"Quillfeather"},
		"Questions? Mr Odran Vantongeren is happy to help.":               {"Odran Vantongeren"},
		"Ihre Ansprechpartnerin ist Frau Dr. Jana Federkiel.":             {"Jana Federkiel"},
		"Ansprechpartner: Herr Falk von der Aue, Telefon 030":             {"Falk von der Aue"},
		"Contact: Dana Quillfeather, HR":                                  {"Dana Quillfeather"},
		"Contact person: Dana Quillfeather":                               {"Dana Quillfeather"},
		"Kontakt:\nJana Federkiel":                                        {"Jana Federkiel"},
		"Contact us. Contact: Human Resources. Contact Us Today for more": nil,
		"We seek a Dr or PhD. The MS Word team. Mr. Clean":                {"Clean"},
	} {
		assert.Equal(t, want, ContactNames(posting), posting)
	}
}

func TestContactsOfAPostingAreHidden(t *testing.T) {
	const posting = "Contact: Dana Quillfeather. Ms. Quillfeather answers, and Quillfeathers Team reads. A quillfeather is a plume."
	p := NewPseudonyms(models.PersonalInfo{Name: "Jane Doe"}, posting)
	hidden := p.Hide(posting)
	assert.Equal(t, "Contact: [[CONTACT_1]]. Ms. [[CONTACT_2]] answers, and [[CONTACT_2]]s Team reads. A quillfeather is a plume.", hidden)
	assert.Equal(t, posting, p.Restore(hidden))
	assert.Equal(t, "Dear Ms. Quillfeather,", p.Restore("Dear Ms. [[contact_2]],"))
}
