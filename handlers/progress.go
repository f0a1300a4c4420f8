package handlers

import (
	"github.com/gin-gonic/gin"

	"resume-matcher/models"
	"resume-matcher/services"
)

// ProgressInput names a résumé whose processing is followed.
type ProgressInput struct {
	ResumePath
	StreamOption
}

// ProgressData tells how far the processing of a résumé is.
type ProgressData struct {
	ResumeID         string                  `json:"resume_id"`
	ProcessingStatus models.ProcessingStatus `json:"processing_status" binding:"oneof=pending processing ready failed"`
	Progress         int                     `json:"progress" doc:"0 while the work waits, 10 when it began, 50 when the text is structured, 90 when a language model has read it, 100 when it ended, well or not."`
	Attempt          int64                   `json:"attempt" doc:"Counts the attempts at the work under way; 0 when none is."`
	Error            *PublicFailure          `json:"error"`
}

// ProgressEvent tells that the processing of a résumé has come further; the last one is ready or failed.
type ProgressEvent struct {
	Status   models.ProcessingStatus `json:"status" binding:"oneof=pending processing ready failed"`
	Progress int                     `json:"progress"`
	Attempt  int64                   `json:"attempt"`
	Error    *PublicFailure          `json:"error,omitempty"`
}

func (h resumes) progress(c *gin.Context, in ProgressInput) (Envelope[ProgressData], error) {
	p, err := h.service.Progress(c.Request.Context(), workspaceOf(c), in.ID)
	if err != nil {
		return Envelope[ProgressData]{}, err
	}
	return Data(ProgressData{
		ResumeID: p.ResumeID, ProcessingStatus: p.Status, Progress: p.Percent, Attempt: p.Attempt, Error: publicFailure(p.Failure),
	}), nil
}

func (h resumes) progressStream(c *gin.Context, in ProgressInput, send Send[ProgressEvent]) error {
	return h.service.WatchProgress(c.Request.Context(), workspaceOf(c), in.ID, func(p services.ResumeProgress) error {
		return send(ProgressEvent{Status: p.Status, Progress: p.Percent, Attempt: p.Attempt, Error: publicFailure(p.Failure)})
	})
}
