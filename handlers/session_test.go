package handlers

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/access"
	"resume-matcher/tests/testdb"
)

func TestSessionStartsRenewsAndEnds(t *testing.T) {
	d := newDoor(t, nil)
	first, cookie, bearer := d.session(t)
	identity := who(t, d.ask(t, "GET", "/thing", cookie))
	assert.Equal(t, WhoAmI{WorkspaceID: first.WorkspaceID, Scope: models.ScopeWrite, Method: access.MethodSession, ExpiresAt: &first.ExpiresAt}, identity)
	assert.Empty(t, d.ask(t, "GET", "/thing", cookie).Header().Get("Set-Cookie"))

	d.now = d.now.Add(25 * time.Hour)
	set := d.ask(t, "GET", "/thing", cookie).Result().Cookies()
	require.Len(t, set, 1, "a day later the cookie is renewed")
	assert.Equal(t, first.WorkspaceID, who(t, d.ask(t, "GET", "/thing", "Cookie: "+set[0].Name+"="+set[0].Value)).WorkspaceID)
	assert.Empty(t, d.ask(t, "GET", "/thing", bearer).Header().Get("Set-Cookie"), "a header is not")

	for _, credential := range []string{cookie, bearer} {
		w := d.ask(t, "POST", "/session", credential)
		var renewed SessionAnswer
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &renewed))
		assert.Equal(t, first.WorkspaceID, renewed.Data.WorkspaceID)
		assert.Equal(t, first.ExpiresAt.Add(25*time.Hour), renewed.Data.ExpiresAt)
	}

	d.now = first.ExpiresAt
	for _, credential := range []string{cookie, bearer} {
		body := requireFailure(t, d.ask(t, "GET", "/thing", credential), 401, models.KindUnauthorized)
		assert.Contains(t, body.Error.Message, "expired")
		w := d.ask(t, "POST", "/session", credential)
		var fresh SessionAnswer
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &fresh))
		assert.NotEmpty(t, fresh.Data.WorkspaceID)
		assert.NotEqual(t, first.WorkspaceID, fresh.Data.WorkspaceID, "an expired session is as good as none")
	}
}

func TestSecretsRotateUnderCookies(t *testing.T) {
	secrets := sessionSecret
	db := testdb.Open(t)
	start := func() *door {
		return newDoor(t, func(o *access.Options, _ *Options) { o.DB, o.SessionSecrets = db, secrets })
	}
	session, cookie, _ := start().session(t)
	secrets = strings.Repeat("newer-secret-", 3) + "," + sessionSecret
	w := start().ask(t, "GET", "/thing", cookie)
	assert.Equal(t, session.WorkspaceID, who(t, w).WorkspaceID)
	set := w.Result().Cookies()
	require.Len(t, set, 1, "signed with the newest secret at once")
	secrets = strings.Repeat("newer-secret-", 3)
	assert.Equal(t, session.WorkspaceID, who(t, start().ask(t, "GET", "/thing", "Cookie: "+set[0].Name+"="+set[0].Value)).WorkspaceID)
	requireFailure(t, start().ask(t, "GET", "/thing", cookie), 401, models.KindUnauthorized)
}

func TestCookieModes(t *testing.T) {
	const age = "; Path=/; Max-Age=15552000; HttpOnly"
	tests := map[CookieMode]struct{ name, attributes string }{
		CookieSameSite:  {"__Host-rm_session", age + "; Secure; SameSite=Lax"},
		CookieCrossSite: {"__Host-rm_session", age + "; Secure; SameSite=None; Partitioned"},
		CookieInsecure:  {"rm_session", age + "; SameSite=Lax"},
	}
	db := testdb.Open(t)
	for mode, want := range tests {
		t.Run(string(mode), func(t *testing.T) {
			d := newDoor(t, func(o *access.Options, a *Options) { o.DB, a.Access.Cookie = db, mode })
			session, cookie, _ := d.session(t)
			name, rest, _ := strings.Cut(d.ask(t, "POST", "/session", cookie).Header().Get("Set-Cookie"), "=")
			_, attributes, _ := strings.Cut(rest, ";")
			assert.Equal(t, want.name, name)
			assert.Equal(t, want.attributes, ";"+attributes)
			assert.Equal(t, session.WorkspaceID, who(t, d.ask(t, "GET", "/thing", cookie)).WorkspaceID)
			ended := d.ask(t, "DELETE", "/session", cookie).Header().Get("Set-Cookie")
			assert.Equal(t, want.name+"="+strings.Replace(want.attributes, "15552000", "0", 1), ended)
		})
	}
	_, err := newAccessGuard(AccessOptions{Cookie: "none"}, nil, failures{})
	assert.Error(t, err)
}
