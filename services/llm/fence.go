package llm

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The most of a document that a model is given; the rest is cut off at a line.
const (
	maxResumeBytes  = 60_000
	maxPostingBytes = 40_000
)

// document is a text that is data, under the name its fence bears.
type document struct {
	name, text string
	limit      int
}

// fences encloses each text between two lines with a key that none of the texts holds: a hash of them all, so that no
// author can foresee it, and equal texts make equal messages.
func fences(documents ...document) []string {
	for i, d := range documents {
		documents[i].text = cutAtLine(neutralize(Clean(d.text)), d.limit)
	}
	key := ""
	for key == "" || slices.ContainsFunc(documents, func(d document) bool { return strings.Contains(d.text, key) }) {
		sum := sha256.New()
		sum.Write([]byte(key))
		for _, d := range documents {
			fmt.Fprintf(sum, "%s %d %s", d.name, len(d.text), d.text)
		}
		key = hex.EncodeToString(sum.Sum(nil)[:8])
	}
	fenced := make([]string, len(documents))
	for i, d := range documents {
		fenced[i] = fmt.Sprintf("<%[1]s-%[2]s>\n%[3]s\n</%[1]s-%[2]s>", d.name, key, d.text)
	}
	return fenced
}

// Clean drops what a reader can't see: control characters but tabs and line ends, invisible characters such as
// zero-width spaces, changes of direction and tags, and invalid UTF-8. Line ends become "\n". Texts a model quotes have
// to be compared with the cleaned original.
func Clean(text string) string {
	text = strings.ToValidUTF8(text, "")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	var out strings.Builder
	out.Grow(len(text))
	previous := ' '
	for i, r := range text {
		switch r {
		case '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
			r = '\n'
		}
		if isInvisible(r) && !isJoiner(previous, r, text[i+utf8.RuneLen(r):]) {
			continue
		}
		out.WriteRune(r)
		previous = r
	}
	return out.String()
}

func isInvisible(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r == '\u034f' || r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0' || r == '\u2800':
		return true // fillers and blanks that are no spaces to Unicode
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Variation_Selector) || r >= 0xE0000 && r <= 0xE0FFF
}

// isJoiner tells whether r is a single joiner between letters or emoji of the scripts that are spelled with it.
func isJoiner(previous, r rune, rest string) bool {
	const firstJoinedScript = 0x0600
	next, _ := utf8.DecodeRuneInString(rest)
	return (r == '\u200c' || r == '\u200d') && previous >= firstJoinedScript && next >= firstJoinedScript && !isInvisible(next) && !isInvisible(previous)
}

// markup matches what a model could take for the end of a fence, or a server for the end of a message: lines like those of
// fences, tags that name a part of a conversation, and the control tokens of the common chat formats.
var markup = regexp.MustCompile(`(?i)<\s*/?\s*\w+-[0-9a-f]{6,}\s*>|<\s*/?\s*(?:resume|posting|requirements|missing|personal|system|assistant|user|human|instructions?|think|tool_call|tool_response|start_of_turn|end_of_turn|s|bos|eos)\b[^<>\n]{0,40}>|<[|｜][^<>\n]{1,40}[|｜]>|<</?SYS>>|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]`)

// neutralize takes the meaning from markup and keeps it readable. What stands in other markup is found first, so it
// looks again until there is none left; each time there is less that can match.
func neutralize(text string) string {
	for markup.MatchString(text) {
		text = markup.ReplaceAllStringFunc(text, func(found string) string {
			_, size := utf8.DecodeRuneInString(found)
			return "‹" + strings.TrimSuffix(strings.ReplaceAll(found[size:], "<", "‹"), ">") + "›"
		})
	}
	return text
}

// cutAtLine returns at most limit bytes of text, and whole lines where a line is not itself longer.
func cutAtLine(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	if end := strings.LastIndexByte(text[:limit], '\n'); end > 0 {
		return text[:end]
	}
	return text[:limit]
}
