package llm

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameFinder finds a person's name and its parts as whole words, in any case and with or without diacritics.
type nameFinder struct {
	// words are those of the whole name; strong are the ones that are hidden on their own.
	words, strong map[string]bool
	// short are those of two letters, which are hidden on their own where they are written with a capital.
	short map[string]bool
	// size is how many words the name has.
	size int
	// unspaced finds a name in a script that writes words without spaces, inside of others too; nil for other scripts.
	unspaced func(text string) []interval
}

// shortestNamePart is how many letters a part of a name has that is hidden on its own, shortestCapitalPart where it is
// written with a capital.
const (
	shortestNamePart    = 3
	shortestCapitalPart = 2
)

// particles stand in names and, as ordinary words, everywhere else; honorifics are no part of a name.
var (
	particles = []string{"von", "van", "der", "den", "dem", "del", "della", "dello", "des", "dos", "das", "las", "los", "les", "ter", "ten", "zum", "zur", "und", "the", "and", "bin", "ibn", "bint", "ben", "che", "mac", "san", "dit",
		"de", "la", "le", "du", "di", "da", "el", "zu", "af", "av", "of"}
	honorifics = []string{"dr", "prof", "professor", "dipl", "ing", "med", "phil", "rer", "nat", "mag", "herr", "frau", "mr", "mrs", "ms", "miss", "mx", "sir", "mme", "mlle", "monsieur", "madame", "sr", "sra", "srta", "señor", "senora", "don", "dona", "mba", "phd", "msc", "bsc", "jr", "cv", "resume", "lebenslauf"}
)

func newNameFinder(name string) nameFinder {
	f := nameFinder{words: map[string]bool{}, strong: map[string]bool{}, short: map[string]bool{}}
	if strings.ContainsFunc(name, isUnspaced) {
		f.unspaced = literalFinder(name)
	}
	var joined []string
	for _, w := range nameWords(name) {
		f.size++
		for _, spelling := range spellings(w) {
			f.words[spelling] = true
			switch letters := utf8.RuneCountInString(spelling); {
			case slices.Contains(particles, spelling):
			case letters >= shortestNamePart:
				f.strong[spelling] = true
			case letters == shortestCapitalPart:
				f.short[spelling] = true
			}
		}
		joined = append(joined, fold(w))
	}
	if len(joined) > 1 {
		first, last := joined[0], joined[len(joined)-1]
		for _, handle := range []string{strings.Join(joined, ""), first + last, last + first} {
			if len(handle) >= 2*shortestNamePart {
				f.words[handle], f.strong[handle] = true, true
			}
		}
	}
	return f
}

// nameWords returns the words of a name without honorifics and the letters of degrees behind a comma.
func nameWords(name string) []string {
	var words []string
	comma := strings.IndexByte(name, ',')
	for _, w := range wordsOf(name) {
		word := name[w.start:w.end]
		capitals := 0
		for _, r := range word {
			if unicode.IsUpper(r) {
				capitals++
			}
		}
		isDegree := comma > 0 && w.start > comma && capitals > 1 && name != strings.ToUpper(name)
		if !isDegree && !slices.Contains(honorifics, fold(word)) {
			words = append(words, word)
		}
	}
	return words
}

// spellings returns a word's folded forms: without diacritics, and with the two letters that stand for an umlaut.
func spellings(word string) []string {
	digraphs := strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "å", "aa", "ø", "oe", "æ", "ae").Replace(strings.ToLower(word))
	return []string{fold(word), fold(digraphs)}
}

func (f nameFinder) find(text string) []interval {
	var found []interval
	if f.unspaced != nil {
		found = f.unspaced(text)
	}
	if f.size == 0 {
		return found
	}
	words := wordsOf(text)
	for i := 0; i < len(words); {
		run := f.run(text, words[i:])
		if len(run) == 0 {
			i++
			continue
		}
		i += len(run)
		if at, ok := f.hiddenPart(text, run); ok {
			found = append(found, at)
		}
	}
	return found
}

// run returns the first words as long as they are words of the name that stand side by side; the last one may have the
// genitive's s.
func (f nameFinder) run(text string, words []interval) []interval {
	for i, w := range words {
		if i > 0 && !isNameJoint(text[words[i-1].end:w.start]) {
			return words[:i]
		}
		word := text[w.start:w.end]
		if f.words[fold(word)] {
			continue
		}
		if stem, ok := withoutGenitive(word); ok && f.strong[fold(stem)] {
			run := slices.Clone(words[:i+1])
			run[i].end = w.start + len(stem)
			return run
		}
		return words[:i]
	}
	return words
}

// hiddenPart returns what of a run is hidden: all of a whole name, else what is left without the weak words at its ends.
func (f nameFinder) hiddenPart(text string, run []interval) (interval, bool) {
	first, last := run[0].start, run[len(run)-1].end
	isStrong := func(w interval) bool {
		word := fold(text[w.start:w.end])
		return f.strong[word] || f.short[word] && startsUpper(text[w.start:w.end]) &&
			(w.start > first || !isHyphenated(text[:w.start], false)) && (w.end < last || !isHyphenated(text[w.end:], true))
	}
	if len(run) < f.size {
		for len(run) > 0 && !isStrong(run[0]) {
			run = run[1:]
		}
		for len(run) > 0 && !isStrong(run[len(run)-1]) {
			run = run[:len(run)-1]
		}
	}
	if len(run) == 0 {
		return interval{}, false
	}
	return interval{run[0].start, run[len(run)-1].end}, true
}

// isHyphenated tells whether a word goes on behind a hyphen, as in "Li-ion", in the text after or before it.
func isHyphenated(beside string, after bool) bool {
	const hyphens = "-‐‑"
	if after {
		hyphen, size := utf8.DecodeRuneInString(beside)
		next, _ := utf8.DecodeRuneInString(beside[size:])
		return strings.ContainsRune(hyphens, hyphen) && isWordRune(next)
	}
	hyphen, size := utf8.DecodeLastRuneInString(beside)
	next, _ := utf8.DecodeLastRuneInString(beside[:len(beside)-size])
	return strings.ContainsRune(hyphens, hyphen) && isWordRune(next)
}

// withoutGenitive takes the s off a capitalized word: "Webers Team".
func withoutGenitive(word string) (string, bool) {
	first, _ := utf8.DecodeRuneInString(word)
	if !unicode.IsUpper(first) || !strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "S") {
		return "", false
	}
	return word[:len(word)-1], true
}

// isNameJoint tells whether what stands between two words may stand between the parts of a name.
func isNameJoint(between string) bool {
	return utf8.RuneCountInString(between) <= 3 && strings.TrimLeft(between, " \t\n\u00a0\u202f-‐‑'’.,_") == ""
}

// wordsOf returns the runs of letters, marks and digits.
func wordsOf(text string) []interval {
	var words []interval
	start := -1
	for i, r := range text {
		switch inWord := isWordRune(r); {
		case inWord && start < 0:
			start = i
		case !inWord && start >= 0:
			words = append(words, interval{start, i})
			start = -1
		}
	}
	if start >= 0 {
		words = append(words, interval{start, len(text)})
	}
	return words
}

func isWordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r))
}

func isUnspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
