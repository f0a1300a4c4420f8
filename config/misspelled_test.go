package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMisspelledVariablesAreFound(t *testing.T) {
	t.Setenv("SESION_SECRET_KEY", "a value nobody may see")
	t.Setenv("DATABASE_ULR", "x")
	t.Setenv("RATE_LIMIT_REQUEST", "")
	t.Setenv("TRUSTED_PROXY", "127.0.0.1")
	cfg, err := loadWith(t, nil, "RETENTION_DAY=30\nDATABASE_URL=sqlite:///a.db\nNEXT_PUBLIC_API_URL=x\nPOSTGRES_PASSWORD=x\nPROT=1\n")
	require.NoError(t, err)
	assert.Equal(t, []Misspelling{
		{"DATABASE_ULR", "DATABASE_URL"}, {"RETENTION_DAY", "RETENTION_DAYS"}, {"SESION_SECRET_KEY", "SESSION_SECRET_KEY"},
		{"TRUSTED_PROXY", "TRUSTED_PROXIES"},
	}, cfg.Misspelled)
}

func TestNoVariableResemblesAnotherOne(t *testing.T) {
	others := []string{"PATH", "HOSTNAME", "LOGNAME", "TARGETARCH", "DATABASE", "DATABASE_NAME", "REDIS_URL", "LOG_FILE", "CACHE_URL", "SENTRY_ENV",
		"OTEL_TRACES_SAMPLER", "OTEL_EXPORTER_OTLP_TIMEOUT", "SESSION_MANAGER", "LLM_TOKENS", "DB_POOL", "AUTH_TOKEN", "POSTGRES_URL", "XDG_CACHE_HOME"}
	for _, v := range variables() {
		others = append(others, "UNUSED_"+v.name)
		for _, name := range others {
			assert.False(t, resembles(name, v.name), "%s and %s", name, v.name)
		}
	}
}

func TestDistance(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "ab", 2}, {"abc", "abc", 0}, {"abc", "abd", 1}, {"abc", "acb", 1}, {"abc", "ab", 1}, {"kitten", "sitting", 3},
	}
	for _, test := range tests {
		assert.Equal(t, test.want, distance(test.a, test.b), "%s %s", test.a, test.b)
		assert.Equal(t, test.want, distance(test.b, test.a), "%s %s", test.b, test.a)
	}
}
