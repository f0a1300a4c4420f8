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

// ImproveInput asks for a tailored résumé.
type ImproveInput struct {
	StreamOption
	ModelOption
	Body ImproveBody
}

const noLLMWarning = "No language model is configured; this result was made without one."

// warn tells a caller who asked for a model of a server that has none.
func (h tailor) warn(in ImproveInput, out *services.Improved) {
	if in.wantsModel() && !h.service.HasModel() {
		out.Warnings = append(out.Warnings, noLLMWarning)
	}
}

func (in ImproveInput) service() services.TailorInput {
	return services.TailorInput{ResumeID: in.Body.ResumeID, JobID: in.Body.JobID, PromptID: in.Body.PromptID, Model: in.use()}
}

// ImproveAnswer is improve data, flat as clients read it and as data.
type ImproveAnswer struct {
	Envelope[ImproveData]
	services.Improved
}

func improveAnswer(c *gin.Context, out services.Improved) ImproveAnswer {
	return ImproveAnswer{Envelope: Data(ImproveData{RequestID: RequestID(c), Improved: out}), Improved: out}
}

// ImproveEvent is one step of a streamed tailoring.
type ImproveEvent struct {
	Status string         `json:"status" binding:"oneof=starting parsing scoring scored improving completed"`
	Score  *float64       `json:"score,omitempty"`
	Delta  string         `json:"delta,omitempty" doc:"The reason of one proposed change, with improving; absent when the model only begins to write."`
	Change *models.Change `json:"change,omitempty" doc:"That change, after the fact check."`
	Result *ImproveData   `json:"result,omitempty"`
}

// ImproveData is improve data as it is without an envelope: in an answer's data, and in the last event of a stream.
type ImproveData struct {
	RequestID string `json:"request_id"`
	services.Improved
}

// tailorMethod is Improve or Preview.
type tailorMethod func(ctx context.Context, workspaceID string, in services.TailorInput, progress services.Progress) (services.Improved, error)

func (h tailor) improve(c *gin.Context, in ImproveInput) (ImproveAnswer, error) {
	return h.answer(c, in, h.service.Improve)
}

func (h tailor) preview(c *gin.Context, in ImproveInput) (ImproveAnswer, error) {
	return h.answer(c, in, h.service.Preview)
}

func (h tailor) answer(c *gin.Context, in ImproveInput, run tailorMethod) (ImproveAnswer, error) {
	if err := requireIDs(in.Body.ResumeID, in.Body.JobID); err != nil {
		return ImproveAnswer{}, err
	}
	out, err := run(c.Request.Context(), workspaceOf(c), in.service(), nil)
	if err != nil {
		return ImproveAnswer{}, err
	}
	h.warn(in, &out)
	return improveAnswer(c, out), nil
}

func (h tailor) improveStream(c *gin.Context, in ImproveInput, send Send[ImproveEvent]) error {
	return h.stream(c, in, h.service.Improve, send)
}

func (h tailor) previewStream(c *gin.Context, in ImproveInput, send Send[ImproveEvent]) error {
	return h.stream(c, in, h.service.Preview, send)
}

func (h tailor) stream(c *gin.Context, in ImproveInput, run tailorMethod, send Send[ImproveEvent]) error {
	if err := requireIDs(in.Body.ResumeID, in.Body.JobID); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(c.Request.Context())
	defer cancel()
	out, err := run(ctx, workspaceOf(c), in.service(), func(s services.Step) {
		if send(ImproveEvent{Status: s.Status, Score: s.Score, Delta: s.Delta, Change: s.Change}) != nil {
			cancel() // nobody listens any more
		}
	})
	if err != nil {
		return err
	}
	h.warn(in, &out)
	return send(ImproveEvent{Status: "completed", Result: &ImproveData{RequestID: RequestID(c), Improved: out}})
}

// ConfirmBody is a previewed result, or a subset of its changes: by their ids, or by the résumé they lead to.
type ConfirmBody struct {
	ResumeID     string              `json:"resume_id" binding:"omitempty,uuid"`
	JobID        string              `json:"job_id" binding:"omitempty,uuid"`
	ChangeIDs    *[]string           `json:"change_ids,omitempty" binding:"omitempty,max=500" doc:"The changes to take, by change_id of the newest preview; an empty list takes none."`
	ImprovedData *models.ResumeData  `json:"improved_data,omitempty" doc:"The résumé to save; it must be the preview with a subset of its changes. Required without change_ids."`
	Improvements []models.Suggestion `json:"improvements,omitempty" doc:"Accepted as clients send them back; the stored preview is what counts."`
}

// ConfirmInput confirms a preview.
type ConfirmInput struct{ Body ConfirmBody }

func (h tailor) confirm(c *gin.Context, in ConfirmInput) (ImproveAnswer, error) {
	if err := requireIDs(in.Body.ResumeID, in.Body.JobID); err != nil {
		return ImproveAnswer{}, err
	}
	if in.Body.ImprovedData == nil && in.Body.ChangeIDs == nil {
		return ImproveAnswer{}, invalid("The request is not valid.", "improved_data: is required without change_ids")
	}
	out, err := h.service.Confirm(c.Request.Context(), workspaceOf(c), services.ConfirmInput{
		ResumeID: in.Body.ResumeID, JobID: in.Body.JobID, ChangeIDs: in.Body.ChangeIDs, Data: in.Body.ImprovedData,
	})
	if err != nil {
		return ImproveAnswer{}, err
	}
	return improveAnswer(c, out), nil
}
