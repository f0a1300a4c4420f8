package llm_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
)

func TestOptions(t *testing.T) {
	const local = "http://127.0.0.1:9"
	cases := map[string]struct {
		options llm.Options
		names   string // in the error; "" for good options
	}{
		"OpenAI":               {llm.Options{Provider: llm.OpenAI, Model: "m", APIKey: "k"}, ""},
		"Anthropic":            {llm.Options{Provider: llm.Anthropic, Model: "m", APIKey: "k"}, ""},
		"Ollama":               {llm.Options{Provider: llm.Ollama, Model: "m"}, ""},
		"local Ollama":         {llm.Options{Provider: llm.Ollama, Model: "m", LocalOnly: true}, ""},
		"own server":           {llm.Options{Provider: llm.OpenAI, Model: "m", BaseURL: local}, ""},
		"own local server":     {llm.Options{Provider: llm.OpenAI, Model: "m", BaseURL: local, LocalOnly: true}, ""},
		"local by name":        {llm.Options{Provider: llm.OpenAI, Model: "m", BaseURL: "http://localhost:1234/v1", LocalOnly: true}, ""},
		"private":              {llm.Options{Provider: llm.OpenAI, Model: "m", BaseURL: "http://10.1.2.3/v1", LocalOnly: true}, ""},
		"private IPv6":         {llm.Options{Provider: llm.OpenAI, Model: "m", BaseURL: "http://[fd00::1]:80/v1", LocalOnly: true}, ""},
		"no provider":          {llm.Options{Model: "m"}, "LLM_PROVIDER"},
		"unknown provider":     {llm.Options{Provider: "googleai", Model: "m"}, "LLM_PROVIDER"},
		"no model":             {llm.Options{Provider: llm.OpenAI, APIKey: "k", Model: " "}, "LLM_MODEL"},
		"no key":               {llm.Options{Provider: llm.OpenAI, Model: "m"}, "LLM_API_KEY"},
		"no Anthropic key":     {llm.Options{Provider: llm.Anthropic, Model: "m"}, "LLM_API_KEY"},
		"key of two lines":     {llm.Options{Provider: llm.OpenAI, Model: "m", APIKey: "k\nk"}, "LLM_API_KEY"},
		"no address":           {llm.Options{Provider: llm.OpenAI, Model: "m", BaseURL: "localhost:1234"}, "LLM_BASE_URL"},
		"other scheme":         {llm.Options{Provider: llm.OpenAI, Model: "m", BaseURL: "file:///etc"}, "LLM_BASE_URL"},
		"unreadable address":   {llm.Options{Provider: llm.Ollama, Model: "m", BaseURL: "http://[::1"}, "LLM_BASE_URL"},
		"address with a user":  {llm.Options{Provider: llm.OpenAI, Model: "m", BaseURL: "http://u:p@127.0.0.1"}, "LLM_BASE_URL"},
		"address with a query": {llm.Options{Provider: llm.OpenAI, Model: "m", BaseURL: local + "?a=b"}, "LLM_BASE_URL"},
		"public by default":    {llm.Options{Provider: llm.OpenAI, Model: "m", APIKey: "k", LocalOnly: true}, "LLM_BASE_URL"},
		"public address":       {llm.Options{Provider: llm.Ollama, Model: "m", BaseURL: "http://192.0.2.1", LocalOnly: true}, "LLM_BASE_URL"},
		"mapped address":       {llm.Options{Provider: llm.Ollama, Model: "m", BaseURL: "http://[::ffff:192.0.2.1]", LocalOnly: true}, "LLM_BASE_URL"},
		"unknown host":         {llm.Options{Provider: llm.Ollama, Model: "m", BaseURL: "http://host.invalid", LocalOnly: true}, "LLM_BASE_URL"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			c, err := llm.New(test.options)
			if test.names == "" {
				require.NoError(t, err)
				assert.Equal(t, test.options.Provider, c.Provider())
				assert.Equal(t, "m", c.Model())
				return
			}
			var public *models.Error
			require.ErrorAs(t, err, &public)
			assert.Equal(t, models.KindValidation, public.Kind)
			assert.Contains(t, public.Message, test.names)
		})
	}
}

func TestSettingsOfTheLibraryAreNotRead(t *testing.T) {
	s := llmtest.New(t)
	for _, name := range []string{"OPENAI_BASE_URL", "OPENAI_API_BASE", "OLLAMA_HOST"} {
		t.Setenv(name, "http://192.0.2.1")
	}
	t.Setenv("OPENAI_API_KEY", "another-key")
	t.Setenv("OPENAI_MODEL", "another-model")
	t.Setenv("OPENAI_ORGANIZATION", "another-organization")
	t.Setenv("ANTHROPIC_API_KEY", "another-key")
	for _, provider := range providers() {
		_, err := newClient(t, s, provider, func(o *llm.Options) { o.APIKey = "" }).Generate(t.Context(), question(), nil)
		require.NoError(t, err)
		q := s.Last()
		assert.Equal(t, llmtest.Model, q.Model)
		assert.Empty(t, q.Header.Get("OpenAI-Organization"))
		assert.NotContains(t, q.Header.Get("Authorization")+q.Header.Get("X-Api-Key"), "another")
	}
}

func TestAddressWithoutPath(t *testing.T) {
	s := llmtest.New(t)
	for _, provider := range providers() {
		_, err := newClient(t, s, provider, func(o *llm.Options) { o.BaseURL = s.URL() + "/" }).Generate(t.Context(), question(), nil)
		require.NoError(t, err)
	}
}

func TestCertificateMustBeValid(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	for _, provider := range providers() {
		c, err := llm.New(llm.Options{Provider: provider, Model: "m", BaseURL: s.URL})
		require.NoError(t, err)
		_, err = c.Generate(t.Context(), question(), nil)
		assert.Zero(t, failureOf(t, err, llm.FailureRefused).Status)
	}
}

func TestRedirectsAreRefused(t *testing.T) {
	elsewhere := llmtest.New(t)
	eachProvider(t, nil, func(t *testing.T, s *llmtest.Server, c *llm.Client) {
		for _, status := range []int{http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
			path := map[string]string{llm.OpenAI: "/v1/chat/completions", llm.Anthropic: "/v1/messages", llm.Ollama: "/api/chat"}[c.Provider()]
			s.Answer(llmtest.Reply{Status: status, Location: elsewhere.URL() + path})
			_, err := c.Generate(t.Context(), question(), nil)
			assert.Equal(t, status, failureOf(t, err, llm.FailureRefused).Status)
		}
		assert.Zero(t, elsewhere.Calls())
	})
}
