// Package smoke tries a database the way the program uses it, and says in one line each what it found.
package smoke

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"resume-matcher/models"
	"resume-matcher/services/schema"
)

// Status says how a check went, or the gravest of several.
type Status string

// The statuses: a warning is for a person to know, and no failure.
const (
	OK     Status = "ok"
	Warn   Status = "warn"
	Failed Status = "failed"
)

// Check is one thing that was looked at.
type Check struct {
	Name   string `json:"name"`
	Status Status `json:"status"`
	Detail string `json:"detail"`
	// Advice says what to do; empty if all is well.
	Advice string `json:"advice,omitempty"`
}

// Report is what a smoke test found, in the order it looked; nothing in it is secret.
type Report struct {
	Status  Status         `json:"status"`
	Dialect models.Dialect `json:"dialect"`
	Checks  []Check        `json:"checks"`
}

// Options tell which database to try.
type Options struct {
	// Open is how the program opens it.
	Open models.OpenOptions
	// Path is the file of an SQLite database.
	Path string
}

// queries is how many light queries the latency is the median of.
const queries = 5

// Run tries the database and changes nothing in it. An error, always a *models.Error, means that there is no connection.
func Run(ctx context.Context, o Options) (Report, error) {
	r := Report{Status: OK, Dialect: o.Open.Dialect, Checks: []Check{}}
	var err error
	if o.Open.Dialect == models.SQLite {
		err = r.trySQLite(ctx, o)
	} else {
		err = r.tryPostgres(ctx, o.Open)
	}
	return r, err
}

// add looks at one thing more. An error is a failed check, of which only the public part is shown.
func (r *Report) add(name string, look func() (Check, error)) {
	c, err := look()
	if err != nil {
		c = Check{Status: Failed, Detail: publicText(err)}
	}
	c.Name = name
	if c.Status == "" {
		c.Status = OK
	}
	if c.Status == Failed || c.Status == Warn && r.Status == OK {
		r.Status = c.Status
	}
	r.Checks = append(r.Checks, c)
}

func publicText(err error) string {
	if known, ok := errors.AsType[*models.Error](err); ok {
		return known.Message
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer in time"
	}
	return "the database did not answer as expected"
}

// latency measures what a light query takes on an open connection.
func latency(ctx context.Context, conn *sql.Conn) (time.Duration, error) {
	taken := make([]time.Duration, queries)
	for i := range taken {
		begin := time.Now()
		var one int
		if err := conn.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
			return 0, err
		}
		taken[i] = time.Since(begin)
	}
	slices.Sort(taken)
	return taken[queries/2], nil
}

// milliseconds shows a duration with two digits that matter.
func milliseconds(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	if ms < 10 {
		return fmt.Sprintf("%.2f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}

// liveKinds are the kinds of drift that are about a database.
func liveKinds() []schema.Kind {
	return slices.DeleteFunc(schema.Kinds(), func(k schema.Kind) bool { return k == schema.KindModelsVsMigrations })
}

// schemaState tells the applied version, what is pending and, in a word, whether the schema has drifted.
func schemaState(ctx context.Context, db *sql.DB, dialect models.Dialect) (Check, error) {
	status, err := schema.ReadStatus(ctx, db, dialect)
	if err != nil {
		return Check{}, err
	}
	version := "no version"
	if status.Current != "" {
		version = "version " + status.Current
	}
	detail := fmt.Sprintf("%s, %d applied, %d pending, ", version, len(status.Applied), len(status.Pending))
	if len(status.Pending) > 0 {
		c := Check{Status: Failed, Detail: detail + "drift not checked", Advice: "run: resume-matcher migrate up"}
		if dialect == models.SQLite {
			c.Status, c.Advice = Warn, "serve applies them, or run: resume-matcher migrate up"
		}
		return c, nil
	}
	report, err := schema.Check(ctx, schema.CheckOptions{Dialect: dialect, Live: db, Only: liveKinds()})
	switch {
	case err != nil:
		return Check{Status: Warn, Detail: detail + "drift unknown", Advice: publicText(err)}, nil
	case len(report.Findings) > 0:
		return Check{Status: Failed, Detail: fmt.Sprintf("%sdrift (%d)", detail, len(report.Findings)), Advice: "run: resume-matcher drift"}, nil
	}
	return Check{Detail: detail + "in sync"}, nil
}
