// Package handlers is the HTTP side of the program: it binds requests, calls the services and writes their answers.
package handlers

import (
	"encoding/json"
	"net/http"
	"reflect"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"

	"resume-matcher/models"
)

// Route describes one endpoint; the OpenAPI document is made from it.
type Route struct {
	Method string
	// Path is in Gin's spelling ("/api/v1/jobs/:id"); Aliases are further paths of the same handler.
	Path    string
	Aliases []string
	// ID is the operation id, unique in the document.
	ID, Summary, Description, Tag string
	// Status is that of success; 0 means 200.
	Status int
	// Errors lists the failures of this endpoint; those every endpoint shares are added.
	Errors []models.Kind
	// Unlimited exempts the endpoint from the rate limit, and Limit names a limit of its own beside that of all requests.
	Unlimited bool
	Limit     LimitClass
	// Access is what it asks of who calls it.
	Access Access
}

// API registers Gin handlers and records the OpenAPI document they form; one call does both, so no route lacks its description.
type API struct {
	router    gin.IRouter
	failures  failures
	binder    binder
	document  *document
	heartbeat time.Duration
	runs      *runs
	unlimited map[string]bool
	limits    *rateLimits
	slots     *uploadSlots
	guard     *accessGuard
}

// Envelope is the shape of a successful answer; embed it to add fields beside data.
type Envelope[T any] struct {
	RequestID string `json:"request_id"`
	Data      T      `json:"data"`
}

// Data wraps an answer's data; the registrar fills the request id.
func Data[T any](data T) Envelope[T] { return Envelope[T]{Data: data} }

func (e *Envelope[T]) setRequestID(id string) { e.RequestID = id }

// Handle registers an endpoint that reads In and answers Out as JSON.
//
// Of In's fields, `uri` tags bind path parameters, `form` tags query parameters, and a field named Body the request's body:
// multipart/form-data if it holds a *multipart.FileHeader (by its `form` tags), JSON otherwise. `binding` tags validate and
// document; a `doc` tag is a description. An embedded Envelope in Out gets the request id.
func Handle[In, Out any](a *API, r Route, fn func(*gin.Context, In) (Out, error)) {
	h := func(c *gin.Context) {
		defer removeForm(c)
		var in In
		if err := a.binder.bind(c, &in); err != nil {
			a.failures.write(c, err)
			return
		}
		answerJSON(a, c, r.status(), in, fn)
		if r.Method == http.MethodDelete {
			// What was told of a thing that is gone must not be told again.
			a.runs.forgetEnded(workspaceOf(c))
		}
	}
	a.register(r, reflect.TypeFor[In](), contents{mimeJSON: reflect.TypeFor[Out]()}, h)
	a.answerHead(r, h)
}

// Send adds one event to a stream. It fails once nobody listens any more, and the handler should then return.
type Send[Event any] = func(e Event) error

// Stream registers an endpoint that answers In with server-sent events, all of type Event.
// An error before the first event is answered as any other, an error after it becomes a StreamError event.
//
// The handler gets a context that outlives the connection, as a client may come back with Last-Event-ID or a second one may
// listen: its request's context ends when nobody listens, and it has no writer.
func Stream[In, Event any](a *API, r Route, fn func(*gin.Context, In, Send[Event]) error) {
	a.register(r, reflect.TypeFor[In](), contents{mimeEvents: reflect.TypeFor[Event]()}, func(c *gin.Context) {
		defer removeForm(c)
		var in In
		if err := a.binder.bind(c, &in); err != nil {
			a.failures.write(c, err)
			return
		}
		a.answerEvents(c, in, eventsOf(in, fn))
	})
}

// StreamOption is embedded in the input of HandleOrStream.
type StreamOption struct {
	Stream bool `form:"stream" doc:"Answer with server-sent events instead of one JSON document."`
}

func (o StreamOption) streams() bool { return o.Stream }

// HandleOrStream registers one endpoint that answers as Handle, or as Stream when the client sends ?stream=true.
func HandleOrStream[In interface{ streams() bool }, Out, Event any](
	a *API, r Route, fn func(*gin.Context, In) (Out, error), stream func(*gin.Context, In, Send[Event]) error,
) {
	answers := contents{mimeJSON: reflect.TypeFor[Out](), mimeEvents: reflect.TypeFor[Event]()}
	a.register(r, reflect.TypeFor[In](), answers, func(c *gin.Context) {
		defer removeForm(c)
		var in In
		if err := a.binder.bind(c, &in); err != nil {
			a.failures.write(c, err)
			return
		}
		if in.streams() {
			a.answerEvents(c, in, eventsOf(in, stream))
			return
		}
		answerJSON(a, c, r.status(), in, fn)
	})
}

// Raw registers an endpoint without input whose handler writes its own answer of the given media type.
func Raw(a *API, r Route, mediaType string, fn gin.HandlerFunc) {
	a.register(r, reflect.TypeFor[struct{}](), contents{mediaType: nil}, fn)
	a.answerHead(r, fn)
}

// JSON returns the OpenAPI document: sorted keys, indented, UTF-8 without BOM or HTML escapes, ending in a newline.
func (a *API) JSON() ([]byte, error) { return a.document.json() }

// Document returns the OpenAPI document as a value of its own, ready to validate requests and responses.
func (a *API) Document() (*openapi3.T, error) { return a.document.load() }

// register panics on a wrong description, as Gin does on a wrong path: both are found by any test that builds the server.
func (a *API) register(r Route, in reflect.Type, out contents, h gin.HandlerFunc) {
	shape := a.binder.learn(in)
	for i, path := range append([]string{r.Path}, r.Aliases...) {
		a.document.add(r, i, path, shape, out)
		a.route(r, r.Method, path, h)
	}
}

func (a *API) route(r Route, method, path string, h gin.HandlerFunc) {
	if r.Limit == LimitUploads {
		a.router.Handle(method, path, a.slots.hold(a.failures), h)
	} else {
		a.router.Handle(method, path, h)
	}
	a.limits.classes[method+" "+path] = r.Limit
	a.unlimited[path] = r.Unlimited
	a.guard.rules[method+" "+path] = r.Access
}

// answerHead answers HEAD as GET without the body, which net/http leaves out: monitors ask so whether the server is well.
func (a *API) answerHead(r Route, h gin.HandlerFunc) {
	if r.Method != http.MethodGet {
		return
	}
	for _, path := range append([]string{r.Path}, r.Aliases...) {
		a.route(r, http.MethodHead, path, h)
	}
}

func (r Route) status() int {
	if r.Status == 0 {
		return http.StatusOK
	}
	return r.Status
}

func answerJSON[In, Out any](a *API, c *gin.Context, status int, in In, fn func(*gin.Context, In) (Out, error)) {
	out, err := fn(c, in)
	if err != nil {
		a.failures.write(c, err)
		return
	}
	if status == http.StatusNoContent {
		c.Status(status)
		c.Writer.WriteHeaderNow()
		return
	}
	if e, ok := any(&out).(interface{ setRequestID(string) }); ok {
		e.setRequestID(RequestID(c))
	}
	// Encoded before the status is written: what can't be encoded must be a 500, not a 200 without a body.
	body, err := json.Marshal(out)
	if err != nil {
		a.failures.write(c, models.WrapError(models.KindInternal, internalMessage, err))
		return
	}
	c.Data(status, mimeJSON+"; charset=utf-8", body)
}
