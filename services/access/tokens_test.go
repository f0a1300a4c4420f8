package access_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/access"
)

func (w world) create(t testing.TB, scope models.TokenScope, lifetime time.Duration) (string, models.APIToken) {
	t.Helper()
	token, row, err := w.tokens.Create(t.Context(), access.TokenRequest{
		WorkspaceID: models.DefaultWorkspaceID, Name: "nightly import", Scope: scope, Lifetime: lifetime,
	})
	require.NoError(t, err)
	return token, row
}

func (w world) stored(t testing.TB, id string) models.APIToken {
	t.Helper()
	var row models.APIToken
	require.NoError(t, w.db.Where("id = ?", id).Take(&row).Error)
	return row
}

func TestAPITokenIsStoredByItsHashAlone(t *testing.T) {
	w := newWorld(t, nil)
	token, row := w.create(t, models.ScopeRead, 0)
	assert.Regexp(t, `^rm_[A-Za-z0-9_-]{43}$`, token)
	stored := w.stored(t, row.ID)
	assert.Equal(t, row, stored)
	assert.Equal(t, models.HashContent(token), stored.Hash)
	assert.Nil(t, stored.LastUsedAt)
	other, _ := w.create(t, models.ScopeRead, 0)
	assert.NotEqual(t, token, other)
}

func TestAPITokenGivesItsWorkspaceAndScope(t *testing.T) {
	w := newWorld(t, nil)
	for _, scope := range []models.TokenScope{models.ScopeRead, models.ScopeWrite, models.ScopeAdmin} {
		token, row := w.create(t, scope, time.Hour)
		identity, err := w.Bearer(t.Context(), token)
		require.NoError(t, err)
		assert.Equal(t, access.Identity{
			WorkspaceID: models.DefaultWorkspaceID, Scope: scope, Method: access.MethodAPIToken, ExpiresAt: *row.ExpiresAt,
		}, identity)
	}
}

func TestTokenRequestsThatAreRefused(t *testing.T) {
	w := newWorld(t, nil)
	good := access.TokenRequest{WorkspaceID: models.DefaultWorkspaceID, Name: "import", Scope: models.ScopeRead}
	tests := []struct {
		name   string
		change func(*access.TokenRequest)
		kind   models.Kind
	}{
		{"no name", func(r *access.TokenRequest) { r.Name = " " }, models.KindValidation},
		{"long name", func(r *access.TokenRequest) { r.Name = strings.Repeat("é", 101) }, models.KindValidation},
		{"control characters in the name", func(r *access.TokenRequest) { r.Name = "a\x1b[31mb" }, models.KindValidation},
		{"broken text", func(r *access.TokenRequest) { r.Name = "a\xffb" }, models.KindValidation},
		{"no scope", func(r *access.TokenRequest) { r.Scope = "" }, models.KindValidation},
		{"unknown scope", func(r *access.TokenRequest) { r.Scope = "root" }, models.KindValidation},
		{"expired from the start", func(r *access.TokenRequest) { r.Lifetime = -time.Second }, models.KindValidation},
		{"no such workspace", func(r *access.TokenRequest) { r.WorkspaceID = workspaceOne }, models.KindNotFound},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := good
			test.change(&r)
			_, _, err := w.tokens.Create(t.Context(), r)
			requireKind(t, test.kind, err)
		})
	}
	rows, err := w.tokens.List(t.Context(), "")
	require.NoError(t, err)
	assert.Empty(t, rows)
}

func TestAPITokenEnds(t *testing.T) {
	w := newWorld(t, nil)
	expiring, _ := w.create(t, models.ScopeRead, time.Hour)
	lasting, row := w.create(t, models.ScopeRead, 0)
	w.clock.advance(time.Hour - time.Microsecond)
	_, err := w.Bearer(t.Context(), expiring)
	require.NoError(t, err)
	w.clock.advance(time.Microsecond)
	_, err = w.Bearer(t.Context(), expiring)
	requireKind(t, models.KindUnauthorized, err, expiring)
	assert.Contains(t, err.Error(), "expired")
	_, err = w.Bearer(t.Context(), lasting)
	require.NoError(t, err)

	require.NoError(t, w.tokens.Revoke(t.Context(), row.ID))
	revoked := w.stored(t, row.ID).RevokedAt
	require.NotNil(t, revoked)
	_, err = w.Bearer(t.Context(), lasting)
	requireKind(t, models.KindUnauthorized, err, lasting)
	assert.Contains(t, err.Error(), "revoked")

	w.clock.advance(time.Hour)
	require.NoError(t, w.tokens.Revoke(t.Context(), row.ID), "again")
	assert.Equal(t, revoked, w.stored(t, row.ID).RevokedAt, "the first date stays")
	requireKind(t, models.KindNotFound, w.tokens.Revoke(t.Context(), workspaceOne))
}

func TestForgedAPITokensAreRefused(t *testing.T) {
	w := newWorld(t, nil)
	token, row := w.create(t, models.ScopeAdmin, 0)
	flipped := "A"
	if strings.HasSuffix(token, "A") {
		flipped = "E"
	}
	for name, forged := range map[string]string{
		"prefix alone":         "rm_",
		"truncated":            token[:len(token)-1],
		"extended":             token + "A",
		"last character":       token[:len(token)-1] + flipped,
		"other case of prefix": "RM_" + token[3:],
		"without prefix":       token[3:],
		"its hash":             "rm_" + row.Hash[:43],
		"its id":               "rm_" + row.ID,
		"wildcards":            "rm_" + strings.Repeat("%", 43),
		"quotes":               "rm_' OR '1'='1' --" + strings.Repeat("A", 28),
		"another random one":   "rm_" + strings.Repeat("A", 43),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Bearer(t.Context(), forged)
			requireKind(t, models.KindUnauthorized, err, token[3:])
		})
	}
	assert.Nil(t, w.stored(t, row.ID).LastUsedAt)
}

func TestLastUseIsWrittenOnceAMinute(t *testing.T) {
	w := newWorld(t, nil)
	token, row := w.create(t, models.ScopeRead, 0)
	use := func() time.Time {
		_, err := w.Bearer(t.Context(), token)
		require.NoError(t, err)
		return *w.stored(t, row.ID).LastUsedAt
	}
	first := w.clock.now()
	assert.Equal(t, first, use())
	w.clock.advance(59 * time.Second)
	assert.Equal(t, first, use())
	w.clock.advance(time.Second)
	assert.Equal(t, first.Add(time.Minute), use())
}

func TestManyUseOneTokenAtOnce(t *testing.T) {
	w := newWorld(t, nil)
	token, row := w.create(t, models.ScopeRead, 0)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			identity, err := w.Bearer(t.Context(), token)
			assert.NoError(t, err)
			assert.Equal(t, models.DefaultWorkspaceID, identity.WorkspaceID)
		})
	}
	all.Wait()
	assert.Equal(t, w.clock.now(), *w.stored(t, row.ID).LastUsedAt)
}

func TestTokensGoWithTheirWorkspace(t *testing.T) {
	w := newWorld(t, nil)
	session, err := w.Start(t.Context())
	require.NoError(t, err)
	own, row, err := w.tokens.Create(t.Context(), access.TokenRequest{WorkspaceID: session.WorkspaceID, Name: "own", Scope: models.ScopeWrite})
	require.NoError(t, err)
	w.clock.advance(time.Second)
	w.create(t, models.ScopeRead, 0)

	rows, err := w.tokens.List(t.Context(), session.WorkspaceID)
	require.NoError(t, err)
	assert.Equal(t, []models.APIToken{row}, rows)
	rows, err = w.tokens.List(t.Context(), "")
	require.NoError(t, err)
	require.Len(t, rows, 2)
	assert.Equal(t, row.ID, rows[1].ID, "newest first")

	require.NoError(t, w.db.Delete(&models.Workspace{ID: session.WorkspaceID}).Error)
	_, err = w.Bearer(t.Context(), own)
	requireKind(t, models.KindUnauthorized, err)
}
