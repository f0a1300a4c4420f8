package facts

import (
	"regexp"
	"strings"
)

// contraction is a shortened form of English at the end of a word. The s is left alone behind other words, where it
// may be a genitive's.
var contraction = regexp.MustCompile(`(?i)\b(?:(can|won|shan)['’]t|(\w+)n['’]t|(i)['’]m|(i|you|we|they)['’](ve|d|ll|re)|(it|that|what|here|there|he|she)['’](s|ll|d)|(let)['’]s)\b`)

// expanded writes the shortened forms of an English text in full, so that "I've led" reads as "I have led".
func expanded(text string) string {
	if !strings.ContainsAny(text, "'’") {
		return text
	}
	return contraction.ReplaceAllStringFunc(text, func(short string) string {
		word, ending, _ := strings.Cut(strings.Replace(short, "’", "'", 1), "'")
		switch strings.ToLower(ending) {
		case "m":
			return word + " am"
		case "ve":
			return word + " have"
		case "ll":
			return word + " will"
		case "re":
			return word + " are"
		case "d":
			return word + " would"
		case "s":
			if strings.EqualFold(word, "let") {
				return word + " us"
			}
			return word + " is"
		}
		switch strings.ToLower(word) {
		case "can":
			return "cannot"
		case "won":
			return "will not"
		case "shan":
			return "shall not"
		}
		return word[:len(word)-1] + " not"
	})
}
