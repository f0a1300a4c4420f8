package models

import "time"

// Identity gives the person an identity provider vouches for their workspace.
type Identity struct {
	// Hash is the SHA-256 of issuer and subject, as a subject can be an e-mail address.
	Hash        string     `gorm:"type:text;primaryKey;not null"`
	WorkspaceID string     `gorm:"type:text;not null;index:idx_identities_workspace"`
	Workspace   *Workspace `gorm:"constraint:OnDelete:CASCADE"`
	CreatedAt   time.Time  `gorm:"not null"`
}

// TableName names the table.
func (Identity) TableName() string { return "identities" }
