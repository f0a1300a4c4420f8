package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"resume-matcher/services/schema"
)

// Lengths of the picture, in pixels.
const (
	boxWidth   = 200
	headHeight = 32
	rowHeight  = 22
	footHeight = 8
	layerGap   = 48
	boxGap     = 24
	margin     = 12
	// nameRunes is how much of a name fits beside its sign, rowRunes what fits into a row.
	nameRunes = 23
	rowRunes  = 24
)

// mark says what became of an object, and is its class in the style sheet.
type mark string

const (
	added   mark = "added"
	removed mark = "removed"
	changed mark = "changed"
)

// sign tells the marks apart without colour.
func (m mark) sign() string {
	switch m {
	case added:
		return "+"
	case removed:
		return "−"
	case changed:
		return "~"
	}
	return ""
}

// markOf reads a finding's change, such as "column added".
func markOf(f schema.Finding) mark {
	switch {
	case strings.HasSuffix(f.Change, " added"):
		return added
	case strings.HasSuffix(f.Change, " removed"):
		return removed
	}
	return changed
}

// picture is the entity-relationship diagram, laid out.
type picture struct {
	Width, Height int
	Boxes         []*box
	Lines         []line
}

// box is a table of the picture. X, Y, Width and Height are in pixels from the top left.
type box struct {
	Name, Label         string
	X, Y, Width, Height int
	Mark                mark
	Sign, Anchor        string
	Rows                []row
	layer               int
}

// row is a line of a box: a column, an index or constraint that drifted, or how many columns are left out.
type row struct {
	Name, Label, Kind, Type string
	Top                     int // from the top of the picture
	Mark                    mark
	Sign                    string
}

// Class is the first word of Kind.
func (r row) Class() string {
	class, _, _ := strings.Cut(r.Kind, " ")
	return class
}

// Short is the type where there is room for it beside the name.
func (r row) Short() string {
	if len([]rune(r.Label))+len([]rune(r.Type))+2*len([]rune(r.Sign)) > rowRunes {
		return ""
	}
	return r.Type
}

// line is a foreign key, from the table that has it to the one it points to.
type line struct {
	Path     string
	From, To string
	Drifted  bool
}

// draw lays the tables out in layers, those that others refer to on the left. Tables with findings show every
// column, the others only their keys.
func draw(tables []Table, groups []anchored) *picture {
	boxes := map[string]*box{}
	p := &picture{}
	marks := marksOf(groups)
	for _, t := range withMissing(tables, marks) {
		b := newBox(t, marks[t.Name])
		boxes[t.Name] = b
		p.Boxes = append(p.Boxes, b)
	}
	placeLayers(tables, boxes)
	p.arrange()
	for _, t := range tables {
		for _, to := range t.References {
			if boxes[to] != nil && to != t.Name {
				p.Lines = append(p.Lines, connect(boxes[t.Name], boxes[to]))
			}
		}
	}
	return p
}

// tableMarks is what became of a table and its parts.
type tableMarks struct {
	anchor string
	whole  mark
	parts  []partMark
}

type partMark struct {
	name, kind string
	mark       mark
}

// marksOf collects the findings about tables, by table.
func marksOf(groups []anchored) map[string]*tableMarks {
	out := map[string]*tableMarks{}
	for _, g := range groups {
		if g.Kind != schema.KindModelsVsMigrations && g.Kind != schema.KindLiveVsMigrations {
			continue
		}
		for _, f := range g.Findings {
			table, part, _ := strings.Cut(f.Object, ".")
			if out[table] == nil {
				out[table] = &tableMarks{anchor: g.Anchor}
			}
			m := out[table]
			kind, _, _ := strings.Cut(f.Change, " ")
			switch {
			case part == "" && kind == "table":
				m.whole = markOf(f)
			case part != "" && !slices.ContainsFunc(m.parts, func(p partMark) bool { return p.name == part }):
				m.parts = append(m.parts, partMark{part, kind, markOf(f)})
			}
		}
	}
	return out
}

// withMissing adds the tables that only findings speak of; views, functions and the like are not drawn.
func withMissing(tables []Table, marks map[string]*tableMarks) []Table {
	out := slices.Clone(tables)
	for name, m := range marks {
		known := slices.ContainsFunc(tables, func(t Table) bool { return t.Name == name })
		if !known && (m.whole == added || m.whole == removed) {
			out = append(out, Table{Name: name})
		}
	}
	slices.SortStableFunc(out, func(a, b Table) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func newBox(t Table, m *tableMarks) *box {
	b := &box{Name: t.Name, Label: short(t.Name), Width: boxWidth}
	hidden := 0
	for _, c := range t.Columns {
		r := row{Name: c.Name, Label: short(c.Name), Kind: "column", Type: c.Type}
		switch {
		case c.Primary:
			r.Kind = "primary key"
		case c.Key:
			r.Kind = "foreign key"
		case m == nil:
			hidden++
			continue
		}
		b.Rows = append(b.Rows, r)
	}
	if hidden > 0 {
		b.Rows = append(b.Rows, row{Label: count(hidden, "more column"), Kind: "rest"})
	}
	if m != nil {
		b.mark(m)
	}
	b.Height = headHeight + len(b.Rows)*rowHeight + footHeight
	return b
}

// mark colours the drifted rows and adds those that the models do not have.
func (b *box) mark(m *tableMarks) {
	b.Anchor, b.Mark = m.anchor, changed
	if m.whole != "" {
		b.Mark = m.whole
	}
	b.Sign = b.Mark.sign()
	for _, part := range m.parts {
		i := slices.IndexFunc(b.Rows, func(r row) bool { return r.Name == part.name })
		if i < 0 {
			i = len(b.Rows)
			b.Rows = append(b.Rows, row{Name: part.name, Label: short(part.name), Kind: part.kind, Type: part.kind})
		}
		b.Rows[i].Mark, b.Rows[i].Sign = part.mark, part.mark.sign()
	}
}

func short(name string) string {
	if r := []rune(name); len(r) > nameRunes {
		return string(r[:nameRunes-1]) + "…"
	}
	return name
}

// placeLayers gives each table a layer to the right of all it refers to.
func placeLayers(tables []Table, boxes map[string]*box) {
	// Without circles one round a layer is enough; with them the number of rounds bounds the work.
	for range tables {
		moved := false
		for _, t := range tables {
			for _, to := range t.References {
				if b := boxes[to]; b != nil && to != t.Name && boxes[t.Name].layer <= b.layer && b.layer+1 < len(tables) {
					boxes[t.Name].layer, moved = b.layer+1, true
				}
			}
		}
		if !moved {
			return
		}
	}
}

// arrange turns layers into places. A layer that is much taller than the others is broken into several columns.
func (p *picture) arrange() {
	layers := map[int][]*box{}
	for _, b := range p.Boxes {
		layers[b.layer] = append(layers[b.layer], b)
	}
	order := make([]int, 0, len(layers))
	for layer := range layers {
		order = append(order, layer)
	}
	slices.Sort(order)
	limit := p.tallestAllowed()
	x := margin
	for _, layer := range order {
		y := margin
		for _, b := range layers[layer] {
			if y > margin && y+b.Height > limit {
				x, y = x+boxWidth+layerGap, margin
			}
			b.place(x, y)
			y += b.Height + boxGap
			p.Width, p.Height = max(p.Width, x+boxWidth+margin), max(p.Height, y-boxGap+margin)
		}
		x += boxWidth + layerGap
	}
}

// tallestAllowed is half the height of all boxes on top of one another, so that a layer of many tables becomes
// several columns and the picture stays wider than tall.
func (p *picture) tallestAllowed() int {
	sum, tallest, columns := 0, 0, 2
	for _, b := range p.Boxes {
		sum += b.Height + boxGap
		tallest = max(tallest, b.Height)
	}
	// Of many tables, as many columns as make it about as wide as tall.
	for columns*columns*(boxWidth+layerGap) < sum {
		columns++
	}
	return margin + max(tallest, sum/columns)
}

func (b *box) place(x, y int) {
	b.X, b.Y = x, y
	for i := range b.Rows {
		b.Rows[i].Top = y + headHeight + i*rowHeight
	}
}

// connect draws a curve between the sides that face one another.
func connect(from, to *box) line {
	l := line{From: from.Name, To: to.Name, Drifted: from.Mark != ""}
	y1, y2 := from.Y+headHeight/2, to.Y+headHeight/2
	if from.X == to.X {
		x := from.X
		l.Path = fmt.Sprintf("M%d %d C%d %d %d %d %d %d", x, y1, x-layerGap/2, y1, x-layerGap/2, y2, x, y2)
		return l
	}
	x1, x2 := from.X, to.X+to.Width
	bend := max(layerGap/2, (x1-x2)/2)
	l.Path = fmt.Sprintf("M%d %d C%d %d %d %d %d %d", x1, y1, x1-bend, y1, x2+bend, y2, x2, y2)
	return l
}
