package handlers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"resume-matcher/models"
)

const documentDescription = "Reads a résumé and a job posting, says with evidence how well they match, and helps to tailor the résumé.\n\n" +
	"Every answer carries `X-Request-ID`; every failure has the body `ErrorBody`, whose `error.code` is stable.\n\n" +
	"Requests are limited in windows of time by workspace, or by client address without one: all of them, and within that uploads " +
	"and what a language model can be asked for. `X-RateLimit-Limit`, `-Remaining` and `-Reset` (Unix seconds) tell of the limit " +
	"that is nearest; `RATE_LIMITED`, and `SERVICE_UNAVAILABLE` of an upload, come with `Retry-After` in seconds."

// document collects the OpenAPI description of the endpoints as they are registered.
type document struct {
	doc     *openapi3.T
	schemas schemas
}

// contents is an answer's Go type by media type; nil stands for text, or a JSON object, of no schema.
type contents map[string]reflect.Type

func newDocument(version string) *document {
	components := openapi3.Schemas{}
	return &document{
		schemas: newSchemas(components),
		doc: &openapi3.T{
			OpenAPI: "3.0.3",
			Info: &openapi3.Info{
				Title: "Resume Matcher", Version: version, Description: documentDescription,
				License: &openapi3.License{Name: "MIT", URL: "https://opensource.org/license/mit"},
			},
			Paths:      openapi3.NewPaths(),
			Components: &openapi3.Components{Schemas: components, SecuritySchemes: securitySchemes()},
		},
	}
}

// add describes one path of a route; alias 0 is the main path.
func (d *document) add(r Route, alias int, path string, in shape, out contents) {
	op := &openapi3.Operation{OperationID: r.ID, Summary: r.Summary, Description: r.Description, Tags: []string{r.Tag}}
	if alias > 0 {
		op.OperationID += "Alias" + strconv.Itoa(alias)
	}
	if d.doc.Tags.Get(r.Tag) == nil { // listed in the order of the routes, which is how the docs page shows them
		d.doc.Tags = append(d.doc.Tags, &openapi3.Tag{Name: r.Tag})
	}
	for _, f := range in.params {
		op.AddParameter(d.parameter(f))
	}
	if _, streams := out[mimeEvents]; streams {
		op.AddParameter(lastEventParameter(openapi3.NewHeaderParameter(headerLastEventID)))
		op.AddParameter(lastEventParameter(openapi3.NewQueryParameter(queryLastEventID)))
	}
	if in.body != nil {
		content := openapi3.Content{in.mediaType: {Schema: d.body(in)}}
		op.RequestBody = &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithRequired(!in.optionalBody()).WithContent(content)}
	}
	op.Security = securityOf(r.Access)
	op.Responses = openapi3.NewResponsesWithCapacity(8)
	d.answer(op, r.status(), "", d.contents(r, out))
	if _, streams := out[mimeEvents]; streams {
		d.answer(op, http.StatusNoContent, "Nothing follows the event that "+headerLastEventID+" names.", nil)
	}
	for status, kinds := range byStatus(failuresOf(r, in)) {
		d.answer(op, status, strings.Join(kinds, ", "), d.contents(r, contents{mimeJSON: reflect.TypeFor[ErrorBody]()}))
	}
	d.doc.AddOperation(ginParameter.ReplaceAllString(path, "{$1}"), r.Method, op)
}

// The names of the security schemes.
const (
	schemeBearer  = "bearer"
	schemeSession = "session"
)

func securitySchemes() openapi3.SecuritySchemes {
	bearer := openapi3.NewSecurityScheme().WithType("http").WithScheme("bearer").
		WithDescription("A session's token, an API token, or a token of the configured identity provider. A server of one local workspace asks for none.")
	session := openapi3.NewSecurityScheme().WithType("apiKey").WithIn("cookie").WithName("__Host-rm_session").
		WithDescription("The cookie that POST /api/v1/session sets.")
	return openapi3.SecuritySchemes{
		schemeBearer:  &openapi3.SecuritySchemeRef{Value: bearer},
		schemeSession: &openapi3.SecuritySchemeRef{Value: session},
	}
}

// securityOf lists the alternatives; an empty one means that a request needs no credential.
func securityOf(level Access) *openapi3.SecurityRequirements {
	bearer, session := openapi3.NewSecurityRequirement().Authenticate(schemeBearer), openapi3.NewSecurityRequirement().Authenticate(schemeSession)
	switch level {
	case AccessPublic:
		return openapi3.NewSecurityRequirements()
	case AccessAdmin:
		return openapi3.NewSecurityRequirements().With(bearer)
	case AccessOptional:
		return openapi3.NewSecurityRequirements().With(bearer).With(session).With(openapi3.NewSecurityRequirement())
	}
	return openapi3.NewSecurityRequirements().With(bearer).With(session)
}

var ginParameter = regexp.MustCompile(`[:*](\w+)`)

// failuresOf adds to a route's own failures those that its input and the middleware can cause.
func failuresOf(r Route, in shape) []models.Kind {
	kinds := append(slices.Clone(r.Errors), models.KindInternal, models.KindUnavailable)
	if r.Access != AccessPublic {
		kinds = append(kinds, models.KindUnauthorized, models.KindForbidden)
	}
	if !r.Unlimited || r.Access != AccessPublic {
		kinds = append(kinds, models.KindRateLimited)
	}
	if in.body != nil {
		kinds = append(kinds, models.KindMissingContentType, models.KindUnsupportedContentType)
	}
	switch in.mediaType {
	case mimeJSON:
		kinds = append(kinds, models.KindJSONTooLarge)
	case mimeMultipart:
		kinds = append(kinds, models.KindFileTooLarge)
	}
	if in.body != nil || len(in.params) > 0 {
		kinds = append(kinds, models.KindValidation)
	}
	return kinds
}

func byStatus(kinds []models.Kind) map[int][]string {
	statuses := map[int][]string{}
	slices.Sort(kinds)
	for _, kind := range slices.Compact(kinds) {
		statuses[statusOf(kind)] = append(statuses[statusOf(kind)], string(kind))
	}
	return statuses
}

func (d *document) answer(op *openapi3.Operation, status int, description string, content openapi3.Content) {
	if description == "" {
		description = http.StatusText(status)
	}
	op.Responses.Set(strconv.Itoa(status), &openapi3.ResponseRef{Value: &openapi3.Response{Description: &description, Content: content}})
}

func (d *document) contents(r Route, out contents) openapi3.Content {
	content := openapi3.Content{}
	for mediaType, t := range out {
		switch {
		case t == nil && mediaType == mimeJSON:
			content[mediaType] = &openapi3.MediaType{Schema: openapi3.NewObjectSchema().NewRef()}
		case t == nil:
			content[mediaType] = &openapi3.MediaType{Schema: openapi3.NewStringSchema().NewRef()}
		case mediaType == mimeEvents:
			events := openapi3.NewSchema()
			events.AnyOf = openapi3.SchemaRefs{d.schemas.output(t), d.schemas.output(reflect.TypeFor[StreamError]())}
			events.Description = "The data of each event."
			content[mediaType] = &openapi3.MediaType{Schema: events.NewRef()}
		case r.status() != http.StatusNoContent || t == reflect.TypeFor[ErrorBody]():
			content[mediaType] = &openapi3.MediaType{Schema: d.schemas.output(t)}
		}
	}
	return content
}

func (d *document) parameter(f reflect.StructField) *openapi3.Parameter {
	var p *openapi3.Parameter
	if name := f.Tag.Get("uri"); name != "" {
		p = openapi3.NewPathParameter(name)
	} else {
		p = openapi3.NewQueryParameter(f.Tag.Get("form")).WithRequired(hasRule(f.Tag, "required"))
	}
	p.Description = f.Tag.Get("doc")
	p.Schema = d.schemas.field(f)
	return p
}

func lastEventParameter(p *openapi3.Parameter) *openapi3.Parameter {
	p.Schema = openapi3.NewStringSchema().NewRef()
	return p.WithDescription("The id of the last event that arrived, to hear the rest of a stream that broke off: sent with " +
		"the same request, within seconds while the stream lasts and two minutes after its end. Otherwise the request starts anew.")
}

// body is the schema of a request's body; a form has no schema of its own, as its file is no JSON value.
func (d *document) body(in shape) *openapi3.SchemaRef {
	if in.mediaType == mimeJSON {
		return d.schemas.input(in.body.Type)
	}
	form := openapi3.NewObjectSchema()
	for _, f := range reflect.VisibleFields(in.body.Type) {
		name := f.Tag.Get("form")
		if name == "" {
			continue
		}
		form.WithPropertyRef(name, d.schemas.field(f))
		if hasRule(f.Tag, "required") {
			form.Required = append(form.Required, name)
		}
	}
	return form.NewRef()
}

// json goes through plain maps, whose keys encoding/json sorts.
func (d *document) json() ([]byte, error) {
	raw, err := json.Marshal(d.doc)
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var plain map[string]any
	if err := dec.Decode(&plain); err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(plain); err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	return out.Bytes(), nil
}

// load reads the document back, which resolves its references.
func (d *document) load() (*openapi3.T, error) {
	raw, err := d.json()
	if err != nil {
		return nil, err
	}
	return openapi3.NewLoader().LoadFromData(raw)
}
