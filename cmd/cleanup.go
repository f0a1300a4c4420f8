package cmd

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"resume-matcher/config"
	"resume-matcher/handlers"
	"resume-matcher/services"
)

// cleanupTimeout bounds a round; the next one goes on where it ended.
const cleanupTimeout = 15 * time.Minute

func newCleanupCommand(a *app) *cobra.Command {
	var format string
	command := &cobra.Command{
		Use:   "cleanup",
		Short: "Remove what has expired and do the tasks that are due, once",
		Long: "Do one round of maintenance, for cron: remove expired answers and previews, delete unused workspaces if\n" +
			"RETENTION_DAYS says so, check the schema, and do the tasks that are due. Exits 1 if a part was not completed.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := oneOf("format", format, "text", "json"); err != nil {
				return err
			}
			return withApplication(c.Context(), a, workerTasks, func(ctx context.Context, _ *config.Config, _ *slog.Logger, p *application) error {
				ctx, cancel := context.WithTimeout(ctx, cleanupTimeout)
				defer cancel()
				report := p.Maintenance.Round(ctx)
				if err := a.printRound(report, format); err != nil {
					return err
				}
				if report.Failed() > 0 {
					return &exitError{code: exitFailure}
				}
				return nil
			})
		},
	}
	command.Flags().StringVar(&format, "format", "text", "text or json")
	return command
}

func (a *app) printRound(report services.MaintenanceReport, format string) error {
	if format == "json" {
		return writeJSON(a.out, handlers.NewMaintenanceData(report))
	}
	for _, p := range report.Parts {
		line := fmt.Sprintf("%-18s %d", p.Name, p.Count)
		if p.Failure != nil {
			line += "  not complete: " + p.Failure.Message
		}
		if _, err := fmt.Fprintln(a.out, line); err != nil {
			return err
		}
	}
	return nil
}
