package models

import (
	"time"

	"gorm.io/gorm"
)

// TokenScope is what a credential may do; each scope includes those before it.
type TokenScope string

// The scopes, weakest first.
const (
	ScopeRead  TokenScope = "read"
	ScopeWrite TokenScope = "write"
	// ScopeAdmin may also do what concerns the whole server.
	ScopeAdmin TokenScope = "admin"
)

// APIToken is a credential for scripts and services. The token itself is shown when it is made and never stored.
type APIToken struct {
	ID          string     `gorm:"type:text;primaryKey;not null" json:"id"`
	WorkspaceID string     `gorm:"type:text;not null;index:idx_api_tokens_workspace" json:"workspace_id"`
	Workspace   *Workspace `gorm:"constraint:OnDelete:CASCADE" json:"-"`
	Name        string     `gorm:"type:text;not null" json:"name"`
	// Hash is the SHA-256 of the token, which is random enough to need neither salt nor stretching.
	Hash      string     `gorm:"type:text;not null;uniqueIndex:uq_api_tokens_hash" json:"-"`
	Scope     TokenScope `gorm:"type:text;not null;check:chk_api_tokens_scope,scope = 'read' OR scope = 'write' OR scope = 'admin'" json:"scope"`
	CreatedAt time.Time  `gorm:"not null" json:"created_at"`
	// LastUsedAt is exact to a minute.
	LastUsedAt *time.Time `json:"last_used_at"`
	// ExpiresAt is nil for a token that is good until it is revoked.
	ExpiresAt *time.Time `json:"expires_at"`
	RevokedAt *time.Time `json:"revoked_at"`
}

// TableName names the table.
func (APIToken) TableName() string { return "api_tokens" }

// BeforeCreate fills the id.
func (t *APIToken) BeforeCreate(*gorm.DB) error { return setID(&t.ID) }
