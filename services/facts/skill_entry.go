package facts

// checkSkill judges an entry of the list of skills: each skill it names has to be named, in words that mean exactly the
// same, by the entry it replaces or by a text that claims it.
func (g *Gate) checkSkill(m *Material, t *reading, c Claim) Verdict {
	var sources []*span
	for _, s := range m.spans {
		switch s.field {
		case fieldText, fieldSkill:
			if s.path != "summary" || c.Original == "" {
				sources = append(sources, s)
			}
		}
	}
	var supports []*support
	for n := range t.clauses {
		best := g.bestEntry(t, n, sources)
		if best == nil {
			return refused(RuleSkill, t.original)
		}
		supports = append(supports, best)
	}
	problems := problemsOf(supports)
	if own := m.byPath[c.Path]; own != nil && own.limits()&^t.limits() != 0 {
		problems = append(problems, problem{RuleHedge, 0, len(t.tokens)})
	}
	if len(problems) > 0 {
		return Verdict{Violations: violations(t, problems)}
	}
	return Verdict{Supported: true, Evidence: evidenceOf(supports), Reduced: t.original}
}

// limits returns all that weakens a word of the text.
func (r *reading) limits() weakness {
	var all weakness
	for _, w := range r.weak {
		all |= w
	}
	return all
}

func (g *Gate) bestEntry(t *reading, c int, sources []*span) *support {
	var best *support
	for _, s := range sources {
		u := g.compareForgiving(t, t.clauses[c], s, nil, nil, weakAssist|weakShared)
		u.refuseFree()
		if best == nil || len(u.problems) < len(best.problems) {
			best = u
		}
		if len(best.problems) == 0 {
			break
		}
	}
	return best
}

// refuseFree refuses what has no place in the source: in a list of skills every word is a claim.
func (u *support) refuseFree() {
	for i, free := range u.free {
		if free {
			u.object(RuleSkill, i, i+1)
		}
	}
}
