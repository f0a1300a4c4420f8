package services

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/facts"
	"resume-matcher/services/llm"
	"resume-matcher/services/tailoring"
)

// Letters writes and keeps cover letters and outreach messages, with one of each a résumé.
type Letters struct {
	db      *gorm.DB
	resumes *Resumes
	jobs    *Jobs
	matches *Matches
	tailor  *tailoring.Tailor
	gate    *gate
	model   *Assistant
}

// LetterInput names the résumé, and the job unless it is the one the résumé was tailored to. Language is an ISO 639-1
// code; empty means the résumé's.
type LetterInput struct {
	ResumeID, JobID, Language string
	Model                     ModelUse
}

// LeftOut is a sentence of a model's letter that nothing in the résumé supports, and the rule it broke.
type LeftOut struct {
	Rule  string `json:"rule"`
	Words string `json:"words"`
}

// Letter is a finished text; LeftOut tells what was taken out of what the model wrote.
type Letter struct {
	Content  string
	LLMUsed  bool
	LeftOut  []LeftOut
	Warnings []string
}

// letterKind tells a cover letter from an outreach message.
type letterKind struct {
	column string
	prompt func(*llm.Prompts, llm.LetterPrompt) llm.Prompt
	own    func(*tailoring.Tailor, tailoring.LetterInput) string
}

func coverLetter() letterKind {
	return letterKind{"cover_letter", (*llm.Prompts).CoverLetter, (*tailoring.Tailor).CoverLetter}
}

func outreachMessage() letterKind {
	return letterKind{"outreach_message", (*llm.Prompts).Outreach, (*tailoring.Tailor).Outreach}
}

// CoverLetter writes a cover letter and keeps it with the résumé.
//
// Errors: MISSING_JOB_ID when no job is named and the résumé was not tailored to one.
func (l *Letters) CoverLetter(ctx context.Context, workspaceID string, in LetterInput) (Letter, error) {
	return l.generate(ctx, workspaceID, in, coverLetter())
}

// Outreach writes a short message to a recruiter and keeps it with the résumé; its errors are those of CoverLetter.
func (l *Letters) Outreach(ctx context.Context, workspaceID string, in LetterInput) (Letter, error) {
	return l.generate(ctx, workspaceID, in, outreachMessage())
}

// SetCoverLetter keeps a letter as a person wrote it; an empty one removes it.
func (l *Letters) SetCoverLetter(ctx context.Context, workspaceID, resumeID, content string) error {
	return l.keep(ctx, workspaceID, resumeID, coverLetter(), content)
}

// SetOutreach keeps a message as a person wrote it; an empty one removes it.
func (l *Letters) SetOutreach(ctx context.Context, workspaceID, resumeID, content string) error {
	return l.keep(ctx, workspaceID, resumeID, outreachMessage(), content)
}

func (l *Letters) keep(ctx context.Context, workspaceID, resumeID string, kind letterKind, content string) error {
	var kept *string
	if content != "" {
		kept = &content
	}
	result := l.db.WithContext(ctx).Model(&models.Resume{}).Where("id = ? AND workspace_id = ?", resumeID, workspaceID).
		UpdateColumns(map[string]any{kind.column: kept, "updated_at": l.resumes.now()})
	if result.Error == nil && result.RowsAffected == 0 {
		return resumeNotFound()
	}
	return storeError(result.Error, nil)
}

func (l *Letters) generate(ctx context.Context, workspaceID string, in LetterInput, kind letterKind) (Letter, error) {
	wanted, err := l.model.wanted(in.Model)
	if err != nil {
		return Letter{}, err
	}
	tx := l.db.WithContext(ctx)
	resume, err := l.resumes.structured(tx, workspaceID, in.ResumeID)
	if err != nil {
		return Letter{}, err
	}
	job, err := l.job(ctx, workspaceID, in)
	if err != nil {
		return Letter{}, err
	}
	if in.Language == "" {
		in.Language = resume.Language
	}
	var out Letter
	if wanted {
		out, err = l.written(ctx, resume, job, in, kind)
	}
	if err != nil {
		var warning string
		if warning, err = fallBack(in.Model, err); err != nil {
			return Letter{}, err
		}
		out.Warnings = append(out.Warnings, warning)
	}
	if !out.LLMUsed {
		out.Content = l.own(resume, job, in, kind)
	}
	return out, l.keep(ctx, workspaceID, resume.ID, kind, out.Content)
}

// job returns the job that is named, or the one the résumé was tailored to.
func (l *Letters) job(ctx context.Context, workspaceID string, in LetterInput) (*models.Job, error) {
	id := in.JobID
	if id == "" {
		job, err := l.resumes.JobDescription(ctx, workspaceID, in.ResumeID)
		if err != nil {
			return nil, models.WrapError(models.KindMissingJobID,
				"This résumé was not tailored to a job. Send the job_id the letter is for.", err)
		}
		id = job.ID
	}
	return l.jobs.structured(l.db.WithContext(ctx), workspaceID, id)
}

// own writes the letter without a model: the person's words around the posting's position.
func (l *Letters) own(resume *models.Resume, job *models.Job, in LetterInput, kind letterKind) string {
	data, posting := resume.Processed.Data.V, job.Processed.Data.V
	match := l.matches.matcher.Match(l.matches.preparedResume(resume), l.matches.preparedJob(job))
	return kind.own(l.tailor, tailoring.LetterInput{Resume: data, Job: posting, Match: match, Language: in.Language})
}

// written asks the model for the letter and keeps of it what the fact gate lets stand. LLMUsed is false when that is
// too little for a letter.
func (l *Letters) written(ctx context.Context, resume *models.Resume, job *models.Job, in LetterInput, kind letterKind) (Letter, error) {
	data, posting := resume.Processed.Data.V, job.Processed.Data.V
	v := veil{l.model.pseudonyms(data.PersonalInfo, resume.Content, job.Content)}
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
	return l.judged(resume, posting, strings.TrimSpace(v.show(decoded.Content))), nil
}

// judged reduces a letter to its supported sentences.
func (l *Letters) judged(resume *models.Resume, posting models.JobData, text string) Letter {
	claim := facts.Claim{Text: text, Mentions: mentions(posting)}
	verdict := l.gate.of(resume)(claim)
	if verdict.Supported {
		l.model.observe.judged("supported")
		return Letter{Content: text, LLMUsed: true}
	}
	out := Letter{Content: verdict.Reduced}
	for _, v := range verdict.Violations {
		l.model.observe.judged(string(v.Rule))
		out.LeftOut = append(out.LeftOut, LeftOut{Rule: string(v.Rule), Words: v.Words})
	}
	if out.LLMUsed = enough(text, verdict.Reduced); out.LLMUsed {
		out.Warnings = []string{"Sentences that the résumé does not support were left out of the letter."}
	} else {
		out.Warnings = []string{"The résumé supports too little of what the language model wrote; this letter was made without it."}
	}
	return out
}

// enough tells whether what is left of a letter still is one: half of it.
func enough(text, reduced string) bool {
	return utf8.RuneCountInString(reduced)*2 >= utf8.RuneCountInString(text)
}

// mentions are the names of the posting that a letter has to use.
func mentions(posting models.JobData) []string {
	names := []string{posting.CompanyProfile.Name, posting.JobTitle}
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}
