package handlers

import (
	"strings"
	"time"
	"unicode"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
	"resume-matcher/services"
)

// jobs answers the requests about job postings.
type jobs struct{ service *services.Jobs }

// UploadJobsBody holds postings, and the résumé they are meant for.
type UploadJobsBody struct {
	JobDescriptions []string `json:"job_descriptions" binding:"required,min=1,max=50,dive,required"`
	ResumeID        *string  `json:"resume_id,omitempty" binding:"omitempty,uuid"`
}

// UploadJobsInput is an upload of postings.
type UploadJobsInput struct {
	ReadingOption
	Body UploadJobsBody
}

// UploadedJobs holds the new ids in the order of the postings.
type UploadedJobs struct {
	JobID    []string `json:"job_id"`
	LLMUsed  bool     `json:"llm_used"`
	Warnings []string `json:"warnings"`
}

// UploadedJobsAnswer repeats ids and request where clients read them flat.
type UploadedJobsAnswer struct {
	Envelope[UploadedJobs]
	Message string         `json:"message"`
	JobID   []string       `json:"job_id"`
	Request UploadJobsBody `json:"request"`
}

func (h jobs) upload(c *gin.Context, in UploadJobsInput) (UploadedJobsAnswer, error) {
	for _, text := range in.Body.JobDescriptions {
		if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			return UploadedJobsAnswer{}, &models.Error{
				Kind: models.KindValidation, Message: "A job description is empty. Send its text.",
				Fields: []string{"job_descriptions: must not be blank"},
			}
		}
	}
	out, err := h.service.Upload(c.Request.Context(), workspaceOf(c), in.Body.JobDescriptions, in.Body.ResumeID, in.use())
	if err != nil {
		return UploadedJobsAnswer{}, err
	}
	return UploadedJobsAnswer{
		Envelope: Data(UploadedJobs{JobID: out.IDs, LLMUsed: out.LLMUsed, Warnings: listed(out.Warnings)}),
		Message:  "The job descriptions are stored and processed.", JobID: out.IDs, Request: in.Body,
	}, nil
}

// JobQuery names a job in the query.
type JobQuery struct {
	JobID string `form:"job_id" binding:"omitempty,uuid" doc:"The job's id; required."`
}

// JobPath names a job in the path.
type JobPath struct {
	ID string `uri:"id" binding:"required,uuid"`
}

// RawJob is a posting's text as it was uploaded.
type RawJob struct {
	ID        string    `json:"id"`
	ResumeID  *string   `json:"resume_id"`
	Content   string    `json:"content"`
	CreatedAt time.Time `json:"created_at"`
}

// JobDetail is a posting with its structure.
type JobDetail struct {
	JobID        string          `json:"job_id"`
	RawJob       RawJob          `json:"raw_job"`
	ProcessedJob *models.JobData `json:"processed_job"`
	Sources      []models.Source `json:"sources"`
	Language     string          `json:"language"`
}

// JobAnswer repeats the raw posting where clients read it flat.
type JobAnswer struct {
	Envelope[JobDetail]
	JobID     string    `json:"job_id"`
	Content   string    `json:"content"`
	ResumeID  *string   `json:"resume_id"`
	CreatedAt time.Time `json:"created_at"`
}

func jobAnswer(row *models.Job) JobAnswer {
	detail := JobDetail{
		JobID:   row.ID,
		RawJob:  RawJob{ID: row.ID, ResumeID: row.ResumeID, Content: row.Content, CreatedAt: row.CreatedAt},
		Sources: []models.Source{}, Language: row.Language,
	}
	if row.Processed != nil {
		detail.ProcessedJob = &row.Processed.Data.V
		detail.Sources = row.Processed.Sources.V
	}
	return JobAnswer{
		Envelope: Data(detail), JobID: row.ID, Content: row.Content, ResumeID: row.ResumeID, CreatedAt: row.CreatedAt,
	}
}

func (h jobs) byQuery(c *gin.Context, in JobQuery) (JobAnswer, error) {
	if in.JobID == "" {
		return JobAnswer{}, missingJobID()
	}
	return h.byPath(c, JobPath{ID: in.JobID})
}

func missingJobID() error {
	return models.NewError(models.KindMissingJobID, "job_id is missing. Send the id of an uploaded job.")
}

func (h jobs) byPath(c *gin.Context, in JobPath) (JobAnswer, error) {
	row, err := h.service.Get(c.Request.Context(), workspaceOf(c), in.ID)
	if err != nil {
		return JobAnswer{}, err
	}
	return jobAnswer(row), nil
}
