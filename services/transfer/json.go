package transfer

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// appendJSON appends the canonical form of a JSON text: no white space, an object's last value of each name in the
// order of the names, strings with no more escapes than needed, and numbers as appendNumber writes them. It is a form
// that Postgres's jsonb, which forgets all but these, leaves unchanged.
func appendJSON(dst []byte, raw string) ([]byte, error) {
	if !json.Valid([]byte(raw)) {
		return dst, errJSON
	}
	s := scanner{raw}
	return s.value(dst), nil
}

// scanner goes through a JSON text that is known to be valid. To decode it into Go values would take most of the
// time of a copy.
type scanner struct{ rest string }

// peek skips white space and returns the byte that follows.
func (s *scanner) peek() byte {
	s.rest = strings.TrimLeft(s.rest, " \t\r\n")
	return s.rest[0]
}

// take returns the next n bytes and moves beyond them.
func (s *scanner) take(n int) string {
	taken := s.rest[:n]
	s.rest = s.rest[n:]
	return taken
}

func (s *scanner) value(dst []byte) []byte {
	switch s.peek() {
	case '{':
		return s.object(dst)
	case '[':
		return s.array(dst)
	case '"':
		return s.text(dst)
	case 't', 'n':
		return append(dst, s.take(len("true"))...)
	case 'f':
		return append(dst, s.take(len("false"))...)
	}
	end := strings.IndexAny(s.rest, ",]} \t\r\n")
	if end < 0 {
		end = len(s.rest)
	}
	return appendNumber(dst, s.take(end))
}

func (s *scanner) array(dst []byte) []byte {
	dst = append(dst, s.take(1)...)
	for s.peek() != ']' {
		if s.rest[0] == ',' {
			dst = append(dst, s.take(1)...)
		}
		dst = s.value(dst)
	}
	return append(dst, s.take(1)...)
}

// member says where a member of an object begins and ends, and where its name does.
type member struct{ start, name, end int }

func (s *scanner) object(dst []byte) []byte {
	dst = append(dst, s.take(1)...)
	start := len(dst)
	var members []member
	for s.peek() != '}' {
		if s.rest[0] == ',' {
			s.take(1)
			s.peek()
		}
		m := member{start: len(dst) - start}
		dst = s.text(dst)
		m.name = len(dst) - start
		s.peek()
		dst = append(dst, s.take(1)...)
		dst = s.value(dst)
		m.end = len(dst) - start
		members = append(members, m)
	}
	found := bytes.Clone(dst[start:])
	dst = appendMembers(dst[:start], found, members)
	return append(dst, s.take(1)...)
}

// appendMembers appends the members of found in the order of their names, and of those of one name the last.
func appendMembers(dst, found []byte, members []member) []byte {
	compare := func(a, b member) int { return bytes.Compare(found[a.start:a.name], found[b.start:b.name]) }
	slices.SortStableFunc(members, compare)
	start := len(dst)
	for i, m := range members {
		if i+1 < len(members) && compare(m, members[i+1]) == 0 {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(dst, found[m.start:m.end]...)
	}
	return dst
}

func (s *scanner) text(dst []byte) []byte {
	end := 1
	for {
		end += strings.IndexAny(s.rest[end:], `"\`)
		if s.rest[end] == '"' {
			break
		}
		end += len(`\"`)
	}
	raw := s.take(end + 1)
	if !strings.Contains(raw, `\`) {
		return append(dst, raw...)
	}
	var decoded string
	// A valid string can't fail to decode.
	_ = json.Unmarshal([]byte(raw), &decoded)
	return appendString(dst, decoded)
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
