package structure

// monthRange is a month, or the months of a season, from 1 to 12.
type monthRange struct{ first, last int }

// monthWords are names and usual short forms in English, German, French and Spanish, without their dots.
var monthWords = map[string]monthRange{
	"january": {1, 1}, "jan": {1, 1}, "januar": {1, 1}, "jänner": {1, 1}, "janvier": {1, 1}, "janv": {1, 1}, "enero": {1, 1}, "ene": {1, 1},
	"february": {2, 2}, "feb": {2, 2}, "febr": {2, 2}, "februar": {2, 2}, "février": {2, 2}, "févr": {2, 2}, "fév": {2, 2}, "fevrier": {2, 2}, "febrero": {2, 2},
	"march": {3, 3}, "mar": {3, 3}, "märz": {3, 3}, "mrz": {3, 3}, "mär": {3, 3}, "maerz": {3, 3}, "mars": {3, 3}, "marzo": {3, 3},
	"april": {4, 4}, "apr": {4, 4}, "avril": {4, 4}, "avr": {4, 4}, "abril": {4, 4}, "abr": {4, 4},
	"may": {5, 5}, "mai": {5, 5}, "mayo": {5, 5},
	"june": {6, 6}, "jun": {6, 6}, "juni": {6, 6}, "juin": {6, 6}, "junio": {6, 6},
	"july": {7, 7}, "jul": {7, 7}, "juli": {7, 7}, "juillet": {7, 7}, "juil": {7, 7}, "julio": {7, 7},
	"august": {8, 8}, "aug": {8, 8}, "août": {8, 8}, "aout": {8, 8}, "agosto": {8, 8}, "ago": {8, 8},
	"september": {9, 9}, "sep": {9, 9}, "sept": {9, 9}, "septembre": {9, 9}, "septiembre": {9, 9}, "setiembre": {9, 9},
	"october": {10, 10}, "oct": {10, 10}, "oktober": {10, 10}, "okt": {10, 10}, "octobre": {10, 10}, "octubre": {10, 10},
	"november": {11, 11}, "nov": {11, 11}, "novembre": {11, 11}, "noviembre": {11, 11},
	"december": {12, 12}, "dec": {12, 12}, "dezember": {12, 12}, "dez": {12, 12}, "décembre": {12, 12}, "déc": {12, 12}, "decembre": {12, 12}, "diciembre": {12, 12}, "dic": {12, 12},
	"spring": {3, 5}, "frühjahr": {3, 5}, "frühling": {3, 5}, "printemps": {3, 5}, "primavera": {3, 5},
	"summer": {6, 8}, "sommer": {6, 8}, "été": {6, 8}, "verano": {6, 8},
	"autumn": {9, 11}, "fall": {9, 11}, "herbst": {9, 11}, "automne": {9, 11}, "otoño": {9, 11},
	"winter": {1, 3}, "hiver": {1, 3}, "invierno": {1, 3},
}

// openPhrases end a range that goes on; the longest that matches counts.
var openPhrases = [][]string{
	{"present"}, {"current"}, {"currently"}, {"now"}, {"today"}, {"ongoing"}, {"date"}, {"current", "position"},
	{"heute"}, {"aktuell"}, {"dato"}, {"jetzt"}, {"laufend"}, {"derzeit"}, {"gegenwärtig"},
	{"aujourd", "'", "hui"}, {"ce", "jour"}, {"actuel"}, {"actuellement"}, {"présent"}, {"maintenant"}, {"en", "cours"}, {"en", "poste"},
	{"actualidad"}, {"la", "actualidad"}, {"actual"}, {"actualmente"}, {"presente"}, {"el", "presente"}, {"hoy"}, {"la", "fecha"}, {"ahora"}, {"en", "curso"},
}

// parseOpen reads words such as "present" or "à ce jour" and returns the index behind them.
func parseOpen(tokens []dateToken, i int) (datePoint, int) {
	longest := 0
	for _, phrase := range openPhrases {
		if len(phrase) <= longest || i+len(phrase) > len(tokens) {
			continue
		}
		matches := true
		for k, word := range phrase {
			if tokens[i+k].text != word {
				matches = false
				break
			}
		}
		if matches {
			longest = len(phrase)
		}
	}
	return datePoint{open: true, shortYear: -1}, i + longest
}

// datePrefix is the meaning of a word before a date.
type datePrefix uint8

const (
	prefixNone datePrefix = iota
	prefixFrom
	prefixSince
	prefixExpected
)

var prefixWords = map[string]datePrefix{
	"since": prefixSince, "seit": prefixSince, "depuis": prefixSince, "desde": prefixSince,
	"from": prefixFrom, "von": prefixFrom, "vom": prefixFrom, "ab": prefixSince, "de": prefixFrom, "du": prefixFrom,
	"expected": prefixExpected, "anticipated": prefixExpected, "voraussichtlich": prefixExpected, "prévu": prefixExpected,
	"prévue": prefixExpected, "previsto": prefixExpected, "prevista": prefixExpected, "expected:": prefixExpected,
}

// readPrefix reads the words before a date that belong to it and returns the index behind them.
func readPrefix(tokens []dateToken, i int) (datePrefix, int) {
	prefix, ok := prefixWords[tokens[i].text]
	if !ok {
		return prefixNone, i
	}
	i++
	for i < len(tokens) {
		switch tokens[i].text {
		case "graduation", "completion", "in", "end", "ende", "anfang", "mitte", "le", "el", "en", ":", "abschluss", "fin", "dem", "der", "la":
			i++
			continue
		}
		break
	}
	return prefix, i
}

const minYear, maxYear = 1940, 2079

func isYear(t dateToken) bool { return len(t.text) == 4 && t.number >= minYear && t.number <= maxYear }

func isMonth(t dateToken) bool { return t.number >= 1 && t.number <= 12 && len(t.text) <= 2 }

func isDay(t dateToken) bool { return t.number >= 1 && t.number <= 31 && len(t.text) <= 2 }

func textAt(tokens []dateToken, i int) string {
	if i < 0 || i >= len(tokens) {
		return ""
	}
	return tokens[i].text
}

// parsePoint reads one date at tokens[i] and returns the index behind it, i itself without one.
func parsePoint(tokens []dateToken, i int) (datePoint, int) {
	if i >= len(tokens) {
		return datePoint{}, i
	}
	if tokens[i].number < 0 {
		return parseNamedMonth(tokens, i)
	}
	if point, next := parseNumericDate(tokens, i); next > i {
		return point, next
	}
	if isDay(tokens[i]) {
		// "3 mai 2020", "1. März 2020", "1er mars 2020"
		at := i + 1
		for at < len(tokens) && at <= i+2 && (tokens[at].text == "." || tokens[at].text == "er" || tokens[at].text == "de") {
			at++
		}
		if point, next := parseNamedMonth(tokens, at); next > at && !point.monthOnly {
			return point, next
		}
	}
	if isYear(tokens[i]) {
		year := tokens[i].number
		return datePoint{first: NewMonth(year, 1), last: NewMonth(year, 12), yearOnly: true, singleYear: true, shortYear: -1}, i + 1
	}
	return datePoint{}, i
}

// parseNamedMonth reads "March 2020", "mars 2020", "Jan. '20", "mayo de 2019" or "May 5, 2020".
func parseNamedMonth(tokens []dateToken, i int) (datePoint, int) {
	if i >= len(tokens) {
		return datePoint{}, i
	}
	month, ok := monthWords[tokens[i].text]
	if !ok {
		return datePoint{}, i
	}
	at := yearAfter(tokens, i)
	switch {
	case at < len(tokens) && isYear(tokens[at]):
		return monthPoint(month, tokens[at].number), at + 1
	case textAt(tokens, at) == "'" && at+1 < len(tokens) && len(tokens[at+1].text) == 2 && tokens[at+1].number >= 0:
		return monthPoint(month, fullYear(tokens[at+1].number)), at + 2
	case at < len(tokens) && at == i+1 && len(tokens[at].text) == 2 && tokens[at].number > 31:
		return monthPoint(month, fullYear(tokens[at].number)), at + 1
	}
	at = i + 1
	if textAt(tokens, at) == "." {
		at++
	}
	return datePoint{monthOnly: true, month: month, shortYear: -1}, at
}

// yearAfter returns the index where the year of the month at tokens[i] stands, if it has one.
func yearAfter(tokens []dateToken, i int) int {
	at := i + 1
	for at < len(tokens) && at <= i+2 {
		switch tokens[at].text {
		case ".", ",", "de", "del", "/":
		case "-":
			// "Jan-2020" is a month, "Jan - 2020" the start of a range.
			if at+1 >= len(tokens) || !isYear(tokens[at+1]) || tokens[at].start != tokens[at-1].end || tokens[at].end != tokens[at+1].start {
				return at
			}
		default:
			return dayBefore(tokens, at)
		}
		at++
	}
	return dayBefore(tokens, at)
}

// dayBefore skips the day of "May 5, 2020".
func dayBefore(tokens []dateToken, at int) int {
	if at+2 < len(tokens) && isDay(tokens[at]) && tokens[at+1].text == "," && isYear(tokens[at+2]) {
		return at + 2
	}
	return at
}

func monthPoint(month monthRange, year int) datePoint {
	return datePoint{first: NewMonth(year, month.first), last: NewMonth(year, month.last), month: month, shortYear: -1}
}

func fullYear(twoDigits int) int {
	if twoDigits >= 40 {
		return 1900 + twoDigits
	}
	return 2000 + twoDigits
}

// parseNumericDate reads "03/2020", "2020-03", "2020-03-15", "15.03.2020" and "03/15/2020".
func parseNumericDate(tokens []dateToken, i int) (datePoint, int) {
	if !joined(tokens, i) {
		return datePoint{}, i
	}
	first, second, sign := tokens[i], tokens[i+2], tokens[i+1].text
	full := joined(tokens, i+2) && tokens[i+3].text == sign
	if full {
		if point, ok := fullDate(first, second, tokens[i+4], sign); ok {
			return point, i + 5
		}
	}
	switch {
	case isYear(first) && isMonth(second) && len(second.text) == 2:
		return oneMonth(second.number, first.number), i + 3
	case isMonth(first) && isYear(second):
		return oneMonth(first.number, second.number), i + 3
	case sign == "/" && isMonth(first) && len(first.text) == 2 && len(second.text) == 2 && second.number >= 0 && !full:
		return oneMonth(first.number, fullYear(second.number)), i + 3
	}
	return datePoint{}, i
}

// joined reports whether tokens[i] and the next but one are parted by a date's sign and nothing else.
func joined(tokens []dateToken, i int) bool {
	return i+2 < len(tokens) && isDateSign(tokens[i+1].text) && tokens[i+1].start == tokens[i].end && tokens[i+2].start == tokens[i+1].end
}

// fullDate reads a date with a day; the American order counts only where the other is impossible.
func fullDate(first, second, third dateToken, sign string) (datePoint, bool) {
	switch {
	case isYear(first) && isMonth(second) && isDay(third) && sign != "/":
		return oneMonth(second.number, first.number), true
	case isYear(third) && isDay(first) && isMonth(second):
		return oneMonth(second.number, third.number), true
	case isYear(third) && isMonth(first) && isDay(second):
		return oneMonth(first.number, third.number), true
	}
	return datePoint{}, false
}

func oneMonth(month, year int) datePoint { return monthPoint(monthRange{month, month}, year) }

func isDateSign(text string) bool { return text == "/" || text == "." || text == "-" }
