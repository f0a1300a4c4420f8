package structure

import (
	"slices"
	"strings"
)

// entryFields is what the lines of an entry hold, before its names are told apart.
type entryFields struct {
	names    []frag
	years    frag
	location frag
	links    []frag
	body     []frag
	// marked tells that the first name is set as a heading.
	marked bool
	// level is that of the first line's heading marks.
	level int
}

// readEntry gathers the fields of an entry.
func readEntry(e entry) entryFields {
	f := entryFields{marked: e.lines[0].marked, level: e.lines[0].level}
	for i := range e.lines {
		l := e.lines[i]
		switch {
		case i < e.head:
			f.readHead(l.docLine)
		case l.dated && !l.bullet && f.years.empty(), !l.bullet && l.dateOnly && f.years.empty():
			f.readHeadInBody(l.docLine)
		case !l.bullet && isDuration(l.text) && !f.years.empty():
			f.years = joinFrags(" ", f.years, l.frag)
		case !l.bullet && f.location.empty() && isEntryPlace(l.text):
			f.location = l.frag
		default:
			f.body = append(f.body, l.frag)
		}
	}
	return f
}

func (f *entryFields) readHead(l *docLine) {
	switch {
	case isLinkLine(l):
		f.links = append(f.links, l.frag)
		return
	case isDuration(l.text) && !f.years.empty():
		f.years = joinFrags(" ", f.years, l.frag)
		return
	}
	for _, rest := range f.takeYears(l) {
		switch {
		case rest.empty():
		case f.location.empty() && isEntryPlace(rest.text) && (len(f.names) > 0 || !f.marked):
			f.location = rest
		case len(f.names) > 0 && len(strings.Fields(rest.text)) > maxHeadWords-2:
			f.body = append(f.body, rest)
		default:
			f.names = append(f.names, rest)
		}
	}
}

// readHeadInBody reads a date and a place that the layout puts below the description.
func (f *entryFields) readHeadInBody(l *docLine) {
	for _, rest := range f.takeYears(l) {
		if f.location.empty() && isEntryPlace(rest.text) {
			f.location = rest
			continue
		}
		f.body = append(f.body, rest)
	}
}

// takeYears takes the line's dates and returns what is left of it; a second date stays in the body.
func (f *entryFields) takeYears(l *docLine) []frag {
	periods, rest := cutPeriods(l)
	for _, p := range periods {
		if f.years.empty() {
			f.years = p
			continue
		}
		f.body = append(f.body, p)
	}
	return rest
}

// takePlace splits a place off the end of a name: "General Hospital, Austin, TX", "Example Inc. – Berlin".
func (f *entryFields) takePlace(name frag) frag {
	if !f.location.empty() {
		return name
	}
	for at := range len(name.text) {
		for _, separator := range [...]string{", ", " – ", " — ", " - "} {
			if at == 0 || !strings.HasPrefix(name.text[at:], separator) {
				continue
			}
			if rest := name.cut(at+len(separator), len(name.text)); isEntryPlace(rest.text) {
				f.location = rest
				return name.cut(0, at)
			}
		}
	}
	return name
}

// employerJoints are words between a title and its employer.
var employerJoints = []string{" @ ", " at ", " bei ", " beim ", " chez "}

// joinsEmployer reports whether a text names title and employer, "Nurse at Example Hospital".
func joinsEmployer(text string) bool {
	return slices.ContainsFunc(employerJoints, func(joint string) bool { return strings.Contains(text, joint) })
}

// nameSeparators part a title from an employer within one line, the surer ones first.
var nameSeparators = []string{" @ ", " at ", " bei ", " beim ", " chez ", " — ", " – ", " - ", " | ", " · ", " • ", ", ", ": "}

// splitName splits a single name in two at the first separator for which accepts agrees.
func splitName(name frag, accepts func(separator string, left, right frag) bool) (left, right frag, ok bool) {
	for _, separator := range nameSeparators {
		for from := 0; ; {
			at := strings.Index(name.text[from:], separator)
			if at < 0 {
				break
			}
			at += from
			left, right = name.cut(0, at), name.cut(at+len(separator), len(name.text))
			if !left.empty() && !right.empty() && balanced(left.text) && accepts(separator, left, right) {
				return left, right, true
			}
			from = at + len(separator)
		}
	}
	return frag{}, frag{}, false
}

// balanced reports whether every bracket of text is closed in it.
func balanced(text string) bool {
	return strings.Count(text, "(") == strings.Count(text, ")") && strings.Count(text, "[") == strings.Count(text, "]")
}
