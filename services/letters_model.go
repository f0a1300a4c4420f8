package services

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"resume-matcher/models"
	"resume-matcher/services/facts"
	"resume-matcher/services/llm"
	"resume-matcher/services/tailoring"
)

// refusedLetter tells why what a model wrote, or would write, is no letter; it begins a sentence.
type refusedLetter string

const (
	letterUnsupported refusedLetter = "The résumé supports too little of what the language model wrote"
	letterUnchecked   refusedLetter = "What a language model writes can be checked in English and German only"
)

// Error returns the reason.
func (r refusedLetter) Error() string { return string(r) }

// letterFallBack is fallBack for the reasons of letters too.
func letterFallBack(use ModelUse, err error) (warning string, fatal error) {
	var reason refusedLetter
	if !errors.As(err, &reason) {
		return fallBack(use, err)
	}
	if use == ModelRequired {
		return "", models.WrapError(models.KindAIUnavailable, string(reason)+". Leave require_llm out for a text made without it.", err)
	}
	return string(reason) + "; this text was made without it.", nil
}

// written asks the model for the letter and keeps of it what the fact gate lets stand.
//
// Errors: those of the model, and a refusedLetter where too little is left.
func (l *Letters) written(ctx context.Context, resume *models.Resume, job *models.Job, in LetterInput, kind letterKind) (Letter, error) {
	if !facts.Reads(in.Language) {
		return Letter{}, letterUnchecked
	}
	data, posting := resume.Processed.Data.V, job.Processed.Data.V
	v := veil{l.model.pseudonymsOf(resume, data.PersonalInfo, job.Content)}
	prompt := kind.prompt(l.model.prompts, llm.LetterPrompt{
		Resume: v.resume(data), Job: v.job(posting), JobText: v.hide(job.Content), Language: in.Language,
	})
	answer, err := l.model.ask(ctx, question{
		workspaceID: resume.WorkspaceID, prompt: prompt, ttl: answerTTL, links: links(resume.ID, job.ID),
	})
	if err != nil {
		return Letter{}, err
	}
	decoded, err := llm.Decode[llm.LetterAnswer](answer)
	if err != nil {
		return Letter{}, modelError(err)
	}
	return l.judged(resume, job, in.Language, kind, v.show(decoded.Content))
}

// judged reduces a letter to its supported sentences, and gives it the salutation and the closing it may lack then.
func (l *Letters) judged(resume *models.Resume, job *models.Job, language string, kind letterKind, text string) (Letter, error) {
	name := resume.Processed.Data.V.PersonalInfo.Name
	filled, blanks := fillBlanks(text, name)
	verdict := l.gate.of(resume)(facts.Claim{
		Text: filled, Mentions: mentions(job.Processed.Data.V), Greeted: llm.ContactNames(job.Content),
	})
	if verdict.Supported {
		l.model.observe.judged("supported")
	}
	out := Letter{LLMUsed: true}
	for _, words := range blanks {
		out.LeftOut = append(out.LeftOut, LeftOut{Rule: string(facts.RuleUnreadable), Words: words})
	}
	for _, v := range verdict.Violations {
		l.model.observe.judged(string(v.Rule))
		out.LeftOut = append(out.LeftOut, LeftOut{Rule: string(v.Rule), Words: v.Words})
	}
	if !kind.holds(text, verdict) {
		return Letter{}, letterUnsupported
	}
	if len(out.LeftOut) > 0 {
		out.Warnings = []string{"What the résumé does not support was left out of the text."}
	}
	out.Content = tailoring.CompleteLetter(verdict.Reduced, language, name, kind.brief)
	return out, nil
}

// holds tells whether what the gate left of a text is a letter: at least half of the text, with two sentences that say
// something of the person, or with one in a text of some length.
func (k letterKind) holds(text string, v facts.Verdict) bool {
	left := utf8.RuneCountInString(v.Reduced)
	if left*2 < utf8.RuneCountInString(strings.TrimSpace(text)) {
		return false
	}
	return v.Claims > 1 || v.Claims == 1 && left >= k.fewestRunes
}

// mentions are the names of the posting that a letter has to use.
func mentions(posting models.JobData) []string {
	names := []string{posting.CompanyProfile.Name, posting.JobTitle}
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}
