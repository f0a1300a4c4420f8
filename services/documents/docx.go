package documents

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// docxReader reads the parts of a Word document.
type docxReader struct {
	ctx     context.Context
	archive *archive
	styles  docxStyles
	blocks  []block
}

// docxMarkdown reads a Word document: headers first, because contact data often stands there, then the body, then
// notes and footers.
func docxMarkdown(ctx context.Context, data []byte) (string, error) {
	archive, err := openArchive(data)
	if err != nil {
		return "", err
	}
	reader := docxReader{ctx: ctx, archive: archive}
	main, err := reader.mainPart()
	if err != nil {
		return "", err
	}
	parts, err := reader.partsAround(main)
	if err != nil {
		return "", err
	}
	if reader.styles, err = readDOCXStyles(ctx, archive, parts.styles); err != nil {
		return "", err
	}
	order := slices.Concat(parts.headers, []string{main}, parts.notes, parts.footers)
	seen := map[string]bool{}
	for _, name := range order {
		blocks, err := reader.read(name)
		if err != nil {
			return "", err
		}
		// The headers of first, odd and even pages mostly say the same.
		if text := blocksText(blocks); !seen[text] {
			seen[text] = true
			reader.blocks = append(reader.blocks, blocks...)
		}
	}
	return blocksMarkdown(reader.blocks), nil
}

func blocksText(blocks []block) string {
	var out strings.Builder
	for _, b := range blocks {
		out.WriteString(b.text + "\n")
	}
	return out.String()
}

type relationship struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
}

// relationships returns what a part refers to; a part without relationships has none.
func (r *docxReader) relationships(part string) ([]relationship, error) {
	raw, err := r.archive.part(path.Join(path.Dir(part), "_rels", path.Base(part)+".rels"))
	if err != nil || raw == nil {
		return nil, err
	}
	var list struct {
		Relationships []relationship `xml:"Relationship"`
	}
	if err := xml.Unmarshal(raw, &list); err != nil {
		return nil, errUnreadable(err)
	}
	return list.Relationships, nil
}

func (r *docxReader) mainPart() (string, error) {
	const usual = "word/document.xml"
	relationships, err := r.relationships("")
	if err != nil {
		return "", err
	}
	for _, relationship := range relationships {
		if strings.HasSuffix(relationship.Type, "/officeDocument") {
			return strings.TrimPrefix(relationship.Target, "/"), nil
		}
	}
	if r.archive.files[usual] == nil {
		return "", errUnreadable(errors.New("no main part"))
	}
	return usual, nil
}

type docxParts struct {
	headers, footers, notes []string
	styles                  string
}

func (r *docxReader) partsAround(main string) (docxParts, error) {
	var parts docxParts
	relationships, err := r.relationships(main)
	if err != nil {
		return parts, err
	}
	for _, relationship := range relationships {
		target := path.Join(path.Dir(main), relationship.Target)
		if strings.HasPrefix(relationship.Target, "/") {
			target = relationship.Target[1:]
		}
		switch path.Base(relationship.Type) {
		case "header":
			parts.headers = append(parts.headers, target)
		case "footer":
			parts.footers = append(parts.footers, target)
		case "footnotes", "endnotes":
			parts.notes = append(parts.notes, target)
		case "styles":
			parts.styles = target
		}
	}
	sort.Strings(parts.headers)
	sort.Strings(parts.footers)
	return parts, nil
}

// read returns the blocks of one part, none when it is missing.
func (r *docxReader) read(name string) ([]block, error) {
	raw, err := r.archive.part(name)
	if err != nil || raw == nil {
		return nil, err
	}
	relationships, err := r.relationships(name)
	if err != nil {
		return nil, err
	}
	walker := docxWalker{blockWriter: newBlockWriter(), styles: r.styles, links: map[string]string{}}
	for _, relationship := range relationships {
		if strings.HasSuffix(relationship.Type, "/hyperlink") {
			walker.links[relationship.ID] = relationship.Target
		}
	}
	if err := walkXML(r.ctx, raw, &walker); err != nil {
		return nil, err
	}
	return walker.blockWriter.blocks(), nil
}

// xmlHandler is told what stands in a part, in its order.
type xmlHandler interface {
	start(element xml.StartElement) error
	text(text string) error
	end(name xml.Name)
}

// walkXML feeds a part to a handler within the limits of depth and time.
func walkXML(ctx context.Context, raw []byte, handler xmlHandler) error {
	decoder := xml.NewDecoder(bytes.NewReader(raw))
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	clock := ticker{ctx: ctx}
	depth := 0
	for {
		if err := clock.tick(); err != nil {
			return err
		}
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errUnreadable(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxXMLDepth {
				return errUnreadable(errors.New("elements nested too deeply"))
			}
			err = handler.start(token)
		case xml.CharData:
			err = handler.text(string(token))
		case xml.EndElement:
			depth--
			handler.end(token.Name)
		}
		if err != nil {
			return err
		}
	}
}

func attribute(element xml.StartElement, local string) string {
	for _, attr := range element.Attr {
		if attr.Name.Local == local {
			return attr.Value
		}
	}
	return ""
}

var (
	pageNumber  = regexp.MustCompile(`(?i)^(?:page|seite|página|pagina|p\.)?\s*\d{1,3}\s*(?:(?:of|/|von|sur|de|di)\s*\d{1,3})?$`)
	typedBullet = regexp.MustCompile(`^(?:[•◦▪●○∙·‣⁃►▸■□♦❖➢✓\x{f0b7}\x{f0a7}]\s*|[*–-]\s+)(?:\| )?`)
)

func isPageNumber(text string) bool { return pageNumber.MatchString(text) }
