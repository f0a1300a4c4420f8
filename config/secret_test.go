package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	sampleSecret   = "correct-horse-battery"
	samplePassword = "s3cr3t-pass"
)

type nested struct {
	Key     Secret
	Pointer *Secret
	Inner   struct{ Source DSN }
	Map     map[string]Secret
	List    []DSN
}

func newNested() nested {
	key := Secret(sampleSecret)
	n := nested{Key: key, Pointer: &key, Map: map[string]Secret{"k": key}}
	n.Inner.Source = DSN("postgres://app:" + samplePassword + "@db.example.com/resumes")
	n.List = []DSN{n.Inner.Source}
	return n
}

func TestSecretsStayHiddenInEveryVerb(t *testing.T) {
	n := newNested()
	values := []any{n, &n, n.Key, n.Pointer, n.Inner, n.Inner.Source, n.Map, n.List, []any{n.Key}, Config{LLM: LLM{APIKey: n.Key}, Database: Database{DSN: n.Inner.Source}}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%20v", "%.3s"} {
		for _, value := range values {
			printed := fmt.Sprintf(verb, value)
			for _, leak := range []string{sampleSecret, samplePassword, fmt.Sprintf("%x", sampleSecret), fmt.Sprintf("%x", samplePassword)} {
				assert.NotContains(t, printed, leak, "%s of %T", verb, value)
			}
		}
	}
	assert.Equal(t, "***", fmt.Sprint(n.Key))
	assert.Equal(t, `"***"`, fmt.Sprintf("%#v", n.Key))
	assert.Equal(t, "postgres://app:***@db.example.com/resumes", fmt.Sprint(n.Inner.Source))
	assert.Equal(t, sampleSecret, n.Key.Reveal())
	assert.Contains(t, n.Inner.Source.Reveal(), samplePassword)
	assert.Empty(t, fmt.Sprint(Secret("")), "an unset secret can be told from a set one")
}

func TestSecretsStayHiddenInJSONAndLogs(t *testing.T) {
	n := newNested()
	encoded, err := json.Marshal(n)
	require.NoError(t, err)
	var logged bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewJSONHandler(&logged, nil), slog.NewTextHandler(&logged, nil)} {
		slog.New(handler).With("key", n.Key).Info("start", "all", n, "dsn", n.Inner.Source, slog.Group("g", "key", n.Key))
	}
	for _, output := range []string{string(encoded), logged.String()} {
		assert.NotContains(t, output, sampleSecret)
		assert.NotContains(t, output, samplePassword)
		assert.Contains(t, output, "***")
		assert.Contains(t, output, "db.example.com")
	}
}

func TestMaskURL(t *testing.T) {
	for raw, want := range map[string]string{
		"":                                "",
		"sqlite:///app.db":                "sqlite:///app.db",
		"file:app.db?mode=ro":             "file:app.db?mode=ro",
		"postgres://app@h/d":              "postgres://app@h/d",
		"postgres://app:pw@h:5433/d":      "postgres://app:***@h:5433/d",
		"postgresql+asyncpg://a:p%40w@/d": "postgresql+asyncpg://a:***@/d",
		"postgres://h/d?password=pw&sslpassword=pw": "postgres://h/d?password=***&sslpassword=***",
		"postgres://a:p%zz@h/d":                     "***",
		"no address at all":                         "***",
	} {
		assert.Equal(t, want, maskURL(raw), raw)
	}
}
