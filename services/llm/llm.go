// Package llm asks language models: any OpenAI-compatible server, Anthropic or Ollama, through langchaingo.
package llm

import (
	"context"
	"time"
)

// The providers of Options.Provider.
const (
	OpenAI    = "openai"
	Anthropic = "anthropic"
	Ollama    = "ollama"
)

// Options name a model and bound its calls.
type Options struct {
	Provider string
	Model    string
	// FallbackModel, if not empty, is asked when Model fails for a reason that another model may not have.
	FallbackModel string
	// BaseURL is the provider's own address when empty.
	BaseURL string
	APIKey  string
	// Timeout bounds one call with all its retries.
	Timeout         time.Duration
	MaxOutputTokens int
	Temperature     float64
	// LocalOnly refuses an address that is neither loopback nor private, when the client is made and at each connection.
	LocalOnly bool
}

// Role says who speaks a message.
type Role string

// The roles of a conversation.
const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
)

// Message is one turn of a conversation.
type Message struct {
	Role Role   `json:"role"`
	Text string `json:"text"`
}

// Request is what a model is asked.
type Request struct {
	Messages []Message
	// Schema, if not nil, is the JSON Schema the answer must keep.
	Schema *Schema
	// MaxOutputTokens overrides Options.MaxOutputTokens when positive.
	MaxOutputTokens int
}

// Usage counts tokens.
type Usage struct {
	PromptTokens     int64
	CompletionTokens int64
}

// Response is a whole answer; a partial one is an error.
type Response struct {
	Text string
	// Model is the one that answered: Options.Model or its fallback.
	Model string
	Usage Usage
}

// Generator answers requests. onText, if not nil, hears the pieces of the answer as the model writes them.
type Generator interface {
	Generate(ctx context.Context, r Request, onText func(string)) (Response, error)
}
