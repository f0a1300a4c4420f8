package structure

import (
	"strings"
	"unicode"
)

// readListSection reads a section of single values into its list of models.Additional.
func (r *resumeReader) readListSection(s *resumeSection) {
	kind, _ := s.kind.list()
	if kind == listLanguages && !namesLanguages(s) {
		kind = listSkills
	}
	r.nameList(kind, s)
	switch kind {
	case listSkills:
		r.readSkills(s)
	case listLanguages:
		r.readLanguages(s)
	default:
		for _, f := range singleEntries(s.lines) {
			r.add(kind, f, confidenceOf(s.confidence, sureSet))
		}
	}
}

// nameList gives the heading of a list its sectionMeta entry. The skills have the default one; further headings for
// the same list get keys of their own, so that each keeps its name and place.
func (r *resumeReader) nameList(kind listKind, s *resumeSection) {
	keys := []string{kind.metaKey(), kind.metaKey() + ".2", kind.metaKey() + ".3", kind.metaKey() + ".4"}
	if kind == listSkills {
		keys = append([]string{"additional"}, keys...)
	}
	for _, key := range keys {
		if !r.used[key] {
			r.used[key] = true
			r.name(key, s)
			return
		}
		if r.continues(key, s) {
			return
		}
	}
	r.unplaced = append(r.unplaced, s.title)
}

// add appends one value to a list.
func (r *resumeReader) add(kind listKind, f frag, confidence float64) {
	if f.empty() {
		return
	}
	list := kind.of(&r.data.Additional)
	*list = append(*list, r.put(indexed("additional."+kind.field(), len(*list)), f, confidence))
}

// singleEntries returns one value for each bullet, or for each dated or marked group of lines where there are no bullets.
func singleEntries(lines []docLine) []frag {
	marked, dateOnly, dated := 0, 0, 0
	for i := range lines {
		l := &lines[i]
		hasDate, only := lineDated(l, false)
		switch {
		case l.bullet || l.numbered:
			marked = -len(lines)
		case hasDate && only:
			dateOnly++
		case hasDate:
			dated++
		case l.level > 0 || l.bold:
			marked++
		}
	}
	var values []frag
	if marked < 0 || marked+dateOnly <= dated {
		for i := range lines {
			values = append(values, lines[i].frag)
		}
		return values
	}
	for _, e := range cutEntries(lines) {
		values = append(values, joinEntry(e))
	}
	return values
}

// skillReader reads the lines of a section of skills.
type skillReader struct {
	r       *resumeReader
	section *resumeSection
	lines   []docLine
	group   skillGroup
}

func (r *resumeReader) readSkills(s *resumeSection) {
	reader := skillReader{r: r, section: s, lines: s.lines}
	for i := range s.lines {
		reader.read(i)
	}
	reader.close()
}

func (s *skillReader) read(i int) {
	l := &s.lines[i]
	if spoken, between, ok := spokenLanguages(l.frag); ok {
		for _, f := range spoken {
			s.r.add(listLanguages, f, confidenceOf(s.section.confidence, sureWord))
		}
		s.r.marginalia = append(s.r.marginalia, between...)
		return
	}
	switch {
	case !l.bullet && s.isLabel(i):
		s.close()
		s.group.label = headingText(l.frag)
	case len(l.cells) == 0 && isLevel(l.text):
		s.level(l.frag)
	case len(l.cells) > 1:
		s.readCells(l)
	default:
		if label, rest, ok := cutSkillLabel(l.frag); ok {
			s.close()
			s.group.label = label
			s.addAll(splitList(rest))
			s.close()
			return
		}
		s.addAll(splitList(l.frag))
	}
}

// isLabel recognises a line that names the skills below it.
func (s *skillReader) isLabel(i int) bool {
	l := &s.lines[i]
	if len(l.cells) > 0 || isLevel(l.text) {
		return false
	}
	if strings.HasSuffix(l.text, ":") {
		return true
	}
	if strings.Contains(l.text, ": ") || len(splitList(l.frag)) > 1 {
		return false
	}
	if l.level > 0 || l.bold {
		return true
	}
	next := i + 1
	if next < len(s.lines) && isLevel(s.lines[next].text) {
		next++
	}
	return next < len(s.lines) && !s.lines[next].bullet && len(strings.Fields(l.text)) <= 5 && len(s.lines[next].cells) == 0 &&
		!strings.Contains(s.lines[next].text, ": ") && len(splitList(s.lines[next].frag)) > 2
}

// level keeps a grade: for the group if it is new, else for the skill before it.
func (s *skillReader) level(f frag) {
	list := s.r.data.Additional.TechnicalSkills
	switch {
	case !s.group.label.empty() && s.group.level.empty() && len(s.group.entries) == 0:
		s.group.level = f
	case len(list) > 0 && len(s.group.entries) > 0 && s.group.entries[len(s.group.entries)-1].text == list[len(list)-1]:
		last := &s.group.entries[len(s.group.entries)-1]
		*last = joinFrags(" – ", *last, f)
		list[len(list)-1] = last.text
		s.r.widen(indexed("additional.technicalSkills", len(list)-1), *last)
	default:
		s.addAll([]frag{f})
	}
}

// widen stretches the source of a value that grew.
func (r *resumeReader) widen(path string, f frag) {
	for i := len(r.sources) - 1; i >= 0; i-- {
		if r.sources[i].Path == path {
			r.sources[i].Start, r.sources[i].End = f.start, f.end
			return
		}
	}
}

// readCells reads a table's row: a label and its skills, or a skill and its grade, or skills.
func (s *skillReader) readCells(l *docLine) {
	first, rest := l.cells[0], l.cells[1:]
	if len(l.cells) == 2 && isLevel(rest[0].text) {
		s.addAll([]frag{l.frag})
		return
	}
	if len(l.cells) == 2 && (len(splitList(rest[0])) > 1 || strings.HasSuffix(first.text, ":")) && len(splitList(first)) == 1 {
		s.close()
		s.group.label = headingText(first)
		s.addAll(splitList(rest[0]))
		s.close()
		return
	}
	for _, cell := range l.cells {
		if label, values, ok := cutSkillLabel(cell); ok {
			s.close()
			s.group.label = label
			s.addAll(splitList(values))
			s.close()
			continue
		}
		s.addAll(splitList(cell))
	}
}

// addAll adds skills to the list and to the group under the current label.
func (s *skillReader) addAll(entries []frag) {
	kind := s.kindOfGroup(entries)
	if kind == listSkills {
		entries = s.splitKnown(s.splitBrackets(entries))
	}
	for _, e := range entries {
		if kind == listSkills && gradesLanguage(e.text) {
			s.r.add(listLanguages, e, confidenceOf(s.section.confidence, sureWord))
			continue
		}
		s.r.add(kind, e, confidenceOf(s.section.confidence, sureSet))
	}
	s.group.entries = append(s.group.entries, entries...)
}

// splitBrackets makes single skills of "Python (pandas, NumPy)".
func (s *skillReader) splitBrackets(entries []frag) []frag {
	split := make([]frag, 0, len(entries))
	for _, e := range entries {
		open := strings.Index(e.text, " (")
		if open < 0 || !strings.HasSuffix(e.text, ")") || strings.Count(e.text, "(") != 1 {
			split = append(split, e)
			continue
		}
		inner := splitList(e.cut(open+2, len(e.text)-1))
		if len(inner) < 2 || startsWithLanguage(e.text) || !s.nameSkills(inner) {
			split = append(split, e)
			continue
		}
		split = append(append(split, e.cut(0, open)), inner...)
	}
	return split
}

// nameSkills reports whether the parts of a bracket name skills: none grades or counts, and one is set as a name.
func (s *skillReader) nameSkills(parts []frag) bool {
	named := false
	for _, p := range parts {
		if isLevel(p.text) || isDigit(p.text[0]) || len(strings.Fields(p.text)) > maxSkillWords-1 {
			return false
		}
		named = named || strings.IndexFunc(p.text, unicode.IsUpper) >= 0 ||
			s.r.vocabulary != nil && len(s.r.vocabulary.Find(p.text)) > 0
	}
	return named
}

// minJoinedWords is the number of words from which an entry may be several skills that a layout ran together.
const minJoinedWords = 3

// splitKnown splits entries that consist of known skills with nothing between them, "Tableau Looker Studio dbt".
func (s *skillReader) splitKnown(entries []frag) []frag {
	if s.r.vocabulary == nil {
		return entries
	}
	split := make([]frag, 0, len(entries))
	for _, e := range entries {
		parts := []frag{e}
		if len(strings.Fields(e.text)) >= minJoinedWords {
			parts = s.knownParts(e)
		}
		split = append(split, parts...)
	}
	return split
}

func (s *skillReader) knownParts(e frag) []frag {
	var parts []frag
	from := 0
	for _, m := range s.r.vocabulary.Find(e.text) {
		if strings.TrimSpace(e.text[from:m.Start]) != "" {
			return []frag{e}
		}
		parts = append(parts, e.cut(m.Start, m.End))
		from = m.End
	}
	if len(parts) < 2 || strings.TrimSpace(e.text[from:]) != "" {
		return []frag{e}
	}
	return parts
}

// kindOfGroup sends "Languages: English, German" and "Certificates: …" within the skills to their own lists.
func (s *skillReader) kindOfGroup(entries []frag) listKind {
	if s.group.label.empty() {
		return listSkills
	}
	kind, ok := loadHeadings().exact(s.group.label.text).list()
	if !ok || kind == listLanguages && !allLanguages(entries) {
		return listSkills
	}
	return kind
}

// close ends the current group; a label without skills below it is a skill itself.
func (s *skillReader) close() {
	g := s.group
	s.group = skillGroup{}
	switch {
	case g.label.empty():
	case len(g.entries) == 0:
		s.r.add(listSkills, joinFrags(" – ", g.label, g.level), confidenceOf(s.section.confidence, sureUsual))
	default:
		s.r.groups = append(s.r.groups, g)
	}
}

const maxSkillLabelWords = 6

// cutSkillLabel splits "Languages: Go, C++"; "Python: expert" is one skill with its grade.
func cutSkillLabel(f frag) (label, rest frag, ok bool) {
	for _, separator := range [...]string{": ", ":", " – ", " — ", " - "} {
		at := strings.Index(f.text, separator)
		if at <= 0 || strings.HasPrefix(f.text[at:], "://") || !balanced(f.text[:at]) {
			continue
		}
		label, rest = f.cut(0, at), f.cut(at+len(separator), len(f.text))
		if rest.empty() || isLevel(rest.text) || len(strings.Fields(label.text)) > maxSkillLabelWords || strings.ContainsAny(label.text, ",;") {
			return frag{}, frag{}, false
		}
		if separator[0] == ':' || len(splitList(rest)) > 1 {
			return label, rest, true
		}
	}
	return frag{}, frag{}, false
}

// maxSkillWords is the mean length above which the parts between commas are clauses of a sentence, not skills.
const maxSkillWords = 5

// ratingSigns draw a grade behind a skill; they part skills as bullets do.
const ratingSigns = "●○★☆■□◯⬤✦✩◉"

// listSigns part the values of a list.
const listSigns = ",;•·|▪、" + ratingSigns

// splitList splits at commas, semicolons, bars, bullets and drawn grades outside of brackets, unless that would cut a
// sentence.
func splitList(f frag) []frag {
	var parts []frag
	depth, from := 0, 0
	for i, c := range f.text {
		switch {
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth = max(0, depth-1)
		case strings.ContainsRune(listSigns, c):
			if depth > 0 && balanced(f.text) || c == ',' && betweenDigits(f.text, i) {
				continue
			}
			parts = appendPart(parts, f.cut(from, i))
			from = i + len(string(c))
		}
	}
	parts = appendPart(parts, f.cut(from, len(f.text)))
	words := 0
	for _, p := range parts {
		words += len(strings.Fields(p.text))
	}
	switch {
	case len(parts) == 1 && strings.ContainsAny(f.text, ratingSigns):
		return parts
	case len(parts) < 2 || words > maxSkillWords*len(parts):
		return []frag{f}
	}
	if last := &parts[len(parts)-1]; strings.HasSuffix(last.text, ".") && !strings.HasSuffix(last.text, "etc.") {
		*last = last.cut(0, len(last.text)-1)
	}
	return parts
}

func appendPart(parts []frag, f frag) []frag {
	if letterCount(f.text)+len(digitsOf(f.text)) == 0 {
		return parts
	}
	return append(parts, f)
}

func betweenDigits(text string, i int) bool {
	return i > 0 && i+1 < len(text) && isDigit(text[i-1]) && isDigit(text[i+1])
}
