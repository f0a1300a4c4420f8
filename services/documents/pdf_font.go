package documents

import (
	"encoding/binary"
	"math"
	"strings"
)

// font is how a piece of text is set.
type font struct {
	size  float64
	bold  bool
	color uint32 // red, green, blue and opacity in a byte each
	// mark numbers the marked content in which it stands, which in tagged PDFs is a paragraph or a part of one;
	// -1 for none.
	mark int32
}

func (p *pageReader) font(index int) font {
	object := p.guest.call("FPDFText_GetTextObject", p.text, uint64(index))
	if known, ok := p.fonts[object]; ok && object != 0 {
		return known
	}
	color, painted := p.color(object)
	set := font{size: p.size(index), color: color, mark: -1}
	if object != 0 {
		set.mark = int32(uint32(p.guest.call("FPDFPageObj_GetMarkedContentID", object)))
	}
	name, flags := p.fontName(index)
	// For a font without a bold face browsers paint the outline too, or outlines alone under clear text.
	set.bold = isBoldFont(name, flags) || painted && color&0xFF == 0 ||
		p.guest.call("FPDFTextObj_GetTextRenderMode", object) == fillAndStroke
	p.fonts[object] = set
	return set
}

const fillAndStroke = 2 // a text render mode

// size is the size at which a character appears: that of its font, scaled by its matrix.
func (p *pageReader) size(index int) float64 {
	size := math.Float64frombits(p.guest.call("FPDFText_GetFontSize", p.text, uint64(index)))
	var matrix [6]float64
	if p.guest.call("FPDFText_GetMatrix", p.text, uint64(index), p.guest.scratch) != 0 && p.guest.floats(matrix[:]) {
		if scale := math.Hypot(matrix[2], matrix[3]); scale > 0 {
			size *= scale
		}
	}
	if math.IsNaN(size) || size < 0 || size > 1000 {
		return 0
	}
	return size
}

func (p *pageReader) color(object uint64) (color uint32, ok bool) {
	scratch := p.guest.scratch
	if object == 0 || p.guest.call("FPDFPageObj_GetFillColor", object, scratch, scratch+4, scratch+8, scratch+12) == 0 {
		return 0, false
	}
	view := p.guest.read(scratch, 16)
	if len(view) == 0 {
		return 0, false
	}
	return uint32(view[0])<<24 | uint32(view[4])<<16 | uint32(view[8])<<8 | uint32(view[12]), true
}

func (p *pageReader) fontName(index int) (name string, flags uint32) {
	const flagsSize = 8
	length := p.guest.call("FPDFText_GetFontInfo", p.text, uint64(index), p.guest.scratch+flagsSize, scratchSize-flagsSize, p.guest.scratch)
	view := p.guest.read(p.guest.scratch, flagsSize)
	if len(view) == 0 || length == 0 || length > scratchSize-flagsSize {
		return "", 0
	}
	flags = binary.LittleEndian.Uint32(view)
	return string(p.guest.read(p.guest.scratch+flagsSize, int(length)-1)), flags
}

// isBoldFont goes by the font's name and PDF's ForceBold flag: the weights that PDFs state are often wrong.
func isBoldFont(name string, flags uint32) bool {
	const forceBold = 1 << 18
	name = strings.ToLower(name)
	for _, mark := range []string{"bold", "black", "heavy", "demi", "-bd", "cmbx", "sfbx"} {
		if strings.Contains(name, mark) {
			return true
		}
	}
	return flags&forceBold != 0
}
