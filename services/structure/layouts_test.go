package structure

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNameIsFoundInUsualLayouts(t *testing.T) {
	for name, c := range map[string]struct{ markdown, want string }{
		"label below a heading":  {"Lebenslauf\n\nPersönliche Daten\nName: Jens Brockmeier\nAnschrift: Lindenweg 12, 33602 Bielefeld\n\nBerufserfahrung\n", "Jens Brockmeier"},
		"label and wide gap":     {"Lebenslauf\n\nPersönliche Daten\nGeburtsdatum:    14.03.1989\nName:            Jens Brockmeier\n", "Jens Brockmeier"},
		"label in French":        {"Curriculum vitae\n\nCoordonnées\nAdresse : 3 rue des Lilas\nNom : Claire Dubreuil\n", "Claire Dubreuil"},
		"label in Spanish":       {"Datos personales\nTeléfono: 600 000 000\nNombre: Marta Ruiz Ferrer\n", "Marta Ruiz Ferrer"},
		"label behind a banner":  {"# Head Chef\n\n## Contact\n- Name: Ida Moor\n", "Ida Moor"},
		"below personal details": {"Personal details\nIda Moor\nida.moor@example.org\n", "Ida Moor"},
		"nickname in brackets":   {"# Oluwaseun (Seun) Adeyemi\n\nData analyst\n", "Oluwaseun (Seun) Adeyemi"},
		"nickname in quotes":     {"# Jane \"JJ\" Smith\n\nNurse\n", "Jane \"JJ\" Smith"},
		"pronouns are no name":   {"# Jane Smith (she/her)\n\nNurse\n", "Jane Smith"},
	} {
		t.Run(name, func(t *testing.T) {
			r := New(nil).Resume(c.markdown)
			checkStructure(t, c.markdown, r)
			assert.Equal(t, c.want, r.Data.PersonalInfo.Name)
		})
	}
}

func TestNameBelowASideColumn(t *testing.T) {
	const markdown = "Contact\njo.reyes@example.com\nwww.linkedin.com/in/jo-reyes-example (LinkedIn)\n\nTop Skills\nNegotiation\nSAP MM\n\n" +
		"Languages\nEnglish (Native or Bilingual)\nSpanish (Full Professional)\n\nJo Reyes\nProcurement Specialist at Delmar Foods\nHouston\n\nSummary\nBuys what a kitchen needs.\n\n" +
		"Experience\nDelmar Foods\nProcurement Specialist\nMarch 2019 - Present (4 years)\nHouston\n"
	r := New(nil).Resume(markdown)
	checkStructure(t, markdown, r)
	assert.Equal(t, "Jo Reyes", r.Data.PersonalInfo.Name)
	assert.Equal(t, "Procurement Specialist at Delmar Foods", r.Data.PersonalInfo.Title)
	assert.Equal(t, "Houston", r.Data.PersonalInfo.Location)
	assert.Equal(t, []string{"English (Native or Bilingual)", "Spanish (Full Professional)"}, r.Data.Additional.Languages)
	assert.Equal(t, []string{"Negotiation", "SAP MM"}, r.Data.Additional.TechnicalSkills)
}

func TestEntriesKeepTitleEmployerAndText(t *testing.T) {
	for name, c := range map[string]struct {
		lines string
		want  []sampleEntry
	}{
		"sentence below": {
			"2019-Present: Sous Chef at The Oak\nRan the pass.\n\n2016-2019: Commis Chef at Bistro Nord\nCold starters.",
			[]sampleEntry{{"Sous Chef | The Oak |  | 2019-Present", 1}, {"Commis Chef | Bistro Nord |  | 2016-2019", 1}},
		},
		"sentence below in French": {
			"2019 - 2022 : Comptable chez Orval SA\nClôtures mensuelles.\n\n2016 - 2019 : Aide-comptable chez Vinea SA\nFacturation clients.",
			[]sampleEntry{{"Comptable | Orval SA |  | 2019 - 2022", 1}, {"Aide-comptable | Vinea SA |  | 2016 - 2019", 1}},
		},
		"columns of spaces": {
			"Harbour Insurance DAC              Dublin\nData Analyst       01/2022 - present\n- Reports\n\nGreenleaf Grocers              Cork\nJunior Analyst       09/2019 - 12/2021\n- Prices",
			[]sampleEntry{{"Data Analyst | Harbour Insurance DAC | Dublin | 01/2022 - present", 1}, {"Junior Analyst | Greenleaf Grocers | Cork | 09/2019 - 12/2021", 1}},
		},
		"labels over duties": {
			"03/2018 - heute: Koch, Gasthaus Linde\nTätigkeiten:\n- Mittagstisch\n- Einkauf\n\n08/2015 - 02/2018: Jungkoch\nHotel Krone\nAufgaben:\n- Kalte Küche",
			[]sampleEntry{{"Koch | Gasthaus Linde |  | 03/2018 - heute", 3}, {"Jungkoch | Hotel Krone |  | 08/2015 - 02/2018", 2}},
		},
	} {
		for _, heading := range []string{"Experience", "Jobs", "Work", "Career"} {
			t.Run(name+" under "+heading, func(t *testing.T) {
				markdown := "Ida Moor\nida.moor@example.org\n\n" + heading + "\n" + c.lines + "\n"
				r := New(nil).Resume(markdown)
				checkStructure(t, markdown, r)
				assert.Equal(t, c.want, sampleOf(r).WorkExperience)
			})
		}
	}
}

func TestSchoolsAndDegreesAreToldApart(t *testing.T) {
	for lines, want := range map[string]sampleEntry{
		"- B.Sc. Computer Science, Example University, Sept 2023 - expected July 2026": {"B.Sc. Computer Science | Example University | Sept 2023 - expected July 2026", 0},
		"- Gymnasium Haganum, The Hague, 2017-2023":                                    {" | Gymnasium Haganum | 2017-2023", 2},
		"- 2016: Geprüfte Bilanzbuchhalterin (IHK Leipzig)":                            {"Geprüfte Bilanzbuchhalterin (IHK Leipzig) |  | 2016", 0},
		"- Example University, Biology, 2010 - 2013":                                   {"Biology | Example University | 2010 - 2013", 0},
	} {
		t.Run(lines, func(t *testing.T) {
			markdown := "# Ida Moor\n\n## Education\n" + lines + "\n"
			r := New(nil).Resume(markdown)
			checkStructure(t, markdown, r)
			assert.Equal(t, []sampleEntry{want}, sampleOf(r).Education)
		})
	}
}

func TestLanguageOfShortResumes(t *testing.T) {
	for markdown, want := range map[string]string{
		"Jens Moor\n\nBerufserfahrung\n2019 - 2021 Koch, Gasthaus Linde\n\nKenntnisse\nHACCP\n":           "de",
		"Jens Moor\n\nPersönliche Daten\nGeburtsort: Tübingen\n\nKenntnisse\nSPS, EPLAN\n":                "de",
		"Ida Moor\n\nExperience\n2019 - 2021 Cook, The Oak\n\nSkills\nHACCP\n":                            "en",
		"Claire Dubreuil\n\nExpérience professionnelle\n2019 - 2021 Comptable, Orval\n\nLoisirs\nVoile\n": "fr",
	} {
		assert.Equal(t, want, New(nil).Resume(markdown).Language, markdown)
	}
}
