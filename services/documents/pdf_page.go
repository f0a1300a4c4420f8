package documents

import (
	"cmp"
	"encoding/binary"
	"errors"
	"math"
	"unicode"
	"unicode/utf16"
)

// glyph is a visible character of a page; lengths are points, y grows upwards.
type glyph struct {
	char                     rune
	left, right, bottom, top float64
	baseline                 float64
	font
	// startsWord says that white space stands before it; invented that PDFium guessed that space from a gap.
	startsWord, invented bool
	// link is the link in which it stands, nil for none.
	link *link
}

func (g glyph) height() float64 { return g.top - g.bottom }

// page is what is read of a page, glyphs in the order of the content.
type page struct {
	glyphs  []glyph
	links   []link
	bullets []dot
}

// pageReader reads the glyphs of a page.
type pageReader struct {
	guest *guest
	text  uint64 // PDFium's FPDF_TEXTPAGE
	// units are the page's characters where each is one UTF-16 unit, else nil: then each is asked for.
	units []uint16
	fonts map[uint64]font // by text object
}

var errBrokenPage = errors.New("a page can't be read")

func readPage(g *guest, document uint64, index int) (page, error) {
	handle := g.call("FPDF_LoadPage", document, uint64(index))
	text := uint64(0)
	if handle != 0 {
		text = g.call("FPDFText_LoadPage", handle)
	}
	if text == 0 {
		return page{}, cmp.Or(g.err, errBrokenPage)
	}
	count := int(int32(g.call("FPDFText_CountChars", text)))
	if count > maxPageChars {
		return page{}, errUnpacksTooLarge()
	}
	reader := pageReader{guest: g, text: text, fonts: map[uint64]font{}}
	reader.readUnits(count)
	glyphs := reader.glyphs(count)
	read := page{glyphs: glyphs, links: readLinks(g, document, handle), bullets: readDots(g, handle)}
	g.call("FPDFText_ClosePage", text)
	g.call("FPDF_ClosePage", handle)
	return read, g.err
}

// readUnits fetches all characters with one call. PDFium leaves some out of that text; then the positions do not
// fit and the characters are asked for one by one.
func (p *pageReader) readUnits(count int) {
	if count <= 0 {
		return
	}
	size := 2 * (count + 1)
	buffer := p.guest.call("malloc", uint64(size))
	if buffer == 0 {
		return
	}
	written := int(int32(p.guest.call("FPDFText_GetText", p.text, 0, uint64(count), buffer)))
	if written == count+1 {
		view := p.guest.read(buffer, size-2)
		units := make([]uint16, 0, count)
		for i := 0; i+1 < len(view); i += 2 {
			units = append(units, binary.LittleEndian.Uint16(view[i:]))
		}
		if !containsSurrogate(units) {
			p.units = units
		}
	}
	p.guest.call("free", buffer)
}

func containsSurrogate(units []uint16) bool {
	for _, unit := range units {
		if utf16.IsSurrogate(rune(unit)) {
			return true
		}
	}
	return false
}

func (p *pageReader) char(index int) rune {
	// In the text fetched at once PDFium hides which hyphens end a line.
	if index < len(p.units) && p.units[index] != notUnicode {
		return rune(p.units[index])
	}
	return rune(uint32(p.guest.call("FPDFText_GetUnicode", p.text, uint64(index))))
}

// Marks that PDFium puts into its text: a hyphen at the end of a line, and characters that stand for nothing.
const (
	lineEndHyphen = 0x02
	softHyphen    = 0xAD // visible wherever it stands in a page, whatever its name says
	notUnicode    = 0xFFFE
	noCharacter   = 0xFFFF
)

func (p *pageReader) glyphs(count int) []glyph {
	glyphs := make([]glyph, 0, max(count, 0))
	var current glyph
	space, invented := true, false
	for i := 0; i < count && p.guest.err == nil; i++ {
		char := p.char(i)
		if char == 0 || char == notUnicode || char == noCharacter {
			continue
		}
		letters := ligature(char)
		if letters == "" && (unicode.IsSpace(char) || unicode.IsControl(char)) && char != lineEndHyphen {
			if !space && char == ' ' && len(glyphs) > 0 && believedGap(glyphs[len(glyphs)-1].char, 'x') > latinGap {
				invented = p.guest.call("FPDFText_IsGenerated", p.text, uint64(i)) != 0
			}
			space = true
			continue
		}
		box, ok := p.box(i)
		if !ok {
			continue
		}
		if space || math.Abs(box.bottom-current.bottom) > 0.01 {
			box.baseline = p.baseline(i)
		} else {
			box.baseline = current.baseline
		}
		box.font = current.font
		if space {
			box.font = p.font(i)
		}
		box.startsWord, box.invented = space, invented
		current = box
		glyphs = appendLetters(glyphs, box, char, letters)
		space, invented = false, false
	}
	return glyphs
}

func appendLetters(glyphs []glyph, box glyph, char rune, letters string) []glyph {
	switch {
	case letters == "" && (char == lineEndHyphen || char == softHyphen):
		letters = "-"
	case letters == "":
		box.char = char
		return append(glyphs, box)
	}
	for i, letter := range letters {
		box.char = letter
		box.startsWord = box.startsWord && i == 0
		glyphs = append(glyphs, box)
	}
	return glyphs
}

// ligature spells out the control codes as which the ligatures of TeX fonts without a Unicode table arrive.
func ligature(char rune) string {
	switch char {
	case 0x1B, 0x0B:
		return "ff"
	case 0x1C, 0x0C:
		return "fi"
	case 0x1D:
		return "fl"
	case 0x1E, 0x0E:
		return "ffi"
	case 0x1F, 0x0F:
		return "ffl"
	}
	return ""
}

// box returns a glyph with the box in which the character's font would place any of its characters.
func (p *pageReader) box(index int) (glyph, bool) {
	var rect [4]float64 // left, top, right, bottom
	if p.guest.call("FPDFText_GetLooseCharBox", p.text, uint64(index), p.guest.scratch) == 0 || !p.guest.floats(rect[:]) {
		return glyph{}, false
	}
	for _, side := range rect {
		if math.IsNaN(side) || math.Abs(side) > 1e6 {
			return glyph{}, false
		}
	}
	return glyph{left: rect[0], top: rect[1], right: rect[2], bottom: rect[3]}, true
}

func (p *pageReader) baseline(index int) float64 {
	p.guest.call("FPDFText_GetCharOrigin", p.text, uint64(index), p.guest.scratch, p.guest.scratch+8)
	return p.guest.double(8)
}
