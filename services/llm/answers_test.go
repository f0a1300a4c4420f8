package llm

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/structure"
)

func TestResumeAnswersBecomeNormalizedResumes(t *testing.T) {
	answer := ResumeAnswer{
		PersonalInfo:   PersonalAnswer{Name: " Robin Example ", Email: "robin@example.com", LinkedIn: "linkedin.com/in/robin", GitHub: "github.com/robin"},
		Summary:        "Careful driver.\n",
		WorkExperience: []ExperienceAnswer{{Title: "Driver", Company: "Example Freight", Years: "2019 – 2022", Description: []string{"Drove.", " ", "Kept logs."}}},
		Education:      []EducationAnswer{{Institution: "Example School", Degree: "Diploma"}},
		PersonalProjects: []ProjectAnswer{
			{Name: "Map", Role: "Author", GitHub: "github.com/robin/map"},
		},
		Additional: AdditionalAnswer{TechnicalSkills: []string{"Route planning", ""}},
		Other: []SectionAnswer{
			{Heading: "Ehrenämter & Hobbys", Lines: []string{"Chess"}},
			{Heading: "Ehrenämter & Hobbys", Lines: []string{"Choir"}},
			{Heading: "Summary", Lines: []string{"Another one."}},
			{Heading: "Marginalia", Lines: []string{"A note."}},
			{Heading: "興味", Lines: []string{"将棋"}},
			{Heading: "Empty", Lines: []string{""}},
		},
	}
	d := answer.Data()
	assert.Equal(t, "Robin Example", d.PersonalInfo.Name)
	assert.Equal(t, "Careful driver.", d.Summary)
	assert.Equal(t, []models.Experience{{ID: 1, Title: "Driver", Company: "Example Freight", Years: "2019 – 2022", Description: []string{"Drove.", "Kept logs."}}}, d.WorkExperience)
	assert.Equal(t, []string{"Route planning"}, d.Additional.TechnicalSkills)
	assert.NotNil(t, d.Additional.Awards)

	lines := map[string]string{}
	for key, s := range d.CustomSections {
		require.Len(t, s.Strings, 1)
		lines[key] = s.Strings[0]
	}
	assert.Equal(t, map[string]string{"ehrenamterHobbys": "Chess", "ehrenamterHobbys2": "Choir", "section": "Another one.", "section2": "A note.", "section3": "将棋"}, lines)
	assert.Equal(t, "Ehrenämter & Hobbys", d.SectionMeta[6].DisplayName)
	assert.Len(t, d.SectionMeta, 11)

	normalized := d
	structure.Normalize(&normalized)
	assert.Equal(t, normalized, d)
}

func TestAnEmptyResumeAnswerIsAnEmptyResume(t *testing.T) {
	assert.True(t, structure.Empty(ResumeAnswer{}.Data()))
}

// A field that is missing here would be lost between a model and the database.
func TestAnswersKeepEveryField(t *testing.T) {
	var resume ResumeAnswer
	fill(t, loadPrompts(t).StructureResume("").Schema, &resume)
	data := resume.Data()
	seen := map[string]bool{}
	structure.Walk(data, func(_, text string) { seen[text] = true })
	assert.Len(t, seen, 29)

	var job JobAnswer
	fill(t, loadPrompts(t).StructureJob("").Schema, &job)
	source, err := json.Marshal(job.Data())
	require.NoError(t, err)
	answered, err := json.Marshal(job)
	require.NoError(t, err)
	var got, want map[string]any
	require.NoError(t, json.Unmarshal(source, &got))
	require.NoError(t, json.Unmarshal(answered, &want))
	delete(got, "processed_at")
	assert.Equal(t, want, got)
}

// fill reads into target an answer of the schema with another text in each place.
func fill(t *testing.T, s *Schema, target any) {
	t.Helper()
	var schema map[string]any
	require.NoError(t, json.Unmarshal(s.JSON, &schema))
	var make func(schema map[string]any, path string) any
	make = func(schema map[string]any, path string) any {
		switch schema["type"] {
		case "object":
			object := map[string]any{}
			for name, member := range schema["properties"].(map[string]any) {
				object[name] = make(member.(map[string]any), path+"."+name)
			}
			return object
		case "array":
			return []any{make(schema["items"].(map[string]any), path)}
		case "number":
			return 3
		}
		return path
	}
	source, err := json.Marshal(make(schema, ""))
	require.NoError(t, err)
	require.NoError(t, s.check(string(source)))
	require.NoError(t, json.Unmarshal(source, target))
}

func TestJobAnswersKeepNoBlanks(t *testing.T) {
	d := JobAnswer{JobTitle: " Driver ", Qualifications: QualificationsAnswer{Required: []string{"Licence", " "}}, MinExperienceYears: -2}.Data()
	assert.Equal(t, "Driver", d.JobTitle)
	assert.Equal(t, []string{"Licence"}, d.Qualifications.Required)
	assert.NotNil(t, d.Qualifications.Preferred)
	assert.NotNil(t, d.ExtractedKeywords)
	assert.Zero(t, d.MinExperienceYears)
}
