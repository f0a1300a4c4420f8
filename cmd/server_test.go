package cmd

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"resume-matcher/config"
	"resume-matcher/handlers"
)

func TestTheConfiguredLimitsReachTheServer(t *testing.T) {
	proxy := netip.MustParsePrefix("100.64.0.0/10")
	cfg := &config.Config{
		Server:    config.Server{TrustedProxies: []netip.Prefix{proxy}},
		Limits:    config.Limits{UploadConcurrency: 1, UploadQueue: 2},
		RateLimit: config.RateLimit{Enabled: true, Requests: 3, Uploads: 4, ModelCalls: 5, Address: 6, Sessions: 7},
	}
	cfg.LLM.Provider, cfg.Embedding.Provider = "ollama", config.NoModel
	var limited handlers.Options
	limitRequests(&limited, cfg)
	assert.Equal(t, handlers.Options{
		TrustedProxies: []netip.Prefix{proxy}, UploadConcurrency: 1, UploadQueue: 2,
		RateLimit: 3, RateLimitUploads: 4, RateLimitModelCalls: 5, RateLimitAddress: 6, RateLimitSessions: 7,
	}, limited)

	cfg.RateLimit.Enabled = false
	var unlimited handlers.Options
	limitRequests(&unlimited, cfg)
	assert.Equal(t, handlers.Options{TrustedProxies: []netip.Prefix{proxy}, UploadConcurrency: 1, UploadQueue: 2}, unlimited)
}
