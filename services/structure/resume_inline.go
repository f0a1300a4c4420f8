package structure

import (
	"html"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cleanInline removes Markdown's inline marks from a line. A link becomes its text, followed by its target in
// parentheses where that says more than the text.
func cleanInline(raw string, links []link) (string, []link) {
	if !strings.ContainsAny(raw, "*_`[<\\&") && utf8.ValidString(raw) {
		return strings.TrimSpace(raw), links
	}
	raw = strings.ToValidUTF8(raw, "\uFFFD")
	var out strings.Builder
	out.Grow(len(raw))
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c == '\\' && i+1 < len(raw) && isPunctuation(raw[i+1]):
			out.WriteByte(raw[i+1])
			i += 2
		case c == '*' || c == '_' || c == '`':
			size, stays := markRun(raw[i:], out.String())
			if stays {
				out.WriteString(raw[i : i+size])
			}
			i += size
		case c == '[':
			size := readLink(raw[i:], &out, &links)
			if size == 0 {
				out.WriteByte(c)
				size = 1
			} else {
				partWords(&out, raw[i+size:])
			}
			i += size
		case c == '<':
			i += readTag(raw[i:], &out, &links)
		default:
			out.WriteByte(c)
			i++
		}
	}
	text := out.String()
	if strings.IndexByte(text, '&') >= 0 {
		text = strings.ToValidUTF8(html.UnescapeString(text), "\uFFFD")
	}
	return strings.TrimSpace(text), links
}

func isPunctuation(c byte) bool {
	return c < utf8.RuneSelf && c > ' ' && !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z')
}

// markRun returns the size of the run of marks at the start of raw and whether it stays in the text: within a word, but
// for bold letters, and between spaces, as in "5 * 3".
func markRun(raw, written string) (size int, stays bool) {
	size = len(raw) - len(strings.TrimLeft(raw, "*_`"))
	before, _ := utf8.DecodeLastRuneInString(written)
	after, _ := utf8.DecodeRuneInString(raw[size:])
	if isWordRune(before) && isWordRune(after) {
		return size, raw[:size] != "**"
	}
	return size, (written == "" || before == ' ') && (size == len(raw) || after == ' ')
}

func isWordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// maxLinkBytes bounds the search for a link's end, so that a row of open brackets stays cheap.
const maxLinkBytes = 2048

// readLink reads "[text](target)" at the start of raw and returns its size, 0 if there is none.
func readLink(raw string, out *strings.Builder, links *[]link) int {
	window := raw[:min(len(raw), maxLinkBytes)]
	middle := strings.Index(window, "](")
	if middle < 0 {
		return 0
	}
	depth, end := 0, -1
	for i := middle + 2; i < len(window) && end < 0; i++ {
		switch window[i] {
		case '(':
			depth++
		case ')':
			if depth == 0 {
				end = i
			}
			depth--
		}
	}
	if end < 0 {
		return 0
	}
	text := strings.Trim(strings.NewReplacer("**", "", "`", "", "\\", "").Replace(window[1:middle]), "* ")
	target := strings.Trim(strings.TrimSpace(window[middle+2:end]), "<>")
	writeLink(out, text, target)
	*links = append(*links, link{text, target})
	return end + 1
}

// partWords writes a space where the word before would run into the next one.
func partWords(out *strings.Builder, next string) {
	before, _ := utf8.DecodeLastRuneInString(out.String())
	after, _ := utf8.DecodeRuneInString(next)
	if isWordRune(before) && isWordRune(after) {
		out.WriteByte(' ')
	}
}

func writeLink(out *strings.Builder, text, target string) {
	shown := visibleTarget(target)
	partWords(out, text+shown)
	switch {
	case text == "":
		out.WriteString(shown)
	case shown == "" || sameTarget(text, shown):
		out.WriteString(text)
	default:
		out.WriteString(text + " (" + shown + ")")
	}
}

// visibleTarget returns a link's target as a person would write it: "mailto:" and "tel:" say nothing in a text.
func visibleTarget(target string) string {
	for _, scheme := range [...]string{"mailto:", "tel:", "callto:"} {
		if len(target) > len(scheme) && strings.EqualFold(target[:len(scheme)], scheme) {
			shown, err := url.PathUnescape(target[len(scheme):])
			if err != nil {
				return target[len(scheme):]
			}
			return strings.ToValidUTF8(shown, "\uFFFD")
		}
	}
	return target
}

func sameTarget(text, target string) bool {
	return strings.EqualFold(bareTarget(text), bareTarget(target)) || digitsOf(text) != "" && digitsOf(text) == digitsOf(target) && !strings.Contains(target, "/")
}

// bareTarget strips what does not tell one page from another.
func bareTarget(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	return strings.TrimRight(strings.TrimPrefix(s, "www."), "/")
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// readTag reads an autolink or a simple HTML tag at the start of raw and returns its size.
func readTag(raw string, out *strings.Builder, links *[]link) int {
	window := raw[:min(len(raw), maxLinkBytes)]
	end := strings.IndexByte(window, '>')
	if end > 1 {
		inner := window[1:end]
		if !strings.ContainsAny(inner, " \t<") && (strings.Contains(inner, "://") || strings.Contains(inner, "@") || strings.HasPrefix(inner, "mailto:")) {
			out.WriteString(visibleTarget(inner))
			*links = append(*links, link{inner, inner})
			return end + 1
		}
		switch strings.ToLower(strings.TrimSuffix(strings.TrimSpace(inner), "/")) {
		case "br", "br ":
			out.WriteByte(' ')
			return end + 1
		case "b", "/b", "i", "/i", "u", "/u", "em", "/em", "strong", "/strong", "sup", "/sup", "sub", "/sub":
			partWords(out, raw[end+1:])
			return end + 1
		}
	}
	out.WriteByte('<')
	return 1
}
