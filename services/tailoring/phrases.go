package tailoring

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"resume-matcher/services/skills"
)

// phrases are the texts to the person in one language. Those with a parameter quote the résumé or the posting.
type phrases struct {
	skillsReordered  string
	bulletsReordered string
	summaryReordered string
	// reordered says only that there is another order.
	reordered string
	withdrawn string
	spelled   func(proposed, own string) string
	promoted  func(skill string) string
	// reworded names the posting's terms that a new wording brings in; there may be none.
	reworded func(terms []string) string

	// ask returns the question about a missing skill of the kind.
	ask            func(kind, skill string) string
	askRequirement func(requirement string) string

	missingContact map[string]string
	missingSummary string
	noDescription  func(title string) string
	listedOnly     func(skill string) string
	noResult       func(line string) string
	tooLong        func(line string) string
}

// phrasesFor returns the texts of the language, English if there are none.
func phrasesFor(language string) phrases {
	code, _, _ := strings.Cut(strings.ToLower(language), "-")
	if code == "de" {
		return german()
	}
	return english()
}

// maxQuoted bounds in characters how much of a text is repeated to the person.
const maxQuoted = 120

// shortened returns text on one line and cut at a word.
func shortened(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if utf8.RuneCountInString(text) <= maxQuoted {
		return text
	}
	cut := string([]rune(text)[:maxQuoted])
	if i := strings.LastIndexByte(cut, ' '); i > maxQuoted/2 {
		cut = cut[:i]
	}
	return cut + "…"
}

// askedAs groups the kinds of skills by the question they take.
func askedAs(s *skills.Skill) string {
	switch s.Kind {
	case "tool", "language", "framework", "platform":
		return "tool"
	}
	return s.Kind
}
