package facts_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/facts"
)

var (
	digits      = regexp.MustCompile(`\d[\d.,]*\d|\d`)
	year        = regexp.MustCompile(`^(19|20)\d\d$`)
	numberWords = regexp.MustCompile(`(?i)\b(two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|fifty|zwei|drei|vier|sechs|sieben|zehn|zwanzig|zweihundert)\b`)
	negations   = regexp.MustCompile(`(?i)\b(no|not|without|noch keine|noch keinen|noch nicht|noch kein|keine|keinen|nicht|bisher|so far|yet|at present)\b ?`)
	hedges      = regexp.MustCompile(`(?i)\b(helped to|helped with|helped|assisted in|assisted with|assisted|supported|contributed to|took part in|participated in)\b`)
	germanHedge = regexp.MustCompile(`\b(Unterstützung|Mitarbeit|Mithilfe|Mitwirkung)\b`)
)

// tails are inventions that can end any sentence.
var tails = map[string][]string{
	"en": {
		" with Terraform", " for Siemens", ", which doubled revenue", " in a team of 23 people", " as team leader",
		", saving $40,000 a year", " and won an award for it", " at Harvard University", " as a certified PMP", " since 1997",
	},
	"de": {
		" mit Terraform", " für Siemens", " und damit den Umsatz verdoppelt", " in einem Team mit 23 Personen", " als Teamleiter",
		" und dabei 40.000 € im Jahr gespart", " und dafür ausgezeichnet", " an der Universität Harvard", " als zertifizierter PMP", " seit 1997",
	},
}

// passed lists the cases of a mutated table that the gate let through.
func (e examiner) passed(cases []tableCase) []string {
	var passed []string
	for _, c := range cases {
		if e.check(c).Supported {
			passed = append(passed, fmt.Sprintf("%s: %q", c.At, c.Claim.Text))
		}
	}
	return passed
}

// mutate returns each honest text in the forms that change gives it.
func mutate(cases []tableCase, change func(c tableCase) []string) []tableCase {
	var mutated []tableCase
	for _, c := range cases {
		for _, text := range change(c) {
			if text != c.Claim.Text {
				m := c
				m.Claim.Text = text
				mutated = append(mutated, m)
			}
		}
	}
	return mutated
}

func TestMutatedHonestTextsAreRefused(t *testing.T) {
	e := newExaminer(t)
	honest := readTables(t, "honest", e.people)
	for _, mutation := range []struct {
		name   string
		least  int
		change func(c tableCase) []string
	}{
		{"another number", 150, func(c tableCase) []string { return otherNumbers(t, e.people[c.Person], c.Claim.Text) }},
		{"another number word", 40, func(c tableCase) []string { return eachReplaced(numberWords, c.Claim.Text, otherWord) }},
		{"two numbers swapped", 50, func(c tableCase) []string { return swapped(c.Claim.Text) }},
		{"an invented end", 600, longer},
		{"a leading role", 40, func(c tableCase) []string {
			text := hedges.ReplaceAllStringFunc(c.Claim.Text, func(hedge string) string { return likeCase(hedge, "led") })
			return []string{germanHedge.ReplaceAllString(text, "Leitung")}
		}},
		{"a dropped negation", 4, func(c tableCase) []string { return []string{negations.ReplaceAllString(c.Claim.Text, "")} }},
	} {
		t.Run(mutation.name, func(t *testing.T) {
			cases := mutate(honest, mutation.change)
			require.GreaterOrEqual(t, len(cases), mutation.least)
			passed := e.passed(cases)
			assert.Empty(t, passed, "%d of %d passed:\n%s", len(passed), len(cases), strings.Join(passed, "\n"))
		})
	}
}

// otherNumbers gives each number of a text in turn another first digit and one digit more, where the résumé has no such
// number anywhere.
func otherNumbers(t *testing.T, p person, text string) []string {
	t.Helper()
	resume, err := json.Marshal(p.resume)
	require.NoError(t, err)
	var texts []string
	for _, span := range digits.FindAllStringIndex(text, -1) {
		if before, _ := utf8.DecodeLastRuneInString(text[:span[0]]); unicode.IsLetter(before) {
			continue
		}
		number := text[span[0]:span[1]]
		for _, other := range []string{string('1'+(number[0]-'0')%9) + number[1:], "7" + number} {
			if !regexp.MustCompile(`\b` + regexp.QuoteMeta(other) + `\b`).Match(resume) {
				texts = append(texts, text[:span[0]]+other+text[span[1]:])
			}
		}
	}
	return texts
}

// swapped exchanges the first two numbers of a text; the years of a period mean the same either way round.
func swapped(text string) []string {
	spans := digits.FindAllStringIndex(text, 2)
	if len(spans) < 2 {
		return nil
	}
	a, b := spans[0], spans[1]
	if year.MatchString(text[a[0]:a[1]]) && year.MatchString(text[b[0]:b[1]]) {
		return nil
	}
	return []string{text[:a[0]] + text[b[0]:b[1]] + text[a[1]:b[0]] + text[a[0]:a[1]] + text[b[1]:]}
}

func eachReplaced(words *regexp.Regexp, text string, with func(string) string) []string {
	var texts []string
	for _, span := range words.FindAllStringIndex(text, -1) {
		texts = append(texts, text[:span[0]]+with(text[span[0]:span[1]])+text[span[1]:])
	}
	return texts
}

// otherWord returns a number no made-up person has, in the language of the word.
func otherWord(word string) string {
	if strings.Contains(" zwei drei vier sechs sieben zehn zwanzig zweihundert ", " "+strings.ToLower(word)+" ") {
		return likeCase(word, "dreizehn")
	}
	return likeCase(word, "thirteen")
}

func likeCase(model, word string) string {
	if first, _ := utf8.DecodeRuneInString(model); unicode.IsUpper(first) {
		return strings.ToUpper(word[:1]) + word[1:]
	}
	return word
}

// longer ends a text with three of the tails, other ones from text to text: all of them on all texts would take seconds.
func longer(c tableCase) []string {
	language := c.Language
	if language == "cross" {
		language = "en"
	}
	choice := tails[language]
	var texts []string
	for i := range 3 {
		tail := choice[(len(c.Claim.Text)+i)%len(choice)]
		texts = append(texts, strings.TrimRight(c.Claim.Text, ".,")+tail+".")
	}
	return texts
}

func TestOnePersonsFactsAreNotAnothers(t *testing.T) {
	e := newExaminer(t)
	others := slices.Sorted(maps.Keys(e.people))
	var foreign []tableCase
	for i, c := range readTables(t, "honest", e.people) {
		// A skill or a courtesy may well be true of another person too.
		if c.Category == "skill" || c.Category == courtesy {
			continue
		}
		if other := others[i%len(others)]; other != c.Person {
			c.Person, c.Claim = other, facts.Claim{Text: c.Claim.Text, Mentions: c.Claim.Mentions}
			foreign = append(foreign, c)
		}
	}
	require.NotEmpty(t, foreign)
	passed := e.passed(foreign)
	assert.Empty(t, passed, "%d of %d passed:\n%s", len(passed), len(foreign), strings.Join(passed, "\n"))
}

func TestOnePositionsFactsAreNotAnothers(t *testing.T) {
	e := newExaminer(t)
	var moved []tableCase
	for name, p := range e.people {
		for i, from := range p.resume.WorkExperience {
			for j, to := range p.resume.WorkExperience {
				path := fmt.Sprintf("workExperience[%d].description[%d]", j, len(to.Description))
				for k, bullet := range from.Description {
					if i != j {
						at := fmt.Sprintf("%s %d.%d to %d", name, i, k, j)
						moved = append(moved, tableCase{At: at, Person: name, Claim: facts.Claim{Path: path, Text: bullet}})
					}
				}
			}
		}
	}
	require.NotEmpty(t, moved)
	assert.Empty(t, e.passed(moved))
}
