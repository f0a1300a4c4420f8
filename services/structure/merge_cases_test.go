package structure

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

// readingOf returns a reading of the Markdown with the given values; each is sourced from where it first stands.
func readingOf(t *testing.T, markdown string, d models.ResumeData, confidence float64) Resume {
	t.Helper()
	Normalize(&d)
	r := Resume{Data: d, Sources: []models.Source{}, Language: "en"}
	lines := newResumeReader(markdown, nil)
	Walk(d, func(path, text string) {
		at := strings.Index(markdown, text)
		require.GreaterOrEqual(t, at, 0, "%s is not in the text", path)
		r.Sources = append(r.Sources, models.Source{Path: path, Start: at, End: at + len(text), Line: lines.lineOf(at), Confidence: confidence})
	})
	sortSources(r.Sources)
	return r
}

func unplacedText(lines ...string) map[string]models.CustomSection {
	return map[string]models.CustomSection{unplacedKey: {SectionType: models.SectionStringList, Strings: lines}}
}

func TestMergeResumePlacesWhatWasLeftOver(t *testing.T) {
	const posts = "Clerk | Acme Ltd\nJanuary 2019 to March 2021\n- Filed papers\n- Sorted mail\n\nCook | Bistro Nord\n2015 – 2018\n- Made soup\n"
	const far = "\n\n\n\n\n\n\n\n\n\n"
	clerk := models.Experience{Title: "Clerk", Company: "Acme Ltd", Description: []string{"Sorted mail"}}
	tests := []struct {
		name, markdown  string
		found, proposed models.ResumeData
		gone, come      []string
	}{
		{
			name: "a period in other words", markdown: posts,
			found:    models.ResumeData{WorkExperience: []models.Experience{clerk}, CustomSections: unplacedText("January 2019 to March 2021")},
			proposed: models.ResumeData{WorkExperience: []models.Experience{{Title: "Clerk", Company: "Acme Ltd", Years: "01/2019 - 03/2021"}}},
			gone:     []string{"customSections.unplaced.strings[0]: January 2019 to March 2021"},
			come:     []string{"workExperience[0].years: January 2019 to March 2021"},
		},
		{
			name: "another period", markdown: posts,
			found:    models.ResumeData{WorkExperience: []models.Experience{clerk}, CustomSections: unplacedText("January 2019 to March 2021")},
			proposed: models.ResumeData{WorkExperience: []models.Experience{{Title: "Clerk", Company: "Acme Ltd", Years: "01/2018 - 03/2021"}}},
		},
		{
			name: "a line in its place among the others", markdown: posts,
			found:    models.ResumeData{WorkExperience: []models.Experience{clerk}, CustomSections: unplacedText("Filed papers")},
			proposed: models.ResumeData{WorkExperience: []models.Experience{{Title: "Clerk", Description: []string{"Filed papers", "Sorted mail", "Doubled sales"}}}},
			gone:     []string{"customSections.unplaced.strings[0]: Filed papers", "workExperience[0].description[0]: Sorted mail"},
			come:     []string{"workExperience[0].description[0]: Filed papers", "workExperience[0].description[1]: Sorted mail"},
		},
		{
			name: "the line of another position", markdown: posts,
			found: models.ResumeData{WorkExperience: []models.Experience{clerk, {Title: "Cook", Company: "Bistro Nord", Years: "2015 – 2018"}}, CustomSections: unplacedText("Made soup")},
			proposed: models.ResumeData{WorkExperience: []models.Experience{
				{Title: "Clerk", Company: "Acme Ltd", Description: []string{"Made soup"}}, {Title: "Cook", Company: "Bistro Nord", Description: []string{"Sorted mail"}},
			}},
		},
		{
			name: "a position before the one found", markdown: posts,
			found:    models.ResumeData{WorkExperience: []models.Experience{{Title: "Cook", Company: "Bistro Nord", Years: "2015 – 2018"}}, CustomSections: unplacedText("Clerk | Acme Ltd", "January 2019 to March 2021", "Filed papers", "Sorted mail")},
			proposed: models.ResumeData{WorkExperience: []models.Experience{{Title: "clerk", Company: "ACME LTD", Location: "Paris", Years: "January 2019 – March 2021", Description: []string{"Filed papers"}}}},
			gone: []string{
				"customSections.unplaced.strings[0]: Clerk | Acme Ltd", "customSections.unplaced.strings[1]: January 2019 to March 2021",
				"customSections.unplaced.strings[2]: Filed papers", "customSections.unplaced.strings[3]: Sorted mail",
				"workExperience[0].company: Bistro Nord", "workExperience[0].title: Cook", "workExperience[0].years: 2015 – 2018",
			},
			come: []string{
				"customSections.unplaced.strings[0]: Sorted mail",
				"workExperience[0].company: Acme Ltd", "workExperience[0].description[0]: Filed papers", "workExperience[0].title: Clerk",
				"workExperience[0].years: January 2019 to March 2021",
				"workExperience[1].company: Bistro Nord", "workExperience[1].title: Cook", "workExperience[1].years: 2015 – 2018",
			},
		},
		{
			name: "one value is no position", markdown: posts,
			found:    models.ResumeData{CustomSections: unplacedText("Clerk | Acme Ltd")},
			proposed: models.ResumeData{WorkExperience: []models.Experience{{Title: "Clerk", Company: "Bistro Sud", Years: "1999"}}},
		},
		{
			name: "values far apart are no position", markdown: "Clerk\n" + far + "Acme Ltd\n",
			found:    models.ResumeData{CustomSections: unplacedText("Clerk", "Acme Ltd")},
			proposed: models.ResumeData{WorkExperience: []models.Experience{{Title: "Clerk", Company: "Acme Ltd"}}},
		},
		{
			name: "names within a sentence stay there", markdown: "I was a clerk at Acme Ltd from 2019 to 2021 and left.\n",
			found:    models.ResumeData{CustomSections: unplacedText("I was a clerk at Acme Ltd from 2019 to 2021 and left.")},
			proposed: models.ResumeData{WorkExperience: []models.Experience{{Title: "clerk", Company: "Acme Ltd", Years: "2019 to 2021"}}},
		},
		{
			name: "a school", markdown: "BSc Biology, University of Example, 2012 – 2015\n",
			found:    models.ResumeData{CustomSections: unplacedText("BSc Biology, University of Example, 2012 – 2015")},
			proposed: models.ResumeData{Education: []models.Education{{Degree: "BSc Biology", Institution: "University of Example", Years: "2012-2015"}}},
			gone:     []string{"customSections.unplaced.strings[0]: BSc Biology, University of Example, 2012 – 2015"},
			come:     []string{"education[0].degree: BSc Biology", "education[0].institution: University of Example", "education[0].years: 2012 – 2015"},
		},
		{
			name: "skills of a line that names them", markdown: "Good with: Zorbex, Quill; Bax\n",
			found:    models.ResumeData{CustomSections: unplacedText("Good with: Zorbex, Quill; Bax")},
			proposed: models.ResumeData{Additional: models.Additional{TechnicalSkills: []string{"zorbex", "Bax", "Zorbex", "Rust"}, Languages: []string{"Bax"}}},
			gone:     []string{"customSections.unplaced.strings[0]: Good with: Zorbex, Quill; Bax"},
			come: []string{
				"additional.technicalSkills[0]: Zorbex", "additional.technicalSkills[1]: Bax",
				"customSections.unplaced.strings[0]: Good with", "customSections.unplaced.strings[1]: Quill",
			},
		},
		{
			name: "skills the person does not have", markdown: "No experience with Zorbex, Quill; Bax\n",
			found:    models.ResumeData{CustomSections: unplacedText("No experience with Zorbex, Quill; Bax")},
			proposed: models.ResumeData{Additional: models.Additional{TechnicalSkills: []string{"Zorbex", "Quill", "Bax"}}},
		},
		{
			name: "one line for two positions", markdown: posts,
			found: models.ResumeData{WorkExperience: []models.Experience{clerk}, CustomSections: unplacedText("Filed papers")},
			proposed: models.ResumeData{
				WorkExperience:   []models.Experience{{Title: "Clerk", Description: []string{"Filed papers", "Filed papers"}}, {Title: "Filed papers", Description: []string{"Filed papers"}}},
				PersonalProjects: []models.Project{{Name: "Filed papers", Description: []string{"Filed papers"}}}, Summary: "Filed papers",
			},
			gone: []string{"customSections.unplaced.strings[0]: Filed papers", "workExperience[0].description[0]: Sorted mail"},
			come: []string{"workExperience[0].description[0]: Filed papers", "workExperience[0].description[1]: Sorted mail"},
		},
		{
			name: "contact data where there is none", markdown: "Ada Beispiel\nada@example.org / +49 30 55555 017\nMittenwaldau\n",
			found:    models.ResumeData{PersonalInfo: models.PersonalInfo{Name: "Ada Beispiel"}, CustomSections: unplacedText("ada@example.org / +49 30 55555 017", "Mittenwaldau")},
			proposed: models.ResumeData{PersonalInfo: models.PersonalInfo{Name: "Mittenwaldau", Email: "ADA@example.org", Phone: "+49 30 55555 017", Location: "Mittenwaldau", Title: "ada@example.org"}},
			gone:     []string{"customSections.unplaced.strings[0]: ada@example.org / +49 30 55555 017", "customSections.unplaced.strings[1]: Mittenwaldau"},
			come:     []string{"personalInfo.email: ada@example.org", "personalInfo.location: Mittenwaldau", "personalInfo.phone: +49 30 55555 017"},
		},
		{
			name: "a summary of two lines", markdown: "I keep books and\ncount what others forget.\n\nAda\n",
			found:    models.ResumeData{CustomSections: unplacedText("I keep books and", "count what others forget.")},
			proposed: models.ResumeData{Summary: "I keep books and count what others forget."},
			gone:     []string{"customSections.unplaced.strings[0]: I keep books and", "customSections.unplaced.strings[1]: count what others forget."},
			come:     []string{"summary: I keep books and count what others forget."},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := readingOf(t, tt.markdown, tt.found, 0.9)
			merged := New(nil).MergeResume(tt.markdown, found, tt.proposed)
			before, after := values(found.Data), values(merged.Data)
			assert.Equal(t, append([]string{}, tt.gone...), minus(before, after))
			assert.Equal(t, append([]string{}, tt.come...), minus(after, before))
			checkShape(t, merged.Data)
			checkSources(t, tt.markdown, merged)
			checkNothingLost(t, tt.markdown, found, merged)
			assert.Equal(t, encoded(t, merged), encoded(t, New(nil).MergeResume(tt.markdown, merged, tt.proposed)))
		})
	}
}

func TestMergeResumeGivesSources(t *testing.T) {
	markdown := "Ada Beispiel\n\nClerk | Acme Ltd | 2019\n"
	found := readingOf(t, markdown, models.ResumeData{PersonalInfo: models.PersonalInfo{Name: "Ada Beispiel"}, CustomSections: unplacedText("Clerk | Acme Ltd | 2019")}, 0.9)
	merged := New(nil).MergeResume(markdown, found, models.ResumeData{WorkExperience: []models.Experience{{Title: "Clerk", Company: "Acme Ltd", Years: "2019"}}})
	assert.Equal(t, []models.Source{
		{Path: "personalInfo.name", Start: 0, End: 12, Line: 1, Confidence: 0.9},
		{Path: "workExperience[0].company", Start: 22, End: 30, Line: 3, Confidence: 0.7},
		{Path: "workExperience[0].title", Start: 14, End: 19, Line: 3, Confidence: 0.7},
		{Path: "workExperience[0].years", Start: 33, End: 37, Line: 3, Confidence: 0.7},
	}, merged.Sources)
	assert.Equal(t, "en", merged.Language)
	assert.NotContains(t, merged.Data.CustomSections, unplacedKey)
	assert.Len(t, merged.Data.SectionMeta, 6)
}

// TestMergeResumeReadsHostileTextInBoundedTime ends because the places and values looked at are bounded.
func TestMergeResumeReadsHostileTextInBoundedTime(t *testing.T) {
	var many models.ResumeData
	for _, word := range strings.Fields(strings.Repeat("a b c d e f g h ", 40)) {
		many.WorkExperience = append(many.WorkExperience, models.Experience{Title: word, Company: word, Years: "2019", Description: []string{word, word + " " + word}})
		many.Additional.TechnicalSkills = append(many.Additional.TechnicalSkills, word)
	}
	for name, text := range map[string]string{
		"short words": strings.Repeat("a b c d e f g h ", 5_000),
		"short lines": strings.Repeat("a\nb\nc, d\n", 5_000),
		"dates":       strings.Repeat("2019\n", 10_000),
	} {
		t.Run(name, func(t *testing.T) {
			p := New(nil)
			merged := p.MergeResume(text, p.Resume(text), many)
			checkSources(t, text, merged)
		})
	}
}
