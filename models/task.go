package models

import (
	"encoding/json"
	"time"

	"gorm.io/gorm"
)

// TaskStatus tells where a task stands.
type TaskStatus string

// The states of a task.
const (
	TaskQueued  TaskStatus = "queued"
	TaskRunning TaskStatus = "running"
	TaskDone    TaskStatus = "done"
	TaskFailed  TaskStatus = "failed"
)

// Task is a piece of durable background work.
type Task struct {
	ID          string     `gorm:"type:text;primaryKey;not null"`
	WorkspaceID *string    `gorm:"type:text;index:idx_tasks_waiting,priority:1"`
	Workspace   *Workspace `gorm:"constraint:OnDelete:CASCADE"`
	Kind        string     `gorm:"type:text;not null"`
	// UniqueKey holds at most one unfinished task of its name; it is set to NULL when the task ends.
	UniqueKey *string               `gorm:"type:text;uniqueIndex:uq_tasks_unique_key"`
	Args      JSON[json.RawMessage] `gorm:"not null"`
	Status    TaskStatus            `gorm:"type:text;not null;index:idx_tasks_claim,priority:1;index:idx_tasks_waiting,priority:2;check:chk_tasks_status,status = 'queued' OR status = 'running' OR status = 'done' OR status = 'failed'"`
	// RunAt is when a queued task is due.
	RunAt time.Time `gorm:"not null;index:idx_tasks_claim,priority:2"`
	// Attempt counts the attempts begun, the one that runs included.
	Attempt     int64 `gorm:"not null"`
	MaxAttempts int64 `gorm:"not null"`
	// LeaseUntil is when a running task is free to be taken over: its worker, if alive, moves it on.
	LeaseUntil *time.Time
	// Worker is a random token of the one attempt that may write; it is empty unless the task runs.
	Worker string `gorm:"type:text;not null"`
	// LastErrorKind and LastError are the public part of the last attempt's error, both empty without one.
	LastErrorKind Kind   `gorm:"type:text;not null;default:''"`
	LastError     string `gorm:"type:text;not null"`
	// Progress is a percentage, 100 when the task is done.
	Progress   int64     `gorm:"not null"`
	CreatedAt  time.Time `gorm:"not null"`
	FinishedAt *time.Time
}

// TableName names the table.
func (Task) TableName() string { return "tasks" }

// BeforeCreate fills the id.
func (t *Task) BeforeCreate(*gorm.DB) error { return setID(&t.ID) }

// TaskSlot is the last period whose task of a kind was queued: the replica that moves it on queues the next one.
type TaskSlot struct {
	Kind string `gorm:"type:text;primaryKey;not null"`
	// Slot is when the period began.
	Slot time.Time `gorm:"not null"`
}

// TableName names the table.
func (TaskSlot) TableName() string { return "task_slots" }
