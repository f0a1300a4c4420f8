package services

import (
	"context"

	"gorm.io/gorm"

	"resume-matcher/models"
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

// Letter is a finished text; LeftOut tells what was taken out of what the model wrote. Kept is unset where the résumé
// holds another letter that came meanwhile.
type Letter struct {
	Content  string
	LLMUsed  bool
	Kept     bool
	LeftOut  []LeftOut
	Warnings []string
}

// letterKind tells a cover letter from an outreach message.
type letterKind struct {
	column string
	brief  bool
	// fewestRunes is the length below which a text with a single claim is no such letter.
	fewestRunes int
	prompt      func(*llm.Prompts, llm.LetterPrompt) llm.Prompt
	own         func(*tailoring.Tailor, tailoring.LetterInput) string
	stored      func(*models.Resume) *string
}

func coverLetter() letterKind {
	return letterKind{
		column: "cover_letter", fewestRunes: 200,
		prompt: (*llm.Prompts).CoverLetter, own: (*tailoring.Tailor).CoverLetter,
		stored: func(r *models.Resume) *string { return r.CoverLetter },
	}
}

func outreachMessage() letterKind {
	return letterKind{
		column: "outreach_message", brief: true, fewestRunes: 60,
		prompt: (*llm.Prompts).Outreach, own: (*tailoring.Tailor).Outreach,
		stored: func(r *models.Resume) *string { return r.OutreachMessage },
	}
}

// CoverLetter writes a cover letter and keeps it with the résumé.
//
// Errors: MISSING_JOB_ID when no job is named and the résumé was not tailored to one, CONFLICT when the résumé is edited
// all the time.
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

// letterTries is how often a letter is started over when the résumé is edited meanwhile.
const letterTries = 3

func (l *Letters) generate(ctx context.Context, workspaceID string, in LetterInput, kind letterKind) (Letter, error) {
	ctx = l.model.bounded(ctx)
	wanted, err := l.model.wanted(in.Model)
	if err != nil {
		return Letter{}, err
	}
	if !wanted {
		in.Model = ModelNever
	}
	for range letterTries {
		resume, err := l.resumes.structured(l.db.WithContext(ctx), workspaceID, in.ResumeID)
		if err != nil {
			return Letter{}, err
		}
		job, err := l.job(ctx, workspaceID, in)
		if err != nil {
			return Letter{}, err
		}
		out, err := l.write(ctx, resume, job, in, kind)
		if err != nil {
			return Letter{}, err
		}
		current, err := l.keepIfUnchanged(ctx, resume, kind, &out)
		if err != nil || current {
			return out, err
		}
	}
	return Letter{}, models.NewError(models.KindConflict, "The résumé was edited while the letter was written. Try again.")
}

// keepIfUnchanged keeps a letter unless another one came meanwhile, which out then says. It returns false if the résumé
// was edited after it was read.
func (l *Letters) keepIfUnchanged(ctx context.Context, resume *models.Resume, kind letterKind, out *Letter) (current bool, err error) {
	tx := l.db.WithContext(ctx)
	row := tx.Model(&models.Resume{}).Where("id = ? AND workspace_id = ? AND version = ?", resume.ID, resume.WorkspaceID, resume.Version)
	if before := kind.stored(resume); before == nil {
		row = row.Where(kind.column + " IS NULL")
	} else {
		row = row.Where(kind.column+" = ?", *before)
	}
	result := row.UpdateColumns(map[string]any{kind.column: out.Content, "updated_at": l.resumes.now()})
	if out.Kept = result.Error == nil && result.RowsAffected > 0; out.Kept || result.Error != nil {
		return true, storeError(result.Error, nil)
	}
	var now models.Resume
	if err := tx.Select("version").Where("id = ? AND workspace_id = ?", resume.ID, resume.WorkspaceID).Take(&now).Error; err != nil {
		return false, storeError(err, resumeNotFound())
	}
	if now.Version != resume.Version {
		return false, nil
	}
	out.Warnings = append(out.Warnings, "The text kept with the résumé was changed meanwhile and stays; this one was not kept.")
	return true, nil
}

// write returns the model's letter where one may be used and is good enough, else the one made without it.
func (l *Letters) write(ctx context.Context, resume *models.Resume, job *models.Job, in LetterInput, kind letterKind) (Letter, error) {
	if in.Language == "" {
		in.Language = resume.Language
	}
	var out Letter
	if in.Model != ModelNever {
		var err error
		if out, err = l.written(ctx, resume, job, in, kind); err != nil {
			warning, err := letterFallBack(in.Model, err)
			if err != nil {
				return Letter{}, err
			}
			out = Letter{Warnings: []string{warning}}
		}
	}
	if !out.LLMUsed {
		out.Content = l.own(resume, job, in, kind)
	}
	return out, nil
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

// HasModel tells whether a language model is configured.
func (l *Letters) HasModel() bool { return l.model.configured() }
