package structure

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// postingLine is a line of a posting that is not blank.
type postingLine struct {
	// start and end are the byte offsets of the content, without bullet, heading marks and outer emphasis.
	start, end int
	text       string
	indent     int
	bullet     bool
	// level is 1 to 6 for a Markdown heading, 7 for a line that is bold as a whole, 0 for any other line.
	level       int
	blankBefore bool
}

const boldLevel = 7

var (
	bulletMark    = regexp.MustCompile(`^(?:[-*+•●▪■◦‣∙·➢➤►▶→⇒✓✔☑✅○□❖–—]|\x{f0b7}|\x{f0a7}|o|\(?(?:\d{1,2}|[a-z])[.)])[ \t\x{a0}]+`)
	headingMark   = regexp.MustCompile(`^#{1,6}[ \t]+`)
	ruleLine      = regexp.MustCompile(`^[-=_*~ ]{3,}$`)
	setextRule    = regexp.MustCompile(`^(?:={3,}|-{3,})$`)
	leadingSymbol = regexp.MustCompile(`^(?:[\x{2600}-\x{27BF}\x{1F000}-\x{1FAFF}\x{FE0F}\x{200D}]+)[ \t]*`)
)

// postingLines splits text into its lines with content.
func postingLines(text string) []postingLine {
	var lines []postingLine
	blank, offset := false, 0
	for raw := range strings.Lines(text) {
		start := offset
		offset += len(raw)
		content := strings.TrimRightFunc(raw, unicode.IsSpace)
		if strings.TrimSpace(content) == "" {
			blank = true
			continue
		}
		if ruleLine.MatchString(content) {
			if setextRule.MatchString(content) && len(lines) > 0 && !blank && !lines[len(lines)-1].bullet && lines[len(lines)-1].level == 0 {
				lines[len(lines)-1].level = 2
			}
			blank = true
			continue
		}
		line := readPostingLine(text, start, start+len(content))
		line.blankBefore = blank || len(lines) == 0
		if line.start < line.end {
			lines = append(lines, line)
			blank = false
		}
	}
	return lines
}

func readPostingLine(text string, start, end int) postingLine {
	l := postingLine{start: start, end: end}
	l.indent = l.skip(text, leadingSpace(text[start:end]))
	if text[l.start] == '|' {
		l.skip(text, 1)
		l.skip(text, leadingSpace(text[l.start:l.end]))
		l.end = l.start + len(strings.TrimRight(text[l.start:l.end], "| "))
	}
	if n := len(headingMark.FindString(text[l.start:l.end])); n > 0 {
		l.level = strings.Count(text[l.start:l.start+n], "#")
		l.skip(text, n)
	} else if n := len(bulletMark.FindString(text[l.start:l.end])); n > 0 {
		l.bullet = true
		l.skip(text, n)
	}
	l.skip(text, len(leadingSymbol.FindString(text[l.start:l.end])))
	l.stripEmphasis(text)
	l.text = text[l.start:l.end]
	return l
}

func (l *postingLine) skip(text string, n int) int {
	l.start += n
	l.start += leadingSpace(text[l.start:l.end])
	return n
}

// stripEmphasis removes a pair of marks around the whole line; only then is the line a possible heading.
func (l *postingLine) stripEmphasis(text string) {
	for _, mark := range []string{"**", "__", "*", "_"} {
		inner, ok := strings.CutPrefix(text[l.start:l.end], mark)
		if !ok {
			continue
		}
		body := strings.TrimSuffix(inner, ":")
		if body, ok = strings.CutSuffix(body, mark); !ok || strings.Contains(body, mark) || body == "" {
			continue
		}
		if l.level == 0 && !l.bullet && len(mark) == 2 {
			l.level = boldLevel
		}
		l.start += len(mark)
		l.end = l.start + len(body)
		return
	}
}

func leadingSpace(s string) int {
	return len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
}

// span is a stretch of the posting, as byte offsets.
type span struct{ start, end int }

// trimSpan narrows s to its content without outer space.
func trimSpan(text string, s span) span {
	s.start += leadingSpace(text[s.start:s.end])
	s.end = s.start + len(strings.TrimRightFunc(text[s.start:s.end], unicode.IsSpace))
	return s
}

var (
	inlineLink  = regexp.MustCompile(`\[([^\]\n]+)\]\(([^)\s]+)\)`)
	markupMarks = strings.NewReplacer("**", "", "__", "", "`", "")
)

// plain returns a stretch of the posting as one line without Markdown marks.
func plain(s string) string {
	if strings.Contains(s, "](") {
		s = inlineLink.ReplaceAllString(s, "$1")
	}
	return strings.Join(strings.Fields(markupMarks.Replace(s)), " ")
}

// abbreviations whose full stop ends no sentence; without their last stop, lower-case.
var abbreviations = map[string]bool{
	"e.g": true, "i.e": true, "etc": true, "incl": true, "approx": true, "inc": true, "ltd": true, "dr": true, "mr": true,
	"ms": true, "mrs": true, "st": true, "no": true, "vs": true, "z.b": true, "u.a": true, "d.h": true, "bzw": true, "ca": true, "inkl": true,
	"mind": true, "max": true, "min": true, "ggf": true, "o.ä": true, "u.ä": true, "evtl": true, "vgl": true, "nr": true,
	"std": true, "prof": true, "abs": true, "p.ej": true, "ej": true, "bsp": true, "mio": true, "sog": true, "zzgl": true, "gem": true, "usw": true, "b": true, "h": true,
}

// Sentences returns the sentences of a text, without the space around them.
func Sentences(text string) []string {
	spans := sentences(text, span{0, len(text)})
	list := make([]string, len(spans))
	for i, s := range spans {
		list[i] = text[s.start:s.end]
	}
	return list
}

// sentences splits a stretch of text at full stops, question and exclamation marks, semicolons and blank lines.
func sentences(text string, s span) []span {
	var out []span
	start := s.start
	for i := s.start; i < s.end; i++ {
		if !endsSentence(text[start:s.end], i-start) {
			continue
		}
		if t := trimSpan(text, span{start, i + 1}); t.start < t.end {
			out = append(out, t)
		}
		start = i + 1
	}
	if t := trimSpan(text, span{start, s.end}); t.start < t.end {
		out = append(out, t)
	}
	return out
}

func endsSentence(text string, i int) bool {
	switch text[i] {
	case ';':
		return true
	case '.', '!', '?':
	default:
		return false
	}
	rest := text[i+1:]
	next := strings.TrimLeftFunc(rest, unicode.IsSpace)
	if next == "" {
		return true
	}
	if len(next) == len(rest) || startsLower(next) {
		return false
	}
	if text[i] != '.' {
		return true
	}
	before := text[:i]
	last := strings.ToLower(strings.TrimLeft(before[strings.LastIndexFunc(before, unicode.IsSpace)+1:], "("))
	if last == "etc" || last == "usw" {
		r, _ := utf8.DecodeRuneInString(next)
		return unicode.IsUpper(r)
	}
	return !abbreviations[last] && (len(last) != 1 || !unicode.IsDigit(rune(last[0])))
}
