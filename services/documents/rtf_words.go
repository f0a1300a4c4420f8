package documents

import "golang.org/x/text/encoding/charmap"

// isSkippedGroup reports whether a control word begins a group that holds no text of the document.
func isSkippedGroup(word string) bool {
	switch word {
	case "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "listtable", "listoverridetable", "rsidtbl",
		"generator", "themedata", "datastore", "latentstyles", "filetbl", "revtbl", "xmlnstbl", "bkmkstart", "bkmkend",
		"nonshppict", "mmathPr", "annotation", "atnid", "atnauthor", "footer", "footerl", "footerr", "footerf":
		return true
	}
	return false
}

// rtfCodePage returns a Windows code page by its number.
func rtfCodePage(number int) (*charmap.Charmap, bool) {
	switch number {
	case 1250:
		return charmap.Windows1250, true
	case 1251:
		return charmap.Windows1251, true
	case 1252:
		return charmap.Windows1252, true
	case 1253:
		return charmap.Windows1253, true
	case 1254:
		return charmap.Windows1254, true
	case 1255:
		return charmap.Windows1255, true
	case 1256:
		return charmap.Windows1256, true
	case 1257:
		return charmap.Windows1257, true
	default:
		return nil, false
	}
}

// apply carries out a control word.
func (r *rtfReader) apply(word string, argument int, hasArgument bool) error {
	on := !hasArgument || argument != 0
	switch word {
	case "u":
		if !r.state.skipped && hasArgument {
			r.units = append(r.units, uint16(argument))
			r.pending = r.state.fallbacks
		}
	case "uc":
		r.state.fallbacks = max(0, min(argument, 16))
	case "ansicpg":
		if page, ok := rtfCodePage(argument); ok {
			r.codePage = page
		}
	case "bin":
		r.position = min(len(r.data), r.position+max(0, argument))
	case "b":
		r.state.bold = on
	case "fs":
		r.state.size = float64(max(0, min(argument, 2000))) / 2
	case "cf":
		r.state.color = uint32(argument)
	case "v", "deleted":
		r.state.hidden = on
	case "plain":
		r.state.look, r.state.hidden = look{}, false
	default:
		if r.state.skipped {
			return nil
		}
		return r.applyText(word, argument)
	}
	return nil
}

// applyText carries out the words that stand for text or divide it.
func (r *rtfReader) applyText(word string, argument int) error {
	switch word {
	case "par", "sect", "page":
		return r.endParagraph()
	case "line":
		return r.put("\n")
	case "tab":
		return r.put("\t")
	case "emdash":
		return r.put("—")
	case "endash":
		return r.put("–")
	case "bullet":
		return r.put("•")
	case "lquote", "rquote":
		return r.put("’")
	case "ldblquote", "rdblquote":
		return r.put(`"`)
	case "pard":
		r.format = block{}
	case "outlinelevel":
		if argument >= 0 && argument < 9 {
			r.format.level = argument + 1
		}
	case "listtext", "pntext":
		r.format.item = true
		r.state.skipped = true
	case "cell", "nestcell":
		return r.put("\t")
	case "row", "nestrow":
		return r.endParagraph()
	case "fldinst":
		r.state.target = true
		r.instruction.Reset()
	case "fldrslt":
		if r.current() == nil {
			r.openParagraph()
		}
		r.openLink(hyperlinkTarget(r.instruction.String()))
		r.state.field = len(r.groups)
	}
	return nil
}

func (r *rtfReader) endParagraph() error {
	if err := r.flush(); err != nil {
		return err
	}
	r.pending = 0
	if p := r.current(); p != nil {
		p.level = r.format.level
		p.item = r.format.item && p.level == 0
	}
	r.closeParagraph()
	r.format.item = false
	return nil
}
