// Package tailoring fits a structured résumé to a posting without a language model: it reorders, highlights and suggests,
// and adds nothing that the person's own material does not say. It is pure: no database, no clock, no randomness.
package tailoring

import (
	"resume-matcher/models"
	"resume-matcher/services/matching"
	"resume-matcher/services/skills"
)

// The strategies a client names as prompt_id, from the least to the most that is proposed. An unknown or empty one is Keywords.
const (
	// Nudge reorders the list of skills.
	Nudge = "nudge"
	// Keywords also writes the person's skills as the posting spells them.
	Keywords = "keywords"
	// Full also lists skills that only the descriptions show, and reorders bullets and the sentences of the summary.
	Full = "full"
)

// Input is a résumé, a posting and how well they match.
type Input struct {
	Resume models.ResumeData
	Job    models.JobData
	Match  matching.Result
	// PromptID is Nudge, Keywords or Full.
	PromptID string
	// Language is the ISO 639-1 code of the résumé's language, for the texts to the person; other than "de" gives English.
	Language string
}

// Proposal is what the tailoring proposes. Its lists are never nil.
type Proposal struct {
	// Changes can be accepted in any subset; all of them together lead to Improved.
	Changes []models.Change
	// Rejected are proposals that would have said more than the résumé does.
	Rejected    []models.RejectedChange
	Improved    models.ResumeData
	Suggestions []models.Suggestion
	Gaps        []models.Gap
	Summary     models.DiffSummary
	Warnings    []string
}

// Tailor proposes changes; it is safe for concurrent use.
type Tailor struct {
	vocabulary *skills.Vocabulary
	cues       cues
	spellings  spellings
}

// New returns a Tailor that knows the skills of v.
func New(v *skills.Vocabulary) *Tailor {
	return &Tailor{vocabulary: v, cues: parseCues(cueData), spellings: parseSpellings(spellingData)}
}

// Propose returns the changes, advice and questions for one résumé and posting; the same input gives the same proposal.
func (t *Tailor) Propose(in Input) Proposal { return t.Begin(in).Proposal() }

// candidates returns the strategy's changes, before any check.
func (t *Tailor) candidates(doc *document, done []practice, p posting, promptID string, say phrases) []models.Change {
	changes := t.reorderSkills(doc, p, say)
	if promptID == Nudge {
		return changes
	}
	changes = append(changes, t.alignSpellings(doc, p, say)...)
	if promptID != Full {
		return changes
	}
	changes = append(changes, t.promoteSkills(doc, done, p, say)...)
	changes = append(changes, t.reorderSummary(doc, p, say)...)
	return append(changes, reorderBullets(doc, done, p, say)...)
}
