package handlers

import (
	"time"

	"github.com/gin-gonic/gin"

	"resume-matcher/services"
	"resume-matcher/services/matching"
)

// matches answers the requests about scores.
type matches struct{ service *services.Matches }

// MatchBody names the pair to score.
type MatchBody struct {
	ResumeID string `json:"resume_id" binding:"omitempty,uuid"`
	JobID    string `json:"job_id" binding:"omitempty,uuid"`
}

// MatchInput asks for a score.
type MatchInput struct {
	ModelOption
	Body MatchBody
}

// MatchData is an explained score.
type MatchData struct {
	ResumeID string `json:"resume_id"`
	JobID    string `json:"job_id"`
	matching.Result
	Semantic *matching.SemanticResult `json:"semantic,omitempty" doc:"How close the texts are in meaning, where an embedding model is configured. The score does not depend on it."`
	LLMUsed  bool                     `json:"llm_used"`
	Warnings []string                 `json:"warnings"`
}

func (h matches) match(c *gin.Context, in MatchInput) (Envelope[MatchData], error) {
	var none Envelope[MatchData]
	if err := requireIDs(in.Body.ResumeID, in.Body.JobID); err != nil {
		return none, err
	}
	result, err := h.service.Compare(c.Request.Context(), workspaceOf(c), in.Body.ResumeID, in.Body.JobID, in.use())
	if err != nil {
		return none, err
	}
	return Data(MatchData{
		ResumeID: in.Body.ResumeID, JobID: in.Body.JobID, Result: result.Result, Semantic: result.Semantic,
		LLMUsed: result.Semantic != nil, Warnings: listed(result.Warnings),
	}), nil
}

func requireIDs(resumeID, jobID string) error {
	if resumeID == "" {
		return missingResumeID()
	}
	if jobID == "" {
		return missingJobID()
	}
	return nil
}

// RankInput asks which stored jobs fit a résumé best.
type RankInput struct {
	ResumePath
	Limit int `form:"limit" binding:"omitempty,min=1,max=100" doc:"At most this many; 20 by default."`
}

const defaultRanked = 20

// RankedJob is a stored job with its score.
type RankedJob struct {
	JobID     string                 `json:"job_id"`
	JobTitle  string                 `json:"job_title"`
	Company   string                 `json:"company"`
	Score     float64                `json:"score"`
	Counts    matching.Counts        `json:"counts"`
	Missing   []matching.MissingItem `json:"missing"`
	CreatedAt time.Time              `json:"created_at"`
}

func (h matches) rank(c *gin.Context, in RankInput) (Envelope[[]RankedJob], error) {
	if in.Limit == 0 {
		in.Limit = defaultRanked
	}
	ranked, err := h.service.Rank(c.Request.Context(), workspaceOf(c), in.ID, in.Limit)
	if err != nil {
		return Envelope[[]RankedJob]{}, err
	}
	out := make([]RankedJob, 0, len(ranked))
	for _, r := range ranked {
		data := r.Job.Processed.Data.V
		out = append(out, RankedJob{
			JobID: r.Job.ID, JobTitle: data.JobTitle, Company: data.CompanyProfile.Name,
			Score: r.Score.Score, Counts: r.Score.Counts, Missing: r.Score.Missing, CreatedAt: r.Job.CreatedAt,
		})
	}
	return Data(out), nil
}
