package models

import (
	"time"

	"gorm.io/gorm"
)

// Workspace owns everything a person stores; deleting it deletes all of that.
type Workspace struct {
	ID         string    `gorm:"type:text;primaryKey;not null" json:"workspace_id"`
	Name       string    `gorm:"type:text;not null" json:"name"`
	CreatedAt  time.Time `gorm:"not null" json:"created_at"`
	LastUsedAt time.Time `gorm:"not null;index:idx_workspaces_last_used_at" json:"last_used_at"`
}

// TableName names the table.
func (Workspace) TableName() string { return "workspaces" }

// BeforeCreate fills the id.
func (w *Workspace) BeforeCreate(*gorm.DB) error { return setID(&w.ID) }
