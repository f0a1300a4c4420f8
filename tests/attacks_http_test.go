package tests

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"resume-matcher/models"
)

// TestAttacksByHTTP sends what breaks the protocol, or what two servers in a row could read differently. net/http refuses
// most of it; the cases hold that it does, and that the connection ends there.
func TestAttacksByHTTP(t *testing.T) {
	const post = "POST " + jobsPath + " HTTP/1.1\r\n"
	const body = `{"job_descriptions":["` + marker + `"]}`
	eachMode(t, func(x target) []attack {
		host := "Host: " + x.host + "\r\nContent-Type: application/json\r\nConnection: close\r\n"
		if x.credential != "" {
			host += x.credential + "\r\n"
		}
		smuggled := "0\r\n\r\nGET /" + marker + " HTTP/1.1\r\nHost: a\r\n\r\n"
		attacks := []attack{}
		for name, request := range map[string]string{
			"no host":                   "GET /healthz HTTP/1.1\r\n\r\n",
			"two hosts":                 "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: " + marker + "\r\n\r\n",
			"host with a blank":         "GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n",
			"two lengths":               post + host + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n" + body,
			"negative length":           post + host + "Content-Length: -1\r\n\r\n" + body,
			"length with a sign":        post + host + "Content-Length: +3\r\n\r\n" + body,
			"length in hex":             post + host + "Content-Length: 0x10\r\n\r\n" + body,
			"length beyond 64 bits":     post + host + "Content-Length: 99999999999999999999\r\n\r\n" + body,
			"list of lengths":           post + host + "Content-Length: 3, 4\r\n\r\n" + body,
			"blank before the colon":    post + host + "Transfer-Encoding : chunked\r\n\r\n" + smuggled,
			"header without a name":     "GET /healthz HTTP/1.1\r\n" + host + ": " + marker + "\r\n\r\n",
			"header without a colon":    "GET /healthz HTTP/1.1\r\n" + host + marker + "\r\n\r\n",
			"NUL in a header":           x.get("/healthz", "X-A: "+marker+"\x00"),
			"carriage return in header": x.get("/healthz", "X-Request-ID: a\rSet-Cookie: "+marker),
			"NUL in the address":        "GET /healthz\x00" + marker + " HTTP/1.1\r\n" + host + "\r\n",
			"blank in the address":      "GET /healthz " + marker + " HTTP/1.1\r\n" + host + "\r\n",
			"bad percent encoding":      "GET /api/v1/jobs/%zz" + marker + " HTTP/1.1\r\n" + host + "\r\n",
			"cut percent encoding":      "GET /api/v1/jobs/" + marker + "% HTTP/1.1\r\n" + host + "\r\n",
			"method with a NUL":         "G\x00T /healthz HTTP/1.1\r\n" + host + "\r\n",
			"no version":                "GET /healthz\r\n\r\n",
			"TLS":                       "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
			"binary":                    strings.Repeat("\x00\xff", 500) + "\r\n\r\n",
		} {
			attacks = append(attacks, attack{name: name, request: request, status: http.StatusBadRequest, byHTTP: true})
		}
		chunked := post + host + "Transfer-Encoding: chunked\r\n"
		attacks = append(attacks,
			attack{name: "unknown version", request: "GET /healthz HTTP/9.9\r\n" + host + "\r\n", status: http.StatusHTTPVersionNotSupported, byHTTP: true},
			attack{name: "HTTP/2 preface", request: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status: http.StatusNotFound, code: models.KindNotFound},
			attack{name: "unknown transfer coding", request: post + host + "Transfer-Encoding: xchunked\r\n\r\n" + smuggled, status: http.StatusNotImplemented, byHTTP: true},
			attack{name: "two transfer codings", request: post + host + "Transfer-Encoding: gzip, chunked\r\n\r\n" + smuggled, status: http.StatusNotImplemented, byHTTP: true},
			attack{name: "transfer coding twice", request: chunked + "Transfer-Encoding: identity\r\n\r\n" + smuggled, status: http.StatusNotImplemented, byHTTP: true},
			attack{name: "OPTIONS *", request: "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", status: http.StatusOK, byHTTP: true},
		)
		attacks = append(attacks, refused(http.StatusUnprocessableEntity, models.KindValidation, map[string]string{
			// Length and chunks together: the chunks count and the connection ends, so nothing is left to be the next request.
			"length and chunks":         chunked + "Content-Length: 4\r\n\r\n" + smuggled,
			"chunk of a negative size":  chunked + "\r\n-5\r\n" + body + "\r\n0\r\n\r\n",
			"chunk beyond 64 bits":      chunked + "\r\nfffffffffffffffff\r\n" + body,
			"chunk without its end":     chunked + "\r\n5\r\n" + body,
			"chunk size that is no hex": chunked + "\r\n" + marker + "\r\n" + body,
			"chunk extension of 1 MB":   chunked + "\r\n1;a=" + strings.Repeat("a", 1<<20) + "\r\n{\r\n0\r\n\r\n",
			"trailer that is no header": chunked + "\r\n1\r\n{\r\n0\r\n" + marker + "\r\n\r\n",
			"inflated JSON":             x.post(jobsPath, string(gzipped(t, strings.Repeat(" ", 50<<20))), "Content-Encoding: gzip"),
		})...)
		attacks = append(attacks,
			attack{name: "body shorter than declared", request: post + host + "Content-Length: 1000\r\n\r\n" + body, cutOff: true, status: http.StatusUnprocessableEntity, code: models.KindValidation},
			attack{name: "chunks without an end", request: chunked + "\r\n5\r\n{\"a\":\r\n", cutOff: true, status: http.StatusUnprocessableEntity, code: models.KindValidation},
			attack{name: "two requests with one credential", request: strings.ReplaceAll(x.get("/api/v1/ping"), "Connection: close", "X-A: 1") + "GET /" + marker + " HTTP/1.1\r\nHost: a\r\n\r\n", status: http.StatusOK, cutOff: true, check: pong},
		)
		return append(attacks, methodAttacks(x)...)
	})
}

// pong holds that the first request was answered, not the one behind it.
func pong(t *testing.T, r Response) {
	t.Helper()
	assert.Contains(t, string(r.Body), "pong")
}

func methodAttacks(x target) []attack {
	resume := "/api/v1/resumes/" + x.resume
	override := []string{"X-HTTP-Method-Override: DELETE", "X-HTTP-Method: DELETE", "X-Method-Override: DELETE", "X-Original-URL: " + resume, "X-Rewrite-URL: " + resume}
	attacks := refused(http.StatusMethodNotAllowed, models.KindMethodNotAllowed, map[string]string{
		"TRACE":                   x.head("TRACE", "/healthz", "Cookie: a="+marker) + "\r\n",
		"unknown method":          x.head(marker, "/healthz") + "\r\n",
		"method in small letters": x.head("get", "/healthz") + "\r\n",
		"PUT":                     x.send("PUT", resume, "application/json", "{}"),
		"DELETE of all jobs":      x.head("DELETE", "/api/v1/jobs?job_id="+x.job) + "\r\n",
		"override of POST":        x.send("POST", resume, "application/json", "{}", override...),
		"override by query":       x.send("POST", resume+"?_method=DELETE", "application/x-www-form-urlencoded", "_method=DELETE"),
		"GET of an upload":        x.get(uploadPath + "?file=" + marker),
	})
	return append(attacks,
		attack{name: "override of GET", request: x.get("/api/v1/resumes/list", override...), status: http.StatusOK},
		attack{name: "HTTP/1.0", request: strings.Replace(x.get("/api/v1/ping"), "HTTP/1.1", "HTTP/1.0", 1), status: http.StatusOK, check: pong},
		attack{name: "absolute address", request: x.get("http://" + marker + ".example/api/v1/ping"), status: http.StatusOK, check: pong},
		attack{name: "CONNECT", request: "CONNECT " + marker + ".example:443 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", status: http.StatusNotFound, code: models.KindNotFound},
		attack{name: "1,000 ranges", request: x.get("/openapi.json", "Range: bytes="+strings.Repeat("0-,", 1000)+"0-"), status: http.StatusOK},
		attack{name: "1,000 encodings", request: x.get("/docs", "Accept-Encoding: "+strings.Repeat("gzip;q=0,", 1000)), status: http.StatusOK},
		attack{name: "upgrade", request: x.get("/api/v1/ping", "Upgrade: websocket", "Sec-WebSocket-Key: "+marker), status: http.StatusOK, check: pong},
	)
}

func TestAttacksByContentType(t *testing.T) {
	const body = `{"job_descriptions":["` + marker + `"]}`
	eachMode(t, func(x target) []attack {
		text := formOf(part(`form-data; name="file"; filename="a.txt"`, resumeText("Ada Sample")))
		attacks := refused(http.StatusBadRequest, models.KindUnsupportedContentType, map[string]string{
			"two boundaries":     x.send("POST", uploadPath, "multipart/form-data; boundary=a; boundary="+boundary, text),
			"JSON as text":       x.send("POST", jobsPath, "text/plain", body),
			"JSON as a form":     x.send("POST", jobsPath, "application/x-www-form-urlencoded", body),
			"JSON as another":    x.send("POST", jobsPath, "application/vnd."+marker+"+json", body),
			"XML":                x.send("POST", jobsPath, "application/xml", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
			"no media type":      x.send("POST", jobsPath, marker, body),
			"only parameters":    x.send("POST", jobsPath, "; charset=utf-8", body),
			"two media types":    x.send("POST", jobsPath, "text/plain, application/json", body),
			"upload as JSON":     x.send("POST", uploadPath, "application/json", body),
			"upload as bytes":    x.send("POST", uploadPath, "application/pdf", "%PDF-1.7"),
			"upload as mixed":    x.send("POST", uploadPath, "multipart/mixed; boundary="+boundary, text),
			"upload as URL form": x.send("POST", uploadPath, "application/x-www-form-urlencoded", "file="+marker),
		})
		attacks = append(attacks, refused(http.StatusBadRequest, models.KindMissingContentType, map[string]string{
			"JSON without a type":   x.send("POST", jobsPath, "", body),
			"upload without a type": x.send("POST", uploadPath, "", text),
		})...)
		return append(attacks, refused(http.StatusUnprocessableEntity, models.KindValidation, map[string]string{
			"no boundary":              x.send("POST", uploadPath, "multipart/form-data", text),
			"empty boundary":           x.send("POST", uploadPath, `multipart/form-data; boundary=""`, text),
			"another boundary":         x.send("POST", uploadPath, "multipart/form-data; boundary="+marker, text),
			"boundary with line break": x.send("POST", uploadPath, `multipart/form-data; boundary="a%0d%0ab"`, text),
			"NUL in the file name":     x.upload("a\x00"+marker+".txt", resumeText("Ada Sample")),
			"empty file name":          x.upload("", resumeText("Ada Sample")),
			"no parts":                 x.form(),
			"no file among the parts":  x.form(part(`form-data; name="files"; filename="a.txt"`, marker)),
			"file as a field":          x.form(part(`form-data; name="file"`, marker)),
			"part without disposition": x.send("POST", uploadPath, "multipart/form-data; boundary="+boundary, "--"+boundary+"\r\n\r\n"+marker+"\r\n--"+boundary+"--\r\n"),
			"form without an end":      x.send("POST", uploadPath, "multipart/form-data; boundary="+boundary, strings.TrimSuffix(text, "--\r\n")),
			"part within a part":       x.form(part("form-data; name=\"file\"", "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n"+marker, "Content-Type: multipart/mixed; boundary=b")),
			"inflated form":            x.send("POST", uploadPath, "multipart/form-data; boundary="+boundary, string(gzipped(t, text)), "Content-Encoding: gzip"),
		})...)
	})
}
