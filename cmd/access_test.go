package cmd

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var madeUpSecret = strings.Repeat("made-up-secret-", 3)

func TestServeRefusesAnOpenDoor(t *testing.T) {
	tests := map[string]struct {
		env   map[string]string
		names string
	}{
		"all addresses":       {map[string]string{"HOST": "0.0.0.0"}, "SESSION_SECRET_KEY"},
		"all IPv6 addresses":  {map[string]string{"HOST": "::"}, "SESSION_SECRET_KEY"},
		"a public address":    {map[string]string{"HOST": "203.0.113.9"}, "SESSION_SECRET_KEY"},
		"a name":              {map[string]string{"HOST": "app.example.com"}, "SESSION_SECRET_KEY"},
		"a weak secret":       {map[string]string{"SESSION_SECRET_KEY": "changeme"}, "SESSION_SECRET_KEY"},
		"a contradiction":     {map[string]string{"SESSION_SECRET_KEY": madeUpSecret, "AUTH_MODE": "local"}, "AUTH_MODE"},
		"an unknown mode":     {map[string]string{"AUTH_MODE": "none"}, "AUTH_MODE"},
		"half a provider":     {map[string]string{"AUTH_JWKS_URL": "https://login.example.com/keys"}, "AUTH_ISSUER"},
		"keys over plain web": {map[string]string{"AUTH_JWKS_URL": "http://login.example.com/keys", "AUTH_ISSUER": "x", "AUTH_AUDIENCE": "y"}, "AUTH_JWKS_URL"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			t.Setenv("PORT", "0")
			t.Setenv("DATABASE_URL", "")
			for variable, value := range test.env {
				t.Setenv(variable, value)
			}
			code, _, errOut := run(t, "", "serve")
			assert.Equal(t, exitUsage, code)
			assert.Contains(t, errOut, test.names)
			assert.NotContains(t, errOut, madeUpSecret)
			assert.NotContains(t, errOut, "changeme")
			assert.NoFileExists(t, "app.db", "the database is not touched")
		})
	}
}

func TestServeTellsOfAMisspelledVariable(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("DATABASE_URL", "")
	t.Setenv("HOST", "0.0.0.0")
	t.Setenv("SESION_SECRET_KEY", madeUpSecret)
	code, _, errOut := run(t, "", "serve")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "variable=SESION_SECRET_KEY known=SESSION_SECRET_KEY")
	assert.NotContains(t, errOut, madeUpSecret)
}

func TestServeOpensTheDoorAsToldTo(t *testing.T) {
	tests := map[string]struct {
		env     map[string]string
		host    string
		status  int // of a request without a credential
		session int // of the start of a session
	}{
		"this machine":                   {nil, "", http.StatusOK, http.StatusNotFound},
		"this machine by a strange name": {nil, "evil.example.org", http.StatusForbidden, http.StatusForbidden},
		"something else guards":          {map[string]string{"HOST": "0.0.0.0", "AUTH_MODE": "local"}, "app.example.com", http.StatusOK, http.StatusNotFound},
		"sessions":                       {map[string]string{"HOST": "0.0.0.0", "SESSION_SECRET_KEY": madeUpSecret}, "app.example.com", http.StatusUnauthorized, http.StatusOK},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			t.Setenv("DATABASE_URL", "")
			for variable, value := range test.env {
				t.Setenv(variable, value)
			}
			r := startServe(t)
			defer r.end(t)
			url := strings.Replace(r.url, "[::]", "127.0.0.1", 1)
			ask := func(method, path string) int {
				req, err := http.NewRequestWithContext(t.Context(), method, url+path, nil)
				require.NoError(t, err)
				req.Host = test.host
				resp, err := http.DefaultClient.Do(req)
				require.NoError(t, err)
				defer resp.Body.Close()
				_, err = io.Copy(io.Discard, resp.Body)
				require.NoError(t, err)
				return resp.StatusCode
			}
			require.Eventually(t, func() bool { return ask(http.MethodGet, "/healthz") == http.StatusOK }, startTimeout, 20*time.Millisecond)
			assert.Equal(t, test.status, ask(http.MethodGet, "/api/v1/auth/whoami"))
			assert.Equal(t, test.status, ask(http.MethodGet, "/auth/whoami"))
			assert.Equal(t, test.session, ask(http.MethodPost, "/api/v1/session"))
		})
	}
}
