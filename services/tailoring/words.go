package tailoring

import "resume-matcher/services/skills"

// words returns the words of text, lower-cased.
func words(text string) []string {
	tokens := skills.Tokenize(text)
	list := make([]string, len(tokens))
	for i, t := range tokens {
		list[i] = t.Text
	}
	return list
}

func wordSet(text string) map[string]bool {
	set := make(map[string]bool)
	addWords(set, text)
	return set
}

func addWords(set map[string]bool, text string) {
	for _, t := range skills.Tokenize(text) {
		set[t.Text] = true
	}
}

// containsWords tells whether the words of phrase stand in list side by side.
func containsWords(list, phrase []string) bool {
	if len(phrase) == 0 {
		return false
	}
	for i := 0; i+len(phrase) <= len(list); i++ {
		j := 0
		for j < len(phrase) && list[i+j] == phrase[j] {
			j++
		}
		if j == len(phrase) {
			return true
		}
	}
	return false
}
