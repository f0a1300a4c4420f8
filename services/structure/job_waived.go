package structure

import (
	"regexp"
	"strings"
)

var (
	// waived says that something is not asked for: "no degree needed", "Dutch is not required", "kein Studium nötig".
	waived = regexp.MustCompile(`(?i)\b(?:not|isn['’]t|aren['’]t)\s+(?:strictly\s+|absolutely\s+|actually\s+)?(?:required|needed|necessary|essential|mandatory|compulsory|a must|a requirement|a prerequisite)\b` +
		`|\bno\s+(?:(?:[\p{L}\d'’/-]+,?\s+){1,5}(?:or|nor)\s+)?(?:[\p{L}\d'’/-]+\s+){0,6}?(?:(?:is|are)\s+)?(?:required|needed|necessary|requirements?|expected)\b` +
		`|\byou\s+(?:do\s+not|don['’]t|won['’]t|will\s+not)\s+(?:need|have\s+to)\b|\byou\s+need(?:n['’]t|\s+not)\b` +
		`|\b(?:we|role|position|job)\s+(?:do|does)(?:\s+not|n['’]t)\s+(?:require|need|expect)\b` +
		`|\bkeine?[rnms]?\s+(?:(?:[\p{L}\d-]+,?\s+){1,5}oder\s+)?(?:[\p{L}\d-]+\s+){0,6}?(?:ist\s+|sind\s+)?(?:erforderlich|nötig|notwendig|vorausgesetzt|voraussetzung|bedingung)(?:\P{L}|$)|\bkeine\s+\p{L}+pflicht\b` +
		`|\bnicht\s+(?:zwingend\s+|unbedingt\s+)?(?:erforderlich|nötig|notwendig|vorausgesetzt|voraussetzung|bedingung)(?:\P{L}|$)` +
		`|\bpas\s+(?:requise?s?|nécessaires?|obligatoires?|exigée?s?|indispensables?)(?:\P{L}|$)|\baucune?\s+(?:[\p{L}'’-]+\s+){1,5}?(?:requise?|nécessaire|exigée?)(?:\P{L}|$)` +
		`|\bno\s+(?:es|son)\s+(?:necesari[oa]s?|obligatori[oa]s?|imprescindibles?|requerid[oa]s?)\b|\bno\s+se\s+(?:requiere|exige|necesita|precisa)n?\b`)
	// noLimit are words behind "no" that make a demand stricter.
	noLimit = regexp.MustCompile(`(?i)^no\s+(?:less|fewer|later|more|criminal)\b`)
	// turn are words behind which something else is asked for after all.
	turn = regexp.MustCompile(`(?i)\s(?:but|aber|sondern|mais|pero)\s`)
	// clauseMark parts the clauses of an entry.
	clauseMark = regexp.MustCompile(`(?i)[,;()]\s*|[.!?]\s+|\s[–—-]\s|\s+(?:but|however|while|though|although|aber|jedoch|sondern|doch|mais|pero)\s+`)
	clauseGlue = regexp.MustCompile(`(?i)^(?:[\s,;.()–—-]+|(?:but|however|and|aber|und|jedoch|sondern|mais|et|pero|y)\s+)+`)
)

// withoutWaived returns what is left of a demand without the clauses that say what is not asked for.
func (r *jobReader) withoutWaived(s span) []span {
	text := r.text[s.start:s.end]
	hits := waivedIn(text)
	if len(hits) == 0 {
		return []span{s}
	}
	marks := clauseMark.FindAllStringIndex(text, -1)
	var kept []span
	from := 0
	for _, hit := range hits {
		if hit[0] < from {
			continue
		}
		start, end := from, len(text)
		for _, m := range marks {
			if m[1] <= hit[0] {
				start = max(start, m[0])
			}
			// A hit may hold the one byte of the mark behind it.
			if m[0] >= hit[1]-1 {
				end = min(end, m[0])
			}
		}
		kept = r.appendClause(kept, span{s.start + from, s.start + start})
		from = end
	}
	return r.appendClause(kept, span{s.start + from, s.end})
}

// waivedIn returns where text waives a demand.
func waivedIn(text string) [][]int {
	var hits [][]int
	for _, hit := range waived.FindAllStringIndex(text, -1) {
		if found := text[hit[0]:hit[1]]; !noLimit.MatchString(found) && !turn.MatchString(found) {
			hits = append(hits, hit)
		}
	}
	return hits
}

// appendClause appends a clause without the marks and joining words at its ends, if words are left.
func (r *jobReader) appendClause(list []span, s span) []span {
	s.start += len(clauseGlue.FindString(r.text[s.start:s.end]))
	s.end = s.start + len(strings.TrimRight(r.text[s.start:s.end], " \t\r\n,;(–—-"))
	if len(splitWords(r.text[s.start:s.end])) == 0 {
		return list
	}
	return append(list, s)
}
