package facts

import (
	"strings"
	"unicode"

	"resume-matcher/services/skills"
)

// loadNames reads the groups of spellings that mean exactly the same tool or skill.
func (l *lexicon) loadNames() {
	l.spellings = [][]string{nil}
	for i, r := range readTable("names") {
		l.spellings = append(l.spellings, r.items)
		for _, item := range r.items {
			l.names[nameKey(item)] = i + 1
		}
	}
}

// sameName tells whether two spellings of one skill mean exactly the same. The vocabulary's aliases alone don't show
// it: there a part of a product may stand for the product.
func (l *lexicon) sameName(a, b string) bool {
	ka, kb := nameKey(a), nameKey(b)
	return ka == kb || withoutVendor(ka) == withoutVendor(kb) || plural(ka, kb) || l.names[ka] != 0 && l.names[ka] == l.names[kb] || isInitials(a, b) || isInitials(b, a)
}

// nameKey is a name's letters, digits and the signs that tell C, C++ and C# apart, in lower case.
func nameKey(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' || r == '#' {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// withoutVendor cuts the maker's name from the front of a product's.
func withoutVendor(key string) string {
	const shortest = 3
	for _, vendor := range []string{"microsoft", "ms", "apache", "adobe", "amazon", "aws", "atlassian", "autodesk", "hashicorp", "jetbrains", "redhat", "google"} {
		if rest, ok := strings.CutPrefix(key, vendor); ok && len(rest) >= shortest {
			return rest
		}
	}
	return key
}

func plural(a, b string) bool {
	return len(a) > 3 && a+"s" == b || len(b) > 3 && b+"s" == a
}

// isInitials tells whether short is written in capitals and made of the first letters of long's words, with or
// without its small ones.
func isInitials(short, long string) bool {
	key := nameKey(short)
	if len(key) < 2 || strings.ToUpper(short) != short {
		return false
	}
	var all, main strings.Builder
	words := strings.FieldsFunc(long, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, w := range words {
		first := []rune(strings.ToLower(w))[0]
		all.WriteRune(first)
		if !skills.IsStopWord("en", strings.ToLower(w)) && !skills.IsStopWord("de", strings.ToLower(w)) {
			main.WriteRune(first)
		}
	}
	return len(words) > 1 && (key == all.String() || key == main.String())
}

// abbreviates tells whether the token at i stands in parentheses behind the words whose initials it is, all of which
// the source has: "Extended Warehouse Management (EWM)".
func (u *support) abbreviates(i int) bool {
	t := u.text
	word := t.words(i, i+1)
	first := i - len([]rune(word))
	if t.tokens[i].gap != gapParenthesis || first < u.first || !isInitials(word, t.words(first, i)) {
		return false
	}
	for k := first; k < i; k++ {
		if len(u.places[k]) == 0 {
			return false
		}
	}
	return true
}
