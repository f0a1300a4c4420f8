package facts

import (
	"strings"

	"resume-matcher/models"
)

// checkSummary judges a summary sentence by sentence; each clause has to be carried by one text of the résumé.
func (g *Gate) checkSummary(m *Material, t *reading) Verdict {
	return g.checkSentences(m, t, nil)
}

// checkSentences judges every sentence on its own; what is left of the text are the supported ones.
func (g *Gate) checkSentences(m *Material, t *reading, free func(t *reading, i int) bool) Verdict {
	p := profile{gate: g, material: m, free: free}
	var v Verdict
	var kept strings.Builder
	for _, text := range t.sentences() {
		sentence := g.read(text, t.german)
		supports, problems := p.sentence(sentence)
		if len(problems) > 0 {
			v.Violations = append(v.Violations, violations(sentence, problems)...)
			continue
		}
		kept.WriteString(text)
		v.Evidence = appendNew(v.Evidence, evidenceOf(supports))
	}
	v.Supported = len(v.Violations) == 0
	v.Reduced = strings.TrimSpace(kept.String())
	if v.Supported {
		v.Reduced = t.original
	} else {
		v.Evidence = nil
	}
	return v
}

func appendNew(list, more []models.Evidence) []models.Evidence {
	for _, e := range more {
		known := false
		for _, o := range list {
			known = known || o == e
		}
		if !known {
			list = append(list, e)
		}
	}
	return list
}

// sentences returns the sentences with the space behind them.
func (r *reading) sentences() []string {
	var list []string
	start := 0
	for c, cl := range r.clauses {
		if c > 0 && cl.sentence != r.clauses[c-1].sentence {
			end := r.tokens[cl.first].start
			for end > 0 && strings.ContainsRune("(\"'„“‚‘•*-", rune(r.text[end-1])) {
				end--
			}
			list = append(list, r.text[start:end])
			start = end
		}
	}
	return append(list, r.text[start:])
}
