package facts

// fitsPeriod tells whether the text gives a date of a period to the same end of it; not so "since 2018" of "2018 – 2020".
func (s *span) fitsPeriod(t *reading, i, p int) bool {
	claimed := endOf(t, i)
	if s.field != fieldYears {
		own := endOf(s.reading, p)
		switch claimed {
		case periodOpen:
			return own == periodOpen || s.field == fieldCertificate
		case periodEnd:
			return own == periodEnd || own == periodAny
		}
		return true
	}
	switch claimed {
	case periodOpen:
		return p == s.firstNumber() && s.isOpen()
	case periodStart:
		return p == s.firstNumber()
	case periodEnd:
		return p == s.lastNumber() && !s.isOpen()
	}
	return true
}

// periodEnding is the part of a period that a text makes a date.
type periodEnding uint8

const (
	periodAny periodEnding = iota
	// periodOpen is the start of what still goes on.
	periodOpen
	periodStart
	periodEnd
)

// endOf tells from the word before the date at i which end of a period it is.
func endOf(t *reading, i int) periodEnding {
	if i == 0 {
		return periodAny
	}
	switch word := t.tokens[i-1].text; word {
	case "since", "seit":
		return periodOpen
	case "from", "von", "ab":
		return periodStart
	case "to", "until", "till", "bis":
		return periodEnd
	default:
		if t.tokens[i-1].number != nil && t.tokens[i-1].number.rule() == RuleDate && t.tokens[i].gap >= gapHyphen {
			return periodEnd
		}
	}
	return periodAny
}

func (s *span) firstNumber() int {
	for p := range s.tokens {
		if s.tokens[p].number != nil {
			return p
		}
	}
	return -1
}

func (s *span) lastNumber() int {
	for p := len(s.tokens) - 1; p >= 0; p-- {
		if s.tokens[p].number != nil {
			return p
		}
	}
	return -1
}

// isOpen tells whether the period goes on today: "2019 – Present".
func (s *span) isOpen() bool { return s.lastNumber() < len(s.tokens)-1 }
