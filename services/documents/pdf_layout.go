package documents

import "strings"

// layoutMarkdown puts the glyphs of all pages into reading order and writes them as Markdown.
func layoutMarkdown(pages []page) string {
	var lines []line
	for i, page := range pages {
		for _, line := range pageLines(page) {
			line.page = i
			lines = append(lines, line)
		}
	}
	styled := make([]styledLine, len(lines))
	for i, line := range lines {
		styled[i] = styledLine{
			text: line.plain, size: line.size, bold: line.bold, mixed: line.mixed, color: line.color,
			item: line.item, first: line.page == 0,
		}
	}
	levels := headingLevels(styled)
	order := asidesLast(levels, markAsides(lines, levels))
	lines, levels = reorder(lines, order), reorder(levels, order)
	var out strings.Builder
	for i := 0; i < len(lines); {
		if level := levels[i]; level > 0 {
			out.WriteString("\n" + strings.Repeat("#", level) + " " + lines[i].text + "\n")
			i++
			continue
		}
		end := i + 1
		for end < len(lines) && levels[end] == 0 {
			end++
		}
		writeParagraphs(&out, lines[i:end])
		i = end
	}
	return out.String()
}

// pageLines returns the lines of one page in reading order.
//
// The order of the content is kept where it reads well, because writers mostly know their columns better than
// geometry does. A page that makes the eye jump, or is written from right to left, is cut into columns.
func pageLines(p page) []line {
	markLinks(p)
	segments := segmentsOf(p.glyphs)
	markItems(segments, p.bullets)
	rightToLeft := isRightToLeftPage(segments)
	if jumps := countJumps(segments); rightToLeft || jumps > 4 && jumps > 0.07*float64(len(segments)) {
		segments = cutColumns(segments, rightToLeft)
	}
	attachBareLinks(segments, p)
	return linesOf(segments)
}

// markLinks notes on each glyph in which link it stands.
func markLinks(p page) {
	for i := range p.glyphs {
		g := &p.glyphs[i]
		x, y := (g.left+g.right)/2, (g.bottom+g.top)/2
		for j := range p.links {
			link := &p.links[j]
			if x > link.left && x < link.right && y > link.bottom && y < link.top {
				g.link = link
				link.hasText = link.hasText || !isPrivateUse(g.char)
				break
			}
		}
	}
}

// attachBareLinks adds links that stand on no text, such as those on icons, to the text beside them.
func attachBareLinks(segments []segment, p page) {
	for _, link := range p.links {
		if link.hasText || len(segments) == 0 {
			continue
		}
		nearest, distance := 0, -1.0
		for i, s := range segments {
			dx := max(link.left-s.right, s.left-link.right, 0)
			dy := max(link.bottom-s.top, s.bottom-link.top, 0)
			// Text beside an icon belongs to it rather than text above it.
			if d := dx + 4*dy; distance < 0 || d < distance {
				nearest, distance = i, d
			}
		}
		s := &segments[nearest]
		if !strings.Contains(s.text, "]("+link.target+")") {
			s.text += " " + markdownLink(bareAddress(link.target), link.target)
		}
	}
}

// bareAddress is an address as people write it.
func bareAddress(target string) string {
	for _, prefix := range []string{"mailto:", "tel:", "https://", "http://"} {
		target = strings.TrimPrefix(target, prefix)
	}
	return strings.TrimSuffix(target, "/")
}

// markdownLink writes a link; characters that would end it early are encoded or left out.
func markdownLink(text, target string) string {
	text = linkTextReplacer.Replace(strings.TrimSpace(text))
	if text == "" {
		return ""
	}
	return "[" + text + "](" + linkTargetReplacer.Replace(strings.TrimSpace(target)) + ")"
}

var (
	linkTextReplacer   = strings.NewReplacer("[", "(", "]", ")", "\n", " ")
	linkTargetReplacer = strings.NewReplacer("(", "%28", ")", "%29", " ", "%20", "\n", "")
)
