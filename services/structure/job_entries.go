package structure

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// jobEntry is one demand, task or benefit of a posting.
type jobEntry struct {
	span       span
	kind       part
	confidence float64
}

// jobUnit is a bullet or a sentence; units of one unbroken list share a block.
type jobUnit struct {
	span   span
	bullet bool
	block  int
}

// readEntries fills responsibilities, qualifications and benefits: first from the headed parts, then, for what no
// heading named, from the wording of the rest.
func (r *jobReader) readEntries(o jobOutline) {
	var entries []jobEntry
	var has [partMust + 1]bool
	for _, s := range o.sections {
		if !s.headed {
			continue
		}
		for _, e := range r.headedEntries(s) {
			has[e.kind] = true
			entries = append(entries, e)
		}
	}
	if !has[partRequired] || !has[partResponsibilities] || !has[partBenefits] {
		for _, e := range r.wordedEntries(o) {
			if !has[e.kind] || e.kind == partPreferred && !has[partRequired] {
				entries = append(entries, e)
			}
		}
	}
	if !hasKind(entries, partRequired) && !hasKind(entries, partPreferred) {
		entries = append(entries, r.skilledEntries(o)...)
	}
	for _, e := range entries {
		if e.kind != partRequired {
			r.keep(e)
			continue
		}
		for _, s := range r.withoutWaived(e.span) {
			r.keep(jobEntry{s, e.kind, e.confidence})
		}
	}
}

func hasKind(entries []jobEntry, kind part) bool {
	for _, e := range entries {
		if e.kind == kind {
			return true
		}
	}
	return false
}

// keep appends an entry to its list.
func (r *jobReader) keep(e jobEntry) {
	var list *[]string
	var path string
	switch e.kind {
	case partResponsibilities:
		list, path = &r.data.KeyResponsibilities, "key_responsibilities"
	case partRequired:
		list, path = &r.data.Qualifications.Required, "qualifications.required"
	case partPreferred:
		list, path = &r.data.Qualifications.Preferred, "qualifications.preferred"
	case partBenefits:
		list, path = &r.data.CompensationBenefits, "compensation_and_benefits"
	default:
		return
	}
	if len(*list) >= maxJobEntries {
		return
	}
	if v := r.value(fmt.Sprintf("%s[%d]", path, len(*list)), e.span, e.confidence); v != "" {
		*list = append(*list, v)
	}
}

// headedEntries reads the entries of a part with a heading.
func (r *jobReader) headedEntries(s jobSection) []jobEntry {
	switch s.kind {
	case partResponsibilities, partRequired, partPreferred, partBenefits:
	default:
		return nil
	}
	var entries []jobEntry
	listed := false
	for _, u := range r.units(s.lines) {
		listed = listed || u.bullet
		confidence := sureHeaded
		if !u.bullet {
			confidence = sureProse
		}
		cues := r.cuesOf(u.span)
		if !u.bullet && r.isClosingRemark(u.span, s.kind, cues) {
			continue
		}
		// Prose behind a list is a closing remark unless its words are a demand's or an offer's.
		if listed && !u.bullet && !cues.has(partRequired) && !cues.has(partPreferred) && (s.kind != partBenefits || !cues.has(partBenefits)) {
			continue
		}
		kind := s.kind
		if kind == partBenefits && !u.bullet && cues.has(partMust) && cues.has(partRequired) && !cues.has(partBenefits) {
			kind = partRequired
		}
		switch kind {
		case partRequired:
			for _, piece := range r.inlineList(u) {
				entries = append(entries, r.splitPreferred(piece, confidence)...)
			}
		case partPreferred:
			for _, piece := range r.inlineList(u) {
				entries = append(entries, jobEntry{piece, partPreferred, confidence})
			}
		default:
			entries = append(entries, jobEntry{u.span, kind, confidence})
		}
	}
	return entries
}

// isClosingRemark reports whether prose under a heading is no entry of its part: a legal note, a word on applying, or
// the employer on itself. A line without a full stop is an entry, whatever its words.
func (r *jobReader) isClosingRemark(s span, kind part, cues cueSet) bool {
	demands := cues.has(partRequired) || cues.has(partPreferred)
	switch {
	case cues.has(partLegal) && (kind == partBenefits || endsInStop(r.text[s.start:s.end])):
		return true
	case cues.has(partApply) && !cues.has(partRequired):
		return true
	}
	return (kind == partRequired || kind == partPreferred) && r.speaksOfItself(s) && !demands
}

// units cuts lines into bullets and sentences.
func (r *jobReader) units(lines []postingLine) []jobUnit {
	var units []jobUnit
	block := 0
	for i := 0; i < len(lines); {
		line := lines[i]
		if line.blankBefore || i > 0 && line.bullet != lines[i-1].bullet {
			block++
		}
		if line.bullet {
			s, used := bulletSpan(lines[i:])
			units = append(units, jobUnit{s, true, block})
			i += used
			continue
		}
		n := paragraphLength(lines[i:])
		for _, s := range r.paragraphUnits(lines[i:i+n], i+n < len(lines) && lines[i+n].bullet) {
			units = append(units, jobUnit{s, false, block})
		}
		i += n
	}
	return units
}

// bulletSpan returns the bullet that begins at lines[0] with the lines that continue it.
func bulletSpan(lines []postingLine) (s span, used int) {
	s = span{lines[0].start, lines[0].end}
	for used = 1; used < len(lines); used++ {
		next := lines[used]
		if next.bullet || next.blankBefore || next.level > 0 || next.indent == 0 && !startsLower(next.text) {
			break
		}
		s.end = next.end
	}
	return s, used
}

func paragraphLength(lines []postingLine) int {
	n := 1
	for n < len(lines) && !lines[n].bullet && !lines[n].blankBefore && lines[n].level == 0 && lines[n-1].level == 0 {
		n++
	}
	return n
}

// paragraphUnits returns the sentences of a wrapped paragraph, or each line where lines are entries of their own.
// A lead-in such as "You bring:" is no unit.
func (r *jobReader) paragraphUnits(lines []postingLine, beforeBullets bool) []span {
	if lines[0].level > 0 {
		return nil
	}
	last := lines[len(lines)-1]
	var spans []span
	if wrapped(lines) {
		spans = sentences(r.text, span{lines[0].start, last.end})
	} else {
		for _, l := range lines {
			spans = append(spans, sentences(r.text, span{l.start, l.end})...)
		}
	}
	kept := spans[:0]
	for i, s := range spans {
		leadIn := strings.HasSuffix(r.text[s.start:s.end], ":") || beforeBullets && i == len(spans)-1 && s.end-s.start < maxHeadingBytes
		if !leadIn {
			kept = append(kept, s)
		}
	}
	return kept
}

// wrapped reports whether the lines are one text broken at a margin: all but the last about equally long and the last
// with a full stop, or a line going on in lower case.
func wrapped(lines []postingLine) bool {
	if len(lines) == 1 {
		return true
	}
	const minMargin, slack = 60, 15
	shortest, longest := 1<<30, 0
	for i, l := range lines {
		if i > 0 && startsLower(l.text) {
			return true
		}
		if i < len(lines)-1 {
			n := utf8.RuneCountInString(l.text)
			shortest, longest = min(shortest, n), max(longest, n)
		}
	}
	return endsInStop(lines[len(lines)-1].text) && longest >= minMargin && shortest >= longest-slack
}

func endsInStop(text string) bool {
	return strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?")
}

// inlineList splits a sentence that is only a list of skills, as in "Requirements: Go, Docker, Kubernetes".
func (r *jobReader) inlineList(u jobUnit) []span {
	text := r.text[u.span.start:u.span.end]
	if u.bullet || !strings.Contains(text, ",") || strings.ContainsAny(text, "()") {
		return []span{u.span}
	}
	var pieces []span
	start := u.span.start
	for piece := range strings.SplitSeq(strings.TrimSuffix(text, "."), ",") {
		s := trimSpan(r.text, span{start, start + len(piece)})
		start += len(piece) + 1
		words := splitWords(r.text[s.start:s.end])
		if len(words) == 0 || len(words) > 4 || joinsAlternatives(words) {
			return []span{u.span}
		}
		pieces = append(pieces, s)
	}
	if found := len(r.skillsIn(text)); found*2 < len(pieces) || found < 2 {
		return []span{u.span}
	}
	return pieces
}

func joinsAlternatives(words []word) bool {
	for _, w := range words {
		switch w.text {
		case "or", "oder", "ou", "o", "bzw":
			return true
		}
	}
	return false
}
