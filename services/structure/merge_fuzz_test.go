package structure

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

// randomProposal fills a résumé with stretches of the text and values of the first reading, each in any place.
func randomProposal(r *rand.Rand, markdown string, found models.ResumeData) models.ResumeData {
	var known []string
	Walk(found, func(_, text string) { known = append(known, text) })
	lines := strings.Split(markdown, "\n")
	pick := func() string {
		switch r.IntN(5) {
		case 0:
			return ""
		case 1:
			return lines[r.IntN(len(lines))]
		case 2:
			words := strings.Fields(lines[r.IntN(len(lines))])
			if len(words) == 0 {
				return "Invented"
			}
			from := r.IntN(len(words))
			return strings.Join(words[from:from+1+r.IntN(len(words)-from)], " ")
		}
		if len(known) == 0 {
			return "Nothing"
		}
		return known[r.IntN(len(known))]
	}
	list := func() []string {
		values := make([]string, r.IntN(4))
		for i := range values {
			values[i] = pick()
		}
		return values
	}
	d := models.ResumeData{Summary: pick()}
	for _, f := range personalFields(&d.PersonalInfo) {
		*f.value = pick()
	}
	for range r.IntN(5) {
		d.WorkExperience = append(d.WorkExperience, models.Experience{Title: pick(), Company: pick(), Location: pick(), Years: pick(), Description: list()})
		d.Education = append(d.Education, models.Education{Institution: pick(), Degree: pick(), Years: pick(), Description: pick()})
		d.PersonalProjects = append(d.PersonalProjects, models.Project{Name: pick(), Role: pick(), Years: pick(), GitHub: pick(), Website: pick(), Description: list()})
	}
	d.Additional = models.Additional{TechnicalSkills: list(), Languages: list(), CertificationsTraining: list(), Awards: list()}
	return d
}

// FuzzMergeResume merges random proposals into whole and into half-understood readings of any text.
func FuzzMergeResume(f *testing.F) {
	for _, file := range sampleFiles(f) {
		content, err := os.ReadFile(file)
		require.NoError(f, err)
		for seed := range uint64(8) {
			f.Add(string(content), seed)
		}
	}
	for _, text := range []string{
		"", "Jane Doe\njane@example.com\n\nExperience\nA, B | 2019 – 2020\n- x\n", "*a* - b-\nc & d &amp; e [f](g)", "\xff 2019 - \xf0", "İi ﬁ ß",
		"a@b.de\nZorb | Quil | Bax\n\n# X\n## Y\n2019\n", "Skills\nGo, (a - b), C\n\nLevel: good\n", "1.5 C++ C# .NET 40% -3",
	} {
		f.Add(text, uint64(len(text)))
	}
	f.Fuzz(func(t *testing.T, markdown string, seed uint64) {
		if len(markdown) > 6_000 {
			return
		}
		found := New(nil).Resume(markdown)
		proposed := randomProposal(rand.New(rand.NewPCG(seed, 1)), markdown, found.Data)
		checkedMerge(t, markdown, found, proposed)
		for _, prefix := range []string{"workExperience", "education", "additional"} {
			half := unread(found, prefix)
			checkedMerge(t, markdown, half, proposed)
		}
	})
}
