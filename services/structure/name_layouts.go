package structure

import (
	"strings"
	"unicode/utf8"
)

// labelledName returns the value of "Name: Jane Doe" among the personal data, which leaves no doubt.
func labelledName(lines []docLine, mailbox string) foundName {
	for i := range lines {
		switch loadHeadings().exact(lines[i].text) {
		case headNone, headTitle, headContact:
		default:
			return foundName{line: -1, second: -1}
		}
		parts := lines[i].parts()
		for k, part := range parts {
			label, value, ok := cutLabel(part)
			if !ok || loadHeadings().label(label.text) != "name" {
				continue
			}
			if value.empty() && k+1 < len(parts) {
				value = parts[k+1]
			}
			if value = nameWithin(value); nameScore(value.text, mailbox) > 0 {
				return foundName{frag: value, line: i, second: -1, confidence: surePattern}
			}
		}
	}
	return foundName{line: -1, second: -1}
}

// nameBelowSidebar looks for a name with a headline under it below the short lists of a side column, where profile
// exports put the column's text first; a summary or positions must follow.
func nameBelowSidebar(lines []docLine, mailbox string) foundName {
	best := foundName{line: -1, second: -1}
	bestScore := minNameScore - 1
	listed := false
	for i := range lines {
		l := &lines[i]
		kind := loadHeadings().exact(l.text)
		_, list := kind.list()
		switch {
		case list || kind == headContact:
			listed = true
			continue
		case kind != headNone && kind != headTitle && kind != headOther:
			return best
		case i == 0 || kind != headNone && !listed:
			return best
		}
		if l.bullet || i+1 >= len(lines) || !l.blankBefore && !strings.Contains(l.text, " ") || startsWithLanguage(l.text) || !isHeadline(lines[i+1].text) {
			continue
		}
		name := nameWithin(l.parts()[0])
		score := nameScore(name.text, mailbox)
		if l.blankBefore && score > 0 {
			score += 2
		}
		if score > bestScore {
			best = foundName{frag: name, line: i, second: -1, confidence: min(surePattern, 0.5+0.08*float64(score))}
			bestScore = score
		}
	}
	return foundName{line: -1, second: -1}
}

// isHeadline recognises "Buyer at Example Foods" and other lines with a job title.
func isHeadline(text string) bool {
	return len(text) <= 160 && !endsSentenceLine(text, len(strings.Fields(text))) &&
		(isTitle(text) || joinsEmployer(text))
}

// nicknameMarks pairs the signs around a name that a person goes by.
var nicknameMarks = [...][2]string{{"(", ")"}, {"\"", "\""}, {"“", "”"}, {"„", "“"}, {"«", "»"}, {"'", "'"}, {"‘", "’"}}

// isNickname recognises the middle of "Jane (Jay) Doe" and "Jane “Jay” Doe".
func isNickname(word string) bool {
	for _, marks := range nicknameMarks {
		inner, opened := strings.CutPrefix(word, marks[0])
		if inner, closed := strings.CutSuffix(inner, marks[1]); opened && closed && isNameWord(inner) {
			return true
		}
	}
	return false
}

// opensNickname reports whether text begins with a nickname that more of the name follows.
func opensNickname(text string) bool {
	word, rest, _ := strings.Cut(text, " ")
	next, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	return utf8.RuneCountInString(next) > 1 && isNickname(word) && isNameWord(strings.TrimRight(next, ","))
}
