package facts

import (
	"strings"
	"unicode"

	"resume-matcher/services/skills"
)

// reading is a text cut into words and clauses, with what limits each word.
type reading struct {
	prepared
	german  bool
	tokens  []token
	clauses []clause
	// The following hold one value a token.
	clauseOf []int
	verb     []bool
	weak     []weakness
	roles    []role
	// skillAt is 1 + the index in skills of the skill named at the token, 0 without one.
	skillAt []int
	skills  []namedSkill
}

// clause is the run of tokens [first, last) around a verb.
type clause struct {
	first, last int
	// sentence counts the sentences from 0.
	sentence int
	// cause is set where the clause is said to follow from the one before, or contains such a word.
	cause bool
}

// namedSkill is a skill of the vocabulary at the tokens [first, last).
type namedSkill struct {
	skill       *skills.Skill
	first, last int
}

// read analyses a text; german is the language to assume where its words don't tell.
func (g *Gate) read(text string, german bool) *reading {
	r := &reading{prepared: prepare(text)}
	r.tokens = g.lexicon.tokenize(r.text)
	r.german = isGerman(r.text, r.tokens, german)
	n := len(r.tokens)
	r.clauseOf, r.verb, r.weak = make([]int, n), make([]bool, n), make([]weakness, n)
	r.roles, r.skillAt = make([]role, n), make([]int, n)
	r.nameSkills(g.vocabulary)
	g.lexicon.cutClauses(r)
	g.lexicon.limit(r)
	g.lexicon.assignRoles(r)
	return r
}

// isGerman tells by its small words whether a text is German.
func isGerman(text string, tokens []token, fallback bool) bool {
	german, english := 0, 0
	for _, t := range tokens {
		if skills.IsStopWord("de", t.text) {
			german++
		}
		if skills.IsStopWord("en", t.text) {
			english++
		}
		if strings.HasSuffix(t.text, "ung") || strings.HasSuffix(t.text, "ungen") || strings.HasSuffix(t.text, "keit") {
			german++
		}
	}
	if german == english {
		return strings.ContainsAny(text, "äöüßÄÖÜ") || fallback
	}
	return german > english
}

func (r *reading) nameSkills(v *skills.Vocabulary) {
	if v == nil {
		return
	}
	at := 0
	for _, m := range v.Find(r.text) {
		for at < len(r.tokens) && r.tokens[at].end <= m.Start {
			at++
		}
		first := at
		last := first
		for last < len(r.tokens) && r.tokens[last].start < m.End {
			last++
		}
		if first == last {
			continue
		}
		r.skills = append(r.skills, namedSkill{m.Skill, first, last})
		for k := first; k < last; k++ {
			r.skillAt[k] = len(r.skills)
		}
	}
}

// isTool tells whether the token at i belongs to the name of a tool, which is never a verb: "Go", "Spring".
func (r *reading) isTool(i int) bool {
	if r.skillAt[i] == 0 {
		return false
	}
	switch r.skills[r.skillAt[i]-1].skill.Kind {
	case "tool", "platform", "framework", "language":
		return true
	}
	return false
}

// content tells whether the token at i says something that has to be supported.
func (r *reading) content(i int) bool {
	t := &r.tokens[i]
	return t.number != nil || !t.entry.glue && !t.entry.has(labelJoin|labelSubject|labelCause|labelAs)
}

// words returns the text of the tokens [first, last) as it was written.
func (r *reading) words(first, last int) string {
	return r.quote(r.tokens[first].start, r.tokens[last-1].end)
}

// startsClause tells whether the token is the first word of its clause that is no glue.
func (r *reading) startsClause(i int) bool {
	for k := i - 1; k >= r.clauses[r.clauseOf[i]].first; k-- {
		if r.content(k) {
			return false
		}
	}
	return true
}

// isProper tells whether the token is written as a proper name: with a capital inside an English sentence, or all in
// capitals.
func (r *reading) isProper(i int) bool {
	t := r.tokens[i]
	if !t.capital || t.number != nil {
		return false
	}
	upper := 0
	for _, c := range r.text[t.start:t.end] {
		if unicode.IsUpper(c) {
			upper++
		}
	}
	return upper > 1 || !r.german && t.gap < gapBreak
}
