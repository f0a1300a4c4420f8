package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestModelVariables(t *testing.T) {
	cfg, err := loadWith(t, map[string]string{
		"LLM_PROVIDER": "openai", "LLM_MODEL": "gpt-4o-mini", "LLM_API_KEY": "k-123", "LLM_FALLBACK_MODEL": "gpt-4o",
		"LLM_TIMEOUT": "1m30s", "LLM_MAX_OUTPUT_TOKENS": "2000", "LLM_TEMPERATURE": "0", "LLM_PRICE_INPUT": "0.15",
		"LLM_PRICE_OUTPUT": "0.6", "LLM_PRICE_EMBEDDING": ".02", "LLM_DAILY_TOKEN_BUDGET": "200000", "LLM_REDACT": "true",
	}, "")
	require.NoError(t, err)
	assert.Equal(t, "gpt-4o", cfg.LLM.FallbackModel)
	assert.Equal(t, "1m30s", cfg.LLM.Timeout.String())
	assert.Equal(t, 2000, cfg.LLM.MaxOutputTokens)
	assert.Zero(t, cfg.LLM.Temperature)
	assert.Equal(t, Prices{0.15, 0.6, 0.02}, cfg.LLM.Prices)
	assert.Equal(t, 200_000, cfg.LLM.DailyTokenBudget)
	assert.True(t, cfg.LLM.Redact)
	assert.Empty(t, cfg.Embedding.APIKey, "no embeddings, no key")
}

func TestModelRulesAcrossVariables(t *testing.T) {
	const localOnly = "LLM_LOCAL_ONLY"
	for name, test := range map[string]struct {
		environment map[string]string
		wrong       []string
	}{
		"openai":                      {map[string]string{"LLM_PROVIDER": "openai", "LLM_MODEL": "m", "LLM_API_KEY": "k"}, nil},
		"openai without key":          {map[string]string{"LLM_PROVIDER": "openai", "LLM_MODEL": "m"}, []string{"LLM_API_KEY"}},
		"openai with nothing":         {map[string]string{"LLM_PROVIDER": "openai"}, []string{"LLM_MODEL", "LLM_API_KEY"}},
		"own server without key":      {map[string]string{"LLM_PROVIDER": "openai", "LLM_MODEL": "m", "LLM_BASE_URL": "http://127.0.0.1:1234/v1"}, nil},
		"wrong address, one problem":  {map[string]string{"LLM_PROVIDER": "openai", "LLM_MODEL": "m", "LLM_BASE_URL": "127.0.0.1:1234"}, []string{"LLM_BASE_URL"}},
		"anthropic without key":       {map[string]string{"LLM_PROVIDER": "anthropic", "LLM_MODEL": "m", "LLM_BASE_URL": "http://127.0.0.1:1"}, []string{"LLM_API_KEY"}},
		"ollama without model":        {map[string]string{"LLM_PROVIDER": "ollama"}, []string{"LLM_MODEL"}},
		"ollama":                      {map[string]string{"LLM_PROVIDER": "ollama", "LLM_MODEL": "m"}, nil},
		"a model without a provider":  {map[string]string{"LLM_MODEL": "m", "LLM_API_KEY": "k"}, nil},
		"embeddings with nothing":     {map[string]string{"EMBEDDING_PROVIDER": "openai"}, []string{"EMBEDDING_MODEL", "EMBEDDING_API_KEY"}},
		"embeddings of ollama":        {map[string]string{"EMBEDDING_PROVIDER": "ollama", "EMBEDDING_MODEL": "m"}, nil},
		"with another variable wrong": {map[string]string{"PORT": "x", "LLM_PROVIDER": "ollama"}, []string{"PORT", "LLM_MODEL"}},
		"local ollama":                {map[string]string{localOnly: "true", "LLM_PROVIDER": "ollama", "LLM_MODEL": "m"}, nil},
		"local without a model":       {map[string]string{localOnly: "true"}, nil},
		"local, by name":              {map[string]string{localOnly: "true", "LLM_PROVIDER": "openai", "LLM_MODEL": "m", "LLM_BASE_URL": "http://models.internal/v1"}, nil},
		"local, private address":      {map[string]string{localOnly: "true", "LLM_PROVIDER": "openai", "LLM_MODEL": "m", "LLM_BASE_URL": "http://192.168.1.20:8080/v1"}, nil},
		"local, private IPv6":         {map[string]string{localOnly: "true", "LLM_PROVIDER": "openai", "LLM_MODEL": "m", "LLM_BASE_URL": "http://[fd00::12]/v1"}, nil},
		"local, mapped IPv4":          {map[string]string{localOnly: "true", "LLM_PROVIDER": "openai", "LLM_MODEL": "m", "LLM_BASE_URL": "http://[::ffff:10.1.2.3]/v1"}, nil},
		"local, public address":       {map[string]string{localOnly: "true", "LLM_PROVIDER": "openai", "LLM_MODEL": "m", "LLM_BASE_URL": "http://203.0.113.9/v1"}, []string{"LLM_BASE_URL"}},
		"local, public IPv6":          {map[string]string{localOnly: "true", "LLM_PROVIDER": "ollama", "LLM_MODEL": "m", "LLM_BASE_URL": "http://[2001:db8::1]:11434"}, []string{"LLM_BASE_URL"}},
		"local, provider's address":   {map[string]string{localOnly: "true", "LLM_PROVIDER": "anthropic", "LLM_MODEL": "m", "LLM_API_KEY": "k"}, []string{"LLM_BASE_URL"}},
		"local, public embeddings": {map[string]string{
			localOnly: "true", "LLM_PROVIDER": "ollama", "LLM_MODEL": "m",
			"EMBEDDING_PROVIDER": "openai", "EMBEDDING_MODEL": "e", "EMBEDDING_API_KEY": "k",
		}, []string{"EMBEDDING_BASE_URL"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadWith(t, test.environment, "")
			if test.wrong == nil {
				require.NoError(t, err)
				return
			}
			var invalid *ValidationError
			require.ErrorAs(t, err, &invalid)
			var named []string
			for _, problem := range invalid.Problems {
				named = append(named, problem.Variable)
			}
			assert.Equal(t, test.wrong, named)
			for _, value := range test.environment {
				if len(value) > 4 && value != "openai" && value != "ollama" {
					assert.NotContains(t, err.Error(), value)
				}
			}
		})
	}
}

func TestEmbeddingKeyGoesToNoOtherServer(t *testing.T) {
	const own = "http://127.0.0.1:1234/v1"
	base := map[string]string{"LLM_PROVIDER": "openai", "LLM_MODEL": "m", "LLM_API_KEY": "k-llm", "EMBEDDING_MODEL": "e"}
	for name, test := range map[string]struct {
		provider, llmURL, url, key string
		want                       string
	}{
		"same provider":    {"openai", "", "", "", "k-llm"},
		"same server":      {"openai", own, own, "", "k-llm"},
		"its own key":      {"openai", own, own, "k-own", "k-own"},
		"another server":   {"openai", "", own, "", ""},
		"another provider": {"ollama", "", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			environment := map[string]string{"EMBEDDING_PROVIDER": test.provider, "LLM_BASE_URL": test.llmURL, "EMBEDDING_BASE_URL": test.url, "EMBEDDING_API_KEY": test.key}
			for variable, value := range base {
				environment[variable] = value
			}
			cfg, err := loadWith(t, environment, "")
			require.NoError(t, err)
			assert.Equal(t, test.want, cfg.Embedding.APIKey.Reveal())
		})
	}
}
