package structure

import (
	"strings"
	"unicode"
)

// entryLine is a line of a section whose entries are positions, degrees or the like.
type entryLine struct {
	*docLine
	// marked lines are set as headings; running ones read like sentences.
	marked, running bool
	dated           bool
	// dateOnly lines hold a date and nothing else.
	dateOnly bool
}

// short lines can name an entry.
func (l *entryLine) short() bool { return !l.bullet && !l.running && !l.marked }

// entry is one position, degree or project: the lines that name it and those that describe it.
type entry struct {
	lines []entryLine
	// head counts the lines that name the entry.
	head int
}

const (
	maxHeadWords = 14
	maxHeadBytes = 140
	// maxDatedBytes bounds a line whose date is looked for, maxNameWords a name in it.
	maxDatedBytes = 400
	maxNameWords  = 9
	// maxLead is how many lines may stand before the date in an entry's head.
	maxLead = 3
)

func entryLines(lines []docLine) []entryLine {
	out := make([]entryLine, len(lines))
	for i := range lines {
		l := &out[i]
		l.docLine = &lines[i]
		words := len(strings.Fields(l.text))
		l.marked = !l.bullet && (l.level > 0 || l.bold && !strings.HasSuffix(l.text, ":")) && len(l.text) <= maxHeadBytes
		l.running = !l.bullet && !l.marked && len(l.cells) == 0 && (words > maxHeadWords || endsSentenceLine(l.text, words) || unicode.IsLower(firstRune(l.text)))
		l.dated, l.dateOnly = lineDated(l.docLine, l.running)
		if l.dated {
			l.running = false
		}
	}
	return out
}

// endsSentenceLine tells a sentence from a name that ends in an abbreviation, "Brightwater Software Inc."
func endsSentenceLine(text string, words int) bool {
	if !strings.HasSuffix(text, ".") || words < 2 {
		return false
	}
	last := text[strings.LastIndexByte(text, ' ')+1:]
	return words > 4 || len(last) > 4 && employerScore(last) == 0
}

// lineDated reports whether a date at the edge of the line dates an entry.
func lineDated(l *docLine, running bool) (dated, only bool) {
	if len(l.text) > maxDatedBytes {
		return false, false
	}
	for _, part := range l.parts() {
		found, ok := findPeriod(part.text)
		if !ok {
			continue
		}
		before, after := strings.TrimSpace(part.text[:found.start]), strings.TrimSpace(part.text[found.end:])
		if letterCount(before)+letterCount(after) == 0 {
			return true, len(l.cells) == 0
		}
		if datesName(l, found, before, after, part.text[found.start] == '(', running) {
			return true, false
		}
	}
	return false, false
}

// datesName reports whether a date dates the name before or behind it on the same line.
func datesName(l *docLine, found foundPeriod, before, after string, bracketed, running bool) bool {
	if found.ranged && endsInSeparator(before) && len(strings.Fields(before)) <= maxNameWords {
		return true // a description may follow on the same line
	}
	if running && (strings.HasSuffix(l.text, ".") || unicode.IsLower(firstRune(l.text))) {
		return false
	}
	edge := before == "" || after == "" || isEntryPlace(strings.Trim(after, ",;|()–- ")) || strings.HasPrefix(after, ":")
	if !edge {
		return false
	}
	return found.ranged || endsInSeparator(before) || startsWithSeparator(after) || bracketed ||
		after == "" && (l.level > 0 || l.bold || len(l.cells) > 0)
}

const separators = ",;:|–—-·•"

func endsInSeparator(text string) bool {
	return strings.TrimRight(text, separators) != text
}

func startsWithSeparator(text string) bool {
	return strings.TrimLeft(text, separators) != text
}

// cutEntries cuts the lines of a section into entries.
func cutEntries(lines []docLine) []entry {
	all := entryLines(lines)
	starts := entryStarts(all)
	entries := make([]entry, 0, len(starts))
	for n, start := range starts {
		end := len(all)
		if n+1 < len(starts) {
			end = starts[n+1]
		}
		e := entry{lines: all[start:end]}
		e.head = e.headSize()
		entries = append(entries, e)
	}
	return entries
}

// maxNamedBytes is where the sign after a name must stand at the latest.
const maxNamedBytes = 40

// headSize counts the leading lines that name the entry.
func (e *entry) headSize() int {
	names, dated, marked, whole := 0, false, false, false
	for i := range e.lines {
		l := &e.lines[i]
		switch {
		case i == 0 && (l.bullet || isNamed(l)):
			return 1
		case l.describes(i):
			return i
		case l.marked || l.dated:
			marked, dated = marked || l.marked, dated || l.dated
			whole = whole || l.dated && joinsEmployer(l.text)
			names += len(namesOf(l.docLine))
		case isEntryPlace(l.text) || isDuration(l.text) || isLinkLine(l.docLine):
		case !dated && names < maxLead && !(marked && names >= 2):
			names++
		case dated && !whole && names < 2 && l.goesOn(marked):
			names++
		default:
			return i
		}
	}
	return len(e.lines)
}

// describes reports whether line i of an entry begins what was done: a bullet, running text or a label over them.
func (l *entryLine) describes(i int) bool {
	return l.bullet || !l.dated && (l.running || i > 0 && strings.HasSuffix(l.text, ":"))
}

// goesOn reports whether a line below the date may name a further part of the entry.
func (l *entryLine) goesOn(marked bool) bool {
	return (!marked || namesPart(l.text)) && len(strings.Fields(l.text)) <= maxNameWords
}

// namesPart reports whether a word of text tells that it names a title, an employer or a school.
func namesPart(text string) bool { return isTitle(text) || employerScore(text) > 0 || isSchool(text) }

func isLinkLine(l *docLine) bool {
	if strings.IndexByte(l.text, '.') < 0 || strings.Contains(l.text, " ") && len(l.links) == 0 {
		return false
	}
	hits := contactHits(l.text)
	return len(hits) == 1 && hits[0].kind != "email" && hits[0].kind != "phone" && hits[0].to-hits[0].from >= len(l.text)-4
}

// namesOf returns the parts of a head line that are neither dates nor places.
func namesOf(l *docLine) []frag {
	_, rest := cutPeriods(l)
	names := rest[:0:0]
	for _, f := range rest {
		if !isEntryPlace(f.text) {
			names = append(names, f)
		}
	}
	return names
}

// cutPeriods takes the first date out of each part of a line and returns the dates and what is left.
func cutPeriods(l *docLine) (periods, rest []frag) {
	for _, part := range l.parts() {
		found, ok := findPeriod(part.text)
		if !ok {
			rest = append(rest, trimJoints(part))
			continue
		}
		periods = append(periods, part.cut(found.start, found.end))
		for _, piece := range [...]frag{part.cut(0, found.start), part.cut(found.end, len(part.text))} {
			if piece = trimJoints(piece); letterCount(piece.text)+len(digitsOf(piece.text)) > 0 {
				rest = append(rest, piece)
			}
		}
	}
	return periods, rest
}

// trimJoints drops the signs that joined a piece to the date beside it, and brackets left without their partner.
func trimJoints(f frag) frag {
	const joints = " \t,;:|–—-·•/"
	for {
		from := len(f.text) - len(strings.TrimLeft(f.text, joints))
		to := len(strings.TrimRight(f.text, joints))
		if from >= to {
			return frag{line: f.line}
		}
		inner := f.text[from:to]
		switch {
		case strings.HasSuffix(inner, "("):
			to--
		case strings.HasPrefix(inner, ")"):
			from++
		}
		if from == 0 && to == len(f.text) {
			return f
		}
		f = f.cut(from, to)
	}
}
