package matching

import (
	"regexp"
	"strings"
)

// Levels of education, after the International Standard Classification of Education 2011, from vocational training up.
const (
	levelNone = iota
	levelVocational
	levelMaster // a master craftsman's, technician's or associate degree
	levelBachelor
	levelPostgraduate
	levelDoctorate
)

var degreePatterns = []struct {
	level   int
	pattern *regexp.Regexp
}{
	{levelDoctorate, regexp.MustCompile(`(?i)\b(?:ph\.?\s?d|doctorate|doctoral|doktortitel|promotion|promoviert|doctorat|doctorado|dr\.\s?(?:rer|med|phil|ing|jur|iur))\b`)},
	{levelPostgraduate, regexp.MustCompile(`(?i)\bmaster(?:['’]?s)?(?:\s+(?:degree|of|in)\b|\b)|\bmasters?\b|\b(?:m\.?\s?sc|m\.?\s?a|m\.?\s?eng|mba|ll\.?m|magister|diplom|diplom-\p{L}+|dipl\.-\p{L}+|staatsexamen|j\.?d|m\.?b\.?a|máster|maîtrise universitaire)\b\.?`)},
	{levelBachelor, regexp.MustCompile(`(?i)\bbachelor(?:['’]?s)?|\b(?:b\.?\s?sc|b\.?\s?a|b\.?\s?eng|b\.?\s?s|b\.?\s?ed|bsn|ll\.?b|fh-diplom|licence (?:en|de|professionnelle)|licenciatura|licenciado|licenciada|grado en|undergraduate|university degree|college degree|hochschulabschluss|hochschulstudium|studium|universitätsabschluss|degree|grado universitario|pgce)\b|\p{L}+studium\b`)},
	{levelMaster, regexp.MustCompile(`(?i)\b(?:associate(?:['’]?s)? degree|foundation degree|meisterbrief|meisterprüfung|meister|staatlich geprüfte?r?|fachwirt|bts|dut|\p{L}+meister|técnico superior)\b`)},
	{levelVocational, regexp.MustCompile(`(?i)\b(?:berufsausbildung|ausbildung|lehre|gesellenbrief|gesellenprüfung|apprenticeship|vocational|trade certificate|nvq|city & guilds|high school diploma|ged|cap|bac pro|formación profesional|fp|journeyman|diploma|diplôme|examinierte?r?|examen)\b|\p{L}+ausbildung\b`)},
}

var (
	orEquivalent   = regexp.MustCompile(`(?i)\bor (?:an? )?(?:equivalent|comparable|similar|related|relevant)|equivalent (?:work )?experience|oder (?:eine )?(?:vergleichbare?|ähnliche|gleichwertige)|vergleichbare (?:qualifikation|ausbildung)|ou équivalent|o equivalente`)
	drivingWords   = regexp.MustCompile(`(?i)\b(?:führerschein(?:klasse)?|fahrerlaubnis|driver['’]?s?[ -]licen[cs]e|driving licen[cs]e|permis (?:de conduire|[a-e]\b)|(?:carnet|permiso) de conducir|cdl)`)
	drivingClass   = regexp.MustCompile(`(?i)(?:klassen?|class(?:es)?|category|categories|kl\.|permis|tipo|führerschein|fahrerlaubnis|cdl[- ]class)\s*[("]?\s*([abcd]1?e?)\b`)
	levelCode      = regexp.MustCompile(`\b([ABC][12])\b`)
	otherPromotion = regexp.MustCompile(`(?i)\bpromotions?\b.*\b(?:campaign|kampagn|sales|event)|\b(?:sales|event|campaign)s?\b.*\bpromotion`)
)

// degreeHints are pieces of every word the patterns know; most texts hold none and need no pattern.
var degreeHints = []string{
	"degree", "bachel", "master", "ph", "docto", "dokto", "promo", "dr.", "m.", "b.", "msc", "bsc", "mba", "ma ", "ba ", "bs ", "llm", "ll.", "llb", "mag", "dipl", "exam",
	"j.d", "jd", "máster", "maîtr", "bsn", "bed", "beng", "meng", "licen", "grad", "studi", "absch", "hochsch", "pgce", "meister", "geprüft", "fachwirt", "bts", "dut", "superior",
	"ausbild", "lehre", "gesell", "apprent", "vocat", "trade", "nvq", "guilds", "ged", "cap", "bac", "fp", "profesional", "journey",
}

func mayNameDegree(text string) bool {
	lower := strings.ToLower(text) + " "
	for _, hint := range degreeHints {
		if strings.Contains(lower, hint) {
			return true
		}
	}
	return false
}

// degreeLevel returns the level of education a text names: the lowest of a demand's alternatives, the highest of what
// a person has.
func degreeLevel(text string, lowest bool) int {
	level := levelNone
	if !mayNameDegree(text) {
		return level
	}
	for _, d := range degreePatterns {
		if level != levelNone && !lowest {
			break
		}
		at := d.pattern.FindString(text)
		if at == "" || d.level == levelDoctorate && otherPromotion.MatchString(text) {
			continue
		}
		level = d.level
	}
	return level
}

// demandedDegree returns the level a requirement asks for; a lower level only counts as its alternative behind "or".
func demandedDegree(text string) (level int, replaceable bool) {
	if !mayNameDegree(text) {
		return levelNone, false
	}
	lower := strings.ToLower(text)
	alternatives := strings.Contains(lower, " or ") || strings.Contains(lower, " oder ") || strings.Contains(lower, "/") || strings.Contains(lower, " ou ") || strings.Contains(lower, " o ")
	return degreeLevel(text, alternatives), orEquivalent.MatchString(text)
}

// drivingLicence returns the class of driving licence a text names, in capitals, "B" where it names none, and ""
// where it speaks of no licence.
func drivingLicence(text string) string {
	if !mayNameLicence(text) || !drivingWords.MatchString(text) {
		return ""
	}
	if c := drivingClass.FindStringSubmatch(text); c != nil {
		return strings.ToUpper(c[1])
	}
	return "B"
}

// licenceSpan returns where a text that names a driving licence does so, its class included.
func licenceSpan(text string) textSpan {
	at := drivingWords.FindStringIndex(text)
	start := 1 + strings.LastIndexAny(text[:at[0]], " \n\t(/,")
	if class := drivingClass.FindStringIndex(text); class != nil {
		return textSpan{min(start, class[0]), max(at[1], class[1])}
	}
	return textSpan{start, at[1]}
}

func mayNameLicence(text string) bool {
	lower := strings.ToLower(text)
	for _, piece := range []string{"schein", "fahrerl", "licen", "permis", "carnet", "cdl"} {
		if strings.Contains(lower, piece) {
			return true
		}
	}
	return false
}

// licenceCovers reports whether one class of driving licence includes another: every lorry or bus licence includes B.
func licenceCovers(have, want string) bool {
	if have == "" {
		return false
	}
	base := want == "B" || want == "AM"
	return have == want || have == want+"E" || base && strings.ContainsAny(have, "BCD")
}

// Levels of a language, after the Common European Framework of Reference: 1 is A1, 6 is C2.
const (
	levelBasic        = 2
	levelIntermediate = 3
	levelGood         = 4
	levelFluent       = 5
	levelNative       = 6
)

var languageWords = []struct {
	level int
	words []string
}{
	{levelNative, []string{"native", "mother tongue", "muttersprach", "bilingual", "zweisprachig", "langue maternelle", "bilingue", "nativo", "nativa"}},
	{levelFluent, []string{"fluent", "fluency", "fließend", "verhandlungssicher", "business level", "full professional", "professional", "advanced", "excellent", "sehr gut", "very good", "stilsicher", "proficient", "courant", "fluido", "avanzado", "perfekt", "strong"}},
	{levelBasic, []string{"basic", "grundkenntnis", "beginner", "elementary", "anfänger", "notions", "básico", "schulkenntnis"}},
	{levelIntermediate, []string{"intermediate", "conversational", "limited", "mittel", "intermédiaire", "medio", "befriedigend"}},
	{levelGood, []string{"good", "gut", "working", "solid", "upper", "sicher", "bon ", "bonne", "buen"}},
}

// languageLevel returns the level a text states, or otherwise where it states none.
func languageLevel(text string, otherwise int) int {
	if m := levelCode.FindString(text); m != "" {
		return 2*int(m[0]-'A') + int(m[1]-'0')
	}
	lower := strings.ToLower(text)
	for _, l := range languageWords {
		for _, w := range l.words {
			if strings.Contains(lower, w) {
				return l.level
			}
		}
	}
	return otherwise
}
