package tests

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/access"
)

// issue signs a session at a time, with a secret.
func issue(t *testing.T, secret, workspace string, at time.Time) string {
	t.Helper()
	sessions, err := access.NewSessions(secret, func() time.Time { return at })
	require.NoError(t, err)
	session, err := sessions.Issue(workspace)
	require.NoError(t, err)
	return session.Token
}

func TestForgedSessionsAreRefused(t *testing.T) {
	x := newSessionTarget(t)
	good := strings.TrimPrefix(x.credential, bearer(""))
	_, workspace := x.NewSession(t)
	plain, err := securecookie.New([]byte(SessionSecret), nil).SetSerializer(securecookie.JSONEncoder{}).
		Encode("session", map[string]any{"w": workspace, "i": 0, "e": 1 << 40})
	require.NoError(t, err)
	decoded, err := base64.URLEncoding.DecodeString(good)
	require.NoError(t, err)
	other := strings.Replace(string(decoded), "|", "|"+marker, 1)
	tokens := map[string]string{
		"first byte changed": flip(good, 0), "middle byte changed": flip(good, len(good)/2), "last byte changed": flip(good, len(good)-2),
		"cut by one": good[:len(good)-1], "cut in half": good[:len(good)/2], "doubled": good + good, "one byte more": good + "A",
		"another secret":              issue(t, strings.Repeat("other-secret-", 3), workspace, time.Now()),
		"secret without its purpose":  plain,
		"expired":                     issue(t, SessionSecret, workspace, time.Now().AddDate(-1, 0, 0)),
		"of the future":               issue(t, SessionSecret, workspace, time.Now().AddDate(0, 0, 1)),
		"workspace that is not there": issue(t, SessionSecret, unknownID, time.Now()),
		"workspace that is no id":     issue(t, SessionSecret, "' OR 1=1--"+marker, time.Now()),
		"no workspace":                issue(t, SessionSecret, "", time.Now()),
		"claims changed":              base64.URLEncoding.EncodeToString([]byte(other)),
		"8 KB":                        strings.Repeat("A", 8<<10),
		"more than 8 KB":              strings.Repeat("A", 9<<10),
		"markup":                      "<script>" + marker + "</script>",
		"two tokens":                  good + "," + good,
		"quoted":                      `"` + good + `"`,
		"null":                        "null", "undefined": "undefined", "nothing": "",
	}
	x.suffer(t, func(x target) []attack { return x.unauthorized(tokens) })

	t.Run("cookie", func(t *testing.T) {
		x.withCookie().suffer(t, func(x target) []attack {
			requests := map[string]string{}
			for name, token := range tokens {
				requests[name] = x.get("/api/v1/resumes/list", "Cookie: "+sessionName+"="+token)
			}
			delete(requests, "quoted") // browsers quote cookies, and net/http takes the quotes off
			requests["another name"] = x.get("/api/v1/resumes/list", "Cookie: rm_session="+good)
			requests["five cookies"] = x.get("/api/v1/resumes/list", "Cookie: "+strings.Repeat(sessionName+"=a; ", 4)+sessionName+"="+good)
			return refused(http.StatusUnauthorized, models.KindUnauthorized, requests)
		})
	})
}

// flip changes one byte to another of the same alphabet.
func flip(token string, at int) string {
	replacement := byte('A')
	if token[at] == replacement {
		replacement = 'B'
	}
	return token[:at] + string(replacement) + token[at+1:]
}

// TestCredentialsCountInTheirPlaceOnly puts a good token where none is looked for.
func TestCredentialsCountInTheirPlaceOnly(t *testing.T) {
	x := newSessionTarget(t)
	good := strings.TrimPrefix(x.credential, bearer(""))
	_, workspace := x.NewSession(t)
	x.suffer(t, func(x target) []attack {
		x.credential = ""
		const list = "/api/v1/resumes/list"
		return refused(http.StatusUnauthorized, models.KindUnauthorized, map[string]string{
			"none":                   x.get(list),
			"query":                  x.get(list + "?access_token=" + good + "&token=" + good),
			"another header":         x.get(list, "X-Auth-Token: "+good, "X-API-Key: "+good),
			"proxy's header":         x.get(list, "Proxy-Authorization: Bearer "+good),
			"Basic":                  x.get(list, "Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte("admin:"+good))),
			"no scheme":              x.get(list, "Authorization: "+good),
			"another scheme":         x.get(list, "Authorization: Token "+good),
			"no blank":               x.get(list, "Authorization: Bearer"+good),
			"tab":                    x.get(list, "Authorization: Bearer\t"+good),
			"two headers":            x.get(list, bearer(good), bearer(good)),
			"bad one, then a good":   x.get(list, bearer("a"), bearer(good)),
			"two in one":             x.get(list, bearer(good)+", Bearer "+good),
			"bad token, good cookie": x.get(list, bearer("a"), "Cookie: "+sessionName+"="+good),
			"user's headers":         x.get(list, "X-User-ID: "+workspace, "X-Workspace-ID: "+workspace, "X-Forwarded-User: admin", "X-Remote-User: admin"),
			"workspace in the query": x.get(list + "?workspace_id=" + workspace),
			"host of this machine":   strings.Replace(x.get(list, "X-Forwarded-For: 127.0.0.1"), "Host: "+x.host, "Host: localhost", 1),
			"body":                   x.post(jobsPath, `{"job_descriptions":["a"],"token":"`+good+`"}`),
			"trailer":                x.head("POST", jobsPath, "Content-Type: application/json", "Transfer-Encoding: chunked", "Trailer: Authorization") + "\r\n2\r\n{}\r\n0\r\n" + bearer(good) + "\r\n\r\n",
		})
	})
}

func TestAPITokensOutOfForceAreRefused(t *testing.T) {
	x := newSessionTarget(t)
	_, workspace := x.NewSession(t)
	read, write := x.NewToken(t, workspace, models.ScopeRead), x.NewToken(t, workspace, models.ScopeWrite)
	tokens := access.NewTokens(x.DB, time.Now)
	revoked, row, err := tokens.Create(t.Context(), access.TokenRequest{WorkspaceID: workspace, Name: "revoked", Scope: models.ScopeAdmin})
	require.NoError(t, err)
	require.NoError(t, tokens.Revoke(t.Context(), row.ID))
	expired, _, err := access.NewTokens(x.DB, func() time.Time { return time.Now().AddDate(0, 0, -2) }).
		Create(t.Context(), access.TokenRequest{WorkspaceID: workspace, Name: "expired", Scope: models.ScopeAdmin, Lifetime: time.Hour})
	require.NoError(t, err)
	secret := strings.TrimPrefix(write, access.TokenPrefix)
	x.suffer(t, func(x target) []attack {
		attacks := x.unauthorized(map[string]string{
			"revoked": revoked, "expired": expired, "one byte changed": flip(write, 20), "one byte more": write + "A", "cut": write[:len(write)-1],
			"no prefix": secret, "another prefix": "gh_" + secret, "prefix in capitals": "RM_" + secret, "capitals": access.TokenPrefix + strings.ToUpper(secret),
			"only the prefix": access.TokenPrefix, "its hash": row.Hash, "its id": row.ID, "hash with the prefix": access.TokenPrefix + row.Hash[:43],
			"wildcard": access.TokenPrefix + strings.Repeat("_", 43), "padded": write + "=",
		})
		x.credential = bearer(read)
		attacks = append(attacks, refused(http.StatusForbidden, models.KindForbidden, map[string]string{
			"read uploads":       x.upload("a.txt", resumeText("Read Only")),
			"read stores a job":  x.post(jobsPath, `{"job_descriptions":["Go developer"]}`),
			"read deletes":       x.head("DELETE", "/api/v1/resumes/"+x.resume) + "\r\n",
			"read sees metrics":  x.get("/metrics"),
			"read overrides GET": x.send("POST", "/api/v1/resumes/improve", "application/json", "{}", "X-HTTP-Method-Override: GET"),
		})...)
		x.credential = bearer(write)
		attacks = append(attacks, refused(http.StatusForbidden, models.KindForbidden, map[string]string{
			"write sees metrics": x.get("/metrics"), "write sees the schema": x.get("/api/v1/schema/drift"),
		})...)
		return append(attacks, attack{name: "another workspace's résumé", request: x.get("/api/v1/resumes?resume_id=" + x.resume),
			status: http.StatusNotFound, code: models.KindResumeNotFound})
	})
	assert.NotContains(t, x.Log.String(), secret)
}
