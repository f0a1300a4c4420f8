package structure

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Month counts months since year 0: year*12 + month-1, with January as 1.
type Month int

// NewMonth returns the month of a year; month runs from 1 to 12.
func NewMonth(year, month int) Month { return Month(year*12 + month - 1) }

// Year returns the calendar year.
func (m Month) Year() int { return int(m) / 12 }

// Period is a stretch of time as a résumé states it, both months included.
type Period struct {
	// Start is the first month. Where only the year is stated it is January.
	Start Month
	// End is the last month; December where only the year is stated. It is 0 while Present: the caller knows today.
	End Month
	// Present is set for a period that has not ended: "2019 – today", "since 2019".
	Present bool
	// Expected is set for a date that the résumé calls planned, such as a graduation.
	Expected bool
	// YearsOnly tells that no month is stated, so that the true length may be almost a year shorter at either end.
	YearsOnly bool
}

// ParsePeriod reads the period stated in s, in English, German, French or Spanish: a range ("Jan 2020 – Present",
// "01/2020 - 03/2022", "seit März 2020"), a single month, season or year. It needs no clock.
func ParsePeriod(s string) (Period, bool) {
	found, ok := findPeriod(s)
	return found.period, ok
}

// foundPeriod is a period and where it stands in the text searched.
type foundPeriod struct {
	period     Period
	start, end int
	// ranged is false for a single date.
	ranged bool
}

// findPeriod returns the first range of text or, without one, its last single date.
func findPeriod(text string) (foundPeriod, bool) {
	if !mayHoldYear(text) {
		return foundPeriod{}, false
	}
	tokens := dateTokens(text)
	var single foundPeriod
	ok := false
	for i := 0; i < len(tokens); {
		found, next := parseRange(tokens, i)
		if next == i {
			i++
			continue
		}
		found.start = tokens[i].start
		found.end = tokens[next-1].end
		if found.ranged {
			found.end = extendOverDuration(text, tokens, next, found.end)
			return closeBrackets(text, found), true
		}
		single, ok = found, true
		i = next
	}
	return closeBrackets(text, single), ok
}

// closeBrackets takes the parentheses around a date into it.
func closeBrackets(text string, f foundPeriod) foundPeriod {
	if f.start > 0 && f.end < len(text) && (text[f.start-1] == '(' && text[f.end] == ')' || text[f.start-1] == '[' && text[f.end] == ']') {
		f.start--
		f.end++
	}
	return f
}

// mayHoldYear is a cheap test that spares most lines the search.
func mayHoldYear(text string) bool {
	for i := 0; i+1 < len(text); i++ {
		if (text[i] == '1' && text[i+1] == '9' || text[i] == '2' && text[i+1] == '0') && (i == 0 || !isDigit(text[i-1])) {
			return true
		}
		if text[i] == '\'' && isDigit(text[i+1]) || strings.HasPrefix(text[i:], "’") && i+3 < len(text) && isDigit(text[i+3]) {
			return true
		}
		if text[i] == '/' && isDigit(text[i+1]) && i > 0 && isDigit(text[i-1]) {
			return true
		}
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// dateToken is a number, a lower-case word or a sign; marks such as "." and "'" are signs.
type dateToken struct {
	text       string
	number     int // -1 for words and signs
	start, end int
}

func dateTokens(text string) []dateToken {
	tokens := make([]dateToken, 0, 16)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		end := i + size
		switch {
		case isDigit(text[i]):
			for end < len(text) && isDigit(text[end]) {
				end++
			}
			number := -1
			if end-i <= 4 && !withinWord(text, i, end) {
				number, _ = strconv.Atoi(text[i:end])
			}
			tokens = append(tokens, dateToken{text[i:end], number, i, end})
		case unicode.IsLetter(r):
			for end < len(text) {
				next, n := utf8.DecodeRuneInString(text[end:])
				if !unicode.IsLetter(next) && !unicode.Is(unicode.Mn, next) {
					break
				}
				end += n
			}
			word := strings.ToLower(text[i:end])
			if word != "er" && withinWord(text, i, end) {
				word = "" // part of a code such as "DEC0", not a month
			}
			tokens = append(tokens, dateToken{word, -1, i, end})
		case !unicode.IsSpace(r):
			sign := text[i:end]
			switch r {
			case '–', '—', '‒', '−', '‐', '‑', '―':
				sign = "-"
			case '’', '`', '´':
				sign = "'"
			}
			tokens = append(tokens, dateToken{sign, -1, i, end})
		}
		i = end
	}
	return tokens
}

// withinWord reports whether letters or digits touch text[start:end]; "1er" is a day all the same.
func withinWord(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	if isWordRune(before) || !isWordRune(after) {
		return isWordRune(before)
	}
	behind, _ := utf8.DecodeRuneInString(strings.TrimPrefix(text[end:], "er"))
	return text[start:end] != "1" || !strings.HasPrefix(text[end:], "er") || isWordRune(behind)
}

// datePoint is one end of a range.
type datePoint struct {
	first, last Month
	// monthOnly is a month whose year stands at the other end of the range: "June – August 2021".
	monthOnly  bool
	month      monthRange
	yearOnly   bool
	open       bool
	shortYear  int // two digits after a range sign, -1 for none
	singleYear bool
	// expected is set for an end that is planned, "2023 – expected 2026".
	expected bool
}

// parseRange reads a range or a date at tokens[i] and returns the index behind it, i itself without one.
func parseRange(tokens []dateToken, i int) (foundPeriod, int) {
	prefix, at := readPrefix(tokens, i)
	from, next := parsePoint(tokens, at)
	if next == at {
		return foundPeriod{}, i
	}
	if end, after := parseRangeEnd(tokens, next); after > next {
		if period, ok := rangeOf(from, end); ok {
			period.Expected = prefix == prefixExpected || end.expected
			return foundPeriod{period: period, ranged: true}, after
		}
	}
	if from.monthOnly {
		return foundPeriod{}, i
	}
	period := Period{Start: from.first, End: from.last, YearsOnly: from.yearOnly, Expected: prefix == prefixExpected}
	if prefix == prefixSince || opensAtEnd(tokens, next) {
		if prefix != prefixSince {
			next++
		}
		period.End, period.Present = 0, true
		return foundPeriod{period: period, ranged: true}, next
	}
	return foundPeriod{period: period}, next
}

// opensAtEnd recognises "2019 –" with nothing behind the dash.
func opensAtEnd(tokens []dateToken, next int) bool {
	return next == len(tokens)-1 && tokens[next].text == "-"
}

func rangeOf(from, to datePoint) (Period, bool) {
	switch {
	case to.open:
		if from.monthOnly {
			return Period{}, false
		}
		return Period{Start: from.first, Present: true, YearsOnly: from.yearOnly}, true
	case to.shortYear >= 0:
		if !from.singleYear {
			return Period{}, false
		}
		century := from.first.Year() / 100 * 100
		to.last = NewMonth(century+to.shortYear, 12)
	case from.monthOnly && to.monthOnly:
		return Period{}, false
	case from.monthOnly:
		year := to.last.Year()
		from.first = NewMonth(year, from.month.first)
		if from.first > to.last {
			from.first -= 12
		}
	case to.monthOnly:
		to.last = NewMonth(from.first.Year(), to.month.last)
	}
	if to.last < from.first {
		return Period{}, false
	}
	return Period{Start: from.first, End: to.last, YearsOnly: from.yearOnly && to.yearOnly}, true
}

// parseRangeEnd reads a range sign and what follows it.
func parseRangeEnd(tokens []dateToken, i int) (datePoint, int) {
	at := i
	for at < len(tokens) && at-i < 3 && isRangeSign(tokens[at], tokens, at) {
		at++
	}
	if open, next := parseOpen(tokens, at); next > at {
		return open, next
	}
	if at == i {
		return datePoint{}, i
	}
	expected := false
	if at < len(tokens) {
		if prefix, behind := readPrefix(tokens, at); prefix == prefixExpected {
			at, expected = behind, true
		}
	}
	if point, next := parsePoint(tokens, at); next > at {
		point.expected = expected
		return point, next
	}
	if at < len(tokens) && tokens[at].number >= 0 && len(tokens[at].text) == 2 {
		return datePoint{shortYear: tokens[at].number, yearOnly: true}, at + 1
	}
	return datePoint{}, i
}

func isRangeSign(t dateToken, tokens []dateToken, i int) bool {
	switch t.text {
	case "-", "to", "until", "till", "through", "thru", "bis", "à", "au", "a", "al", "hasta", "jusqu", "jusque", "→", "~", "zum":
		return true
	case "/":
		// "2019/20" and "2019/2020" are school years.
		return i > 0 && len(tokens[i-1].text) == 4 && i+1 < len(tokens) && (len(tokens[i+1].text) == 2 && tokens[i+1].number > 12 || len(tokens[i+1].text) == 4)
	case "'":
		return i > 0 && strings.HasPrefix(tokens[i-1].text, "jusqu")
	}
	return false
}

// durationWords are the units of "2 years 10 months".
var durationWords = map[string]bool{
	"year": true, "years": true, "yr": true, "yrs": true, "month": true, "months": true, "mo": true, "mos": true,
	"jahr": true, "jahre": true, "monat": true, "monate": true, "an": true, "ans": true, "mois": true,
	"año": true, "años": true, "mes": true, "meses": true,
}

// extendOverDuration takes a duration that follows a range into it, as profiles print it.
func extendOverDuration(text string, tokens []dateToken, next, end int) int {
	i := next
	bracket := false
	if i < len(tokens) && (tokens[i].text == "(" || tokens[i].text == "·" || tokens[i].text == ",") {
		bracket = tokens[i].text == "("
		i++
	}
	read := false
	for i+1 < len(tokens) && tokens[i].number >= 0 && durationWords[tokens[i+1].text] {
		end = tokens[i+1].end
		i += 2
		read = true
	}
	if read && bracket && end < len(text) && text[end] == ')' {
		end++
	}
	return end
}

// isDuration reports whether a line holds nothing but a duration.
func isDuration(text string) bool {
	if len(text) > 40 || text == "" {
		return false
	}
	tokens := dateTokens(strings.Trim(text, "()"))
	return len(tokens) >= 2 && len(tokens) <= 4 && extendOverDuration(text, tokens, 0, 0) == tokens[len(tokens)-1].end
}
