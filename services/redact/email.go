package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maskEmails masks every address with a dotted domain, its @ plain or percent-encoded as in a query string. spans, if not
// nil, gets their places.
func maskEmails(s string, spans *[]Span) string {
	if !strings.Contains(s, "@") && !strings.Contains(s, "%40") {
		return s
	}
	out := splicer{text: s, spans: spans}
	floor := 0 // no address reaches back over an earlier @, so that each byte is looked at once
	for i := 0; i < len(s); {
		width := atSign(s[i:])
		if width == 0 {
			i++
			continue
		}
		start, end := localStart(s, max(floor, out.written), i), domainEnd(s, i+width)
		if start < i && end > 0 {
			out.replace(start, end, emailMask)
			i, floor = end, end
			continue
		}
		i += width
		floor = i
	}
	return out.String()
}

// atSign returns the length of the at sign that s begins with, 0 for none.
func atSign(s string) int {
	switch {
	case s[0] == '@':
		return 1
	case strings.HasPrefix(s, "%40"):
		return 3
	}
	return 0
}

// localStart returns where the local part that ends at end begins, or end where there is none.
func localStart(s string, floor, end int) int {
	if end > floor && s[end-1] == '"' {
		return quotedStart(s, floor, end)
	}
	start := end
	for start > floor {
		r, width := utf8.DecodeLastRuneInString(s[floor:start])
		if !isLocal(r) {
			break
		}
		start -= width
	}
	// Quotes, braces and the like around an address belong to the text that holds it.
	for start < end {
		r, width := utf8.DecodeRuneInString(s[start:end])
		if isWord(r) {
			return start
		}
		start += width
	}
	return end
}

// quotedStart finds the opening quote of a local part such as "jane doe"@example.com.
func quotedStart(s string, floor, end int) int {
	const longest = 66 // the limit of RFC 5321 and two quotes
	floor = max(floor, end-longest)
	open := strings.LastIndexByte(s[floor:end-1], '"')
	if open < 0 || floor+open+2 >= end || strings.ContainsAny(s[floor+open:end], "\n:,") {
		return end
	}
	return floor + open
}

// domainEnd returns where the domain that begins at start ends, 0 if it is no domain: at least two labels, the
// last of which starts with a letter and has another character. A version such as module@v1.2.3 is none.
func domainEnd(s string, start int) int {
	best, labels, label := 0, 0, start
	for i := start; ; {
		r, width := utf8.DecodeRuneInString(s[i:])
		if i < len(s) && isDomain(r) && atSign(s[i:]) == 0 {
			i += width
			continue
		}
		if i == label {
			return best
		}
		labels++
		if labels > 1 && isTopLevel(s[label:i]) {
			best = i
		}
		if i >= len(s) || s[i] != '.' {
			return best
		}
		i++
		label = i
	}
}

func isTopLevel(label string) bool {
	r, width := utf8.DecodeRuneInString(label)
	return unicode.IsLetter(r) && width < len(label)
}

func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || (r > utf8.RuneSelf && unicode.IsMark(r))
}

// isLocal leaves out = / and ?, which a local part may hold, because they delimit parameters far more often.
func isLocal(r rune) bool { return isWord(r) || strings.ContainsRune(".!#$%&'*+-^`{|}~", r) }

func isDomain(r rune) bool { return isWord(r) || r == '-' }
