package llm

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"resume-matcher/models"
	"resume-matcher/services/redact"
)

// maxKnown bounds how many numbers and links of the texts are looked for in their other forms.
const maxKnown = 100

// literalFinder finds values letter by letter, where they don't stand inside of a word.
func literalFinder(values ...string) func(string) []interval {
	var sought []string
	for _, value := range values {
		if value = strings.TrimSpace(value); value != "" {
			sought = append(sought, value)
		}
	}
	return func(text string) []interval {
		var found []interval
		for _, value := range sought {
			for at := 0; ; {
				i := strings.Index(text[at:], value)
				if i < 0 {
					break
				}
				start, end := at+i, at+i+len(value)
				if standsApart(text, start, end) {
					found = append(found, interval{start, end})
				}
				at = end
			}
		}
		return found
	}
}

// standsApart tells whether text[start:end] is not a part of a longer word, where the script parts words by spaces.
func standsApart(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	first, _ := utf8.DecodeRuneInString(text[start:])
	last, _ := utf8.DecodeLastRuneInString(text[:end])
	after, _ := utf8.DecodeRuneInString(text[end:])
	inWord := func(outer, inner rune) bool {
		return isWordRune(outer) && isWordRune(inner) && !isUnspaced(outer) && !isUnspaced(inner)
	}
	return !inWord(before, first) && !inWord(after, last)
}

func findEmails(text string) []interval {
	emails, _ := redact.Find(text)
	return ofSpans(emails)
}

func ofSpans(spans []redact.Span) []interval {
	found := make([]interval, 0, len(spans))
	for _, s := range spans {
		found = append(found, interval{s.Start, s.End})
	}
	return found
}

// phoneFinder finds what looks like a phone number, and the known numbers however their digits are grouped.
type phoneFinder struct {
	// known are the last digits of numbers, which are the same with and without the country's prefix.
	known []string
}

var digitRun = regexp.MustCompile(`[+(]{0,2}\d(?:[ \-./()\x{a0}\x{202f}\x{2009}\x{2010}-\x{2014}]{0,4}\d){5,30}`)

// significantDigits is how many digits at the end of a phone number are enough to know it.
const significantDigits = 7

func significant(phone string) string {
	digits := onlyDigits(phone)
	if len(digits) < significantDigits-1 {
		return ""
	}
	return digits[max(0, len(digits)-significantDigits):]
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func newPhoneFinder(info models.PersonalInfo, texts []string) phoneFinder {
	var f phoneFinder
	learn := func(phone string) {
		if last := significant(phone); last != "" && len(f.known) < maxKnown && !slices.Contains(f.known, last) {
			f.known = append(f.known, last)
		}
	}
	learn(info.Phone)
	for _, text := range texts {
		_, phones := redact.Find(text)
		for _, at := range phones {
			learn(text[at.Start:at.End])
		}
	}
	return f
}

func (f phoneFinder) find(text string) []interval {
	_, phones := redact.Find(text)
	found := ofSpans(phones)
	for _, at := range digitRun.FindAllStringIndex(text, -1) {
		digits := onlyDigits(text[at[0]:at[1]])
		for _, known := range f.known {
			if strings.Contains(digits, known) {
				found = append(found, interval{at[0], at[1]})
			}
		}
	}
	return found
}

// linkFinder finds addresses of the web: with a scheme or www, of profiles, and known ones in any form.
type linkFinder struct {
	known *regexp.Regexp // nil if there is none
}

const linkRest = `[^\s<>|"(){}\[\]\\«»“”]`

var (
	linkPattern = regexp.MustCompile(`(?i)\b(?:(?:https?|ftp)://|www\.)` + linkRest + `+` +
		`|\b(?:[a-z0-9-]+\.)*(?:linkedin\.com|lnkd\.in|xing\.com|github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|stackoverflow\.com|medium\.com|behance\.net|dribbble\.com|kaggle\.com|twitter\.com|x\.com|instagram\.com|facebook\.com|youtube\.com|t\.me|wa\.me|orcid\.org|researchgate\.net|huggingface\.co|linktr\.ee)/` + linkRest + `+` +
		`|\b[a-z0-9-]+\.(?:github|gitlab)\.io\b(?:/` + linkRest + `*)?`)
	scheme = regexp.MustCompile(`(?i)^(?:[a-z]+://)?(?:www\.)?`)
)

func newLinkFinder(info models.PersonalInfo, names nameFinder, texts []string) linkFinder {
	links := []string{info.LinkedIn, info.GitHub, info.Website}
	for _, text := range texts {
		for _, at := range (linkFinder{}).find(text) {
			if len(links) < maxKnown {
				links = append(links, text[at.start:at.end])
			}
		}
	}
	var forms []string
	for _, link := range links {
		bare := strings.TrimRight(scheme.ReplaceAllString(strings.TrimSpace(link), ""), "/")
		if utf8.RuneCountInString(bare) < 4 {
			continue
		}
		forms = append(forms, `(?:[a-z]+://)?(?:www\.)?`+regexp.QuoteMeta(bare)+`(?:/`+linkRest+`*)?`)
	}
	for _, profile := range []string{info.LinkedIn, info.GitHub} {
		if handle := handleOf(profile); isPersonalHandle(handle, names) {
			forms = append(forms, `@?`+regexp.QuoteMeta(handle))
		}
	}
	if len(forms) == 0 {
		return linkFinder{}
	}
	known, err := regexp.Compile(`(?i)` + strings.Join(forms, "|"))
	if err != nil { // too large for the engine: links with a scheme and those of profiles are found without it
		return linkFinder{}
	}
	return linkFinder{known: known}
}

// handleOf returns the name of an account in the address of a profile.
func handleOf(profile string) string {
	profile = strings.TrimRight(strings.TrimSpace(profile), "/")
	return strings.TrimPrefix(profile[strings.LastIndexByte(profile, '/')+1:], "@")
}

// isPersonalHandle tells a handle that names a person from one that may be an ordinary word.
func isPersonalHandle(handle string, names nameFinder) bool {
	if len(handle) < 5 || strings.ContainsAny(handle, ". ") {
		return false
	}
	if strings.ContainsAny(handle, "-_0123456789") {
		return true
	}
	for word := range names.strong {
		if strings.Contains(fold(handle), word) {
			return true
		}
	}
	return false
}

func (f linkFinder) find(text string) []interval {
	found := intervals(linkPattern.FindAllStringIndex(text, -1))
	if f.known != nil {
		for _, at := range f.known.FindAllStringIndex(text, -1) {
			if standsApart(text, at[0], at[1]) {
				found = append(found, interval{at[0], at[1]})
			}
		}
	}
	for i := range found {
		link := text[found[i].start:found[i].end]
		found[i].end = found[i].start + len(strings.TrimRight(link, ".,;:!?'*_’"))
	}
	return found
}

// streetPattern knows addresses by the words that tell a street: "Lindenstraße 12", "Alter Markt 5, 50667", "12 Elm
// Street", "12 rue des Lilas", "Calle del Sol, 12", "Postfach 12 34".
var streetPattern = regexp.MustCompile(strings.Join([]string{
	`\p{Lu}[\p{L}\p{M}.'’-]*(?: \p{Lu}?[\p{L}\p{M}.'’-]+){0,2}?(?:[ -]?(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|[Ww]eg|[Pp]latz|[Aa]llee|[Gg]asse|[Dd]amm|[Cc]haussee|[Pp]romenade|[Ss]teig|[Ss]traat|[Gg]racht|[Ll]aan)|[ -](?:Ring|Ufer|Markt|Hof)) ?\d{1,3}\b(?: ?[a-zA-Z]\b)?(?: ?[-–/] ?\d{1,3} ?[a-zA-Z]?\b)?`,
	`\p{Lu}[\p{L}\p{M}.' -]{2,40} \d{1,3} ?[a-zA-Z]?,? (?:[A-Z]{1,2}-)?\d{5}\b`,
	`\b\d{1,5}[A-Za-z]?(?:[-/]\d{1,4})? (?:[NSEW]\.? )?(?:[\p{Lu}\d][\p{L}\p{M}\d.'’-]* ){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Square|Sq|Terrace|Close|Crescent|Parkway|Pkwy|Highway|Hwy|Gardens|Grove|Mews|Circle)\b\.?(?:,? (?:Apt|Apartment|Unit|Suite|Ste|Flat|#)\.? ?\w{1,5})?`,
	`\b\d{1,4}(?: ?(?:bis|ter|quater))?,? (?:[Rr]ue(?: [\p{L}\p{M}'’.-]+){1,5}|(?:[Aa]venue|[Aa]v\.|[Bb]oulevard|[Bb]d|[Pp]lace|[Cc]hemin|[Aa]llée|[Ii]mpasse|[Qq]uai) (?:(?:de|du|des|la|le|les) |[dl]['’]){0,3}(?:\d{1,2} )?\p{Lu}[\p{L}\p{M}'’.-]*(?: \p{Lu}[\p{L}\p{M}'’.-]*){0,3})`,
	`(?:(?:Calle|Avenida|Avda\.?|Av\.|Plaza|Paseo|Camino|Carretera|Ronda|Travesía|Via|Viale|Piazza|Corso|Rua|Praça) |C/ ?)(?:(?:de|del|la|las|los|el|y|da|do|dos|della|di|\p{Lu}[\p{L}\p{M}'’.ª-]*) ){0,5}\p{Lu}[\p{L}\p{M}'’.ª-]*,? (?:n[.º°]{1,2} ?)?\d{1,3}\b(?:,? ?\d{1,2}[.º°ª] ?[A-Za-z]\b)?`,
	`(?i)(?:Postfach|P\. ?O\. ?Box|PO Box|Boîte postale|Apartado(?: de correos)?) \d[\d ]{0,8}\d?`,
}, "|"))

func findStreets(text string) []interval {
	var found []interval
	for _, at := range intervals(streetPattern.FindAllStringIndex(text, -1)) {
		if standsApart(text, at.start, at.end) {
			found = append(found, at)
		}
	}
	return found
}

var houseNumber = regexp.MustCompile(`^\d{1,3}[a-zA-Z]?,? +\p{L}|\p{L}.* \d{1,3} ?[a-zA-Z]?$`)

// streetsOf returns the pieces of an address that have a house number.
func streetsOf(location string) []string {
	var streets []string
	pieces := strings.FieldsFunc(location, func(r rune) bool { return strings.ContainsRune(",;|·•\n", r) })
	for _, piece := range pieces {
		if piece = strings.TrimFunc(piece, unicode.IsSpace); houseNumber.MatchString(piece) {
			streets = append(streets, piece)
		}
	}
	return streets
}
