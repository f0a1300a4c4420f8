package skills

import (
	"strings"
	"sync"
)

// languages are those with a list of stop words; the first is the fallback.
func languages() []string { return []string{"en", "de", "fr", "es"} }

// stopWords maps a word to the set of languages it is a stop word of, bit i standing for languages()[i].
var stopWords = sync.OnceValue(func() map[string]uint8 {
	words := map[string]uint8{}
	for i, language := range languages() {
		content, err := embedded.ReadFile("data/stopwords/" + language + ".txt")
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(content)) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			for _, word := range strings.Fields(line) {
				words[word] |= 1 << i
			}
		}
	}
	return words
})

// IsStopWord tells whether a lower-case word is a stop word of the language en, de, fr or es.
func IsStopWord(language, word string) bool {
	for i, l := range languages() {
		if l == language {
			return stopWords()[word]&(1<<i) != 0
		}
	}
	return false
}

// DetectLanguage returns en, de, fr or es, whichever has the most stop words in text, and en when it can't be told.
func DetectLanguage(text string) string { return detectLanguage(Tokenize(text)) }

func detectLanguage(tokens []Token) string {
	words := stopWords()
	var counts [4]int
	for _, t := range tokens {
		set := words[t.Text]
		for i := range counts {
			counts[i] += int(set >> i & 1)
		}
	}
	best := 0
	for i, n := range counts {
		if n > counts[best] {
			best = i
		}
	}
	return languages()[best]
}
