package services

import (
	"encoding/json"
	"time"

	"resume-matcher/models"
)

// ExportedIdentity is a person an identity provider vouched for; who that is was never stored.
type ExportedIdentity struct {
	CreatedAt time.Time `json:"created_at"`
}

// ExportedResume is a résumé with its structure, where each value of it stands in the text, and its letters.
type ExportedResume struct {
	ResumeID         string                  `json:"resume_id"`
	ParentID         *string                 `json:"parent_id" doc:"The résumé it was tailored from."`
	Origin           models.Origin           `json:"origin"`
	IsMaster         bool                    `json:"is_master"`
	Title            string                  `json:"title"`
	Filename         string                  `json:"filename"`
	Content          string                  `json:"content" doc:"The text in Markdown."`
	ContentType      string                  `json:"content_type" doc:"The media type of the uploaded file."`
	ContentHash      string                  `json:"content_sha256"`
	FileHash         string                  `json:"file_sha256" doc:"Of the uploaded file, which is not stored."`
	Language         string                  `json:"language"`
	ProcessingStatus models.ProcessingStatus `json:"processing_status"`
	ProcessingError  string                  `json:"processing_error"`
	UploadCount      int64                   `json:"upload_count"`
	CoverLetter      *string                 `json:"cover_letter"`
	OutreachMessage  *string                 `json:"outreach_message"`
	CreatedAt        time.Time               `json:"created_at"`
	UpdatedAt        time.Time               `json:"updated_at"`
	Structured       *models.ResumeData      `json:"structured"`
	Sources          []models.Source         `json:"sources"`
}

// ExportedJob is a job posting with its structure.
type ExportedJob struct {
	JobID      string          `json:"job_id"`
	ResumeID   *string         `json:"resume_id" doc:"The résumé it was uploaded for."`
	Content    string          `json:"content"`
	Language   string          `json:"language"`
	CreatedAt  time.Time       `json:"created_at"`
	Structured *models.JobData `json:"structured"`
	Sources    []models.Source `json:"sources"`
}

// ExportedJobResume tells why a job and a résumé belong together.
type ExportedJobResume struct {
	JobID     string             `json:"job_id"`
	ResumeID  string             `json:"resume_id"`
	Relation  models.JobRelation `json:"relation"`
	CreatedAt time.Time          `json:"created_at"`
}

// ExportedImprovement is a tailoring, with its result as it was answered.
type ExportedImprovement struct {
	ImprovementID    string                   `json:"improvement_id"`
	ResumeID         string                   `json:"resume_id"`
	JobID            string                   `json:"job_id"`
	TailoredResumeID *string                  `json:"tailored_resume_id"`
	Status           models.ImprovementStatus `json:"status"`
	PromptID         string                   `json:"prompt_id"`
	ResumeVersion    int64                    `json:"resume_version"`
	Result           json.RawMessage          `json:"result"`
	CreatedAt        time.Time                `json:"created_at"`
	ExpiresAt        time.Time                `json:"expires_at"`
}

// ExportedAnswer is a language model's answer that is kept to be used again.
type ExportedAnswer struct {
	CacheKey         string    `json:"cache_key"`
	Kind             string    `json:"kind"`
	Provider         string    `json:"provider"`
	Model            string    `json:"model"`
	PromptVersion    string    `json:"prompt_version"`
	Response         string    `json:"response"`
	PromptTokens     int64     `json:"prompt_tokens"`
	CompletionTokens int64     `json:"completion_tokens"`
	CreatedAt        time.Time `json:"created_at"`
	TTLSeconds       int64     `json:"ttl_seconds"`
}

// ExportedUsage sums the use of one model on one UTC day; costs are millionths of a US dollar.
type ExportedUsage struct {
	Day               string     `json:"day"`
	Kind              string     `json:"kind"`
	Provider          string     `json:"provider"`
	Model             string     `json:"model"`
	Calls             int64      `json:"calls"`
	PromptTokens      int64      `json:"prompt_tokens"`
	CompletionTokens  int64      `json:"completion_tokens"`
	InputCostMicros   int64      `json:"input_cost_micros"`
	OutputCostMicros  int64      `json:"output_cost_micros"`
	CacheHits         int64      `json:"cache_hits"`
	CacheMisses       int64      `json:"cache_misses"`
	CacheExpired      int64      `json:"cache_expired"`
	Shared            int64      `json:"shared"`
	Invalidated       int64      `json:"invalidated"`
	LastInvalidatedAt *time.Time `json:"last_invalidated_at"`
}

// ExportedTask is background work that was done or waits.
type ExportedTask struct {
	TaskID     string            `json:"task_id"`
	Kind       string            `json:"kind"`
	Status     models.TaskStatus `json:"status"`
	Args       json.RawMessage   `json:"args"`
	Attempt    int64             `json:"attempt"`
	Progress   int64             `json:"progress" doc:"A percentage."`
	LastError  string            `json:"last_error"`
	RunAt      time.Time         `json:"run_at"`
	CreatedAt  time.Time         `json:"created_at"`
	FinishedAt *time.Time        `json:"finished_at"`
}

func exportIdentity(row models.Identity) ExportedIdentity {
	return ExportedIdentity{CreatedAt: row.CreatedAt}
}

func exportResume(row models.Resume) ExportedResume {
	out := ExportedResume{
		ResumeID: row.ID, ParentID: row.ParentID, Origin: row.Origin, IsMaster: row.IsMaster, Title: row.Title,
		Filename: row.Filename, Content: row.Content, ContentType: row.ContentType, ContentHash: row.ContentHash,
		FileHash: row.FileHash, Language: row.Language, ProcessingStatus: row.ProcessingStatus,
		ProcessingError: row.ProcessingError, UploadCount: row.UploadCount, CoverLetter: row.CoverLetter,
		OutreachMessage: row.OutreachMessage, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt, Sources: []models.Source{},
	}
	if p := row.Processed; p != nil {
		out.Structured, out.Sources = &p.Data.V, append(out.Sources, p.Sources.V...)
	}
	return out
}

func exportJob(row models.Job) ExportedJob {
	out := ExportedJob{
		JobID: row.ID, ResumeID: row.ResumeID, Content: row.Content, Language: row.Language, CreatedAt: row.CreatedAt,
		Sources: []models.Source{},
	}
	if p := row.Processed; p != nil {
		out.Structured, out.Sources = &p.Data.V, append(out.Sources, p.Sources.V...)
	}
	return out
}

func exportJobResume(row models.JobResume) ExportedJobResume {
	return ExportedJobResume{JobID: row.JobID, ResumeID: row.ResumeID, Relation: row.Relation, CreatedAt: row.CreatedAt}
}

func exportImprovement(row models.Improvement) ExportedImprovement {
	return ExportedImprovement{
		ImprovementID: row.ID, ResumeID: row.ResumeID, JobID: row.JobID, TailoredResumeID: row.TailoredResumeID,
		Status: row.Status, PromptID: row.PromptID, ResumeVersion: row.ResumeVersion, Result: row.Result.V,
		CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt,
	}
}

func exportAnswer(row models.LLMCache) ExportedAnswer {
	return ExportedAnswer{
		CacheKey: row.CacheKey, Kind: row.Kind, Provider: row.Provider, Model: row.Model, PromptVersion: row.PromptVersion,
		Response: row.Response, PromptTokens: row.PromptTokens, CompletionTokens: row.CompletionTokens,
		CreatedAt: row.CreatedAt, TTLSeconds: row.TTLSeconds,
	}
}

func exportUsage(row models.LLMUsage) ExportedUsage {
	return ExportedUsage{
		Day: row.Day, Kind: row.Kind, Provider: row.Provider, Model: row.Model, Calls: row.Calls,
		PromptTokens: row.PromptTokens, CompletionTokens: row.CompletionTokens, InputCostMicros: row.InputCostMicros,
		OutputCostMicros: row.OutputCostMicros, CacheHits: row.CacheHits, CacheMisses: row.CacheMisses,
		CacheExpired: row.CacheExpired, Shared: row.Shared, Invalidated: row.Invalidated, LastInvalidatedAt: row.LastInvalidatedAt,
	}
}

func exportTask(row models.Task) ExportedTask {
	return ExportedTask{
		TaskID: row.ID, Kind: row.Kind, Status: row.Status, Args: row.Args.V, Attempt: row.Attempt, Progress: row.Progress,
		LastError: row.LastError, RunAt: row.RunAt, CreatedAt: row.CreatedAt, FinishedAt: row.FinishedAt,
	}
}
