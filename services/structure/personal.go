package structure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxHeadlineWords = 16
	minSummaryWords  = 9
)

// readPersonal reads the lines without a heading and those under "Contact", and looks elsewhere for what they lack.
func (r *resumeReader) readPersonal(sections []resumeSection, lines []docLine, name foundName) {
	info := &r.data.PersonalInfo
	info.Name = r.put("personalInfo.name", name.frag, name.confidence)
	for i := range sections {
		if sections[i].kind == headContact || sections[i].title.empty() {
			r.readContactLines(&sections[i], lines, name)
		}
	}
	r.takeTail(sections)
	r.findElsewhere(lines)
}

// takeTail takes the contact data out of the lines at the very end that hold nothing but links, where extractors put
// links that have no text on the page.
func (r *resumeReader) takeTail(sections []resumeSection) {
	last := &sections[len(sections)-1]
	for len(last.lines) > 0 {
		l := &last.lines[len(last.lines)-1]
		if len(l.links) == 0 || !l.onlyLinks() {
			return
		}
		for _, piece := range r.takeContact(l.frag) {
			if !r.known(piece.text) {
				r.unplaced = append(r.unplaced, piece)
			}
		}
		last.lines = last.lines[:len(last.lines)-1]
	}
}

// onlyLinks reports whether the line consists of its links.
func (l *docLine) onlyLinks() bool {
	size := 0
	for _, link := range l.links {
		size += len(link.text)
		if !strings.Contains(l.text, visibleTarget(link.target)) && !sameTarget(link.text, visibleTarget(link.target)) {
			return false
		}
	}
	return strings.Contains(l.text, l.links[0].text) && len(l.text) <= size+len(l.links)*4+targetBytes(l)
}

func targetBytes(l *docLine) int {
	n := 0
	for _, link := range l.links {
		n += len(link.target)
	}
	return n
}

// readContactLines reads each line's cells for contact data, place and headline.
func (r *resumeReader) readContactLines(s *resumeSection, lines []docLine, name foundName) {
	headless := s.title.empty()
	behindName := name.line < 0
	for i := range s.lines {
		l := &s.lines[i]
		if name.line >= 0 && l.start == lines[name.line].start {
			behindName = true
			r.readNameLine(l, name)
			continue
		}
		if name.second >= 0 && l.start == lines[name.second].start {
			continue
		}
		if loadHeadings().exact(l.text) == headTitle {
			r.marginalia = append(r.marginalia, l.frag)
			continue
		}
		if headless && r.takeParagraph(l) {
			continue
		}
		if behindName && headless && r.takeHeadline(l, name.line >= 0 && l.line <= lines[name.line].line+2) {
			continue
		}
		for _, part := range l.parts() {
			for _, piece := range r.takeContact(part) {
				r.placePiece(piece, behindName && headless, headless && !behindName)
			}
		}
	}
}

// readNameLine keeps what stands on the name's line beside it.
func (r *resumeReader) readNameLine(l *docLine, name foundName) {
	for _, part := range l.parts() {
		at := strings.Index(part.text, name.text)
		if at < 0 && name.second < 0 {
			for _, piece := range r.takeContact(part) {
				r.placePiece(piece, true, false)
			}
			continue
		}
		if at < 0 {
			continue
		}
		for _, piece := range append(r.takeContact(part.cut(0, at)), r.takeContact(part.cut(at+len(name.text), len(part.text)))...) {
			piece = trimPunctuation(piece)
			if isCredential(piece.text) {
				r.unplaced = append(r.unplaced, piece)
				continue
			}
			r.placePiece(piece, true, false)
		}
	}
}

// isCredential recognises letters behind a name: "RN, BSN", "PhD", "M.Sc.".
func isCredential(text string) bool {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '/' }) {
		upper := strings.IndexFunc(w, unicode.IsUpper)
		if utf8.RuneCountInString(w) > 6 || upper < 0 || strings.IndexFunc(w[upper+1:], unicode.IsUpper) < 0 {
			return false
		}
	}
	return text != ""
}

func trimPunctuation(f frag) frag {
	text := strings.TrimLeft(f.text, ",;:–—- ")
	return f.cut(len(f.text)-len(text), len(f.text))
}

// takeParagraph keeps running text before the first heading for the summary.
func (r *resumeReader) takeParagraph(l *docLine) bool {
	words := len(strings.Fields(l.text))
	if l.level > 0 || len(l.cells) > 0 || words < minSummaryWords || strings.Contains(l.text, "@") {
		return false
	}
	if words < maxHeadlineWords && !strings.HasSuffix(l.text, ".") && len(r.headless) == 0 {
		return false
	}
	if len(contactHits(l.text)) > 0 && !strings.HasSuffix(l.text, ".") {
		return false
	}
	r.headless = append(r.headless, l.frag)
	return true
}

// takeHeadline takes a line such as "Nurse | Team lead" as a whole, but for a place at its end.
func (r *resumeReader) takeHeadline(l *docLine, besideName bool) bool {
	info := &r.data.PersonalInfo
	if info.Title != "" || len(l.text) > 160 || len(strings.Fields(l.text)) > maxHeadlineWords || strings.Contains(l.text, ": ") || !besideName && !isTitle(l.text) || len(contactHits(l.text)) > 0 {
		return false
	}
	if letterCount(l.text) < 3 || r.known(l.text) || len(digitsOf(l.text)) > 0 && !isTitle(l.text) || loadHeadings().label(l.text) != "" {
		return false
	}
	for _, part := range l.parts() {
		for _, piece := range splitPieces(part, 0, len(part.text)) {
			if isPlaceLike(piece.text) && !isTitle(piece.text) {
				return false
			}
		}
	}
	headline := l.frag
	if len(l.cells) == 0 {
		headline = r.splitPlace(headline)
	}
	info.Title = r.put("personalInfo.title", headline, confidenceOf(sureHeadingMarked, sureWord))
	return true
}

// splitPlace takes a place off the end of a headline, where an extractor joined two pieces of a line.
func (r *resumeReader) splitPlace(f frag) frag {
	info := &r.data.PersonalInfo
	if info.Location != "" || isPlaceLike(f.text) {
		return f
	}
	for i := 1; i < len(f.text); i++ {
		if f.text[i-1] != ' ' {
			continue
		}
		if place := f.cut(i, len(f.text)); !isTitle(place.text) && isPlaceLike(place.text) {
			if head := trimJoints(f.cut(0, i)); isTitle(head.text) {
				info.Location = r.put("personalInfo.location", place, confidenceOf(sureHeadingMarked, sureOrder))
				return head
			}
		}
	}
	return f
}

// placePiece finds the field of a piece that holds no e-mail address, link or phone number.
func (r *resumeReader) placePiece(f frag, mayBeHeadline, beforeName bool) {
	info := &r.data.PersonalInfo
	if f.empty() || r.known(f.text) {
		return
	}
	if label, value, ok := cutLabel(f); ok {
		if r.placeLabelled(f, label, value) {
			return
		}
	} else if loadHeadings().label(f.text) != "" {
		r.marginalia = append(r.marginalia, f)
		return
	}
	words := len(strings.Fields(f.text))
	switch {
	case info.Location == "" && isPlaceLike(f.text) && !(isTitle(f.text) && !hasPostcode(f.text)):
		info.Location = r.put("personalInfo.location", f, confidenceOf(sureHeadingMarked, sureWord))
	case strings.HasSuffix(f.text, "(") || words == 1 && utf8.RuneCountInString(f.text) <= 2:
		r.marginalia = append(r.marginalia, f)
	case mayBeHeadline && info.Title == "" && words <= maxHeadlineWords && unicode.IsLetter(firstRune(f.text)) && !strings.Contains(f.text, ":"):
		sure := sureUsual
		if isTitle(f.text) {
			sure = sureWord
		}
		info.Title = r.put("personalInfo.title", r.splitPlace(f), confidenceOf(sureHeadingMarked, sure))
	case beforeName && words <= 6:
		r.marginalia = append(r.marginalia, f)
	default:
		r.unplaced = append(r.unplaced, f)
	}
}

func firstRune(text string) rune {
	first, _ := utf8.DecodeRuneInString(text)
	return first
}

// placeLabelled places "label: value" by its label; other labels keep their value beside them.
func (r *resumeReader) placeLabelled(f, label, value frag) bool {
	info := &r.data.PersonalInfo
	kind := loadHeadings().label(label.text)
	if kind == "" {
		r.unplaced = append(r.unplaced, f)
		return true
	}
	target, path := &info.Location, "location"
	switch kind {
	case "headline":
		target, path = &info.Title, "title"
	case "linkedin":
		target, path = &info.LinkedIn, "linkedin"
	case "github":
		target, path = &info.GitHub, "github"
	case "website":
		target, path = &info.Website, "website"
	case "location":
	default:
		if value.empty() {
			r.marginalia = append(r.marginalia, f)
			return true
		}
		r.unplaced = append(r.unplaced, f)
		return true
	}
	r.marginalia = append(r.marginalia, label)
	switch {
	case value.empty():
	case *target == "":
		*target = r.put("personalInfo."+path, value, sureNamed)
	case !r.known(value.text):
		r.unplaced = append(r.unplaced, value)
	}
	return true
}
