package documents

// Widths and numbers by which a column is a sidebar.
const (
	maxSidebarRatio = 0.75 // of the width of the main column
	minSidebarLines = 3
)

// sidebar is the part of a page on one side of a gutter.
type sidebar struct {
	x      float64 // of the gutter
	isLeft bool
}

func (s sidebar) holds(l line) bool {
	if s.isLeft {
		return l.right < s.x
	}
	return l.left >= s.x
}

// markAsides notes which lines stand in a sidebar. The pages after one with a sidebar may go on with it.
func markAsides(lines []line, levels []int) []bool {
	aside := make([]bool, len(lines))
	var known sidebar
	found := false
	for start := 0; start < len(lines); {
		end := start
		for end < len(lines) && lines[end].page == lines[start].page {
			end++
		}
		page := lines[start:end]
		if own, ok := findSidebar(page, levels[start:end]); ok {
			known, found = own, true
		} else {
			found = found && isGutter(page, known.x, page[0].top+1)
		}
		for i := start; found && i < end; i++ {
			aside[i] = known.holds(lines[i])
		}
		start = end
	}
	return aside
}

// findSidebar looks for a gutter, beside which sections begin on both sides, with a narrow column on one of them.
func findSidebar(page []line, levels []int) (sidebar, bool) {
	top := 0.0
	for i, l := range page {
		if levels[i] == 2 {
			top = max(top, l.top)
		}
	}
	for i := range page {
		if levels[i] != 2 {
			continue
		}
		// A column begins a little left of its headings where lists or centered titles stand in it.
		x := columnStart(page, page[i])
		if !isGutter(page, x, top) {
			continue
		}
		left, right := extentOf(page, levels, func(l line) bool { return l.right < x }), extentOf(page, levels, func(l line) bool { return l.left >= x })
		switch {
		case left.sections == 0 || right.sections == 0 || left.lines < minSidebarLines || right.lines < minSidebarLines:
		case left.width() < maxSidebarRatio*right.width():
			return sidebar{x: x, isLeft: true}, true
		case right.width() < maxSidebarRatio*left.width():
			return sidebar{x: x}, true
		}
	}
	return sidebar{}, false
}

// columnStart is the left edge of the lines that stand at or just left of a heading.
func columnStart(page []line, heading line) float64 {
	x := heading.left
	for _, l := range page {
		if l.left < x && l.left > heading.left-heading.height && l.right > heading.left {
			x = l.left
		}
	}
	return x - 0.5
}

// isGutter reports whether no line below top stands across x.
func isGutter(page []line, x, top float64) bool {
	for _, l := range page {
		if l.baseline < top && l.left < x && l.right > x {
			return false
		}
	}
	return true
}

// extent is what stands on one side of a gutter.
type extent struct {
	left, right     float64
	lines, sections int
}

func (e extent) width() float64 { return e.right - e.left }

func extentOf(page []line, levels []int, holds func(line) bool) extent {
	var e extent
	for i, l := range page {
		if !holds(l) {
			continue
		}
		if e.lines == 0 {
			e.left, e.right = l.left, l.right
		}
		e.left, e.right = min(e.left, l.left), max(e.right, l.right)
		e.lines++
		if levels[i] == 2 {
			e.sections++
		}
	}
	return e
}
