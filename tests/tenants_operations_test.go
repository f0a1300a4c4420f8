package tests

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
	"resume-matcher/models"
)

// attempt is a request that names something by its id. Placeholders stand for ids: {a.…} for another workspace's, {b.…}
// for the sender's own.
type attempt struct {
	// path fills the address's parameters, between slashes and in their order.
	path, query, body string
	// code is what a foreign id is answered with, RESUME_NOT_FOUND if empty; harmless means a success that did nothing.
	code models.Kind
}

const harmless models.Kind = "harmless"

// eitherForeign are the pairs of which one or both are another workspace's.
func eitherForeign(rest string) []attempt {
	return []attempt{
		{body: `{"resume_id": "{a.resume}", "job_id": "{b.job}"` + rest + `}`},
		{body: `{"resume_id": "{a.resume}", "job_id": "{a.job}"` + rest + `}`},
		{body: `{"resume_id": "{b.resume}", "job_id": "{a.job}"` + rest + `}`, code: models.KindJobNotFound},
	}
}

// letterAttempts name a résumé in the address and a job in the body.
func letterAttempts() []attempt {
	return []attempt{
		{path: "{a.tailored}", body: `{"job_id": "{b.job}"}`},
		{path: "{a.tailored}", body: `{"job_id": "{a.job}"}`},
		{path: "{b.tailored}", body: `{"job_id": "{a.job}"}`, code: models.KindJobNotFound},
	}
}

// takingIDs holds the operations that take ids, by operation id.
func takingIDs() map[string][]attempt {
	return map[string][]attempt{
		"getResume":           {{query: "resume_id={a.resume}"}, {query: "resume_id={a.tailored}"}, {query: "resume_id={a.deferred}"}},
		"updateResume":        {{path: "{a.resume}", body: `{"summary": "Written over."}`}},
		"renameResume":        {{path: "{a.resume}", body: `{"title": "Written over"}`}},
		"deleteResume":        {{path: "{a.resume}"}, {path: "{a.tailored}"}},
		"retryResume":         {{path: "{a.resume}"}, {path: "{a.deferred}", query: "defer=true"}},
		"getResumeProgress":   {{path: "{a.resume}"}, {path: "{a.deferred}"}},
		"getJobDescription":   {{path: "{a.tailored}"}},
		"rankJobs":            {{path: "{a.resume}"}},
		"improveResume":       eitherForeign(""),
		"previewImprovement":  eitherForeign(""),
		"confirmImprovement":  eitherForeign(`, "change_ids": ["{b.change}"]`),
		"match":               eitherForeign(""),
		"generateCoverLetter": letterAttempts(),
		"generateOutreach":    letterAttempts(),
		"setCoverLetter":      {{path: "{a.tailored}", body: `{"content": "Written over."}`}},
		"setOutreachMessage":  {{path: "{a.tailored}", body: `{"content": "Written over."}`}},
		"uploadJobs":          {{body: `{"job_descriptions": ["A posting for a Go developer"], "resume_id": "{a.resume}"}`}},
		"getJob":              {{query: "job_id={a.job}", code: models.KindJobNotFound}},
		"getJobById":          {{path: "{a.job}", code: models.KindJobNotFound}},
		"deleteCacheEntity":   {{path: "resume/{a.resume}", code: harmless}, {path: "job/{a.job}", code: harmless}},
		"deleteCacheKey":      {{path: "{a.key}", code: harmless}},
	}
}

// takingNone lists the operations that take no ids; deleteWorkspace stands last, as nothing works after it.
func takingNone() []string {
	return []string{
		"whoami", "status", "llmMetrics", "listResumes", "uploadResume", "getWorkspace", "exportWorkspace", "startSession",
		"health", "healthz", "ping", "docs", "openapi", "metrics", "schemaDrift", "cleanup", "deleteWorkspace",
	}
}

// publicOperations need no credential, adminOperations one of an administrator. All others need a workspace's.
func publicOperations() []string {
	return []string{"health", "healthz", "ping", "docs", "openapi", "startSession"}
}

func adminOperations() []string { return []string{"metrics", "schemaDrift", "cleanup"} }

// operation is one method at one address of the OpenAPI document.
type operation struct {
	id, method, path string
	described        *openapi3.Operation
}

// operations returns what the server's own document describes, aliases under the id of their main path.
func operations(t *testing.T, s *Server) []operation {
	t.Helper()
	server, ok := s.handler.(*handlers.Server)
	require.True(t, ok)
	doc, err := server.API().Document()
	require.NoError(t, err)
	var all []operation
	for path, item := range doc.Paths.Map() {
		for method, described := range item.Operations() {
			id := regexp.MustCompile(`Alias\d+$`).ReplaceAllString(described.OperationID, "")
			all = append(all, operation{id, method, path, described})
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all
}

func (o operation) name() string { return o.method + " " + o.path }

// streams tells whether the operation can answer with events.
func (o operation) streams() bool {
	return o.described.Parameters.GetByInAndName(openapi3.ParameterInQuery, "stream") != nil
}

// idPlaces returns where the operation takes ids: names of parameters and of the body's fields.
func (o operation) idPlaces() []string {
	isID := regexp.MustCompile(`^(.+_)?(id|ids|key|keys)$`)
	// A way to tailor, the changes of a preview of the same body's pair, and the sender's own stream.
	other := []string{"prompt_id", "change_ids", "last_event_id"}
	places := []string{}
	add := func(name string) {
		if isID.MatchString(name) && !slices.Contains(other, name) {
			places = append(places, name)
		}
	}
	for _, p := range o.described.Parameters {
		add(p.Value.Name)
	}
	if o.described.RequestBody != nil {
		for _, media := range o.described.RequestBody.Value.Content {
			for name := range media.Schema.Value.Properties {
				add(name)
			}
		}
	}
	return places
}

// names tells what an attempt puts at a place.
func (a attempt) names(o operation, place string) string {
	values := strings.Split(a.path, "/")
	for i, name := range pathParameters(o.path) {
		if name == place && i < len(values) {
			return values[i]
		}
	}
	if query, err := url.ParseQuery(a.query); err == nil && query.Has(place) {
		return query.Get(place)
	}
	var body map[string]any
	_ = json.Unmarshal([]byte(a.body), &body)
	value, _ := body[place].(string)
	return value
}

func pathParameters(path string) []string {
	var names []string
	for _, match := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1) {
		names = append(names, match[1])
	}
	return names
}

// prepared is a request with its ids.
type prepared struct {
	method, target, contentType, body string
}

// prepare puts the ids of a and b in place of the placeholders.
func (o operation) prepare(a attempt, from, to *tenant) prepared {
	target, values := o.path, strings.Split(a.path, "/")
	for i, name := range pathParameters(o.path) {
		target = strings.ReplaceAll(target, "{"+name+"}", values[i])
	}
	if a.query != "" {
		target += "?" + a.query
	}
	r := strings.NewReplacer(append(from.placeholders("a"), to.placeholders("b")...)...)
	p := prepared{method: o.method, target: r.Replace(target), body: r.Replace(a.body)}
	if a.body != "" {
		p.contentType = "application/json"
	}
	return p
}

// streamed is the same request for events.
func (p prepared) streamed() prepared {
	separator := "?"
	if strings.Contains(p.target, "?") {
		separator = "&"
	}
	p.target += separator + "stream=true"
	return p
}
