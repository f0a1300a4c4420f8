package structure

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed data/languages.txt
var languagesText string

// languageTable holds data/languages.txt; its keys are folded as headings are.
type languageTable struct {
	names, levels map[string]bool
}

// loadLanguages parses the embedded list once; the result is never changed.
var loadLanguages = sync.OnceValue(func() *languageTable {
	t := &languageTable{names: map[string]bool{}, levels: map[string]bool{}}
	group := t.names
	for line := range strings.Lines(languagesText) {
		line = strings.TrimSpace(line)
		switch line {
		case "[language]":
			group = t.names
			continue
		case "[level]":
			group = t.levels
			continue
		}
		_, list, ok := strings.Cut(line, ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for phrase := range strings.SplitSeq(list, ", ") {
			group[levelKey(phrase)] = true
		}
	}
	return t
})

// levelKey folds a text but keeps the digits of "B2".
func levelKey(text string) string {
	if text = strings.Trim(strings.ToLower(text), " ().:-–—,"); len(text) == 2 && isDigit(text[1]) {
		return text
	}
	return foldPhrase(text)
}

// isLevel reports whether text only grades: "Advanced", "B2", "Muttersprache".
func isLevel(text string) bool {
	return len(text) <= 40 && len(text) >= 2 && loadLanguages().levels[levelKey(text)]
}

// isLanguageName reports whether word names a natural language.
func isLanguageName(word string) bool { return loadLanguages().names[foldPhrase(word)] }

// namesLanguages reports whether a section names any natural language; programmers list others under that heading.
func namesLanguages(s *resumeSection) bool {
	for i := range s.lines {
		for _, w := range splitWords(s.lines[i].text) {
			if isLanguageName(w.text) {
				return true
			}
		}
	}
	return len(s.lines) == 0
}

func allLanguages(entries []frag) bool {
	for _, e := range entries {
		words := splitWords(e.text)
		if len(words) == 0 || !isLanguageName(words[0].text) {
			return false
		}
	}
	return len(entries) > 0
}

// sayingWords are the words between the languages of "I speak Swedish (native) and German (C2)".
var sayingWords = map[string]bool{
	"i": true, "speak": true, "and": true, "also": true, "ich": true, "spreche": true, "und": true, "sowie": true,
	"je": true, "parle": true, "et": true, "hablo": true, "y": true,
}

// spokenLanguages cuts a sentence into its languages with their levels and the words between them; ok is false for
// any other text.
func spokenLanguages(f frag) (languages, between []frag, ok bool) {
	from := 0
	for _, w := range splitWords(f.text) {
		if w.start < from || !isLanguageName(w.text) || !strings.HasPrefix(f.text[w.end:], " (") {
			continue
		}
		size := strings.IndexByte(f.text[w.end:], ')')
		if size < 0 || !isLevel(f.text[w.end:w.end+size]) {
			continue
		}
		between = append(between, f.cut(from, w.start))
		from = w.end + size + 1
		languages = append(languages, f.cut(w.start, from))
	}
	between = slices.DeleteFunc(append(between, f.cut(from, len(f.text))), func(piece frag) bool { return letterCount(piece.text) == 0 })
	for _, piece := range between {
		for _, w := range splitWords(piece.text) {
			if !sayingWords[w.text] {
				return nil, nil, false
			}
		}
	}
	return languages, between, len(languages) > 0 && len(between) > 0
}

// readLanguages reads one value for each language, with its level.
func (r *resumeReader) readLanguages(s *resumeSection) {
	var values []frag
	for i := range s.lines {
		if spoken, between, ok := spokenLanguages(s.lines[i].frag); ok {
			values = append(values, spoken...)
			r.marginalia = append(r.marginalia, between...)
			continue
		}
		for _, piece := range languagePieces(&s.lines[i]) {
			last := len(values) - 1
			if last >= 0 && !startsWithLanguage(piece.text) && (isLevel(piece.text) || isBareLanguage(values[last].text)) && (isBareLanguage(values[last].text) || piece.line == values[last].line) {
				values[last] = joinFrags(" – ", values[last], piece)
				continue
			}
			values = append(values, piece)
		}
	}
	for _, v := range values {
		sure := sureUsual
		if startsWithLanguage(v.text) {
			sure = sureWord
		}
		r.add(listLanguages, v, confidenceOf(s.confidence, sure))
	}
}

// gradesLanguage recognises "Deutsch: Muttersprache" and "English (C1)" outside of a section of languages.
func gradesLanguage(text string) bool {
	words := splitWords(text)
	if len(words) < 2 || len(text) > 80 {
		return false
	}
	for i := range min(len(words)-1, 3) {
		if isLanguageName(words[i].text) {
			return isLevel(text[words[i].end:])
		}
	}
	return false
}

func isBareLanguage(text string) bool { return len(text) < 40 && isLanguageName(text) }

func startsWithLanguage(text string) bool {
	words := splitWords(text)
	for i := 0; i < len(words) && i < 3; i++ {
		if isLanguageName(words[i].text) {
			return true
		}
	}
	return false
}

// languagePieces splits a line at its cells and commas, and before each language that a level or sign follows.
func languagePieces(l *docLine) []frag {
	var pieces []frag
	for _, part := range l.parts() {
		for _, f := range splitList(part) {
			pieces = append(pieces, splitBeforeLanguages(f)...)
		}
	}
	return pieces
}

func splitBeforeLanguages(f frag) []frag {
	var pieces []frag
	from := 0
	for i, w := range splitWords(f.text) {
		if i == 0 || !unicode.IsUpper(firstRune(f.text[w.start:])) || !isLanguageName(w.text) || f.text[w.start-1] != ' ' || !balanced(f.text[from:w.start]) {
			continue
		}
		rest := strings.TrimLeft(f.text[w.end:], " ")
		if rest == "" || !strings.ContainsRune(":(–—-", firstRune(rest)) {
			continue
		}
		pieces = append(pieces, f.cut(from, w.start))
		from = w.start
	}
	return append(pieces, f.cut(from, len(f.text)))
}
