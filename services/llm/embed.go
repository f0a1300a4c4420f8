package llm

import "time"

// EmbeddingOptions name an embedding model and bound its calls.
type EmbeddingOptions struct {
	// Provider is OpenAI (any compatible server) or Ollama.
	Provider string
	Model    string
	// BaseURL is the provider's own address when empty.
	BaseURL string
	APIKey  string
	// Timeout bounds one call of Embed with all its batches and retries.
	Timeout time.Duration
	// LocalOnly refuses an address that is neither loopback nor private, as Options.LocalOnly.
	LocalOnly bool
}
