package models

import "time"

// LLMCache is one answer of a language model, valid for TTLSeconds from CreatedAt.
type LLMCache struct {
	// CacheKey is a SHA-256 in hex over everything that shapes the answer, the workspace included.
	CacheKey         string     `gorm:"type:text;primaryKey;not null"`
	WorkspaceID      string     `gorm:"type:text;not null;index:idx_llm_cache_workspace"`
	Workspace        *Workspace `gorm:"constraint:OnDelete:CASCADE"`
	Kind             string     `gorm:"type:text;not null"`
	Provider         string     `gorm:"type:text;not null"`
	Model            string     `gorm:"type:text;not null"`
	PromptVersion    string     `gorm:"type:text;not null"`
	Response         string     `gorm:"type:text;not null"`
	PromptTokens     int64      `gorm:"not null"`
	CompletionTokens int64      `gorm:"not null"`
	CreatedAt        time.Time  `gorm:"not null;index:idx_llm_cache_created_ttl,priority:1"`
	TTLSeconds       int64      `gorm:"not null;index:idx_llm_cache_created_ttl,priority:2"`
}

// TableName names the table.
func (LLMCache) TableName() string { return "llm_cache" }

// LLMCacheIndex links a cached answer to the résumé or job it was made from.
type LLMCacheIndex struct {
	// Key is the answer's cache_key; a field named CacheKey would make GORM turn the foreign key around.
	Key        string    `gorm:"column:cache_key;type:text;primaryKey;not null"`
	Cache      *LLMCache `gorm:"foreignKey:Key;references:CacheKey;constraint:OnDelete:CASCADE"`
	EntityType string    `gorm:"type:text;primaryKey;not null;index:idx_llm_cache_index_entity,priority:1"`
	EntityID   string    `gorm:"type:text;primaryKey;not null;index:idx_llm_cache_index_entity,priority:2"`
}

// TableName names the table.
func (LLMCacheIndex) TableName() string { return "llm_cache_index" }
