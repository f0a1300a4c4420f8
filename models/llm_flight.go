package models

import "time"

// LLMFlight is the right to make one model call that several replicas want at the same time. The replica that holds
// it calls; the others wait for the row to go, which it does in the transaction that caches the answer.
type LLMFlight struct {
	// CacheKey is the LLMCache key of the answer to come.
	CacheKey    string     `gorm:"type:text;primaryKey;not null"`
	WorkspaceID string     `gorm:"type:text;not null;index:idx_llm_flights_workspace"`
	Workspace   *Workspace `gorm:"constraint:OnDelete:CASCADE"`
	// Owner is a random token of the one caller that may write; it is empty when the call has failed.
	Owner string `gorm:"type:text;not null"`
	// LeaseUntil is when the flight is free to be taken over: its owner, if alive, moves it on.
	LeaseUntil time.Time `gorm:"not null;index:idx_llm_flights_lease_until"`
	// WantedUntil is moved on by waiting replicas, so that the owner goes on when its own callers have left.
	WantedUntil time.Time `gorm:"not null"`
	// Stale tells that the answer must not be cached: what it is made from changed since the call began.
	Stale bool `gorm:"not null"`
	// FailedOwner is the last owner whose call failed, for those who waited for just that one; FailureKind and
	// FailureMessage are the public part of its error.
	FailedOwner    string    `gorm:"type:text;not null"`
	FailureKind    Kind      `gorm:"type:text;not null"`
	FailureMessage string    `gorm:"type:text;not null"`
	UpdatedAt      time.Time `gorm:"not null"`
}

// TableName names the table.
func (LLMFlight) TableName() string { return "llm_flights" }

// LLMFlightIndex links a flight to the résumé or job its answer is made from.
type LLMFlightIndex struct {
	// Key is the flight's cache_key, named as in LLMCacheIndex and for the same reason.
	Key        string     `gorm:"column:cache_key;type:text;primaryKey;not null"`
	Flight     *LLMFlight `gorm:"foreignKey:Key;references:CacheKey;constraint:OnDelete:CASCADE"`
	EntityType string     `gorm:"type:text;primaryKey;not null;index:idx_llm_flight_index_entity,priority:1"`
	EntityID   string     `gorm:"type:text;primaryKey;not null;index:idx_llm_flight_index_entity,priority:2"`
}

// TableName names the table.
func (LLMFlightIndex) TableName() string { return "llm_flight_index" }
