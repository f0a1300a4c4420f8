package structure

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

// sample is what a résumé of testdata/resumes must be read as; its JSON stands beside it. The people are invented. The text itself is
// compared by the invariants, so that the sample names only what tells a good reading from a bad one.
type sample struct {
	Language       string              `json:"language"`
	PersonalInfo   models.PersonalInfo `json:"personalInfo"`
	WorkExperience []sampleEntry       `json:"workExperience"`
	Education      []sampleEntry       `json:"education"`
	Projects       []sampleEntry       `json:"personalProjects"`
	Additional     models.Additional   `json:"additional"`
	// Headings are the names of the sections found, in the order of the document.
	Headings []string `json:"headings"`
	// Custom maps the keys of custom sections to their types.
	Custom map[string]models.SectionType `json:"customSections"`
}

// sampleEntry is "title | company | location | years", or the like of a degree or project, and its number of bullets.
type sampleEntry struct {
	Entry   string `json:"entry"`
	Bullets int    `json:"bullets"`
}

func sampleOf(r Resume) sample {
	d := r.Data
	s := sample{
		Language: r.Language, PersonalInfo: d.PersonalInfo, Additional: d.Additional, Headings: []string{},
		WorkExperience: []sampleEntry{}, Education: []sampleEntry{}, Projects: []sampleEntry{}, Custom: map[string]models.SectionType{},
	}
	entry := func(bullets int, fields ...string) sampleEntry {
		return sampleEntry{strings.Join(fields, " | "), bullets}
	}
	for _, e := range d.WorkExperience {
		s.WorkExperience = append(s.WorkExperience, entry(len(e.Description), e.Title, e.Company, e.Location, e.Years))
	}
	for _, e := range d.Education {
		s.Education = append(s.Education, entry(len(strings.Fields(e.Description)), e.Degree, e.Institution, e.Years))
	}
	for _, p := range d.PersonalProjects {
		s.Projects = append(s.Projects, entry(len(p.Description), p.Name, p.Role, p.Years))
	}
	defaults := map[string]string{}
	for _, m := range models.DefaultSectionMeta() {
		defaults[m.Key] = m.DisplayName
	}
	for _, m := range d.SectionMeta {
		if m.DisplayName != defaults[m.Key] && m.IsVisible {
			s.Headings = append(s.Headings, m.DisplayName)
		}
	}
	for key, section := range d.CustomSections {
		s.Custom[key] = section.SectionType
	}
	return s
}

func TestResumeSamples(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "resumes", "*_*"))
	require.NoError(t, err)
	checked := 0
	for _, file := range files {
		if filepath.Ext(file) == ".json" {
			continue
		}
		checked++
		t.Run(filepath.Base(file), func(t *testing.T) {
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			expected, err := os.ReadFile(strings.TrimSuffix(file, filepath.Ext(file)) + ".json")
			require.NoError(t, err)
			var want sample
			require.NoError(t, json.Unmarshal(expected, &want))
			resume := New(nil).Resume(string(content))
			checkStructure(t, string(content), resume)
			assert.Equal(t, want, sampleOf(resume))
		})
	}
	assert.GreaterOrEqual(t, checked, 12)
}
