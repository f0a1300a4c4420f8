package facts

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"resume-matcher/models"
)

// letterMaterial is the résumé of a person who does not exist.
func letterMaterial(g *Gate) *Material {
	return g.Read(models.ResumeData{
		PersonalInfo: models.PersonalInfo{
			Name: "Mira Halvorsen", Email: "mira@example.org", Phone: "+47 555 010 19", Location: "Bergen, Norway",
			LinkedIn: "linkedin.com/in/mira-halvorsen-1",
		},
		WorkExperience: []models.Experience{{
			ID: 1, Title: "Engineer", Company: "Fernwood Logistics", Years: "2018 – 2021",
			Description: []string{"Moved 12 services to Kubernetes.", "Wrote runbooks for the night shift."},
		}},
	}, "en")
}

func TestLettersMayBeWrittenAsPeopleWriteThem(t *testing.T) {
	g := newGate(t)
	m := letterMaterial(g)
	for _, text := range []string{
		"Dear Ms. Quillfeather,", "Dear Dr. Quillfeather,", "Sehr geehrte Frau Quillfeather,", "Hello Dana Quillfeather,",
		"I'm applying for the position of Captain.", "I’d like to apply.", "I'd be glad to hear from you.",
		"I've moved 12 services to Kubernetes.", "I look forward to hearing from you.\n\nBest,\nMira Halvorsen",
		"Best, Mira", "All the best,\nMira Halvorsen",
		"Kind regards\nMira Halvorsen\nmira@example.org\n+47 555 010 19\nBergen, Norway",
		"Kind regards\nMira Halvorsen\nmira@example.org | +47 555 010 19 | Bergen, Norway",
		"E-mail: mira@example.org\nPhone: +47 555 010 19", "You can reach me at mira@example.org.",
	} {
		v := g.Check(m, Claim{Text: text, Mentions: []string{"Captain"}, Greeted: []string{"Dana Quillfeather"}})
		assert.True(t, v.Supported, "%s: %v", text, v.Violations)
	}
}

func TestLettersGainNothingByTheirForm(t *testing.T) {
	g := newGate(t)
	m := letterMaterial(g)
	for _, text := range []string{
		"Dear Ms. Vantongeren,", "I worked for Ms. Quillfeather.", "Dear team, I led Quillfeather.", "I've moved 40 services to Kubernetes.",
		"I don't write runbooks.", "Best engineer of Bergen", "Best, Captain", "I'm a doctor.", "Dr. Mira Halvorsen",
		"You can reach me at zora@sample.net.", "Phone: +47 555 010 77", "Kind regards\nCaptain Mira Halvorsen",
	} {
		v := g.Check(m, Claim{Text: text, Mentions: []string{"Captain"}, Greeted: []string{"Dana Quillfeather"}})
		assert.False(t, v.Supported, text)
	}
}

func TestWhatIsLeftOfALetterKeepsItsParagraphs(t *testing.T) {
	g := newGate(t)
	m := letterMaterial(g)
	for _, c := range []struct{ text, want string }{
		{
			"Dear team,\n\nI moved 12 services to Kubernetes. I hold three patents.\n\nI look forward to hearing from you.\n\nKind regards",
			"Dear team,\n\nI moved 12 services to Kubernetes.\n\nI look forward to hearing from you.\n\nKind regards",
		},
		{"I hold three patents.\n\nI moved 12 services to Kubernetes.", "I moved 12 services to Kubernetes."},
		{"Hello,\nI hold three patents. Thank you.", "Hello,\nThank you."},
		{"I hold three patents; I wrote runbooks for the night shift. Thank you.", "Thank you."},
		{"I moved 12 services to Kubernetes; I hold three patents. Thank you.", "I moved 12 services to Kubernetes. Thank you."},
		{"I moved 12 services to Kubernetes; I hold three patents; I wrote runbooks for the night shift.", "I moved 12 services to Kubernetes."},
	} {
		v := g.Check(m, Claim{Text: c.text})
		assert.False(t, v.Supported)
		assert.Equal(t, c.want, v.Reduced, c.text)
	}
}

func TestClaimsAreCounted(t *testing.T) {
	g := newGate(t)
	m := letterMaterial(g)
	v := g.Check(m, Claim{Text: "Dear team,\n\nI moved 12 services to Kubernetes. I wrote runbooks for the night shift. I hold three patents.\n\nThank you."})
	assert.Equal(t, 2, v.Claims)
	assert.Zero(t, g.Check(m, Claim{Text: "Hello."}).Claims)
}
