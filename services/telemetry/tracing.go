// Package telemetry shows operators what the program does: traces for an OpenTelemetry collector, and reports of
// unexpected errors for Sentry. Neither holds an id, a text or an address of a person.
package telemetry

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

const (
	serviceName = "resume-matcher"
	// scope names who makes the spans.
	scope = "resume-matcher"

	// What waits for a collector that is slow or away; more is dropped, as no request waits for it.
	maxQueuedSpans = 2048
	maxBatchSpans  = 512
	exportInterval = 5 * time.Second
	exportTimeout  = 10 * time.Second
)

// TracingOptions say where traces go.
type TracingOptions struct {
	// Endpoint is the base URL of a collector; empty means no traces.
	Endpoint string
	// Headers go with each export: name=value pairs between commas, the values percent-encoded.
	Headers string
	// Ratio is the share of the requests that are traced, from 0 to 1; one that is part of a trace already follows it.
	Ratio   float64
	Version string
	Logger  *slog.Logger
}

// Tracing makes and sends traces; a nil Tracing does neither.
type Tracing struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
}

// NewTracing starts sending, or returns nil without an endpoint. Beside its options, the SDK reads OTEL_SERVICE_NAME and
// OTEL_RESOURCE_ATTRIBUTES itself.
func NewTracing(ctx context.Context, o TracingOptions) (*Tracing, error) {
	if o.Endpoint == "" {
		return nil, nil
	}
	client, err := newCollector(o)
	if err != nil {
		return nil, err
	}
	exporter, err := otlptrace.New(ctx, client)
	if err != nil {
		return nil, err
	}
	// Neither host, process nor user: a trace tells of the program, not of the machine it runs on.
	described, err := resource.New(ctx, resource.WithTelemetrySDK(),
		resource.WithAttributes(semconv.ServiceName(serviceName), semconv.ServiceVersion(o.Version)), resource.WithFromEnv())
	if err != nil {
		return nil, err
	}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithResource(described),
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(o.Ratio))),
		sdktrace.WithBatcher(exporter, sdktrace.WithMaxQueueSize(maxQueuedSpans), sdktrace.WithMaxExportBatchSize(maxBatchSpans),
			sdktrace.WithBatchTimeout(exportInterval), sdktrace.WithExportTimeout(exportTimeout)),
	)
	return &Tracing{provider: provider, tracer: provider.Tracer(scope)}, nil
}

// Shutdown sends what is left until ctx ends.
func (t *Tracing) Shutdown(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}

// Request begins the span of an HTTP request as part of the trace that its traceparent header names. Only the route's
// template is noted; end takes the answer's status.
func (t *Tracing) Request(ctx context.Context, header http.Header, method, route string) (_ context.Context, end func(status int)) {
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(header))
	ctx, span := t.tracer.Start(ctx, method+" "+route, trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(semconv.HTTPRequestMethodKey.String(method), semconv.HTTPRoute(route)))
	return ctx, func(status int) {
		span.SetAttributes(semconv.HTTPResponseStatusCode(status))
		if status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// Task begins the span of an attempt at a task. Inline work stays in the trace of the request it belongs to; other work
// is a trace of its own, as its request may have been answered long ago.
func (t *Tracing) Task(ctx context.Context, kind string, attempt int64) (context.Context, trace.Span) {
	if t == nil {
		return ctx, noop.Span{}
	}
	return t.tracer.Start(ctx, "task "+kind, trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(
		attribute.String("resume_matcher.task.kind", kind), attribute.Int64("resume_matcher.task.attempt", attempt)))
}

// Start begins a span within the one of ctx. Where none is recorded it does nothing.
func Start(ctx context.Context, name string, attributes ...attribute.KeyValue) (context.Context, trace.Span) {
	return start(ctx, name, trace.SpanKindInternal, attributes)
}

func start(ctx context.Context, name string, kind trace.SpanKind, attributes []attribute.KeyValue) (context.Context, trace.Span) {
	parent := trace.SpanFromContext(ctx)
	if !parent.IsRecording() {
		return ctx, noop.Span{}
	}
	return parent.TracerProvider().Tracer(scope).Start(ctx, name, trace.WithSpanKind(kind), trace.WithAttributes(attributes...))
}

// StartModelCall begins the span of a call of a language model. Of what it asks only the prompt's kind is noted; end takes
// the tokens the provider counted.
func StartModelCall(ctx context.Context, operation, provider, model, promptKind string) (_ context.Context, end func(input, output int64, err error)) {
	ctx, span := start(ctx, operation+" "+model, trace.SpanKindClient, []attribute.KeyValue{
		attribute.String("gen_ai.operation.name", operation), attribute.String("gen_ai.provider.name", provider),
		attribute.String("gen_ai.request.model", model), attribute.String("resume_matcher.prompt.kind", promptKind),
	})
	return ctx, func(input, output int64, err error) {
		span.SetAttributes(attribute.Int64("gen_ai.usage.input_tokens", input), attribute.Int64("gen_ai.usage.output_tokens", output))
		End(span, err)
	}
}

// End ends a span, as failed if err is not nil. Of err only its type is noted: its text may quote what was worked on.
func End(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, "")
		span.SetAttributes(semconv.ErrorTypeKey.String(ErrorType(err)))
	}
	span.End()
}

// TraceID returns the id of the trace that ctx is part of, or "" if nobody keeps it.
func TraceID(ctx context.Context) string {
	if s := trace.SpanContextFromContext(ctx); s.IsSampled() {
		return s.TraceID().String()
	}
	return ""
}
