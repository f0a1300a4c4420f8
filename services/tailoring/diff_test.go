package tailoring

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

func TestDiff(t *testing.T) {
	list, bullets := "additional.technicalSkills", "workExperience[0].description"
	tests := []struct {
		name string
		edit func(*models.ResumeData)
		want []string
	}{
		{"nothing", func(*models.ResumeData) {}, []string{}},
		{"a text", func(d *models.ResumeData) { d.Summary = "New." }, []string{"summary modified: Specialist with 9 years in mid-sized companies. > New."}},
		{"a text removed", func(d *models.ResumeData) { d.Education[0].Years = "" }, []string{"education[0].years removed: 2015 > "}},
		{"a text added", func(d *models.ResumeData) { d.PersonalInfo.Website = "example.org" }, []string{"personalInfo.website added:  > example.org"}},
		{"an order", func(d *models.ResumeData) { d.Additional.TechnicalSkills = []string{"c", "a", "b"} }, []string{list + " modified: a|b|c > c|a|b"}},
		{"an item more", func(d *models.ResumeData) { d.Additional.TechnicalSkills = []string{"a", "b", "c", "d"} }, []string{list + "[3] added:  > d"}},
		{"an item less", func(d *models.ResumeData) { d.Additional.TechnicalSkills = []string{"a", "c"} }, []string{list + "[1] removed: b > "}},
		{
			"an item exchanged", func(d *models.ResumeData) { d.Additional.TechnicalSkills = []string{"a", "b", "d"} },
			[]string{list + "[2] removed: c > ", list + "[3] added:  > d"},
		},
		{
			"an item respelled and moved", func(d *models.ResumeData) { d.Additional.TechnicalSkills = []string{"Letter (c)", "a", "b"} },
			[]string{list + " modified: a|b|c > c|a|b", list + "[2] modified: c > Letter (c)"},
		},
		{"a bullet reworded", func(d *models.ResumeData) { d.WorkExperience[0].Description[1] = "Zwei." }, []string{bullets + "[1] modified: Two. > Zwei."}},
		{"a position less", func(d *models.ResumeData) { d.WorkExperience = nil }, []string{"workExperience[0] removed: Specialist|Northwind Example|2019 - 2024|One.|Two. > "}},
		{
			"a section more", func(d *models.ResumeData) {
				d.CustomSections["x"] = models.CustomSection{SectionType: models.SectionText, Text: "Text"}
			}, []string{"customSections.x added:  > Text"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, after := resumeWith([]string{"a", "b", "c"}, []string{"One.", "Two."}), resumeWith([]string{"a", "b", "c"}, []string{"One.", "Two."})
			tt.edit(&after)
			got := []string{}
			for _, c := range Diff(before, after) {
				got = append(got, strings.Replace(brief(c), ": ", " "+c.ChangeType+": ", 1))
				assert.Contains(t, []string{"low", "medium", "high"}, c.Confidence)
				assert.NotEmpty(t, c.ChangeID)
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestDiffFieldTypes(t *testing.T) {
	var before models.ResumeData
	after := models.ResumeData{
		Summary: "s",
		Additional: models.Additional{
			TechnicalSkills: []string{"a"}, Languages: []string{"b"}, CertificationsTraining: []string{"c"}, Awards: []string{"d"},
		},
		WorkExperience: []models.Experience{{Title: "e"}}, Education: []models.Education{{Degree: "f"}}, PersonalProjects: []models.Project{{Name: "g"}},
	}
	var types []string
	for _, c := range Diff(before, after) {
		types = append(types, c.FieldType)
	}
	assert.ElementsMatch(t, []string{"summary", "skill", "language", "certification", "award", "experience", "education", "project"}, types)
}

func TestSummarize(t *testing.T) {
	d, changes := proposals(t)
	improved, err := Apply(d, changes)
	require.NoError(t, err)
	s := Summarize(changes)
	assert.Equal(t, len(changes), s.TotalChanges)
	assert.Equal(t, len(improved.Additional.TechnicalSkills)-len(d.Additional.TechnicalSkills), s.SkillsAdded)
	assert.Zero(t, s.SkillsRemoved)
	assert.Equal(t, 2, s.DescriptionsModified)
	assert.Equal(t, s.SkillsAdded, s.HighRiskChanges, "orders and spellings are no risk")

	changed := clone(d)
	changed.PersonalInfo.Name = "Eve Example"
	changed.Additional.CertificationsTraining = []string{"CPA"}
	changed.Additional.TechnicalSkills = changed.Additional.TechnicalSkills[1:]
	assert.Equal(t, models.DiffSummary{TotalChanges: 3, SkillsRemoved: 1, CertificationsAdded: 1, HighRiskChanges: 3}, Summarize(Diff(d, changed)))
}

func FuzzDiffRoundTrip(f *testing.F) {
	f.Add("a\x01b\x01c", "c\x01b\x01a\x01d", "x", "y")
	f.Add("a\x01a\x01b", "a\x01b\x01a", "", "y")
	f.Add("a\x01b\nc", "b\nc\x01a", "x", "")
	f.Add("", "a\x01\x01", "", "")
	f.Add("one two\x01three", "three four\x01one\x01two", "a", "a")
	f.Fuzz(func(t *testing.T, before, after, summary, newSummary string) {
		before, after = strings.ToValidUTF8(before, ""), strings.ToValidUTF8(after, "")
		from := resumeWith(strings.Split(before, "\x01"), strings.Split(after, "\x01"))
		to := resumeWith(strings.Split(after, "\x01"), strings.Split(before, "\x01"))
		from.Summary, to.Summary = strings.ToValidUTF8(summary, ""), strings.ToValidUTF8(newSummary, "")
		changes := Diff(from, to)
		got, err := Apply(from, changes)
		require.NoError(t, err)
		require.Equal(t, to.Additional, got.Additional)
		require.Equal(t, to.WorkExperience, got.WorkExperience)
		require.Equal(t, to.Summary, got.Summary)
		if equal(from, to) {
			require.Empty(t, changes)
		}
		_, ok := Subset(from, to, changes)
		require.True(t, ok)
	})
}
