package cmd

import (
	"resume-matcher/config"
	"resume-matcher/services"
	"resume-matcher/services/llm"
)

// modelParameters are what shapes an answer beside its prompt; two configurations that differ in one share no cached answer.
type modelParameters struct {
	BaseURL         string
	FallbackModel   string
	Temperature     float64
	MaxOutputTokens int
	Redact          bool
}

// newModel returns the configured language model and embeddings; without any the services answer alone.
func newModel(cfg *config.Config) (services.ModelOptions, error) {
	prompts, err := llm.LoadPrompts()
	out := services.ModelOptions{
		Prompts: prompts, Redact: cfg.LLM.Redact, Timeout: cfg.LLM.Timeout, Prices: services.Prices(cfg.LLM.Prices),
		DailyTokens: int64(cfg.LLM.DailyTokenBudget), CacheDeleteBatch: cfg.LLM.CacheMaxDeleteBatch,
	}
	if err != nil {
		return out, err
	}
	if cfg.LLM.Provider != config.NoModel {
		client, err := llm.New(llmOptions(cfg.LLM))
		if err != nil {
			return out, &exitError{exitUsage, err}
		}
		out.Generator, out.Provider, out.Name = client, client.Provider(), client.Model()
		out.Parameters = modelParameters{
			BaseURL: cfg.LLM.BaseURL, FallbackModel: cfg.LLM.FallbackModel, Temperature: cfg.LLM.Temperature,
			MaxOutputTokens: cfg.LLM.MaxOutputTokens, Redact: cfg.LLM.Redact,
		}
	}
	if cfg.Embedding.Provider != config.NoModel {
		embedder, err := llm.NewEmbedder(embeddingOptions(cfg))
		if err != nil {
			return out, &exitError{exitUsage, err}
		}
		out.Embedder, out.EmbedderParameters = embedder, cfg.Embedding.BaseURL
	}
	return out, nil
}

func llmOptions(c config.LLM) llm.Options {
	return llm.Options{
		Provider: c.Provider, Model: c.Model, FallbackModel: c.FallbackModel, BaseURL: c.BaseURL, APIKey: c.APIKey.Reveal(),
		Timeout: c.Timeout, MaxOutputTokens: c.MaxOutputTokens, Temperature: c.Temperature, LocalOnly: c.LocalOnly,
	}
}

func embeddingOptions(cfg *config.Config) llm.EmbeddingOptions {
	return llm.EmbeddingOptions{
		Provider: cfg.Embedding.Provider, Model: cfg.Embedding.Model, BaseURL: cfg.Embedding.BaseURL,
		APIKey: cfg.Embedding.APIKey.Reveal(), Timeout: cfg.LLM.Timeout, LocalOnly: cfg.LLM.LocalOnly,
	}
}
