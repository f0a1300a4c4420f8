package matching

import (
	"math"

	"resume-matcher/services/skills"
)

// Matcher prepares résumés and postings and compares them; it is read-only and safe for concurrent use.
type Matcher struct {
	vocabulary *skills.Vocabulary
	filler     map[string]map[string]bool
	roles      *roleTable
}

// New returns a matcher over a vocabulary.
func New(v *skills.Vocabulary) *Matcher {
	return &Matcher{vocabulary: v, filler: loadFiller(), roles: loadRoles()}
}

// weight returns a skill's rarity, rounded: logarithms may differ in the last bit between machines.
func (m *Matcher) weight(s *skills.Skill) float64 { return round4(m.vocabulary.Weight(s)) }

// round4 rounds to four decimals, which keeps scores equal on machines that fuse multiplication and addition.
func round4(x float64) float64 { return math.Round(x*1e4) / 1e4 }
