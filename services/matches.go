package services

import (
	"context"
	"sort"
	"strconv"

	lru "github.com/hashicorp/golang-lru/v2"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/matching"
	"resume-matcher/services/tailoring"
)

// preparedEntries bounds each cache of prepared documents; one entry is some tens of kilobytes.
const preparedEntries = 256

// Matches scores résumés against jobs.
type Matches struct {
	resumes *Resumes
	jobs    *Jobs
	matcher *matching.Matcher
	model   *Assistant
	// The caches only save work: their keys hold the row's version, so another replica's write is never missed.
	preparedResumes *lru.Cache[string, *matching.Resume]
	preparedJobs    *lru.Cache[string, *matching.Job]
}

func newMatches(resumes *Resumes, jobs *Jobs, matcher *matching.Matcher, model *Assistant) *Matches {
	m := &Matches{resumes: resumes, jobs: jobs, matcher: matcher, model: model}
	// lru.New only fails for a size below 1.
	m.preparedResumes, _ = lru.New[string, *matching.Resume](preparedEntries)
	m.preparedJobs, _ = lru.New[string, *matching.Job](preparedEntries)
	return m
}

// Match scores one résumé against one job.
func (m *Matches) Match(ctx context.Context, workspaceID, resumeID, jobID string) (matching.Result, error) {
	tx := m.resumes.db.WithContext(ctx)
	resume, err := m.resume(tx, workspaceID, resumeID)
	if err != nil {
		return matching.Result{}, err
	}
	job, err := m.job(tx, workspaceID, jobID)
	if err != nil {
		return matching.Result{}, err
	}
	return m.matcher.Match(resume, job), nil
}

// resume returns the prepared résumé; the owner is checked in the query even when the work is cached.
func (m *Matches) resume(tx *gorm.DB, workspaceID, id string) (*matching.Resume, error) {
	var head models.Resume
	err := tx.Select("id", "version").Where("id = ? AND workspace_id = ?", id, workspaceID).Take(&head).Error
	if err != nil {
		return nil, storeError(err, resumeNotFound())
	}
	if prepared, ok := m.preparedResumes.Get(versionKey(head.ID, head.Version)); ok {
		return prepared, nil
	}
	row, err := m.resumes.structured(tx, workspaceID, id)
	if err != nil {
		return nil, err
	}
	return m.preparedResume(row), nil
}

// preparedResume prepares a résumé's structure, or finds that done.
func (m *Matches) preparedResume(row *models.Resume) *matching.Resume {
	key := versionKey(row.ID, row.Version)
	prepared, ok := m.preparedResumes.Get(key)
	if !ok {
		prepared = m.matcher.PrepareResume(row.Processed.Data.V, row.Language)
		m.preparedResumes.Add(key, prepared)
	}
	return prepared
}

// preparedProposal prepares a résumé with changes made to it, or finds that done: the version and the changes name it.
func (m *Matches) preparedProposal(row *models.Resume, p tailoring.Proposal) *matching.Resume {
	key := versionKey(row.ID, row.Version)
	for _, change := range p.Changes {
		key += "+" + change.ChangeID
	}
	prepared, ok := m.preparedResumes.Get(key)
	if !ok {
		prepared = m.matcher.PrepareResume(p.Improved, row.Language)
		m.preparedResumes.Add(key, prepared)
	}
	return prepared
}

// preparedJob prepares a posting's structure, or finds that done.
func (m *Matches) preparedJob(row *models.Job) *matching.Job {
	key := jobKey(*row.Processed)
	prepared, ok := m.preparedJobs.Get(key)
	if !ok {
		prepared = m.matcher.PrepareJob(row.Processed.Data.V, row.Language)
		m.preparedJobs.Add(key, prepared)
	}
	return prepared
}

func versionKey(id string, version int64) string { return id + "@" + strconv.FormatInt(version, 10) }

func (m *Matches) job(tx *gorm.DB, workspaceID, id string) (*matching.Job, error) {
	var heads []models.ProcessedJob
	err := tx.Select("job_id", "processed_at").Where("job_id = ? AND workspace_id = ?", id, workspaceID).Limit(1).Find(&heads).Error
	if err != nil {
		return nil, storeError(err, nil)
	}
	if len(heads) == 1 {
		if prepared, ok := m.preparedJobs.Get(jobKey(heads[0])); ok {
			return prepared, nil
		}
	}
	row, err := m.jobs.structured(tx, workspaceID, id)
	if err != nil {
		return nil, err
	}
	return m.preparedJob(row), nil
}

// jobKey tells one reading of a posting from a later one.
func jobKey(p models.ProcessedJob) string { return versionKey(p.JobID, p.ProcessedAt.UnixMicro()) }

// RankedJob is one stored job with its score for a résumé.
type RankedJob struct {
	Job   models.Job
	Score matching.Result
}

// maxRanked bounds how many stored jobs one ranking looks at: the newest.
const maxRanked = 1000

// Rank scores the workspace's stored jobs for a résumé, best first; the same posting uploaded twice counts once.
func (m *Matches) Rank(ctx context.Context, workspaceID, resumeID string, limit int) ([]RankedJob, error) {
	tx := m.resumes.db.WithContext(ctx)
	resume, err := m.resume(tx, workspaceID, resumeID)
	if err != nil {
		return nil, err
	}
	var jobs []models.Job
	err = tx.Preload("Processed", "workspace_id = ?", workspaceID).Select("id", "content_hash", "language", "created_at").
		Where("workspace_id = ?", workspaceID).Order("created_at DESC, id DESC").Limit(maxRanked).Find(&jobs).Error
	if err != nil {
		return nil, storeError(err, nil)
	}
	ranked := make([]RankedJob, 0, len(jobs))
	seen := map[string]bool{}
	for _, job := range jobs {
		if job.Processed == nil || seen[job.ContentHash] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		seen[job.ContentHash] = true
		ranked = append(ranked, RankedJob{Job: job, Score: m.matcher.Match(resume, m.preparedJob(&job))})
	}
	sort.SliceStable(ranked, func(a, b int) bool { return ranked[a].Score.Score > ranked[b].Score.Score })
	return ranked[:min(limit, len(ranked))], nil
}
