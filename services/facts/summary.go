package facts

import (
	"strings"

	"resume-matcher/models"
)

// checkSummary judges a summary sentence by sentence; each clause has to be carried by one text of the résumé.
func (g *Gate) checkSummary(m *Material, t *reading) Verdict {
	return g.checkSentences(m, t, nil, expanded)
}

// checkSentences judges every sentence on its own, as plain writes it; what is left of the text are the supported ones.
// Of a sentence with semicolons nothing is left behind the first part at fault, as the parts rely on one another.
func (g *Gate) checkSentences(m *Material, t *reading, free func(t *reading, i int) bool, plain func(string) string) Verdict {
	p := profile{gate: g, material: m, free: free}
	var v Verdict
	var kept remainder
	broken := false
	for _, text := range t.sentences() {
		sentence := g.read(plain(text), t.german)
		supports, problems := p.sentence(sentence)
		dependent := broken
		broken = (broken || len(problems) > 0) && strings.HasSuffix(strings.TrimSpace(text), ";")
		switch {
		case len(problems) > 0:
			v.Violations = append(v.Violations, violations(sentence, problems)...)
			kept.drop(text)
		case dependent:
			v.Violations = append(v.Violations, Violation{RuleUnsupported, strings.TrimSpace(text)})
			kept.drop(text)
		default:
			kept.keep(text)
			evidence := evidenceOf(supports)
			v.Evidence = appendNew(v.Evidence, evidence)
			v.Claims += min(len(evidence), 1)
		}
	}
	v.Supported = len(v.Violations) == 0
	if v.Supported {
		v.Reduced = t.original
	} else {
		v.Reduced, v.Evidence = kept.String(), nil
	}
	return v
}

// remainder is what is left of a text while sentences are taken out of it.
type remainder struct{ strings.Builder }

func (r *remainder) keep(sentence string) { r.WriteString(sentence) }

// drop leaves a sentence out: what followed it as a part of the same sentence is gone, and where it closed a line or
// paragraph, what is kept before it does so.
func (r *remainder) drop(sentence string) {
	before := r.Builder.String()
	text := strings.TrimRight(before, " \t\n")
	between := before[len(text):]
	if end := sentence[len(strings.TrimRight(sentence, " \t\n")):]; strings.Count(end, "\n") > strings.Count(between, "\n") {
		between = end
	}
	if rest, cut := strings.CutSuffix(text, ";"); cut {
		text = rest + "."
	}
	r.Reset()
	if text != "" {
		r.WriteString(text + between)
	}
}

// String returns what is left, closed where its last sentence went on.
func (r *remainder) String() string {
	text := strings.TrimSpace(r.Builder.String())
	if rest, cut := strings.CutSuffix(text, ";"); cut {
		return rest + "."
	}
	return text
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
			for end > 0 && strings.ContainsRune("(\"'„“‚‘•*-+", rune(r.text[end-1])) {
				end--
			}
			list = append(list, r.text[start:end])
			start = end
		}
	}
	return append(list, r.text[start:])
}
