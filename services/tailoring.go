package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/structure"
	"resume-matcher/services/tailoring"
)

// previewTTL is how long a preview can be confirmed.
const previewTTL = time.Hour

// Tailoring proposes and saves versions of a résumé for a job.
type Tailoring struct {
	db      *gorm.DB
	resumes *Resumes
	jobs    *Jobs
	matches *Matches
	tailor  *tailoring.Tailor
	gate    *gate
	model   *Assistant
	log     *slog.Logger
	now     func() time.Time
}

// TailorInput names what to tailor to what; PromptID is a strategy: nudge, keywords or full.
type TailorInput struct {
	ResumeID, JobID, PromptID string
	Model                     ModelUse
}

// Improved is a proposed or saved tailoring; ResumeID is nil until it is saved.
type Improved struct {
	ResumeID            *string                 `json:"resume_id"`
	JobID               string                  `json:"job_id"`
	ResumePreview       models.ResumeData       `json:"resume_preview"`
	Improvements        []models.Suggestion     `json:"improvements"`
	MarkdownOriginal    string                  `json:"markdownOriginal"`
	MarkdownImproved    string                  `json:"markdownImproved"`
	CoverLetter         *string                 `json:"cover_letter"`
	OutreachMessage     *string                 `json:"outreach_message"`
	DiffSummary         models.DiffSummary      `json:"diff_summary"`
	DetailedChanges     []models.Change         `json:"detailed_changes"`
	RejectedChanges     []models.RejectedChange `json:"rejected_changes"`
	Gaps                []models.Gap            `json:"gaps"`
	RefinementStats     *struct{}               `json:"refinement_stats"`
	Warnings            []string                `json:"warnings"`
	RefinementAttempted bool                    `json:"refinement_attempted"`
	RefinementSucceeded bool                    `json:"refinement_successful"`
	OriginalScore       float64                 `json:"original_score"`
	NewScore            float64                 `json:"new_score"`
	LLMUsed             bool                    `json:"llm_used"`
	Baseline            tailoring.Baseline      `json:"baseline"`
}

// Step is what happens while a tailoring is made: Score comes with "scored", Delta and Change with "improving". The
// first "improving" has neither: it says that the model has begun to write.
type Step struct {
	Status string
	Score  *float64
	// Delta tells the reason of one proposed change.
	Delta  string
	Change *models.Change
}

// Progress hears of each step.
type Progress func(Step)

// draft is a tailoring before it is stored.
type draft struct {
	resume *models.Resume
	job    *models.Job
	result Improved
}

// Improve tailors a résumé and saves the result as a new one.
func (t *Tailoring) Improve(ctx context.Context, workspaceID string, in TailorInput, progress Progress) (Improved, error) {
	ctx = t.model.bounded(ctx)
	return again(func() (Improved, error) { return t.improve(ctx, workspaceID, in, progress) })
}

// editTries is how often a tailoring starts over when the résumé is edited meanwhile.
const editTries = 3

// again starts work over that an edit of the résumé overtook.
func again(work func() (Improved, error)) (Improved, error) {
	for try := 1; ; try++ {
		out, err := work()
		var overtaken *models.Error
		if try == editTries || !errors.As(err, &overtaken) || overtaken.Kind != models.KindStalePreview {
			return out, err
		}
	}
}

func (t *Tailoring) improve(ctx context.Context, workspaceID string, in TailorInput, progress Progress) (Improved, error) {
	d, err := t.draft(ctx, workspaceID, in, progress)
	if err != nil {
		return Improved{}, err
	}
	err = t.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := t.requireVersion(tx, d.resume); err != nil {
			return err
		}
		id, err := t.saveTailored(tx, d.resume, d.job, d.result.ResumePreview)
		if err != nil {
			return err
		}
		d.result.ResumeID = &id
		// What is saved at once is no preview that could be confirmed later.
		return t.record(tx, d, in, models.ImprovementSaved, &id, t.now())
	})
	return d.result, storeError(err, nil)
}

// Preview tailors a résumé and keeps the proposal for a confirmation; no résumé is saved.
func (t *Tailoring) Preview(ctx context.Context, workspaceID string, in TailorInput, progress Progress) (Improved, error) {
	ctx = t.model.bounded(ctx)
	return again(func() (Improved, error) { return t.preview(ctx, workspaceID, in, progress) })
}

func (t *Tailoring) preview(ctx context.Context, workspaceID string, in TailorInput, progress Progress) (Improved, error) {
	d, err := t.draft(ctx, workspaceID, in, progress)
	if err != nil {
		return Improved{}, err
	}
	err = t.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := t.requireVersion(tx, d.resume); err != nil {
			return err
		}
		return t.record(tx, d, in, models.ImprovementPreview, nil, t.now().Add(previewTTL))
	})
	return d.result, storeError(err, nil)
}

// draft does all the work outside of a transaction.
func (t *Tailoring) draft(ctx context.Context, workspaceID string, in TailorInput, progress Progress) (*draft, error) {
	if progress == nil {
		progress = func(Step) {}
	}
	tx := t.db.WithContext(ctx)
	resume, err := t.resumes.structured(tx, workspaceID, in.ResumeID)
	if err != nil {
		return nil, err
	}
	job, err := t.jobs.structured(tx, workspaceID, in.JobID)
	if err != nil {
		return nil, err
	}
	if _, err := t.model.wanted(in.Model); err != nil {
		return nil, err
	}
	progress(Step{Status: "starting"})
	progress(Step{Status: "parsing"})
	original := resume.Processed.Data.V
	preparedJob := t.matches.preparedJob(job)
	progress(Step{Status: "scoring"})
	before := t.matches.matcher.Match(t.matches.preparedResume(resume), preparedJob)
	progress(Step{Status: "scored", Score: &before.Score})
	proposed, err := t.propose(ctx, resume, job, in, before, progress)
	if err != nil {
		return nil, err
	}
	proposal := proposed.Proposal
	// The new score is computed from the very data that is shown, never guessed.
	after := t.matches.matcher.Match(t.matches.preparedProposal(resume, proposal), preparedJob)
	return &draft{resume: resume, job: job, result: Improved{
		JobID: job.ID, ResumePreview: proposal.Improved, Improvements: proposal.Suggestions,
		MarkdownOriginal: structure.Render(original), MarkdownImproved: structure.Render(proposal.Improved),
		DiffSummary: proposal.Summary, DetailedChanges: proposal.Changes, RejectedChanges: proposal.Rejected,
		Gaps: proposal.Gaps, Warnings: proposal.Warnings,
		RefinementAttempted: proposed.attempted, RefinementSucceeded: proposed.used, LLMUsed: proposed.used,
		OriginalScore: before.Score, NewScore: after.Score,
		Baseline: tailoring.NewBaseline(before),
	}}, nil
}

// requireVersion fails when the résumé changed since it was read.
func (t *Tailoring) requireVersion(tx *gorm.DB, resume *models.Resume) error {
	if err := t.resumes.lock(tx, resume.WorkspaceID, resume.ID); err != nil {
		return err
	}
	var current models.Resume
	err := tx.Select("version").Where("id = ? AND workspace_id = ?", resume.ID, resume.WorkspaceID).Take(&current).Error
	if err != nil {
		return storeError(err, resumeNotFound())
	}
	if current.Version != resume.Version {
		return stalePreview()
	}
	return nil
}

func stalePreview() *models.Error {
	return models.NewError(models.KindStalePreview, "The résumé changed after this preview was made. Make a new preview.")
}

func (t *Tailoring) record(tx *gorm.DB, d *draft, in TailorInput, status models.ImprovementStatus, tailoredID *string, expires time.Time) error {
	raw, err := json.Marshal(d.result)
	if err != nil {
		return err
	}
	return tx.Create(&models.Improvement{
		WorkspaceID: d.resume.WorkspaceID, ResumeID: d.resume.ID, JobID: d.job.ID, TailoredResumeID: tailoredID,
		Status: status, PromptID: in.PromptID, ResumeVersion: d.resume.Version,
		Result: models.JSON[json.RawMessage]{V: raw}, ExpiresAt: expires,
	}).Error
}

// saveTailored stores tailored data as a résumé of its own, linked to its source and its job.
func (t *Tailoring) saveTailored(tx *gorm.DB, source *models.Resume, job *models.Job, data models.ResumeData) (string, error) {
	content := structure.Render(data)
	row := models.Resume{
		WorkspaceID: source.WorkspaceID, ParentID: &source.ID, Origin: models.OriginTailored,
		Content: content, ContentType: "text/markdown", FileHash: models.HashFile([]byte(content)),
		Filename: source.Filename, Title: tailoredTitle(source, job), Language: source.Language,
		ProcessingStatus: models.StatusReady,
	}
	if err := tx.Create(&row).Error; err != nil {
		return "", err
	}
	sources := []models.Source{}
	structure.Walk(data, func(path, _ string) {
		sources = append(sources, models.Source{Path: path, Confidence: 1})
	})
	if err := t.resumes.saveStructure(tx, source.WorkspaceID, row.ID, data, sources); err != nil {
		return "", err
	}
	return row.ID, tx.Create(&models.JobResume{
		JobID: job.ID, ResumeID: row.ID, WorkspaceID: source.WorkspaceID,
		Relation: models.RelationTailoredFor, CreatedAt: t.now(),
	}).Error
}

func tailoredTitle(source *models.Resume, job *models.Job) string {
	data := job.Processed.Data.V
	switch {
	case data.JobTitle != "" && data.CompanyProfile.Name != "":
		return fmt.Sprintf("%s – %s", data.JobTitle, data.CompanyProfile.Name)
	case data.JobTitle != "":
		return data.JobTitle
	}
	return source.Title
}

// HasModel tells whether a language model is configured.
func (t *Tailoring) HasModel() bool { return t.model.configured() }
