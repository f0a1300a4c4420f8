package tailoring

import (
	"slices"
	"strings"
	"unicode/utf8"

	"resume-matcher/models"
	"resume-matcher/services/facts"
)

// Session gathers a proposal edit by edit on top of what the Tailor proposes by itself. It is for one goroutine.
type Session struct {
	tailor   *Tailor
	gate     func(facts.Claim) facts.Verdict
	in       Input
	resume   models.ResumeData
	doc      *document
	done     []practice
	posting  posting
	say      phrases
	changes  []models.Change
	rejected []models.RejectedChange
	offered  int
	// gaps and suggestions speak of the résumé as it is, so that no edit changes them.
	gaps        []models.Gap
	suggestions []models.Suggestion
}

// Begin opens a session with what the Tailor proposes by itself.
func (t *Tailor) Begin(in Input) *Session {
	s := &Session{tailor: t, in: in, resume: clone(in.Resume), say: phrasesFor(in.Language)}
	s.doc = open(&s.resume)
	s.posting = t.readPosting(in.Job)
	s.done = t.practices(s.doc)
	s.changes, s.rejected = t.screen(s.doc, t.candidates(s.doc, s.done, s.posting, in.PromptID, s.say))
	s.gaps = t.gaps(in.Match, s.posting, s.say)
	s.suggestions = t.suggestions(s.doc, s.done, s.posting, s.gaps, s.say)
	return s
}

// Listen makes the session take edits: judge is the fact gate over the person's own material, for every word that is new.
func (s *Session) Listen(judge func(facts.Claim) facts.Verdict) { s.gate = judge }

// Offer judges one edit and keeps its supported part as a change, or its refusal with the rule and the words.
// Of an edit that was reduced both are returned; of one beyond the session's bound neither. It needs Listen first.
func (s *Session) Offer(e Edit) (accepted *models.Change, refused *models.RejectedChange) {
	s.offered++
	if s.offered > maxEdits {
		return nil, nil
	}
	c, rule := s.convert(e)
	if rule != "" {
		return nil, s.refuse(c, rule, nil)
	}
	if isOrder(s.doc, c) {
		return s.accept(c), nil
	}
	verdict := s.judge(c)
	if !verdict.Supported {
		rule, words := violated(verdict)
		refused = s.refuse(c, rule, words)
		if c, verdict = s.reduce(c, verdict.Reduced); !verdict.Supported {
			return nil, refused
		}
	}
	c.Evidence = evidenceIn(s.doc, verdict.Evidence)
	if len(c.Evidence) == 0 {
		return nil, s.refuse(c, ruleEvidence, nil)
	}
	c.Reason = s.reason(e, c)
	return s.accept(c), refused
}

func (s *Session) judge(c models.Change) facts.Verdict {
	return s.gate(facts.Claim{Path: c.FieldPath, Original: valueOf(c.OriginalValue), Text: valueOf(c.NewValue)})
}

// reduce gives c the part of its text that the gate let stand, if that is one and says something new.
func (s *Session) reduce(c models.Change, part string) (models.Change, facts.Verdict) {
	if part == "" || sameText(part, valueOf(c.OriginalValue)) {
		return c, facts.Verdict{}
	}
	f, _, _ := s.doc.find(c.FieldPath)
	reduced := newChange(f, c.FieldPath, c.ChangeType, c.OriginalValue, &part)
	reduced.Confidence = low
	return reduced, s.judge(reduced)
}

func (s *Session) accept(c models.Change) *models.Change {
	s.changes = slices.DeleteFunc(s.changes, func(other models.Change) bool { return other.FieldPath == c.FieldPath && s.yields(other) })
	s.changes = append(s.changes, c)
	return &c
}

func (s *Session) refuse(c models.Change, rule string, words []string) *models.RejectedChange {
	r := models.RejectedChange{Change: c, Rule: rule, Words: words}
	if len(s.rejected) < maxEdits {
		s.rejected = append(s.rejected, r)
	}
	return &r
}

// violated returns the first broken rule and the words of all; a refusal always has a rule.
func violated(v facts.Verdict) (string, []string) {
	if len(v.Violations) == 0 {
		return ruleWord, nil
	}
	var words []string
	for _, violation := range v.Violations {
		if violation.Words != "" && !slices.Contains(words, violation.Words) {
			words = append(words, violation.Words)
		}
	}
	return string(v.Violations[0].Rule), words
}

// evidenceIn keeps the quotes that stand in the résumé word for word.
func evidenceIn(doc *document, quotes []models.Evidence) []models.Evidence {
	kept := []models.Evidence{}
	for _, e := range quotes {
		if value, ok := doc.value(e.Path); ok && e.Quote != "" && strings.Contains(value, e.Quote) {
			kept = append(kept, e)
		}
	}
	return kept
}

// reason is the model's, as long as it claims nothing the material does not show; else what the words themselves show.
func (s *Session) reason(e Edit, c models.Change) string {
	own := spaced(e.Reason)
	if own != "" && utf8.RuneCountInString(own) <= maxReasonRunes {
		claim := facts.Claim{Text: own, Mentions: s.asked()}
		if s.gate(claim).Supported {
			return own
		}
	}
	return s.ownReason(c)
}

// maxReasonRunes bounds a reason: longer ones are no reasons any more.
const maxReasonRunes = 300

// asked returns what the posting says, which a reason may quote without claiming it for the person.
func (s *Session) asked() []string {
	q := s.in.Job.Qualifications
	return slices.Concat([]string{s.in.Job.JobTitle, s.in.Job.CompanyProfile.Name}, q.Required, q.Preferred,
		s.in.Job.KeyResponsibilities, s.in.Job.ExtractedKeywords)
}

func (s *Session) ownReason(c models.Change) string {
	if c.FieldType == "skill" && c.ChangeType == added {
		return s.say.promoted(*c.NewValue)
	}
	var terms []string
	before := wordSet(valueOf(c.OriginalValue))
	text := valueOf(c.NewValue)
	for _, m := range s.tailor.vocabulary.Find(text) {
		written := text[m.Start:m.End]
		fresh := slices.ContainsFunc(words(written), func(w string) bool { return !before[w] })
		if fresh && s.posting.importance[m.Skill] != notAsked && !slices.Contains(terms, written) {
			terms = append(terms, written)
		}
	}
	return s.say.reworded(terms)
}

// Proposal returns all that was accepted, applied to the résumé; the session may go on after it.
func (s *Session) Proposal() Proposal {
	p := Proposal{Rejected: slices.Clone(s.rejected), Warnings: []string{}, Changes: slices.Clone(s.changes)}
	improved, err := Apply(s.resume, p.Changes)
	if err != nil || !s.keeps(improved) {
		p.Warnings = append(p.Warnings, s.say.withdrawn)
		improved, p.Changes = clone(s.resume), []models.Change{}
	}
	p.Improved = improved
	p.Gaps, p.Suggestions = slices.Clone(s.gaps), slices.Clone(s.suggestions)
	p.Summary = Summarize(p.Changes)
	return p
}

// keeps is the last check of the whole result: without edits every word of it stood in the résumé before.
func (s *Session) keeps(improved models.ResumeData) bool {
	return keepsLocked(s.resume, improved) && (s.offered > 0 || s.tailor.keepsFacts(s.resume, improved))
}

// keepsLocked compares the whole result with the original: what no edit may touch is the same, and no list lost an item.
func keepsLocked(original, improved models.ResumeData) bool {
	before, after := open(&original), open(&improved)
	if len(before.fields) != len(after.fields) {
		return false
	}
	for i, f := range before.fields {
		g := after.fields[i]
		switch {
		case f.path != g.path:
			return false
		case editable(f):
			if f.list != nil && len(*f.list) > len(*g.list) {
				return false
			}
		case f.text != nil:
			if *f.text != *g.text {
				return false
			}
		case !slices.Equal(*f.list, *g.list):
			return false
		}
	}
	return true
}
