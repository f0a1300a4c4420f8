package config

import (
	"net/netip"
	"net/url"
	"time"
)

// NoModel is the provider when there is none.
const NoModel = "none"

// maxPrice is beyond what any provider asks, in US dollars for a million tokens.
const maxPrice = 100_000

// LLM names the language model and bounds its use; Provider is NoModel when there is none.
type LLM struct {
	Provider      string
	Model         string
	FallbackModel string
	// BaseURL is empty for the provider's own address.
	BaseURL         string
	APIKey          Secret
	Timeout         time.Duration
	MaxOutputTokens int
	Temperature     float64
	Prices          Prices
	// DailyTokenBudget is what a workspace may use in a UTC day; 0 means no limit.
	DailyTokenBudget    int
	Redact              bool
	LocalOnly           bool // for the embeddings too
	CacheCleanInterval  time.Duration
	CacheMaxDeleteBatch int
}

// Prices are US dollars for a million tokens.
type Prices struct {
	Input, Output, Embedding float64
}

// Embedding names the model that turns texts into vectors; Provider is NoModel when there is none.
type Embedding struct {
	Provider string
	Model    string
	BaseURL  string
	APIKey   Secret
}

// checkModels gives the embeddings the language model's key where it is meant for the same server, and returns what
// is wrong with the two groups taken together. A variable that broke its own rule was reported already.
func (s settings) checkModels(cfg *Config) []Problem {
	e := &cfg.Embedding
	// A key must reach no other server than the one it was given for.
	if e.Provider != NoModel && e.APIKey == "" && e.Provider == cfg.LLM.Provider && s["EMBEDDING_BASE_URL"].value == s["LLM_BASE_URL"].value {
		e.APIKey = cfg.LLM.APIKey
	}
	problems := s.checkModel(modelNames{"LLM_PROVIDER", "LLM_MODEL", "LLM_BASE_URL", "LLM_API_KEY"}, cfg.LLM.Provider, cfg.LLM.Model, cfg.LLM.APIKey)
	problems = append(problems, s.checkModel(
		modelNames{"EMBEDDING_PROVIDER", "EMBEDDING_MODEL", "EMBEDDING_BASE_URL", "EMBEDDING_API_KEY"}, e.Provider, e.Model, e.APIKey)...)
	if cfg.LLM.LocalOnly {
		problems = append(problems, s.checkLocal("LLM_BASE_URL", cfg.LLM.Provider, cfg.LLM.BaseURL)...)
		problems = append(problems, s.checkLocal("EMBEDDING_BASE_URL", e.Provider, e.BaseURL)...)
	}
	return problems
}

// modelNames are the variables of one model.
type modelNames struct{ provider, model, baseURL, key string }

func (s settings) checkModel(n modelNames, provider, model string, key Secret) []Problem {
	if provider == "" || provider == NoModel {
		return nil
	}
	var problems []Problem
	if model == "" {
		problems = append(problems, Problem{n.model, "must name a model, since " + n.provider + " names a provider"})
	}
	// A server of one's own often takes no key; the providers' own addresses always do.
	if key == "" && (provider == "anthropic" || provider == "openai" && s[n.baseURL].value == "") {
		problems = append(problems, Problem{n.key, "must be set for this provider"})
	}
	return problems
}

// checkLocal finds the addresses that are known to be public without asking for a name; those behind a name are
// checked when a connection is made.
func (s settings) checkLocal(name, provider, baseURL string) []Problem {
	if provider == "" || provider == NoModel {
		return nil
	}
	if s[name].value == "" && provider != "ollama" {
		return []Problem{{name, "must be set to a loopback or private address, since LLM_LOCAL_ONLY is true"}}
	}
	u, err := url.Parse(baseURL)
	if err != nil {
		return nil
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !private(ip.Unmap()) {
		return []Problem{{name, "must be a loopback or private address, since LLM_LOCAL_ONLY is true"}}
	}
	return nil
}

func private(ip netip.Addr) bool {
	return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()
}
