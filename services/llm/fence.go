package llm

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The most of a document that a model is given; the rest is cut off at a line.
const (
	maxResumeBytes  = 60_000
	maxPostingBytes = 40_000
)

// fence encloses a text that is data between two lines that hold a key the text can't hold: a hash of the text itself,
// so that equal texts make equal messages.
func fence(name, text string, limit int) string {
	text = cutAtLine(neutralize(Clean(text)), limit)
	key := fenceKey(text)
	for strings.Contains(text, key) {
		key = fenceKey(text + key)
	}
	return "<" + name + "-" + key + ">\n" + text + "\n</" + name + "-" + key + ">"
}

func fenceKey(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
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

// markup matches what a model could take for the end of a fence, or a server for the end of a message: our own tags and
// the control tokens of the common chat formats.
var markup = regexp.MustCompile(`(?i)<\s*/?\s*(?:resume|posting|requirements|missing|personal|system|assistant|user|human|instructions?|think|tool_call|tool_response|start_of_turn|end_of_turn|s|bos|eos)\b[^<>\n]{0,40}>|<[|｜][^<>\n]{1,40}[|｜]>|<</?SYS>>|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]`)

// neutralize takes the meaning from markup and keeps it readable.
func neutralize(text string) string {
	return markup.ReplaceAllStringFunc(text, func(found string) string {
		_, size := utf8.DecodeRuneInString(found)
		return "‹" + strings.TrimSuffix(strings.ReplaceAll(found[size:], "<", "‹"), ">") + "›"
	})
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
