package tasks_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/tasks"
	"resume-matcher/services/telemetry"
	"resume-matcher/services/telemetry/telemetrytest"
)

func TestOnlyUnforeseenFailuresAreReported(t *testing.T) {
	private := errors.New("Jane Example, 555-0100")
	for name, c := range map[string]struct {
		work     tasks.Handler
		reported string
	}{
		"success":        {nothing, ""},
		"will run again": {func(_ context.Context, j *tasks.Job) error { j.MaxAttempts = 2; return private }, ""},
		"foreseen": {func(context.Context, *tasks.Job) error {
			return models.WrapError(models.KindNoTextLayer, "A scan.", private)
		}, ""},
		"internal": {func(context.Context, *tasks.Job) error {
			return models.WrapError(models.KindInternal, "Sorry.", private)
		}, "*errors.errorString"},
		"unknown": {func(context.Context, *tasks.Job) error { return private }, "*errors.errorString"},
		"panic":   {func(context.Context, *tasks.Job) error { panic(private) }, "panic"},
	} {
		t.Run(name, func(t *testing.T) {
			sentry := telemetrytest.NewSentry(t)
			reporter, err := telemetry.NewReporter(sentry.DSN(), "test")
			require.NoError(t, err)
			w := newWorld(t)
			q := w.queue(func(o *tasks.Options) { o.Reporter = reporter })
			q.Handle(kind, c.work)
			w.add(q, func(task *tasks.Task) { task.MaxAttempts = 1 })
			w.round(q)
			reporter.Flush(t.Context())
			events := sentry.Events(t)
			if c.reported == "" {
				require.Empty(t, events)
				return
			}
			require.Len(t, events, 1)
			require.Equal(t, "task "+kind, events[0].Transaction)
			require.Equal(t, c.reported, events[0].Exception[0].Type)
			require.NotContains(t, sentry.Raw(), "Jane")
			require.NotContains(t, sentry.Raw(), w.workspace)
		})
	}
}
