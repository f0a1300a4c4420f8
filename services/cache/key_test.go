package cache_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/cache"
)

type message struct {
	Role string `json:"role"`
	Text string `json:"text"`
}

// keyParts are the arguments of KeyOf.
type keyParts struct {
	workspace, provider, model, version string
	parameters, messages                any
}

func sampleParts() keyParts {
	return keyParts{
		"w1", "openai", "small", "tailor-3",
		map[string]any{"temperature": 0.2, "base_url": "https://llm.example.com", "max_output_tokens": 900},
		[]message{{"system", "Be brief."}, {"user", "Größe: \"5\" \\ 7"}},
	}
}

func (p keyParts) key(t *testing.T) string {
	t.Helper()
	key, err := cache.KeyOf(p.workspace, p.provider, p.model, p.version, p.parameters, p.messages)
	require.NoError(t, err)
	return key
}

func TestKeyIsTheSameInEveryProcess(t *testing.T) {
	assert.Equal(t, "19b734a7fb2274a081515316da3b180b3e5091d54da4b22d0c706c9f6d410abc", sampleParts().key(t))
}

func TestEveryDifferenceChangesTheKey(t *testing.T) {
	changes := map[string]func(*keyParts){
		"nothing":          func(*keyParts) {},
		"workspace":        func(p *keyParts) { p.workspace = "w2" },
		"provider":         func(p *keyParts) { p.provider = "ollama" },
		"model":            func(p *keyParts) { p.model = "large" },
		"version":          func(p *keyParts) { p.version = "tailor-4" },
		"shifted text":     func(p *keyParts) { p.provider, p.model = "openais", "mall" },
		"swapped parts":    func(p *keyParts) { p.provider, p.model = p.model, p.provider },
		"parameter":        func(p *keyParts) { p.parameters.(map[string]any)["temperature"] = 0.3 },
		"more parameters":  func(p *keyParts) { p.parameters.(map[string]any)["top_p"] = 1 },
		"no parameters":    func(p *keyParts) { p.parameters = nil },
		"a parameter text": func(p *keyParts) { p.parameters.(map[string]any)["temperature"] = "0.2" },
		"message text":     func(p *keyParts) { p.messages.([]message)[1].Text += " " },
		"message role":     func(p *keyParts) { p.messages.([]message)[1].Role = "system" },
		"message order": func(p *keyParts) {
			m := p.messages.([]message)
			m[0], m[1] = m[1], m[0]
		},
		"joined messages": func(p *keyParts) { p.messages = []message{{"system", "Be brief.user"}} },
		"no messages":     func(p *keyParts) { p.messages = []message{} },
	}
	seen := map[string]string{}
	for name, change := range changes {
		parts := sampleParts()
		change(&parts)
		key := parts.key(t)
		assert.Len(t, key, 64)
		assert.NotContains(t, seen, key, "%s and %s", name, seen[key])
		seen[key] = name
	}
}

func TestOrderOfMapKeysDoesNotChangeTheKey(t *testing.T) {
	a, b := sampleParts(), sampleParts()
	reversed := map[string]any{}
	for _, name := range []string{"max_output_tokens", "temperature", "base_url"} {
		reversed[name] = a.parameters.(map[string]any)[name]
	}
	b.parameters = reversed
	assert.Equal(t, a.key(t), b.key(t))
}

func TestKeysOfTextThatIsNotUTF8(t *testing.T) {
	for text, valid := range map[string]bool{
		"\xff":             false,
		`\` + "\xff":       false,
		"a \ufffd b":       true,
		`a \ufffd b`:       true,
		`a \\ufffd b`:      true,
		`\ufffd` + "\xc3(": false,
	} {
		_, err := cache.KeyOf("w", "p", "m", "1", nil, []message{{"user", text}})
		assert.Equal(t, valid, err == nil, "%q", text)
	}
	_, err := cache.KeyOf("w", "p", "m", "1", func() {}, nil)
	assert.Error(t, err, "what is no JSON has no key")
}

func FuzzKeysDiffer(f *testing.F) {
	f.Add("a", "b", "ab", "")
	f.Add("a", "\xff", "a", "b")
	f.Add(`\ufffd`, "\ufffd", "\"", `\"`)
	f.Fuzz(func(t *testing.T, provider, text, otherProvider, otherText string) {
		a, err := cache.KeyOf("w", provider, "m", "1", nil, []message{{"user", text}})
		require.Equal(t, utf8.ValidString(text), err == nil)
		b, otherErr := cache.KeyOf("w", otherProvider, "m", "1", nil, []message{{"user", otherText}})
		require.Equal(t, utf8.ValidString(otherText), otherErr == nil)
		if err == nil && otherErr == nil {
			require.Equal(t, provider == otherProvider && text == otherText, a == b)
		}
	})
}
