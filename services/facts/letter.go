package facts

// checkLetter judges a letter sentence by sentence.
func (g *Gate) checkLetter(m *Material, t *reading, mentions []string) Verdict {
	return refused(RuleUnsupported, t.original)
}
