// Package telemetrytest stands in for the servers that telemetry is sent to.
package telemetrytest

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// Collector takes spans as an OpenTelemetry collector does, by OTLP over HTTP.
type Collector struct {
	*httptest.Server
	// Status is what it answers; 0 means 200. Set it before spans are sent.
	Status int

	mu       sync.Mutex
	requests []*http.Request
	raw      []byte
	spans    []*tracepb.Span
}

// NewCollector serves a collector until the test ends.
func NewCollector(t testing.TB) *Collector {
	t.Helper()
	c := &Collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(c.take))
	t.Cleanup(c.Close)
	return c
}

func (c *Collector) take(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests = append(c.requests, r)
	body, err := gzip.NewReader(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	message, err := io.ReadAll(body)
	var data tracepb.TracesData
	if err != nil || proto.Unmarshal(message, &data) != nil {
		http.Error(w, "no spans", http.StatusBadRequest)
		return
	}
	c.raw = append(c.raw, message...)
	for _, resource := range data.GetResourceSpans() {
		for _, scope := range resource.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
	if c.Status != 0 {
		w.WriteHeader(c.Status)
	}
}

// Spans returns what came so far.
func (c *Collector) Spans() []*tracepb.Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]*tracepb.Span(nil), c.spans...)
}

// Raw returns every message as it came, one after the other.
func (c *Collector) Raw() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return string(c.raw)
}

// Requests returns the requests so far, their bodies read.
func (c *Collector) Requests() []*http.Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]*http.Request(nil), c.requests...)
}

// Attributes returns a span's attributes, all as texts.
func Attributes(span *tracepb.Span) map[string]string {
	out := map[string]string{}
	for _, attribute := range span.GetAttributes() {
		value := attribute.GetValue().GetStringValue()
		if value == "" {
			value = attribute.GetValue().String()
		}
		out[attribute.GetKey()] = value
	}
	return out
}
