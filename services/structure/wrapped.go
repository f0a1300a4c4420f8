package structure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// minWrappedBytes is the length a line must have to be one that was broken at the column's edge.
const minWrappedBytes = 25

// joinWrapped joins lines that were broken in mid-sentence, as text files and some PDFs have them.
func joinWrapped(lines []docLine) []docLine {
	kept := lines[:0]
	for i := range lines {
		l := lines[i]
		if len(kept) == 0 || !continues(&kept[len(kept)-1], &l) {
			kept = append(kept, l)
			continue
		}
		before := &kept[len(kept)-1]
		separator := " "
		if strings.HasSuffix(before.text, "-") && !strings.HasSuffix(before.text, " -") {
			separator = ""
		}
		before.frag = joinFrags(separator, before.frag, l.frag)
		before.links = append(before.links, l.links...)
	}
	return kept
}

// continues reports whether next goes on with the line before.
func continues(before, next *docLine) bool {
	if next.bullet || next.numbered || next.blankBefore || setApart(before) || setApart(next) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(next.text)
	last, _ := utf8.DecodeLastRuneInString(before.text)
	if (last == '–' || last == '—' || last == '-') && unicode.IsDigit(first) && len(before.text) > 4 && isDigit(before.text[len(before.text)-1-len(string(last))]) {
		return true
	}
	if len(before.text) < minWrappedBytes || strings.ContainsAny(next.text, "@") || strings.Contains(next.text, "://") || isLinkLine(next) {
		return false
	}
	if before.bullet && next.indent > before.indent {
		_, dated := findPeriod(next.text)
		return !dated
	}
	if head := next.text[:min(len(next.text), maxNamedBytes)]; strings.Contains(head, " - ") || strings.Contains(head, ": ") {
		return false
	}
	if found, ok := findPeriod(next.text); ok && found.start == 0 {
		return false
	}
	return unicode.IsLower(first) && last != '.' && !strings.ContainsAny(before.text, "@") && !isLinkLine(before)
}

func setApart(l *docLine) bool { return l.level > 0 || l.bold || len(l.cells) > 0 }

// takePageMarks removes lines that only repeat the name with a page's number, as at the foot of each page.
func (r *resumeReader) takePageMarks(lines []docLine, name foundName) []docLine {
	if name.line < 0 {
		return lines
	}
	known := map[string]bool{"page": true, "seite": true, "página": true, "of": true, "von": true, "sur": true, "de": true, "cv": true, "resume": true, "lebenslauf": true, "curriculum": true, "vitae": true, "résumé": true, "p": true}
	for _, w := range splitWords(name.text) {
		known[w.text] = true
	}
	repeats := map[string]int{}
	for i := name.line + 1; i < len(lines); i++ {
		if len(lines[i].text) < 80 && strings.Contains(lines[i].text, name.text) {
			repeats[foldPhrase(lines[i].text)]++
		}
	}
	kept := lines[:name.line+1]
	for i := name.line + 1; i < len(lines); i++ {
		if i != name.second && (isPageMark(lines[i].text, known) || len(repeats) > 0 && repeats[foldPhrase(lines[i].text)] > 1) {
			r.marginalia = append(r.marginalia, lines[i].frag)
			continue
		}
		kept = append(kept, lines[i])
	}
	return kept
}

func isPageMark(text string, known map[string]bool) bool {
	if len(text) > 80 {
		return false
	}
	words := splitWords(text)
	digits := 0
	for _, w := range words {
		switch {
		case known[w.text]:
		case len(w.text) <= 2 && len(digitsOf(w.text)) == len(w.text):
			digits++
		default:
			return false
		}
	}
	if len(words) == 0 || digits == len(words) && (digits != 2 || !strings.Contains(text, "/")) || digits == 0 && len(words) == 1 {
		return false
	}
	return loadHeadings().exact(text) == headNone
}
