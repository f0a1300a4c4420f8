package transfer

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// appendJSON appends the canonical form of a JSON text: no white space, an object's last value of each name in the
// order of the names' bytes, strings with no more escapes than needed, and numbers as appendNumber writes them. It
// is a form that Postgres's jsonb, which forgets all but these, leaves unchanged.
func appendJSON(dst []byte, raw string) ([]byte, error) {
	decoder := json.NewDecoder(strings.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return dst, errJSON
	}
	if _, err := decoder.Token(); err != io.EOF {
		return dst, errJSON
	}
	return appendValue(dst, value), nil
}

func appendValue(dst []byte, value any) []byte {
	switch v := value.(type) {
	case nil:
		return append(dst, "null"...)
	case bool:
		return strconv.AppendBool(dst, v)
	case json.Number:
		return appendNumber(dst, v.String())
	case string:
		return appendString(dst, v)
	case []any:
		dst = append(dst, '[')
		for i, item := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendValue(dst, item)
		}
		return append(dst, ']')
	case map[string]any:
		dst = append(dst, '{')
		for i, name := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, name), ':')
			dst = appendValue(dst, v[name])
		}
		return append(dst, '}')
	}
	return dst
}

// escapedNUL is how appendString writes a NUL character; no other text makes it, since a backslash is doubled.
const escapedNUL = `\0`

func hasEscapedNUL(canonical []byte) bool {
	for {
		i := bytes.IndexByte(canonical, '\\')
		if i < 0 || i+1 == len(canonical) {
			return false
		}
		if canonical[i+1] == escapedNUL[1] {
			return true
		}
		canonical = canonical[i+2:]
	}
}

func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for {
		i := strings.IndexAny(s, "\"\\\x00")
		if i < 0 {
			dst = append(dst, s...)
			return append(dst, '"')
		}
		dst = append(dst, s[:i]...)
		if s[i] == 0 {
			dst = append(dst, escapedNUL...)
		} else {
			dst = append(dst, '\\', s[i])
		}
		s = s[i+1:]
	}
}

// appendNumber appends a number as its digits without zeros at either end, and the power of ten they are multiplied
// by: 1.50e3 is 15e2. It works on the text, since a float would round and a big number could fill the memory.
func appendNumber(dst []byte, s string) []byte {
	original := s
	s, negative := strings.CutPrefix(s, "-")
	power := 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		var err error
		if power, err = strconv.Atoi(s[i+1:]); err != nil {
			// Beyond what either database computes with: only the text itself can be compared.
			return append(dst, original...)
		}
		s = s[:i]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	power -= len(fraction)
	significant := strings.TrimRight(digits, "0")
	if significant == "" {
		return append(dst, '0')
	}
	power += len(digits) - len(significant)
	if negative {
		dst = append(dst, '-')
	}
	dst = append(dst, significant...)
	if power != 0 {
		dst = strconv.AppendInt(append(dst, 'e'), int64(power), 10)
	}
	return dst
}
