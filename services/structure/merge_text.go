package structure

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// foldedText is a text in the form in which a quote is compared with it: lower case, one kind of dashes and quotes,
// no ligatures and no marks of Markdown, no hyphens within words (those at a line's end are no part of the word), and
// space only between two words.
type foldedText struct {
	text   string
	folded string
	// starts and ends are the byte offsets in text of the character behind each byte of folded.
	starts, ends []int32
}

// maxHits bounds how many places of one quote are looked at.
const maxHits = 32

// fold returns the form in which two wordings of the same text are equal.
func fold(text string) string { return foldText(text).folded }

func foldText(text string) *foldedText {
	f := &folder{foldedText: foldedText{text: text}}
	f.out.Grow(len(text))
	at := 0
	for line := range strings.Lines(text) {
		skip := lineMarkSize(line)
		if strings.TrimSpace(line[:skip]) != "" {
			f.hyphenBroken = false
		}
		f.space = f.space || skip > 0
		f.line(at+skip, at+len(line))
		at += len(line)
	}
	f.folded = f.out.String()
	return &f.foldedText
}

// lineMarkSize returns the bytes of the marks a line begins with: quotes, headings and bullets.
func lineMarkSize(line string) int {
	rest := strings.TrimLeft(line, " \t>")
	if hashes := len(rest) - len(strings.TrimLeft(rest, "#")); hashes > 0 && hashes <= 6 && strings.HasPrefix(rest[hashes:], " ") {
		rest = rest[hashes:]
	} else {
		rest = rest[bulletSize(rest):]
	}
	return len(line) - len(strings.TrimLeft(rest, " \t"))
}

// folder writes a foldedText.
type folder struct {
	foldedText
	out strings.Builder
	// last is the last character written, space tells of white space behind it, broken of a line's end in that.
	last  rune
	space bool
	// hyphen tells of a hyphen behind last that is written only if no letter follows.
	hyphen       bool
	hyphenAt     int
	hyphenTo     int
	hyphenBroken bool
}

func (f *folder) line(from, to int) {
	for i := from; i < to; {
		r, size := utf8.DecodeRuneInString(f.text[i:to])
		if r == '&' {
			if n := entitySize(f.text[i:to]); n > 0 {
				for _, e := range html.UnescapeString(f.text[i : i+n]) {
					f.add(e, i, i+n)
				}
				i += n
				continue
			}
		}
		f.add(r, i, i+size)
		i += size
	}
}

// entitySize returns the size of the HTML entity at the start of text, 0 if there is none.
func entitySize(text string) int {
	const longest = 10
	end := strings.IndexByte(text[:min(len(text), longest)], ';')
	if end < 2 || html.UnescapeString(text[:end+1]) == text[:end+1] {
		return 0
	}
	return end + 1
}

// add folds the character at text[from:to].
func (f *folder) add(r rune, from, to int) {
	switch {
	case unicode.IsSpace(r):
		f.space = true
		f.hyphenBroken = f.hyphenBroken || r == '\n'
		return
	case strings.ContainsRune("*`_[]<>\\\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0f", r):
		return
	}
	shape := foldRune(r)
	if shape == "-" && unicode.IsLetter(f.last) && !f.space && !f.hyphen {
		f.hyphen, f.hyphenAt, f.hyphenTo, f.hyphenBroken = true, from, to, false
		return
	}
	first, _ := utf8.DecodeRuneInString(shape)
	f.settleHyphen(first)
	if f.space && isWordRune(f.last) && isWordRune(first) {
		f.write(" ", from, from)
	}
	f.space = false
	f.write(shape, from, to)
	f.last, _ = utf8.DecodeLastRuneInString(shape)
}

// settleHyphen drops a hyphen within a word, also where a line ends behind it.
func (f *folder) settleHyphen(next rune) {
	if !f.hyphen {
		return
	}
	f.hyphen = false
	if unicode.IsLetter(next) && (!f.space || f.hyphenBroken) {
		f.space = false
		return
	}
	f.write("-", f.hyphenAt, f.hyphenTo)
	f.last = '-'
}

func (f *folder) write(shape string, from, to int) {
	f.out.WriteString(shape)
	for range len(shape) {
		f.starts, f.ends = append(f.starts, int32(from)), append(f.ends, int32(to))
	}
}

func foldRune(r rune) string {
	switch r {
	case '–', '—', '‒', '−', '‐', '‑', '―':
		return "-"
	case '’', '‘', '´', '‚', '‛':
		return "'"
	case '“', '”', '„', '‟', '«', '»':
		return `"`
	case 'ﬀ':
		return "ff"
	case 'ﬁ':
		return "fi"
	case 'ﬂ':
		return "fl"
	case 'ﬃ':
		return "ffi"
	case 'ﬄ':
		return "ffl"
	case 'ﬅ', 'ﬆ':
		return "st"
	case '…':
		return "..."
	}
	return string(unicode.ToLower(r))
}

// find returns the places of an already folded quote, from the first to the last, at most maxHits.
func (f *foldedText) find(folded string) []span {
	if !strings.ContainsFunc(folded, isWordRune) {
		return nil
	}
	var hits []span
	for from := 0; len(hits) < maxHits; {
		at := strings.Index(f.folded[from:], folded)
		if at < 0 {
			break
		}
		at += from
		end := at + len(folded)
		s := span{int(f.starts[at]), int(f.ends[end-1])}
		if f.whole(at, end) && f.wholeNumbers(s) {
			hits = append(hits, s)
		}
		_, size := utf8.DecodeRuneInString(f.folded[at:])
		from = at + size
	}
	return hits
}

// whole reports whether folded[from:to] cuts no word in two.
func (f *foldedText) whole(from, to int) bool {
	first, _ := utf8.DecodeRuneInString(f.folded[from:])
	last, _ := utf8.DecodeLastRuneInString(f.folded[:to])
	before, _ := utf8.DecodeLastRuneInString(f.folded[:from])
	after, _ := utf8.DecodeRuneInString(f.folded[to:])
	return !(isWordRune(first) && isWordRune(before)) && !(isWordRune(last) && isWordRune(after))
}

// wholeNumbers reports whether no sign next to s belongs to its outer word: "C" is not in "C++", "5" not in "1.5" or "5%".
func (f *foldedText) wholeNumbers(s span) bool {
	text := f.text
	if s.end < len(text) && isWordByte(text[s.end-1]) {
		next := text[s.end]
		if next == '+' || next == '#' || next == '%' {
			return false
		}
		if (next == '.' || next == ',') && s.end+1 < len(text) && isDigit(text[s.end-1]) && isDigit(text[s.end+1]) {
			return false
		}
	}
	if s.start == 0 || !isWordByte(text[s.start]) {
		return true
	}
	switch before := text[s.start-1]; {
	case before == '.' || before == ',':
		beyond := byte(' ')
		if s.start > 1 {
			beyond = text[s.start-2]
		}
		if isDigit(text[s.start]) {
			return !isDigit(beyond)
		}
		return before == ',' || isWordByte(beyond) || beyond == ')'
	case isDigit(text[s.start]):
		return before != '+' && before != '-' && before != '$'
	}
	return true
}

// isWordByte takes every byte of a letter beyond ASCII for one of a word.
func isWordByte(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

// quoteOf returns the text of s as a value holds it: without the marks of Markdown and on one line. ok is false where
// that is another text than the folded one asked for, because s cuts a link or an entity in two.
func (f *foldedText) quoteOf(s span, folded string) (text string, ok bool) {
	var out strings.Builder
	for line := range strings.Lines(f.text[s.start:s.end]) {
		piece, _ := cleanInline(strings.TrimSpace(line[lineMarkSize(line):]), nil)
		if piece == "" {
			continue
		}
		if text := out.String(); text != "" && (!strings.HasSuffix(text, "-") || strings.HasSuffix(text, " -")) {
			out.WriteByte(' ')
		}
		out.WriteString(piece)
	}
	text = out.String()
	return text, fold(text) == folded
}
