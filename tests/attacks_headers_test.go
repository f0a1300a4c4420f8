package tests

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"resume-matcher/handlers"
	"resume-matcher/services"
	"resume-matcher/services/access"
	"resume-matcher/tests/testdb"
)

const (
	evilOrigin  = "Origin: https://evil.example"
	goodOrigin  = "https://app.example.com"
	sessionName = "__Host-rm_session"
)

// TestForgedHeadersCountForNothing claims another identity, place or address in the headers that proxies set.
func TestForgedHeadersCountForNothing(t *testing.T) {
	eachMode(t, func(x target) []attack {
		attacks := []attack{}
		for name, header := range map[string]string{
			"X-Forwarded-For": "X-Forwarded-For: " + marker + ", 127.0.0.1", "X-Real-IP": "X-Real-IP: 127.0.0.1",
			"Forwarded": "Forwarded: for=127.0.0.1;host=" + marker + ";proto=https", "X-Forwarded-Host": "X-Forwarded-Host: " + marker + ".example",
			"X-Forwarded-Proto": "X-Forwarded-Proto: javascript", "X-Forwarded-Prefix": "X-Forwarded-Prefix: //" + marker,
			"X-Original-URL": "X-Original-URL: /metrics", "X-User-ID": "X-User-ID: " + marker, "X-Workspace-ID": "X-Workspace-ID: " + marker,
			"Via": "Via: 1.1 " + marker, "Referer": "Referer: https://" + marker + ".example/", "Expect": "Expect: " + marker,
			"request id, markup":  "X-Request-ID: <script>" + marker + "</script>",
			"request id, JSON":    `X-Request-ID: {"a":"` + marker + `"}`,
			"request id, long":    "X-Request-ID: " + strings.Repeat(marker, 20),
			"request id, folded":  "X-Request-ID: a\r\n " + marker,
			"request id, escapes": "X-Request-ID: \x1b[31m" + marker,
			"request id, bytes":   "X-Correlation-ID: \xff\xfe" + marker,
			"last event":          "Last-Event-ID: " + marker + "-9223372036854775808",
			"tags":                `If-None-Match: "` + marker + `", *`,
			"cookies":             "Cookie: " + strings.Repeat("a="+marker+"; ", 500),
			"languages":           "Accept-Language: " + strings.Repeat("x-"+marker+",", 500),
		} {
			status := http.StatusOK
			a := attack{name: name, request: x.get("/docs", header), status: status, check: noMarker}
			if name == "Expect" {
				a.status, a.byHTTP = http.StatusExpectationFailed, true
			}
			if strings.Contains(header, "\x1b") {
				a.status, a.byHTTP = http.StatusBadRequest, true
			}
			attacks = append(attacks, a)
		}
		return attacks
	})
}

func noMarker(t *testing.T, r Response) {
	t.Helper()
	assert.NotContains(t, string(r.Body), marker)
	for name, values := range r.Header {
		assert.NotContains(t, strings.Join(values, " "), marker, name)
	}
	assert.Empty(t, r.Header.Get("Location"))
}

// crossSite are requests that change something, as a page of another site can make a browser send them.
func crossSite(x target, headers ...string) map[string]string {
	const file = "multipart/form-data; boundary=" + boundary
	form := formOf(part(`form-data; name="file"; filename="a.txt"`, resumeText("Evil Page")))
	resume := "/api/v1/resumes/" + x.resume
	return map[string]string{
		"URL form":        x.send("POST", jobsPath, "application/x-www-form-urlencoded", "job_descriptions="+marker, headers...),
		"text form":       x.send("POST", jobsPath, "text/plain", `{"job_descriptions":["`+marker+`"]}`, headers...),
		"upload":          x.send("POST", uploadPath, file, form, headers...),
		"JSON":            x.post(jobsPath, `{"job_descriptions":["`+marker+`"]}`, headers...),
		"edit":            x.send("PATCH", resume+"/title", "application/json", `{"title":"`+marker+`"}`, headers...),
		"deletion":        x.head("DELETE", resume, headers...) + "\r\n",
		"tailoring":       x.post("/api/v1/resumes/improve", `{"resume_id":"`+x.resume+`","job_id":"`+x.job+`"}`, headers...),
		"session's start": x.send("POST", "/api/v1/session", "", "", headers...),
	}
}

// pages are the headers with which a browser tells that a page of another site sends the request.
var pages = map[string][]string{
	"another origin":      {evilOrigin},
	"no origin":           {"Origin: null"},
	"another site":        {"Sec-Fetch-Site: cross-site"},
	"a site beside":       {"Sec-Fetch-Site: same-site", "Origin: https://evil.app.example.com"},
	"origin with a name":  {"Origin: " + goodOrigin + ".evil.example"},
	"origin with a port":  {"Origin: " + goodOrigin + ":8443"},
	"origin without TLS":  {"Origin: http://app.example.com"},
	"origin with a user":  {"Origin: https://app.example.com@evil.example"},
	"origin and good one": {evilOrigin, "Referer: " + goodOrigin},
}

func withGoodOrigin(o *handlers.Options, _ *services.Deps) { o.AllowedOrigins = []string{goodOrigin} }

func TestPagesOfOtherSitesChangeNothing(t *testing.T) {
	attacks := func(x target) []attack {
		out := []attack{}
		for page, headers := range pages {
			if x.cookie != "" {
				headers = append([]string{x.cookie}, headers...)
			}
			requests := crossSite(x, headers...)
			if x.cookie == "" {
				delete(requests, "session's start") // there are none
			}
			for _, a := range refused(http.StatusForbidden, "FORBIDDEN", requests) {
				a.name = a.name + " from " + page
				a.check = func(t *testing.T, r Response) {
					t.Helper()
					assert.Empty(t, r.Header.Get("Access-Control-Allow-Origin"))
					assert.Empty(t, r.Header.Values("Set-Cookie"))
				}
				out = append(out, a)
			}
		}
		return out
	}
	t.Run("local", func(t *testing.T) { newTarget(t, withGoodOrigin).suffer(t, attacks) })
	t.Run("cookie", func(t *testing.T) {
		newSessionTarget(t, withGoodOrigin).withCookie().suffer(t, attacks)
	})
}

// withCookie sends the session as a browser does.
func (x target) withCookie() target {
	_, token, _ := strings.Cut(x.credential, "Bearer ")
	x.credential, x.cookie = "", "Cookie: "+sessionName+"="+token
	return x
}

// TestTrustedPagesAndTokensMayChange are the counterparts: the same requests from who may send them.
func TestTrustedPagesAndTokensMayChange(t *testing.T) {
	rename := func(x target, headers ...string) Response {
		return x.exchange(t, x.send("PATCH", "/api/v1/resumes/"+x.resume+"/title", "application/json", `{"title":"new"}`, headers...), false)
	}
	bearer := newSessionTarget(t, withGoodOrigin)
	cookie := bearer.withCookie()
	assert.Equal(t, http.StatusOK, rename(cookie, cookie.cookie, "Origin: "+goodOrigin, "Sec-Fetch-Site: cross-site").Status)
	assert.Equal(t, http.StatusOK, rename(cookie, cookie.cookie, "Sec-Fetch-Site: same-origin").Status)
	assert.Equal(t, http.StatusOK, rename(bearer, evilOrigin, "Sec-Fetch-Site: cross-site").Status)

	// A page may make a browser read, but not see what was read.
	read := cookie.exchange(t, cookie.get("/api/v1/resumes/list?include_master=true", cookie.cookie, evilOrigin), false)
	assert.Equal(t, http.StatusOK, read.Status)
	assert.Empty(t, read.Header.Get("Access-Control-Allow-Origin"))
	preflight := cookie.exchange(t, cookie.head("OPTIONS", jobsPath, evilOrigin, "Access-Control-Request-Method: POST")+"\r\n", false)
	assert.Equal(t, http.StatusForbidden, preflight.Status)
}

// TestLoopbackServerAnswersItsOwnNameOnly is what stops a page whose own name resolves to this machine.
func TestLoopbackServerAnswersItsOwnNameOnly(t *testing.T) {
	x := newTarget(t, func(o *handlers.Options, d *services.Deps) {
		d.DB = testdb.Open(t)
		o.Access = authenticate(t, access.Options{DB: d.DB, Local: true})
		o.Access.LoopbackOnly = true
	})
	own := x.host
	x.suffer(t, func(x target) []attack {
		attacks := []attack{}
		for _, name := range []string{
			"evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", "localhost.", "0.0.0.0", "[::]",
			"192.0.2.1", "2130706433", "0x7f000001",
		} {
			x.host = name
			attacks = append(attacks, attack{name: name, request: x.get("/api/v1/resumes/list"), status: http.StatusForbidden, code: "FORBIDDEN"})
			attacks = append(attacks, attack{name: name + " in the address", status: http.StatusForbidden, code: "FORBIDDEN",
				request: strings.Replace(x.get("http://"+name+"/api/v1/resumes/list"), "Host: "+name, "Host: "+own, 1)})
		}
		x.host = "localhost:1"
		return append(attacks, attack{name: "own name", request: x.get("/api/v1/resumes/list"), status: http.StatusOK})
	})
}
