package tests

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"resume-matcher/models"
)

func TestAttacksBySize(t *testing.T) {
	const jsonLimit, fileLimit = 256 << 10, 5 << 20
	posting := func(size int) string {
		const open, end = `{"job_descriptions":["Go `, `"]}`
		return open + strings.Repeat("a", size-len(open)-len(end)) + end
	}
	eachMode(t, func(x target) []attack {
		const forms = "multipart/form-data; boundary=" + boundary
		tooLargeFile := formOf(part(`form-data; name="file"; filename="a.txt"`, strings.Repeat("a", fileLimit+1)))
		endless := strings.Repeat("b", fileLimit+1<<20)
		attacks := refused(http.StatusRequestEntityTooLarge, models.KindFileTooLarge, map[string]string{
			"file of 5 MB and a byte":          x.send(http.MethodPost, uploadPath, forms, tooLargeFile),
			"file of 5 MB and a byte, chunked": x.chunked(http.MethodPost, uploadPath, forms, tooLargeFile),
			"endless field":                    x.chunked(http.MethodPost, uploadPath, forms, "--"+boundary+"\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n"+endless),
			"endless file name":                x.chunked(http.MethodPost, uploadPath, forms, "--"+boundary+"\r\nContent-Disposition: form-data; name=\"file\"; filename=\""+endless),
			"6 MB of small fields":             x.send(http.MethodPost, uploadPath, forms, formOf(strings.Repeat(part(`form-data; name="x"`, strings.Repeat("x", 60<<10)), 100))),
			"declares 1 TB and sends a little": x.head(http.MethodPost, uploadPath, "Content-Type: "+forms, "Content-Length: 1099511627776") + "\r\n" + tooLargeFile,
		})
		attacks = append(attacks, refused(http.StatusRequestEntityTooLarge, models.KindJSONTooLarge, map[string]string{
			"JSON of 256 KB and a byte":          x.post(jobsPath, posting(jsonLimit+1)),
			"JSON of 256 KB and a byte, chunked": x.chunked(http.MethodPost, jobsPath, "application/json", posting(jsonLimit+1)),
			"JSON of 4 MB of blanks":             x.post(jobsPath, strings.Repeat(" ", 4<<20)),
			"JSON that declares 1 TB":            x.head(http.MethodPost, jobsPath, "Content-Type: application/json", "Content-Length: 1099511627776") + "\r\n" + posting(jsonLimit+1),
			"edit of 1 MB":                       x.patch("/api/v1/resumes/"+x.resume, `{"summary":"`+strings.Repeat("a", 1<<20)+`"}`),
		})...)
		attacks = append(attacks, refused(http.StatusUnprocessableEntity, models.KindValidation, map[string]string{
			"endless line before the parts": x.chunked(http.MethodPost, uploadPath, forms, endless),
			"two files":                     x.form(part(`form-data; name="file"; filename="a.txt"`, resumeText("One")), part(`form-data; name="file"; filename="b.txt"`, resumeText("Two"))),
			"10,000 fields":                 x.form(strings.Repeat(part(`form-data; name="x"`, "1"), 10_000)),
			"10,000 files":                  x.form(strings.Repeat(part(`form-data; name="file"; filename="a.txt"`, marker), 10_000)),
			"part with 20,000 headers":      x.form(part(`form-data; name="file"; filename="a.txt"`, marker, strings.Split(strings.Repeat("X-A: "+marker+"\n", 19_999)+"X-B: 1", "\n")...)),
			"boundary of 10,000 bytes":      x.send(http.MethodPost, uploadPath, "multipart/form-data; boundary="+strings.Repeat("b", 10_000), tooLittle),
			"title of 200 KB":               x.patch("/api/v1/resumes/"+x.resume+"/title", `{"title":"`+strings.Repeat("a", 200<<10)+`"}`),
			"4,000 parameters of one name":  x.get("/api/v1/resumes/list?" + strings.Repeat("limit=1&", 4_000)),
			"limit of 10,000 digits":        x.get("/api/v1/resumes/list?limit=" + strings.Repeat("9", 10_000)),
		})...)
		attacks = append(attacks,
			attack{name: "path of 20,000 elements", request: x.get("/" + strings.Repeat("a/", 20_000)), status: http.StatusNotFound, code: models.KindNotFound},
			attack{name: "id of 30,000 characters", request: x.get("/api/v1/jobs/" + strings.Repeat("a", 30_000)), status: http.StatusUnprocessableEntity, code: models.KindValidation},
			attack{name: "file name of 60 KB", request: x.upload(strings.Repeat("é", 30<<10)+".txt", resumeText("Long Name")), status: http.StatusOK, stores: true},
			attack{name: "JSON of exactly 256 KB", request: x.post(jobsPath, posting(jsonLimit)), status: http.StatusOK, stores: true},
		)
		return attacks
	})
}

// tooLittle is a body that is no form.
const tooLittle = "--"

// resumeText is a résumé of a few lines.
func resumeText(name string) string {
	return fmt.Sprintf("# %s\n\n%s@example.com\n\n## Skills\n\nGo, SQL\n", name, strings.ToLower(strings.ReplaceAll(name, " ", ".")))
}

// TestAttacksByHugeHeaders needs the limit that the program sets: Go's is 1 MB.
func TestAttacksByHugeHeaders(t *testing.T) {
	x := newTarget(t)
	x.host = x.serve(t, func(s *http.Server) { s.MaxHeaderBytes = 64 << 10 })
	huge := strings.Repeat(marker, 20_000)
	attacks := []attack{}
	for name, request := range map[string]string{
		"header": x.get("/healthz", "X-A: "+huge), "many headers": x.get("/healthz", strings.Split(strings.Repeat("X-A: "+marker+"\n", 9_999)+"X-B: 1", "\n")...),
		"address": x.get("/healthz?" + huge), "cookie": x.get("/healthz", "Cookie: a="+huge), "method": huge + x.get("/healthz"),
	} {
		attacks = append(attacks, attack{name: name, request: request, status: http.StatusRequestHeaderFieldsTooLarge, byHTTP: true})
	}
	x.suffer(t, func(target) []attack { return attacks })
}
