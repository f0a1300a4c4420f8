package documents

import (
	"cmp"
	"encoding/xml"
	"regexp"
	"strings"
)

// docxWalker turns the elements of a part into blocks.
type docxWalker struct {
	*blockWriter
	styles docxStyles
	links  map[string]string // targets by relationship
	fields []field
	run    look
	style  docxStyle // of the current paragraph
	hidden bool
	// skipped counts the open elements within one that is left out, deleted those within removed text.
	skipped, deleted int
	inText           bool
	inProperties     int
	placeholder      bool
}

// field is a field that is being read: its instruction up to the separator, its result after it.
type field struct {
	instruction strings.Builder
	hasResult   bool
}

const drawingText = "http://schemas.openxmlformats.org/drawingml/2006/main"

func (w *docxWalker) start(element xml.StartElement) error {
	if w.skipped > 0 {
		w.skipped++
		return nil
	}
	if element.Name.Space == drawingText {
		return nil
	}
	switch element.Name.Local {
	case "Fallback": // repeats, for old programs, what stands in Choice
		w.skipped = 1
	case "showingPlcHdr":
		w.placeholder = true
	case "sdtContent":
		if w.placeholder { // "Click here to enter text"
			w.skipped, w.placeholder = 1, false
		}
	case "del", "moveFrom":
		w.deleted++
	case "txbxContent", "tc":
		w.openBox()
	case "tr":
		w.openRow()
	case "p":
		w.openParagraph()
		w.style, w.run = docxStyle{}, w.styles.fallback
	case "pPr":
		w.inProperties++
	case "r":
		w.run, w.hidden = w.styleLook(w.style), false
	default:
		w.startProperty(element)
		return w.startInline(element)
	}
	return nil
}

// startProperty notes properties of the paragraph or run.
func (w *docxWalker) startProperty(element xml.StartElement) {
	p, value := w.current(), attribute(element, "val")
	if p == nil {
		return
	}
	if w.inProperties > 0 {
		w.paragraphProperty(p, element.Name.Local, value)
		return
	}
	switch element.Name.Local {
	case "rStyle":
		character := w.styles.resolve(value)
		w.run.bold = w.run.bold || character.bold == "on"
		w.run.size = cmp.Or(character.size, w.run.size)
		w.run.color = cmp.Or(character.color, w.run.color)
	case "b":
		w.run.bold = switchValue(value) == "on"
	case "sz":
		w.run.size = cmp.Or(halfPoints(value), w.run.size)
	case "color":
		w.run.color = hexColor(value)
	case "vanish":
		w.hidden = switchValue(value) == "on"
	}
}

func (w *docxWalker) paragraphProperty(p *paragraph, name, value string) {
	switch name {
	case "pStyle":
		w.style = w.styles.resolve(value)
		p.title = w.style.name == "title"
		p.level = w.style.level()
		p.item = p.level == 0 && (isNumbered(w.style.numbering) || strings.HasPrefix(w.style.name, "list"))
	case "numId":
		p.item = p.level == 0 && isNumbered(value)
	case "outlineLvl":
		if p.level = outlineLevel(value); p.level > 0 {
			p.item = false
		}
	}
}

// isNumbered reports whether a numbering's id makes a list item; 0 takes a style's numbering away.
func isNumbered(id string) bool { return id != "" && id != "0" }

func (w *docxWalker) styleLook(style docxStyle) look {
	return look{
		size:  cmp.Or(style.size, w.styles.fallback.size),
		bold:  style.bold == "on",
		color: style.color,
	}
}

// startInline handles what stands within a run or around runs.
func (w *docxWalker) startInline(element xml.StartElement) error {
	switch element.Name.Local {
	case "t":
		w.inText = true
	case "tab", "ptab":
		if w.inProperties == 0 {
			return w.put("\t")
		}
	case "br", "cr":
		return w.put("\n")
	case "noBreakHyphen":
		return w.put("-")
	case "hyperlink":
		w.openLink(w.links[attribute(element, "id")])
	case "fldSimple":
		w.openLink(hyperlinkTarget(attribute(element, "instr")))
	case "fldChar":
		w.fieldChar(attribute(element, "fldCharType"))
	}
	return nil
}

func (w *docxWalker) fieldChar(kind string) {
	switch top := len(w.fields) - 1; {
	case kind == "begin" && len(w.fields) < maxXMLDepth:
		w.fields = append(w.fields, field{})
	case top < 0:
	case kind == "separate":
		w.fields[top].hasResult = true
		w.openLink(hyperlinkTarget(w.fields[top].instruction.String()))
	case kind == "end":
		if w.fields[top].hasResult {
			w.closeLink()
		}
		w.fields = w.fields[:top]
	}
}

var hyperlinkField = regexp.MustCompile(`(?i)^\s*HYPERLINK\s+"([^"]+)"`)

// hyperlinkTarget returns the address in a field's instruction, "" when it is none that leads somewhere.
func hyperlinkTarget(instruction string) string {
	if match := hyperlinkField.FindStringSubmatch(instruction); match != nil {
		return match[1]
	}
	return ""
}

func (w *docxWalker) text(text string) error {
	if w.skipped > 0 {
		return nil
	}
	if top := len(w.fields) - 1; top >= 0 && !w.fields[top].hasResult && !w.inText {
		if w.fields[top].instruction.Len() < scratchSize {
			w.fields[top].instruction.WriteString(text)
		}
		return nil
	}
	if !w.inText {
		return nil
	}
	return w.put(text)
}

func (w *docxWalker) put(text string) error {
	if w.deleted > 0 || w.hidden {
		return nil
	}
	return w.write(text, w.run)
}

func (w *docxWalker) end(name xml.Name) {
	if w.skipped > 0 {
		w.skipped--
		return
	}
	if name.Space == drawingText {
		return
	}
	switch name.Local {
	case "t":
		w.inText = false
	case "pPr":
		w.inProperties--
	case "del", "moveFrom":
		w.deleted--
	case "hyperlink", "fldSimple":
		w.closeLink()
	case "sdt":
		w.placeholder = false
	case "p":
		w.closeParagraph()
	case "txbxContent":
		w.keepAside(w.closeBox())
	case "tc":
		w.closeCell()
	case "tr":
		w.closeRow()
	}
}
