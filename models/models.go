// Package models holds the GORM models, which are the only source of truth for the schema.
package models

// DefaultWorkspaceID is the one workspace every row belongs to while no sessions are configured.
const DefaultWorkspaceID = "00000000-0000-7000-8000-000000000001"

// DefaultWorkspaceName is its name unless a person changes it.
const DefaultWorkspaceName = "local"

// All lists one value of every model, parents before the tables that refer to them.
func All() []any {
	return []any{
		&Workspace{},
		&APIToken{},
		&Identity{},
		&Resume{},
		&ProcessedResume{},
		&Job{},
		&ProcessedJob{},
		&JobResume{},
		&Improvement{},
		&LLMCache{},
		&LLMCacheIndex{},
		&LLMFlight{},
		&LLMFlightIndex{},
		&LLMUsage{},
		&Task{},
		&TaskSlot{},
	}
}
