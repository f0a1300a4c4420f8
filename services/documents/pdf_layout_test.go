package documents

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// typeset places the letters of text on a line, 5 points wide each, from x to the right.
func typeset(text string, x, baseline, size float64) []glyph {
	var glyphs []glyph
	space := true
	for _, char := range text {
		if char == ' ' {
			space = true
			x += 5
			continue
		}
		glyphs = append(glyphs, glyph{
			char: char, left: x, right: x + 5, bottom: baseline - 2, top: baseline + 8,
			baseline: baseline, font: font{size: size, mark: -1}, startsWord: space,
		})
		space = false
		x += 5
	}
	return glyphs
}

func TestRightToLeftTextIsReadFromTheRight(t *testing.T) {
	visual := typeset("2024 םולש", 100, 700, 10)
	assert.Equal(t, "שלום 2024", glyphText(visual, true))
}

func TestPresentationFormsAreFoldedAndOtherSignsKept(t *testing.T) {
	assert.Equal(t, "office 5 m² ½", glyphText(typeset("oﬃce 5 m² ½", 0, 0, 10), true))
}

func TestGuessedSpacesBetweenHanCharactersNeedAGap(t *testing.T) {
	glyphs := typeset("软 件", 100, 700, 10)
	glyphs[1].invented = true
	for i := range glyphs {
		glyphs[i].left, glyphs[i].right = 100+10*float64(i), 109+10*float64(i)
	}
	segments := segmentsOf(glyphs)
	assert.Len(t, segments, 1)
	assert.Equal(t, "软件", segments[0].plain)
}

func TestColumnsAreReadOneAfterTheOther(t *testing.T) {
	var glyphs []glyph
	for i := range 8 {
		baseline := 700 - 14*float64(i)
		glyphs = append(glyphs, typeset("right column has text of some length", 250, baseline, 10)...)
		glyphs = append(glyphs, typeset("left column with text of its own", 50, baseline, 10)...)
	}
	lines := pageLines(page{glyphs: glyphs})
	assert.Len(t, lines, 16)
	for i, line := range lines {
		assert.Equal(t, i < 8, line.left == 50, "line %d", i)
	}
}

func TestLinksStandInTheText(t *testing.T) {
	glyphs := typeset("see my work now", 50, 700, 10)
	p := page{glyphs: glyphs, links: []link{
		{left: 69, right: 106, bottom: 698, top: 708, target: "https://nora.example.org/a_(b)"},
		{left: 150, right: 160, bottom: 698, top: 708, target: "mailto:nora.vance@example.com"},
	}}
	lines := pageLines(p)
	assert.Len(t, lines, 1)
	assert.Equal(t, "see [my work](https://nora.example.org/a_%28b%29) now "+
		"[nora.vance@example.com](mailto:nora.vance@example.com)", lines[0].text)
}

func TestHyphensAtLineEnds(t *testing.T) {
	next := func(text string) line { return line{segment: segment{plain: text, text: text}} }
	assert.Equal(t, "documentation", joinLines("documen-", next("tation")))
	assert.Equal(t, "Go- Programme", joinLines("Go-", next("Programme")))
	assert.Equal(t, "2019 - today", joinLines("2019 -", next("today")))
	assert.Equal(t, "软件工程", joinLines("软件", next("工程")))
}
