package facts

import (
	"strings"
)

// form is the grammatical form a verb is recognized by.
type form uint8

const (
	formNone form = iota
	formPast
	formBase
	formGerund
	// formNoun is a German verbal noun that opens a clause: "Entwicklung von …".
	formNoun
)

// segment is a run of tokens between commas, conjunctions and stronger marks.
type segment struct {
	first, last int
	gap         gap
	join        bool
	subject     bool
	verb        bool
	// final is set where a German verb closes the segment.
	final bool
	// bare is set for a segment of verbs only: "designed" in "designed and built the API".
	bare bool
	// doubt is set where the segment has a word such as "not" or "planned" of its own.
	doubt bool
}

// cutClauses cuts the text so that every clause has a verb of its own where that is possible: of "led X, Y and built Z"
// the clauses are "led X, Y" and "and built Z".
func (l *lexicon) cutClauses(r *reading) {
	if len(r.tokens) == 0 {
		return
	}
	segments := l.segments(r)
	sentence := 0
	current := segments[0]
	for _, s := range segments[1:] {
		if !parts(current, s) {
			current.last = s.last
			current.verb = current.verb || s.verb
			current.final = s.final
			current.doubt = current.doubt || s.doubt
			current.bare = current.bare && s.bare
			continue
		}
		r.addClause(current, sentence)
		if s.gap == gapSentence {
			sentence++
		}
		current = s
	}
	r.addClause(current, sentence)
	r.findCauses()
}

// parts tells whether a segment opens a new clause.
func parts(current, s segment) bool {
	switch {
	case s.gap >= gapBreak:
		return true
	case s.gap == gapParenthesis:
		return false
	case s.gap == gapComma && s.doubt, current.doubt && s.gap == gapComma && s.join:
		return true
	case current.final && s.gap == gapComma:
		return true
	}
	return current.verb && s.verb && !current.bare && !s.bare
}

func (r *reading) addClause(s segment, sentence int) {
	for k := s.first; k < s.last; k++ {
		r.clauseOf[k] = len(r.clauses)
	}
	r.clauses = append(r.clauses, clause{first: s.first, last: s.last, sentence: sentence})
}

func (l *lexicon) segments(r *reading) []segment {
	var list []segment
	for i := range r.tokens {
		t := &r.tokens[i]
		opens := i == 0 || t.gap >= gapComma || t.entry.has(labelJoin) || t.entry.has(labelSubject)
		if i > 0 && r.tokens[i-1].entry.has(labelJoin) && t.gap < gapComma {
			opens = false
		}
		if opens {
			list = append(list, segment{first: i, gap: t.gap, join: t.entry.has(labelJoin), subject: t.entry.has(labelSubject)})
		}
		list[len(list)-1].last = i + 1
	}
	for k := range list {
		l.readSegment(r, &list[k])
	}
	return list
}

// readSegment finds the verbs of a segment, and gives its first word the meaning it has only there.
func (l *lexicon) readSegment(r *reading, s *segment) {
	opening := true
	s.bare = true
	for i := s.first; i < s.last; i++ {
		t := &r.tokens[i]
		opening = opening || isPerson(t.text)
		if opening && t.number == nil {
			if e, ok := l.opening[t.text]; ok {
				if e.has(labelPlain) && t.gap != gapParenthesis || t.phrase {
					t.entry.weak = 0
				}
				t.entry.scope, t.entry.weak, t.entry.label, t.entry.glue = e.scope, t.entry.weak|e.weak, t.entry.label|e.label, false
			}
		}
		if f := l.formOf(r, i, opening); f != formNone {
			r.verb[i], s.verb = true, true
			s.final = f == formPast && r.german
		} else if r.content(i) {
			s.final, s.bare = false, false
		} else if isAuxiliary(t.text) {
			s.verb = true
		}
		if t.entry.weak&(weakNegation|weakPlan|weakBasic|weakObserve) != 0 {
			s.doubt = true
		}
		if r.content(i) {
			opening = false
		}
	}
	s.bare = s.bare && s.verb
}

// isHelpedTo tells whether the word at i is what others were helped to do: "helped two developers interview interns".
func (r *reading) isHelpedTo(i int) bool {
	if i+1 >= len(r.tokens) || !r.content(i+1) || r.tokens[i].gap != gapSpace || r.tokens[i+1].gap != gapSpace || !r.tokens[i-1].entry.has(labelPeople|labelTitle) {
		return false
	}
	for k := i - 1; k >= 0 && r.tokens[k].gap < gapComma; k-- {
		if r.tokens[k].entry.glue && r.tokens[k].entry.role != roleNone {
			return false
		}
		if k > 0 && strings.HasPrefix(r.tokens[k-1].text, "help") {
			return true
		}
	}
	return false
}

// isPerson recognizes the words that the person's own verb follows.
func isPerson(word string) bool { return word == "i" || word == "we" }

// isAuxiliary recognizes the small words that make a clause of their own without another verb: "and have worked as …".
func isAuxiliary(word string) bool {
	switch word {
	case "have", "has", "had", "am", "is", "was", "were", "worked", "work", "works", "habe", "hat", "bin", "ist", "war", "arbeite", "arbeitete":
		return true
	}
	return false
}

// formOf tells whether the token at i is a verb by its form; opening is set for the first content word of a segment.
func (l *lexicon) formOf(r *reading, i int, opening bool) form {
	t := &r.tokens[i]
	switch {
	case t.number != nil || t.entry.glue || r.isTool(i):
		return formNone
	case t.entry.has(labelPast) || t.entry.scope.rank > 0 && !t.entry.has(labelTitle):
		return formPast
	case t.entry.weak&(weakAssist|weakObserve|weakReceive|weakFailed) != 0:
		return formPast
	}
	known := l.synonyms.verbs[t.english] || l.synonyms.verbs[t.german]
	if r.german {
		if f := germanForm(t, known, opening); f != formNone {
			return f
		}
	}
	return r.englishForm(i, opening, known)
}

// englishForm tells by its ending and neighbours whether the word at i is a verb; known is set where the data have it as
// one.
func (r *reading) englishForm(i int, opening, known bool) form {
	t := &r.tokens[i]
	afterBe := i > 0 && isBe(r.tokens[i-1].text)
	governed := i > 0 && !t.capital && (r.tokens[i-1].phrase || r.tokens[i-1].entry.role != roleNone)
	switch {
	case strings.HasSuffix(t.text, "ed") && len(t.text) > 4 && (opening || known || afterBe):
		return formPast
	case opening && i+1 < len(r.tokens) && r.tokens[i+1].entry.has(labelTitle) && r.tokens[i+1].gap == gapSpace:
		// "Marketing manager" markets nothing.
		return formNone
	case strings.HasSuffix(t.text, "ing") && len(t.text) > 5 && known && (opening || governed):
		return formGerund
	case known && !r.german && !isVerbalNoun(t.text) && (opening || r.isHelpedTo(i)):
		return formBase
	}
	return formNone
}

func germanForm(t *token, known, opening bool) form {
	if t.capital && opening && (known || strings.HasSuffix(t.text, "ung")) {
		return formNoun
	}
	if t.capital {
		return formNone
	}
	if known && opening && strings.HasSuffix(t.text, "e") {
		return formBase
	}
	participle := isParticiple(t.text)
	switch {
	case participle && (known || strings.HasPrefix(t.text, "ge") || strings.HasSuffix(t.text, "t")), strings.HasSuffix(t.text, "iert"):
		return formPast
	case known && (strings.HasSuffix(t.text, "t") || strings.HasSuffix(t.text, "te") || strings.HasSuffix(t.text, "ten") || strings.HasSuffix(t.text, "en")):
		return formPast
	}
	return formNone
}

// isParticiple recognizes "gesenkt" and "eingeführt" by their prefixes and endings.
func isParticiple(word string) bool {
	const shortest = 6
	if len(word) < shortest || word == "gesamt" || !strings.HasSuffix(word, "t") && !strings.HasSuffix(word, "en") {
		return false
	}
	prefix, _, found := strings.Cut(word, "ge")
	if !found {
		return false
	}
	switch prefix {
	case "", "ein", "aus", "auf", "ab", "an", "vor", "zu", "mit", "um", "durch", "her", "heraus", "hin", "nach", "zusammen", "bei", "weiter",
		"fest", "bereit", "sicher", "fertig", "frei", "los", "nieder", "rück", "teil", "weg", "wieder", "entgegen", "voran", "instand":
		return true
	}
	return false
}

// isVerbalNoun tells nouns such as "operations" from the verbs of their stem.
func isVerbalNoun(word string) bool {
	switch word {
	case "administer", "deliver", "transfer", "register", "discover", "consider":
		return false
	}
	word = strings.TrimSuffix(word, "s")
	return strings.HasSuffix(word, "ion") || strings.HasSuffix(word, "ment") || strings.HasSuffix(word, "ing") || strings.HasSuffix(word, "er") && len(word) > 6
}

func isBe(word string) bool {
	switch word {
	case "was", "were", "is", "are", "been", "be":
		return true
	}
	return false
}

// findCauses marks the clauses that are said to follow from what stands before them.
func (r *reading) findCauses() {
	for c := range r.clauses {
		cl := &r.clauses[c]
		for i := cl.first; i < cl.last; i++ {
			if r.isCause(c, i) {
				cl.cause = true
			}
		}
	}
}

// isCause tells whether the word at i makes what stands before it the cause of what follows, or the reverse.
func (r *reading) isCause(c, i int) bool {
	switch {
	case r.tokens[i].entry.has(labelCause) || r.isMeans(i):
		return true
	case r.tokens[i].entry.has(labelEffect):
		return i > r.clauses[c].first && r.firstContent(r.clauses[c].first, i) >= 0 || c > 0 && r.clauses[c-1].sentence == r.clauses[c].sentence
	}
	return false
}

// isMeans recognizes "by adding …", "through …", "durch …" and "indem".
func (r *reading) isMeans(i int) bool {
	switch r.tokens[i].text {
	case "by":
		return i+1 < len(r.tokens) && strings.HasSuffix(r.tokens[i+1].text, "ing")
	case "through", "durch":
		return true
	}
	return false
}

func (r *reading) firstContent(first, last int) int {
	for i := first; i < last; i++ {
		if r.content(i) {
			return i
		}
	}
	return -1
}
