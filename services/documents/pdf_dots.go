package documents

// dot is a small shape that may be the bullet of a list item: browsers draw bullets instead of writing them.
type dot struct{ left, right, bottom, top float64 }

const (
	maxPageObjects = 3000
	pathObject     = 2 // FPDF_PAGEOBJ_PATH
	minDot, maxDot = 1.0, 6.0
	// maxDotGap is the widest gap, in line heights, between a bullet and its text.
	maxDotGap = 2.2
)

// readDots lists the small shapes of a page that are about as wide as high.
func readDots(g *guest, page uint64) []dot {
	var dots []dot
	count := int(int32(g.call("FPDFPage_CountObjects", page)))
	for i := range min(max(count, 0), maxPageObjects) {
		object := g.call("FPDFPage_GetObject", page, uint64(i))
		if object == 0 || g.call("FPDFPageObj_GetType", object) != pathObject {
			continue
		}
		var bounds [4]float64 // left, bottom, right, top
		if g.call("FPDFPageObj_GetBounds", object, g.scratch, g.scratch+4, g.scratch+8, g.scratch+12) == 0 || !g.floats(bounds[:]) {
			continue
		}
		width, height := bounds[2]-bounds[0], bounds[3]-bounds[1]
		if width >= minDot && width <= maxDot && height >= minDot && height <= maxDot && width < 1.6*height && height < 1.6*width {
			dots = append(dots, dot{left: bounds[0], bottom: bounds[1], right: bounds[2], top: bounds[3]})
		}
	}
	return dots
}

// markItems notes which segments have a bullet drawn before them. A dot before bold text belongs to a timeline.
func markItems(segments []segment, dots []dot) {
	for i := range segments {
		s := &segments[i]
		for _, d := range dots {
			middle := (d.bottom + d.top) / 2
			if gap := s.left - d.right; !s.bold && gap > 0 && gap < maxDotGap*s.height && middle > s.bottom && middle < s.top {
				s.item = true
				break
			}
		}
	}
}
