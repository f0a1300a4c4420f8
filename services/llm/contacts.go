package llm

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// maxContacts bounds how many people of a text are known.
const maxContacts = 20

const namePart = `\p{Lu}[\p{L}\p{M}'’-]+`

var (
	// titled finds people by the title before their name, introduced by the word that announces a name.
	titled = regexp.MustCompile(`\b(?:Ms|Mrs|Mr|Mx|Miss|Dr|Prof|Frau|Herrn?)\b\.?[ \x{a0}]+(?:(?:Dr|Prof|Dipl|Ing|med)\b\.?[ -]*)*((?:\p{Lu}\.[ ]?)*` +
		namePart + `(?:[ \x{a0}](?:(?:von|van|de|der|den|zu|la|di)[ ])*` + namePart + `){0,2})`)
	introduced = regexp.MustCompile(`(?:\b(?i:contact(?: person)?|recruiter|hiring manager|ansprechpartner(?:in)?|ansprechperson|kontakt(?:person)?)(?: is| ist)?[ ]?[:–-]?[ \n]+)(` +
		namePart + `(?:[ ](?:(?:von|van|de|der|den|zu|la|di)[ ])*` + namePart + `){1,2})`)
)

// noNames are folded words that follow, with a capital, where a name may stand.
var noNames = []string{"us", "me", "you", "the", "our", "human", "resources", "people", "team", "talent", "acquisition", "department",
	"office", "manager", "email", "mail", "phone", "telefon", "details", "information", "form", "hr", "personal", "personalabteilung",
	"abteilung", "bewerbung", "please", "customer", "service", "support", "center", "centre", "sales", "gmbh", "unter", "fur", "und", "and"}

// ContactNames returns the people a posting names as its contacts, without their titles, each once.
func ContactNames(posting string) []string {
	var names []string
	for _, pattern := range []*regexp.Regexp{titled, introduced} {
		for _, found := range pattern.FindAllStringSubmatch(posting, maxContacts) {
			if name := personOf(found[1]); name != "" && !slices.Contains(names, name) && len(names) < maxContacts {
				names = append(names, name)
			}
		}
	}
	return names
}

// personOf cuts a run of capitalized words before the first one that is no name.
func personOf(run string) string {
	words := strings.Fields(run)
	for i, word := range words {
		if slices.Contains(noNames, fold(word)) || slices.Contains(honorifics, fold(word)) {
			words = words[:i]
			break
		}
	}
	return strings.Join(words, " ")
}

// contactFinder finds the names of contacts and their parts, where they are written with a capital.
func contactFinder(texts []string) func(string) []interval {
	known := map[string]bool{}
	for _, text := range texts {
		for _, name := range ContactNames(text) {
			for _, w := range wordsOf(name) {
				if word := fold(name[w.start:w.end]); !slices.Contains(particles, word) && len(word) > 1 {
					known[word] = true
				}
			}
		}
	}
	return func(text string) []interval {
		if len(known) == 0 {
			return nil
		}
		var found []interval
		for _, w := range wordsOf(text) {
			word := text[w.start:w.end]
			if stem, ok := withoutGenitive(word); ok && !known[fold(word)] && known[fold(stem)] {
				w.end, word = w.start+len(stem), stem
			}
			if !startsUpper(word) || !known[fold(word)] {
				continue
			}
			if last := len(found) - 1; last >= 0 && isNameJoint(text[found[last].end:w.start]) && !strings.Contains(text[found[last].end:w.start], "\n") {
				found[last].end = w.end
				continue
			}
			found = append(found, w)
		}
		return found
	}
}

func startsUpper(word string) bool {
	for _, r := range word {
		return unicode.IsUpper(r)
	}
	return false
}
