package cmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"resume-matcher/config"
	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/services/schema/report"
)

// driftFormats are the values of drift's --format.
var driftFormats = []string{"text", "json", "sarif", "github", "html"}

const driftLong = `Compare the models, the migrations and the live database, and print what disagrees with the SQL that would mend it.

  models_vs_migrations  a model was changed and no migration was written
  live_vs_migrations    the database is not what its applied migrations made of it
  pending               a migration was not applied yet
  edited                a migration was changed after it was applied
  ahead                 the database knows a migration this program does not
  failed                a migration stopped halfway, or the files do not agree with atlas.sum

The exit code is 0 in sync, 1 drift, 2 if the check could not be made. Nothing is written to any database.`

// driftFlags are the command line of drift.
type driftFlags struct {
	format, output       string
	only                 []string
	databaseURL, dialect string
	devURL               string
}

// newDriftCommand checks for schema drift: exit code 0 in sync, 1 drift, 2 could not check.
func newDriftCommand(a *app) *cobra.Command {
	var f driftFlags
	command := &cobra.Command{
		Use:   "drift",
		Short: "Exit 1 if models, migrations and database have drifted apart, and print the SQL that is missing",
		Long:  driftLong,
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			check, err := newDriftCheck(a, f)
			if err != nil {
				return &exitError{exitUsage, err}
			}
			return check.run(c.Context(), a.out, a.err)
		},
	}
	flags := command.Flags()
	flags.StringVar(&f.format, "format", "text", strings.Join(driftFormats, ", "))
	flags.StringVar(&f.output, "output", "", "file to write instead of standard output")
	flags.StringSliceVar(&f.only, "only", nil, "kinds of drift to look for, separated by commas (default: all)")
	flags.StringVar(&f.databaseURL, "database-url", "", "database to check (default: the configured one)")
	flags.StringVar(&f.dialect, "dialect", "", "sqlite, postgres or all (default: sqlite, and postgres where a server is at hand)")
	flags.StringVar(&f.devURL, "dev-url", "", "any Postgres server to compare on (default: the checked database's); it is left unchanged")
	return command
}

// driftCheck is what to check, and how to show it.
type driftCheck struct {
	format, output string
	version        string
	dialects       []models.Dialect
	only           []schema.Kind
	database       config.Database
	// server is the Postgres for scratch schemas; its DSN is empty if there is none.
	server config.Database
	// live tells whether the database is there to be checked.
	live  bool
	notes []string
}

// newDriftCheck reads the flags; it connects to nothing.
func newDriftCheck(a *app, f driftFlags) (*driftCheck, error) {
	d := &driftCheck{format: f.format, output: f.output, version: a.version}
	if !slices.Contains(driftFormats, f.format) {
		return nil, fmt.Errorf("--format must be one of %s", strings.Join(driftFormats, ", "))
	}
	var err error
	if d.only, err = parseKinds(f.only); err != nil {
		return nil, err
	}
	if d.database, err = a.databaseOr(f.databaseURL); err != nil {
		return nil, err
	}
	if d.server, err = devServer(f.devURL, d.database); err != nil {
		return nil, err
	}
	if err := d.chooseDialects(f.dialect); err != nil {
		return nil, err
	}
	return d, d.chooseLive(f.databaseURL != "")
}

func (d *driftCheck) chooseDialects(flag string) error {
	switch flag {
	case "":
		d.dialects = []models.Dialect{models.SQLite}
		if d.server.DSN != "" {
			d.dialects = append(d.dialects, models.Postgres)
		} else {
			d.note("postgres, for want of a server: run this through scripts/with_postgres, or give --dev-url.")
		}
	case string(report.AllDialects):
		d.dialects = schema.Dialects()
	case string(models.SQLite), string(models.Postgres):
		d.dialects = []models.Dialect{models.Dialect(flag)}
	default:
		return errors.New("--dialect must be sqlite, postgres or all")
	}
	return nil
}

// chooseLive decides whether the database is checked too. One that was asked for, by its URL or by kinds that only
// it can have, must be there.
func (d *driftCheck) chooseLive(named bool) error {
	if len(d.only) > 0 && !slices.ContainsFunc(d.only, ofDatabase) {
		return nil
	}
	asked := named || len(d.only) > 0 && !slices.ContainsFunc(d.only, ofDirectory)
	switch {
	case !slices.Contains(d.dialects, models.Dialect(d.database.Dialect)):
		if asked {
			return errors.New("--dialect leaves out the database to check")
		}
		d.note("the database, which is not of this dialect.")
	case d.database.Dialect == config.SQLite && !exists(d.database.Path):
		if asked {
			return errors.New("the database to check does not exist")
		}
		d.note("the database, for there is none yet: live_vs_migrations, pending, edited, ahead.")
	default:
		d.live = true
	}
	return nil
}

func (d *driftCheck) note(what string) { d.notes = append(d.notes, "Not checked: "+what) }

// ofDatabase tells whether a kind of drift needs a database to be found.
func ofDatabase(k schema.Kind) bool { return k != schema.KindModelsVsMigrations }

// ofDirectory tells whether a kind of drift can be found without a database.
func ofDirectory(k schema.Kind) bool {
	return k == schema.KindModelsVsMigrations || k == schema.KindFailed
}

func parseKinds(names []string) ([]schema.Kind, error) {
	known := []schema.Kind{
		schema.KindModelsVsMigrations, schema.KindLiveVsMigrations, schema.KindPending,
		schema.KindEdited, schema.KindAhead, schema.KindFailed,
	}
	kinds := make([]schema.Kind, len(names))
	for i, name := range names {
		kinds[i] = schema.Kind(strings.TrimSpace(name))
		if !slices.Contains(known, kinds[i]) {
			return nil, errors.New("--only must name kinds of drift: models_vs_migrations, live_vs_migrations, pending, edited, ahead, failed")
		}
	}
	return kinds, nil
}

// run makes the check, writes the report and returns what the exit code follows from.
func (d *driftCheck) run(ctx context.Context, out, errOut io.Writer) error {
	var reports []schema.Report
	var failures []string
	for _, dialect := range d.dialects {
		r, err := d.check(ctx, dialect)
		if err != nil {
			failures = append(failures, r.Error)
		}
		reports = append(reports, r)
	}
	notes := errOut
	if d.format == "text" && d.output == "" {
		notes = out
		// What could not be checked is said once, on the standard error output.
		reports = slices.DeleteFunc(reports, func(r schema.Report) bool { return r.Status == report.Failed })
	}
	if err := d.write(ctx, out, reports); err != nil {
		return &exitError{exitUsage, err}
	}
	for _, note := range d.notes {
		fmt.Fprintln(notes, note)
	}
	if len(failures) > 0 {
		return &exitError{exitUsage, errors.New(strings.Join(failures, "\n"))}
	}
	if report.Merge(reports).Status != report.InSync {
		return &exitError{code: exitFailure}
	}
	return nil
}

// check connects to what the check of dialect needs. An error's public text is in the report too.
func (d *driftCheck) check(ctx context.Context, dialect models.Dialect) (schema.Report, error) {
	o := schema.CheckOptions{Dialect: dialect, Only: d.only}
	var err error
	if d.live && d.database.Dialect == string(dialect) {
		if o.Live, err = openReadOnly(ctx, d.database); err != nil {
			return unreachable(dialect, err)
		}
		defer o.Live.Close()
	}
	if dialect == models.Postgres && d.server.DSN != "" && (o.Live == nil || d.server.DSN != d.database.DSN) {
		if o.Dev, err = openReadOnly(ctx, d.server); err != nil {
			return unreachable(dialect, err)
		}
		defer o.Dev.Close()
	}
	return schema.Check(ctx, o)
}

// unreachable is the report on a database that does not answer.
func unreachable(dialect models.Dialect, err error) (schema.Report, error) {
	_, text := classify(err)
	return schema.Report{
		Status: report.Failed, Dialect: dialect, CheckedAt: time.Now().UTC(), Findings: []schema.Finding{}, Error: text,
	}, err
}

// write shows the reports as the flags ask.
func (d *driftCheck) write(ctx context.Context, out io.Writer, reports []schema.Report) error {
	var b bytes.Buffer
	if err := d.render(ctx, &b, reports); err != nil {
		return err
	}
	if d.output != "" {
		return os.WriteFile(d.output, b.Bytes(), 0o644)
	}
	_, err := out.Write(b.Bytes())
	return err
}

func (d *driftCheck) render(ctx context.Context, w io.Writer, reports []schema.Report) error {
	switch d.format {
	case "json":
		return report.JSON(w, reports)
	case "sarif":
		return report.SARIF(w, reports, d.version)
	case "github":
		return report.GitHub(w, reports)
	case "html":
		tables, err := report.Tables(ctx)
		if err != nil {
			return err
		}
		return report.HTML(w, reports, tables)
	}
	return report.Text(w, reports)
}

func checkFormat(format string) error {
	if format != "text" && format != "json" {
		return &exitError{exitUsage, errors.New("--format must be text or json")}
	}
	return nil
}
