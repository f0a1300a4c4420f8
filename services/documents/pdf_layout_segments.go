package documents

import (
	"math"
	"slices"
	"sort"
)

// segment is a run of glyphs on one line without a gap wider than a space.
type segment struct {
	left, right, bottom, top float64
	baseline, height, size   float64
	firstWord                float64 // width of its first word
	bold                     bool
	mixed                    bool   // parts of it are not bold
	color                    uint32 // of its first glyph
	index                    int    // position in the order of the content
	item                     bool   // has a bullet drawn before it
	firstMark, lastMark      int32  // the marked content of its first and last glyph
	plain                    string
	text                     string // plain with links as Markdown
}

func newSegment(glyphs []glyph, index int) segment {
	s := segment{
		left: math.Inf(1), right: math.Inf(-1), bottom: math.Inf(1), top: math.Inf(-1),
		baseline: glyphs[0].baseline, color: glyphs[0].color, index: index,
		firstMark: glyphs[0].mark, lastMark: glyphs[len(glyphs)-1].mark,
	}
	heights := make([]float64, 0, len(glyphs))
	bold := 0
	for i, g := range glyphs {
		s.left, s.right = min(s.left, g.left), max(s.right, g.right)
		s.bottom, s.top = min(s.bottom, g.bottom), max(s.top, g.top)
		s.size = max(s.size, g.size)
		heights = append(heights, g.height())
		if g.bold {
			bold++
		}
		if i > 0 && g.startsWord && s.firstWord == 0 {
			s.firstWord = glyphs[i-1].right - s.left
		}
	}
	if s.firstWord == 0 {
		s.firstWord = s.right - s.left
	}
	slices.Sort(heights)
	s.height = heights[len(heights)/2]
	s.bold, s.mixed = bold*2 > len(glyphs), bold < len(glyphs)
	s.plain, s.text = glyphText(glyphs, false), glyphText(glyphs, true)
	return s
}

// segmentsOf cuts the glyphs of a page into segments.
func segmentsOf(glyphs []glyph) []segment {
	rightToLeft := 0
	for _, g := range glyphs {
		if isRightToLeft(g.char) {
			rightToLeft++
		}
	}
	if rightToLeft*4 > len(glyphs) {
		return geometricSegments(glyphs)
	}
	var segments []segment
	start := 0
	for i := 1; i <= len(glyphs); i++ {
		if i < len(glyphs) && continues(glyphs[i-1], glyphs[i]) {
			glyphs[i].startsWord = startsWord(glyphs[i-1], glyphs[i])
			continue
		}
		segments = append(segments, newSegment(glyphs[start:i], len(segments)))
		start = i
	}
	return segments
}

// continues reports whether b stands on the line of a and close to its right; superscripts count as on the line.
func continues(a, b glyph) bool {
	height := max(a.height(), b.height())
	small := min(a.height(), b.height())
	rise := math.Abs(a.baseline - b.baseline)
	gap := b.left - a.right
	onLine := rise < 0.2*height || rise < 0.5*height && small < 0.8*height
	return onLine && gap < newColumn*height && (gap > -0.6*height || b.left > a.left-0.05*height)
}

func startsWord(a, b glyph) bool {
	height := max(a.height(), b.height())
	gap := b.left - a.right
	believed := believedGap(a.char, b.char)
	switch {
	case gap > max(newWord, believed)*height:
		return true
	case b.startsWord && b.invented && gap < believed*height:
		return false
	default:
		return b.startsWord
	}
}

// geometricSegments goes by the places of glyphs alone: in text from right to left the order of the content
// follows neither the eye nor the reader.
func geometricSegments(glyphs []glyph) []segment {
	sorted := append([]glyph(nil), glyphs...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].baseline > sorted[j].baseline })
	var segments []segment
	for i := 0; i < len(sorted); {
		end := i + 1
		for end < len(sorted) && math.Abs(sorted[end].baseline-sorted[i].baseline) < 0.25*sorted[i].height() {
			end++
		}
		row := sorted[i:end]
		sort.SliceStable(row, func(a, b int) bool { return row[a].left < row[b].left })
		start := 0
		for k := 1; k <= len(row); k++ {
			if k == len(row) || row[k].left-row[k-1].right > newColumn*row[k].height() {
				segments = append(segments, newSegment(row[start:k], len(segments)))
				start = k
			}
		}
		i = end
	}
	return segments
}
