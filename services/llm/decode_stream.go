package llm

import (
	"encoding/json"
	"regexp"
	"strings"
)

// StreamItems returns a listener for Ask that calls onItem for each element of the list called field as soon as the
// element is complete. The elements are provisional until Ask returns: only then is it known that the answer keeps its
// schema, and that it was not repaired. Elements that don't fit T are passed over.
func StreamItems[T any](field string, onItem func(T)) (onText func(string)) {
	s := &itemScanner{
		list: regexp.MustCompile(regexp.QuoteMeta(quoted(field)) + `\s*:\s*\[`),
		onElement: func(element []byte) {
			var item T
			if err := json.Unmarshal(element, &item); err == nil {
				onItem(item)
			}
		},
	}
	return s.write
}

// itemScanner follows an answer byte by byte, from the start of its list to the end.
type itemScanner struct {
	list      *regexp.Regexp
	onElement func([]byte)
	state     scanState
	// before is the text that was not yet searched for the start of the list.
	before string
	// element is the part of an element that has arrived.
	element           []byte
	depth             int
	inString, escaped bool
	total             int
}

type scanState int

const (
	atStart scanState = iota // it is not clear yet whether the text begins with thoughts
	inThoughts
	beforeList
	inList
	behindList
)

const (
	// maxElementBytes bounds one element; behind a longer one nothing is heard.
	maxElementBytes = 64 << 10
	// maxListStart is how much of the text is kept to find the start of the list in two pieces.
	maxListStart = 256
)

func (s *itemScanner) write(piece string) {
	if s.total += len(piece); s.total > maxAnswerBytes {
		s.state = behindList
	}
	if s.state < inList {
		piece = s.seek(piece)
	}
	for i := 0; i < len(piece) && s.state == inList; i++ {
		s.next(piece[i])
	}
}

// seek looks for the start of the list and returns what follows it.
func (s *itemScanner) seek(piece string) string {
	s.before += piece
	if s.state == atStart {
		text := strings.TrimSpace(s.before)
		if len(text) < len(thoughtsOpen) && strings.HasPrefix(thoughtsOpen, text) {
			return ""
		}
		s.state = beforeList
		if strings.HasPrefix(text, thoughtsOpen) {
			s.state = inThoughts
		}
	}
	if s.state == inThoughts {
		_, answer, ok := strings.Cut(s.before, thoughtsClose)
		if !ok {
			s.keepEnd()
			return ""
		}
		s.before, s.state = answer, beforeList
	}
	at := s.list.FindStringIndex(s.before)
	if at == nil {
		s.keepEnd()
		return ""
	}
	rest := s.before[at[1]:]
	s.before, s.state = "", inList
	return rest
}

func (s *itemScanner) keepEnd() {
	s.before = s.before[max(0, len(s.before)-maxListStart):]
}

// next takes one byte of the list.
func (s *itemScanner) next(c byte) {
	if len(s.element) == 0 {
		switch c {
		case ' ', '\t', '\n', '\r', ',':
			return
		case ']', '}':
			s.state = behindList
			return
		}
	}
	if s.depth == 0 && !s.inString && (c == ',' || c == ']') { // the end of a number or a word
		s.finish()
		if c == ']' {
			s.state = behindList
		}
		return
	}
	s.element = append(s.element, c)
	switch {
	case s.escaped:
		s.escaped = false
	case s.inString && c == '\\':
		s.escaped = true
	case c == '"':
		s.inString = !s.inString
	case s.inString:
	case c == '{' || c == '[':
		s.depth++
	case c == '}' || c == ']':
		s.depth--
	}
	switch {
	case s.depth < 0 || len(s.element) > maxElementBytes:
		s.state = behindList
	case s.depth == 0 && !s.inString && (c == '"' || c == '}' || c == ']'):
		s.finish()
	}
}

func (s *itemScanner) finish() {
	s.onElement(s.element)
	s.element = s.element[:0]
}
