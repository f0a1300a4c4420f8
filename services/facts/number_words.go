package facts

import (
	"strings"
)

// joinNumbers reads number words, and joins numbers with their signs, scales, units, ranges and months.
func (l *lexicon) joinNumbers(text string, tokens []token) []token {
	joined := make([]token, 0, len(tokens))
	for i := 0; i < len(tokens); {
		t, next := l.numberAt(text, tokens, i)
		if next == i {
			t, next = tokens[i], i+1
		}
		if n := len(joined); n > 0 && joined[n-1].start >= t.start {
			joined = joined[:n-1]
		}
		joined = append(joined, t)
		i = next
	}
	shareUnits(joined)
	return l.bounded(text, joined)
}

// shareUnits gives the first number of "from 480 to 210 ms" the unit of the second.
func shareUnits(tokens []token) {
	for i := 0; i+2 < len(tokens); i++ {
		first, second := tokens[i].number, tokens[i+2].number
		if first == nil || second == nil || first.kind != kindCount || first.factor != 0 || second.factor == 0 {
			continue
		}
		switch tokens[i+1].text {
		case "to", "auf", "bis":
			first.kind, first.unit = second.kind, second.unit
			first.value *= second.factor
		}
	}
}

// numberAt returns the number that starts at tokens[i] as one token, and the index behind it; i itself without one.
func (l *lexicon) numberAt(text string, tokens []token, i int) (token, int) {
	if t, next := l.namedMonth(tokens, i); next > i {
		return t, next
	}
	t, next := l.bareNumber(tokens, i)
	if next == i {
		return t, i
	}
	if t.number.kind == kindDate {
		return t, next
	}
	if upper, after := l.rangeEnd(tokens, t, next); after > next {
		t.number.upper, t.end, next = upper, tokens[after-1].end, after
		if n := tokens[after-1].number; n != nil && n.kind != kindCount && t.number.kind != kindYear {
			t.number.kind, t.number.unit = n.kind, n.unit
		}
	}
	return l.withUnits(text, tokens, t, next)
}

// bareNumber reads digits or number words.
func (l *lexicon) bareNumber(tokens []token, i int) (token, int) {
	t := tokens[i]
	if t.number != nil {
		n := *t.number
		t.number = &n
		return t, i + 1
	}
	value, next := l.wordNumber(tokens, i)
	if next == i {
		return t, i
	}
	t.number = &number{value: value}
	t.end = tokens[next-1].end
	return t, next
}

// wordNumber reads "three", "twenty-five", "two hundred" and "fünfundzwanzig".
func (l *lexicon) wordNumber(tokens []token, i int) (float64, int) {
	word := tokens[i].text
	if isArticle(word) {
		return l.articleNumber(tokens, i)
	}
	if half, next := l.halfNumber(tokens, i); next > i {
		return half, next
	}
	value, ok := l.numberWord(word)
	if !ok {
		if u, scale := l.units[word]; scale && u.scales && len(word) > 3 && !strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "e") {
			return u.scale, i + 1
		}
		return 0, i
	}
	next := i + 1
	if value >= 20 && value < 100 && next < len(tokens) && tokens[next].gap <= gapHyphen {
		if ones, ok := l.numbers[tokens[next].text]; ok && ones < 10 && int(value)%10 == 0 {
			value += ones
			next++
		}
	}
	return value, next
}

func isArticle(word string) bool {
	return word == "a" || word == "one" || strings.HasPrefix(word, "ein") && len(word) <= len("einem")
}

// articleNumber reads the one of an article before a scale, "a hundred", or a stretch of time, "within a year".
func (l *lexicon) articleNumber(tokens []token, i int) (float64, int) {
	if i+1 >= len(tokens) || tokens[i+1].gap > gapHyphen {
		return 0, i
	}
	u, ok := l.units[tokens[i+1].text]
	if ok && (u.scales || u.kind == kindDuration && i > 0 && isWithin(tokens[i-1].text)) {
		return 1, i + 1
	}
	return 0, i
}

// halfNumber reads "half a year" and "halbes Jahr".
func (l *lexicon) halfNumber(tokens []token, i int) (float64, int) {
	next := i + 1
	switch tokens[i].text {
	case "half", "halbes", "halben":
	default:
		return 0, i
	}
	if next+1 < len(tokens) && tokens[next].text == "a" {
		next++
	}
	if next >= len(tokens) {
		return 0, i
	}
	if u, ok := l.units[tokens[next].text]; ok && u.kind == kindDuration {
		return 0.5, next
	}
	return 0, i
}

// numberPrefix reads the number in "fünfköpfig", "achtjährig" and "dreifach", and returns its length.
func (l *lexicon) numberPrefix(word string) (float64, int) {
	for _, ending := range []string{"köpfig", "jährig", "monatig", "wöchig", "tägig", "stündig", "minütig", "fach", "mal", "fold", "stellig", "sprachig"} {
		if at := strings.Index(word, ending); at > 0 {
			if v, ok := l.numberWord(word[:at]); ok {
				return v, at
			}
		}
	}
	return 0, 0
}

func isWithin(word string) bool {
	switch word {
	case "within", "innerhalb", "binnen", "over", "in", "inside":
		return true
	}
	return false
}

// numberWord reads one word, German compounds included.
func (l *lexicon) numberWord(word string) (float64, bool) {
	if v, ok := l.numbers[word]; ok {
		return v, true
	}
	if ones, tens, found := strings.Cut(word, "und"); found {
		a, okA := l.numbers[ones]
		if ones == "ein" {
			a, okA = 1, true
		}
		b, okB := l.numbers[tens]
		if okA && okB && a < 10 && b >= 20 && b < 100 {
			return a + b, true
		}
	}
	for _, scale := range []string{"hundert", "tausend"} {
		if first, found := strings.CutSuffix(word, scale); found {
			if v, ok := l.numbers[first]; ok {
				return v * l.units[scale].scale, true
			}
		}
	}
	return 0, false
}

// namedMonth reads "March 2020" and "15. März 2020".
func (l *lexicon) namedMonth(tokens []token, i int) (token, int) {
	at := i
	day := 0
	if n := tokens[i].number; n != nil && n.value >= 1 && n.value <= 31 && i+1 < len(tokens) {
		day, at = int(n.value), i+1
	}
	month, ok := l.months[tokens[at].text]
	if !ok || at+1 >= len(tokens) || tokens[at+1].gap > gapComma {
		return tokens[i], i
	}
	n := tokens[at+1].number
	if n == nil || n.kind != kindYear {
		return tokens[i], i
	}
	t := tokens[i]
	t.end = tokens[at+1].end
	t.number = &number{kind: kindDate, value: n.value*12 + float64(month-1), day: day}
	return t, at + 2
}

// rangeEnd reads the second half of "5–10", "5 to 10" and "5 bis 10"; years are left apart, as each is a date.
func (l *lexicon) rangeEnd(tokens []token, t token, next int) (float64, int) {
	if next >= len(tokens) || t.number.kind == kindYear {
		return 0, next
	}
	at := next
	if word := tokens[at].text; word == "bis" || word == "to" || (word == "and" || word == "und") && isBetween(tokens, t) {
		// "from 480 ms to 210 ms" is a change and no range: there the first number has a unit of its own or "from" before it.
		at++
	} else if tokens[at].gap != gapHyphen {
		return 0, next
	}
	if at >= len(tokens) || at > next && tokens[next].text == "to" && l.isChange(tokens, t, next) {
		return 0, next
	}
	upper, after := l.bareNumber(tokens, at)
	if after == at || upper.number.kind == kindYear || upper.number.value <= t.number.value {
		return 0, next
	}
	return upper.number.value, after
}

// isBetween tells whether the number t follows "between" or "zwischen".
func isBetween(tokens []token, t token) bool {
	for k := len(tokens) - 1; k >= 0; k-- {
		if tokens[k].end <= t.start {
			return tokens[k].text == "between" || tokens[k].text == "zwischen"
		}
	}
	return false
}

// isChange tells whether the number before tokens[next] follows "from" or "von".
func (l *lexicon) isChange(tokens []token, t token, next int) bool {
	for k := next - 1; k >= 0; k-- {
		if tokens[k].end <= t.start {
			return tokens[k].text == "from" || tokens[k].text == "von" || tokens[k].text == "grew"
		}
	}
	return false
}

// withUnits joins a number with the currency, scale and unit around it.
func (l *lexicon) withUnits(text string, tokens []token, t token, next int) (token, int) {
	if name, start := currencyBefore(text, t.start); name != "" {
		t.number.kind, t.number.unit, t.start = kindMoney, name, start
	}
	for {
		if rest := text[t.end:]; strings.HasPrefix(rest, "+") {
			t.number.bound = boundAbove
			t.end++
			continue
		}
		sign, end := signAfter(text, t.end)
		if u, ok := l.units[sign]; sign != "" && ok && t.number.unit == "" {
			l.apply(t.number, u)
			t.end = end
			continue
		}
		if next < len(tokens) && tokens[next].text == "t" && strings.HasPrefix(text[tokens[next].end:], "€") {
			l.apply(t.number, unit{scale: 1000, scales: true})
			t.end = tokens[next].end
			next++
			continue
		}
		if next >= len(tokens) || tokens[next].gap > gapHyphen || tokens[next].number != nil {
			l.inYears(tokens, &t)
			return t, next
		}
		u, ok := l.units[tokens[next].text]
		if !ok || !u.fits(t.number) {
			l.inYears(tokens, &t)
			return t, next
		}
		l.apply(t.number, u)
		t.end = tokens[next].end
		next++
	}
}

// inYears reads the bare number behind "aged" as years.
func (l *lexicon) inYears(tokens []token, t *token) {
	if t.number.kind != kindCount {
		return
	}
	for k := len(tokens) - 1; k >= 0; k-- {
		if tokens[k].end <= t.start {
			if tokens[k].text == "aged" || tokens[k].text == "ages" {
				l.apply(t.number, l.units["years"])
			}
			return
		}
	}
}

// fits tells whether the unit can follow the number.
func (u unit) fits(n *number) bool {
	if u.scales {
		return n.kind == kindCount || n.kind == kindMoney || n.kind == kindYear
	}
	return n.kind == kindCount && n.unit == "" || n.kind == kindYear && (u.kind == kindMoney || u.kind == kindMeasure)
}

// currencyBefore reads the sign or code before an amount.
func currencyBefore(text string, start int) (string, int) {
	before := strings.TrimRight(text[:start], " ")
	for sign, name := range map[string]string{"€": "EUR", "$": "USD", "£": "GBP", "EUR": "EUR", "USD": "USD", "GBP": "GBP", "CHF": "CHF"} {
		if strings.HasSuffix(before, sign) {
			return name, len(before) - len(sign)
		}
	}
	return "", start
}

// signAfter returns the sign of a unit behind a number, and the byte behind it.
func signAfter(text string, end int) (string, int) {
	rest := strings.TrimLeft(text[end:], ". ")
	at := len(text) - len(rest)
	for _, sign := range []string{"%", "€", "$", "£"} {
		if strings.HasPrefix(rest, sign) {
			return sign, at + len(sign)
		}
	}
	return "", end
}

// bounded takes words such as "over", "up to" and "rund" before a number into it.
func (l *lexicon) bounded(text string, tokens []token) []token {
	kept := tokens[:0:0]
	for i, t := range tokens {
		if t.number == nil {
			kept = append(kept, t)
			continue
		}
		for _, phrase := range l.bounds {
			n := len(phrase.words)
			if len(kept) >= n && endsWith(kept, phrase.words) {
				t.number.bound = phrase.bound
				if during := t.number.kind == kindDuration && (phrase.words[0] == "over" || phrase.words[0] == "über"); during && !beforeExperience(tokens, i) {
					t.number.bound = boundExact
				}
				t.start, t.gap = kept[len(kept)-n].start, kept[len(kept)-n].gap
				kept = kept[:len(kept)-n]
				break
			}
		}
		switch before := strings.TrimRight(text[:t.start], " "); {
		case strings.HasSuffix(before, "~"):
			t.number.bound = boundAbout
		case strings.HasSuffix(before, ">"):
			t.number.bound = boundAbove
		case strings.HasSuffix(before, "<"):
			t.number.bound = boundBelow
		}
		kept = append(kept, t)
	}
	return kept
}

// beforeExperience tells "over two years of experience" from what happened over two years.
func beforeExperience(tokens []token, i int) bool {
	if i+1 >= len(tokens) {
		return false
	}
	switch tokens[i+1].text {
	case "of", "experience", "erfahrung", "berufserfahrung":
		return true
	}
	return false
}

func endsWith(tokens []token, words []string) bool {
	offset := len(tokens) - len(words)
	for i, w := range words {
		if tokens[offset+i].text != w {
			return false
		}
	}
	return true
}
