package handlers

import (
	"time"

	"github.com/gin-gonic/gin"

	"resume-matcher/services"
)

// status answers what operators and frontends ask about the server.
type status struct {
	service *services.Status
	cache   *services.Cache
}

// StatusBody tells a frontend what it can offer.
type StatusBody struct {
	Status               string                 `json:"status" binding:"oneof=ready setup_required"`
	LLMConfigured        bool                   `json:"llm_configured"`
	LLMHealthy           bool                   `json:"llm_healthy" doc:"Whether the language model answered when it was last asked."`
	LLM                  *services.ModelState   `json:"llm,omitempty"`
	EmbeddingsConfigured bool                   `json:"embeddings_configured"`
	HasMasterResume      bool                   `json:"has_master_resume"`
	DatabaseStats        services.DatabaseStats `json:"database_stats"`
}

func (h status) get(c *gin.Context, _ noInput) (StatusBody, error) {
	stats, err := h.service.Stats(c.Request.Context(), workspaceOf(c))
	if err != nil {
		return StatusBody{}, err
	}
	out := StatusBody{
		Status: "setup_required", EmbeddingsConfigured: h.service.EmbeddingsConfigured(),
		HasMasterResume: stats.HasMasterResume, DatabaseStats: stats,
	}
	if model, configured := h.service.Model(); configured {
		out.LLMConfigured, out.LLMHealthy, out.LLM = true, model.Healthy, &model
	}
	if stats.HasMasterResume {
		out.Status = "ready"
	}
	return out, nil
}

// LLMMetrics are the figures of language models, cache and duplicates, summed since the first start.
type LLMMetrics struct {
	Cache        CacheMetrics        `json:"cache"`
	Tokens       TokenMetrics        `json:"tokens"`
	Embeddings   TokenMetrics        `json:"embeddings"`
	CostUSD      CostMetrics         `json:"cost_usd"`
	Duplicates   DuplicateMetrics    `json:"duplicates"`
	Invalidation InvalidationMetrics `json:"invalidation"`
}

// CacheMetrics are the figures of the answer cache; Expired are among the misses, and HitRatio is the
// share of requests that needed no call of their own: (hits + shared) / (hits + shared + misses), 0 without any.
type CacheMetrics struct {
	Entries       int64   `json:"entries"`
	AvgTTLSeconds float64 `json:"avg_ttl_seconds"`
	Hits          int64   `json:"hits"`
	Misses        int64   `json:"misses"`
	Expired       int64   `json:"expired"`
	Shared        int64   `json:"shared" doc:"Requests that were answered by another one's call."`
	HitRatio      float64 `json:"hit_ratio"`
}

// TokenMetrics sums tokens and calls of one kind of model.
type TokenMetrics struct {
	PromptTotal     int64 `json:"prompt_total"`
	CompletionTotal int64 `json:"completion_total"`
	Total           int64 `json:"total"`
	Calls           int64 `json:"calls"`
}

// CostMetrics are US dollars.
type CostMetrics struct {
	LLMInput   float64 `json:"llm_input"`
	LLMOutput  float64 `json:"llm_output"`
	LLMTotal   float64 `json:"llm_total"`
	Embeddings float64 `json:"embeddings"`
	GrandTotal float64 `json:"grand_total"`
}

// DuplicateMetrics tell how often an upload was there already; DuplicateRatio is reused / (résumés + reused).
type DuplicateMetrics struct {
	ResumesTotal     int64   `json:"resumes_total"`
	DistinctContent  int64   `json:"distinct_content"`
	DuplicatesReused int64   `json:"duplicates_reused"`
	DuplicateRatio   float64 `json:"duplicate_ratio"`
}

// InvalidationMetrics tell what was removed from the cache by changes and deletions.
type InvalidationMetrics struct {
	Deleted int64      `json:"deleted"`
	LastAt  *time.Time `json:"last_at"`
}

func (h status) llmMetrics(c *gin.Context, _ noInput) (LLMMetrics, error) {
	f, err := h.service.Usage(c.Request.Context(), workspaceOf(c))
	if err != nil {
		return LLMMetrics{}, err
	}
	input, output := usd(f.LLM.InputCostMicros), usd(f.LLM.OutputCostMicros)
	embeddings := usd(f.Embeddings.InputCostMicros + f.Embeddings.OutputCostMicros)
	return LLMMetrics{
		Cache: CacheMetrics{
			Entries: f.CacheEntries, AvgTTLSeconds: f.CacheAverageTTL, Hits: f.CacheHits, Misses: f.CacheMisses,
			Expired: f.CacheExpired, Shared: f.CacheShared, HitRatio: ratio(f.CacheHits+f.CacheShared, f.CacheHits+f.CacheShared+f.CacheMisses),
		},
		Tokens: tokens(f.LLM), Embeddings: tokens(f.Embeddings),
		CostUSD: CostMetrics{
			LLMInput: input, LLMOutput: output, LLMTotal: input + output, Embeddings: embeddings,
			GrandTotal: input + output + embeddings,
		},
		Duplicates: DuplicateMetrics{
			ResumesTotal: f.ResumesTotal, DistinctContent: f.DistinctContent, DuplicatesReused: f.DuplicatesReused,
			DuplicateRatio: ratio(f.DuplicatesReused, f.ResumesTotal+f.DuplicatesReused),
		},
		Invalidation: InvalidationMetrics{Deleted: f.Invalidated, LastAt: f.LastInvalidatedAt},
	}, nil
}

func tokens(s services.UsageSum) TokenMetrics {
	return TokenMetrics{
		PromptTotal: s.PromptTokens, CompletionTotal: s.CompletionTokens,
		Total: s.PromptTokens + s.CompletionTokens, Calls: s.Calls,
	}
}

func usd(micros int64) float64 { return float64(micros) / 1e6 }

func ratio(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// CacheEntityPath names what cached answers were made from.
type CacheEntityPath struct {
	Type string `uri:"type" binding:"required,oneof=resume job"`
	ID   string `uri:"id" binding:"required,uuid"`
}

// DeletedEntries lists the removed entries of the cache.
type DeletedEntries struct {
	Deleted   int      `json:"deleted"`
	CacheKeys []string `json:"cache_keys"`
}

// DeletedEntriesAnswer carries them flat, where clients read them, and as data.
type DeletedEntriesAnswer struct {
	Envelope[DeletedEntries]
	DeletedEntries
}

func (h status) deleteEntity(c *gin.Context, in CacheEntityPath) (DeletedEntriesAnswer, error) {
	keys, err := h.cache.DeleteEntity(c.Request.Context(), workspaceOf(c), in.Type, in.ID)
	if err != nil {
		return DeletedEntriesAnswer{}, err
	}
	out := DeletedEntries{Deleted: len(keys), CacheKeys: keys}
	return DeletedEntriesAnswer{Envelope: Data(out), DeletedEntries: out}, nil
}

// CacheKeyPath names one entry: a SHA-256 in hex.
type CacheKeyPath struct {
	Key string `uri:"key" binding:"required,len=64"`
}

// DeletedEntry names the removed entry; deleted is 0 where there was none.
type DeletedEntry struct {
	Deleted  int    `json:"deleted"`
	CacheKey string `json:"cache_key"`
}

// DeletedEntryAnswer carries it flat, where clients read it, and as data.
type DeletedEntryAnswer struct {
	Envelope[DeletedEntry]
	DeletedEntry
}

func (h status) deleteKey(c *gin.Context, in CacheKeyPath) (DeletedEntryAnswer, error) {
	deleted, err := h.cache.DeleteKey(c.Request.Context(), workspaceOf(c), in.Key)
	if err != nil {
		return DeletedEntryAnswer{}, err
	}
	out := DeletedEntry{Deleted: deleted, CacheKey: in.Key}
	return DeletedEntryAnswer{Envelope: Data(out), DeletedEntry: out}, nil
}
