package handlers

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/access"
	"resume-matcher/tests/testdb"
)

var sessionSecret = strings.Repeat("session-secret-", 3)

// door is a server with endpoints of every level, behind the guard.
type door struct {
	testServer
	authenticator *access.Authenticator
	tokens        *access.Tokens
	now           time.Time
}

func newDoor(t *testing.T, change func(*access.Options, *Options)) *door {
	t.Helper()
	d := &door{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return d.now }
	ao, o := access.Options{SessionSecrets: sessionSecret, Now: clock}, testOptions()
	if change != nil {
		change(&ao, &o)
	}
	if ao.DB == nil {
		ao.DB = testdb.Open(t)
	}
	var err error
	d.authenticator, err = access.New(ao)
	require.NoError(t, err)
	d.tokens = access.NewTokens(ao.DB, clock)
	o.Access.Authenticator = d.authenticator
	d.testServer = newTestServer(t, o, func(api *API) {
		h := sessions{api.guard}
		missing := []models.Kind{models.KindNotFound}
		levels := map[string]Access{"POST /admin": AccessAdmin, "GET /admin": AccessAdmin, "GET /public": AccessPublic}
		Handle(api, Route{Method: http.MethodPost, Path: "/session", ID: "session", Tag: "t", Errors: missing, Access: AccessOptional, Limit: LimitSessions}, h.start)
		for _, path := range []string{"/thing", "/admin", "/public", "/figures"} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				Handle(api, Route{
					Method: method, Path: path, ID: method + path[1:], Tag: "t", Errors: missing, Access: levels[method+" "+path],
					Unlimited: path == "/figures",
				}, h.whoami)
			}
		}
		Handle(api, Route{Method: http.MethodDelete, Path: "/session", ID: "end", Tag: "t", Errors: missing},
			func(c *gin.Context, _ noInput) (healthAnswer, error) {
				api.guard.cookie.clear(c.Writer)
				return healthAnswer{}, nil
			})
	})
	return d
}

// localAccess lets everyone in.
func localAccess() *access.Authenticator {
	a, err := access.New(access.Options{Local: true})
	if err != nil {
		panic(err)
	}
	return a
}

// ask sends a request with headers "Name: value".
func (d *door) ask(t *testing.T, method, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "https://api.example.com"+path, nil)
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

// session starts one and returns its cookie and its bearer headers.
func (d *door) session(t *testing.T) (data SessionData, cookie, bearer string) {
	t.Helper()
	w := d.ask(t, "POST", "/session")
	require.Equal(t, 200, w.Code, w.Body.String())
	var answer SessionAnswer
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer))
	require.NotEmpty(t, answer.RequestID)
	require.Equal(t, answer.Token, answer.Data.Token)
	set := w.Result().Cookies()
	require.Len(t, set, 1)
	require.Equal(t, answer.Token, set[0].Value)
	return answer.Data, "Cookie: " + set[0].Name + "=" + set[0].Value, "Authorization: Bearer " + answer.Token
}

func (d *door) token(t *testing.T, scope models.TokenScope) string {
	t.Helper()
	token, _, err := d.tokens.Create(t.Context(), access.TokenRequest{WorkspaceID: models.DefaultWorkspaceID, Name: "t", Scope: scope})
	require.NoError(t, err)
	return "Authorization: Bearer " + token
}

func who(t *testing.T, w *httptest.ResponseRecorder) WhoAmI {
	t.Helper()
	require.Equal(t, 200, w.Code, w.Body.String())
	var answer Envelope[WhoAmI]
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer))
	return answer.Data
}

const (
	evil     = "Origin: https://evil.example.org"
	evilSite = "Sec-Fetch-Site: cross-site"
)

func TestWhoMayPass(t *testing.T) {
	d := newDoor(t, nil)
	session, cookie, bearer := d.session(t)
	other, otherCookie, _ := d.session(t)
	read, write, admin := d.token(t, models.ScopeRead), d.token(t, models.ScopeWrite), d.token(t, models.ScopeAdmin)
	forged := "Authorization: Bearer " + session.Token[:len(session.Token)-6] + "AAAAAA"
	none := []string(nil)
	tests := []struct {
		name, method, path string
		headers            []string
		status             int
		workspace          string // of a 200
	}{
		{"nobody reads", "GET", "/thing", none, 401, ""},
		{"nobody writes", "POST", "/thing", none, 401, ""},
		{"anyone reads what is public", "GET", "/public", none, 200, ""},
		{"and with a wrong token too", "GET", "/public", []string{forged}, 200, ""},
		{"a method of its own", "POST", "/public", none, 401, ""},
		{"unknown address", "GET", "/nowhere", none, 404, ""},
		{"unknown address with a wrong token", "GET", "/nowhere", []string{forged}, 404, ""},
		{"wrong method", "DELETE", "/thing", none, 405, ""},

		{"cookie reads", "GET", "/thing", []string{cookie}, 200, session.WorkspaceID},
		{"cookie writes from a program", "POST", "/thing", []string{cookie}, 200, session.WorkspaceID},
		{"cookie writes from its own page", "POST", "/thing", []string{cookie, "Sec-Fetch-Site: same-origin", "Origin: https://api.example.com"}, 200, session.WorkspaceID},
		{"cookie writes through a frontend's rewrite", "POST", "/thing", []string{cookie, "Sec-Fetch-Site: same-origin", "Origin: https://front.example.net"}, 200, session.WorkspaceID},
		{"cookie writes from a listed origin", "POST", "/thing", []string{cookie, evilSite, "Origin: https://app.example.com"}, 200, session.WorkspaceID},
		{"cookie writes from a listed pattern", "POST", "/thing", []string{cookie, evilSite, "Origin: https://preview-7.vercel.app"}, 200, session.WorkspaceID},
		{"cookie reads from any page", "GET", "/thing", []string{cookie, evilSite, evil}, 200, session.WorkspaceID},
		{"cookie writes from another site", "POST", "/thing", []string{cookie, evilSite, evil}, 403, ""},
		{"cookie writes from an old browser's other site", "POST", "/thing", []string{cookie, evil}, 403, ""},
		{"cookie writes without an origin", "POST", "/thing", []string{cookie, evilSite}, 403, ""},
		{"cookie writes from a sandbox", "POST", "/thing", []string{cookie, evilSite, "Origin: null"}, 403, ""},
		{"cookie writes from a sibling host", "POST", "/thing", []string{cookie, "Sec-Fetch-Site: same-site", "Origin: https://blog.example.com"}, 403, ""},
		{"cookie writes from below a listed pattern", "POST", "/thing", []string{cookie, evilSite, "Origin: https://a.b.vercel.app"}, 403, ""},
		{"cookie writes from an origin that ends alike", "POST", "/thing", []string{cookie, evilSite, "Origin: https://evil-vercel.app"}, 403, ""},
		{"cookie writes from a listed host over http", "POST", "/thing", []string{cookie, evilSite, "Origin: http://app.example.com"}, 403, ""},
		{"a form of another site", "POST", "/thing", []string{cookie, evilSite, evil, "Content-Type: application/x-www-form-urlencoded"}, 403, ""},
		{"an upload form of another site", "POST", "/thing", []string{cookie, evilSite, evil, "Content-Type: multipart/form-data; boundary=x"}, 403, ""},
		{"a form of text", "POST", "/thing", []string{cookie, evilSite, evil, "Content-Type: text/plain"}, 403, ""},
		{"another site starts a session", "POST", "/session", []string{evilSite, evil}, 403, ""},
		{"another site replaces a session", "POST", "/session", []string{cookie, evilSite, evil}, 403, ""},

		{"bearer reads", "GET", "/thing", []string{bearer}, 200, session.WorkspaceID},
		{"bearer writes from any page", "POST", "/thing", []string{bearer, evilSite, evil}, 200, session.WorkspaceID},
		{"bearer in lower case, after spaces", "GET", "/thing", []string{"Authorization: bearer   " + session.Token}, 200, session.WorkspaceID},
		{"bearer wins over the cookie", "GET", "/thing", []string{bearer, otherCookie}, 200, session.WorkspaceID},
		{"wrong bearer is not made good by the cookie", "GET", "/thing", []string{forged, cookie}, 401, ""},
		{"forged", "GET", "/thing", []string{forged}, 401, ""},
		{"truncated", "GET", "/thing", []string{bearer[:len(bearer)-8]}, 401, ""},
		{"no token", "GET", "/thing", []string{"Authorization: Bearer"}, 401, ""},
		{"no token but the cookie", "GET", "/thing", []string{"Authorization: Bearer ", cookie}, 401, ""},
		{"two tokens", "GET", "/thing", []string{bearer + " " + session.Token}, 401, ""},
		{"two tokens in a list", "GET", "/thing", []string{bearer + ", Bearer " + session.Token}, 401, ""},
		{"two headers", "GET", "/thing", []string{bearer, bearer}, 401, ""},
		{"two headers of different kinds", "GET", "/thing", []string{"Authorization: Basic eDp5", bearer}, 401, ""},
		{"endless token", "GET", "/thing", []string{"Authorization: Bearer " + strings.Repeat("A", 60<<10)}, 401, ""},
		{"control characters", "GET", "/thing", []string{"Authorization: Bearer a\x00b"}, 401, ""},
		{"letters beyond ASCII", "GET", "/thing", []string{"Authorization: Bearer é"}, 401, ""},
		{"alg none", "GET", "/thing", []string{"Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."}, 401, ""},
		{"a proxy's password does not count", "GET", "/thing", []string{"Authorization: Basic eDp5"}, 401, ""},
		{"and leaves the cookie good", "GET", "/thing", []string{"Authorization: Basic eDp5", cookie}, 200, session.WorkspaceID},
		{"but checked", "POST", "/thing", []string{"Authorization: Basic eDp5", cookie, evilSite, evil}, 403, ""},
		{"headers that claim a person", "GET", "/thing", []string{"X-User-Id: 1", "X-Forwarded-User: admin", "X-Workspace-Id: " + session.WorkspaceID}, 401, ""},

		{"empty cookie", "GET", "/thing", []string{"Cookie: __Host-rm_session="}, 401, ""},
		{"forged cookie", "GET", "/thing", []string{cookie[:len(cookie)-6] + "AAAAAA"}, 401, ""},
		{"cookie of another name", "GET", "/thing", []string{strings.Replace(cookie, "__Host-", "", 1)}, 401, ""},
		{"an old cookie beside the good one", "GET", "/thing", []string{"Cookie: __Host-rm_session=old; " + cookie[len("Cookie: "):]}, 200, session.WorkspaceID},
		{"good cookie after too many", "GET", "/thing", []string{"Cookie: " + strings.Repeat("__Host-rm_session=old; ", 4) + cookie[len("Cookie: "):]}, 401, ""},
		{"API token as a cookie", "GET", "/thing", []string{"Cookie: __Host-rm_session=" + admin[len("Authorization: Bearer "):]}, 401, ""},
		{"another's cookie", "GET", "/thing", []string{otherCookie}, 200, other.WorkspaceID},

		{"read token reads", "GET", "/thing", []string{read}, 200, models.DefaultWorkspaceID},
		{"read token writes", "POST", "/thing", []string{read}, 403, ""},
		{"read token administers", "GET", "/admin", []string{read}, 403, ""},
		{"write token writes", "POST", "/thing", []string{write}, 200, models.DefaultWorkspaceID},
		{"write token administers", "POST", "/admin", []string{write}, 403, ""},
		{"session administers", "GET", "/admin", []string{cookie}, 403, ""},
		{"nobody administers", "POST", "/admin", none, 401, ""},
		{"admin token administers", "POST", "/admin", []string{admin}, 200, models.DefaultWorkspaceID},
		{"admin token writes", "POST", "/thing", []string{admin}, 200, models.DefaultWorkspaceID},
		{"token becomes no session", "POST", "/session", []string{admin}, 403, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := d.ask(t, test.method, test.path, test.headers...)
			if test.status == 200 {
				assert.Equal(t, test.workspace, who(t, w).WorkspaceID)
				return
			}
			code := map[int]models.Kind{401: models.KindUnauthorized, 403: models.KindForbidden, 404: models.KindNotFound, 405: models.KindMethodNotAllowed}
			requireFailure(t, w, test.status, code[test.status])
			assert.Equal(t, test.status == 401, w.Header().Get("WWW-Authenticate") == "Bearer")
			for _, header := range test.headers {
				if _, value, _ := strings.Cut(header, ": "); len(value) > 20 {
					assert.NotContains(t, w.Body.String()+d.log.String(), value)
				}
			}
		})
	}
	assert.NotContains(t, d.log.String(), session.Token)
	assert.NotContains(t, d.log.String(), "rm_")
}

func TestWeakScopeIsNamed(t *testing.T) {
	d := newDoor(t, nil)
	w := d.ask(t, "POST", "/admin", d.token(t, models.ScopeRead))
	body := requireFailure(t, w, 403, models.KindForbidden)
	assert.Contains(t, body.Error.Message, "scope admin")
	assert.NotContains(t, w.Body.String(), errScope.Error())
	assert.Equal(t, `Bearer error="insufficient_scope"`, w.Header().Get("WWW-Authenticate"))
}

func TestPreflightNeedsNoCredential(t *testing.T) {
	d := newDoor(t, nil)
	preflight := []string{evilSite, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization,content-type"}
	w := d.ask(t, "OPTIONS", "/thing", append(preflight, "Origin: https://app.example.com")...)
	assert.Equal(t, 204, w.Code)
	assert.Equal(t, "https://app.example.com", w.Header().Get("Access-Control-Allow-Origin"))
	assert.Equal(t, "true", w.Header().Get("Access-Control-Allow-Credentials"))
	assert.Contains(t, w.Header().Get("Access-Control-Allow-Headers"), "Authorization")

	w = d.ask(t, "OPTIONS", "/thing", append(preflight, evil)...)
	requireFailure(t, w, 403, models.KindForbidden)
	assert.Empty(t, w.Header().Get("Access-Control-Allow-Origin"))
}

func TestLocalMode(t *testing.T) {
	db := testdb.Open(t)
	local := func(loopback bool, origins ...string) *door {
		return newDoor(t, func(a *access.Options, o *Options) {
			a.DB, a.SessionSecrets, a.Local, o.Access.LoopbackOnly, o.AllowedOrigins = db, "", true, loopback, origins
		})
	}
	guarded, behindProxy, open := local(true, "http://localhost:3000"), local(false), local(false, "*")
	tests := []struct {
		name    string
		door    *door
		method  string
		headers []string
		status  int
	}{
		{"a program", guarded, "POST", []string{"Host: 127.0.0.1:8000"}, 200},
		{"by name", guarded, "POST", []string{"Host: localhost:8000"}, 200},
		{"by name without a port", guarded, "GET", []string{"Host: LOCALHOST"}, 200},
		{"IPv6", guarded, "GET", []string{"Host: [::1]:8000"}, 200},
		{"IPv6 without a port", guarded, "GET", []string{"Host: [::1]"}, 200},
		{"the frontend", guarded, "POST", []string{"Host: localhost:8000", evilSite, "Origin: http://localhost:3000"}, 200},
		{"another site's page", guarded, "POST", []string{"Host: localhost:8000", evilSite, evil}, 403},
		{"another site's name for this machine", guarded, "GET", []string{"Host: evil.example.org:8000", "Sec-Fetch-Site: same-origin"}, 403},
		{"a name that begins alike", guarded, "GET", []string{"Host: localhost.evil.example.org"}, 403},
		{"an address as a name", guarded, "GET", []string{"Host: 127.0.0.1.evil.example.org"}, 403},
		{"no host", guarded, "GET", []string{"Host: "}, 403},
		{"a frontend's proxy on this machine", guarded, "GET", []string{"Host: localhost:8000", "X-Forwarded-For: ::1, 127.0.0.1", "X-Real-IP: ::ffff:127.0.0.1"}, 200},
		{"a proxy for somebody elsewhere", guarded, "GET", []string{"Host: localhost:8000", "X-Forwarded-For: 203.0.113.9"}, 403},
		{"a proxy for somebody who claims to be here", guarded, "GET", []string{"Host: localhost:8000", "X-Forwarded-For: 127.0.0.1, 203.0.113.9"}, 403},
		{"and in two headers", guarded, "GET", []string{"Host: localhost:8000", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-For: 203.0.113.9"}, 403},
		{"a proxy that says nothing of use", guarded, "GET", []string{"Host: localhost:8000", "X-Forwarded-For: unknown"}, 403},
		{"another proxy for somebody elsewhere", guarded, "GET", []string{"Host: localhost:8000", "X-Real-IP: 203.0.113.9"}, 403},
		{"a modern proxy", guarded, "GET", []string{"Host: localhost:8000", "Forwarded: for=203.0.113.9"}, 403},
		{"behind a proxy with a password", behindProxy, "POST", []string{"Authorization: Basic eDp5"}, 200},
		{"wrong bearer", behindProxy, "GET", []string{"Authorization: Bearer x"}, 401},
		{"another site's page behind a proxy", behindProxy, "POST", []string{evilSite, evil}, 403},
		{"every page may", open, "POST", []string{evilSite, evil}, 200},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := test.door.ask(t, test.method, "/admin", test.headers...)
			if test.status != 200 {
				assert.Equal(t, test.status, w.Code, w.Body.String())
				return
			}
			assert.Equal(t, WhoAmI{WorkspaceID: models.DefaultWorkspaceID, Scope: models.ScopeAdmin, Method: access.MethodLocal}, who(t, w))
		})
	}
	requireFailure(t, behindProxy.ask(t, "POST", "/session"), 404, models.KindNotFound)
}

func TestOriginsOfEveryoneAreNotTrustedWithCookies(t *testing.T) {
	d := newDoor(t, func(_ *access.Options, o *Options) { o.AllowedOrigins = []string{"*"} })
	_, cookie, _ := d.session(t)
	requireFailure(t, d.ask(t, "POST", "/thing", cookie, evilSite, evil), 403, models.KindForbidden)
}

func TestWhoSendsNoCookieLearnsWhyABrowserMayNot(t *testing.T) {
	body := requireFailure(t, newDoor(t, nil).ask(t, "GET", "/thing", "Origin: https://app.example.com"), 401, models.KindUnauthorized)
	for _, reason := range []string{"credentials: 'include'", "HTTPS", "SESSION_COOKIE"} {
		assert.Contains(t, body.Error.Detail, reason)
	}
}

func TestWhereNoSessionIsEnoughATokenOfAnAdminIsAskedFor(t *testing.T) {
	w := newDoor(t, nil).ask(t, "GET", "/admin")
	require.Equal(t, http.StatusUnauthorized, w.Code)
	require.Contains(t, w.Body.String(), "scope admin")
	require.NotContains(t, w.Body.String(), "session")
}

func TestWithoutSessionsATokenIsAskedFor(t *testing.T) {
	d := newDoor(t, func(a *access.Options, _ *Options) { a.SessionSecrets = "" })
	body := requireFailure(t, d.ask(t, "GET", "/thing"), 401, models.KindUnauthorized)
	assert.NotContains(t, body.Error.Message, "session")
	assert.Empty(t, body.Error.Detail)
	requireFailure(t, d.ask(t, "POST", "/session"), 404, models.KindNotFound)
	assert.Equal(t, access.MethodAPIToken, who(t, d.ask(t, "GET", "/thing", d.token(t, models.ScopeRead))).Method)
}

func FuzzBearerToken(f *testing.F) {
	for _, seed := range []string{"", "Bearer", "Bearer ", "bearer abc=", "Bearer a b", "Basic eDp5", "Bearer\tabc", "Bearer  a,b", "Bearer \x80"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		token, found, err := bearerToken(http.Header{"Authorization": {value}})
		if err != nil || !found {
			require.Empty(t, token)
			return
		}
		require.Regexp(t, `^[A-Za-z0-9._~+/=-]+$`, token)
		require.True(t, strings.HasSuffix(value, " "+token))
	})
}
