package tailoring

import "resume-matcher/services/matching"

// Baseline is what is known before any tailoring, in the contract's form.
type Baseline struct {
	// AddedSection is always nil. Earlier backends put the missing keywords into the résumé as a section of its own, which
	// claims skills the person may not have; here they become questions.
	AddedSection         *string  `json:"added_section"`
	MissingKeywordsCount int      `json:"missing_keywords_count"`
	MissingKeywords      []string `json:"missing_keywords"`
	// BaselineScore is the score of the untouched résumé, from 0 to 100.
	BaselineScore float64 `json:"baseline_score"`
}

// NewBaseline returns the baseline of the untouched résumé's match; the keywords stand in the order of match.Missing.
func NewBaseline(match matching.Result) Baseline {
	keywords := make([]string, len(match.Missing))
	for i, m := range match.Missing {
		keywords[i] = m.Skill
	}
	return Baseline{MissingKeywordsCount: len(keywords), MissingKeywords: keywords, BaselineScore: match.Score}
}
