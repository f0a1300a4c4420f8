package structure

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	// yearsStated is a number of years with its neighbours, as "3-5 years", "mindestens fünf Jahre", "5+ ans", "two (2) years".
	yearsStated = regexp.MustCompile(`(?i)(?:^|[^\pL\d.,])((?:\d{1,2}(?:[.,]5)?)|[\p{L}]{2,9})(?:\s?\((\d{1,2})\))?\s?(?:\+|plus)?\s?(?:(?:-|–|—|to|bis|à|a|or|oder)\s?(?:\d{1,2})\s?\+?\s?)?(?:or more |oder mehr )?[-\s]?(?:full )?(?:years?|yrs?|jahren?|jahre[ns]?|ans|années|años?)(?:['’]s?)?(?:\P{L}|$)`)
	// ageStated are years that are a person's age or a term, not experience.
	ageStated     = regexp.MustCompile(`(?i)years?\s+(?:of age|old)|jahre\s+alt|age of|lebensjahr|\bans révolus|years? ago|(?:within|last|past|next|every|nächsten|letzten|innerhalb)\s+(?:the\s+)?(?:\w+\s+){0,3}\d{0,2}\s?(?:years|jahre)|befristet|contract|duration|limited to|year\s+(?:degree|college|university|program)`)
	experienceCue = regexp.MustCompile(`(?i)experience|erfahrung|expérience|experiencia|\bin\b|\bas\b|\bals\b|\bof\b|\bwith\b|\bmit\b|working|berufs|track record|background|tätig|practice|praxis`)
)

var numberWords = map[string]float64{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20,
	"ein": 1, "eine": 1, "einem": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "zwölf": 12, "zwanzig": 20,
	"un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "dix": 10,
	"dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "diez": 10,
}

func mayNameYears(text string) bool {
	lower := strings.ToLower(text)
	for _, piece := range []string{"year", "yr", "jahr", "ans", "année", "año"} {
		if strings.Contains(lower, piece) {
			return true
		}
	}
	return false
}

// MinimumYears returns the years of experience a text asks for or states, the lower end of a range, and 0 if it
// names none; an age or the length of a contract or of studies doesn't count.
func MinimumYears(text string) float64 {
	if !mayNameYears(text) || ageStated.MatchString(text) || !experienceCue.MatchString(text) {
		return 0
	}
	most := 0.0
	for _, m := range yearsStated.FindAllStringSubmatch(text, -1) {
		years, ok := numberWords[strings.ToLower(m[1])]
		if !ok {
			n, err := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", "."), 64)
			if err != nil {
				continue
			}
			years = n
		}
		if years <= 40 {
			most = max(most, years)
		}
	}
	return most
}
