package structure

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// isTitle reports whether text holds a word of job titles.
func isTitle(text string) bool {
	words := splitWords(text)
	titles := &loadPostingWords().titles
	for i := range words {
		if _, ok := titles.longestAt(words, i); ok {
			return true
		}
	}
	return false
}

// isKnownPlace reports whether text is the name of a city, country or state.
func isKnownPlace(text string) bool {
	g := loadGazetteer()
	key := strings.ToLower(strings.TrimSpace(text))
	return g.city[key] != "" || g.country[key] != "" || g.state[key] != "" && len(key) > 2
}

var (
	postcodePattern = regexp.MustCompile(`(?:^|[\s,])(?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{4})?(?:$|[\s,])|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b`)
	statePattern    = regexp.MustCompile(`^[\p{L} .'-]+, ?[A-Z]{2}$`)
)

func hasPostcode(text string) bool { return postcodePattern.MatchString(text) }

// isPlaceLike reports whether text reads like a place: "Berlin", "Austin, TX", "75011 Paris", "Springfield, USA".
func isPlaceLike(text string) bool {
	if text == "" || len(text) > 90 || strings.ContainsAny(text, "@:;!?") || strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "D.C.") {
		return false
	}
	if isRemote(text) {
		return true
	}
	trimmed := strings.TrimSuffix(strings.TrimPrefix(text, "("), ")")
	if isKnownPlace(trimmed) {
		return true
	}
	if trimmed == "" {
		return false
	}
	if first := firstRune(trimmed); !unicode.IsUpper(first) && !isDigit(trimmed[0]) {
		return false
	}
	if statePattern.MatchString(trimmed) && len(trimmed) < 40 {
		return true
	}
	if hasPostcode(trimmed) && letterCount(trimmed) >= 3 && len(strings.Fields(trimmed)) <= 10 {
		_, dated := findPeriod(trimmed)
		return !dated || strings.Contains(trimmed, ",")
	}
	return endsInKnownPlace(trimmed)
}

// endsInKnownPlace reports whether one of the parts of "Springfield, USA" is a known place.
func endsInKnownPlace(trimmed string) bool {
	parts := strings.FieldsFunc(trimmed, func(r rune) bool { return r == ',' || r == '/' || r == '(' || r == ')' })
	if len(parts) < 2 || len(parts) > 4 || len(trimmed) > 60 {
		return false
	}
	for _, p := range parts {
		p = strings.TrimSpace(p)
		if isKnownPlace(p) && len(strings.Fields(parts[0])) <= 4 {
			return true
		}
	}
	return false
}

func isRemote(text string) bool {
	switch strings.ToLower(text) {
	case "remote", "homeoffice", "home office", "hybrid", "à distance", "télétravail", "remoto", "teletrabajo", "en remoto":
		return true
	}
	return false
}

// isEntryPlace is isPlaceLike for the lines of an entry, where "Oakroad Garage, Leeds" is an employer with its town: what
// stands before the first comma must be a place itself, or short with a country or state behind it.
func isEntryPlace(text string) bool {
	if !isPlaceLike(text) {
		return false
	}
	first, rest, several := strings.Cut(strings.Trim(text, "()"), ",")
	rest = strings.TrimSpace(rest)
	switch {
	case !several || isKnownPlace(first):
		return !hasPostcode(first) || !isTitle(text)
	case employerScore(text) > 0 || isSchool(text) || isTitle(text) || len(strings.Fields(first)) > 3:
		return false
	}
	g := loadGazetteer()
	key := strings.ToLower(rest)
	return g.country[key] != "" || g.state[key] != "" || len(rest) == 2 && rest == strings.ToUpper(rest)
}

//go:embed data/entry_words.txt
var entryWordsText string

// entryWords holds data/entry_words.txt.
type entryWords struct {
	employers       map[string]bool
	schools, degree []string
}

// loadEntryWords parses the embedded list once; the result is never changed.
var loadEntryWords = sync.OnceValue(func() *entryWords {
	t := &entryWords{employers: map[string]bool{}}
	group := ""
	for line := range strings.Lines(entryWordsText) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok {
			group = strings.TrimSuffix(name, "]")
			continue
		}
		list, ok := strings.CutPrefix(line, "words: ")
		if !ok {
			continue
		}
		for word := range strings.SplitSeq(list, ", ") {
			switch group {
			case "employer":
				t.employers[word] = true
			case "school":
				t.schools = append(t.schools, word)
			case "degree":
				t.degree = append(t.degree, word)
			}
		}
	}
	return t
})

// employerScore counts the words of text that name firms.
func employerScore(text string) int {
	employers := loadEntryWords().employers
	score := 0
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == ',' || r == '(' || r == ')' || r == '/' }) {
		if employers[strings.ReplaceAll(strings.Trim(w, ".&"), ".", "")] {
			score++
		}
	}
	return score
}

// minPartBytes is the length from which a word of the list may be a part of another.
const minPartBytes = 5

// isSchool reports whether text names a school.
func isSchool(text string) bool {
	for _, w := range splitWords(text) {
		for _, s := range loadEntryWords().schools {
			if w.text == s || len(s) >= minPartBytes && (strings.HasPrefix(w.text, s) || strings.HasSuffix(w.text, s)) {
				return true
			}
		}
	}
	return false
}

// degreeScore tells how much text reads like a degree.
func degreeScore(text string) int {
	score := 0
	plainText := strings.ReplaceAll(text, ".", "")
	for _, w := range splitWords(plainText) {
		for _, d := range loadEntryWords().degree {
			if w.text == d || len(d) >= minPartBytes && strings.HasPrefix(w.text, d) {
				score++
				break
			}
		}
	}
	return score
}
