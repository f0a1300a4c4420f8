package tailoring

import (
	"regexp"
	"strings"
)

var (
	salutation = regexp.MustCompile(`(?i)^\s*(?:dear|hello|hi|hey|good (?:morning|afternoon|day)|greetings|to whom it may concern|sehr geehrte[rs]?|liebe[rs]?|guten (?:tag|morgen)|hallo|moin)\b`)
	signOff    = regexp.MustCompile(`(?i)^\s*(?:(?:kind|best|warm|with kind|with best)(?:est)? (?:regards|wishes)|regards|best|warmly|cheers|all the best|many thanks|thank you|thanks|(?:yours )?(?:sincerely|faithfully|truly)(?: yours)?|respectfully|mit (?:freundlichen|besten|herzlichen|vielen) grüßen|(?:viele|beste|herzliche|freundliche|liebe) grüße|gruß|herzlichst)\b`)
)

// maxSignOffWords is how long a line is that closes a letter: "Thank you" does, "Thank you for reading …" does not.
const maxSignOffWords = 5

// CompleteLetter gives a letter the salutation and the closing with the person's name that it lacks; brief is for an
// outreach message. The language is as in LetterInput.
func CompleteLetter(text, language, name string, brief bool) string {
	say := letterPhrasesFor(language)
	greeting := say.greeting
	if brief {
		greeting = say.hello
	}
	if text = strings.TrimSpace(text); !salutation.MatchString(text) {
		text = greeting + "\n\n" + text
	}
	return closed(text, say, name)
}

// closed ends a text with a closing and the name.
func closed(text string, say letterPhrases, name string) string {
	lines := strings.Split(text, "\n")
	at := closingLine(lines)
	signature := (&letter{say: say, name: name}).signature()
	if at >= 0 && (name == "" || names(strings.Join(lines[at:], " "), name)) {
		return text
	}
	if at >= 0 {
		return strings.TrimSpace(strings.Join(lines[:at+1], "\n")) + "\n" + name
	}
	if last := len(lines) - 1; name != "" && isName(lines[last], name) {
		text = strings.TrimSpace(strings.Join(lines[:last], "\n"))
	}
	return text + "\n\n" + signature
}

// closingLine returns the index of the line that closes the letter, or -1.
func closingLine(lines []string) int {
	const most = 8
	for i := len(lines) - 1; i > 0 && i >= len(lines)-most; i-- {
		if signOff.MatchString(lines[i]) && len(strings.Fields(lines[i])) <= maxSignOffWords {
			return i
		}
	}
	return -1
}

// names tells whether text holds the first or the last word of a name.
func names(text, name string) bool {
	words := strings.Fields(name)
	return len(words) == 0 || containsWord(text, words[0]) || containsWord(text, words[len(words)-1])
}

func containsWord(text, word string) bool {
	for _, field := range strings.Fields(text) {
		if strings.EqualFold(strings.Trim(field, ".,;:!-"), strings.Trim(word, ".,;:!-")) {
			return true
		}
	}
	return false
}

// isName tells whether a line is a name, or a part of it.
func isName(line, name string) bool {
	fields := strings.Fields(line)
	for _, field := range fields {
		if !containsWord(name, field) {
			return false
		}
	}
	return len(fields) > 0
}
