package structure

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// foundName is the person's name and the line it stands on; line is -1 where no name was found.
type foundName struct {
	frag
	line int
	// second is the line of a family name set under the given name, -1 for none.
	second     int
	confidence float64
}

// The name stands among the first lines, or in a top heading elsewhere.
const (
	nameSearchLines = 14
	minNameScore    = 3
)

// findName picks the line most like a person's name: set as the top heading, near the top, in capitalised words, with
// words that the e-mail address repeats.
func (r *resumeReader) findName(lines []docLine) foundName {
	mailbox := strings.ToLower(mailboxOf(r.markdown))
	if labelled := labelledName(lines, mailbox); labelled.line >= 0 {
		return labelled
	}
	best := foundName{line: -1, second: -1}
	bestScore := minNameScore - 1
	body := false
	for i := range lines {
		l := &lines[i]
		if body && l.level != 1 || l.bullet || l.level == 0 && i >= nameSearchLines {
			continue
		}
		if kind := loadHeadings().exact(l.text); kind != headNone {
			_, list := kind.list()
			body = body || list || i > 0 && kind != headTitle && kind != headContact
			continue
		}
		name := nameWithin(l.parts()[0])
		score := nameScore(name.text, mailbox)
		if score == 0 {
			continue
		}
		score += placeScore(l, i)
		if score > bestScore {
			best = foundName{frag: name, line: i, second: -1}
			bestScore = score
		}
	}
	if best.line >= 0 {
		best.confidence = min(surePattern, 0.5+0.08*float64(bestScore))
		best.joinSecond(lines)
		return best
	}
	return nameBelowSidebar(lines, mailbox)
}

func placeScore(l *docLine, i int) int {
	score := 0
	switch {
	case l.level == 1:
		score += 4
	case l.level > 1 || l.bold:
		score++
	}
	switch i {
	case 0:
		score += 3
	case 1, 2:
		score++
	}
	return score
}

// joinSecond takes the next line to the name where both hold one word and are set alike.
func (n *foundName) joinSecond(lines []docLine) {
	if strings.Contains(n.text, " ") || n.line+1 >= len(lines) || n.text != lines[n.line].text {
		return
	}
	first, next := &lines[n.line], &lines[n.line+1]
	alike := first.level == next.level && first.bold == next.bold && isCapitals(first.text) == isCapitals(next.text)
	if alike && isNameWord(next.text) && !strings.ContainsAny(next.text, " @.") && loadHeadings().exact(next.text) == headNone && !isTitle(next.text) {
		n.frag = joinFrags(" ", n.frag, next.frag)
		n.second = n.line + 1
	}
}

// nameWithin cuts a name out of a line such as "Jane Doe, RN" or "Jane Doe – Nurse".
func nameWithin(f frag) frag {
	for _, separator := range [...]string{" | ", " – ", " — ", " - ", ", ", " (", "  "} {
		at := strings.Index(f.text, separator)
		if at > 0 && (separator != " (" || !opensNickname(f.text[at+1:])) {
			return f.cut(0, at)
		}
	}
	return f
}

// cutLabel splits "label: value".
func cutLabel(f frag) (label, value frag, ok bool) {
	at := strings.IndexByte(f.text, ':')
	if at <= 0 || at > 40 || strings.HasPrefix(f.text[at:], "://") {
		return frag{}, frag{}, false
	}
	return f.cut(0, at), f.cut(at+1, len(f.text)), true
}

var nameParticles = map[string]bool{
	"de": true, "del": true, "della": true, "di": true, "da": true, "dos": true, "du": true, "van": true, "von": true, "der": true,
	"den": true, "la": true, "le": true, "el": true, "al": true, "bin": true, "ibn": true, "y": true, "zu": true, "ter": true, "ten": true, "af": true, "dr.": true, "med.": true,
}

// nameScore is 0 for a text that can't be a name.
func nameScore(text, mailbox string) int {
	if len(text) > 60 || text == "" {
		return 0
	}
	words := strings.Fields(text)
	if len(words) > 5 || strings.ContainsAny(text, "@/:;!?0123456789|&•") {
		return 0
	}
	score, capitalised := 1, 0
	for i, word := range words {
		switch {
		case i > 0 && i < len(words)-1 && isNickname(word):
		case isNameWord(word):
			capitalised++
		case !nameParticles[strings.ToLower(word)]:
			return 0
		}
		folded := strings.ReplaceAll(foldPhrase(word), " ", "")
		if utf8.RuneCountInString(folded) >= 3 && strings.Contains(mailbox, folded) {
			score += 2
		}
	}
	switch {
	case capitalised == 0:
		return 0
	case len(words) == 2 || len(words) == 3:
		score++
	case len(words) == 1:
		score--
	}
	if isTitle(text) {
		score -= 4
	}
	if isKnownPlace(text) {
		score -= 4
	}
	if strings.HasSuffix(text, ".") {
		score -= 2
	}
	return max(score, 0)
}

func isNameWord(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	if !unicode.IsUpper(first) && unicode.IsLower(first) || !unicode.IsLetter(first) {
		return false
	}
	for _, r := range word {
		if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && !strings.ContainsRune(".'’-‑", r) {
			return false
		}
	}
	return true
}

// mailboxOf returns what stands before the @ of the first e-mail address of a text.
func mailboxOf(text string) string {
	at := strings.IndexByte(text, '@')
	if at < 0 {
		return ""
	}
	from := at
	for from > 0 && at-from < 64 && strings.IndexByte(" \t\n:([<|", text[from-1]) < 0 {
		from--
	}
	return text[from:at]
}
