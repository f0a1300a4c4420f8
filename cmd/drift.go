package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"resume-matcher/models"
	"resume-matcher/services/schema"
)

// allDialects asks for a check of every database the program runs on.
const allDialects = "all"

// driftReport is the outcome of a check, in the form of --format json.
type driftReport struct {
	Status    string           `json:"status"` // in_sync or drift
	Dialect   string           `json:"dialect"`
	CheckedAt time.Time        `json:"checked_at"`
	Findings  []schema.Finding `json:"findings"`
}

// newDriftCommand compares the models with the migrations: exit code 0 in sync, 1 drift, 2 could not check.
func newDriftCommand(a *app) *cobra.Command {
	var dialect, format, devURL string
	command := &cobra.Command{
		Use:   "drift",
		Short: "Exit 1 if models and migrations have drifted apart, and print the SQL that is missing",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			report, err := checkDrift(c.Context(), a, dialect, devURL)
			if err != nil {
				return &exitError{exitUsage, err}
			}
			if err := printDrift(a.out, format, report); err != nil {
				return err
			}
			if len(report.Findings) > 0 {
				return &exitError{code: exitFailure}
			}
			return nil
		},
	}
	command.Flags().StringVar(&dialect, "dialect", "", "sqlite, postgres or all (default: the configured database's)")
	command.Flags().StringVar(&format, "format", "text", "text or json")
	command.Flags().StringVar(&devURL, "dev-url", "", "any Postgres server to compare on (default: DATABASE_URL's); it is left unchanged")
	return command
}

func checkDrift(ctx context.Context, a *app, dialect, devURL string) (driftReport, error) {
	if dialect == "" {
		cfg, err := a.load()
		if err != nil {
			return driftReport{}, err
		}
		dialect = cfg.Database.Dialect
	}
	dialects := []models.Dialect{models.Dialect(dialect)}
	if dialect == allDialects {
		dialects = schema.Dialects()
	}
	report := driftReport{Status: "in_sync", Dialect: dialect, CheckedAt: time.Now().UTC(), Findings: []schema.Finding{}}
	for _, d := range dialects {
		findings, err := checkDialect(ctx, a, d, devURL)
		if err != nil {
			return report, err
		}
		report.Findings = append(report.Findings, findings...)
	}
	if len(report.Findings) > 0 {
		report.Status = "drift"
	}
	return report, nil
}

func checkDialect(ctx context.Context, a *app, dialect models.Dialect, devURL string) ([]schema.Finding, error) {
	if dialect != models.SQLite && dialect != models.Postgres {
		return nil, errors.New("--dialect must be sqlite, postgres or all")
	}
	dir, err := schema.Dir(dialect)
	if err != nil {
		return nil, err
	}
	if dialect == models.SQLite {
		return schema.ModelsVsMigrations(ctx, dialect, dir, nil)
	}
	dev, err := openServer(ctx, a, devURL)
	if err != nil {
		return nil, err
	}
	if dev != nil {
		defer dev.Close()
	}
	return schema.ModelsVsMigrations(ctx, dialect, dir, dev)
}

func printDrift(w io.Writer, format string, report driftReport) error {
	if format == "json" {
		return writeJSON(w, report)
	}
	if len(report.Findings) == 0 {
		fmt.Fprintf(w, "In sync: models and migrations agree (%s).\n", report.Dialect)
		return nil
	}
	fmt.Fprintf(w, "Drift: the models changed and no migration says so (%s).\n", report.Dialect)
	for _, f := range report.Findings {
		fmt.Fprintf(w, "  %-8s  %s: %s\n", f.Dialect, f.Object, f.Change)
	}
	fmt.Fprintln(w, "\nThe SQL that is missing:")
	// Findings of one table share its SQL and stand together.
	last := ""
	for _, f := range report.Findings {
		if block := string(f.Dialect) + "\n" + f.SQL; block != last {
			fmt.Fprintf(w, "\n-- %s\n%s\n", f.Dialect, strings.TrimSpace(f.SQL))
			last = block
		}
	}
	_, err := fmt.Fprintln(w, "\nWrite it with: make migration name=what_changed")
	return err
}

func checkFormat(format string) error {
	if format != "text" && format != "json" {
		return &exitError{exitUsage, errors.New("--format must be text or json")}
	}
	return nil
}
