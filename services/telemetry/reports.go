package telemetry

import (
	"context"
	"errors"
	"time"

	"github.com/getsentry/sentry-go"

	"resume-matcher/models"
)

const (
	// maxQueuedReports wait for a Sentry that is slow or away; more are dropped.
	maxQueuedReports = 100
	reportTimeout    = 5 * time.Second
)

// Incident is an unexpected error: a defect of the program, or something it needs that fails.
type Incident struct {
	Kind models.Kind
	// Method and Route are those of a request, Task is the kind of a task.
	Method, Route, Task string
	RequestID           string
	Err                 error
}

// Reporter sends incidents to Sentry; a nil Reporter sends none.
type Reporter struct{ client *sentry.Client }

// NewReporter returns a reporter for a release, or nil without a DSN. Its error does not hold the DSN.
func NewReporter(dsn, release string) (*Reporter, error) {
	if dsn == "" {
		return nil, nil
	}
	invalid := models.NewError(models.KindValidation, "SENTRY_DSN must be the DSN of a Sentry project, such as https://key@sentry.example.com/1.")
	if _, err := sentry.NewDsn(dsn); err != nil {
		return nil, invalid
	}
	transport := sentry.NewHTTPTransport()
	transport.BufferSize, transport.Timeout = maxQueuedReports, reportTimeout
	client, err := sentry.NewClient(sentry.ClientOptions{
		Dsn: dsn, Release: "resume-matcher@" + release, Transport: transport,
		DisableTelemetryBuffer: true, DisableClientReports: true, MaxBreadcrumbs: -1,
		// The integrations describe the machine and copy the environment.
		Integrations: func([]sentry.Integration) []sentry.Integration { return nil },
		BeforeSend:   func(e *sentry.Event, _ *sentry.EventHint) *sentry.Event { return scrub(e) },
	})
	if err != nil {
		return nil, invalid
	}
	return &Reporter{client}, nil
}

// Report queues an incident with the stack of its caller, or of the panic it was; it never waits. The
// error's text stays here, for it may quote what was worked on: its types tell what failed.
func (r *Reporter) Report(i Incident) {
	if r == nil {
		return
	}
	stack := sentry.NewStacktrace()
	if caught, ok := errors.AsType[*panicError](i.Err); ok {
		stack = sentry.ExtractStacktrace(caught)
	}
	event := sentry.NewEvent()
	event.Level = sentry.LevelError
	event.Transaction = i.Route
	if i.Task != "" {
		event.Transaction = "task " + i.Task
	}
	event.Tags = map[string]string{"kind": string(i.Kind)}
	for name, value := range map[string]string{"method": i.Method, "route": i.Route, "task": i.Task, "request_id": i.RequestID} {
		if value != "" {
			event.Tags[name] = value
		}
	}
	event.Exception = []sentry.Exception{{Type: causeType(i.Err), Value: string(i.Kind), Stacktrace: stack}}
	r.client.CaptureEvent(event, nil, nil)
}

// Flush sends what is queued until ctx ends, and then stops.
func (r *Reporter) Flush(ctx context.Context) {
	if r == nil {
		return
	}
	r.client.FlushWithContext(ctx)
	r.client.Close()
}

// scrub removes what the client adds of its own accord: the host's name can be a person's, and nothing else is wanted.
func scrub(e *sentry.Event) *sentry.Event {
	e.ServerName, e.User, e.Request, e.Breadcrumbs, e.Modules, e.Contexts = "", sentry.User{}, nil, nil, nil, nil
	for _, exception := range e.Exception {
		if exception.Stacktrace == nil {
			continue
		}
		for i := range exception.Stacktrace.Frames {
			frame := &exception.Stacktrace.Frames[i]
			// The path of the sources on the machine that built the program; the package tells as much.
			frame.AbsPath, frame.Vars = "", nil
		}
	}
	return e
}
