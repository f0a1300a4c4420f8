package services

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"resume-matcher/models"
	"resume-matcher/services/schema"
)

// DriftPolicy says what schema drift means for the running program.
type DriftPolicy string

// The policies: look away, tell, or answer nothing while the schema is not what it should be.
const (
	DriftOff    DriftPolicy = "off"
	DriftWarn   DriftPolicy = "warn"
	DriftStrict DriftPolicy = "strict"
)

// driftTimeout bounds one check, the wait for other replicas included.
const driftTimeout = time.Minute

// driftLock is the advisory lock that lets one replica check at a time; the number is only this program's own.
const driftLock = 7_302_914_405_512_087_431

// DriftOptions configure the watch over the schema.
type DriftOptions struct {
	Policy  DriftPolicy
	Dialect models.Dialect
	// Interval is the time between two checks; 0 means one check at the start.
	Interval time.Duration
	// Open connects to the database for one check, on Postgres past any transaction pooler.
	Open   func(context.Context) (*sql.DB, error)
	Logger *slog.Logger
}

// Drift watches whether models, migrations and the live database agree; a nil Drift knows nothing and objects to nothing.
type Drift struct {
	options DriftOptions
	// checking lets one check run at a time in this process.
	checking chan struct{}

	mu   sync.Mutex
	last *schema.Report
	// agreed tells that a check of this process has found no drift.
	agreed bool
}

// NewDrift returns a watch that has checked nothing yet.
func NewDrift(o DriftOptions) *Drift {
	return &Drift{options: o, checking: make(chan struct{}, 1)}
}

// Watch checks at once and then every interval, with a tenth of it as jitter so that replicas spread, until ctx ends.
func (d *Drift) Watch(ctx context.Context) {
	if d.options.Policy == DriftOff {
		return
	}
	for {
		// A failed check is in the report and the log; the next one may succeed.
		_, _ = d.Report(ctx, true)
		if d.options.Interval <= 0 {
			return
		}
		wait := d.options.Interval + rand.N(d.options.Interval/10+1)
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// Report returns the last report, or makes a new one when there is none or refresh asks for it.
// A check that could not be made is an error and leaves the last report as it was.
func (d *Drift) Report(ctx context.Context, refresh bool) (schema.Report, error) {
	if d == nil {
		return schema.Report{}, models.NewError(models.KindUnavailable, "This server does not check its schema.")
	}
	if last, ok := d.Last(); ok && !refresh {
		return last, nil
	}
	ctx, cancel := context.WithTimeout(ctx, driftTimeout)
	defer cancel()
	select {
	case d.checking <- struct{}{}:
		defer func() { <-d.checking }()
	case <-ctx.Done():
		return schema.Report{}, ctx.Err()
	}
	report, err := d.check(ctx)
	d.keep(report, err)
	return report, err
}

// active tells whether anyone wants to know of drift.
func (d *Drift) active() bool { return d != nil && d.options.Policy != DriftOff }

// Last returns the report of the last check that could be made, false before the first.
func (d *Drift) Last() (schema.Report, bool) {
	if d == nil {
		return schema.Report{}, false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.last == nil {
		return schema.Report{}, false
	}
	return *d.last, true
}

// Ready fails with SCHEMA_NOT_READY under the strict policy until a check has found no drift, and while one has. Who was
// ready stays so when the database gets ahead: that is a newer version being deployed, beside which this one serves on.
func (d *Drift) Ready() error {
	if d == nil || d.options.Policy != DriftStrict {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.last == nil:
		return models.NewError(models.KindSchemaNotReady, "The database's schema has not been checked yet. Try again in a moment.")
	case len(d.last.Findings) > 0 && !(d.agreed && onlyAhead(d.last.Findings)):
		return models.NewError(models.KindSchemaNotReady, fmt.Sprintf(
			"The database's schema has drifted: %d finding(s). An operator must run: resume-matcher drift", len(d.last.Findings)))
	}
	return nil
}

func (d *Drift) check(ctx context.Context) (report schema.Report, err error) {
	db, err := d.options.Open(ctx)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if d.options.Dialect == models.Postgres {
		// A transaction's lock, for a session's would outlive this check behind a transaction pooler.
		lock, err := db.BeginTx(ctx, nil)
		if err != nil {
			return report, models.WrapError(models.KindUnavailable, "Can't reach the database to check its schema.", err)
		}
		defer func() { _ = lock.Rollback() }()
		if _, err := lock.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", int64(driftLock)); err != nil {
			return report, models.WrapError(models.KindUnavailable, "Another replica is still checking the schema.", err)
		}
	}
	return schema.Check(ctx, schema.CheckOptions{Dialect: d.options.Dialect, Live: db})
}

// keep stores a report, and logs one line when it tells something else than the last one.
func (d *Drift) keep(report schema.Report, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			d.options.Logger.Warn("the schema could not be checked for drift", "error", err)
		}
		return
	}
	before := d.last
	d.last = &report
	d.agreed = d.agreed || len(report.Findings) == 0
	switch {
	case len(report.Findings) == 0 && (before == nil || len(before.Findings) > 0):
		d.options.Logger.Info("models, migrations and database agree", "dialect", report.Dialect)
	case len(report.Findings) > 0 && (before == nil || !sameFindings(before.Findings, report.Findings)):
		first := report.Findings[0]
		d.options.Logger.Warn("the schema has drifted", "dialect", report.Dialect, "findings", len(report.Findings),
			"first_kind", first.Kind, "first_object", first.Object, "advice", first.Advice)
	}
}

func onlyAhead(findings []schema.Finding) bool {
	return !slices.ContainsFunc(findings, func(f schema.Finding) bool { return f.Kind != schema.KindAhead })
}

func sameFindings(a, b []schema.Finding) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
