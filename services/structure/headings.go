package structure

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed data/headings.txt
var headingsText string

// headingKind tells what stands under a heading.
type headingKind uint8

const (
	headNone headingKind = iota
	// headTitle is the document's own title, "Curriculum vitae".
	headTitle
	headContact
	headSummary
	headExperience
	headEducation
	headProjects
	headSkills
	headLanguages
	headCertificates
	headAwards
	// headOther is a usual heading without a default section: publications, interests, references.
	headOther
)

var headingKinds = map[string]headingKind{
	"title": headTitle, "contact": headContact, "summary": headSummary, "workExperience": headExperience,
	"education": headEducation, "personalProjects": headProjects, "technicalSkills": headSkills,
	"languages": headLanguages, "certificationsTraining": headCertificates, "awards": headAwards, "other": headOther,
}

// list returns the list of models.Additional that the kind fills.
func (k headingKind) list() (listKind, bool) {
	switch k {
	case headSkills:
		return listSkills, true
	case headLanguages:
		return listLanguages, true
	case headCertificates:
		return listCertificates, true
	case headAwards:
		return listAwards, true
	}
	return 0, false
}

// hasEntries tells the kinds whose sections hold positions, degrees or projects.
func (k headingKind) hasEntries() bool {
	return k == headExperience || k == headEducation || k == headProjects
}

// headingTable holds data/headings.txt.
type headingTable struct {
	phrases map[string]headingKind
	// spaceless has the phrases without their spaces, for headings set in spaced letters.
	spaceless map[string]headingKind
	words     map[string]headingKind
	labels    map[string]string
	// languages has the language of phrases that only one has.
	languages map[string]string
	// duties are labels within an entry.
	duties map[string]bool
}

// loadHeadings parses the embedded list once; the result is never changed.
var loadHeadings = sync.OnceValue(func() *headingTable {
	t := &headingTable{
		phrases: map[string]headingKind{}, spaceless: map[string]headingKind{},
		words: map[string]headingKind{}, labels: map[string]string{},
		duties: map[string]bool{}, languages: map[string]string{},
	}
	var group, kind string
	for line := range strings.Lines(headingsText) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok {
			group, kind, _ = strings.Cut(strings.TrimSuffix(name, "]"), " ")
			continue
		}
		language, list, ok := strings.Cut(line, ": ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for phrase := range strings.SplitSeq(list, ", ") {
			phrase = foldPhrase(phrase)
			t.add(group, kind, phrase)
			if group == "section" {
				t.addLanguage(phrase, language)
			}
		}
	}
	return t
})

func (t *headingTable) add(group, kind, phrase string) {
	switch group {
	case "section":
		if _, known := t.phrases[phrase]; !known {
			t.phrases[phrase] = headingKinds[kind]
			t.spaceless[strings.ReplaceAll(phrase, " ", "")] = headingKinds[kind]
		}
	case "words":
		t.words[phrase] = headingKinds[kind]
	case "label":
		t.labels[phrase] = kind
	case "entry":
		t.duties[phrase] = true
	}
}

func (t *headingTable) addLanguage(phrase, language string) {
	if known, ok := t.languages[phrase]; ok && known != language {
		language = ""
	}
	t.languages[phrase] = language
}

// exact returns the kind of a text that is a usual heading as a whole.
func (t *headingTable) exact(text string) headingKind {
	if len(text) > 80 {
		return headNone
	}
	phrase := foldPhrase(text)
	if kind, ok := t.phrases[phrase]; ok {
		return kind
	}
	if strings.HasSuffix(phrase, " continued") {
		return t.phrases[strings.TrimSuffix(phrase, " continued")]
	}
	if isLetterSpaced(phrase) {
		return t.spaceless[strings.ReplaceAll(phrase, " ", "")]
	}
	return headNone
}

const maxWeakHeadingWords = 5

// weak returns the kind of a text that begins or ends with a word of headings.
func (t *headingTable) weak(text string) headingKind {
	if len(text) > 60 {
		return headNone
	}
	words := strings.Fields(foldPhrase(text))
	if len(words) == 0 || len(words) > maxWeakHeadingWords {
		return headNone
	}
	if kind, ok := t.words[words[len(words)-1]]; ok {
		return kind
	}
	return t.words[words[0]]
}

// label returns what a label of contact data names, "" for other words.
func (t *headingTable) label(text string) string {
	if len(text) > 40 {
		return ""
	}
	return t.labels[foldPhrase(text)]
}

// isLetterSpaced recognises "e x p e r i e n c e".
func isLetterSpaced(phrase string) bool {
	letters, words := 0, 0
	for word := range strings.FieldsSeq(phrase) {
		words++
		if utf8.RuneCountInString(word) == 1 {
			letters++
		}
	}
	return letters >= 4 && letters*5 >= words*4
}

// foldPhrase brings a heading to the form the table has: lower case, no accents, words of letters only, no "and".
func foldPhrase(text string) string {
	spaced := isLetterSpaced(text)
	if strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		text = norm.NFD.String(text)
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })
	kept := words[:0]
	for _, word := range words {
		if word = foldWord(word); word != "" && (spaced || !isConnector(word)) {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, " ")
}

var ligatures = strings.NewReplacer("ß", "ss", "œ", "oe", "æ", "ae")

// foldWord lowers a decomposed word and drops its accents.
func foldWord(word string) string {
	word = strings.ToLower(word)
	if strings.IndexFunc(word, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return word
	}
	word = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, word)
	return ligatures.Replace(word)
}

func isConnector(word string) bool {
	switch word {
	case "and", "und", "et", "y", "e", "n":
		return true
	}
	return false
}
