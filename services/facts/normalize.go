package facts

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// prepared is a text in normal form KC, so that full-width digits and ligatures read as what they stand for.
type prepared struct {
	original string
	text     string
	// offsets maps each byte of text to its place in original; nil where both are the same.
	offsets []int
}

func prepare(text string) prepared {
	text = strings.ToValidUTF8(text, "�")
	if norm.NFKC.IsNormalString(text) {
		return prepared{original: text, text: text}
	}
	var b strings.Builder
	offsets := make([]int, 0, len(text)+1)
	var it norm.Iter
	it.InitString(norm.NFKC, text)
	for !it.Done() {
		at := it.Pos()
		segment := it.Next()
		b.Write(segment)
		for range segment {
			offsets = append(offsets, at)
		}
	}
	return prepared{original: text, text: b.String(), offsets: append(offsets, len(text))}
}

// quote returns the original's words at the bytes [start, end) of the normal form.
func (p prepared) quote(start, end int) string {
	if p.offsets == nil {
		return p.original[start:end]
	}
	last := end
	for last < len(p.text) && p.offsets[last] == p.offsets[end-1] {
		last++
	}
	return p.original[p.offsets[start]:p.offsets[last]]
}

// unreadable returns the first sign of text whose meaning can't be checked, or "": invisible and control
// characters, marks piled on letters, words of two alphabets, and symbols that could stand for a claim ("★", "∞").
func unreadable(text string) string {
	script := ""
	for _, r := range text {
		switch {
		case unicode.IsLetter(r):
			s := scriptOf(r)
			if script != "" && s != script {
				return string(r)
			}
			script = s
			continue
		case r == '\n' || r == '\t' || r == ' ':
		case unicode.IsDigit(r):
			if r > unicode.MaxASCII {
				return string(r)
			}
		case !isPlainSign(r):
			return string(r)
		}
		script = ""
	}
	return ""
}

func scriptOf(r rune) string {
	switch {
	case unicode.Is(unicode.Latin, r):
		return "latin"
	case unicode.Is(unicode.Cyrillic, r):
		return "cyrillic"
	case unicode.Is(unicode.Greek, r):
		return "greek"
	}
	return "other"
}

// isPlainSign tells whether r is punctuation that claims nothing, or a sign the numbers and names are read with.
func isPlainSign(r rune) bool {
	return strings.ContainsRune(`.,;:!?()[]'"’‘“”„‚«»‹›-–—‐‑−/&+%€$£#~<>|•·*_@=§`, r)
}
