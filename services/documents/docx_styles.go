package documents

import (
	"cmp"
	"context"
	"encoding/xml"
	"strconv"
	"strings"
)

// docxStyles are a document's named styles by their id.
type docxStyles struct {
	named    map[string]docxStyle
	fallback look
}

// docxStyle is a style as stated; what it leaves out comes from the style it is based on.
type docxStyle struct {
	name, basedOn string
	outline       string
	numbering     string
	bold          string // "" not stated, else the value of the switch
	size          float64
	color         uint32
}

// maxStyleChain ends chains of styles that are based on one another.
const maxStyleChain = 12

func readDOCXStyles(ctx context.Context, archive *archive, part string) (docxStyles, error) {
	reader := styleReader{styles: docxStyles{named: map[string]docxStyle{}}}
	raw, err := archive.part(part)
	if err != nil || raw == nil {
		return reader.styles, err
	}
	return reader.styles, walkXML(ctx, raw, &reader)
}

// styleReader reads the part with the styles.
type styleReader struct {
	styles  docxStyles
	id      string
	current docxStyle
}

func (r *styleReader) start(element xml.StartElement) error {
	value := attribute(element, "val")
	switch element.Name.Local {
	case "style":
		r.id, r.current = attribute(element, "styleId"), docxStyle{}
	case "name":
		r.current.name = strings.ToLower(value)
	case "basedOn":
		r.current.basedOn = value
	case "outlineLvl":
		r.current.outline = value
	case "numId":
		r.current.numbering = value
	case "b":
		r.current.bold = switchValue(value)
	case "sz":
		r.current.size = halfPoints(value)
	case "color":
		r.current.color = hexColor(value)
	}
	return nil
}

func (r *styleReader) text(string) error { return nil }

func (r *styleReader) end(name xml.Name) {
	switch name.Local {
	case "style":
		r.styles.named[r.id] = r.current
		r.current = docxStyle{}
	case "rPrDefault":
		r.styles.fallback.size = r.current.size
		r.current = docxStyle{}
	}
}

// resolve returns a style with all that it inherits.
func (s docxStyles) resolve(id string) docxStyle {
	style, ok := s.named[id]
	if !ok {
		return docxStyle{}
	}
	base := style
	for range maxStyleChain {
		if base, ok = s.named[base.basedOn]; !ok {
			break
		}
		style.outline = cmp.Or(style.outline, base.outline)
		style.numbering = cmp.Or(style.numbering, base.numbering)
		style.bold = cmp.Or(style.bold, base.bold)
		style.size = cmp.Or(style.size, base.size)
		style.color = cmp.Or(style.color, base.color)
		if !isHeadingName(style.name) && isHeadingName(base.name) {
			style.name = base.name
		}
	}
	return style
}

func isHeadingName(name string) bool { return name == "title" || strings.HasPrefix(name, "heading ") }

// level returns the heading level of a paragraph of this style, 0 for none.
func (s docxStyle) level() int {
	if level := outlineLevel(s.outline); level > 0 {
		return level
	}
	if number, ok := strings.CutPrefix(s.name, "heading "); ok {
		if level, err := strconv.Atoi(number); err == nil && level > 0 && level < 10 {
			return level
		}
	}
	return 0
}

// outlineLevel turns a stated outline level, from 0 with 9 for body text, into a heading level.
func outlineLevel(value string) int {
	level, err := strconv.Atoi(value)
	if err != nil || level < 0 || level > 8 {
		return 0
	}
	return level + 1
}

// switchValue writes the value of an on-off property as "on" or "off"; without a value it is on.
func switchValue(value string) string {
	switch value {
	case "0", "false", "off", "none":
		return "off"
	default:
		return "on"
	}
}

func halfPoints(value string) float64 {
	size, err := strconv.ParseFloat(value, 64)
	if err != nil || size <= 0 || size > 1000 {
		return 0
	}
	return size / 2
}

func hexColor(value string) uint32 {
	color, err := strconv.ParseUint(strings.TrimPrefix(value, "#"), 16, 32)
	if err != nil {
		return 0
	}
	return uint32(color)
}
