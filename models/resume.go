package models

import (
	"time"

	"gorm.io/gorm"
)

// ProcessingStatus tells how far a résumé's processing has come.
type ProcessingStatus string

// The processing states of a résumé.
const (
	StatusPending    ProcessingStatus = "pending"
	StatusProcessing ProcessingStatus = "processing"
	StatusReady      ProcessingStatus = "ready"
	StatusFailed     ProcessingStatus = "failed"
)

// Origin tells how a résumé came to be.
type Origin string

// A résumé is either a person's upload or a version tailored to a job.
const (
	OriginUpload   Origin = "upload"
	OriginTailored Origin = "tailored"
)

// Resume is a résumé's raw text as extracted from the upload, or as rendered from a tailored version.
type Resume struct {
	ID          string     `gorm:"type:text;primaryKey;not null"`
	WorkspaceID string     `gorm:"type:text;not null;index:idx_resumes_workspace_created,priority:1;uniqueIndex:uq_resumes_workspace_master,where:is_master;uniqueIndex:uq_resumes_workspace_content,where:origin = 'upload',priority:1;index:idx_resumes_workspace_file,priority:1"`
	Workspace   *Workspace `gorm:"constraint:OnDelete:CASCADE"`
	ParentID    *string    `gorm:"type:text;index:idx_resumes_parent_id"`
	Parent      *Resume    `gorm:"foreignKey:ParentID;constraint:OnDelete:SET NULL"`
	Origin      Origin     `gorm:"type:text;not null;check:chk_resumes_origin,origin = 'upload' OR origin = 'tailored'"`
	IsMaster    bool       `gorm:"not null"`
	// Content is Markdown in UTF-8; ContentHash is its SHA-256, FileHash that of the uploaded bytes.
	Content          string           `gorm:"type:text;not null"`
	ContentHash      string           `gorm:"type:text;not null;index:idx_resumes_content_hash;uniqueIndex:uq_resumes_workspace_content,priority:2"`
	ContentType      string           `gorm:"type:text;not null"`
	FileHash         string           `gorm:"type:text;not null;index:idx_resumes_workspace_file,priority:2"`
	Filename         string           `gorm:"type:text;not null"`
	Title            string           `gorm:"type:text;not null"`
	Language         string           `gorm:"type:text;not null"`
	ProcessingStatus ProcessingStatus `gorm:"type:text;not null;check:chk_resumes_processing_status,processing_status = 'pending' OR processing_status = 'processing' OR processing_status = 'ready' OR processing_status = 'failed'"`
	// ProcessingErrorKind and ProcessingError tell why the processing failed, both empty unless it did.
	ProcessingErrorKind Kind    `gorm:"type:text;not null;default:''"`
	ProcessingError     string  `gorm:"type:text;not null"`
	CoverLetter         *string `gorm:"type:text"`
	OutreachMessage     *string `gorm:"type:text"`
	// UploadCount is how often this content was uploaded; all but the first reused the row.
	UploadCount int64 `gorm:"not null;default:1"`
	// Version grows with every change of the structured content, so that a preview can't outlive it.
	Version   int64     `gorm:"not null;default:1"`
	CreatedAt time.Time `gorm:"not null;index:idx_resumes_workspace_created,priority:2"`
	UpdatedAt time.Time `gorm:"not null"`

	Processed *ProcessedResume `gorm:"foreignKey:ResumeID;constraint:OnDelete:CASCADE"`
}

// TableName names the table.
func (Resume) TableName() string { return "resumes" }

// BeforeCreate fills the id and the content hash.
func (r *Resume) BeforeCreate(*gorm.DB) error {
	r.ContentHash = HashContent(r.Content)
	return setID(&r.ID)
}

// ProcessedResume is the structure found in a résumé, one row a résumé.
type ProcessedResume struct {
	ID          string           `gorm:"type:text;primaryKey;not null"`
	WorkspaceID string           `gorm:"type:text;not null;index:idx_processed_resumes_workspace"`
	Workspace   *Workspace       `gorm:"constraint:OnDelete:CASCADE"`
	ResumeID    string           `gorm:"type:text;not null;uniqueIndex:idx_processed_resumes_resume_id"`
	Resume      *Resume          `gorm:"constraint:OnDelete:CASCADE"`
	Data        JSON[ResumeData] `gorm:"not null"`
	Sources     JSON[[]Source]   `gorm:"not null"`
	// StructureVersion is structure.Version at the time of processing.
	StructureVersion string    `gorm:"type:text;not null"`
	ProcessedAt      time.Time `gorm:"not null"`
}

// TableName names the table.
func (ProcessedResume) TableName() string { return "processed_resumes" }

// BeforeCreate fills the id.
func (p *ProcessedResume) BeforeCreate(*gorm.DB) error { return setID(&p.ID) }
