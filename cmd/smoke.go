package cmd

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"resume-matcher/services/smoke"
)

// smokeTimeout bounds a smoke test, a database that wakes up and a large file included.
const smokeTimeout = 2 * time.Minute

const smokeLong = `Connect to the configured database as the program would, and say in one line each what was found: version, host or
file, TLS, latency, rights, schema and pool. Nothing is changed, and no password is shown.

The exit code is 0 if all is well, 1 if a check failed, 2 if there is no connection or the configuration is wrong.
A line that begins with warn does not change it.`

func newSmokeCommand(a *app) *cobra.Command {
	var databaseURL, format string
	command := &cobra.Command{
		Use:   "smoke",
		Short: "Exit 1 if the configured database is not fit to be served from, and say why",
		Long:  smokeLong,
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			return smokeTest(c.Context(), a, databaseURL, format)
		},
	}
	command.Flags().StringVar(&databaseURL, "database-url", "", "database to try (default: the configured one)")
	command.Flags().StringVar(&format, "format", "text", "text or json")
	return command
}

func smokeTest(ctx context.Context, a *app, databaseURL, format string) error {
	cfg, err := a.load()
	if err != nil {
		return err
	}
	database, err := a.databaseOr(databaseURL)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	database.Pool = cfg.Database.Pool
	ctx, cancel := context.WithTimeout(ctx, smokeTimeout)
	defer cancel()
	report, err := smoke.Run(ctx, smoke.Options{Open: openOptions(database), Path: database.Path})
	if err != nil {
		return &exitError{exitUsage, err}
	}
	if format == "json" {
		err = writeJSON(a.out, report)
	} else {
		err = writeSmoke(a.out, report)
	}
	if err == nil && report.Status == smoke.Failed {
		err = &exitError{code: exitFailure}
	}
	return err
}

func writeSmoke(w io.Writer, report smoke.Report) error {
	for _, c := range report.Checks {
		line := fmt.Sprintf("%-7s %-9s %s", c.Status, c.Name, c.Detail)
		if c.Advice != "" {
			line += ": " + c.Advice
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}
