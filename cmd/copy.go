package cmd

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"resume-matcher/config"
	"resume-matcher/models"
	"resume-matcher/services/transfer"
)

const copyLong = `Copy everything one database holds into another one, SQLite or Postgres, and compare the two afterwards.

Both must have the newest schema (resume-matcher migrate up), and nothing else may write to them meanwhile: what is
written to the source after the start is not copied. A target that holds anything is refused unless --truncate is
given. A copy that was interrupted goes on where it stopped when the command is repeated, without --truncate.

The exit code is 0 if all tables are equal at the end, 1 if not, and 2 if the copy could not begin.`

func newCopyCommand(a *app) *cobra.Command {
	var from, to string
	var o transfer.Options
	command := &cobra.Command{
		Use:   "copy",
		Short: "Copy one database into another, such as an SQLite file into Postgres",
		Long:  copyLong,
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.BatchRows < 1 || o.BatchRows > maxCopyBatch {
				return &exitError{exitUsage, fmt.Errorf("--batch must be from 1 to %d", maxCopyBatch)}
			}
			ends, err := a.copyEnds(from, to)
			if err != nil {
				return &exitError{exitUsage, err}
			}
			return runCopy(c.Context(), a, ends, o)
		},
	}
	command.Flags().StringVar(&from, "from", "", "database to read: a file or a URL as for DATABASE_URL (default: SOURCE_SQLITE)")
	command.Flags().StringVar(&to, "to", "", "database to write (default: TARGET_PG)")
	command.Flags().BoolVar(&o.Truncate, "truncate", false, "remove everything the target holds first")
	command.Flags().IntVar(&o.BatchRows, "batch", defaultCopyBatch, "rows written at once")
	return command
}

// The rows of a batch. However many, a batch ends when it has grown to several MB.
const (
	defaultCopyBatch = 5000
	maxCopyBatch     = 100_000
)

// copyEnds returns the databases that the flags name, or else the configured ones.
func (a *app) copyEnds(from, to string) (config.Copy, error) {
	var ends config.Copy
	if from == "" || to == "" {
		cfg, err := a.load()
		if err != nil {
			return ends, err
		}
		ends = cfg.Copy
	}
	for _, end := range []struct {
		flag, variable, value string
		database              *config.Database
	}{{"--from", "SOURCE_SQLITE", from, &ends.From}, {"--to", "TARGET_PG", to, &ends.To}} {
		if end.value != "" {
			var err error
			if *end.database, err = config.ParseDatabaseName(end.value); err != nil {
				return ends, fmt.Errorf("%s %w", end.flag, err)
			}
		}
		if end.database.Dialect == "" {
			return ends, fmt.Errorf("name a database with %s or %s", end.flag, end.variable)
		}
		if path := end.database.Path; path != "" && !exists(path) {
			err := fmt.Errorf("%s: there is no file %s", end.flag, path)
			if end.flag == "--to" {
				err = fmt.Errorf("%w. Make it with: DATABASE_URL=sqlite:///%s resume-matcher migrate up", err, path)
			}
			return ends, err
		}
	}
	if ends.From.Same(ends.To) {
		return ends, errors.New("--from and --to name the same database")
	}
	return ends, nil
}

func runCopy(ctx context.Context, a *app, ends config.Copy, o transfer.Options) error {
	source, err := openReadOnly(ctx, ends.From)
	if err != nil {
		return copyEndError("--from", err)
	}
	defer source.Close()
	target, err := openCopyTarget(ctx, ends.To)
	if err != nil {
		return copyEndError("--to", err)
	}
	defer target.Close()
	progress := newCopyProgress(a.err)
	o.From = transfer.Database{Conns: source, Dialect: models.Dialect(ends.From.Dialect)}
	o.To = transfer.Database{Conns: target, Dialect: models.Dialect(ends.To.Dialect)}
	o.Progress = progress.show
	c, err := transfer.Prepare(ctx, o)
	if err != nil {
		progress.end()
		return &exitError{exitUsage, err}
	}
	defer c.Close()
	plan := c.Plan()
	progress.note(planText(plan))
	results, err := c.Run(ctx)
	progress.end()
	if err != nil {
		return failure(err)
	}
	return printCopy(a.out, results)
}

// openCopyTarget opens a database for this process alone, or past a transaction pooler.
func openCopyTarget(ctx context.Context, database config.Database) (*sql.DB, error) {
	if database.Dialect == config.SQLite {
		return models.OpenSQLiteAlone(ctx, database.Path)
	}
	o := openOptions(database).Direct()
	o.PoolSize, o.MaxOverflow, o.StatementTimeout, o.Session = 1, 1, 0, true
	return models.OpenPostgresSQL(ctx, o)
}

// copyEndError names the flag of the database that could not be opened: the error's own text knows only one database.
func copyEndError(flag string, err error) error {
	_, text := classify(err)
	return &exitError{exitUsage, errors.New(strings.ReplaceAll(text, "DATABASE_URL", flag))}
}

func planText(p transfer.Plan) string {
	text := fmt.Sprintf("copying %s", counted(int(p.Total), "row"))
	if p.Present > 0 {
		text += fmt.Sprintf(", of which %d are there already", p.Present)
	}
	if p.Removed > 0 {
		text += fmt.Sprintf(", after removing %s from the target", counted(int(p.Removed), "row"))
	}
	return text
}

// printCopy writes the comparison; its error is the exit code.
func printCopy(w io.Writer, results []transfer.Result) error {
	different := 0
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "table\tsource rows\ttarget rows\tsource checksum\ttarget checksum\t")
	for _, r := range results {
		verdict := "equal"
		if !r.Equal() {
			verdict = "DIFFERENT"
			different++
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%s\t%s\n", r.Table, r.Source.Rows, r.Target.Rows, r.Source.Checksum(), r.Target.Checksum(), verdict)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	skipped, err := transfer.Skipped()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "not copied: %s (model calls in progress; they end with their process)\n", strings.Join(skipped, ", "))
	if different > 0 {
		return &exitError{exitFailure, fmt.Errorf("%s not equal; stop what writes to the databases, then copy again with --truncate", counted(different, "table"))}
	}
	fmt.Fprintf(w, "All %d tables are equal.\n", len(results))
	return nil
}
