package structure_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// wordingCase is a posting and the lists a reader takes from it.
type wordingCase struct {
	text                                 string
	required, preferred, tasks, benefits []string
}

func checkWording(t *testing.T, cases map[string]wordingCase) {
	t.Helper()
	parser := jobParser(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			d := parser.Job(c.text).Data
			got := wordingCase{c.text, filled(d.Qualifications.Required), filled(d.Qualifications.Preferred), filled(d.KeyResponsibilities), filled(d.CompensationBenefits)}
			assert.Equal(t, c, got)
		})
	}
}

func TestJobKeepsEntriesWordedLikeLegalNotes(t *testing.T) {
	checkWording(t, map[string]wordingCase{
		"privacy work": {
			text:     "Data Protection Officer\n\nYour tasks\n- Advise product teams on GDPR and data protection\n- Ensure equal opportunity in hiring processes\n\nYour profile\n- Sound knowledge of data protection law (GDPR) and employment law\n- GDPR\n- Erfahrung im Datenschutz\n",
			required: []string{"Sound knowledge of data protection law (GDPR) and employment law", "GDPR", "Erfahrung im Datenschutz"},
			tasks:    []string{"Advise product teams on GDPR and data protection", "Ensure equal opportunity in hiring processes"},
		},
		"prose": {
			text:     "Paralegal\n\nRequirements\nYou have two years of experience with data protection law.\n",
			required: []string{"You have two years of experience with data protection law."},
		},
		"lines without bullets": {
			text:     "Paralegal\n\nRequirements\nKnowledge of discrimination law\nDrafting a privacy policy\n",
			required: []string{"Knowledge of discrimination law", "Drafting a privacy policy"},
		},
		"notes stay out": {
			text:     "Clerk\n\nRequirements\n- Excel\n\nWe process your personal data with years of experience.\n\nData protection\n- You have the right to information\n",
			required: []string{"Excel"},
		},
	})
}

func TestJobDropsWaivedDemands(t *testing.T) {
	parser := jobParser(t)
	for entry, want := range map[string][]string{
		"English; Dutch is not required":                     {"English"},
		"English (Dutch not required)":                       {"English"},
		"English, Dutch isn't required":                      {"English"},
		"No prior industry experience needed.":               nil,
		"No degree, certificate or licence required":         nil,
		"Degree not essential":                               nil,
		"Kein Studium erforderlich":                          nil,
		"Deutsch C1, ein Studium ist nicht notwendig":        {"Deutsch C1"},
		"You do not need a driving licence":                  nil,
		"You don't need a degree, but you must know SQL":     {"you must know SQL"},
		"keine Führerscheinpflicht":                          nil,
		"Aucun diplôme requis":                               nil,
		"No se requiere experiencia":                         nil,
		"No less than 5 years of experience required":        {"No less than 5 years of experience required"},
		"Own tools are required, no alcohol at work":         {"Own tools are required, no alcohol at work"},
		"You do not require visa sponsorship":                {"You do not require visa sponsorship"},
		"Not only Java but also Kotlin experience is needed": {"Not only Java but also Kotlin experience is needed"},
	} {
		t.Run(entry, func(t *testing.T) {
			got := parser.Job("Requirements\n- Punctual\n- " + entry + "\n").Data
			assert.Equal(t, append([]string{"Punctual"}, want...), got.Qualifications.Required)
			assert.Empty(t, got.Qualifications.Preferred)
			assert.NotContains(t, got.RequiredLanguageNames, "Dutch")
		})
	}
	wish := parser.Job("Requirements\n- Punctual\n- Dutch is not required, but a plus\n").Data.Qualifications
	assert.Equal(t, []string{"Dutch is not required, but a plus"}, wish.Preferred)
	prose := parser.Job("Shop Assistant\n\nYou have a friendly manner and experience in a shop. No degree is required.\n").Data.Qualifications
	assert.Equal(t, []string{"You have a friendly manner and experience in a shop."}, prose.Required)
}

func TestJobTitleAndCompany(t *testing.T) {
	parser := jobParser(t)
	for text, want := range map[string][2]string{
		"RN - ICU / Critical Care - Nights - Sign-on Bonus $10,000\nMercy Heights Hospital - Cincinnati, OH\n\nRequirements\n- BLS\n": {"RN - ICU / Critical Care", "Mercy Heights Hospital"},
		"Warehouse Picker - £12 per hour\nMoorgate Foods Ltd, Leeds\n\nRequirements\n- Punctual\n":                                    {"Warehouse Picker", "Moorgate Foods Ltd"},
		"Data Protection Officer\nRequirements\n- GDPR\n":                                                                             {"Data Protection Officer", ""},
		"Fitter\nCompany: Antrieb Muster GmbH, Stuttgart\n\nRequirements\n- CAD\n":                                                    {"Fitter", "Antrieb Muster GmbH"},
		"Compensation and Benefits Manager\nRequirements\n- Excel\n":                                                                  {"Compensation and Benefits Manager", ""},
		"Wir sind die Nordbau AG.\n\nWir suchen zum 1. März für unsere Station eine/n Pflegefachkraft (m/w/d).\n":                     {"Pflegefachkraft", "Nordbau AG"},
		"Wir suchen ab sofort eine/n Pflegefachkraft\n\nDein Profil\n- Examen\n":                                                      {"Pflegefachkraft", ""},
		"Wir sind die Nordbau AG. Wir bauen Brücken.\n\nBauleiter\n\nIhr Profil\n- Studium\n":                                         {"Bauleiter", "Nordbau AG"},
	} {
		t.Run(want[0], func(t *testing.T) {
			d := parser.Job(text).Data
			assert.Equal(t, want, [2]string{d.JobTitle, d.CompanyProfile.Name})
			assert.Empty(t, d.Qualifications.Preferred)
		})
	}
}

func TestJobTellsBenefitsFromDemands(t *testing.T) {
	offers := []string{"Free parking", "A team of nine"}
	cases := map[string]wordingCase{
		"the person": {
			text:     "Cook\n\nThe person\nYou have three years of experience as a cook. We are based near the station and have free parking.\n",
			required: []string{"You have three years of experience as a cook."},
		},
		"right to work": {
			text:     "Cook\n\nWhat we can offer\n- Free meals\n\nApplicants must have the right to work in the UK.\n",
			required: []string{"Applicants must have the right to work in the UK."}, benefits: []string{"Free meals"},
		},
		"tasks behind a word on the employer": {
			text:     "Cook\n\nWho we are: Olivar is an inn.\n\nYou will prepare sauces for a brigade of nine. You have three years of experience as a cook.\n",
			required: []string{"You have three years of experience as a cook."}, tasks: []string{"You will prepare sauces for a brigade of nine."},
		},
		"contact behind the benefits": {
			text:     "Cook\n\nBenefits\n- Free meals\n\nSounds good?\nWe provide a pension as well.\nMs Example\n",
			benefits: []string{"Free meals", "We provide a pension as well."},
		},
		"physical demands": {
			text:     "Picker\n\nRequirements\n- Punctual\n- Physical requirements: able to lift 50 lbs\n\nEOE/M/F/Vet/Disability.\n",
			required: []string{"Punctual", "able to lift 50 lbs"},
		},
	}
	for _, heading := range []string{"We can offer:", "What we can offer", "Wir können bieten:", "Freue dich auf", "Das erwartet dich bei uns"} {
		cases[heading] = wordingCase{
			text:  "Cook\n\nYour tasks\n- Prepare sauces\n\n" + heading + "\n- Free parking\n- A team of nine\n",
			tasks: []string{"Prepare sauces"}, benefits: offers,
		}
	}
	checkWording(t, cases)
}

func TestJobTerms(t *testing.T) {
	parser := jobParser(t)
	for text, want := range map[string][2]string{
		"Chef\n\nYour tasks\n- Write seasonal menus\n":                           {"", ""},
		"Chef\n\nYour tasks\n- Set up temporary exhibitions and hybrid events\n": {"", ""},
		"Chef\n\nEmployment type: Seasonal\n":                                    {"Temporary", ""},
		"Chef\n\nThis is a seasonal position.\n":                                 {"Temporary", ""},
		"Clerk\n\nLocation: Leeds, 2 days in office\n":                           {"", "Hybrid"},
		"Clerk\n\nYou work two days a week in the office.\n":                     {"", "Hybrid"},
		"Clerk\n\nYou work 5 days in the office.\n":                              {"", "On-site"},
	} {
		t.Run(text, func(t *testing.T) {
			d := parser.Job(text).Data
			assert.Equal(t, want, [2]string{d.EmploymentType, d.Location.RemoteType})
		})
	}
}
