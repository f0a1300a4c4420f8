package handlers

import (
	"context"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
	"resume-matcher/services"
)

// tailor answers the requests that tailor a résumé to a job.
type tailor struct{ service *services.Tailoring }

// ImproveBody names what to tailor to what, and how.
type ImproveBody struct {
	ResumeID string `json:"resume_id" binding:"omitempty,uuid"`
	JobID    string `json:"job_id" binding:"omitempty,uuid"`
	PromptID string `json:"prompt_id,omitempty" binding:"omitempty,oneof=nudge keywords full" doc:"How far to go; keywords by default."`
}

func (b ImproveBody) input() services.TailorInput {
	return services.TailorInput{ResumeID: b.ResumeID, JobID: b.JobID, PromptID: b.PromptID}
}

// ImproveInput asks for a tailored résumé.
type ImproveInput struct {
	StreamOption
	UseLLM     bool `form:"use_llm" doc:"Use a language model where one is configured."`
	RequireLLM bool `form:"require_llm" doc:"Fail with AI_PROVIDER_UNAVAILABLE rather than answer without a language model."`
	Body       ImproveBody
}

// check fails what can't be answered; useLLM without a model is answered with a warning instead.
func (in ImproveInput) check() error {
	if err := requireIDs(in.Body.ResumeID, in.Body.JobID); err != nil {
		return err
	}
	if in.RequireLLM {
		return noLLM()
	}
	return nil
}

const noLLMWarning = "No language model is configured; this result was made without one."

func (in ImproveInput) warn(out *services.Improved) {
	if in.UseLLM {
		out.Warnings = append(out.Warnings, noLLMWarning)
	}
}

// ImproveAnswer is improve data, flat as clients read it and as data.
type ImproveAnswer struct {
	Envelope[services.Improved]
	services.Improved
}

func improveAnswer(out services.Improved) ImproveAnswer {
	return ImproveAnswer{Envelope: Data(out), Improved: out}
}

// ImproveEvent is one step of a streamed tailoring.
type ImproveEvent struct {
	Status string          `json:"status" binding:"oneof=starting parsing scoring scored improving completed"`
	Score  *float64        `json:"score,omitempty"`
	Delta  string          `json:"delta,omitempty" doc:"One proposed change, with improving."`
	Result *StreamedResult `json:"result,omitempty"`
}

// StreamedResult is improve data as the last event of a stream carries it.
type StreamedResult struct {
	RequestID string `json:"request_id"`
	services.Improved
}

// tailorMethod is Improve or Preview.
type tailorMethod func(ctx context.Context, workspaceID string, in services.TailorInput, progress services.Progress) (services.Improved, error)

func (h tailor) improve(c *gin.Context, in ImproveInput) (ImproveAnswer, error) {
	return answerTailored(c, in, h.service.Improve)
}

func (h tailor) preview(c *gin.Context, in ImproveInput) (ImproveAnswer, error) {
	return answerTailored(c, in, h.service.Preview)
}

func answerTailored(c *gin.Context, in ImproveInput, run tailorMethod) (ImproveAnswer, error) {
	if err := in.check(); err != nil {
		return ImproveAnswer{}, err
	}
	out, err := run(c.Request.Context(), workspaceOf(c), in.Body.input(), nil)
	if err != nil {
		return ImproveAnswer{}, err
	}
	in.warn(&out)
	return improveAnswer(out), nil
}

func (h tailor) improveStream(c *gin.Context, in ImproveInput, send Send[ImproveEvent]) error {
	return streamTailored(c, in, h.service.Improve, send)
}

func (h tailor) previewStream(c *gin.Context, in ImproveInput, send Send[ImproveEvent]) error {
	return streamTailored(c, in, h.service.Preview, send)
}

func streamTailored(c *gin.Context, in ImproveInput, run tailorMethod, send Send[ImproveEvent]) error {
	if err := in.check(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(c.Request.Context())
	defer cancel()
	out, err := run(ctx, workspaceOf(c), in.Body.input(), func(s services.Step) {
		if send("", ImproveEvent{Status: s.Status, Score: s.Score, Delta: s.Delta}) != nil {
			cancel() // nobody listens any more
		}
	})
	if err != nil {
		return err
	}
	in.warn(&out)
	return send("", ImproveEvent{Status: "completed", Result: &StreamedResult{RequestID: RequestID(c), Improved: out}})
}

// ConfirmBody is a previewed result, or a subset of its changes.
type ConfirmBody struct {
	ResumeID     string              `json:"resume_id" binding:"omitempty,uuid"`
	JobID        string              `json:"job_id" binding:"omitempty,uuid"`
	ImprovedData *models.ResumeData  `json:"improved_data" binding:"required"`
	Improvements []models.Suggestion `json:"improvements,omitempty" doc:"Accepted as clients send them back; the stored preview is what counts."`
}

// ConfirmInput confirms a preview.
type ConfirmInput struct{ Body ConfirmBody }

func (h tailor) confirm(c *gin.Context, in ConfirmInput) (ImproveAnswer, error) {
	if err := requireIDs(in.Body.ResumeID, in.Body.JobID); err != nil {
		return ImproveAnswer{}, err
	}
	input := services.TailorInput{ResumeID: in.Body.ResumeID, JobID: in.Body.JobID}
	out, err := h.service.Confirm(c.Request.Context(), workspaceOf(c), input, *in.Body.ImprovedData)
	if err != nil {
		return ImproveAnswer{}, err
	}
	return improveAnswer(out), nil
}
