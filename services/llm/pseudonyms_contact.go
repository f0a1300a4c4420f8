package llm

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"resume-matcher/models"
	"resume-matcher/services/redact"
)

// maxKnown bounds how many numbers and links of the texts are looked for in their other forms.
const maxKnown = 100

// literalFinder finds values letter by letter, in any case, where they don't stand inside of a word.
func literalFinder(values ...string) func(string) []interval {
	var sought []string
	for _, value := range values {
		if value = lowered(strings.TrimSpace(value)); value != "" && !slices.Contains(sought, value) {
			sought = append(sought, value)
		}
	}
	return func(text string) []interval {
		if len(sought) == 0 {
			return nil
		}
		var found []interval
		lower := lowered(text)
		for _, value := range sought {
			for at := 0; ; {
				i := strings.Index(lower[at:], value)
				if i < 0 {
					break
				}
				start, end := at+i, at+i+len(value)
				if standsApart(text, start, end) {
					found = append(found, interval{start, end})
				}
				at = end
			}
		}
		return found
	}
}

// valueWith returns a value that holds one of the signs, or "": "-" and "none" say that there is no value.
func valueWith(signs, value string) string {
	if strings.ContainsAny(value, signs) {
		return value
	}
	return ""
}

// lowered returns text in lower case with every letter at its place: one whose lower case has another length stays.
func lowered(text string) string {
	if !utf8.ValidString(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if lower := unicode.ToLower(r); utf8.RuneLen(lower) == utf8.RuneLen(r) {
			return lower
		}
		return r
	}, text)
}

// inLines finds pattern in the lines that may match it, because looking is much faster than matching.
func inLines(text string, mayMatch func(line string) bool, pattern *regexp.Regexp) []interval {
	var found []interval
	start := 0
	for line := range strings.Lines(text) {
		if mayMatch(line) {
			for _, at := range pattern.FindAllStringIndex(line, -1) {
				found = append(found, interval{start + at[0], start + at[1]})
			}
		}
		start += len(line)
	}
	return found
}

func hasDigit(line string) bool { return strings.ContainsAny(line, "0123456789") }

// standsApart tells whether text[start:end] is not a part of a longer word, where the script parts words by spaces.
func standsApart(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	first, _ := utf8.DecodeRuneInString(text[start:])
	last, _ := utf8.DecodeLastRuneInString(text[:end])
	after, _ := utf8.DecodeRuneInString(text[end:])
	inWord := func(outer, inner rune) bool {
		return isWordRune(outer) && isWordRune(inner) && !isUnspaced(outer) && !isUnspaced(inner)
	}
	return !inWord(before, first) && !inWord(after, last)
}

func findEmails(text string) []interval {
	emails, _ := redact.Find(text)
	return ofSpans(emails)
}

func ofSpans(spans []redact.Span) []interval {
	found := make([]interval, 0, len(spans))
	for _, s := range spans {
		found = append(found, interval{s.Start, s.End})
	}
	return found
}

// phoneFinder finds what looks like a phone number, and the known numbers however their digits are grouped.
type phoneFinder struct {
	// known are the last digits of numbers, which are the same with and without the country's prefix.
	known []string
}

var digitRun = regexp.MustCompile(`[+(]{0,2}\d(?:[ \-./()\x{a0}\x{202f}\x{2009}\x{2010}-\x{2014}]{0,4}\d){5,30}`)

// significantDigits is how many digits at the end of a phone number are enough to know it.
const significantDigits = 7

func significant(phone string) string {
	digits := onlyDigits(phone)
	if len(digits) < significantDigits-1 {
		return ""
	}
	return digits[max(0, len(digits)-significantDigits):]
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func newPhoneFinder(info models.PersonalInfo, texts []string) phoneFinder {
	var f phoneFinder
	learn := func(phone string) {
		if last := significant(phone); last != "" && len(f.known) < maxKnown && !slices.Contains(f.known, last) {
			f.known = append(f.known, last)
		}
	}
	learn(info.Phone)
	for _, text := range texts {
		_, phones := redact.Find(text)
		for _, at := range phones {
			learn(text[at.Start:at.End])
		}
	}
	return f
}

func (f phoneFinder) find(text string) []interval {
	_, phones := redact.Find(text)
	found := ofSpans(phones)
	for _, at := range digitRun.FindAllStringIndex(text, -1) {
		digits := onlyDigits(text[at[0]:at[1]])
		for _, known := range f.known {
			if strings.Contains(digits, known) {
				found = append(found, interval{at[0], at[1]})
			}
		}
	}
	return found
}
