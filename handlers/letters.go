package handlers

import (
	"context"

	"github.com/gin-gonic/gin"

	"resume-matcher/services"
)

// letters answers the requests about cover letters and outreach messages.
type letters struct{ service *services.Letters }

// LetterBody says what a letter is for.
type LetterBody struct {
	JobID    string `json:"job_id,omitempty" binding:"omitempty,uuid" doc:"By default the job the résumé was tailored to."`
	Language string `json:"language,omitempty" binding:"omitempty,oneof=en de fr es" doc:"By default the résumé's."`
}

// GenerateLetterInput asks for a letter. Clients that need no choice send no body.
type GenerateLetterInput struct {
	ResumePath
	ModelOption
	Body *LetterBody
}

// LetterData is a letter that is kept with its résumé.
type LetterData struct {
	Content  string             `json:"content"`
	Message  string             `json:"message"`
	LLMUsed  bool               `json:"llm_used"`
	LeftOut  []services.LeftOut `json:"left_out" doc:"What the résumé does not support and was taken out."`
	Warnings []string           `json:"warnings"`
}

// LetterAnswer carries it flat, where clients read it, and as data.
type LetterAnswer struct {
	Envelope[LetterData]
	LetterData
}

// writeLetter is CoverLetter or Outreach.
type writeLetter func(ctx context.Context, workspaceID string, in services.LetterInput) (services.Letter, error)

func (h letters) coverLetter(c *gin.Context, in GenerateLetterInput) (LetterAnswer, error) {
	return h.generate(c, in, h.service.CoverLetter, "The cover letter is written")
}

func (h letters) outreach(c *gin.Context, in GenerateLetterInput) (LetterAnswer, error) {
	return h.generate(c, in, h.service.Outreach, "The outreach message is written")
}

func (h letters) generate(c *gin.Context, in GenerateLetterInput, write writeLetter, message string) (LetterAnswer, error) {
	input := services.LetterInput{ResumeID: in.ID, Model: in.use()}
	if in.Body != nil {
		input.JobID, input.Language = in.Body.JobID, in.Body.Language
	}
	out, err := write(c.Request.Context(), workspaceOf(c), input)
	if err != nil {
		return LetterAnswer{}, err
	}
	if in.wantsModel() && !h.service.HasModel() {
		out.Warnings = append(out.Warnings, noLLMWarning)
	}
	if out.Kept {
		message += " and kept with the résumé."
	} else {
		message += ", but not kept."
	}
	data := LetterData{
		Content: out.Content, Message: message, LLMUsed: out.LLMUsed,
		LeftOut: append([]services.LeftOut{}, out.LeftOut...), Warnings: append([]string{}, out.Warnings...),
	}
	return LetterAnswer{Envelope: Data(data), LetterData: data}, nil
}

// KeepLetterInput is a letter as a person wrote it.
type KeepLetterInput struct {
	ResumePath
	Body struct {
		Content *string `json:"content" binding:"required,max=20000" doc:"The letter; an empty text removes it."`
	}
}

// keepLetter is SetCoverLetter or SetOutreach.
type keepLetter func(ctx context.Context, workspaceID, resumeID, content string) error

func (h letters) setCoverLetter(c *gin.Context, in KeepLetterInput) (LetterAnswer, error) {
	return storeLetter(c, in, h.service.SetCoverLetter, "The cover letter is kept with the résumé.")
}

func (h letters) setOutreach(c *gin.Context, in KeepLetterInput) (LetterAnswer, error) {
	return storeLetter(c, in, h.service.SetOutreach, "The outreach message is kept with the résumé.")
}

func storeLetter(c *gin.Context, in KeepLetterInput, keep keepLetter, message string) (LetterAnswer, error) {
	if err := keep(c.Request.Context(), workspaceOf(c), in.ID, *in.Body.Content); err != nil {
		return LetterAnswer{}, err
	}
	data := LetterData{Content: *in.Body.Content, Message: message, LeftOut: []services.LeftOut{}, Warnings: []string{}}
	return LetterAnswer{Envelope: Data(data), LetterData: data}, nil
}
