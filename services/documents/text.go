package documents

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// decodeText decodes UTF-8, UTF-16 with its mark, and anything else as Windows-1252, which has a letter for
// nearly every byte and is what old editors of Western Europe wrote.
func decodeText(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		return strings.ToValidUTF8(string(data[3:]), "")
	case bytes.HasPrefix(data, []byte("\xFF\xFE")):
		return decodeUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return decodeUTF16(data[2:], binary.BigEndian)
	case utf8.Valid(data):
		return string(data)
	}
	decoded, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "")
	}
	return string(decoded)
}

func decodeUTF16(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

// clean makes text fit to be stored: valid composed UTF-8 with plain line ends, without control characters,
// invisible marks or runs of empty lines.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "")
	text = lineEnds.Replace(text)
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == '\u00AD', r == '\u200B', r == '\uFEFF', r == '\uFFFE', r == '\uFFFF':
			return -1
		case r == '\u00A0' || r == '\u202F' || r == '\u2007':
			return ' '
		default:
			return r
		}
	}, text)
	return collapseBlankLines(norm.NFC.String(text))
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n", "\v", "\n", "\f", "\n")

// collapseBlankLines trims the ends of lines and leaves at most one empty line between two others.
func collapseBlankLines(text string) string {
	var out strings.Builder
	out.Grow(len(text))
	blank := true
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRight(line, " \t")
		if line == "" {
			blank = true
			continue
		}
		if blank && out.Len() > 0 {
			out.WriteByte('\n')
		}
		blank = false
		out.WriteString(line)
		out.WriteByte('\n')
	}
	return out.String()
}
