package handlers

import (
	"fmt"
	"io"
	"mime/multipart"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
	"resume-matcher/services"
)

// resumes answers the requests about résumés.
type resumes struct{ service *services.Resumes }

// UploadForm is the file of a résumé.
type UploadForm struct {
	File *multipart.FileHeader `form:"file" binding:"required" doc:"PDF, DOCX, ODT, RTF, HTML, Markdown or text; its bytes decide which."`
}

// UploadResumeInput is an upload of a résumé.
type UploadResumeInput struct {
	ReadingOption
	DeferOption
	Body UploadForm
}

// DeferOption leaves the work on a résumé to a task.
type DeferOption struct {
	Defer bool `form:"defer" doc:"Answer as soon as the text is read and stored, and structure it afterwards; GET /api/v1/resumes/{id}/progress tells how far that is."`
}

// UploadedData tells what became of an upload.
type UploadedData struct {
	ResumeID         string                  `json:"resume_id"`
	Processing       string                  `json:"processing" binding:"oneof=complete deferred" doc:"deferred while the résumé is pending or processing."`
	Duplicate        bool                    `json:"duplicate" doc:"The content was there already; its résumé is reused."`
	ProcessingStatus models.ProcessingStatus `json:"processing_status" binding:"oneof=pending processing ready failed"`
	LLMUsed          bool                    `json:"llm_used" doc:"Whether a language model completed the structure for this answer; of deferred work it does not tell."`
	Warnings         []string                `json:"warnings"`
}

// UploadedAnswer repeats the main fields where clients read them flat.
type UploadedAnswer struct {
	Envelope[UploadedData]
	Message          string                  `json:"message"`
	ResumeID         string                  `json:"resume_id"`
	ProcessingStatus models.ProcessingStatus `json:"processing_status" binding:"oneof=pending processing ready failed"`
	IsMaster         bool                    `json:"is_master"`
}

func (h resumes) upload(c *gin.Context, in UploadResumeInput) (UploadedAnswer, error) {
	data, err := readFormFile(in.Body.File)
	if err != nil {
		return UploadedAnswer{}, err
	}
	out, err := h.service.Upload(c.Request.Context(), workspaceOf(c), in.Body.File.Filename, data,
		services.Processing{Model: in.use(), Defer: in.Defer})
	if err != nil {
		return UploadedAnswer{}, err
	}
	return uploadedAnswer(out), nil
}

// readFormFile reads an upload whose size the binder has checked.
func readFormFile(header *multipart.FileHeader) ([]byte, error) {
	f, err := header.Open()
	if err != nil {
		return nil, fmt.Errorf("open the uploaded part: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("read the uploaded part: %w", err)
	}
	return data, nil
}

func uploadedAnswer(out services.Uploaded) UploadedAnswer {
	processing, message := "complete", "The résumé is stored and processed."
	switch {
	case out.Status == models.StatusPending, out.Status == models.StatusProcessing:
		processing, message = "deferred", "The résumé is stored and will be processed."
	case out.Status == models.StatusFailed:
		message = "The résumé is stored but could not be processed. Its progress tells why."
	}
	if out.Duplicate {
		message = "The same résumé is stored already."
	}
	return UploadedAnswer{
		Envelope: Data(UploadedData{
			ResumeID: out.ResumeID, Processing: processing, Duplicate: out.Duplicate, ProcessingStatus: out.Status,
			LLMUsed: out.LLMUsed, Warnings: listed(out.Warnings),
		}),
		Message: message, ResumeID: out.ResumeID, ProcessingStatus: out.Status, IsMaster: out.IsMaster,
	}
}

// ResumeQuery names a résumé in the query.
type ResumeQuery struct {
	ResumeID string `form:"resume_id" binding:"omitempty,uuid" doc:"The résumé's id; required."`
}

// ResumePath names a résumé in the path.
type ResumePath struct {
	ID string `uri:"id" binding:"required,uuid"`
}

// RawResume is a résumé's text as it was extracted.
type RawResume struct {
	ID               string                  `json:"id"`
	Content          string                  `json:"content" doc:"Markdown."`
	ContentType      string                  `json:"content_type" doc:"The media type of the uploaded file."`
	CreatedAt        time.Time               `json:"created_at"`
	ProcessingStatus models.ProcessingStatus `json:"processing_status" binding:"oneof=pending processing ready failed"`
}

// ResumeDetail is a résumé with its structure; sources tell where each value stands in the text.
type ResumeDetail struct {
	ResumeID        string             `json:"resume_id"`
	RawResume       RawResume          `json:"raw_resume"`
	ProcessedResume *models.ResumeData `json:"processed_resume"`
	Sources         []models.Source    `json:"sources"`
	CoverLetter     *string            `json:"cover_letter"`
	OutreachMessage *string            `json:"outreach_message"`
	ParentID        *string            `json:"parent_id"`
	Title           string             `json:"title"`
	Filename        string             `json:"filename"`
	IsMaster        bool               `json:"is_master"`
	Language        string             `json:"language"`
	UpdatedAt       time.Time          `json:"updated_at"`
}

func resumeDetail(row *models.Resume) Envelope[ResumeDetail] {
	out := ResumeDetail{
		ResumeID: row.ID,
		RawResume: RawResume{
			ID: row.ID, Content: row.Content, ContentType: row.ContentType,
			CreatedAt: row.CreatedAt, ProcessingStatus: row.ProcessingStatus,
		},
		Sources: []models.Source{}, CoverLetter: row.CoverLetter, OutreachMessage: row.OutreachMessage,
		ParentID: row.ParentID, Title: row.Title, Filename: row.Filename, IsMaster: row.IsMaster,
		Language: row.Language, UpdatedAt: row.UpdatedAt,
	}
	if row.Processed != nil {
		out.ProcessedResume = &row.Processed.Data.V
		out.Sources = row.Processed.Sources.V
	}
	return Data(out)
}

func (h resumes) get(c *gin.Context, in ResumeQuery) (Envelope[ResumeDetail], error) {
	if in.ResumeID == "" {
		return Envelope[ResumeDetail]{}, missingResumeID()
	}
	row, err := h.service.Get(c.Request.Context(), workspaceOf(c), in.ResumeID)
	if err != nil {
		return Envelope[ResumeDetail]{}, err
	}
	return resumeDetail(row), nil
}

func missingResumeID() error {
	return models.NewError(models.KindMissingResumeID, "resume_id is missing. Send the id of an uploaded résumé.")
}

// ListResumesInput selects résumés.
type ListResumesInput struct {
	IncludeMaster bool `form:"include_master" doc:"List the master résumé too."`
	Limit         int  `form:"limit" binding:"omitempty,min=1,max=1000" doc:"At most this many; 1000 by default."`
	Offset        int  `form:"offset" binding:"omitempty,min=0" doc:"Skip this many."`
}

// ResumeSummary is a résumé in a listing.
type ResumeSummary struct {
	ResumeID         string                  `json:"resume_id"`
	Filename         string                  `json:"filename"`
	IsMaster         bool                    `json:"is_master"`
	ParentID         *string                 `json:"parent_id"`
	ProcessingStatus models.ProcessingStatus `json:"processing_status" binding:"oneof=pending processing ready failed"`
	CreatedAt        time.Time               `json:"created_at"`
	UpdatedAt        time.Time               `json:"updated_at"`
	Title            string                  `json:"title"`
}

const maxListed = 1000

func (h resumes) list(c *gin.Context, in ListResumesInput) (Envelope[[]ResumeSummary], error) {
	page := services.Page{Limit: in.Limit, Offset: in.Offset}
	if page.Limit == 0 {
		page.Limit = maxListed
	}
	rows, err := h.service.List(c.Request.Context(), workspaceOf(c), in.IncludeMaster, page)
	if err != nil {
		return Envelope[[]ResumeSummary]{}, err
	}
	out := make([]ResumeSummary, 0, len(rows))
	for _, row := range rows {
		out = append(out, ResumeSummary{
			ResumeID: row.ID, Filename: row.Filename, IsMaster: row.IsMaster, ParentID: row.ParentID,
			ProcessingStatus: row.ProcessingStatus, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt, Title: row.Title,
		})
	}
	return Data(out), nil
}

// UpdateResumeInput is a résumé as the person edited it.
type UpdateResumeInput struct {
	ResumePath
	Body models.ResumePatch
}

func (h resumes) update(c *gin.Context, in UpdateResumeInput) (Envelope[ResumeDetail], error) {
	if in.Body.Empty() {
		return Envelope[ResumeDetail]{}, &models.Error{
			Kind: models.KindValidation, Message: "The edit names no section of the résumé. Send at least one.",
			Fields: []string{"body: must hold a section"},
		}
	}
	row, err := h.service.Update(c.Request.Context(), workspaceOf(c), in.ID, in.Body)
	if err != nil {
		return Envelope[ResumeDetail]{}, err
	}
	return resumeDetail(row), nil
}

// RenameBody is a résumé's new title.
type RenameBody struct {
	Title string `json:"title" binding:"required,min=1,max=200"`
}

// RenameResumeInput names a résumé anew.
type RenameResumeInput struct {
	ResumePath
	Body RenameBody
}

func (h resumes) rename(c *gin.Context, in RenameResumeInput) (Envelope[ResumeDetail], error) {
	title := strings.Join(strings.Fields(in.Body.Title), " ")
	if title == "" {
		return Envelope[ResumeDetail]{}, &models.Error{
			Kind: models.KindValidation, Message: "The title is blank. Send a title.", Fields: []string{"title: must not be blank"},
		}
	}
	row, err := h.service.Rename(c.Request.Context(), workspaceOf(c), in.ID, title)
	if err != nil {
		return Envelope[ResumeDetail]{}, err
	}
	return resumeDetail(row), nil
}

// DeletedData names what was deleted.
type DeletedData struct {
	ResumeID string `json:"resume_id"`
	Deleted  bool   `json:"deleted"`
}

// DeletedAnswer confirms a deletion.
type DeletedAnswer struct {
	Envelope[DeletedData]
	Message string `json:"message"`
}

func (h resumes) remove(c *gin.Context, in ResumePath) (DeletedAnswer, error) {
	if err := h.service.Delete(c.Request.Context(), workspaceOf(c), in.ID); err != nil {
		return DeletedAnswer{}, err
	}
	return DeletedAnswer{
		Envelope: Data(DeletedData{ResumeID: in.ID, Deleted: true}),
		Message:  "The résumé is deleted, with everything derived from it.",
	}, nil
}

// RetryInput names a résumé whose processing is to be tried again.
type RetryInput struct {
	ResumePath
	ReadingOption
	DeferOption
}

func (h resumes) retry(c *gin.Context, in RetryInput) (UploadedAnswer, error) {
	out, err := h.service.Retry(c.Request.Context(), workspaceOf(c), in.ID, services.Processing{Model: in.use(), Defer: in.Defer})
	if err != nil {
		return UploadedAnswer{}, err
	}
	return uploadedAnswer(out), nil
}

// JobDescription is the posting a résumé was tailored for.
type JobDescription struct {
	JobID   string `json:"job_id"`
	Content string `json:"content"`
}

// JobDescriptionAnswer carries the posting flat, where clients read it, and as data.
type JobDescriptionAnswer struct {
	Envelope[JobDescription]
	JobDescription
}

func (h resumes) jobDescription(c *gin.Context, in ResumePath) (JobDescriptionAnswer, error) {
	job, err := h.service.JobDescription(c.Request.Context(), workspaceOf(c), in.ID)
	if err != nil {
		return JobDescriptionAnswer{}, err
	}
	out := JobDescription{JobID: job.ID, Content: job.Content}
	return JobDescriptionAnswer{Envelope: Data(out), JobDescription: out}, nil
}
