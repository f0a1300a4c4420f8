package llm

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"resume-matcher/models"
)

// Bounds of where a name is looked for: the first lines of a résumé, short ones of few words.
const (
	maxNameLines = 12
	maxNameRunes = 40
	maxNameWords = 4
)

// noNameWords are folded words of titles, headings, addresses and file names, which name nobody.
var noNameWords = strings.Fields(`curriculum vitae resume cv lebenslauf bewerbung bewerbungsunterlagen application profile profil summary
	contact kontakt about personal details personliche daten angaben experience berufserfahrung education ausbildung skills kenntnisse
	senior junior lead chief head principal staff software backend frontend fullstack full stack web mobile data cloud system systems
	network security product project program programme marketing sales finance human resources quality business it engineer engineering
	developer architect manager management analyst consultant designer scientist administrator assistant director teacher nurse
	accountant driver technician specialist officer coordinator intern trainee student entwickler entwicklerin ingenieur ingenieurin
	berater beraterin leiter leiterin kaufmann kauffrau lehrer lehrerin pfleger pflegerin techniker technikerin phone telephone telefon
	email mail address adresse info office admin jobs job work hello me my the for and und von to hr post document dokument scan upload
	file datei final new neu version draft entwurf copy kopie english englisch german deutsch updated current aktuell signed pdf docx
	doc odt rtf txt md de en us uk name page seite`)

var (
	nameLabel     = regexp.MustCompile(`(?i)^(?:full |vor- und (?:nach|zu))?name\s*:\s*`)
	lineSeparator = regexp.MustCompile(`\s[|–—/-]\s|[|,;·•\t]`)
	lineMarks     = "#*_>-•=| \t"
)

// guessedNames returns what may be a person's name where the structure of a résumé does not tell it: the first line
// that looks like one, the words of the e-mail address, and those of the file's name.
func guessedNames(info models.PersonalInfo, markdown, filename string) []string {
	const whole = 2
	if len(nameWords(info.Name)) >= whole {
		return nil
	}
	email := info.Email
	if at := findEmails(markdown); email == "" && len(at) > 0 {
		email = markdown[at[0].start:at[0].end]
	}
	local, _, _ := strings.Cut(email, "@")
	if dot := strings.LastIndexByte(filename, '.'); dot > 0 {
		filename = filename[:dot]
	}
	var names []string
	for _, name := range []string{nameLine(markdown), nameOfWords(local), nameOfWords(filename)} {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// nameLine returns the first short line that has the form of a name, in whatever case.
func nameLine(markdown string) string {
	seen := 0
	for line := range strings.Lines(markdown) {
		if line = strings.Trim(strings.TrimSpace(line), lineMarks); line == "" {
			continue
		}
		if seen++; seen > maxNameLines {
			break
		}
		line = nameLabel.ReplaceAllString(line, "")
		if at := lineSeparator.FindStringIndex(line); at != nil {
			line = strings.Trim(line[:at[0]], lineMarks)
		}
		if looksLikeName(line) {
			return line
		}
	}
	return ""
}

func looksLikeName(line string) bool {
	words := nameWords(line)
	if len(words) < 2 || len(words) > maxNameWords || utf8.RuneCountInString(line) > maxNameRunes {
		return false
	}
	capitals := 0
	for _, word := range words {
		if startsUpper(word) || slices.Contains(particles, fold(word)) {
			capitals++
		}
	}
	if strings.HasSuffix(line, ".") || capitals > 0 && capitals < len(words) && startsUpper(words[0]) {
		return false // a sentence
	}
	isSign := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" .'’-", r)
	}
	return !strings.ContainsFunc(line, isSign) && !slices.ContainsFunc(words, isNoName)
}

func isNoName(word string) bool { return slices.Contains(noNameWords, fold(word)) }

// nameOfWords returns the words of an address or a file's name that may name a person.
func nameOfWords(text string) string {
	var spaced strings.Builder
	var before rune
	for _, r := range text {
		if unicode.IsUpper(r) && unicode.IsLower(before) || !unicode.IsLetter(r) && !unicode.IsMark(r) {
			spaced.WriteByte(' ')
		}
		if unicode.IsLetter(r) || unicode.IsMark(r) {
			spaced.WriteRune(r)
		}
		before = r
	}
	words := slices.DeleteFunc(strings.Fields(spaced.String()), func(word string) bool {
		return utf8.RuneCountInString(word) < shortestCapitalPart || isNoName(word)
	})
	if len(words) > maxNameWords {
		return ""
	}
	return strings.Join(words, " ")
}

// allOf finds the words of several names.
func allOf(names []string) func(string) []interval {
	var finders []nameFinder
	for _, name := range names {
		finders = append(finders, newNameFinder(name))
	}
	return func(text string) []interval {
		var found []interval
		for _, f := range finders {
			found = append(found, f.find(text)...)
		}
		return found
	}
}
