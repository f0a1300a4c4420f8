package structure

import (
	"strings"
	"unicode"
)

// resumeSection is a heading of a résumé and the lines under it; the first has no heading.
type resumeSection struct {
	kind  headingKind
	title frag
	// confidence tells how sure the heading was found: by rules for Confidence in confidence.go.
	confidence float64
	lines      []docLine
}

// headingForm is how a line is set off from the others.
type headingForm uint8

const (
	formPlain headingForm = iota
	formColon
	formCapitals
	formBold
	formUnderlined
	// formLevel1 and the five after it are heading marks.
	formLevel1
	formCount = formLevel1 + 6
)

// headingCandidate is what a line tells about itself as a heading.
type headingCandidate struct {
	exact, weak headingKind
	form        headingForm
}

// outliner cuts the lines of a résumé into sections.
type outliner struct {
	lines      []docLine
	candidates []headingCandidate
	// counts has the number of usual headings by form, level that of the shallowest heading marks used for them.
	counts [formCount]int
	level  int
	name   int // index of the line that holds the person's name, -1 for none
}

// cutSections cuts lines into sections; name is the index of the line with the person's name.
func cutSections(lines []docLine, name int) []resumeSection {
	o := outliner{lines: lines, name: name, candidates: make([]headingCandidate, len(lines))}
	table := loadHeadings()
	for i := range lines {
		if i == name || !mayBeHeading(&lines[i]) {
			continue
		}
		c := headingCandidate{form: formOf(&lines[i]), exact: table.exact(lines[i].text)}
		if c.exact == headNone && c.form != formPlain {
			c.weak = table.weak(lines[i].text)
		}
		o.candidates[i] = c
		if c.exact != headNone && c.exact != headTitle {
			o.counts[c.form]++
		}
	}
	o.level = o.sectionLevel()
	return o.cut()
}

// sectionLevel is the level of heading marks that most usual headings have, the shallower of two equals.
func (o *outliner) sectionLevel() int {
	best := 0
	for level := 1; level <= 6; level++ {
		n := o.counts[formLevel1+headingForm(level-1)]
		if n > 0 && (best == 0 || n > o.counts[formLevel1+headingForm(best-1)]) {
			best = level
		}
	}
	return best
}

func mayBeHeading(l *docLine) bool {
	return !l.bullet && len(l.text) <= 80 && len(l.cells) == 0 && !strings.ContainsAny(l.text, "@|") && !strings.HasSuffix(l.text, ",")
}

func formOf(l *docLine) headingForm {
	switch {
	case l.underlined:
		return formUnderlined
	case l.level > 0:
		return formLevel1 + headingForm(l.level-1)
	case l.bold:
		return formBold
	case isCapitals(l.text):
		return formCapitals
	case strings.HasSuffix(l.text, ":"):
		return formColon
	}
	return formPlain
}

// isCapitals reports whether a text of at least three letters has no small one.
func isCapitals(text string) bool {
	letters := 0
	for _, r := range text {
		switch {
		case unicode.IsLower(r):
			return false
		case unicode.IsLetter(r):
			letters++
		}
	}
	return letters >= 3
}

func (o *outliner) cut() []resumeSection {
	sections := []resumeSection{{}}
	for i := range o.lines {
		current := &sections[len(sections)-1]
		kind, confidence := o.heading(i, current)
		switch {
		case i == o.name && len(current.lines)+len(current.title.text) > 0 && (o.lines[i].level > 0 || o.belowSidebar(current)):
			// A name behind other sections, as below a side column, begins the personal data again.
			sections = append(sections, resumeSection{lines: []docLine{o.lines[i]}})
		case confidence == 0:
			current.lines = append(current.lines, o.lines[i])
		default:
			sections = append(sections, resumeSection{kind: kind, title: headingText(o.lines[i].frag), confidence: confidence})
		}
	}
	return sections
}

// belowSidebar tells that an unmarked name ends the section it stands in, which holds no personal data.
func (o *outliner) belowSidebar(current *resumeSection) bool {
	return current.kind != headNone && current.kind != headContact
}

// headingText is a heading without its colon and the icons before it.
func headingText(f frag) frag {
	from, to := 0, len(f.text)
	for i, r := range f.text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			from = i
			break
		}
	}
	for to > from && strings.HasSuffix(f.text[from:to], ":") {
		to--
	}
	return f.cut(from, to)
}

// heading decides whether line i begins a section; the confidence is 0 if not.
func (o *outliner) heading(i int, current *resumeSection) (headingKind, float64) {
	c := o.candidates[i]
	l := &o.lines[i]
	switch {
	case i == o.name || !mayBeHeading(l) || labelsDuties(l, current):
		return headNone, 0
	case c.exact == headTitle && i <= 2:
		return headNone, 0
	case c.exact == headTitle:
		c.exact = headSummary
	}
	switch {
	case c.exact != headNone && o.acceptsUsual(i, current):
		if c.form == formPlain || c.form == formColon {
			return c.exact, sureHeadingPlain
		}
		return c.exact, sureHeadingMarked
	case c.exact == headNone && c.form >= formColon && o.acceptsUnusual(i, current, c):
		if c.weak != headNone {
			return c.weak, sureHeadingWeak
		}
		return headNone, sureHeadingUnknown
	}
	return headNone, 0
}

// labelsDuties recognises "Duties:" within an entry, which begins no section.
func labelsDuties(l *docLine, current *resumeSection) bool {
	return current.kind.hasEntries() && len(current.lines) > 0 && strings.HasSuffix(l.text, ":") && loadHeadings().duties[foldPhrase(l.text)]
}

// acceptsUsual weighs a line whose whole text is a usual heading.
func (o *outliner) acceptsUsual(i int, current *resumeSection) bool {
	c, l := o.candidates[i], &o.lines[i]
	if c.form >= formLevel1 {
		deeper := l.level > o.level
		return !deeper || current.kind != headSkills && c.exact != current.kind && !current.kind.hasEntries()
	}
	first := []rune(l.text)[0]
	if unicode.IsLower(first) {
		return false
	}
	if current.kind == headSkills && c.exact == headSkills && c.form <= formColon {
		return false
	}
	if c.form <= formColon && o.strongest() >= formBold {
		// Where headings are marked, an unmarked line is one only if it stands apart.
		return l.blankBefore && i+1 < len(o.lines)
	}
	return true
}

// strongest is the most telling form that at least two usual headings have.
func (o *outliner) strongest() headingForm {
	for form := formCount - 1; form > formPlain; form-- {
		if o.counts[form] >= 2 {
			return form
		}
	}
	return formPlain
}

// acceptsUnusual weighs a line set like a heading whose text is not a usual one.
func (o *outliner) acceptsUnusual(i int, current *resumeSection, c headingCandidate) bool {
	l := &o.lines[i]
	words := strings.Fields(l.text)
	if len(words) > 7 || strings.HasSuffix(l.text, ".") || letterCount(l.text) < 3 {
		return false
	}
	if _, dated := findPeriod(l.text); dated {
		return false
	}
	switch {
	case c.form == formUnderlined:
	case c.form >= formLevel1:
		if o.level > 0 && l.level > o.level || o.level == 0 && l.level > 2 {
			return false
		}
	case c.weak != headNone && c.form > formColon:
	case o.counts[c.form] < 2 || c.form == formColon:
		return false
	}
	return !o.beginsEntry(i, current)
}

// beginsEntry reports whether a line set like a heading opens a position or degree: a date follows before any bullet.
func (o *outliner) beginsEntry(i int, current *resumeSection) bool {
	if o.candidates[i].weak != headNone && o.candidates[i].form > formBold {
		return false
	}
	if !current.kind.hasEntries() && current.kind != headOther && current.kind != headCertificates && current.kind != headAwards {
		return current.kind == headNone && len(current.title.text) == 0 && o.name >= 0 && i == o.name+1 && o.lines[i].level == 0
	}
	for k := i + 1; k < len(o.lines) && k <= i+2; k++ {
		if o.lines[k].bullet || o.candidates[k].exact != headNone && o.candidates[k].form == o.candidates[i].form {
			return false
		}
		if _, dated := findPeriod(o.lines[k].text); dated && len(o.lines[k].text) < 100 {
			return true
		}
	}
	return false
}

func letterCount(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
