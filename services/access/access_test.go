package access_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/access"
)

func TestOptionsThatContradictOrLackSomething(t *testing.T) {
	full := access.ProviderOptions{JWKSURL: "https://id.example.com/keys", Issuer: issuerName, Audience: audience}
	with := func(change func(*access.ProviderOptions)) access.ProviderOptions {
		o := full
		change(&o)
		return o
	}
	tests := []struct {
		name    string
		options access.Options
		names   string // the variable the error names; empty if there is none
	}{
		{"nothing", access.Options{}, ""},
		{"local", access.Options{Local: true}, ""},
		{"everything", access.Options{SessionSecrets: secretOne, Provider: full}, ""},
		{"short secret", access.Options{SessionSecrets: "short"}, "SESSION_SECRET_KEY"},
		{"local with sessions", access.Options{Local: true, SessionSecrets: secretOne}, "AUTH_MODE"},
		{"local with a provider", access.Options{Local: true, Provider: full}, "AUTH_MODE"},
		{"keys without issuer", access.Options{Provider: with(func(o *access.ProviderOptions) { o.Issuer = "" })}, "AUTH_ISSUER"},
		{"keys without audience", access.Options{Provider: with(func(o *access.ProviderOptions) { o.Audience = "" })}, "AUTH_AUDIENCE"},
		{"issuer without keys", access.Options{Provider: access.ProviderOptions{Issuer: issuerName}}, "AUTH_JWKS_URL"},
		{"plain http", access.Options{Provider: with(func(o *access.ProviderOptions) { o.JWKSURL = "http://id.example.com/keys" })}, "AUTH_JWKS_URL"},
		{"plain http to a name like localhost", access.Options{Provider: with(func(o *access.ProviderOptions) { o.JWKSURL = "http://localhost.example.com/" })}, "AUTH_JWKS_URL"},
		{"plain http on this machine", access.Options{Provider: with(func(o *access.ProviderOptions) { o.JWKSURL = "http://[::1]:8080/keys" })}, ""},
		{"password in the address", access.Options{Provider: with(func(o *access.ProviderOptions) { o.JWKSURL = "https://a:hunter2@id.example.com/" })}, "AUTH_JWKS_URL"},
		{"a file", access.Options{Provider: with(func(o *access.ProviderOptions) { o.JWKSURL = "file:///etc/keys.json" })}, "AUTH_JWKS_URL"},
		{"no address", access.Options{Provider: with(func(o *access.ProviderOptions) { o.JWKSURL = "https://" })}, "AUTH_JWKS_URL"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := access.New(test.options)
			if test.names == "" {
				require.NoError(t, err)
				return
			}
			requireKind(t, models.KindValidation, err, "hunter2")
			assert.Contains(t, err.Error(), test.names)
		})
	}
}

func TestScopesIncludeTheWeakerOnes(t *testing.T) {
	scopes := []models.TokenScope{models.ScopeRead, models.ScopeWrite, models.ScopeAdmin}
	for has, scope := range scopes {
		for needed, other := range scopes {
			assert.Equal(t, has >= needed, access.Identity{Scope: scope}.Allows(other), "%s for %s", scope, other)
		}
		assert.False(t, access.Identity{}.Allows(scope))
		assert.False(t, access.Identity{Scope: "root"}.Allows(scope))
		assert.False(t, access.Identity{Scope: scope}.Allows("root"))
	}
}

func TestLocalModeHasOneWorkspace(t *testing.T) {
	local := newWorld(t, func(o *access.Options) { o.SessionSecrets, o.Local = "", true })
	identity, ok := local.Local()
	assert.True(t, ok)
	assert.Equal(t, models.DefaultWorkspaceID, identity.WorkspaceID)
	assert.False(t, local.HasSessions())
	_, err := local.Start(t.Context())
	requireKind(t, models.KindNotFound, err)
	_, err = local.Renew(identity)
	requireKind(t, models.KindNotFound, err)

	signed, err := newWorld(t, nil).Start(t.Context())
	require.NoError(t, err)
	_, err = local.Bearer(t.Context(), signed.Token)
	requireKind(t, models.KindUnauthorized, err, signed.Token)

	_, ok = newWorld(t, nil).Local()
	assert.False(t, ok, "no sessions, no open door")
}

func TestSessionsHaveWorkspacesOfTheirOwn(t *testing.T) {
	w := newWorld(t, nil)
	one, err := w.Start(t.Context())
	require.NoError(t, err)
	two, err := w.Start(t.Context())
	require.NoError(t, err)
	assert.NotEqual(t, one.WorkspaceID, two.WorkspaceID)
	identity, err := w.Bearer(t.Context(), one.Token)
	require.NoError(t, err)
	assert.Equal(t, access.Identity{
		WorkspaceID: one.WorkspaceID, Scope: models.ScopeWrite, Method: access.MethodSession, ExpiresAt: one.ExpiresAt,
	}, identity)

	w.clock.advance(48 * time.Hour)
	renewed, err := w.Renew(identity)
	require.NoError(t, err)
	assert.Equal(t, one.WorkspaceID, renewed.WorkspaceID)
	assert.Equal(t, one.ExpiresAt.Add(48*time.Hour), renewed.ExpiresAt)
}

func TestOnlySessionsBecomeSessions(t *testing.T) {
	i := newIssuer(t, publicKey("ec", ecKey()))
	w := i.world(t)
	token, _ := w.create(t, models.ScopeAdmin, 0)
	for _, bearer := range []string{token, signed(jwt.SigningMethodES256, "ec", claimsAt(w.clock.now()), ecKey())} {
		identity, err := w.Bearer(t.Context(), bearer)
		require.NoError(t, err)
		_, err = w.Renew(identity)
		requireKind(t, models.KindForbidden, err)
	}
}

func TestUseOfAWorkspaceIsWrittenOnceAMinute(t *testing.T) {
	w := newWorld(t, nil)
	session, err := w.Start(t.Context())
	require.NoError(t, err)
	use := func() time.Time {
		_, err := w.Bearer(t.Context(), session.Token)
		require.NoError(t, err)
		var row models.Workspace
		require.NoError(t, w.db.Where("id = ?", session.WorkspaceID).Take(&row).Error)
		return row.LastUsedAt
	}
	w.clock.advance(time.Hour)
	first := w.clock.now()
	assert.Equal(t, first, use())
	w.clock.advance(59 * time.Second)
	assert.Equal(t, first, use())
	w.clock.advance(time.Second)
	assert.Equal(t, first.Add(time.Minute), use())
}

func TestSessionOfADeletedWorkspaceIsRefused(t *testing.T) {
	w := newWorld(t, nil)
	session, err := w.Start(t.Context())
	require.NoError(t, err)
	_, err = w.Bearer(t.Context(), session.Token)
	require.NoError(t, err)
	require.NoError(t, w.db.Delete(&models.Workspace{ID: session.WorkspaceID}).Error)
	w.Forget(session.WorkspaceID)
	for range 2 {
		_, err = w.Bearer(t.Context(), session.Token)
		requireKind(t, models.KindUnauthorized, err, session.Token)
	}
}

func TestSessionIsGoodWhileTheDatabaseCannotNoteIt(t *testing.T) {
	w := newWorld(t, nil)
	session, err := w.Start(t.Context())
	require.NoError(t, err)
	require.NoError(t, w.db.Exec("ALTER TABLE workspaces RENAME COLUMN last_used_at TO renamed").Error)
	_, err = w.Bearer(t.Context(), session.Token)
	require.NoError(t, err)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = w.Bearer(ctx, session.Token)
	require.ErrorIs(t, err, context.Canceled)
}

func TestBearersOfNoKindAreRefused(t *testing.T) {
	w := newWorld(t, nil)
	for name, token := range map[string]string{
		"empty": "", "blank": " ", "two dots": "a.b.c", "dots": strings.Repeat(".", 100),
		"too long": strings.Repeat("A", access.MaxTokenBytes+1), "long with dots": strings.Repeat("A.", access.MaxTokenBytes),
		"line breaks": "a\r\nb", "null": "null", "undefined": "undefined",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Bearer(t.Context(), token)
			requireKind(t, models.KindUnauthorized, err)
		})
	}
}
