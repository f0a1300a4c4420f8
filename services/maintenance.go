package services

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"resume-matcher/models"
	"resume-matcher/services/tasks"
)

const (
	// defaultCleanInterval is how often what has expired is removed if nothing else is said.
	defaultCleanInterval = 10 * time.Minute
	// retentionInterval is how often unused workspaces are looked for, retentionBatch how many are deleted at a time.
	retentionInterval = time.Hour
	retentionBatch    = 100
	// partTimeout bounds one part of a round; what is left is for the next one.
	partTimeout = 5 * time.Minute
)

// MaintenanceOptions say what is kept and how often that is looked after; zero values stand for ten minutes between two
// cleanings, and never for the rest.
type MaintenanceOptions struct {
	CleanInterval time.Duration
	// Retention is after what time without use a workspace is deleted.
	Retention time.Duration
	// Drift is checked at DriftInterval by one of the replicas, and in each round; nil means not at all.
	Drift         *Drift
	DriftInterval time.Duration
}

// Maintenance keeps the database from growing without end: as periodic tasks, once in each period whatever the number of
// replicas, or a round at a time for who schedules them.
type Maintenance struct {
	parts []maintenancePart
	log   *slog.Logger
}

// maintenancePart is work that may end at any point and goes on the next time; count is what it did or found.
type maintenancePart struct {
	name string
	// period is how often it is due; 0 means only in rounds.
	period time.Duration
	work   func(context.Context) (count int64, err error)
	// logged tells that work writes to the log itself what there is to say.
	logged bool
}

// MaintenanceReport tells what a round did, part by part.
type MaintenanceReport struct {
	Parts []MaintenanceResult
}

// MaintenanceResult is one part of a round.
type MaintenanceResult struct {
	Name string
	// Count is of what was deleted, done or, for the schema, found.
	Count int64
	Took  time.Duration
	// Failure is nil if the part did all there was to do.
	Failure *models.Error
}

// Failed counts the parts that did not do all there was to do.
func (r MaintenanceReport) Failed() int {
	n := 0
	for _, p := range r.Parts {
		if p.Failure != nil {
			n++
		}
	}
	return n
}

// newMaintenance hands the periodic parts to the queue.
func newMaintenance(o MaintenanceOptions, s *Services, now func() time.Time, log *slog.Logger) *Maintenance {
	if o.CleanInterval <= 0 {
		o.CleanInterval = defaultCleanInterval
	}
	m := &Maintenance{log: log, parts: []maintenancePart{
		{name: "cached_answers", period: o.CleanInterval, work: s.Answers.Clean},
		{name: "previews", period: o.CleanInterval, work: s.Tailoring.CleanPreviews},
	}}
	if o.Retention > 0 {
		m.parts = append(m.parts, maintenancePart{name: "unused_workspaces", period: retentionInterval, work: func(ctx context.Context) (int64, error) {
			return deleteUnused(ctx, s.Workspaces, now().Add(-o.Retention))
		}})
	}
	if o.Drift.active() {
		m.parts = append(m.parts, maintenancePart{name: "schema_findings", period: o.DriftInterval, logged: true, work: func(ctx context.Context) (int64, error) {
			report, err := o.Drift.Report(ctx, true)
			return int64(len(report.Findings)), err
		}})
	}
	for _, p := range m.parts {
		if p.period > 0 {
			s.Tasks.Every("maintenance."+p.name, p.period, m.task(p))
		}
	}
	// Last, so that the periodic tasks among those which are due find little to do.
	m.parts = append(m.parts, maintenancePart{name: "tasks", work: func(ctx context.Context) (int64, error) {
		n, err := s.Tasks.RunOnce(ctx)
		return int64(n), err
	}})
	return m
}

func (m *Maintenance) task(p maintenancePart) tasks.Handler {
	return func(ctx context.Context, _ *tasks.Job) error {
		count, err := p.work(ctx)
		if err == nil && count > 0 && !p.logged {
			m.log.Info("did maintenance", "part", p.name, "count", count)
		}
		return err
	}
}

// Round does all maintenance once, and the tasks that are due. It may run at several places at once. A part that fails or
// takes too long doesn't keep the others from theirs: the time until ctx ends is shared among them.
func (m *Maintenance) Round(ctx context.Context) MaintenanceReport {
	var report MaintenanceReport
	for i, p := range m.parts {
		share := partTimeout
		if end, ok := ctx.Deadline(); ok {
			share = min(share, time.Until(end)/time.Duration(len(m.parts)-i))
		}
		report.Parts = append(report.Parts, m.do(ctx, p, share))
	}
	return report
}

func (m *Maintenance) do(ctx context.Context, p maintenancePart, share time.Duration) MaintenanceResult {
	ctx, cancel := context.WithTimeout(ctx, share)
	defer cancel()
	began := time.Now()
	count, err := p.work(ctx)
	result := MaintenanceResult{Name: p.name, Count: count, Took: time.Since(began)}
	if err == nil {
		return result
	}
	result.Failure = maintenanceFailure(err)
	// Here and not where the report is written, because only the log may tell the cause.
	m.log.Warn("a part of the maintenance was not completed", "part", p.name, "count", count, "error", err)
	return result
}

func maintenanceFailure(err error) *models.Error {
	var known *models.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return models.NewError(models.KindUnavailable, "There was not enough time for all of it. The next round goes on.")
	case errors.As(err, &known):
		return known
	}
	return models.NewError(models.KindInternal, "It failed for a reason inside the program; the log tells it.")
}

// deleteUnused deletes the workspaces nobody used since a time, a few in each transaction.
func deleteUnused(ctx context.Context, w *Workspaces, before time.Time) (int64, error) {
	var deleted int64
	for {
		n, err := w.DeleteUnused(ctx, before, retentionBatch)
		deleted += int64(n)
		if err != nil || n < retentionBatch {
			return deleted, err
		}
	}
}
