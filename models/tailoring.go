package models

import (
	"encoding/json"
	"time"

	"gorm.io/gorm"
)

// ImprovementStatus tells whether an improvement was saved as a tailored résumé.
type ImprovementStatus string

// An improvement starts as a preview, or is saved at once.
const (
	ImprovementPreview ImprovementStatus = "preview"
	ImprovementSaved   ImprovementStatus = "saved"
)

// Improvement is a proposed or saved tailoring of one résumé version to one job.
type Improvement struct {
	ID          string     `gorm:"type:text;primaryKey;not null"`
	WorkspaceID string     `gorm:"type:text;not null;index:idx_improvements_workspace"`
	Workspace   *Workspace `gorm:"constraint:OnDelete:CASCADE"`
	ResumeID    string     `gorm:"type:text;not null;index:idx_improvements_resume_job,priority:1"`
	Resume      *Resume    `gorm:"constraint:OnDelete:CASCADE"`
	JobID       string     `gorm:"type:text;not null;index:idx_improvements_resume_job,priority:2;index:idx_improvements_job_id"`
	Job         *Job       `gorm:"constraint:OnDelete:CASCADE"`
	// TailoredResumeID is the saved result.
	TailoredResumeID *string           `gorm:"type:text;index:idx_improvements_tailored_resume_id"`
	TailoredResume   *Resume           `gorm:"foreignKey:TailoredResumeID;constraint:OnDelete:SET NULL"`
	Status           ImprovementStatus `gorm:"type:text;not null;check:chk_improvements_status,status = 'preview' OR status = 'saved'"`
	PromptID         string            `gorm:"type:text;not null"`
	// ResumeVersion is the résumé's version the preview was made from.
	ResumeVersion int64 `gorm:"not null"`
	// Result is the improve data as it was answered.
	Result    JSON[json.RawMessage] `gorm:"not null"`
	CreatedAt time.Time             `gorm:"not null"`
	ExpiresAt time.Time             `gorm:"not null;index:idx_improvements_expires_at"`
}

// TableName names the table.
func (Improvement) TableName() string { return "improvements" }

// BeforeCreate fills the id.
func (i *Improvement) BeforeCreate(*gorm.DB) error { return setID(&i.ID) }

// Evidence quotes the place in the person's own material that supports a statement.
type Evidence struct {
	Path  string `json:"path"`
	Quote string `json:"quote"`
}

// Change is one proposed edit of a structured résumé.
type Change struct {
	ChangeID      string     `json:"change_id"`
	FieldPath     string     `json:"field_path"`
	FieldType     string     `json:"field_type" binding:"oneof=skill description summary certification experience education project language award"`
	ChangeType    string     `json:"change_type" binding:"oneof=added removed modified"`
	OriginalValue *string    `json:"original_value"`
	NewValue      *string    `json:"new_value"`
	Confidence    string     `json:"confidence" binding:"oneof=low medium high"`
	Reason        string     `json:"reason"`
	Evidence      []Evidence `json:"evidence"`
}

// RejectedChange is a proposal the fact rules refused, the rule that did, and the words it found no support for.
type RejectedChange struct {
	Change
	Rule  string   `json:"rule"`
	Words []string `json:"words,omitempty"`
}

// Suggestion is advice to the person, about the Markdown line LineNumber (from 1) if that is given.
type Suggestion struct {
	Suggestion string `json:"suggestion"`
	LineNumber *int   `json:"lineNumber,omitempty"`
	// Path is the place in the structured résumé the advice is about, as in Change.FieldPath.
	Path string `json:"path,omitempty"`
}

// DiffSummary counts what a tailoring changes.
type DiffSummary struct {
	TotalChanges         int `json:"total_changes"`
	SkillsAdded          int `json:"skills_added"`
	SkillsRemoved        int `json:"skills_removed"`
	DescriptionsModified int `json:"descriptions_modified"`
	CertificationsAdded  int `json:"certifications_added"`
	HighRiskChanges      int `json:"high_risk_changes"`
}

// Gap is something the posting asks for and the résumé does not show, with a question to the person.
type Gap struct {
	Requirement string `json:"requirement"`
	Required    bool   `json:"required"`
	Question    string `json:"question"`
}
