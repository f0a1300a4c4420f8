package tailoring

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"resume-matcher/services/skills"
)

//go:embed spellings.txt
var spellingData string

// spellings maps the key of a spelling to the number of its group.
type spellings map[string]int

func parseSpellings(data string) spellings {
	s := make(spellings)
	group := 0
	for line := range strings.Lines(data) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		group++
		for text := range strings.SplitSeq(line, ",") {
			s[spellingKey(text)] = group
		}
	}
	return s
}

// same tells whether two names mean exactly the same.
func (s spellings) same(a, b string) bool {
	ka, kb := spellingKey(a), spellingKey(b)
	return ka == kb || s[ka] != 0 && s[ka] == s[kb] || isInitials(a, b) || isInitials(b, a)
}

// spellingKey is the name's letters, digits and the signs that tell C, C++ and C# apart, in lower case.
func spellingKey(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' || r == '#' {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// isInitials tells whether short is made of the first letters of long's words, small words counted or not.
func isInitials(short, long string) bool {
	key := spellingKey(short)
	if len(key) < 2 || strings.ToUpper(short) != short {
		return false
	}
	var all, main strings.Builder
	fields := strings.FieldsFunc(long, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, w := range fields {
		first := []rune(strings.ToLower(w))[0]
		all.WriteRune(first)
		if !isSmallWord(w) {
			main.WriteRune(first)
		}
	}
	return len(fields) > 1 && (key == all.String() || key == main.String())
}

func isSmallWord(word string) bool {
	switch strings.ToLower(word) {
	case "and", "of", "the", "for", "in", "to", "und", "für", "der", "die", "des", "et", "de", "la", "y":
		return true
	}
	return false
}

// respell returns own with the posting's spelling, or own itself where the posting's words can be found in it already or
// theirs is no better: "k8s" → "Kubernetes (k8s)", "node js" → "Node.js", "Amazon Web Services" → "Amazon Web Services
// (AWS)". theirs are the posting's spellings of the same skill, of which those of another meaning don't count.
func (t *Tailor) respell(own string, s *skills.Skill, theirs []string) string {
	proposed := own
	if strings.Contains(own, "\n") || own != strings.TrimSpace(own) {
		return own
	}
	for _, name := range theirs {
		if own == name || containsName(own, name) && spellingKey(own) != spellingKey(name) {
			return own
		}
		if proposed == own && t.spellings.same(own, name) {
			proposed = respelled(own, name, s.Name)
		}
	}
	return proposed
}

func respelled(own, theirs, canonical string) string {
	ownKey, theirKey := spellingKey(own), spellingKey(theirs)
	switch {
	case strings.ContainsAny(own, "()") || isInflection(ownKey, theirKey):
		return own
	case ownKey == theirKey:
		// Other signs are worth a change towards the usual spelling only, other capitals only where there are none.
		if theirs != canonical || strings.EqualFold(own, theirs) && own != strings.ToLower(own) {
			return own
		}
		return theirs
	case isInitials(theirs, own):
		return own + " (" + theirs + ")"
	case isInitials(own, theirs):
		return capitalized(theirs) + " (" + own + ")"
	case strings.EqualFold(own, canonical) || theirs != canonical && theirs == strings.ToLower(theirs):
		return own
	case strings.Contains(theirKey, ownKey):
		return theirs
	}
	return theirs + " (" + own + ")"
}

// isInflection tells whether two names differ in an ending that no one searches for.
func isInflection(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	ending, ok := strings.CutPrefix(a, b)
	return ok && (ending == "s" || ending == "es" || ending == "e" || ending == "n" || ending == "en")
}

func capitalized(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// containsName tells whether a search for the whole word name finds it in text, whatever the case.
func containsName(text, name string) bool {
	text, name = strings.ToLower(text), strings.ToLower(name)
	if name == "" {
		return false
	}
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return false
		}
		start := from + i
		if !endsInWord(text[:start]) && !startsWithWord(text[start+len(name):]) {
			return true
		}
		from = start + len(name)
	}
}

func endsInWord(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return isWordSign(r)
}

func startsWithWord(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return isWordSign(r)
}

func isWordSign(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' || r == '#'
}
