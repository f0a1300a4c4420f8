package services

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"

	"resume-matcher/models"
)

// Status reads the figures operators and frontends ask for.
type Status struct {
	db *gorm.DB
	// usage and health are nil where no language model is counted and watched.
	usage  *Usage
	health *ModelHealth
	// embeddings tells that an embedding model is configured.
	embeddings bool
	// freshness is how recent an answer to somebody else counts for Ping.
	freshness time.Duration
}

// pingFreshness is the freshness of a Status.
const pingFreshness = 2 * time.Second

// Ping runs a light query. Where that has to wait for its turn until ctx ends, the database is busy but well if it answers
// others meanwhile.
func (s *Status) Ping(ctx context.Context) error {
	var one int
	err := s.db.WithContext(ctx).Raw("SELECT 1").Scan(&one).Error
	if s.busyButWell(err, time.Since(models.LastAnswer(s.db))) {
		return nil
	}
	return err
}

func (s *Status) busyButWell(err error, sinceAnswer time.Duration) bool {
	return errors.Is(err, context.DeadlineExceeded) && sinceAnswer < s.freshness
}

// DatabaseStats counts a workspace's rows.
type DatabaseStats struct {
	TotalResumes      int64 `json:"total_resumes"`
	TotalJobs         int64 `json:"total_jobs"`
	TotalImprovements int64 `json:"total_improvements"`
	HasMasterResume   bool  `json:"has_master_resume"`
}

// Stats counts what a workspace holds.
func (s *Status) Stats(ctx context.Context, workspaceID string) (DatabaseStats, error) {
	var out DatabaseStats
	err := s.db.WithContext(ctx).Raw(`SELECT
		(SELECT count(*) FROM resumes WHERE workspace_id = @ws) AS total_resumes,
		(SELECT count(*) FROM jobs WHERE workspace_id = @ws) AS total_jobs,
		(SELECT count(*) FROM improvements WHERE workspace_id = @ws AND status = 'saved') AS total_improvements,
		EXISTS (SELECT 1 FROM resumes WHERE workspace_id = @ws AND is_master) AS has_master_resume`,
		sql.Named("ws", workspaceID)).Scan(&out).Error
	return out, storeError(err, nil)
}

// Model tells what is known of the language model without asking it, false where none is configured.
func (s *Status) Model() (ModelState, bool) { return s.health.State() }

// EmbeddingsConfigured tells whether an embedding model is configured.
func (s *Status) EmbeddingsConfigured() bool { return s.embeddings }

// UsageFigures sum the use of language models and of the upload duplicates over all time.
type UsageFigures struct {
	usageCounts
	CacheHits         int64
	CacheMisses       int64
	CacheExpired      int64 // among the misses
	CacheShared       int64
	Invalidated       int64
	LastInvalidatedAt *time.Time
	LLM               UsageSum
	Embeddings        UsageSum
}

// usageCounts are the figures that one query counts.
type usageCounts struct {
	CacheEntries     int64
	CacheAverageTTL  float64 // seconds
	ResumesTotal     int64
	DistinctContent  int64
	DuplicatesReused int64
}

// UsageSum sums the calls of one kind of model; costs are millionths of a US dollar.
type UsageSum struct {
	Calls            int64
	PromptTokens     int64
	CompletionTokens int64
	InputCostMicros  int64
	OutputCostMicros int64
}

// Usage reads a workspace's figures from the database, so that they survive a restart.
func (s *Status) Usage(ctx context.Context, workspaceID string) (UsageFigures, error) {
	var out UsageFigures
	if err := s.usage.Flush(ctx); err != nil {
		return out, err
	}
	tx := s.db.WithContext(ctx)
	var rows []models.LLMUsage
	if err := tx.Where("workspace_id = ?", workspaceID).Find(&rows).Error; err != nil {
		return out, storeError(err, nil)
	}
	for _, row := range rows {
		out.add(row)
	}
	// Not by Row, whose errors come as the driver made them.
	var counts usageCounts
	err := tx.Raw(`SELECT
		(SELECT count(*) FROM llm_cache WHERE workspace_id = @ws) AS cache_entries,
		(SELECT coalesce(avg(ttl_seconds), 0) FROM llm_cache WHERE workspace_id = @ws) AS cache_average_ttl,
		(SELECT count(*) FROM resumes WHERE workspace_id = @ws) AS resumes_total,
		(SELECT count(DISTINCT content_hash) FROM resumes WHERE workspace_id = @ws) AS distinct_content,
		(SELECT coalesce(sum(upload_count - 1), 0) FROM resumes WHERE workspace_id = @ws AND origin = 'upload') AS duplicates_reused`,
		sql.Named("ws", workspaceID)).Scan(&counts).Error
	out.usageCounts = counts
	return out, storeError(err, nil)
}

func (f *UsageFigures) add(row models.LLMUsage) {
	sum := &f.LLM
	if row.Kind == UsageEmbedding {
		sum = &f.Embeddings
	}
	sum.Calls += row.Calls
	sum.PromptTokens += row.PromptTokens
	sum.CompletionTokens += row.CompletionTokens
	sum.InputCostMicros += row.InputCostMicros
	sum.OutputCostMicros += row.OutputCostMicros
	f.CacheHits += row.CacheHits
	f.CacheMisses += row.CacheMisses
	f.CacheExpired += row.CacheExpired
	f.CacheShared += row.Shared
	f.Invalidated += row.Invalidated
	if row.LastInvalidatedAt != nil && (f.LastInvalidatedAt == nil || row.LastInvalidatedAt.After(*f.LastInvalidatedAt)) {
		f.LastInvalidatedAt = row.LastInvalidatedAt
	}
}
