package facts

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"resume-matcher/services/skills"
)

// gap is the strongest punctuation between a token and the one before it.
type gap uint8

const (
	gapSpace gap = iota
	gapHyphen
	gapSlash
	gapComma
	gapParenthesis
	// gapBreak stands for a colon, a dash or a bullet sign: what follows is a clause of its own.
	gapBreak
	gapSentence
)

// token is one word or number of a text.
type token struct {
	// text is the word in lower case.
	text       string
	start, end int
	// gap is what stands before the token; the first one follows a gapSentence.
	gap gap
	// capital is set for a word written with a capital first letter.
	capital bool
	// number is set for a number; its unit and scale words are part of the same token.
	number *number
	// phrase is set for a fixed phrase of several words.
	phrase bool
	// english and german are the word's stems.
	english, german string
	// entry is what the lexicon says of the word.
	entry wordEntry
}

// tokenize cuts a text into words and numbers.
func (l *lexicon) tokenize(text string) []token {
	raw := skills.Tokenize(text)
	tokens := make([]token, 0, len(raw))
	end := 0
	for _, w := range raw {
		for at := max(w.Start, end); at < w.End; at = wordStart(text, end) {
			t := l.tokenAt(text, w, at)
			t.gap = gapSentence
			if len(tokens) > 0 {
				t.gap = gapBetween(text, end, t.start)
			}
			end = t.end
			tokens = append(tokens, t)
		}
	}
	tokens = l.joinNumbers(text, tokens)
	tokens = l.joinPhrases(tokens)
	for i := range tokens {
		l.describe(&tokens[i])
	}
	return tokens
}

// tokenAt returns the number or word at a byte of the word w.
func (l *lexicon) tokenAt(text string, w skills.Token, at int) token {
	t := token{text: w.Text, start: at, end: w.End}
	if n, stop := l.scanNumber(text, at); n != nil {
		t.number, t.end = n, stop
	} else if v, length := l.numberPrefix(w.Text); length > 0 && at == w.Start && len(w.Text) == w.End-w.Start {
		t.number, t.end = &number{value: v}, at+length
	}
	if t.start != w.Start || t.end != w.End {
		t.text = strings.ToLower(text[t.start:t.end])
	}
	first, _ := utf8.DecodeRuneInString(text[at:])
	t.capital = unicode.IsUpper(first)
	return t
}

// wordStart returns the first byte from at on where a letter or digit stands.
func wordStart(text string, at int) int {
	i := strings.IndexFunc(text[at:], func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	if i < 0 {
		return len(text)
	}
	return at + i
}

// joinPhrases makes one token of each fixed phrase.
func (l *lexicon) joinPhrases(tokens []token) []token {
	joined := tokens[:0]
	for i := 0; i < len(tokens); {
		t, next := tokens[i], i+1
		for _, p := range l.phrases[t.text] {
			if i+len(p.words) <= len(tokens) && p.matches(tokens[i:i+len(p.words)]) {
				next = i + len(p.words)
				t.text, t.end, t.entry, t.phrase = strings.Join(p.words, " "), tokens[next-1].end, p.entry, true
				break
			}
		}
		joined = append(joined, t)
		i = next
	}
	return joined
}

func (p fixedPhrase) matches(tokens []token) bool {
	for i, t := range tokens {
		if t.text != p.words[i] || t.number != nil || i > 0 && t.gap > gapHyphen {
			return false
		}
	}
	return true
}

// describe fills in the stems and the lexicon's entry of a word.
func (l *lexicon) describe(t *token) {
	if t.number != nil {
		return
	}
	if t.phrase {
		if first, _, _ := strings.Cut(t.text, " "); len(first) > 3 && !l.words[first].glue {
			t.english, t.german = stemsOf(first)
		}
		return
	}
	t.entry = l.words[t.text]
	if rest, ok := strings.CutPrefix(t.text, "mit"); ok && t.entry == (wordEntry{}) && l.synonyms.forms[rest] {
		// "Mitentwicklung" is a share in the development.
		t.entry.weak = weakAssist
		t.english, t.german = stemsOf(capitalized(rest))
		return
	}
	word := t.text
	if t.capital && (t.gap < gapSentence || l.synonyms.forms[t.text]) {
		word = capitalized(word)
	}
	t.english, t.german = stemsOf(word)
}

func capitalized(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(first)) + word[size:]
}

// gapBetween tells what stands between the bytes end and start of text.
func gapBetween(text string, end, start int) gap {
	between := text[end:start]
	g := gapSpace
	for i, r := range between {
		g = max(g, gapOf(r, between, i))
	}
	if g == gapSentence && strings.HasPrefix(between, ".") && isAbbreviated(text, end, start) {
		return gapSpace
	}
	return g
}

func gapOf(r rune, between string, i int) gap {
	switch r {
	case '-', '‐', '‑':
		if strings.TrimSpace(between) == string(r) && len(between) > len(string(r))+1 {
			return gapBreak
		}
		return gapHyphen
	case '/':
		return gapSlash
	case ',':
		return gapComma
	case '(', ')', '[', ']':
		return gapParenthesis
	case ':', '–', '—', '•', '·', '|', '*':
		if r == '–' && len(between) == len("–") {
			return gapHyphen
		}
		return gapBreak
	case '.':
		if i+1 < len(between) {
			return gapSentence
		}
		return gapSpace
	case ';', '!', '?', '\n', '…':
		return gapSentence
	}
	return gapSpace
}

// isAbbreviated tells whether the full stop at end shortens a word: "ca. 40", "Mio. Euro", "z. B.", "Dr. Weber".
func isAbbreviated(text string, end, start int) bool {
	next, _ := utf8.DecodeRuneInString(text[start:])
	if unicode.IsLower(next) {
		return true
	}
	word := strings.ToLower(text[strings.LastIndexAny(text[:end], " (\n")+1 : end])
	switch word {
	case "ca", "mio", "mrd", "tsd", "z", "b", "z.b", "bzw", "inkl", "dr", "prof", "nr", "no", "max", "min", "mind", "approx", "u", "d", "e.g", "i.e",
		"st", "incl", "vs", "dipl", "ing", "dipl.-ing", "mr", "ms", "mrs", "inc":
		return true
	}
	return false
}
