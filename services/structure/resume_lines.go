package structure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// frag is a piece of a résumé's text, free of Markdown marks, and the bytes of the Markdown it came from.
type frag struct {
	text       string
	start, end int
	line       int
	// loose is set where the text is not the Markdown's own, byte by byte: marks were removed or pieces joined.
	loose bool
}

func (f frag) empty() bool { return f.text == "" }

// cut returns the bytes [from, to) of the text, trimmed of space. Offsets in a loose text say nothing about the
// Markdown, so that its pieces keep the span of the whole.
func (f frag) cut(from, to int) frag {
	for from < to {
		r, size := utf8.DecodeRuneInString(f.text[from:to])
		if !unicode.IsSpace(r) {
			break
		}
		from += size
	}
	for from < to {
		r, size := utf8.DecodeLastRuneInString(f.text[from:to])
		if !unicode.IsSpace(r) {
			break
		}
		to -= size
	}
	piece := frag{text: f.text[from:to], start: f.start, end: f.end, line: f.line, loose: f.loose}
	if !f.loose {
		piece.start, piece.end = f.start+from, f.start+to
	}
	return piece
}

// joinFrags joins the pieces that are not empty; the span covers them all.
func joinFrags(separator string, pieces ...frag) frag {
	var joined frag
	for _, p := range pieces {
		switch {
		case p.empty():
		case joined.empty():
			joined = p
		default:
			joined.text += separator + p.text
			joined.loose = true
			joined.start, joined.end = min(joined.start, p.start), max(joined.end, p.end)
			joined.line = min(joined.line, p.line)
		}
	}
	return joined
}

// link is a Markdown link of a line.
type link struct {
	text, target string
}

// docLine is a line of a résumé that is not blank.
type docLine struct {
	frag
	// level is 1 to 6 for heading marks and underlines, 0 for any other line.
	level       int
	bold        bool
	underlined  bool
	bullet      bool
	numbered    bool
	indent      int
	blankBefore bool
	cells       []frag
	// tableHead is set for a row with a rule under it.
	tableHead bool
	links     []link
}

// readLines splits Markdown into lines with content.
func readLines(markdown string) []docLine {
	lines := make([]docLine, 0, 1+strings.Count(markdown, "\n"))
	blank := true
	offset, number := 0, 0
	for raw := range strings.Lines(markdown) {
		start := offset
		offset += len(raw)
		number++
		content := strings.TrimRightFunc(raw, unicode.IsSpace)
		if isRule(content) {
			if len(lines) > 0 && !blank {
				underline(&lines[len(lines)-1], content)
			}
			blank = true
			continue
		}
		line := docLine{frag: frag{start: start, end: start + len(content), line: number}, blankBefore: blank}
		if !line.read(markdown) {
			blank = true
			continue
		}
		blank = false
		lines = append(lines, line)
	}
	return lines
}

// isRule reports whether a line draws a rule, fences code or parts a table's head from its body.
func isRule(content string) bool {
	content = strings.TrimSpace(content)
	if content == "" {
		return true
	}
	if strings.HasPrefix(content, "```") && strings.Trim(content, "`") == "" {
		return true
	}
	return len(content) >= 3 && strings.Trim(content, "-=_*~ |:+") == ""
}

// underline turns a line into a heading when a rule of = or - stands right under it.
func underline(line *docLine, rule string) {
	rule = strings.TrimSpace(rule)
	line.tableHead = len(line.cells) > 0 && strings.Contains(rule, "|")
	if rule == "" || line.bullet || line.level > 0 || len(line.text) > 60 || strings.Trim(rule, "=") != "" && strings.Trim(rule, "-") != "" {
		return
	}
	line.underlined = true
	line.level = 2
	if rule[0] == '=' {
		line.level = 1
	}
}

// read strips the marks at the line's ends and cleans what is left; it reports whether anything is.
func (l *docLine) read(markdown string) bool {
	l.indent = l.skipSpace(markdown)
	for strings.HasPrefix(markdown[l.start:l.end], ">") {
		l.start++
		l.skipSpace(markdown)
	}
	l.readMark(markdown)
	l.skipSpace(markdown)
	l.stripBold(markdown)
	if l.start >= l.end {
		return false
	}
	raw := markdown[l.start:l.end]
	if gapped := partsAtGaps(raw); gapped && !l.bullet || strings.IndexByte(raw, '|') >= 0 || strings.IndexByte(raw, '\t') >= 0 {
		l.readCells(raw, gapped && !l.bullet)
	}
	l.text, l.links = cleanInline(raw, nil)
	if len(l.cells) > 0 {
		texts := make([]string, len(l.cells))
		for i, c := range l.cells {
			texts[i] = c.text
		}
		l.text = strings.Join(texts, " | ")
	}
	l.loose = l.text != raw
	return l.text != ""
}

func (l *docLine) skipSpace(markdown string) int {
	before := l.start
	for l.start < l.end {
		r, size := utf8.DecodeRuneInString(markdown[l.start:l.end])
		if !unicode.IsSpace(r) && r != '\u200b' && r != '\ufeff' {
			break
		}
		l.start += size
	}
	return l.start - before
}

// readMark reads heading marks, a bullet or a number. A number stays in the text: it may be the document's own.
func (l *docLine) readMark(markdown string) {
	content := markdown[l.start:l.end]
	if hashes := len(content) - len(strings.TrimLeft(content, "#")); hashes > 0 && hashes <= 6 && (hashes == len(content) || content[hashes] == ' ' || content[hashes] == '\t') {
		l.level = hashes
		l.start += hashes
		l.end = l.start + len(strings.TrimRight(strings.TrimRight(markdown[l.start:l.end], "#"), " \t"))
		return
	}
	if size := bulletSize(content); size > 0 {
		l.bullet = true
		l.start += size
		return
	}
	digits := len(content) - len(strings.TrimLeft(content, "0123456789"))
	if digits > 0 && digits <= 2 && len(content) > digits+1 && (content[digits] == '.' || content[digits] == ')') && content[digits+1] == ' ' {
		l.numbered = true
	}
}

const bulletSigns = "•●▪■◦‣∙·➢➤►▸▶→⇒✓✔☑✅○□❖♦⁃–—\uf0b7\uf0a7\uf076\uf0d8"

// bulletSize returns the bytes of the bullet that content begins with, 0 without one.
func bulletSize(content string) int {
	r, size := utf8.DecodeRuneInString(content)
	switch {
	case r == '-' || r == '*' || r == '+' || r == '–' || r == '—':
		if len(content) > size && (content[size] == ' ' || content[size] == '\t') {
			return size
		}
		return 0
	case r > utf8.RuneSelf && strings.ContainsRune(bulletSigns, r):
		return size
	}
	return 0
}

// stripBold removes a pair of bold marks around the whole line, which makes it a possible heading.
func (l *docLine) stripBold(markdown string) {
	for _, mark := range [...]string{"***", "**", "__", "*", "_"} {
		inner, ok := strings.CutPrefix(markdown[l.start:l.end], mark)
		if !ok {
			continue
		}
		body := strings.TrimSuffix(inner, ":")
		if body, ok = strings.CutSuffix(body, mark); !ok || body == "" || strings.Contains(body, mark) {
			continue
		}
		l.bold = len(mark) > 1
		l.start += len(mark)
		l.end = l.start + len(body)
		return
	}
}

// wideGap parts columns that a text file sets with spaces.
const wideGap = "   "

// partsAtGaps reports whether a line has few, short parts between wide gaps; justified text and what follows a label's
// colon are one part.
func partsAtGaps(raw string) bool {
	const maxGaps, maxPart = 3, 80
	gaps := 0
	for part := range strings.SplitSeq(raw, wideGap) {
		if len(part) > maxPart || gaps > maxGaps || strings.HasSuffix(part, ":") {
			return false
		}
		if strings.TrimSpace(part) != "" {
			gaps++
		}
	}
	return gaps > 1 && !strings.HasSuffix(raw, ".")
}

// readCells splits a line at tabs and at bars with space around them, as in a table's row, and at wide gaps if asked.
func (l *docLine) readCells(raw string, atGaps bool) {
	row := strings.HasPrefix(raw, "|")
	from := 0
	add := func(to int) {
		piece := frag{start: l.start + from, end: l.start + to, line: l.line}
		trimmed := strings.TrimSpace(raw[from:to])
		piece.start += strings.Index(raw[from:to], trimmed)
		piece.end = piece.start + len(trimmed)
		piece.text, _ = cleanInline(trimmed, nil)
		piece.loose = piece.text != trimmed
		if piece.text != "" {
			l.cells = append(l.cells, piece)
		}
	}
	for i := 0; i < len(raw); i++ {
		bar := raw[i] == '|' && (i == 0 || raw[i-1] != '\\') &&
			(row || i > 0 && raw[i-1] == ' ' && i+1 < len(raw) && raw[i+1] == ' ')
		if bar || raw[i] == '\t' || atGaps && strings.HasPrefix(raw[i:], wideGap) {
			add(i)
			from = i + 1
		}
	}
	add(len(raw))
	if len(l.cells) == 1 && !row {
		l.cells = nil
	}
}

// parts returns the line's cells, or the line itself where it has none.
func (l *docLine) parts() []frag {
	if len(l.cells) > 0 {
		return l.cells
	}
	return []frag{l.frag}
}
