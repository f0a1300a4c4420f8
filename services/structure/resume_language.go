package structure

import (
	"strings"

	"resume-matcher/services/skills"
)

// resumeLanguage returns the language of a résumé. Lists of names and firms have few of the words that tell one, so
// that headings and letters of one language decide against a count of words.
func resumeLanguage(markdown string, sections []resumeSection) string {
	counted := skills.DetectLanguage(markdown)
	votes := map[string]int{}
	for i := range sections {
		if language := loadHeadings().languages[foldPhrase(sections[i].title.text)]; language != "" {
			votes[language]++
		}
	}
	best := counted
	for _, language := range [...]string{"de", "es", "fr"} {
		if votes[language] > votes[best] {
			best = language
		}
	}
	if (best == "es" || best == "fr") && votes[best] == 0 && lettersOf(markdown, "äöüßÄÖÜ") > lettersOf(markdown, "éèêçàâùáíóúñÉÈÀÁÍÓÚÑ") {
		return "de"
	}
	return best
}

// lettersOf counts the letters of text that are among letters.
func lettersOf(text, letters string) int {
	n := 0
	for _, r := range text {
		if strings.ContainsRune(letters, r) {
			n++
		}
	}
	return n
}
