package services

import (
	"context"
	"slices"

	"resume-matcher/models"
	"resume-matcher/services/cache"
	"resume-matcher/services/llm"
	"resume-matcher/services/matching"
	"resume-matcher/services/tailoring"
)

// proposed is a proposal and what a language model had to do with it.
type proposed struct {
	tailoring.Proposal
	attempted, used bool
}

// propose makes the changes that need no model, then takes the model's edits as far as the fact gate lets them.
func (t *Tailoring) propose(ctx context.Context, resume *models.Resume, job *models.Job, in TailorInput, match matching.Result, progress Progress) (proposed, error) {
	work := &edits{t: t, progress: progress, input: tailoring.Input{
		Resume: resume.Processed.Data.V, Job: job.Processed.Data.V, Match: match, PromptID: in.PromptID, Language: resume.Language,
	}}
	work.begin()
	own := work.session.Proposal()
	for i, change := range own.Changes {
		progress(Step{Status: "improving", Delta: change.Reason + "\n", Change: &own.Changes[i]})
	}
	if wanted, err := t.model.wanted(in.Model); !wanted || err != nil {
		return proposed{Proposal: own}, err
	}
	proposal, err := work.ask(ctx, resume, job)
	if err == nil {
		return proposed{Proposal: proposal, attempted: true, used: true}, nil
	}
	warning, err := fallBack(in.Model, err)
	if err != nil {
		return proposed{}, err
	}
	own.Warnings = append(own.Warnings, warning)
	return proposed{Proposal: own, attempted: true}, nil
}

// edits takes a model's edits while it writes them.
type edits struct {
	t        *Tailoring
	input    tailoring.Input
	progress Progress
	veil     veil
	session  *tailoring.Session
	offered  []llm.ProposedChange
}

// ask returns the proposal with the model's edits in it.
func (e *edits) ask(ctx context.Context, resume *models.Resume, job *models.Job) (tailoring.Proposal, error) {
	e.veil = veil{e.t.model.pseudonymsOf(resume, e.input.Resume.PersonalInfo, job.Content)}
	e.session.Listen(e.t.gate.of(resume))
	missing := make([]string, 0, len(e.input.Match.Missing))
	for _, m := range e.input.Match.Missing {
		missing = append(missing, e.veil.hide(m.Skill))
	}
	prompt := e.t.model.prompts.Tailor(llm.TailorPrompt{
		Strategy: strategyOf(e.input.PromptID), Resume: e.veil.resume(e.input.Resume), Job: e.veil.job(e.input.Job),
		JobText: e.veil.hide(job.Content), Missing: missing, Language: resume.Language,
	})
	onText := llm.StreamItems("changes", e.offer)
	begun := false
	answer, err := e.t.model.ask(ctx, question{
		workspaceID: resume.WorkspaceID, prompt: prompt, ttl: proposalTTL, links: links(resume.ID, job.ID),
		onText: func(text string) {
			if !begun {
				begun = true
				e.progress(Step{Status: "improving"})
			}
			onText(text)
		},
	})
	if err != nil {
		return tailoring.Proposal{}, err
	}
	decoded, err := llm.Decode[llm.TailoringAnswer](answer)
	if err != nil {
		return tailoring.Proposal{}, modelError(err)
	}
	return e.finish(resume, decoded.Changes), nil
}

func (e *edits) begin() {
	e.session, e.offered = e.t.tailor.Begin(e.input), nil
}

// offer judges one edit, and tells at once of what was accepted.
func (e *edits) offer(p llm.ProposedChange) {
	e.offered = append(e.offered, p)
	accepted, refused := e.session.Offer(tailoring.Edit{
		Path: e.veil.path(p.Path), Action: p.Action,
		Original: e.veil.show(p.Original), Value: e.veil.show(p.Value), Reason: e.veil.show(p.Reason),
	})
	if refused != nil {
		e.t.model.observe.judged(refused.Rule)
	}
	if accepted != nil {
		e.t.model.observe.judged("supported")
		e.progress(Step{Status: "improving", Delta: accepted.Reason + "\n", Change: accepted})
	}
}

// finish returns the proposal of the whole answer. What was heard while it was written is the same, unless it came from
// the cache or was repaired.
func (e *edits) finish(resume *models.Resume, all []llm.ProposedChange) tailoring.Proposal {
	heard := len(e.offered)
	if heard > len(all) || !slices.Equal(e.offered, all[:heard]) {
		e.begin()
		e.session.Listen(e.t.gate.of(resume))
		heard = 0
	}
	for _, p := range all[heard:] {
		e.offer(p)
	}
	return e.session.Proposal()
}

func strategyOf(promptID string) string {
	if promptID == "" {
		return tailoring.Keywords
	}
	return promptID
}

func links(resumeID, jobID string) []cache.Link {
	return []cache.Link{{Type: "resume", ID: resumeID}, {Type: "job", ID: jobID}}
}
