// Package matching scores how well a résumé meets a posting, purely: no database, no clock, no randomness.
//
// A posting's demands are taken apart into skills of the vocabulary, degrees, licences, languages, years and key words.
// Each part has a weight (a skill its rarity) and a degree from 0 to 1, by the best the résumé shows for it; a demand's
// degree is their weighted mean. The score joins the demands (required ones weigh more than preferred), the
// responsibilities, the likeness of titles, the similarity of the texts and the years of experience, is lowered where
// the two belong to different trades, and is calibrated so that unrelated pairs stay below 25 and a résumé written for
// the posting comes above 80. Every step only grows with what the résumé shows, so more evidence never costs.
// Sums run in a fixed order with rounded terms: a score is the same on every machine.
package matching

import "resume-matcher/models"

// FormulaVersion names the formula; the same inputs and version give the same score everywhere.
const FormulaVersion = "1"

// Result is an explained score.
type Result struct {
	// Score is from 0 to 100, rounded to one decimal.
	Score          float64       `json:"score"`
	FormulaVersion string        `json:"formula_version"`
	Breakdown      Breakdown     `json:"breakdown"`
	Counts         Counts        `json:"counts"`
	Coverage       []Coverage    `json:"coverage"`
	Missing        []MissingItem `json:"missing"`
}

// Breakdown holds the parts of the score, each from 0 to 100; a part the posting says nothing about is nil.
type Breakdown struct {
	RequiredSkills  *float64 `json:"required_skills"`
	PreferredSkills *float64 `json:"preferred_skills"`
	Responsibility  *float64 `json:"responsibilities"`
	Title           *float64 `json:"title"`
	TextSimilarity  *float64 `json:"text_similarity"`
	ExperienceYears *float64 `json:"experience_years"`
}

// Counts are the numbers behind the breakdown.
type Counts struct {
	RequiredTotal    int `json:"required_total"`
	RequiredMatched  int `json:"required_matched"`
	PreferredTotal   int `json:"preferred_total"`
	PreferredMatched int `json:"preferred_matched"`
	KeywordsTotal    int `json:"keywords_total"`
	KeywordsMatched  int `json:"keywords_matched"`
}

// Coverage tells of one requirement whether the résumé supports it, and where.
type Coverage struct {
	Requirement string `json:"requirement"`
	// Required is false for a preferred qualification.
	Required bool    `json:"required"`
	Matched  bool    `json:"matched"`
	Degree   float64 `json:"degree"` // 0 to 1, the share of the requirement that is supported
	// Weight is the sum of the weights of the requirement's parts; a rare skill weighs up to 1.
	Weight float64 `json:"weight"`
	// Evidence quotes the résumé; nil where nothing supports the requirement.
	Evidence *models.Evidence `json:"evidence"`
	// Missing names the skills, products and qualifications of the requirement that the résumé does not show, and the
	// years it falls short of, as in "1.5 of 8 years shown"; alternatives are one entry, as in "Java / Kotlin".
	Missing []string `json:"missing"`
}

// MissingItem is a skill or qualification the posting asks for and the résumé does not show, weightiest first.
type MissingItem struct {
	Skill    string  `json:"skill"`
	Required bool    `json:"required"`
	Weight   float64 `json:"weight"` // share of the posting's total weight, 0 to 1
}
