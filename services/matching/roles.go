package matching

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"resume-matcher/services/skills"
)

//go:embed data/roles.txt
var rolesText string

// role is a set of job names that stand for the same work.
type role struct {
	id    int
	field string
}

// roleName is one name of a role as its words.
type roleName struct {
	words []string
	role  role
	// alone is set for a name that "de", "d'" or "of" behind it makes another one.
	alone bool
}

// roleTable finds roles in titles.
type roleTable struct {
	byFirst map[string][]roleName
	starred []roleName
}

// loadRoles parses the embedded list once; the result is never changed.
var loadRoles = sync.OnceValue(func() *roleTable {
	t := &roleTable{byFirst: map[string][]roleName{}}
	id := 0
	for line := range strings.Lines(rolesText) {
		field, names, ok := strings.Cut(strings.TrimSpace(line), " | ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		id++
		for name := range strings.SplitSeq(names, ", ") {
			t.add(name, role{id, field})
		}
	}
	return t
})

func (t *roleTable) add(name string, r role) {
	if bare := strings.Trim(name, "*"); bare != name {
		t.starred = append(t.starred, roleName{words: []string{name}, role: r})
		return
	}
	name, alone := strings.CutSuffix(name, "!")
	var words []string
	for _, token := range skills.Tokenize(name) {
		words = append(words, token.Text)
	}
	t.byFirst[words[0]] = append(t.byFirst[words[0]], roleName{words, r, alone})
}

// find returns the roles a title names and where it does; a longer name hides the shorter ones inside it.
func (t *roleTable) find(tokens []skills.Token) ([]role, []textSpan) {
	var roles []role
	var spans []textSpan
	for i := 0; i < len(tokens); {
		r, n := t.longest(tokens[i:])
		if n == 0 {
			i++
			continue
		}
		roles = append(roles, r)
		spans = append(spans, textSpan{tokens[i].Start, tokens[i+n-1].End})
		i += n
	}
	return roles, spans
}

func (t *roleTable) longest(tokens []skills.Token) (role, int) {
	var best role
	length := 0
	for _, key := range [2]string{tokens[0].Text, masculine(tokens[0].Text)} {
		for _, name := range t.byFirst[key] {
			if len(name.words) > length && name.matches(tokens) {
				best, length = name.role, len(name.words)
			}
		}
	}
	if length > 0 {
		return best, length
	}
	for _, name := range t.starred {
		if strings.HasSuffix(tokens[0].Text, name.words[0][1:]) || strings.HasSuffix(masculine(tokens[0].Text), name.words[0][1:]) {
			return name.role, 1
		}
	}
	return role{}, 0
}

func (n roleName) matches(tokens []skills.Token) bool {
	if len(n.words) > len(tokens) || n.alone && len(tokens) > len(n.words) && joinsNoun(tokens[len(n.words)].Text) {
		return false
	}
	for i, w := range n.words {
		if tokens[i].Text != w && masculine(tokens[i].Text) != w && strings.TrimSuffix(tokens[i].Text, "s") != w {
			return false
		}
	}
	return true
}

// joinsNoun reports whether a word makes the one behind it a part of the name: "chef de projet", "chef d'équipe".
func joinsNoun(word string) bool {
	switch word {
	case "de", "d", "du", "des", "of":
		return true
	}
	return strings.HasPrefix(word, "d'") || strings.HasPrefix(word, "d’")
}

// isPrefix reports whether the first word is a name that the noun behind it makes another one.
func (t *roleTable) isPrefix(tokens []skills.Token) bool {
	return len(tokens) > 1 && joinsNoun(tokens[1].Text) && slices.ContainsFunc(t.byFirst[tokens[0].Text], func(n roleName) bool {
		return n.alone && len(n.words) == 1
	})
}

// masculine returns a German job name without its feminine ending, which the table leaves out.
func masculine(word string) string {
	if len(word) > 5 {
		return strings.TrimSuffix(strings.TrimSuffix(word, "innen"), "in")
	}
	return word
}

// title is a job's name read for comparison.
type title struct {
	text  string
	roles []role
	words []weightedWord
}

type weightedWord struct {
	text   string
	weight float64
}

// genericWeight is the weight of a word such as "manager", which many titles of unlike work share.
const genericWeight = 0.2

func (m *Matcher) readTitle(text, language string) title {
	tokens := ownOffice(text, skills.Tokenize(text))
	t := title{text: text}
	t.roles, _ = m.roles.find(tokens)
	for i, token := range tokens {
		// The "chef" of "chef de projet" is neither a cook nor what tells the work.
		if len(token.Text) < 2 || m.roles.isPrefix(tokens[i:]) || skills.IsStopWord(language, token.Text) {
			continue
		}
		weight := 1.0
		switch {
		case isRank(token.Text):
			continue
		case isGeneric(token.Text):
			weight = genericWeight
		}
		// A stem would make "accountant" and "account" one word.
		t.words = append(t.words, weightedWord{masculine(strings.TrimSuffix(token.Text, "s")), weight})
	}
	return t
}

// ownOffice returns the words of a title without the office it serves: "Assistant to the sales manager" is no manager.
func ownOffice(text string, tokens []skills.Token) []skills.Token {
	for i := range tokens {
		if opensWithAny(tokens[i:], offices) {
			end := officeEnd(text, tokens, i)
			return slices.DeleteFunc(slices.Clone(tokens), func(t skills.Token) bool { return t.Start > tokens[i].Start && t.Start < end })
		}
	}
	return tokens
}

func isRank(word string) bool {
	switch word {
	case "senior", "junior", "lead", "leitender", "leitende", "head", "principal", "chief", "sr", "jr", "staff", "intern", "trainee", "m", "w", "d", "f", "x", "h", "ii", "iii", "working", "student", "werkstudent":
		return true
	}
	return false
}

func isGeneric(word string) bool {
	switch word {
	case "manager", "managerin", "engineer", "specialist", "spezialist", "coordinator", "assistant", "associate", "officer", "consultant", "mitarbeiter",
		"mitarbeiterin", "leiter", "leiterin", "expert", "developer", "entwickler", "representative", "director", "technician", "techniker", "worker",
		"referent", "referentin", "supervisor", "analyst", "agent", "kraft", "fachkraft", "sachbearbeiter", "sachbearbeiterin", "designer", "team", "teacher", "administrator":
		return true
	}
	return false
}

// Shares of a title's likeness: of the same role, of the same field, and of words shared.
const (
	sameRole  = 0.85
	sameField = 0.4
)

// likeness compares a résumé's title with the posting's, from 0 to 1: the same role counts 0.85 and the words they
// share the rest; without a common role it is the share of the posting's words, at least 0.4 within a field.
func (want title) likeness(have title) float64 {
	shared, total := 0.0, 0.0
	for _, w := range want.words {
		total += w.weight
		for _, h := range have.words {
			if h.text == w.text {
				shared += w.weight
				break
			}
		}
	}
	words := 0.0
	if total > 0 {
		words = round4(shared / total)
	}
	same, near := relation(want.roles, have.roles)
	switch {
	case same:
		return round4(sameRole + float64((1-sameRole)*words))
	case near:
		return max(sameField, float64(sameRole*words))
	}
	return round4(float64(sameRole * words))
}

func relation(want, have []role) (same, near bool) {
	for _, a := range want {
		for _, b := range have {
			same = same || a.id == b.id
			near = near || a.field == b.field
		}
	}
	return same, near
}
