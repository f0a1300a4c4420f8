package facts_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/facts"
	"resume-matcher/services/skills"
)

// courtesy is the category of sentences that state nothing about the person.
const courtesy = "letter-courtesy"

// examiner checks texts against the made-up people.
type examiner struct {
	gate      *facts.Gate
	people    map[string]person
	materials map[string]*facts.Material
}

func newExaminer(t *testing.T) examiner {
	t.Helper()
	vocabulary, err := skills.Load()
	require.NoError(t, err)
	e := examiner{gate: facts.New(vocabulary), people: readPeople(t), materials: map[string]*facts.Material{}}
	for name, p := range e.people {
		e.materials[name] = e.gate.Read(p.resume, p.language())
	}
	return e
}

func (e examiner) check(c tableCase) facts.Verdict {
	return e.gate.Check(e.materials[c.Person], c.Claim)
}

func TestNoFabricationPasses(t *testing.T) {
	e := newExaminer(t)
	for _, c := range readTables(t, "fabrications", e.people) {
		t.Run(c.At, func(t *testing.T) {
			require.NotEmpty(t, c.Invented)
			for _, words := range c.Invented {
				require.True(t, contains(c.Claim.Text, words), "the text has no %q", words)
			}
			v := e.check(c)
			assert.False(t, v.Supported, "%s passed: %q", c.Category, c.Claim.Text)
			assert.NotEmpty(t, v.Violations)
			for _, violation := range v.Violations {
				assert.NotEmpty(t, violation.Rule)
			}
			e.checkReduced(t, c, v.Reduced)
		})
	}
}

// checkReduced tests that what is left of an invention is itself supported and free of the invention.
func (e examiner) checkReduced(t *testing.T, c tableCase, reduced string) {
	t.Helper()
	if reduced == "" {
		return
	}
	for _, words := range c.Invented {
		assert.False(t, contains(reduced, words), "%q is left in %q", words, reduced)
	}
	c.Claim.Text = reduced
	v := e.check(c)
	assert.True(t, v.Supported, "the reduced text is refused: %q: %v", reduced, v.Violations)
	e.checkEvidence(t, c, v)
}

func TestHonestRewordingsPass(t *testing.T) {
	e := newExaminer(t)
	cases := readTables(t, "honest", e.people)
	var refused []string
	for _, c := range cases {
		v := e.check(c)
		if !v.Supported {
			refused = append(refused, fmt.Sprintf("%s %s: %q: %v", c.At, c.Category, c.Claim.Text, v.Violations))
			continue
		}
		assert.Empty(t, v.Violations, c.At)
		e.checkEvidence(t, c, v)
	}
	t.Logf("%d of %d honest rewordings refused", len(refused), len(cases))
	allowed := (len(cases)*5 + 99) / 100
	if len(refused) > allowed {
		t.Errorf("%d refused, at most %d may be:\n%s", len(refused), allowed, strings.Join(refused, "\n"))
	}
}

// TestReductionKeepsWhatIsTrue tests that one invented sentence does not cost the true ones beside it.
func TestReductionKeepsWhatIsTrue(t *testing.T) {
	e := newExaminer(t)
	for _, c := range []struct {
		name, person, text, kept string
	}{
		{"invented sentence after a true one", "marketing",
			"I manage a team of 4 and a yearly budget of £350,000. I won the Northern Marketing Prize.",
			"I manage a team of 4 and a yearly budget of £350,000."},
		{"invented sentence before a true one", "teacher",
			"I am the head of mathematics. I run a weekly chess club for 18 pupils.",
			"I run a weekly chess club for 18 pupils."},
		{"German sentences", "warehouse",
			"Die Inventur habe ich geleitet. Den Staplerschein habe ich seit 2016.",
			"Den Staplerschein habe ich seit 2016."},
		{"true sentences around an invented one", "backend",
			"I built the refund API in Go. I led three teams. I wrote CI/CD pipelines in GitLab.",
			"I wrote CI/CD pipelines in GitLab."},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := e.check(tableCase{Person: c.person, Claim: facts.Claim{Text: c.text}})
			assert.False(t, v.Supported)
			assert.Contains(t, v.Reduced, c.kept)
		})
	}
}

// checkEvidence tests that a supported text quotes the person's own words where they stand.
func (e examiner) checkEvidence(t *testing.T, c tableCase, v facts.Verdict) {
	t.Helper()
	if c.Category != courtesy && c.Claim.Path != "" {
		assert.NotEmpty(t, v.Evidence, "%s: no evidence for %q", c.At, c.Claim.Text)
	}
	for _, evidence := range v.Evidence {
		assert.NotEmpty(t, strings.TrimSpace(evidence.Quote), c.At)
		text, found := e.people[c.Person].at(evidence.Path)
		assert.True(t, found, "%s: nothing stands at %s", c.At, evidence.Path)
		assert.Contains(t, text, evidence.Quote, "%s: not the words at %s", c.At, evidence.Path)
	}
}

func TestTablesKeepTheirBreadth(t *testing.T) {
	people := readPeople(t)
	for _, table := range []struct {
		kind       string
		languages  map[string]int
		categories map[string]int
	}{
		{
			kind:      "fabrications",
			languages: map[string]int{"en": 460, "de": 350, "cross": 50},
			categories: map[string]int{
				"scope": 100, "noun-shift": 60, "number": 48, "translated": 45, "skill": 36, "title": 36, "tool-swap": 32,
				"tool": 28, "unit": 27, "merged": 25, "money": 24, "cause": 22, "certificate": 20, "percentage": 20,
				"date": 20, "negation": 19, "years": 16, "degree": 16, "award": 14, "superlative": 12, "number-word": 12,
				"language": 12, "plan": 11, "headcount": 11, "duty": 11, "disguise": 11, "employer": 10, "brand": 9,
				"seniority": 7, "letter-whole": 8, "metric": 5, "soft-skill": 5, "school": 5, "ordinal": 4,
			},
		},
		{
			kind:      "honest",
			languages: map[string]int{"en": 255, "de": 175, "cross": 28},
			categories: map[string]int{
				"synonym": 105, "letter": 46, "summary": 37, "shortened": 36, "notation": 36, "skill": 32, "translated": 25,
				"voice": 24, courtesy: 14, "reordered": 12, "abbreviation": 12, "letter-whole": 6, "weaker": 4, "split": 4,
			},
		},
	} {
		t.Run(table.kind, func(t *testing.T) {
			languages, categories := map[string]int{}, map[string]int{}
			for _, c := range readTables(t, table.kind, people) {
				languages[c.Language]++
				categories[c.Category]++
			}
			for language, least := range table.languages {
				assert.GreaterOrEqual(t, languages[language], least, language)
			}
			for category, least := range table.categories {
				assert.GreaterOrEqual(t, categories[category], least, category)
			}
		})
	}
}

// contains tells whether words stand in text as whole words, whatever the case and the signs of no width between.
func contains(text, words string) bool {
	text, words = visible(text), visible(words)
	for from := 0; ; {
		i := strings.Index(text[from:], words)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(words)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !continues(before, words[0]) && !continues(after, words[len(words)-1]) {
			return true
		}
		from = start + 1
	}
}

// continues tells whether a neighbouring sign makes the word at the edge a part of a longer one.
func continues(neighbour rune, edge byte) bool {
	wordEdge := edge >= utf8.RuneSelf || unicode.IsLetter(rune(edge)) || unicode.IsDigit(rune(edge))
	return wordEdge && (unicode.IsLetter(neighbour) || unicode.IsDigit(neighbour))
}

// visible drops the signs of no width and the case.
func visible(text string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text))
}
