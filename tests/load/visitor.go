package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"resume-matcher/tests/program"
	"resume-matcher/tests/samples"
)

// backoff is how long a visitor waits who was told to come back later; less than it is told, to keep up the pressure.
const backoff = 250 * time.Millisecond

// visitor is a person with a workspace and one connection.
type visitor struct {
	client  *program.Client
	figures *figures
	number  int
	address string
	// resumes and jobs are the ids of those that are ready; documents counts the résumés made up so far.
	resumes, jobs []string
	documents     int
}

func newVisitor(url string, number int, figures *figures) *visitor {
	return &visitor{
		client: program.NewClient(url, 1, requestTimeout), figures: figures, number: number,
		address: fmt.Sprintf("198.18.%d.%d", number/250, 1+number%250),
	}
}

// visit sends one request after another until ctx ends.
func (v *visitor) visit(ctx context.Context) {
	defer v.client.HTTP.CloseIdleConnections()
	for ctx.Err() == nil {
		if !v.step(ctx) {
			time.Sleep(backoff)
		}
	}
}

// step sends one request and tells whether it was served. What a visitor needs comes first: a session, a résumé, a job.
func (v *visitor) step(ctx context.Context) bool {
	switch {
	case v.client.Token == "":
		return v.open(ctx)
	case len(v.resumes) == 0:
		return v.upload(ctx)
	case len(v.jobs) == 0:
		return v.post(ctx)
	}
	switch share := rand.IntN(100); {
	case share < 12:
		return v.upload(ctx)
	case share < 17:
		return v.post(ctx)
	case share < 37:
		return v.match(ctx)
	case share < 55:
		return v.get(ctx, "GET resume", "/api/v1/resumes?resume_id="+pick(v.resumes))
	case share < 70:
		return v.get(ctx, "GET list", "/api/v1/resumes/list")
	case share < 80:
		return v.get(ctx, "GET status", "/api/v1/status")
	case share < 90:
		return v.get(ctx, "GET healthz", "/healthz")
	case share < 95:
		return v.get(ctx, "GET job", "/api/v1/jobs/"+pick(v.jobs))
	case share < 98:
		return v.get(ctx, "GET docs", "/docs")
	}
	return v.get(ctx, "GET openapi", "/openapi.json")
}

func pick(ids []string) string { return ids[rand.IntN(len(ids))] }

// send sends a request whose answer is noted; ok tells whether it was a success.
func (v *visitor) send(ctx context.Context, route string, r program.Request) (answer program.Answer, ok bool) {
	r.Header = http.Header{"X-Forwarded-For": {v.address}}
	// A request that was begun is waited for: cutting it off would be noted as its failure.
	answer, err := v.client.Send(context.WithoutCancel(ctx), r)
	v.figures.note(route, answer, err)
	return answer, err == nil && answer.Status < http.StatusBadRequest
}

func (v *visitor) get(ctx context.Context, route, path string) bool {
	_, ok := v.send(ctx, route, program.Request{Method: http.MethodGet, Path: path})
	return ok
}

func (v *visitor) open(ctx context.Context) bool {
	answer, ok := v.send(ctx, "POST session", program.Request{Method: http.MethodPost, Path: "/api/v1/session"})
	var session struct {
		Token string `json:"token"`
	}
	if ok = ok && json.Unmarshal(answer.Body, &session) == nil && session.Token != ""; ok {
		v.client.Token = session.Token
	}
	return ok
}

// upload sends a new résumé or, one time in three, one that was sent before; one in forty is a PDF, every other deferred.
func (v *visitor) upload(ctx context.Context) bool {
	n, again := v.documents, v.documents > 0 && rand.IntN(3) == 0
	if again {
		n = rand.IntN(n)
	}
	deferred := n%2 == 1
	doc := samples.Markdown(n*10_000 + v.number)
	if (n+v.number)%40 == 39 {
		doc = samples.PDF(n*10_000 + v.number)
	}
	answer, ok := v.send(ctx, "POST upload", program.Upload(doc.Name, doc.Data, deferred))
	if !ok || again {
		return ok
	}
	v.documents++
	id, err := answer.ResumeID()
	if err == nil && !deferred {
		v.resumes = append(v.resumes, id)
	}
	return err == nil
}

func (v *visitor) post(ctx context.Context) bool {
	answer, ok := v.send(ctx, "POST job", asJSON("/api/v1/jobs/upload", map[string]any{
		"job_descriptions": []string{samples.Posting(rand.IntN(50))},
	}))
	var posted struct {
		IDs []string `json:"job_id"`
	}
	if ok = ok && json.Unmarshal(answer.Body, &posted) == nil; ok {
		v.jobs = append(v.jobs, posted.IDs...)
	}
	return ok
}

func (v *visitor) match(ctx context.Context) bool {
	_, ok := v.send(ctx, "POST match", asJSON("/api/v1/match", map[string]string{"resume_id": pick(v.resumes), "job_id": pick(v.jobs)}))
	return ok
}

func asJSON(path string, body any) program.Request {
	content, err := json.Marshal(body)
	if err != nil {
		panic(err) // strings always encode
	}
	return program.Request{Method: http.MethodPost, Path: path, ContentType: "application/json", Body: content}
}
