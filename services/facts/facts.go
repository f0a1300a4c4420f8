// Package facts decides whether a text says anything about a person that the person's own résumé does not.
//
// A text is cut into clauses, and each clause has to be carried by one place of the résumé:
//   - a replaced bullet by the bullet it replaces;
//   - an added bullet by one bullet of the same entry, whose title, employer, place and period it may name besides;
//   - a clause of a summary or letter by one text of one entry or, where it only describes the person ("engineer with
//     experience in Go"), part by part by titles, degrees, certificates, skills and texts;
//   - an entry of the list of skills by a text that claims the skill.
//
// A word is carried by the same word in another form, by a word that the data files say means the same or more, or by
// another spelling of the same tool. A number has to measure what it measured, a verb to govern what it governed, and
// what the résumé denies, plans, hedges or tells of others stays so. Whatever no rule allows is refused.
//
// Years of experience count where the résumé states them, or where the periods of its positions, those that overlap
// once, add up to that; of a year without its months only what is certain counts, and a position that goes on today
// until the last month the résumé names, as the package knows no clock.
package facts

import (
	"resume-matcher/models"
	"resume-matcher/services/skills"
)

// Rule names what a text broke.
type Rule string

// The rules of the gate.
const (
	// RuleLocked refuses any change of a field that holds a bare fact: names, titles, employers, dates, degrees.
	RuleLocked Rule = "locked"
	// RuleOriginal refuses a replacement whose original is not what stands at its path.
	RuleOriginal Rule = "original_mismatch"
	// RuleUnreadable refuses invisible characters, mixed alphabets and signs whose meaning can't be checked.
	RuleUnreadable Rule = "unreadable"
	// RuleTooLong refuses a text longer than the bounds.
	RuleTooLong Rule = "too_long"
	// RuleEmpty refuses a text without a word.
	RuleEmpty Rule = "empty"
	// RuleNumber stands for counts, percentages, factors and quantities.
	RuleNumber Rule = "number"
	// RuleMoney stands for amounts of money.
	RuleMoney Rule = "money"
	// RuleDuration stands for lengths of time.
	RuleDuration Rule = "duration"
	// RuleDate stands for years, months and days.
	RuleDate Rule = "date"
	// RuleHeadcount stands for numbers of people.
	RuleHeadcount Rule = "headcount"
	// RuleName stands for employers, schools, customers and other proper names.
	RuleName Rule = "name"
	// RuleTitle stands for titles of positions and levels of seniority.
	RuleTitle Rule = "title"
	// RuleDegree stands for degrees.
	RuleDegree Rule = "degree"
	// RuleCertificate stands for certificates and licences.
	RuleCertificate Rule = "certificate"
	// RuleSkill stands for tools, methods and other skills.
	RuleSkill Rule = "skill"
	// RuleScope stands for verbs and nouns that claim more responsibility than the source.
	RuleScope Rule = "scope"
	// RuleHedge stands for claims whose source is negated, planned, partial or hedged.
	RuleHedge Rule = "hedge"
	// RuleMerged stands for facts that are each stated, but not of one another.
	RuleMerged Rule = "merged"
	// RuleSuperlative stands for praise and results the source does not state.
	RuleSuperlative Rule = "superlative"
	// RuleUnsupported stands for any other word that no source carries.
	RuleUnsupported Rule = "unsupported"
)

// Claim is a text that is to stand in a résumé or a letter.
type Claim struct {
	// Path is where the text will stand, as models.Change.FieldPath; "" for a letter.
	Path string
	// Original is the text that is replaced, "" for a new one.
	Original string
	// Text is what is checked.
	Text string
	// Mentions are names a letter may use without claiming them, such as the posting's employer and position.
	Mentions []string
	// Greeted are the people a letter may address, such as the posting's contact.
	Greeted []string
}

// Violation is one thing in a text that the person's material does not support.
type Violation struct {
	Rule Rule
	// Words are the words of the text at fault.
	Words string
}

// Verdict is what the gate decided on a claim.
type Verdict struct {
	Supported bool
	// Evidence quotes verbatim spans of the résumé by path; it is never empty for a supported text with a claim.
	Evidence []models.Evidence
	// Violations is empty for a supported text.
	Violations []Violation
	// Reduced is the part of the text that is supported on its own, "" if there is none.
	Reduced string
	// Claims counts the supported sentences of a summary or letter that say something of the person.
	Claims int
}

// Gate checks generated texts against a person's own material; it is pure, read-only and safe for concurrent use.
type Gate struct {
	vocabulary *skills.Vocabulary
	lexicon    *lexicon
}

// New returns a gate that knows the skills of v.
func New(v *skills.Vocabulary) *Gate {
	return &Gate{vocabulary: v, lexicon: newLexicon()}
}
