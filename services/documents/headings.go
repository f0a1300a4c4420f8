package documents

import (
	"cmp"
	_ "embed"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// styledLine is a line or paragraph with what its looks say.
type styledLine struct {
	text  string
	size  float64 // in points, 0 where it is not known
	bold  bool
	mixed bool // parts of it are not bold
	color uint32
	item  bool
	first bool // stands on the first page
}

// style is a look that lines of one rank share.
type style struct {
	halfPoints int
	bold, caps bool
	color      uint32
}

func styleOf(l styledLine) style {
	return style{halfPoints: int(math.Round(2 * l.size)), bold: l.bold, caps: isUpper(l.text), color: l.color}
}

//go:embed headings.txt
var sectionTitleList string

// sectionTitles are the titles that sections of résumés commonly have.
var sectionTitles = func() map[string]bool {
	titles := map[string]bool{}
	for line := range strings.Lines(sectionTitleList) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			titles[line] = true
		}
	}
	return titles
}()

func isSectionTitle(text string) bool {
	text = strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
	return sectionTitles[strings.Join(strings.Fields(strings.ToLower(text)), " ")]
}

const (
	nameRatio    = 1.3  // of the body's size, from which on the largest line is the name
	sectionRatio = 1.12 // of the body's size, from which on a line is a heading
)

// headingLevels tells from looks and words which lines are headings: 1 the name, 2 a section, 3 an entry, 0 none.
func headingLevels(lines []styledLine) []int {
	levels := make([]int, len(lines))
	body, largest := bodyStyle(lines), 0.0
	for _, l := range lines {
		if l.first && !l.item {
			largest = max(largest, l.size)
		}
	}
	named := false
	for i, l := range lines {
		if !mayBeHeading(l) {
			continue
		}
		if !named && l.first && l.size >= 0.98*largest && l.size > nameRatio*body.size() && !isSectionTitle(l.text) {
			levels[i], named = 1, true
			continue
		}
		levels[i] = levelByLooks(l, body)
	}
	alignWithSections(lines, levels, body)
	demoteSecondLines(lines, levels)
	if !slices.Contains(levels, 1) {
		nameByWords(lines, levels)
	}
	return levels
}

// demoteSecondLines lets only the first of two bold lines head an entry, when the second is bold in part only.
func demoteSecondLines(lines []styledLine, levels []int) {
	for i := len(lines) - 1; i > 0; i-- {
		if levels[i] == 3 && levels[i-1] == 3 && lines[i].mixed {
			levels[i] = 0
		}
	}
}

// nameByWords takes one of the first lines for the name when its words look like one and its looks say nothing.
func nameByWords(lines []styledLine, levels []int) {
	for i, l := range lines[:min(len(lines), 2)] {
		if levels[i] == 2 {
			return
		}
		if !l.item && looksLikeName(l.text) {
			levels[i] = 1
			return
		}
	}
}

func levelByLooks(l styledLine, text style) int {
	body := text.size()
	words := len(strings.Fields(l.text))
	caps := isUpper(l.text) && countLetters(l.text) >= 4
	switch {
	case isSectionTitle(l.text) && (l.bold || caps || l.size > 1.04*body || l.color != text.color):
		return 2
	case l.size > sectionRatio*body && words <= 6:
		return 2
	case caps && words <= 5 && !strings.Contains(l.text, "|") && (l.bold || l.size >= 0.98*body && body > 0):
		return 2
	case l.bold:
		return 3
	default:
		return 0
	}
}

// alignWithSections corrects levels by the look that known section titles share: sections look alike, what looks
// lesser is an entry, and what stands out before the first section is the headline under the name.
func alignWithSections(lines []styledLine, levels []int, body style) {
	section, ok := sectionStyle(lines, levels)
	if !ok {
		return
	}
	begun := false
	for i, l := range lines {
		if levels[i] == 1 || !mayBeHeading(l) {
			continue
		}
		look := styleOf(l)
		begun = begun || isSectionTitle(l.text) && levels[i] == 2
		switch {
		case look == section:
			levels[i] = 2
		case levels[i] < 2:
		case !begun:
			levels[i] = 0
		case levels[i] == 2 && look.isLesserThan(section):
			levels[i] = 0
			if look.bold || look.halfPoints > body.halfPoints {
				levels[i] = 3
			}
		}
	}
}

// isLesserThan reports whether a look stands out less than another.
func (s style) isLesserThan(other style) bool {
	if s.halfPoints != other.halfPoints {
		return s.halfPoints < other.halfPoints
	}
	return other.bold && !s.bold || other.caps && !s.caps || s.color != other.color
}

func (s style) size() float64 { return float64(s.halfPoints) / 2 }

// sectionStyle returns the look that most known section titles have, when at least two have it and they are not
// outnumbered by other lines of that look.
func sectionStyle(lines []styledLine, levels []int) (style, bool) {
	known, all := map[style]int{}, map[style]int{}
	for i, l := range lines {
		if levels[i] == 1 || !mayBeHeading(l) {
			continue
		}
		all[styleOf(l)]++
		if levels[i] == 2 && isSectionTitle(l.text) {
			known[styleOf(l)]++
		}
	}
	var best style
	for look, count := range known {
		if count > known[best] || count == known[best] && look.halfPoints > best.halfPoints {
			best = look
		}
	}
	return best, known[best] >= 2 && known[best]*2 >= all[best]
}

// dateStart is how dates of an entry begin that stand on a line of their own.
var dateStart = regexp.MustCompile(`^(?:\p{L}+\.?\s+|\d{1,2}[./-])?(?:19|20)\d\d\b`)

// mayBeHeading excludes what no heading is: items, sentences, contact data, dates.
func mayBeHeading(l styledLine) bool {
	if l.item || len(strings.Fields(l.text)) > 8 || countLetters(l.text) < 2 {
		return false
	}
	if strings.Contains(l.text, "@") || strings.Contains(l.text, "://") || strings.Contains(l.text, "www.") {
		return false
	}
	if dateStart.MatchString(l.text) {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(l.text)
	return !strings.ContainsRune(",.;", last) || endsAbbreviated(l.text)
}

// endsAbbreviated reports whether text ends with a short capitalized word and a point, as names of companies do.
func endsAbbreviated(text string) bool {
	word := text[strings.LastIndexByte(text, ' ')+1:]
	first, _ := utf8.DecodeRuneInString(word)
	return word != text && strings.HasSuffix(word, ".") && len(word) <= 5 && unicode.IsUpper(first)
}

// bodyStyle is the look in which most letters are set.
func bodyStyle(lines []styledLine) style {
	sizes, colors := map[int]int{}, map[uint32]int{}
	for _, l := range lines {
		sizes[styleOf(l).halfPoints] += len(l.text)
		colors[l.color] += len(l.text)
	}
	return style{halfPoints: mostCommon(sizes), color: mostCommon(colors)}
}

// mostCommon returns the key with the highest count, the smallest of several.
func mostCommon[K cmp.Ordered](counts map[K]int) K {
	var best K
	for key, count := range counts {
		if count > counts[best] || count == counts[best] && key < best {
			best = key
		}
	}
	return best
}

func countLetters(text string) int {
	count := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			count++
		}
	}
	return count
}

// isUpper reports whether text has letters with a case, and all of them are capitals.
func isUpper(text string) bool {
	return strings.ToUpper(text) == text && strings.ToLower(text) != text
}
