package redact

import "strings"

// nationalFormats are numbers known by the lengths of their groups alone, in the forms people write them.
var nationalFormats = []struct {
	lengths    []int
	first      string // the digits the number may begin with
	separators string // the separators it may have, any if empty
}{
	{[]int{3, 3, 4}, "23456789", ""},     // North America
	{[]int{1, 3, 3, 4}, "1", ""},         // North America with its trunk prefix
	{[]int{3, 4, 4}, "1", ""},            // Chinese mobile
	{[]int{3, 2, 2, 2}, "6789", ""},      // Spain
	{[]int{2, 3, 2, 2}, "89", ""},        // Spain, landline
	{[]int{3, 3, 3}, "56789", "-\u2011"}, // Spain and Poland; with spaces or dots it is an amount
}

// international recognizes +CC and 00CC; like the other formats it returns of how many groups the number consists.
func (n number) international() int {
	digits := n.prefix()
	if !n.plus {
		if n.length(0) < 2 || !strings.HasPrefix(digits, "00") || len(digits) < 3 || digits[2] == '0' || n.isAddress() {
			return 0
		}
		return n.take(shortestPhone+3, longestPhone+2)
	}
	if digits[0] == '0' || n.isAmount() {
		return 0
	}
	longest := longestPhone
	if digits[0] == '1' {
		longest = 11
	}
	if len(n.groups) == 1 {
		return n.take(shortestPhone+1, longest)
	}
	return n.take(shortestPhone, longest)
}

// national recognizes numbers with a trunk zero, with an area code in parentheses, and nationalFormats.
func (n number) national() int {
	if n.isAddress() {
		return 0
	}
	if digits := n.prefix(); len(digits) > 1 && digits[0] == '0' && digits[1] != '0' && (n.parens || n.length(0) > 1) {
		return n.trunk()
	}
	if n.parens {
		return n.areaCode()
	}
	for _, format := range nationalFormats {
		if n.hasFormat(format.lengths, format.first, format.separators) {
			return len(format.lengths)
		}
	}
	return 0
}

// trunk asks for more digits where fewer separators tell a phone number from an identifier.
func (n number) trunk() int {
	switch {
	case len(n.groups) == 1:
		return n.take(10, 12)
	case n.parens, strings.Contains(n.groups[1].separator, "/"):
		return n.take(8, 13)
	default:
		return n.take(9, 12)
	}
}

func (n number) areaCode() int {
	code := n.length(0)
	if code < 2 || code > 5 || isYear(n.text[n.groups[0].start:n.groups[0].end]) {
		return 0
	}
	switch {
	case len(n.groups) == 2 && n.length(1) >= shortestPhone:
		return n.take(9, 13)
	case len(n.groups) > 2 && n.length(1)+n.length(2) <= 10:
		return n.take(8, 13)
	}
	return 0
}

// take returns how many groups, the most that stand apart from what follows, make up at least least and at most
// most digits. The zero of "+49 (0)30", which is not dialled, counts for nothing.
func (n number) take(least, most int) int {
	total, count := 0, 0
	for i := range n.groups {
		length := n.length(i)
		if i > 0 && length == 1 && strings.HasSuffix(n.groups[i].separator, "(") {
			length = 0
		}
		if total += length; total > most {
			break
		}
		if total >= least && n.standsApart(i+1) {
			count = i + 1
		}
	}
	return count
}

// standsApart says whether the groups from count on are separate from those before.
func (n number) standsApart(count int) bool {
	return count >= len(n.groups) || strings.ContainsAny(n.groups[count].separator, " /(\u00a0\u202f\u2009")
}

func (n number) hasFormat(lengths []int, first, separators string) bool {
	if len(n.groups) < len(lengths) || !n.standsApart(len(lengths)) || strings.IndexByte(first, n.prefix()[0]) < 0 {
		return false
	}
	for i, length := range lengths {
		if n.length(i) != length {
			return false
		}
		if i > 0 && separators != "" && !strings.Contains(separators, n.groups[i].separator) {
			return false
		}
	}
	return true
}

func (n number) length(i int) int { return n.groups[i].end - n.groups[i].start }

// prefix returns the first digits, at least three where there are as many.
func (n number) prefix() string {
	first := n.text[n.groups[0].start:n.groups[0].end]
	if len(first) > 2 || len(n.groups) == 1 {
		return first
	}
	return first + n.text[n.groups[1].start:n.groups[1].end]
}

// isAmount recognizes digits grouped by thousands and followed by decimals: 1.234.567,89.
func (n number) isAmount() bool {
	for i := range n.groups {
		if i > 0 && (n.length(i) != 3 || len(n.groups[i].separator) != 1) {
			return false
		}
	}
	rest := n.text[n.groups[len(n.groups)-1].end:]
	return len(n.groups) > 1 && len(rest) > 1 && rest[0] == ',' && isDigit(rest[1])
}

// isAddress recognizes an IPv4 address.
func (n number) isAddress() bool {
	if len(n.groups) < 4 || !n.standsApart(4) {
		return false
	}
	for i, g := range n.groups[:4] {
		if n.length(i) > 3 || (i > 0 && g.separator != ".") || atoi(n.text[g.start:g.end]) > 255 {
			return false
		}
	}
	return true
}

// dateEnd returns where the date or the range of years that begins at start ends, 0 if none does.
func dateEnd(s string, start int) int {
	first, i := digitsAt(s, start)
	if first == "" || i >= len(s) || !strings.ContainsRune("-./", rune(s[i])) {
		return 0
	}
	separator := s[i]
	second, i := digitsAt(s, i+1)
	if isYear(first) && isYear(second) {
		return i
	}
	goesOn := i < len(s) && s[i] == separator
	if !goesOn && len(first) <= 2 && isYear(second) && between(first, 12) {
		return i
	}
	if !goesOn || second == "" || len(second) > 2 {
		return 0
	}
	third, i := digitsAt(s, i+1)
	if isDate(first, second, third, continues(s, i, separator)) {
		return i
	}
	return 0
}

// isDate tells whether three groups of digits are a date in one of its orders; goesOn says that a fourth group follows.
func isDate(first, second, third string, goesOn bool) bool {
	switch {
	case isYear(first) && len(third) == 2:
		return between(second, 12) && between(third, 31)
	case len(first) <= 2 && (isYear(third) || len(third) == 2 && !goesOn):
		return (between(first, 31) && between(second, 12)) || (between(first, 12) && between(second, 31))
	}
	return false
}

// continues says whether another group follows, as in the French 01.02.03.04.05.
func continues(s string, i int, separator byte) bool {
	return i+1 < len(s) && s[i] == separator && isDigit(s[i+1])
}

// digitsAt returns the digits at i, at most five of them, and where they end.
func digitsAt(s string, i int) (string, int) {
	end := i
	for end < len(s) && end < i+5 && isDigit(s[end]) {
		end++
	}
	return s[i:end], end
}

func isYear(digits string) bool {
	return len(digits) == 4 && (strings.HasPrefix(digits, "19") || strings.HasPrefix(digits, "20"))
}

// between says whether digits are a number from 1 to most.
func between(digits string, most int) bool {
	n := atoi(digits)
	return n >= 1 && n <= most
}

// atoi reads at most three digits.
func atoi(digits string) int {
	n := 0
	for i := 0; i < len(digits) && i < 3; i++ {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}
