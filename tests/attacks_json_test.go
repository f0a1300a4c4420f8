package tests

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"resume-matcher/models"
)

const jobsPath = "/api/v1/jobs/upload"

func TestAttacksByMalformedJSON(t *testing.T) {
	eachMode(t, func(x target) []attack {
		deep := func(open, end string) string {
			return `{"job_descriptions":` + strings.Repeat(open, 10_000) + strings.Repeat(end, 10_000) + `}`
		}
		job := func(rest string) string { return x.post(jobsPath, `{"job_descriptions":["`+marker+`"]`+rest) }
		return refused(http.StatusUnprocessableEntity, models.KindValidation, map[string]string{
			"no body":                    x.post(jobsPath, ""),
			"blank body":                 x.post(jobsPath, " \r\n\t"),
			"not JSON":                   x.post(jobsPath, marker),
			"cut short":                  job(""),
			"trailing comma":             job(",}"),
			"comment":                    job("/* */}"),
			"single quotes":              x.post(jobsPath, `{'job_descriptions':['`+marker+`']}`),
			"second object":              job(`}{}`),
			"trailing garbage":           job(`}` + marker),
			"list":                       x.post(jobsPath, `["`+marker+`"]`),
			"string":                     x.post(jobsPath, `"`+marker+`"`),
			"null":                       x.post(jobsPath, `null`),
			"byte order mark":            x.post(jobsPath, "\xef\xbb\xbf"+`{"job_descriptions":["`+marker+`"]}`),
			"UTF-16":                     x.post(jobsPath, "\xff\xfe{\x00}\x00"),
			"invalid UTF-8":              x.post(jobsPath, `{"job_descriptions":["`+marker+"\xff\xfe"+`"]}`),
			"overlong UTF-8":             x.post(jobsPath, `{"job_descriptions":["`+marker+"\xc0\xaf"+`"]}`),
			"surrogate in UTF-8":         x.post(jobsPath, `{"job_descriptions":["`+marker+"\xed\xa0\x80"+`"]}`),
			"control character":          x.post(jobsPath, `{"job_descriptions":["`+marker+"\x01"+`"]}`),
			"raw NUL":                    x.post(jobsPath, `{"job_descriptions":["`+marker+"\x00"+`"]}`),
			"escaped NUL":                x.post(jobsPath, `{"job_descriptions":["`+marker+`\u0000"]}`),
			"escaped NUL in a key":       job(`,"x\u0000":1}`),
			"bad escape":                 x.post(jobsPath, `{"job_descriptions":["`+marker+`\x"]}`),
			"lists 10,000 deep":          x.post(jobsPath, deep("[", "]")),
			"objects 10,000 deep":        x.post(jobsPath, deep(`{"a":`, "}")),
			"lists without an end":       x.post(jobsPath, `{"a":`+strings.Repeat("[", 200_000)),
			"duplicate key":              job(`,"job_descriptions":["other"]}`),
			"duplicate key, other case":  job(`,"JOB_DESCRIPTIONS":["other"]}`),
			"duplicate key, long s":      job(`,"job_de` + "\u017f" + `criptions":["other"]}`),
			"duplicate key, escaped":     job(`,"job_\u0064escriptions":["other"]}`),
			"duplicate unknown key":      job(`,"x":1,"x":2}`),
			"duplicate key, inside":      x.patch("/api/v1/resumes/"+x.resume, `{"personalInfo":{"name":"a","name":"`+marker+`"}}`),
			"duplicate key, inside fold": x.patch("/api/v1/resumes/"+x.resume, `{"personalInfo":{"name":"a","NAME":"`+marker+`"}}`),
			"empty list":                 x.post(jobsPath, `{"job_descriptions":[]}`),
			"empty text":                 x.post(jobsPath, `{"job_descriptions":[""]}`),
			"null in the list":           x.post(jobsPath, `{"job_descriptions":[null]}`),
			"blank text":                 x.post(jobsPath, `{"job_descriptions":[" \u200b\u0085\t"]}`),
			"51 postings":                x.post(jobsPath, `{"job_descriptions":["a"`+strings.Repeat(`,"a"`, 50)+`]}`),
			"prototype pollution":        x.post(jobsPath, `{"__proto__":{"job_descriptions":["`+marker+`"]}}`),
		})
	})
}

func TestAttacksByWrongTypes(t *testing.T) {
	wrong := map[string][]string{
		"text": {`1`, `-0`, `1e400`, `99999999999999999999999999`, `true`, `{}`, `[]`, `[["` + marker + `"]]`},
		"list": {`1`, `"` + marker + `"`, `true`, `{"0":"` + marker + `"}`},
	}
	fields := []struct{ kind, name, before, after string }{
		{"text", "posting", `{"job_descriptions":[`, `]}`},
		{"list", "postings", `{"job_descriptions":`, `}`},
		{"text", "résumé of a posting", `{"job_descriptions":["Go developer"],"resume_id":`, `}`},
	}
	eachMode(t, func(x target) []attack {
		requests := map[string]string{}
		for _, f := range fields {
			for _, value := range wrong[f.kind] {
				requests[f.name+" as "+strings.ReplaceAll(value, marker, "m")] = x.post(jobsPath, f.before+value+f.after)
			}
		}
		resume := "/api/v1/resumes/" + x.resume
		for name, body := range map[string]string{
			"personalInfo as text":    `{"personalInfo":"` + marker + `"}`,
			"name as object":          `{"personalInfo":{"name":{"$gt":""}}}`,
			"summary as list":         `{"summary":["` + marker + `"]}`,
			"id as text":              `{"workExperience":[{"id":"` + marker + `"}]}`,
			"id as 1e400":             `{"workExperience":[{"id":1e400}]}`,
			"id as fraction":          `{"workExperience":[{"id":1.5}]}`,
			"id beyond 64 bits":       `{"workExperience":[{"id":9223372036854775808}]}`,
			"customSections as list":  `{"customSections":[]}`,
			"isVisible as text":       `{"sectionMeta":[{"isVisible":"` + marker + `"}]}`,
			"only unknown fields":     `{"is_master":true,"workspace_id":"` + marker + `"}`,
			"every section null":      `{"personalInfo":null,"summary":null,"workExperience":null}`,
			"nothing":                 `{}`,
			"text too long for parse": `{"summary":"` + strings.Repeat(`\ud800`, 3) + `"`,
		} {
			requests["edit: "+name] = x.patch(resume, body)
		}
		for name, body := range map[string]string{
			"title as number": `{"title":1}`, "title as null": `{"title":null}`, "title as list": `{"title":["` + marker + `"]}`,
			"title blank": `{"title":"  "}`, "title too long": `{"title":"` + strings.Repeat("ä", 201) + `"}`,
			"title with NUL": `{"title":"` + marker + `\u0000"}`,
		} {
			requests[name] = x.patch(resume+"/title", body)
		}
		ids := func(resume string) string { return `{"job_id":"` + x.job + `","resume_id":` + resume + `}` }
		requests["match: id as number"] = x.post("/api/v1/match", ids("1"))
		requests["match: id of another form"] = x.post("/api/v1/match", ids(`"`+marker+`"`))
		requests["match: id in braces"] = x.post("/api/v1/match", ids(`"{`+x.resume+`}"`))
		requests["confirm: no changes named"] = x.post("/api/v1/resumes/improve/confirm", ids(`"`+x.resume+`"`))
		requests["confirm: 501 changes"] = x.post("/api/v1/resumes/improve/confirm",
			`{"change_ids":[`+strings.Repeat(`"a",`, 500)+`"a"],`+ids(`"` + x.resume + `"`)[1:])
		requests["letter: unknown language"] = x.post(resume+"/generate-cover-letter", `{"language":"`+marker+`"}`)
		requests["prompt: unknown"] = x.post("/api/v1/resumes/improve", `{"prompt_id":"`+marker+`",`+ids(`"` + x.resume + `"`)[1:])
		attacks := refused(http.StatusUnprocessableEntity, models.KindValidation, requests)
		return append(attacks,
			attack{name: "match: id null", request: x.post("/api/v1/match", ids("null")), status: http.StatusBadRequest, code: models.KindMissingResumeID},
			attack{name: "match: ids empty", request: x.post("/api/v1/match", ids(`""`)), status: http.StatusBadRequest, code: models.KindMissingResumeID},
			attack{name: "match: no job", request: x.post("/api/v1/match", `{"resume_id":"`+x.resume+`"}`), status: http.StatusBadRequest, code: models.KindMissingJobID},
		)
	})
}

// TestOddJSONIsTakenAsItStands holds what is odd, harmless and allowed.
func TestOddJSONIsTakenAsItStands(t *testing.T) {
	sections := `{"customSections":{"talks":{"sectionType":"text","text":"One"},"Talks":{"sectionType":"text","text":"Two"}}}`
	stored := func(x target, name, body, want string) attack {
		return attack{name: name, request: x.post(jobsPath, body), status: http.StatusOK, stores: true, check: func(t *testing.T, r Response) {
			t.Helper()
			assert.Contains(t, string(r.Body), want)
		}}
	}
	eachMode(t, func(x target) []attack {
		return []attack{
			{name: "sections whose keys differ by case", request: x.patch("/api/v1/resumes/"+x.resume, sections), status: http.StatusOK, stores: true},
			stored(x, "unknown fields", `{"job_descriptions":["Go developer"],"workspace_id":"`+marker+`","id":1e400}`, "job_id"),
			stored(x, "lone surrogate", `{"job_descriptions":["Go \ud800 developer"]}`, "Go \ufffd developer"),
			stored(x, "markup", `{"job_descriptions":["Go <script>alert(1)</script>"]}`, `\u003cscript\u003e`),
			stored(x, "right-to-left override", `{"job_descriptions":["Go \u202e developer"]}`, "Go \u202e developer"),
		}
	})
}
