package documents

import (
	"math"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// line is what stands on one line of a column.
type line struct {
	segment
	page  int
	cells bool // has more than one cell
}

var (
	bulletStart = regexp.MustCompile(`^[•◦▪●○∙·‣⁃–—►▸■□♦❖➢✓\x{f0b7}\x{f0a7}*\-]\s*(\S)`)
	bulletAlone = regexp.MustCompile(`^[•◦▪●○∙·‣⁃–►▸■□♦❖➢✓\x{f0b7}\x{f0a7}]$`)
)

// linesOf joins segments in reading order into lines: bullets with their text, cells of one row with each other.
func linesOf(segments []segment) []line {
	var lines []line
	for i := 0; i < len(segments); i++ {
		s := segments[i]
		if bulletAlone.MatchString(strings.TrimSpace(s.plain)) && i+1 < len(segments) &&
			math.Abs(segments[i+1].baseline-s.baseline) < 0.6*segments[i+1].height {
			i++
			segments[i].item = true
			lines = appendLine(lines, segments[i])
			continue
		}
		if len(lines) > 0 {
			previous := &lines[len(lines)-1]
			if onSameRow(previous.segment, s) && !isSideHeading(previous.segment, s, segments[i+1:]) && previous.size < 1.3*s.size {
				previous.addCell(s)
				continue
			}
		}
		lines = appendLine(lines, s)
	}
	return lines
}

func appendLine(lines []line, s segment) []line {
	if match := bulletStart.FindStringSubmatchIndex(strings.TrimSpace(s.plain)); match != nil && !s.item {
		s.item = true
		s.text = strings.TrimSpace(s.text)
		if bulletStart.MatchString(s.text) {
			_, width := utf8.DecodeRuneInString(s.text)
			s.text = s.text[width:]
		}
		s.plain = strings.TrimSpace(s.plain)[match[2]:]
	}
	s.text, s.plain = tidyLine(s.text), tidyLine(s.plain)
	if s.text == "" {
		return lines
	}
	return append(lines, line{segment: s})
}

// tidyLine drops icons, which are characters of private fonts.
func tidyLine(text string) string {
	return strings.Join(strings.Fields(dropPrivateUse(text)), " ")
}

func (l *line) addCell(s segment) {
	text, plain := tidyLine(s.text), tidyLine(s.plain)
	if text == "" {
		return
	}
	separator := " | "
	if s.left-l.right < newColumn*s.height {
		separator = " "
	}
	l.cells = l.cells || separator != " "
	l.text += separator + text
	l.plain += separator + plain
	l.right = max(l.right, s.right)
	l.lastMark = s.lastMark
}

func onSameRow(a, b segment) bool {
	return math.Abs(a.baseline-b.baseline) < 0.3*max(a.height, b.height) && b.left >= a.right-0.3*b.height
}

// isSideHeading reports whether a heads the text that begins with b on its right: a title that looks like one, and
// text on the right that goes on below.
func isSideHeading(a, b segment, later []segment) bool {
	if len(strings.Fields(a.plain)) > 4 || strings.ContainsAny(a.plain, "0123456789|") || b.left-a.right <= 0.8*b.height {
		return false
	}
	if !isSectionTitle(a.plain) && a.size <= 1.08*b.size && (!a.bold || b.bold) {
		return false
	}
	for _, s := range later[:min(len(later), 4)] {
		if math.Abs(s.left-b.left) < 3 {
			return true
		}
	}
	return false
}

// writeParagraphs joins lines that a paragraph or list item was broken into, and writes them.
func writeParagraphs(out *strings.Builder, lines []line) {
	for i := 0; i < len(lines); i++ {
		first := lines[i]
		text, right := first.text, first.right
		edge := columnEdge(lines, i)
		for i+1 < len(lines) && goesOn(first, lines[i], lines[i+1], right, edge) {
			i++
			text = joinLines(text, lines[i])
			right = max(right, lines[i].right)
		}
		if first.item {
			out.WriteString("- ")
		}
		out.WriteString(text + "\n")
	}
}

// minColumn is the width, in points, below which lines are labels rather than broken text.
const minColumn = 60

// goesOn reports whether next continues the paragraph that began with first and reached previous: it stands just
// below, begins where the paragraph does, and its first word had no room on the line before.
func goesOn(first, previous, next line, right, edge float64) bool {
	gap := previous.baseline - next.baseline
	switch {
	case next.item, previous.cells,
		gap <= 0.3*previous.height || gap > 1.75*previous.height,
		math.Abs(next.height-previous.height) > 0.15*previous.height,
		next.left > right || next.right < first.left,
		edge-first.left < minColumn:
		return false
	}
	letter, _ := utf8.DecodeRuneInString(next.plain)
	if previous.lastMark >= 0 && next.firstMark >= 0 && previous.lastMark != next.firstMark && !unicode.IsLower(letter) {
		return false
	}
	if isContact(previous.plain) || isContact(next.plain) {
		return false
	}
	hang := next.left - first.left
	rightToLeft := hasRightToLeft(next.plain)
	switch {
	case first.item && hang < -0.5*first.height,
		!first.item && math.Abs(hang) > 2*first.height && !rightToLeft,
		!rightToLeft && previous.right+0.2*previous.height+next.firstWord < edge-0.3*previous.height:
		return false
	}
	endsEarly := strings.HasSuffix(previous.plain, ".") && previous.right < edge-0.1*(edge-first.left)
	return first.item || !endsEarly || !unicode.IsUpper(letter)
}

// isContact reports whether a line holds an address or a telephone number, which stand alone.
func isContact(text string) bool {
	if strings.Contains(text, "@") || strings.Contains(text, "://") || strings.Contains(text, "www.") {
		return len(strings.Fields(text)) < 8
	}
	return phoneNumber.MatchString(text)
}

var phoneNumber = regexp.MustCompile(`^\+?[\d\s()./-]{7,22}$`)

// joinLines appends a line to a paragraph; a hyphen before a small letter was put there to break the word.
func joinLines(text string, next line) string {
	letter, _ := utf8.DecodeRuneInString(next.plain)
	if strings.HasSuffix(text, "-") && !strings.HasSuffix(text, " -") && unicode.IsLower(letter) {
		return strings.TrimSuffix(text, "-") + next.text
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	if isHan(last) && isHan(letter) {
		return text + next.text
	}
	return text + " " + next.text
}

// columnEdge is the right edge of the column in which a line stands, seen from its neighbours.
func columnEdge(lines []line, i int) float64 {
	edge := lines[i].right
	for _, other := range lines[max(0, i-20):min(len(lines), i+20)] {
		if math.Abs(other.left-lines[i].left) < 2.5*lines[i].height && !other.cells {
			edge = max(edge, other.right)
		}
	}
	return edge
}
