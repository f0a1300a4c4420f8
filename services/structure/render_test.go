package structure

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

// expressible is a résumé that uses every field Markdown can say again.
func expressible() models.ResumeData {
	d := models.ResumeData{
		PersonalInfo: models.PersonalInfo{
			Name: "Amara Lindqvist", Title: "Senior Nurse", Email: "amara@example.com", Phone: "+46 8 555 010 22",
			Location: "Stockholm, Sweden", Website: "https://amara.example.com", LinkedIn: "https://linkedin.com/in/amara-example",
			GitHub: "https://github.com/amara-example",
		},
		Summary: "Nurse with ten years in intensive care.\nTeaches and leads.",
		WorkExperience: []models.Experience{
			{Title: "Senior Nurse", Company: "Example Hospital", Location: "Stockholm", Years: "2019 – Present", Description: []string{"Leads a ward of 20 beds", "Trains new colleagues in CRRT, ECMO and triage"}},
			{Title: "Nurse", Company: "Northern Clinic", Location: "Berlin, Germany", Years: "Jan 2015 – Dec 2018", Description: []string{"Cared for patients after surgery"}},
		},
		Education: []models.Education{
			{Institution: "Example University", Degree: "Bachelor of Science in Nursing", Years: "2011 – 2014", Description: "With honours"},
		},
		PersonalProjects: []models.Project{
			{Name: "Ward planner", Role: "Developer", Years: "2022", GitHub: "https://github.com/amara-example/planner", Website: "https://planner.example.com", Description: []string{"Plans shifts"}},
		},
		Additional: models.Additional{
			TechnicalSkills: []string{"Ventilation", "C/C++", "AWS (S3)"}, Languages: []string{"English: native", "German: B2"},
			CertificationsTraining: []string{"ACLS, Example Council, 2023"}, Awards: []string{"Nurse of the Year 2020"},
		},
		CustomSections: map[string]models.CustomSection{
			"hobbies":      {SectionType: models.SectionStringList, Strings: []string{"Choir", "Rowing"}},
			"volunteering": {SectionType: models.SectionItemList, Items: []models.CustomItem{{Title: "First aider", Subtitle: "Red Example", Years: "2016 – 2018", Description: []string{"Courses for beginners"}}}},
			"references":   {SectionType: models.SectionText, Text: "Two former managers will gladly answer questions about my work."},
		},
		SectionMeta: []models.SectionMeta{
			{Key: "personalInfo"}, {Key: "summary", DisplayName: "Profile"}, {Key: "workExperience", DisplayName: "Experience"},
			{Key: "additional", DisplayName: "Skills"}, {Key: "additional.languages", DisplayName: "Languages"},
			{Key: "education", DisplayName: "Education"}, {Key: "personalProjects", DisplayName: "Projects"},
			{Key: "additional.certificationsTraining", DisplayName: "Certificates"}, {Key: "additional.awards", DisplayName: "Awards"},
			{Key: "hobbies", DisplayName: "Hobbies"}, {Key: "volunteering", DisplayName: "Volunteering"}, {Key: "references", DisplayName: "References"},
		},
	}
	for i := range d.SectionMeta {
		d.SectionMeta[i].Order, d.SectionMeta[i].IsVisible = i, true
	}
	Normalize(&d)
	return d
}

func TestRenderGivesBackWhatItCanExpress(t *testing.T) {
	d := expressible()
	assert.Equal(t, d, New(nil).Resume(Render(d)).Data)
}

// TestRenderIsStable holds for résumés read from anywhere: what Render wrote reads as something that renders the same.
func TestRenderIsStable(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "resumes", "*.[mt]*"))
	require.NoError(t, err)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			first := New(nil).Resume(string(content)).Data
			second := New(nil).Resume(Render(first)).Data
			assert.Equal(t, Render(second), Render(New(nil).Resume(Render(second)).Data))
			assert.Equal(t, first.PersonalInfo.Email, second.PersonalInfo.Email)
			assert.Equal(t, len(first.WorkExperience), len(second.WorkExperience))
			assert.Equal(t, first.Additional, second.Additional)
		})
	}
}

func TestRenderRespectsSectionMeta(t *testing.T) {
	d := expressible()
	for i := range d.SectionMeta {
		switch d.SectionMeta[i].Key {
		case "education":
			d.SectionMeta[i].IsVisible = false
		case "summary":
			d.SectionMeta[i].Order = 100
			d.SectionMeta[i].DisplayName = "About"
		}
	}
	before := d.SectionMeta[1]
	markdown := Render(d)
	assert.NotContains(t, markdown, "Example University")
	assert.Greater(t, strings.Index(markdown, "## About"), strings.Index(markdown, "## References"))
	assert.Equal(t, before, d.SectionMeta[1], "the argument stays as it was")
}

func TestWalkVisitsEveryValueOnceInReadingOrder(t *testing.T) {
	var paths []string
	Walk(expressible(), func(path, text string) {
		assert.NotEmpty(t, text)
		paths = append(paths, path)
	})
	sorted := slices.Sorted(slices.Values(paths))
	assert.Equal(t, len(sorted), len(slices.Compact(sorted)), "no path twice")
	assert.Equal(t, "personalInfo.name", paths[0])
	assert.Equal(t, "customSections.references.text", paths[len(paths)-1])
	at := func(path string) int { return slices.Index(paths, path) }
	for _, pair := range [][2]string{
		{"summary", "workExperience[0].title"},
		{"workExperience[0].description[1]", "workExperience[1].title"},
		{"additional.technicalSkills[2]", "additional.languages[0]"},
		{"additional.languages[1]", "education[0].institution"},
		{"personalProjects[0].website", "additional.awards[0]"},
		{"customSections.hobbies.strings[1]", "customSections.volunteering.items[0].title"},
	} {
		require.GreaterOrEqual(t, at(pair[0]), 0, pair[0])
		assert.Less(t, at(pair[0]), at(pair[1]), pair)
	}
}

func TestNormalizeFillsWhatAClientLeftOut(t *testing.T) {
	d := models.ResumeData{
		WorkExperience: []models.Experience{{ID: 7, Title: "A"}, {ID: 7, Title: "B"}},
		CustomSections: map[string]models.CustomSection{"talks": {Strings: []string{"x"}}, "art": {Items: []models.CustomItem{{Title: "y"}}}},
		SectionMeta: []models.SectionMeta{
			{Key: "education", DisplayName: "Studies", Order: 9, IsVisible: true}, {Key: "gone", Order: 1}, {Key: "education", Order: 10},
			{Key: "summary", Order: 3},
		},
	}
	Normalize(&d)
	checkShape(t, d)
	assert.Equal(t, []int{1, 2}, []int{d.WorkExperience[0].ID, d.WorkExperience[1].ID})
	keys := make([]string, 0, len(d.SectionMeta))
	for i, m := range d.SectionMeta {
		keys = append(keys, m.Key)
		assert.Equal(t, i, m.Order)
		assert.NotEmpty(t, m.ID)
		assert.NotEmpty(t, m.DisplayName)
	}
	assert.Equal(t, []string{"summary", "education", "personalInfo", "workExperience", "personalProjects", "additional", "art", "talks"}, keys)
	assert.False(t, d.SectionMeta[0].IsVisible, "what the client hid stays hidden")
	assert.Equal(t, "Studies", d.SectionMeta[1].DisplayName)
	assert.Equal(t, models.SectionItemList, d.SectionMeta[6].SectionType)
	assert.Equal(t, models.SectionStringList, d.SectionMeta[7].SectionType)
}

func TestEmpty(t *testing.T) {
	var d models.ResumeData
	Normalize(&d)
	assert.True(t, Empty(d))
	d.Additional.Awards = []string{"x"}
	assert.False(t, Empty(d))
}
