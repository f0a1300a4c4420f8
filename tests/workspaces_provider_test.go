package tests

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
	"resume-matcher/services"
	"resume-matcher/services/access"
	"resume-matcher/tests/testdb"
)

// withProvider serves people an identity provider vouches for; the function returned signs in as one of them.
func withProvider(t *testing.T) (Option, func(subject string) string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	public, err := key.PublicKey.Bytes()
	require.NoError(t, err)
	encode := base64.RawURLEncoding.EncodeToString
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"keys":[{"kty":"EC","kid":"one","crv":"P-256","x":%q,"y":%q}]}`, encode(public[1:33]), encode(public[33:]))
	}))
	t.Cleanup(keys.Close)
	provider := access.ProviderOptions{JWKSURL: keys.URL, Issuer: "https://issuer.example.com", Audience: "resume-matcher"}
	option := func(o *handlers.Options, d *services.Deps) {
		d.DB = testdb.Open(t)
		o.Access = authenticate(t, access.Options{DB: d.DB, Provider: provider, Logger: d.Logger})
	}
	return option, func(subject string) string {
		token := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.RegisteredClaims{
			Issuer: provider.Issuer, Audience: jwt.ClaimStrings{provider.Audience}, Subject: subject,
			ExpiresAt: jwt.NewNumericDate(time.Now().Add(time.Hour)),
		})
		token.Header["kid"] = "one"
		signed, err := token.SignedString(key)
		require.NoError(t, err)
		return signed
	}
}

func TestPersonWhoDeletesTheirWorkspaceComesBackToANewOne(t *testing.T) {
	option, signIn := withProvider(t)
	s := Start(t, option)
	person, other := s.As(signIn("person one")), s.As(signIn("person two"))
	resume := person.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	kept := other.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	before := workspaceID(t, person)

	r := person.Do(t, http.MethodDelete, workspacePath, "", nil)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	assert.Empty(t, r.Header.Values("Set-Cookie"))
	assert.NotEqual(t, before, workspaceID(t, person))
	assert.Equal(t, http.StatusNotFound, person.Get(t, "/api/v1/resumes?resume_id="+resume).Status)
	assert.Equal(t, http.StatusNotFound, person.Get(t, "/api/v1/resumes?resume_id="+kept).Status)
	assert.Equal(t, http.StatusOK, other.Get(t, "/api/v1/resumes?resume_id="+kept).Status)
}

func workspaceID(t *testing.T, s *Server) string {
	t.Helper()
	data, _ := s.Get(t, workspacePath).JSON(t)["data"].(map[string]any)
	id, _ := data["workspace_id"].(string)
	require.NotEmpty(t, id)
	return id
}
