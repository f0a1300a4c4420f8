package skills

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
)

func TestTokenize(t *testing.T) {
	for text, want := range map[string]string{
		"C++, C# and F#.":              "c++ c# and f#",
		".NET and ASP.NET":             ".net and asp.net",
		"Node.js; D3.js.":              "node.js d3.js",
		"CI/CD, TCP/IP, A/B":           "ci/cd tcp/ip a/b",
		"and/or":                       "and or",
		"k8s 401k":                     "k8s 401k",
		"R&D, P&L, Q & A":              "r&d p&l q a",
		"Full-stack e-mail":            "full stack e mail",
		"5+ years":                     "5 years",
		"Security+ and A+":             "security+ and a+",
		"Version 3.5, 1,000":           "version 3.5 1 000",
		"Ph.D. and B.Sc.":              "ph.d and b.sc",
		"end.Next":                     "end next",
		"bachelor's driver’s":          "bachelor driver",
		"l'école":                      "l école",
		"Müller-Straße":                "müller straße",
		"CAFE\u0301":                   "café",
		"see example.com":              "see example.com",
		"\xff Go \u200b":               "go",
		"PL/SQL, S/4HANA, 24/7, z.B. ": "pl/sql s/4hana 24/7 z.b",
	} {
		var got []string
		for _, token := range Tokenize(text) {
			got = append(got, token.Text)
		}
		assert.Equal(t, want, strings.Join(got, " "), text)
	}
	assert.Empty(t, Tokenize(" .,;-+#"))
}

func FuzzTokenize(f *testing.F) {
	for _, seed := range []string{"C++ C# .NET", "node.js", "R&D a/b", "5+ A+", "it's l'été", "\xff\xc3", "CAFE\u0301 İ ẞ", "...net", "a.b.c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, token := range Tokenize(text) {
			require.LessOrEqual(t, end, token.Start)
			require.Less(t, token.Start, token.End)
			require.LessOrEqual(t, token.End, len(text))
			require.Equal(t, norm.NFC.String(strings.ToLower(text[token.Start:token.End])), token.Text)
			end = token.End
		}
	})
}

func TestStem(t *testing.T) {
	for _, c := range []struct{ language, word, want string }{
		{"en", "managing", "manag"}, {"en", "pipelines", "pipelin"},
		{"de", "planungen", "planung"}, {"fr", "gestions", "gestion"}, {"es", "proyectos", "proyect"},
		{"it", "progetti", "progetti"}, {"", "word", "word"},
	} {
		assert.Equal(t, c.want, Stem(c.language, c.word), c.word)
	}
	assert.Equal(t, Stem("de", "budgetplanung"), Stem("de", "budgetplanungen"))
}

func TestDetectLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"I led the team and was responsible for the budget of our site.":   "en",
		"Ich war für das Budget und die Leitung des Teams verantwortlich.": "de",
		"J'étais responsable du budget et de la gestion des équipes.":      "fr",
		"Fui responsable del presupuesto y de la gestión de los equipos.":  "es",
		"Kubernetes 2021": "en",
		"":                "en",
	} {
		assert.Equal(t, want, DetectLanguage(text), text)
	}
}

func TestIsStopWord(t *testing.T) {
	assert.True(t, IsStopWord("en", "the"))
	assert.True(t, IsStopWord("de", "und"))
	assert.True(t, IsStopWord("fr", "avec"))
	assert.True(t, IsStopWord("es", "los"))
	assert.False(t, IsStopWord("en", "und"))
	assert.False(t, IsStopWord("en", "kubernetes"))
	assert.False(t, IsStopWord("it", "il"))
}
