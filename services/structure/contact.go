package structure

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	emailPattern = regexp.MustCompile(`[\p{L}\p{N}][\p{L}\p{N}._%+'-]*@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)
	urlPattern   = regexp.MustCompile(`(?i)(?:https?://|www\.)[^\s<>|"]+|\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|me|de|at|ch|fr|es|eu|uk|us|ca|co|app|tech|info|design|art|blog|page|site|studio|xyz|nl|it|pt|mx|example)\b(?:/[^\s<>|"]*)?`)
	phonePattern = regexp.MustCompile(`(?:\+|\b00)?(?:\(\+?\d{1,5}\)|\d)(?:[ .\-/()\x{a0}\x{202f}\x{2011}–]{0,2}\d){6,14}`)
)

// contactHit is a value of contact data within a text.
type contactHit struct {
	kind     string
	from, to int
}

// contactHits returns the e-mail addresses, links and phone numbers of text, from left to right, none within another.
func contactHits(text string) []contactHit {
	var hits []contactHit
	add := func(kind string, from, to int) {
		before, _ := utf8.DecodeLastRuneInString(text[:from])
		after, _ := utf8.DecodeRuneInString(text[to:])
		if isWordRune(before) || isWordRune(after) {
			return
		}
		for _, h := range hits {
			if from < h.to && h.from < to {
				return
			}
		}
		hits = append(hits, contactHit{kind, from, to})
	}
	if strings.IndexByte(text, '@') >= 0 {
		for _, m := range emailPattern.FindAllStringIndex(text, 8) {
			add("email", m[0], m[1])
		}
	}
	if strings.IndexByte(text, '.') >= 0 {
		for _, m := range urlPattern.FindAllStringIndex(text, 16) {
			from, to := m[0], m[0]+len(strings.TrimRight(text[m[0]:m[1]], ".,;:)]"))
			if from > 0 && text[from-1] == '@' {
				continue
			}
			add(linkKind(text[from:to]), from, to)
		}
	}
	for _, m := range phonePattern.FindAllStringIndex(text, 8) {
		if from, ok := phoneStart(text, m[0], m[1]); ok {
			add("phone", from, m[1])
		}
	}
	slices.SortFunc(hits, func(a, b contactHit) int { return cmp.Compare(a.from, b.from) })
	return hits
}

// linkKind tells whose page a link leads to.
func linkKind(target string) string {
	host := strings.ToLower(bareTarget(target))
	switch {
	case strings.HasPrefix(host, "linkedin.com/") || strings.Contains(host, ".linkedin.com/"):
		return "linkedin"
	case strings.HasPrefix(host, "github.com/") && len(host) > len("github.com/"):
		return "github"
	}
	return "website"
}

// phoneStart checks that a run of digits is a phone number, and leaves out a postal code right before it.
func phoneStart(text string, from, to int) (int, bool) {
	if bracket := strings.IndexByte(text[from:to], '('); bracket >= 5 && text[from] != '+' && len(digitsOf(text[from:from+bracket])) == 5 {
		from += bracket
	}
	number := text[from:to]
	digits := len(digitsOf(number))
	if digits < 7 || digits > 15 {
		return 0, false
	}
	if from > 0 && (text[from-1] == '-' || text[from-1] == '/') {
		return 0, false
	}
	if found, ok := findPeriod(number); ok && found.start == 0 && found.end == len(number) {
		return 0, false
	}
	return from, true
}

// takeContact takes the contact data out of a text and returns the pieces that are left.
func (r *resumeReader) takeContact(f frag) []frag {
	var rest []frag
	from := 0
	for _, h := range contactHits(f.text) {
		rest = append(rest, splitPieces(f, from, h.from)...)
		r.contactValue(h.kind, f.cut(h.from, h.to))
		from = h.to
	}
	return append(rest, splitPieces(f, from, len(f.text))...)
}

// contactValue fills a field of the personal data; a second value of the same kind is kept apart.
func (r *resumeReader) contactValue(kind string, f frag) {
	for _, field := range personalFields(&r.data.PersonalInfo) {
		if field.name != kind {
			continue
		}
		switch {
		case *field.value == "":
			*field.value = r.put("personalInfo."+kind, f, surePattern)
		case !r.known(f.text):
			r.unplaced = append(r.unplaced, f)
		}
		return
	}
}

// known reports whether the personal data already hold every word of text.
func (r *resumeReader) known(text string) bool {
	words := map[string]bool{}
	for _, field := range personalFields(&r.data.PersonalInfo) {
		for _, w := range splitWords(*field.value) {
			words[w.text] = true
		}
	}
	for _, w := range splitWords(text) {
		if !words[w.text] {
			return false
		}
	}
	return true
}

// splitPieces splits text[from:to] at the signs and icons that part contact data, and drops pieces without a word.
func splitPieces(f frag, from, to int) []frag {
	var pieces []frag
	start := from
	add := func(end int) {
		piece := f.cut(start, end)
		first := strings.IndexFunc(piece.text, isWordRune)
		if first < 0 {
			return
		}
		last := strings.LastIndexFunc(piece.text, func(r rune) bool {
			return isWordRune(r) || r == ')' || r == '.' || r == ':' || unicode.Is(unicode.Mn, r) || r == '+' || r == '#'
		})
		size := len(string([]rune(piece.text[last:])[0]))
		if open := strings.LastIndexByte(piece.text[:first], '('); open >= 0 {
			first = open
		}
		pieces = append(pieces, piece.cut(first, last+size))
	}
	for i, r := range f.text {
		if i < start || i >= to {
			continue
		}
		if isPieceSign(r) || r == ' ' && strings.HasPrefix(f.text[i:], "  ") || (r == '-' || r == '–' || r == '—') && surrounded(f.text, i, len(string(r))) {
			add(i)
			start = i + len(string(r))
		}
	}
	if start < to {
		add(to)
	}
	return pieces
}

func surrounded(text string, i, size int) bool {
	return i > 0 && text[i-1] == ' ' && i+size < len(text) && text[i+size] == ' '
}

// isPieceSign knows separators, and the symbols that icon fonts put before contact data.
func isPieceSign(r rune) bool {
	switch r {
	case '|', '•', '·', '●', '\t', '◆', '■', '▪', '⋄', '◦', '∙', '♦', '‣':
		return true
	}
	return unicode.Is(unicode.Co, r) || r >= 0x2600 && r <= 0x27BF || r >= 0x1F000 && r <= 0x1FAFF
}

// findElsewhere looks for the first e-mail address anywhere, for résumés that have none among their personal data.
func (r *resumeReader) findElsewhere(lines []docLine) {
	info := &r.data.PersonalInfo
	for i := range lines {
		text := lines[i].text
		if info.Email == "" && strings.IndexByte(text, '@') >= 0 {
			if m := emailPattern.FindStringIndex(text); m != nil {
				info.Email = r.put("personalInfo.email", lines[i].cut(m[0], m[1]), confidenceOf(sureNoHeading, surePattern))
			}
		}
		lower := strings.ToLower(text)
		if info.LinkedIn == "" && strings.Contains(lower, "linkedin.com/") || info.GitHub == "" && strings.Contains(lower, "github.com/") {
			r.findProfiles(&lines[i])
		}
	}
}

// findProfiles takes profile links, not those of repositories, from a line that stays where it is.
func (r *resumeReader) findProfiles(l *docLine) {
	for _, m := range urlPattern.FindAllStringIndex(l.text, 16) {
		target := strings.TrimRight(l.text[m[0]:m[1]], ".,;:)]")
		value := l.cut(m[0], m[0]+len(target))
		path := strings.Trim(bareTarget(target), "/")
		switch linkKind(target) {
		case "linkedin":
			if r.data.PersonalInfo.LinkedIn == "" {
				r.data.PersonalInfo.LinkedIn = r.put("personalInfo.linkedin", value, surePattern)
			}
		case "github":
			if r.data.PersonalInfo.GitHub == "" && strings.Count(path, "/") == 1 {
				r.data.PersonalInfo.GitHub = r.put("personalInfo.github", value, surePattern)
			}
		}
	}
}
