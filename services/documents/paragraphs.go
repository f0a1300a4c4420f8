package documents

import (
	"strings"
	"unicode/utf8"
)

// blockWriter collects the blocks of a word processor's document while its reader walks through it.
type blockWriter struct {
	// collected are the blocks of what is open: the document, and within it cells and text boxes.
	collected  [][]block
	rows       []row
	paragraphs []*paragraph
	size       int
}

type row struct{ cells [][]block }

// paragraph is one that is being read.
type paragraph struct {
	block
	written strings.Builder
	links   []openLink
	letters int
	bold    int
	sizes   map[float64]int
	colors  map[uint32]int
}

type openLink struct {
	target string
	start  int
}

// Beyond these lengths a cell is no value in a table but a part of the page's layout.
const maxCellRunes = 120

func newBlockWriter() *blockWriter { return &blockWriter{collected: make([][]block, 1)} }

func (w *blockWriter) openParagraph() *paragraph {
	p := &paragraph{sizes: map[float64]int{}, colors: map[uint32]int{}}
	w.paragraphs = append(w.paragraphs, p)
	return p
}

// current is the innermost open paragraph, nil for none.
func (w *blockWriter) current() *paragraph {
	if len(w.paragraphs) == 0 {
		return nil
	}
	return w.paragraphs[len(w.paragraphs)-1]
}

// write appends text to the current paragraph.
func (w *blockWriter) write(text string, set look) error {
	p := w.current()
	if p == nil {
		return nil
	}
	if w.size += len(text); w.size > maxOutput {
		return errUnpacksTooLarge()
	}
	p.written.WriteString(text)
	letters := countLetters(text)
	p.letters += letters
	p.sizes[set.size] += letters
	p.colors[set.color] += letters
	if set.bold {
		p.bold += letters
	}
	return nil
}

func (w *blockWriter) openLink(target string) {
	if p := w.current(); p != nil {
		p.links = append(p.links, openLink{target, p.written.Len()})
	}
}

func (w *blockWriter) closeLink() {
	p := w.current()
	if p == nil || len(p.links) == 0 {
		return
	}
	link := p.links[len(p.links)-1]
	p.links = p.links[:len(p.links)-1]
	target, ok := followable(link.target)
	written := p.written.String()
	text := written[min(link.start, len(written)):]
	if !ok || strings.TrimSpace(text) == "" || strings.ContainsAny(text, "\n[") {
		return
	}
	p.written.Reset()
	p.written.WriteString(written[:link.start] + markdownLink(text, target))
}

// closeParagraph ends the innermost paragraph and keeps it as blocks, one for each of its lines.
func (w *blockWriter) closeParagraph() {
	p := w.current()
	if p == nil {
		return
	}
	for len(p.links) > 0 {
		w.closeLink()
	}
	w.paragraphs = w.paragraphs[:len(w.paragraphs)-1]
	p.look = look{size: mostCommon(p.sizes), color: mostCommon(p.colors), bold: p.letters > 0 && p.bold*10 >= p.letters*9}
	text := p.written.String()
	if p.item || p.level > 0 || p.title {
		text = strings.ReplaceAll(text, "\n", " ")
	}
	for line := range strings.SplitSeq(text, "\n") {
		b := p.block
		if b.text = tidyCells(line); b.text != "" && !isPageNumber(b.text) {
			b.takeBullet()
			w.keep(b)
		}
	}
}

func (w *blockWriter) keep(blocks ...block) {
	top := len(w.collected) - 1
	w.collected[top] = append(w.collected[top], blocks...)
}

// keepAside keeps blocks that stand beside the main text.
func (w *blockWriter) keepAside(blocks []block) {
	for i := range blocks {
		blocks[i].aside = true
	}
	w.keep(blocks...)
}

// tidyCells writes tabs between texts as the mark between cells, and other white space as one space.
func tidyCells(line string) string {
	var cells []string
	for cell := range strings.SplitSeq(line, "\t") {
		if cell = tidyLine(strings.ReplaceAll(cell, "\u00A0", " ")); cell != "" {
			cells = append(cells, cell)
		}
	}
	return strings.Join(cells, " | ")
}

// takeBullet turns a bullet that was typed into a list item.
func (b *block) takeBullet() {
	match := typedBullet.FindString(b.text)
	if b.level > 0 || b.title || match == "" {
		return
	}
	b.item = true
	b.text = strings.TrimSpace(strings.TrimPrefix(b.text[len(match):], "| "))
}

// openBox begins a part that is kept together: a text box or a cell.
func (w *blockWriter) openBox() { w.collected = append(w.collected, nil) }

// closeBox ends such a part and returns its blocks.
func (w *blockWriter) closeBox() []block {
	top := len(w.collected) - 1
	if top == 0 {
		return nil
	}
	blocks := w.collected[top]
	w.collected = w.collected[:top]
	return blocks
}

func (w *blockWriter) openRow() { w.rows = append(w.rows, row{}) }

func (w *blockWriter) closeCell() {
	blocks := w.closeBox()
	if len(w.rows) == 0 {
		w.keep(blocks...)
		return
	}
	last := &w.rows[len(w.rows)-1]
	last.cells = append(last.cells, blocks)
}

// closeRow ends a row: short cells become one line, others are parts of a layout and follow one another.
func (w *blockWriter) closeRow() {
	if len(w.rows) == 0 {
		return
	}
	closed := w.rows[len(w.rows)-1]
	w.rows = w.rows[:len(w.rows)-1]
	var cells []block
	isLine := true
	for _, cell := range closed.cells {
		cells = append(cells, cell...)
		isLine = isLine && len(cell) <= 1
	}
	for _, b := range cells {
		isLine = isLine && b.level == 0 && !b.title && !b.item && utf8.RuneCountInString(b.text) <= maxCellRunes
	}
	if !isLine || len(cells) < 2 {
		closed.markNarrow()
		for _, cell := range closed.cells {
			w.keep(cell...)
		}
		return
	}
	line := cells[0]
	for _, b := range cells[1:] {
		line.text += " | " + b.text
		line.bold = line.bold && b.bold
	}
	w.keep(line)
}

// markNarrow marks the narrower of two cells of a layout as standing aside. Where no widths are stated, the shorter
// text stands in the narrower cell.
func (r row) markNarrow() {
	if len(r.cells) != 2 {
		return
	}
	var length [2]int
	for i, cell := range r.cells {
		for _, b := range cell {
			length[i] += len(b.text)
		}
	}
	narrow := 0
	if length[1] < length[0] {
		narrow = 1
	}
	if len(r.cells[narrow]) < minSidebarLines+2 {
		return // a heading or a date beside its text
	}
	for i := range r.cells[narrow] {
		r.cells[narrow][i].aside = true
	}
}

// blocks returns all that was read, open parts included: a damaged document may end anywhere.
func (w *blockWriter) blocks() []block {
	for len(w.paragraphs) > 0 {
		w.closeParagraph()
	}
	for len(w.rows) > 0 {
		w.closeRow()
	}
	for len(w.collected) > 1 {
		w.keep(w.closeBox()...)
	}
	return w.collected[0]
}
