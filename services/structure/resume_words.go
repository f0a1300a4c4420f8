package structure

import (
	"regexp"
	"strings"
	"unicode"
)

// isTitle reports whether text holds a word of job titles.
func isTitle(text string) bool {
	words := splitWords(text)
	titles := &loadPostingWords().titles
	for i := range words {
		if _, ok := titles.longestAt(words, i); ok {
			return true
		}
	}
	return false
}

// isKnownPlace reports whether text is the name of a city, country or state.
func isKnownPlace(text string) bool {
	g := loadGazetteer()
	key := strings.ToLower(strings.TrimSpace(text))
	return g.city[key] != "" || g.country[key] != "" || g.state[key] != "" && len(key) > 2
}

var (
	postcodePattern = regexp.MustCompile(`(?:^|[\s,])(?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{4})?(?:$|[\s,])|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b`)
	statePattern    = regexp.MustCompile(`^[\p{L} .'-]+, ?[A-Z]{2}$`)
)

func hasPostcode(text string) bool { return postcodePattern.MatchString(text) }

// isPlaceLike reports whether text reads like a place: "Berlin", "Austin, TX", "75011 Paris", "Springfield, USA".
func isPlaceLike(text string) bool {
	if text == "" || len(text) > 90 || strings.ContainsAny(text, "@:;!?") || strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "D.C.") {
		return false
	}
	switch strings.ToLower(text) {
	case "remote", "homeoffice", "home office", "hybrid", "à distance", "télétravail", "remoto", "teletrabajo", "en remoto":
		return true
	}
	trimmed := strings.TrimSuffix(strings.TrimPrefix(text, "("), ")")
	if isKnownPlace(trimmed) {
		return true
	}
	if trimmed == "" {
		return false
	}
	if first := firstRune(trimmed); !unicode.IsUpper(first) && !isDigit(trimmed[0]) {
		return false
	}
	if statePattern.MatchString(trimmed) && len(trimmed) < 40 {
		return true
	}
	if hasPostcode(trimmed) && letterCount(trimmed) >= 3 && len(strings.Fields(trimmed)) <= 10 {
		_, dated := findPeriod(trimmed)
		return !dated || strings.Contains(trimmed, ",")
	}
	parts := strings.FieldsFunc(trimmed, func(r rune) bool { return r == ',' || r == '/' || r == '(' || r == ')' })
	if len(parts) < 2 || len(parts) > 4 || len(trimmed) > 60 {
		return false
	}
	for _, p := range parts {
		p = strings.TrimSpace(p)
		if isKnownPlace(p) && len(strings.Fields(parts[0])) <= 4 {
			return true
		}
	}
	return false
}

// isEntryPlace is isPlaceLike for the lines of an entry, where "Oakroad Garage, Leeds" is an employer with its town: what
// stands before the first comma must be a place itself, or short with a country or state behind it.
func isEntryPlace(text string) bool {
	if !isPlaceLike(text) {
		return false
	}
	first, rest, several := strings.Cut(strings.Trim(text, "()"), ",")
	rest = strings.TrimSpace(rest)
	switch {
	case !several || isKnownPlace(first):
		return !hasPostcode(first) || !isTitle(text)
	case employerScore(text) > 0 || isSchool(text) || isTitle(text) || len(strings.Fields(first)) > 3:
		return false
	}
	g := loadGazetteer()
	key := strings.ToLower(rest)
	return g.country[key] != "" || g.state[key] != "" || len(rest) == 2 && rest == strings.ToUpper(rest)
}

// employerWords are words of the names of firms and institutions.
var employerWords = map[string]bool{
	"inc": true, "llc": true, "ltd": true, "gmbh": true, "ag": true, "kg": true, "se": true, "ug": true, "ev": true, "corp": true, "corporation": true, "plc": true,
	"sarl": true, "sas": true, "sl": true, "sa": true, "slu": true, "bv": true, "oy": true, "ab": true, "spa": true, "srl": true, "co": true, "mbh": true, "ohg": true,
	"group": true, "hospital": true, "clinic": true, "klinik": true, "klinikum": true, "krankenhaus": true, "hôpital": true, "clinique": true, "clínica": true,
	"university": true, "universität": true, "université": true, "universidad": true, "college": true, "school": true, "schule": true, "école": true, "escuela": true,
	"institute": true, "institut": true, "instituto": true, "bank": true, "banque": true, "banco": true, "hotel": true, "hôtel": true, "restaurant": true, "restaurante": true, "café": true,
	"company": true, "solutions": true, "labs": true, "laboratories": true, "technologies": true, "studio": true, "studios": true, "agency": true, "agence": true, "agentur": true,
	"agencia": true, "partners": true, "consulting": true, "foundation": true, "stiftung": true, "fundación": true, "freelance": true, "freiberuflich": true, "selbstständig": true,
	"self-employed": true, "autónomo": true, "indépendant": true, "stadtwerke": true, "ministry": true, "department": true, "council": true, "collège": true, "lycée": true, "colegio": true,
	"gymnasium": true, "grundschule": true, "research": true, "systems": true, "société": true, "ateliers": true, "center": true, "centre": true, "zentrum": true, "centro": true, "academy": true, "services": true,
	"logistics": true, "logistik": true, "media": true, "medical": true, "health": true, "energy": true, "elektro": true, "software": true, "digital": true, "cabinet": true, "pflegeheim": true, "seniorenzentrum": true,
}

// employerScore counts the words of text that name firms.
func employerScore(text string) int {
	score := 0
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == ',' || r == '(' || r == ')' || r == '/' }) {
		if employerWords[strings.ReplaceAll(strings.Trim(w, ".&"), ".", "")] {
			score++
		}
	}
	return score
}

// schoolWords are parts of the names of schools, as beginnings of their words.
var schoolWords = []string{
	"universit", "universidad", "université", "college", "school", "schule", "hochschule", "institut", "lycée", "lycee", "école", "ecole", "academy", "akademie",
	"académie", "academia", "escuela", "gymnasium", "fachhochschule", "berufsschule", "polytechni", "politécnic", "collège", "colegio", "iut", "tu", "eth", "mit", "ifsi", "faculty", "faculté", "facultad", "conservator", "conservatoire", "bootcamp", "uni", "cfa", "ihk", "kolleg", "campus", "seminary", "realschule", "gesamtschule", "berufskolleg", "technikerschule",
}

// isSchool reports whether text names a school.
func isSchool(text string) bool {
	for _, w := range splitWords(text) {
		for _, s := range schoolWords {
			if w.text == s || len(s) >= 6 && (strings.HasPrefix(w.text, s) || strings.HasSuffix(w.text, s)) {
				return true
			}
		}
	}
	return false
}

// degreeWords are parts of the names of degrees, as beginnings of words.
var degreeWords = []string{
	"bachelor", "master", "phd", "doctor", "diplom", "diplôme", "licence", "licenc", "grado", "abitur", "ausbildung", "associate", "degree", "certificate", "bsc", "msc", "mba", "ba", "ma", "bs", "ms",
	"bfa", "mfa", "b.sc", "m.sc", "beng", "meng", "llb", "llm", "staatsexamen", "magister", "promotion", "baccalauréat", "bac", "bts", "dut", "doctorat", "máster", "bachiller", "técnico", "minor", "major", "gesell", "meister", "fachabitur", "reife", "ged", "ciclo", "formación", "cap", "brevet", "mittlere", "realschulabschluss", "thesis", "apprenticeship", "bsn", "adn", "nvq", "btec", "levels", "a-levels", "ingeniería", "graduate", "postgraduate", "studium", "umschulung", "deug", "title", "título", "diploma",
}

// degreeScore tells how much text reads like a degree.
func degreeScore(text string) int {
	score := 0
	plainText := strings.ReplaceAll(text, ".", "")
	for _, w := range splitWords(plainText) {
		for _, d := range degreeWords {
			if w.text == d || len(d) >= 5 && strings.HasPrefix(w.text, d) {
				score++
				break
			}
		}
	}
	return score
}
