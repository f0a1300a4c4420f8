package skills

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Token is one word of a text, at the byte offsets [Start, End).
type Token struct {
	// Text is the word lower-cased and in normal form C.
	Text       string
	Start, End int
}

// Tokenize splits text into words at everything but letters and digits, and keeps
// names such as c++, c#, .net, node.js, ci/cd and r&d whole.
func Tokenize(text string) []Token {
	lower := lowerASCII(text)
	tokens := make([]Token, 0, len(text)/6+1)
	for i := 0; i < len(text); {
		start := i
		if text[i] == '.' && startsDotNet(lower, i) {
			i += len(".net")
			tokens = append(tokens, Token{Text: lower[start:i], Start: start, End: i})
			continue
		}
		r, size := decode(text, i)
		if !isWordRune(r) || unicode.IsMark(r) {
			i += size
			continue
		}
		end, next := tokenEnd(text, lower, start)
		tokens = append(tokens, Token{Text: foldToken(text, lower, start, end), Start: start, End: end})
		i = next
	}
	return tokens
}

// lowerASCII lower-cases the ASCII letters only, so that offsets stay those of text.
func lowerASCII(text string) string {
	isUpper := func(r rune) bool { return 'A' <= r && r <= 'Z' }
	if strings.IndexFunc(text, isUpper) < 0 {
		return text
	}
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func foldToken(text, lower string, start, end int) string {
	for i := start; i < end; i++ {
		if text[i] >= utf8.RuneSelf {
			return norm.NFC.String(strings.ToLower(text[start:end]))
		}
	}
	return lower[start:end]
}

func decode(text string, i int) (rune, int) {
	if c := text[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(text[i:])
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

func isWordAt(text string, i int) bool {
	if i >= len(text) {
		return false
	}
	r, _ := decode(text, i)
	return isWordRune(r)
}

func wordEnd(text string, i int) int {
	for i < len(text) {
		r, size := decode(text, i)
		if !isWordRune(r) {
			break
		}
		i += size
	}
	return i
}

// tokenEnd returns where the token at start ends, and where to read on: a possessive 's is part of no token.
func tokenEnd(text, lower string, start int) (end, next int) {
	last := start
	end = wordEnd(text, start)
	for end < len(text) {
		grown := joinedEnd(text, lower, start, last, end)
		if grown == end {
			break
		}
		last, end = end+1, grown
	}
	next = end
	for _, mark := range []string{"'s", "’s"} {
		if strings.HasPrefix(lower[end:], mark) && !isWordAt(text, end+len(mark)) {
			next = end + len(mark)
		}
	}
	return end, next
}

// joinedEnd returns where the token [start, end), whose last part begins at last, ends
// once the sign at end has joined what follows, or end if the sign splits.
func joinedEnd(text, lower string, start, last, end int) int {
	follow := wordEnd(text, min(end+1, len(text)))
	left, right := lower[last:end], lower[end+1:follow]
	switch text[end] {
	case '+':
		if right == "" && end+1 < len(text) && text[end+1] == '+' && !isDigit(text[end-1]) {
			return end + 2
		}
		if right == "" && isPlusExam(left) {
			return end + 1
		}
	case '#':
		if right == "" && (left == "c" || left == "f") {
			return end + 1
		}
	case '.':
		if right != "" && joinsDot(left, right) {
			return follow
		}
	case '&':
		if left != "" && right != "" && len(left) <= 2 && len(right) <= 2 {
			return follow
		}
	case '/':
		if joinsSlash(lower[start:follow]) {
			return follow
		}
	}
	return end
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func startsDotNet(lower string, i int) bool {
	if !strings.HasPrefix(lower[i:], ".net") || isWordAt(lower, i+len(".net")) {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(lower[:i])
	return i == 0 || !isWordRune(before)
}

// isPlusExam tells whether the word with a plus sign is one of CompTIA's exams.
func isPlusExam(word string) bool {
	switch word {
	case "a", "network", "security", "server", "cloud", "linux", "pentest", "cysa", "project", "data":
		return true
	}
	return false
}

// joinsDot tells whether a dot without spaces is part of a name, a number or an abbreviation
// and not the end of a sentence.
func joinsDot(left, right string) bool {
	switch right {
	case "js", "net", "io", "ai", "com":
		return true
	case "d":
		return left == "ph" || len(left) == 1
	}
	if left == "" {
		return false
	}
	digits := isDigit(left[len(left)-1]) && isDigit(right[0])
	return digits || len(left) == 1 && !isDigit(left[0]) && len(right) <= 3 && !isDigit(right[0])
}

func joinsSlash(word string) bool {
	switch word {
	case "ci/cd", "tcp/ip", "a/b", "i/o", "pl/sql", "s/4hana", "s/4", "r/3", "n/a", "24/7", "z/os":
		return true
	}
	return false
}
