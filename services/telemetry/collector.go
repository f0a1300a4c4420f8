package telemetry

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"resume-matcher/models"
)

// collector sends spans by OTLP over HTTP. The SDK's own client would link gRPC, and use none of it.
type collector struct {
	address string
	headers http.Header
	http    *http.Client
	log     *slog.Logger
	// failing is set while the last export failed.
	failing atomic.Bool
}

func newCollector(o TracingOptions) (*collector, error) {
	base, err := url.Parse(o.Endpoint)
	if err != nil || base.Host == "" {
		return nil, models.NewError(models.KindValidation, "OTEL_EXPORTER_OTLP_ENDPOINT must be a URL such as http://127.0.0.1:4318.")
	}
	headers, err := parseHeaders(o.Headers)
	if err != nil {
		return nil, err
	}
	return &collector{
		address: base.JoinPath("v1", "traces").String(), headers: headers, log: o.Logger,
		http: &http.Client{
			Timeout: exportTimeout,
			// A collector elsewhere was not configured, and gets neither spans nor the headers' keys.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// parseHeaders reads pairs as OTEL_EXPORTER_OTLP_HEADERS has them.
func parseHeaders(text string) (http.Header, error) {
	headers := http.Header{}
	for pair := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, value, found := strings.Cut(pair, "=")
		decoded, err := url.PathUnescape(strings.TrimSpace(value))
		if name = strings.TrimSpace(name); !found || name == "" || err != nil || strings.ContainsAny(decoded, "\r\n") {
			return nil, models.NewError(models.KindValidation,
				"OTEL_EXPORTER_OTLP_HEADERS must be name=value pairs between commas, the values percent-encoded.")
		}
		headers.Set(name, decoded)
	}
	return headers, nil
}

// Start has nothing to open.
func (*collector) Start(context.Context) error { return nil }

// Stop frees the connections.
func (c *collector) Stop(context.Context) error {
	c.http.CloseIdleConnections()
	return nil
}

// UploadTraces sends spans once. Spans that can't be delivered are dropped, which the log says when it begins: the SDK
// would print a line for each batch, past the program's logger.
func (c *collector) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	err := c.send(ctx, spans)
	switch {
	case err == nil && c.failing.Swap(false):
		c.log.Info("traces reach the collector again")
	case err != nil && !c.failing.Swap(true):
		c.log.Warn("traces don't reach the collector and are dropped until they do", "error", err)
	}
	return nil
}

func (c *collector) send(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	// TracesData is on the wire what ExportTraceServiceRequest is.
	message, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: spans})
	if err != nil {
		return err
	}
	var body bytes.Buffer
	packed := gzip.NewWriter(&body)
	if _, err := packed.Write(message); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address, &body)
	if err != nil {
		return err
	}
	request.Header = c.headers.Clone()
	request.Header.Set("Content-Type", "application/x-protobuf")
	request.Header.Set("Content-Encoding", "gzip")
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("export spans: %w", withoutURL(err))
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, 64<<10) // so that the connection can be used again
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("export spans: the collector answered %d", response.StatusCode)
	}
	return nil
}

// withoutURL returns an error of net/http without the address, which may hold a key.
func withoutURL(err error) error {
	if wrapped, ok := err.(*url.Error); ok { //nolint:errorlint // that is what http.Client returns
		return wrapped.Err
	}
	return err
}
