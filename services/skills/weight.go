package skills

import "math"

// rarest is the share of postings, in percent, at and below which a skill has the full weight.
const rarest = 0.1

// Weight returns how much a skill tells, in (0, 1]: its inverse document frequency ln(1/p) (Spärck Jones, 1972),
// as a part of that of a skill in one posting of a thousand. There is no corpus behind p, the share of
// postings that name the skill: it is our own estimate, from the data or else the default of the kind.
func (v *Vocabulary) Weight(s *Skill) float64 {
	if s == nil {
		return 0
	}
	percent := s.common
	if percent == 0 {
		percent = usualShare(s.Kind)
	}
	return max(math.Log(100/max(percent, rarest))/math.Log(100/rarest), 0.01)
}

// usualShare is the share of postings, in percent, that name a typical skill of the kind.
func usualShare(kind string) float64 {
	switch kind {
	case "soft":
		return 15
	case "natural-language":
		return 2
	case "domain":
		return 0.8
	case "method":
		return 0.5
	default:
		return 0.3
	}
}
