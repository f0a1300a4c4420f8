package documents

import (
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"strconv"
	"strings"
)

// odtMarkdown reads an OpenDocument text: page headers first, because contact data often stands there, then the body.
func odtMarkdown(ctx context.Context, data []byte) (string, error) {
	archive, err := openArchive(data)
	if err != nil {
		return "", err
	}
	manifest, err := archive.part("META-INF/manifest.xml")
	if err != nil {
		return "", err
	}
	if strings.Contains(string(manifest), "encryption-data") {
		return "", errEncrypted(nil)
	}
	reader := odtReader{styles: map[string]odtStyle{}}
	for _, part := range []string{"styles.xml", "content.xml"} {
		raw, err := archive.part(part)
		if err != nil {
			return "", err
		}
		if raw == nil && part == "content.xml" {
			return "", errUnreadable(errors.New("no content"))
		}
		reader.blockWriter = newBlockWriter()
		if err := walkXML(ctx, raw, &reader); err != nil {
			return "", err
		}
		reader.read = append(reader.read, reader.blocks()...)
	}
	return blocksMarkdown(reader.read), nil
}

// odtStyle is a style of paragraphs or spans.
type odtStyle struct {
	parent  string
	outline int
	look
	notBold bool
}

// odtReader turns the elements of content and styles into blocks.
type odtReader struct {
	*blockWriter
	read    []block
	styles  map[string]odtStyle
	style   string // the id of the style being defined
	looks   []look // of the open paragraph and spans
	lists   int
	skipped int
}

func (r *odtReader) start(element xml.StartElement) error {
	if r.skipped > 0 {
		r.skipped++
		return nil
	}
	switch element.Name.Local {
	case "tracked-changes", "annotation", "scripts", "font-face-decls", "footer", "footer-left", "footer-first", "list-style", "notes-configuration":
		r.skipped = 1
	case "style":
		r.style = styleID(attribute(element, "family"), attribute(element, "name"))
		outline, _ := strconv.Atoi(attribute(element, "default-outline-level"))
		r.styles[r.style] = odtStyle{
			parent:  styleID(attribute(element, "family"), attribute(element, "parent-style-name")),
			outline: outline,
		}
	case "text-properties":
		r.textProperties(element)
	case "list":
		r.lists++
	case "text-box", "table-cell":
		r.openBox()
	case "table-row":
		r.openRow()
	case "p", "h":
		r.startParagraph(element)
	default:
		return r.startInline(element)
	}
	return nil
}

func styleID(family, name string) string { return family + "/" + name }

func (r *odtReader) textProperties(element xml.StartElement) {
	style, ok := r.styles[r.style]
	if !ok {
		return
	}
	if size, ok := strings.CutSuffix(attribute(element, "font-size"), "pt"); ok {
		style.size, _ = strconv.ParseFloat(size, 64)
	}
	switch attribute(element, "font-weight") {
	case "":
	case "bold", "600", "700", "800", "900":
		style.bold = true
	default:
		style.notBold = true
	}
	style.color = hexColor(attribute(element, "color"))
	r.styles[r.style] = style
}

func (r *odtReader) startParagraph(element xml.StartElement) {
	p := r.openParagraph()
	id := styleID("paragraph", attribute(element, "style-name"))
	r.looks = append(r.looks, r.lookOf(id, look{}))
	p.title = r.isTitle(id)
	p.item = r.lists > 0
	level, err := strconv.Atoi(attribute(element, "outline-level"))
	if element.Name.Local == "h" && (err != nil || level < 1) {
		level = 1
	}
	p.level = max(level, 0)
}

// lookOf returns the look of a style over the look of what it stands in.
func (r *odtReader) lookOf(id string, base look) look {
	var chain []odtStyle
	for range maxStyleChain {
		style, ok := r.styles[id]
		if !ok {
			break
		}
		chain = append(chain, style)
		id = style.parent
	}
	for i := len(chain) - 1; i >= 0; i-- {
		base.size = cmp.Or(chain[i].size, base.size)
		base.color = cmp.Or(chain[i].color, base.color)
		base.bold = (base.bold || chain[i].bold) && !chain[i].notBold
	}
	return base
}

func (r *odtReader) isTitle(id string) bool {
	for range maxStyleChain {
		if id == "paragraph/Title" {
			return true
		}
		style, ok := r.styles[id]
		if !ok {
			return false
		}
		id = style.parent
	}
	return false
}

func (r *odtReader) currentLook() look {
	if len(r.looks) == 0 {
		return look{}
	}
	return r.looks[len(r.looks)-1]
}

func (r *odtReader) startInline(element xml.StartElement) error {
	switch element.Name.Local {
	case "span":
		r.looks = append(r.looks, r.lookOf(styleID("text", attribute(element, "style-name")), r.currentLook()))
	case "tab":
		return r.write("\t", look{})
	case "s":
		return r.write(" ", look{})
	case "line-break":
		return r.write("\n", look{})
	case "a":
		r.openLink(attribute(element, "href"))
	}
	return nil
}

func (r *odtReader) text(text string) error {
	if r.skipped > 0 {
		return nil
	}
	return r.write(strings.ReplaceAll(text, "\n", " "), r.currentLook())
}

func (r *odtReader) end(name xml.Name) {
	if r.skipped > 0 {
		r.skipped--
		return
	}
	switch name.Local {
	case "list":
		r.lists--
	case "span":
		r.popLook()
	case "p", "h":
		r.popLook()
		r.closeParagraph()
	case "a":
		r.closeLink()
	case "text-box":
		r.keepAside(r.closeBox())
	case "table-cell":
		r.closeCell()
	case "table-row":
		r.closeRow()
	}
}

func (r *odtReader) popLook() {
	if len(r.looks) > 0 {
		r.looks = r.looks[:len(r.looks)-1]
	}
}
