package models

import (
	"time"

	"gorm.io/gorm"
)

// Job is a job posting's raw text.
type Job struct {
	ID          string     `gorm:"type:text;primaryKey;not null"`
	WorkspaceID string     `gorm:"type:text;not null;index:idx_jobs_workspace_created,priority:1"`
	Workspace   *Workspace `gorm:"constraint:OnDelete:CASCADE"`
	// ResumeID is the résumé the posting was uploaded for, if any.
	ResumeID    *string   `gorm:"type:text;index:idx_jobs_resume_id"`
	Resume      *Resume   `gorm:"constraint:OnDelete:SET NULL"`
	Content     string    `gorm:"type:text;not null"`
	ContentHash string    `gorm:"type:text;not null;index:idx_jobs_content_hash"`
	Language    string    `gorm:"type:text;not null"`
	CreatedAt   time.Time `gorm:"not null;index:idx_jobs_workspace_created,priority:2"`

	Processed *ProcessedJob `gorm:"foreignKey:JobID;constraint:OnDelete:CASCADE"`
}

// TableName names the table.
func (Job) TableName() string { return "jobs" }

// BeforeCreate fills the id and the content hash.
func (j *Job) BeforeCreate(*gorm.DB) error {
	j.ContentHash = HashContent(j.Content)
	return setID(&j.ID)
}

// ProcessedJob is the structure found in a posting, one row a job.
type ProcessedJob struct {
	ID               string         `gorm:"type:text;primaryKey;not null"`
	WorkspaceID      string         `gorm:"type:text;not null;index:idx_processed_jobs_workspace"`
	Workspace        *Workspace     `gorm:"constraint:OnDelete:CASCADE"`
	JobID            string         `gorm:"type:text;not null;uniqueIndex:idx_processed_jobs_job_id"`
	Job              *Job           `gorm:"constraint:OnDelete:CASCADE"`
	Data             JSON[JobData]  `gorm:"not null"`
	Sources          JSON[[]Source] `gorm:"not null"`
	StructureVersion string         `gorm:"type:text;not null"`
	ProcessedAt      time.Time      `gorm:"not null"`
}

// TableName names the table.
func (ProcessedJob) TableName() string { return "processed_jobs" }

// BeforeCreate fills the id.
func (p *ProcessedJob) BeforeCreate(*gorm.DB) error { return setID(&p.ID) }

// JobRelation tells why a job and a résumé belong together.
type JobRelation string

// A job was uploaded with a résumé, or a résumé was tailored for it.
const (
	RelationUploadedWith JobRelation = "uploaded_with"
	RelationTailoredFor  JobRelation = "tailored_for"
)

// JobResume links a job to a résumé.
type JobResume struct {
	JobID       string      `gorm:"type:text;primaryKey;not null"`
	Job         *Job        `gorm:"constraint:OnDelete:CASCADE"`
	ResumeID    string      `gorm:"type:text;primaryKey;not null;index:idx_job_resume_resume_id"`
	Resume      *Resume     `gorm:"constraint:OnDelete:CASCADE"`
	WorkspaceID string      `gorm:"type:text;not null;index:idx_job_resume_workspace"`
	Workspace   *Workspace  `gorm:"constraint:OnDelete:CASCADE"`
	Relation    JobRelation `gorm:"type:text;not null;check:chk_job_resume_relation,relation = 'uploaded_with' OR relation = 'tailored_for'"`
	CreatedAt   time.Time   `gorm:"not null"`
}

// TableName names the table.
func (JobResume) TableName() string { return "job_resume" }
