package documents

import (
	"math"
	"slices"
	"sort"
	"unicode/utf8"
)

// countJumps counts the steps of an order that a reader would not take: up the page, back on a line, or down past
// lines of the same column that were not read yet. A step to the top of the next column counts as a third.
func countJumps(segments []segment) float64 {
	var jumps float64
	for i := 1; i < len(segments); i++ {
		a, b := segments[i-1], segments[i]
		switch {
		case math.Abs(a.baseline-b.baseline) < 0.5*max(a.height, b.height):
			if b.left < a.left-a.height {
				jumps++
			}
		case b.baseline > a.baseline && b.left > a.right:
			jumps += 0.3
		case b.baseline > a.baseline, skipsLines(a, b, segments[i+1:]):
			jumps++
		}
	}
	return jumps
}

// skipsLines reports whether one of the later segments stands between a and b in their column.
func skipsLines(a, b segment, later []segment) bool {
	left, right := max(a.left, b.left), min(a.right, b.right)
	if right < left {
		left, right = b.left, b.right
	}
	for _, c := range later {
		if c.baseline < a.baseline-0.5*a.height && c.baseline > b.baseline+0.5*b.height && c.left < right && c.right > left {
			return true
		}
	}
	return false
}

const (
	maxCutDepth    = 6
	minCutSegments = 6
	minColumnLines = 3
	// minGutter is the width of a gutter in line heights; what reaches into it stands across the columns.
	minGutter = 0.45
	// shortCell is the number of letters below which a cell, such as a date, is no column of its own.
	shortCell = 28
)

// cutColumns orders segments by recursive cuts: at the best gutter the segments beside it are read column by column.
func cutColumns(segments []segment, rightToLeft bool) []segment {
	return cut(segments, 0, rightToLeft)
}

func cut(segments []segment, depth int, rightToLeft bool) []segment {
	rows := sortRows(segments, rightToLeft)
	if len(rows) < minCutSegments || depth > maxCutDepth {
		return rows
	}
	best := bestGutter(rows)
	if best.score == 0 {
		return rows
	}
	var first, second []segment
	for _, s := range rows[best.start:best.end] {
		if s.right <= best.x {
			first = append(first, s)
		} else {
			second = append(second, s)
		}
	}
	if rightToLeft {
		first, second = second, first
	}
	ordered := cut(rows[:best.start], depth+1, rightToLeft)
	ordered = append(ordered, cut(first, depth+1, rightToLeft)...)
	ordered = append(ordered, cut(second, depth+1, rightToLeft)...)
	return append(ordered, cut(rows[best.end:], depth+1, rightToLeft)...)
}

func sortRows(segments []segment, rightToLeft bool) []segment {
	rows := append([]segment(nil), segments...)
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].baseline > rows[j].baseline })
	// Rows are found one after the other: "on the same line" is no order that a sort could rely on.
	for start := 0; start < len(rows); {
		end := start + 1
		for end < len(rows) && rows[start].baseline-rows[end].baseline <= 0.4*max(rows[start].height, rows[end].height) {
			end++
		}
		row := rows[start:end]
		sort.SliceStable(row, func(i, j int) bool { return row[i].left < row[j].left != rightToLeft })
		start = end
	}
	return rows
}

// gutter is a vertical line at x that no segment in rows[start:end] crosses.
type gutter struct {
	x          float64
	start, end int
	score      float64
}

func bestGutter(rows []segment) gutter {
	var best gutter
	width := minGutter * medianHeight(rows)
	tried := map[int]bool{}
	for _, candidate := range rows {
		x := candidate.left - 0.5
		if tried[int(x)] {
			continue
		}
		tried[int(x)] = true
		start := 0
		for i := 0; i <= len(rows); i++ {
			if i < len(rows) && !(rows[i].left < x && rows[i].right > x-width) {
				continue
			}
			if score := scoreGutter(rows[start:i], x); score > best.score {
				best = gutter{x: x, start: start, end: i, score: score}
			}
			start = i + 1
		}
	}
	return best
}

func medianHeight(segments []segment) float64 {
	heights := make([]float64, len(segments))
	for i, s := range segments {
		heights[i] = s.height
	}
	slices.Sort(heights)
	return heights[len(heights)/2]
}

// scoreGutter is higher the more lines stand on both sides and the wider the gap is, 0 for no gutter.
func scoreGutter(zone []segment, x float64) float64 {
	var left, right []segment
	edge, height := math.Inf(-1), 0.0
	for _, s := range zone {
		height += s.height
		if s.right <= x {
			left = append(left, s)
			edge = max(edge, s.right)
		} else {
			right = append(right, s)
		}
	}
	if len(left) < minColumnLines || len(right) < minColumnLines {
		return 0
	}
	height /= float64(len(zone))
	if height <= 0 || isTable(left, right) {
		return 0
	}
	return 2*float64(min(len(left), len(right))) + float64(len(zone)) + (x-edge)/height
}

// isTable reports whether the shorter side holds cells that belong to the lines of the other side, as dates beside
// titles do, rather than a column of its own.
func isTable(left, right []segment) bool {
	fewer, more := left, right
	if len(right) < len(left) {
		fewer, more = right, left
	}
	var aligned, short, adjacent float64
	for _, s := range fewer {
		if utf8.RuneCountInString(s.plain) < shortCell {
			short++
		}
		for _, other := range more {
			if math.Abs(other.baseline-s.baseline) < 0.12*s.height {
				aligned++
				if step := other.index - s.index; step == 1 || step == -1 {
					adjacent++
				}
				break
			}
		}
	}
	count := float64(len(fewer))
	return aligned > 0.8*count && short > 0.8*count && (adjacent*2 > aligned || len(fewer)*2 < len(more))
}
