package structure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// jobSection is a run of lines under one heading of a posting.
type jobSection struct {
	kind part
	// headed is false for the lines before the first heading and under headings of no known kind.
	headed bool
	lines  []postingLine
}

// jobFact is a line such as "Location: Berlin".
type jobFact struct {
	label string
	value span
}

// jobOutline is a posting cut into its parts.
type jobOutline struct {
	sections []jobSection
	facts    []jobFact
	// titles are lines marked as headings, or standing first, that name no part: the posting's title is one of them.
	titles []postingLine
	// company is the employer's name where a heading says "About NAME".
	company span
}

const (
	maxHeadingWords = 9
	maxHeadingBytes = 90
	maxLabelBytes   = 40
	maxFactBytes    = 160
)

// outline cuts the lines into headed sections and facts.
func (r *jobReader) outline(lines []postingLine) jobOutline {
	var o jobOutline
	o.sections = []jobSection{{}}
	level := 0
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		current := &o.sections[len(o.sections)-1]
		if fact, used, ok := r.fact(lines, i); ok {
			o.facts = append(o.facts, fact)
			i += used - 1
			continue
		}
		kind, rest, found := r.heading(lines, i)
		switch {
		case found:
			level = line.level
			o.sections = append(o.sections, jobSection{kind: kind, headed: true})
			if rest.start < rest.end {
				current = &o.sections[len(o.sections)-1]
				line.start, line.end, line.text = rest.start, rest.end, r.text[rest.start:rest.end]
				current.lines = append(current.lines, line)
			}
		case r.companyHeading(line, &o):
			level = line.level
			o.sections = append(o.sections, jobSection{kind: partCompany, headed: true})
		case current.headed && r.startsNewList(lines, i, current):
			o.sections = append(o.sections, jobSection{})
		case line.level == 0 || current.headed && (line.level > level || line.level == boldLevel && r.precedesBullets(lines, i)):
			current.lines = append(current.lines, line)
		default:
			o.titles = append(o.titles, line)
			level = line.level
			o.sections = append(o.sections, jobSection{})
		}
	}
	return o
}

func (r *jobReader) precedesBullets(lines []postingLine, i int) bool {
	return i+1 < len(lines) && lines[i+1].bullet
}

// startsNewList reports whether a line that names no known part stands apart before a list of its own, after the list
// of the part before: what follows is judged by its wording. A line with a colon only divides the part.
func (r *jobReader) startsNewList(lines []postingLine, i int, current *jobSection) bool {
	line := lines[i]
	if line.bullet || line.level > 0 || !line.blankBefore || !r.precedesBullets(lines, i) || len(current.lines) == 0 {
		return false
	}
	return current.lines[len(current.lines)-1].bullet && line.end-line.start <= maxHeadingBytes && !strings.HasSuffix(line.text, ":") && !endsInStop(line.text)
}

// fact reads a line of the form "label: value", or a label with its value on the next line; used counts the lines.
func (r *jobReader) fact(lines []postingLine, i int) (fact jobFact, used int, ok bool) {
	line := lines[i]
	label, value, found := r.cutLabel(line)
	if !found {
		return jobFact{}, 0, false
	}
	kind, ok := r.words.labels.exact(splitWords(label))
	if !ok {
		return jobFact{}, 0, false
	}
	if value.start < value.end {
		return jobFact{kind, value}, 1, value.end-value.start <= maxFactBytes
	}
	if _, isHeading := r.words.headings.exact(splitWords(label)); isHeading || i+1 >= len(lines) {
		return jobFact{}, 0, false
	}
	next := lines[i+1]
	if next.bullet || next.level > 0 || next.blankBefore || next.end-next.start > maxHeadingBytes {
		return jobFact{}, 0, false
	}
	return jobFact{kind, span{next.start, next.end}}, 2, true
}

// cutLabel splits a line at its first colon; bold marks around the label are dropped.
func (r *jobReader) cutLabel(line postingLine) (label string, value span, ok bool) {
	colon := strings.IndexByte(line.text, ':')
	if colon < 0 && line.level == boldLevel {
		return line.text, span{line.end, line.end}, true
	}
	if colon <= 0 || colon > maxLabelBytes || strings.HasPrefix(line.text[colon:], "://") {
		return "", span{}, false
	}
	v := trimSpan(r.text, span{line.start + colon + 1, line.end})
	for strings.HasPrefix(r.text[v.start:v.end], "*") || strings.HasPrefix(r.text[v.start:v.end], "_") {
		v.start++
	}
	return line.text[:colon], trimSpan(r.text, v), true
}

// heading tells whether lines[i] names a part of the posting; rest is what stands behind the name's colon.
func (r *jobReader) heading(lines []postingLine, i int) (kind part, rest span, ok bool) {
	line := lines[i]
	if label, value, cut := r.cutLabel(line); cut && value.start < value.end {
		if name, ok := r.words.headings.exact(splitWords(label)); ok {
			return partNames[name], value, true
		}
	}
	if line.bullet || line.end-line.start > maxHeadingBytes {
		return partNone, span{}, false
	}
	words := splitWords(line.text)
	if len(words) == 0 || len(words) > maxHeadingWords {
		return partNone, span{}, false
	}
	if name, ok := r.words.headings.exact(words); ok {
		return partNames[name], span{}, true
	}
	if !r.looksLikeHeading(lines, i) {
		return partNone, span{}, false
	}
	if _, hires := r.hiredTitle(line); hires && !strings.HasSuffix(line.text, ":") {
		return partNone, span{}, false
	}
	name, ok := r.headingWithin(line.text, words, i == 0)
	return partNames[name], span{}, ok
}

// headingWithin finds a heading's phrase among other words: "What you will do at Example GmbH".
// In "Compensation and Benefits Manager" the phrase is part of a title.
func (r *jobReader) headingWithin(text string, words []word, first bool) (string, bool) {
	namesRole := len(r.words.titles.all(words)) > 0
	titled := first || namesRole
	best := phraseHit{}
	for _, hit := range r.words.headings.all(words) {
		atEdge := hit.at == 0 || hit.at+hit.length == len(words)
		covers := hit.length*2 >= len(words) || atEdge && hit.length > 1
		next := hit.at + hit.length
		if namesRole && hit.at == 0 && next < len(words) && !startsLower(text[words[next].start:]) {
			continue
		}
		if covers && hit.length > best.length && (hit.length > 1 || !titled) {
			best = hit
		}
	}
	return best.kind, best.length > 0
}

// looksLikeHeading reports whether the form of a line is a heading's: marks, a colon at the end, capitals, or a short
// line before bullets.
func (r *jobReader) looksLikeHeading(lines []postingLine, i int) bool {
	line := lines[i]
	if line.level > 0 || strings.HasSuffix(line.text, ":") || allCapitals(line.text) {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(line.text)
	if last == '.' || last == ',' {
		return false
	}
	return line.blankBefore || r.precedesBullets(lines, i)
}

func allCapitals(s string) bool {
	letters := 0
	for _, c := range s {
		if unicode.IsLower(c) {
			return false
		}
		if unicode.IsUpper(c) {
			letters++
		}
	}
	return letters > 3
}

// companyHeading recognises "About NAME" and keeps the name.
func (r *jobReader) companyHeading(line postingLine, o *jobOutline) bool {
	if line.bullet || line.end-line.start > maxHeadingBytes || line.level == 0 && !line.blankBefore {
		return false
	}
	words := splitWords(line.text)
	if len(words) < 2 || len(words) > 6 || strings.HasSuffix(line.text, ".") {
		return false
	}
	at := 1
	switch words[0].text {
	case "about", "über", "sobre":
	case "à":
		if len(words) < 4 || words[1].text != "propos" || words[2].text != "de" {
			return false
		}
		at = 3
	default:
		return false
	}
	name := line.text[words[at].start:]
	if first, _ := utf8.DecodeRuneInString(name); !unicode.IsUpper(first) && !unicode.IsDigit(first) {
		return false
	}
	end := line.start + words[len(words)-1].end
	o.company = span{line.start + words[at].start, end}
	return true
}
