package documents

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// rtfMarkdown reads Rich Text Format.
func rtfMarkdown(ctx context.Context, data []byte) (string, error) {
	start := bytes.Index(data[:min(len(data), 64)], []byte(`{\rtf`))
	if start < 0 {
		return "", errUnreadable(errors.New("no RTF header"))
	}
	reader := rtfReader{
		blockWriter: newBlockWriter(), data: data[start:], clock: ticker{ctx: ctx},
		codePage: charmap.Windows1252, state: rtfState{fallbacks: 1},
	}
	if err := reader.run(); err != nil {
		return "", err
	}
	return blocksMarkdown(reader.blocks()), nil
}

// rtfState is what a group inherits and gives back at its end.
type rtfState struct {
	look
	skipped, hidden bool
	// fallbacks is the number of characters for old readers that follow each Unicode character.
	fallbacks int
	target    bool // collects a field's instruction
	field     int  // the depth of the group that holds the field, 0 for none
}

// rtfReader turns control words and text into blocks.
type rtfReader struct {
	*blockWriter
	data     []byte
	position int
	clock    ticker
	groups   []rtfState
	state    rtfState
	codePage *charmap.Charmap
	units    []uint16 // of characters beyond the code page, until what follows them is known
	pending  int      // fallback characters still to be dropped
	optional bool     // the next control word begins a group that may be ignored
	// instruction is the text of the innermost field's instruction.
	instruction strings.Builder
	format      block // properties of the current paragraph
}

func (r *rtfReader) run() error {
	for r.position < len(r.data) {
		if err := r.clock.tick(); err != nil {
			return err
		}
		if err := r.step(); err != nil {
			return err
		}
	}
	return r.flush()
}

func (r *rtfReader) step() error {
	char := r.data[r.position]
	r.position++
	switch char {
	case '{':
		if len(r.groups) >= maxRTFGroups {
			return errUnreadable(errors.New("groups nested too deeply"))
		}
		r.groups = append(r.groups, r.state)
		return nil
	case '}':
		return r.closeGroup()
	case '\\':
		return r.control()
	case '\r', '\n':
		return nil
	default:
		return r.putByte(char)
	}
}

func (r *rtfReader) closeGroup() error {
	if err := r.flush(); err != nil {
		return err
	}
	depth := len(r.groups)
	if depth == 0 {
		return nil
	}
	if r.state.field == depth {
		r.closeLink()
	}
	r.pending = 0
	r.state = r.groups[depth-1]
	r.groups = r.groups[:depth-1]
	return nil
}

// control reads a control symbol or word; the backslash has been read.
func (r *rtfReader) control() error {
	if r.position >= len(r.data) {
		return nil
	}
	symbol := r.data[r.position]
	if !isASCIILetter(symbol) {
		r.position++
		return r.symbol(symbol)
	}
	word, argument, hasArgument := r.word()
	optional := r.optional
	r.optional = false
	if isSkippedGroup(word) || optional && word != "fldinst" && word != "shptxt" {
		r.state.skipped = true
		return nil
	}
	return r.apply(word, argument, hasArgument)
}

func isASCIILetter(char byte) bool { return char >= 'a' && char <= 'z' || char >= 'A' && char <= 'Z' }

// word reads a control word and its number; a space after them belongs to them.
func (r *rtfReader) word() (word string, argument int, hasArgument bool) {
	start := r.position
	for r.position < len(r.data) && isASCIILetter(r.data[r.position]) {
		r.position++
	}
	word = string(r.data[start:r.position])
	start = r.position
	if r.position < len(r.data) && r.data[r.position] == '-' {
		r.position++
	}
	for r.position < len(r.data) && r.data[r.position] >= '0' && r.data[r.position] <= '9' {
		r.position++
	}
	argument, err := strconv.Atoi(string(r.data[start:r.position]))
	if r.position < len(r.data) && r.data[r.position] == ' ' {
		r.position++
	}
	return word, argument, err == nil
}

func (r *rtfReader) symbol(symbol byte) error {
	switch symbol {
	case '\'':
		if r.position+2 > len(r.data) {
			return nil
		}
		value, err := strconv.ParseUint(string(r.data[r.position:r.position+2]), 16, 8)
		r.position += 2
		if err != nil {
			return nil
		}
		return r.putByte(byte(value))
	case '*':
		r.optional = true
	case '~':
		return r.put(" ")
	case '_':
		return r.put("-")
	case '\\', '{', '}':
		return r.put(string(symbol))
	case '\r', '\n':
		return r.endParagraph()
	}
	return nil
}

// putByte writes a character of the code page.
func (r *rtfReader) putByte(char byte) error {
	if r.pending > 0 {
		r.pending--
		return nil
	}
	return r.put(string(r.codePage.DecodeByte(char)))
}

func (r *rtfReader) put(text string) error {
	if err := r.flush(); err != nil {
		return err
	}
	return r.emit(text)
}

// flush writes the characters that were given as UTF-16 units, of which two can make one.
func (r *rtfReader) flush() error {
	if len(r.units) == 0 {
		return nil
	}
	text := string(utf16.Decode(r.units))
	r.units = r.units[:0]
	return r.emit(text)
}

func (r *rtfReader) emit(text string) error {
	switch {
	case r.state.target:
		if r.instruction.Len() < scratchSize {
			r.instruction.WriteString(text)
		}
		return nil
	case r.state.skipped || r.state.hidden:
		return nil
	}
	if r.current() == nil {
		r.openParagraph()
	}
	return r.write(text, r.state.look)
}
