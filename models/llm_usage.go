package models

import (
	"time"

	"gorm.io/gorm"
)

// LLMUsage sums one workspace's use of one model on one UTC day, so that figures survive a restart.
type LLMUsage struct {
	ID          string     `gorm:"type:text;primaryKey;not null"`
	WorkspaceID string     `gorm:"type:text;not null;uniqueIndex:uq_llm_usage_bucket,priority:1"`
	Workspace   *Workspace `gorm:"constraint:OnDelete:CASCADE"`
	// Day is a UTC date as YYYY-MM-DD.
	Day string `gorm:"type:text;not null;uniqueIndex:uq_llm_usage_bucket,priority:2"`
	// Kind is "llm" or "embedding".
	Kind             string `gorm:"type:text;not null;uniqueIndex:uq_llm_usage_bucket,priority:3"`
	Provider         string `gorm:"type:text;not null;uniqueIndex:uq_llm_usage_bucket,priority:4"`
	Model            string `gorm:"type:text;not null;uniqueIndex:uq_llm_usage_bucket,priority:5"`
	Calls            int64  `gorm:"not null"`
	PromptTokens     int64  `gorm:"not null"`
	CompletionTokens int64  `gorm:"not null"`
	// InputCostMicros and OutputCostMicros are millionths of a US dollar.
	InputCostMicros  int64 `gorm:"not null"`
	OutputCostMicros int64 `gorm:"not null"`
	CacheHits        int64 `gorm:"not null"`
	CacheMisses      int64 `gorm:"not null"`
	CacheExpired     int64 `gorm:"not null"`
	// Shared counts the requests that were answered by another one's call.
	Shared            int64 `gorm:"not null;default:0"`
	Invalidated       int64 `gorm:"not null"`
	LastInvalidatedAt *time.Time
}

// TableName names the table.
func (LLMUsage) TableName() string { return "llm_usage" }

// BeforeCreate fills the id.
func (u *LLMUsage) BeforeCreate(*gorm.DB) error { return setID(&u.ID) }
