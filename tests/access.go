package tests

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/services/access"
	"resume-matcher/tests/testdb"
)

// SessionSecret signs the sessions of servers started WithSessions.
var SessionSecret = strings.Repeat("made-up-secret-", 3)

// WithSessions serves only who has a session or an API token, instead of one local workspace. An option that chooses the
// database stands before it.
func WithSessions(t testing.TB) Option {
	return func(o *handlers.Options, d *services.Deps) {
		if d.DB == nil {
			d.DB = testdb.Open(t)
		}
		o.Access = authenticate(t, access.Options{DB: d.DB, SessionSecrets: SessionSecret, Logger: d.Logger})
	}
}

func authenticate(t testing.TB, o access.Options) handlers.AccessOptions {
	t.Helper()
	authenticator, err := access.New(o)
	require.NoError(t, err)
	return handlers.AccessOptions{Authenticator: authenticator}
}

// NewSession starts a session and returns its token and workspace.
func (s *Server) NewSession(t testing.TB) (token, workspaceID string) {
	t.Helper()
	r := s.As("").Do(t, http.MethodPost, "/api/v1/session", "", nil)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var answer handlers.SessionAnswer
	r.Decode(t, &answer)
	return answer.Token, answer.Data.WorkspaceID
}

// NewToken makes an API token in a workspace.
func (s *Server) NewToken(t testing.TB, workspaceID string, scope models.TokenScope) string {
	t.Helper()
	token, _, err := access.NewTokens(s.DB, time.Now).Create(t.Context(), access.TokenRequest{WorkspaceID: workspaceID, Name: "test", Scope: scope})
	require.NoError(t, err)
	return token
}

// As returns the same server for requests with a token.
func (s *Server) As(token string) *Server {
	as := *s
	as.token = token
	return &as
}
