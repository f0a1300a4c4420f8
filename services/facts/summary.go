package facts

// checkSummary judges a summary.
func (g *Gate) checkSummary(m *Material, t *reading) Verdict {
	return refused(RuleUnsupported, t.original)
}
