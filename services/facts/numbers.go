package facts

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// numberKind is what a number measures.
type numberKind uint8

const (
	kindCount numberKind = iota
	kindPercent
	kindPoints
	kindMoney
	kindYear
	kindDate
	kindDuration
	kindFactor
	kindOrdinal
	// kindMeasure is a physical quantity: "300 GB".
	kindMeasure
)

// bound tells how a number limits the true value.
type bound uint8

const (
	boundExact bound = iota
	boundAbove
	boundBelow
	boundAbout
)

// number is a number as a text states it, without regard to how it is written.
type number struct {
	kind  numberKind
	value float64
	// upper is the end of a range such as "5–10", 0 without one.
	upper float64
	// unit is the currency of money, and month, week, day, hour, minute or second of a duration.
	unit  string
	bound bound
	// days is set for a date that names its day; its value counts months then.
	day int
	// factor is what units and scale words have multiplied the value by, 0 for nothing.
	factor float64
}

// rule is the rule that a wrong number of this kind breaks.
func (n *number) rule() Rule {
	switch n.kind {
	case kindMoney:
		return RuleMoney
	case kindYear, kindDate:
		return RuleDate
	case kindDuration:
		return RuleDuration
	}
	return RuleNumber
}

// states tells whether a source's number n carries the statement claimed, which must not say more than it.
func (n *number) states(claimed *number) bool {
	if n.kind == kindDate && claimed.kind == kindYear {
		return math.Floor(n.value/12) == claimed.value
	}
	if n.kind != claimed.kind || n.unit != claimed.unit || n.upper != claimed.upper || !sameValue(n.value, claimed.value) {
		return false
	}
	if claimed.kind == kindDate {
		return claimed.day == 0 || claimed.day == n.day
	}
	switch claimed.bound {
	case boundExact:
		return n.bound == boundExact || n.bound == boundAbove
	case boundAbout:
		return n.bound != boundBelow
	}
	return n.bound == claimed.bound || claimed.bound == boundBelow && n.bound == boundExact
}

func sameValue(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) }

var (
	dayMonthYear = regexp.MustCompile(`^(\d{1,2})[./](\d{1,2})[./](\d{4})\b`)
	monthYear    = regexp.MustCompile(`^(\d{1,2})[./](\d{4})\b`)
	isoDate      = regexp.MustCompile(`^(\d{4})-(\d{2})(?:-(\d{2}))?\b`)
	plainDigits  = regexp.MustCompile(`^\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,2})?\b|^\d+(?:[.,]\d+)?`)
)

// scanNumber reads the number, date or amount that starts at a byte of text, with what is written on to it,
// and returns it with the byte behind; nil where no number starts.
func (l *lexicon) scanNumber(text string, at int) (*number, int) {
	if text[at] < '0' || text[at] > '9' {
		return nil, at
	}
	if n, end := scanDate(text, at); n != nil {
		return n, end
	}
	digits := plainDigits.FindString(text[at:])
	value, ok := parseDigits(digits)
	if !ok {
		return nil, at
	}
	end := at + len(digits)
	n := &number{value: value}
	if len(digits) == 4 && value >= 1950 && value <= 2079 {
		n.kind = kindYear
	}
	suffix := text[end:wordStop(text, end)]
	if suffix == "" {
		return n, end
	}
	return l.suffixed(n, suffix, end, text[end+len(suffix):])
}

// suffixed reads the letters written on to a number: "120k", "3x", "24h", "5kg"; in "5G" or "3D" there is no number.
func (l *lexicon) suffixed(n *number, suffix string, end int, rest string) (*number, int) {
	lower := strings.ToLower(suffix)
	if lower == "t" && strings.HasPrefix(strings.TrimLeft(rest, " "), "€") {
		l.apply(n, unit{scale: 1000, scales: true})
		return n, end + len(suffix)
	}
	if lower == "m" || lower == "b" {
		n.value *= map[string]float64{"m": 1e6, "b": 1e9}[lower]
		n.kind = kindCount
		return n, end + len(suffix)
	}
	if u, ok := l.units[lower]; ok {
		l.apply(n, u)
		return n, end + len(suffix)
	}
	return nil, end
}

func scanDate(text string, at int) (*number, int) {
	if m := dayMonthYear.FindStringSubmatch(text[at:]); m != nil {
		return newDate(m[3], m[2], m[1]), at + len(m[0])
	}
	if m := monthYear.FindStringSubmatch(text[at:]); m != nil {
		return newDate(m[2], m[1], ""), at + len(m[0])
	}
	if m := isoDate.FindStringSubmatch(text[at:]); m != nil {
		return newDate(m[1], m[2], m[3]), at + len(m[0])
	}
	return nil, at
}

func newDate(year, month, day string) *number {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	if m < 1 || m > 12 {
		m, d = d, m
	}
	return &number{kind: kindDate, value: float64(y*12 + m - 1), day: d}
}

// parseDigits reads "1,200", "1.200", "1 200", "1.5" and "1,5"; three digits behind a sign are thousands.
func parseDigits(digits string) (float64, bool) {
	i := strings.LastIndexAny(digits, ".,'’ ")
	if i < 0 {
		v, err := strconv.ParseFloat(digits, 64)
		return v, err == nil
	}
	_, size := utf8.DecodeRuneInString(digits[i:])
	whole, part := digits[:i], digits[i+size:]
	clean := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, s)
	}
	if len(part) == 3 && whole != "0" {
		v, err := strconv.ParseFloat(clean(digits), 64)
		return v, err == nil
	}
	v, err := strconv.ParseFloat(clean(whole)+"."+part, 64)
	return v, err == nil
}

func wordStop(text string, at int) int {
	for i, r := range text[at:] {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return at + i
		}
	}
	return len(text)
}

// unit is a word or sign that belongs to a number.
type unit struct {
	kind  numberKind
	scale float64
	// name is the currency or the unit of time; "" for a scale word such as "thousand".
	name string
	// scales is set for words that only multiply.
	scales bool
}

// apply adds a unit to a number.
func (l *lexicon) apply(n *number, u unit) {
	n.value *= u.scale
	n.upper *= u.scale
	n.factor = max(n.factor, 1) * u.scale
	if u.scales {
		if n.kind == kindYear {
			n.kind = kindCount
		}
		return
	}
	n.kind, n.unit = u.kind, u.name
}
