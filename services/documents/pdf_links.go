package documents

import (
	"encoding/binary"
	"net/url"
)

// link is an area of a page that leads to an address.
type link struct {
	left, right, bottom, top float64
	target                   string
	// hasText says that letters of the page stand in it.
	hasText bool
}

// readLinks reads the link annotations that lead to addresses a reader may follow.
func readLinks(g *guest, document, page uint64) []link {
	var links []link
	position := uint32(0)
	for range maxPageLinks {
		annotation, next, ok := nextLink(g, page, position)
		if !ok {
			break
		}
		position = next
		action := g.call("FPDFLink_GetAction", annotation)
		if action == 0 {
			continue
		}
		size := g.call("FPDFAction_GetURIPath", document, action, g.scratch, scratchSize)
		if size == 0 || size > scratchSize {
			continue
		}
		target, ok := followable(g.text(size))
		if !ok {
			continue
		}
		var rect [4]float64 // left, top, right, bottom
		if g.call("FPDFLink_GetAnnotRect", annotation, g.scratch) == 0 || !g.floats(rect[:]) {
			continue
		}
		links = append(links, link{
			left: min(rect[0], rect[2]), right: max(rect[0], rect[2]),
			bottom: min(rect[1], rect[3]), top: max(rect[1], rect[3]), target: target,
		})
	}
	return links
}

func nextLink(g *guest, page uint64, position uint32) (annotation uint64, next uint32, ok bool) {
	start := make([]byte, 8) // the position, then the annotation's address
	binary.LittleEndian.PutUint32(start, position)
	g.memory.Write(uint32(g.scratch), start)
	if g.call("FPDFLink_Enumerate", page, g.scratch, g.scratch+4) == 0 {
		return 0, 0, false
	}
	view := g.read(g.scratch, 8)
	if len(view) == 0 {
		return 0, 0, false
	}
	return uint64(binary.LittleEndian.Uint32(view[4:])), binary.LittleEndian.Uint32(view), true
}

// followable keeps web, mail and telephone addresses and drops what could do more than lead somewhere.
func followable(target string) (string, bool) {
	parsed, err := url.Parse(target)
	if err != nil {
		return "", false
	}
	switch parsed.Scheme {
	case "http", "https", "mailto", "tel":
		return target, true
	}
	return "", false
}
