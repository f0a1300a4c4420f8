package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The shape of numbers: E.164 allows 15 digits, and the shortest number worth masking has 7.
const (
	shortestPhone = 7
	longestPhone  = 15
	mostGroups    = 12
	mostSeparator = 3 // runes between two groups, as in ") -"
)

// group is a run of digits and the separator before it.
type group struct {
	start, end int
	separator  string
}

// number is a candidate: groups of digits with the separators people write into phone numbers.
type number struct {
	text   string
	plus   bool // begins with +
	parens bool // the first group stands in parentheses
	groups []group
}

func maskPhones(s string, named bool, spans *[]Span) string {
	if !hasDigits(s, shortestPhone) {
		return s
	}
	out := splicer{text: s, spans: spans}
	var buffer [mostGroups]group
	for i := 0; i < len(s); {
		if !isDigit(s[i]) && s[i] != '+' && s[i] != '(' {
			i++
			continue
		}
		if end := dateEnd(s, i); end > 0 {
			i = end
			continue
		}
		end := phoneEnd(s, out.written, i, named, buffer[:0])
		if end > 0 {
			out.replace(i, end, phoneMask)
			i = end
			continue
		}
		for i++; isDigit(s[i-1]) && i < len(s) && isDigit(s[i]); {
			i++
		}
	}
	return out.String()
}

// phoneEnd returns where the phone number that begins at start ends, 0 if none does. What stands before floor
// is masked already and reads as punctuation.
func phoneEnd(s string, floor, start int, named bool, buffer []group) int {
	n := readNumber(s, start, buffer)
	before := s[floor:start]
	encodedPlus := strings.HasSuffix(before, "%2B") || strings.HasSuffix(before, "%2b")
	n.plus = n.plus || encodedPlus
	for len(n.groups) > 0 && !endsNumber(s[n.groups[len(n.groups)-1].end:]) {
		n.groups = n.groups[:len(n.groups)-1]
	}
	if len(n.groups) == 0 {
		return 0
	}
	if !encodedPlus && !startsNumber(before, n.plus) {
		return 0
	}
	count := n.international()
	if count == 0 && !n.plus {
		count = n.national()
	}
	if count == 0 && (named || followsPhoneWord(before)) {
		count = n.take(shortestPhone, longestPhone)
	}
	if count == 0 {
		return 0
	}
	return n.groups[count-1].end
}

// readNumber reads the groups from start on, up to a date or something that is no number.
func readNumber(s string, start int, buffer []group) number {
	n := number{text: s, groups: buffer}
	i := start
	if s[i] == '(' {
		n.parens = true
		i++
	}
	if i < len(s) && s[i] == '+' {
		n.plus = true
		i++
		if i < len(s) && (s[i] == '(' || s[i] == ' ') {
			n.parens = n.parens || s[i] == '('
			i++
		}
	}
	from := i
	for len(n.groups) < mostGroups {
		end := i
		for end < len(s) && isDigit(s[end]) && end-i <= longestPhone+2 {
			end++
		}
		if end == i || end-i > longestPhone+2 || (len(n.groups) > 0 && dateEnd(s, i) > 0) {
			break
		}
		n.groups = append(n.groups, group{i, end, s[from:i]})
		from, i = end, separatorEnd(s, end)
		if i == 0 || (n.parens && len(n.groups) == 1 && s[from] != ')') {
			break
		}
	}
	if n.parens && (len(n.groups) == 0 || n.groups[0].end >= len(s) || s[n.groups[0].end] != ')') {
		n.groups = nil
	}
	return n
}

// separatorEnd returns where the separator at i ends and the next group begins, 0 if there is none.
func separatorEnd(s string, i int) int {
	for range mostSeparator {
		r, width := utf8.DecodeRuneInString(s[i:])
		if !isSeparator(r) {
			return 0
		}
		i += width
		if i < len(s) && isDigit(s[i]) {
			return i
		}
	}
	return 0
}

// isSeparator knows the hyphens and spaces that typesetting puts in place of the plain ones.
func isSeparator(r rune) bool {
	return strings.ContainsRune(" -./()\u00a0\u2009\u202f\u2010\u2011\u2012\u2013", r)
}

// startsNumber says whether a number may begin after before: not inside a word, an identifier, a time or an amount.
func startsNumber(before string, plus bool) bool {
	r, width := utf8.DecodeLastRuneInString(before)
	if width == 0 {
		return true
	}
	inner, _ := utf8.DecodeLastRuneInString(before[:len(before)-width])
	switch {
	case plus:
		return !unicode.IsDigit(r)
	case isWord(r), strings.ContainsRune("$€£¥", r):
		return false
	case r == '-':
		return !isWord(inner)
	case r == '.', r == ':':
		return !unicode.IsDigit(inner)
	}
	return true
}

// endsNumber says whether a number may end before after: what follows must not continue a word, an identifier,
// a time or a decimal.
func endsNumber(after string) bool {
	r, width := utf8.DecodeRuneInString(after)
	if width == 0 {
		return true
	}
	next, _ := utf8.DecodeRuneInString(after[width:])
	switch {
	case isWord(r):
		return false
	case r == '-':
		return !isWord(next)
	case r == '.', r == ':':
		return !unicode.IsDigit(next)
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func hasDigits(s string, least int) bool {
	for i := 0; i < len(s); i++ {
		if isDigit(s[i]) {
			if least--; least == 0 {
				return true
			}
		}
	}
	return false
}

// followsPhoneWord says whether before ends with a word that announces a phone number.
func followsPhoneWord(before string) bool {
	before = strings.TrimRight(before[max(0, len(before)-32):], " :.=('\"#[")
	for _, word := range phoneWords {
		start := len(before) - len(word)
		if start < 0 || !strings.EqualFold(before[start:], word) {
			continue
		}
		r, width := utf8.DecodeLastRuneInString(before[:start])
		if width == 0 || !unicode.IsLetter(r) {
			return true
		}
	}
	return false
}

// phoneWords announce a number in logs and documents.
var phoneWords = []string{
	"phone", "telephone", "phone number", "phone_number", "phonenumber", "tel", "mobile", "cell", "fax", "whatsapp",
	"telefon", "telefonnummer", "handy", "mobil", "mobilnummer", "rufnummer", "téléphone", "portable", "teléfono", "móvil", "telefono",
}
