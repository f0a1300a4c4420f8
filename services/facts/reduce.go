package facts

import "strings"

// reduce drops what is at fault from the end of a text, clause by clause, and of its first clause what follows a
// comma, and returns what is left once it is supported and still a clause, or "".
func (g *Gate) reduce(t *reading, problems []problem, supported func(*reading) bool) string {
	const most = 8
	first := len(t.tokens)
	for _, p := range problems {
		first = min(first, p.first)
	}
	tried := 0
	for i := first; i > 0 && tried < most; i-- {
		if !t.mayEndBefore(i) {
			continue
		}
		tried++
		text := t.cutAt(i)
		if rest := g.read(text, t.german); rest.stands() && supported(rest) {
			return text
		}
	}
	return ""
}

// mayEndBefore tells whether the text can be cut before the token at i.
func (r *reading) mayEndBefore(i int) bool {
	t := r.tokens[i]
	if i == r.clauses[r.clauseOf[i]].first {
		return true
	}
	return t.gap >= gapComma || t.entry.has(labelCause) || t.entry.glue && t.entry.role > roleFrom && t.entry.role != rolePart && !r.german
}

// cutAt returns the text before the token at i without dangling signs, closed as the text was.
func (r *reading) cutAt(i int) string {
	end := r.tokens[i].start
	for k := i - 1; k >= 0 && !r.content(k) && r.tokens[k].gap < gapSentence; k-- {
		end = r.tokens[k].start
	}
	text := strings.TrimRight(r.quote(0, end), " \n\t,;:–—-/(&")
	if strings.HasSuffix(strings.TrimSpace(r.original), ".") && !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

// stands tells whether a reduced text is still worth a line: it has a verb and something besides it.
func (r *reading) stands() bool {
	content, verbs := 0, 0
	for i := range r.tokens {
		if r.content(i) {
			content++
		}
		if r.verb[i] {
			verbs++
		}
	}
	return content > 1 && verbs > 0 && content > verbs
}
