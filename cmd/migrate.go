package cmd

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"resume-matcher/config"
	"resume-matcher/models"
	"resume-matcher/services/schema"
)

// newMigrateCommand writes migrations and applies them.
func newMigrateCommand(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "migrate",
		Short: "Write, check and apply schema migrations",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	folder := command.PersistentFlags().String("dir", "migrations", "folder of the migration files, for diff, hash, validate and lint")
	command.AddCommand(
		newMigrateDiffCommand(a, folder),
		newMigrateUpCommand(a),
		newMigrateStatusCommand(a),
		newMigrateHashCommand(a, folder),
		newMigrateValidateCommand(a, folder),
		newMigrateLintCommand(a, folder),
	)
	return command
}

func newMigrateDiffCommand(a *app, folder *string) *cobra.Command {
	var version, devURL string
	command := &cobra.Command{
		Use:   "diff NAME",
		Short: "Write the migration that leads to the models, for both databases at once",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			dev, err := openServer(c.Context(), a, devURL)
			if err != nil {
				return &exitError{exitUsage, err}
			}
			if dev != nil {
				defer dev.Close()
			}
			files, err := schema.Diff(c.Context(), schema.DiffOptions{Folder: *folder, Name: args[0], Version: version, Dev: dev})
			if err != nil {
				return &exitError{exitUsage, err}
			}
			if len(files) == 0 {
				fmt.Fprintln(a.out, "Models and migrations agree: nothing to write.")
			}
			for _, f := range files {
				fmt.Fprintln(a.out, "wrote", filepath.Join(*folder, string(f.Dialect), f.Name))
			}
			return nil
		},
	}
	command.Flags().StringVar(&version, "version", "", "number of the migration (default: the UTC time)")
	command.Flags().StringVar(&devURL, "dev-url", "", "any Postgres server to work out the migration on (default: DATABASE_URL's); it is left unchanged")
	return command
}

func newMigrateStatusCommand(a *app) *cobra.Command {
	var format string
	command := &cobra.Command{
		Use:   "status",
		Short: "Show which migrations the configured database has and lacks",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			return withReader(a, func(ctx context.Context, conns *sql.DB, dialect models.Dialect) error {
				status, err := schema.ReadStatus(ctx, conns, dialect)
				if err != nil {
					return err
				}
				if format == "json" {
					return writeJSON(a.out, status)
				}
				printStatus(a.out, status)
				return nil
			})(c, args)
		},
	}
	command.Flags().StringVar(&format, "format", "text", "text or json")
	return command
}

func newMigrateHashCommand(a *app, folder *string) *cobra.Command {
	return &cobra.Command{
		Use:   "hash",
		Short: "Write atlas.sum anew, to accept migration files that were edited on purpose",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := schema.Hash(*folder); err != nil {
				return &exitError{exitUsage, err}
			}
			fmt.Fprintln(a.out, "atlas.sum is written.")
			return nil
		},
	}
}

func newMigrateValidateCommand(a *app, folder *string) *cobra.Command {
	return &cobra.Command{
		Use:   "validate",
		Short: "Check the migration files against atlas.sum",
		Long:  "Check the files of --dir against their atlas.sum, or those built into the program where that folder is absent.",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := validateMigrations(*folder); err != nil {
				return &exitError{exitFailure, err}
			}
			fmt.Fprintln(a.out, "The migrations agree with atlas.sum.")
			return nil
		},
	}
}

func validateMigrations(folder string) error {
	if _, err := os.Stat(folder); err == nil {
		return schema.Validate(folder)
	}
	for _, dialect := range schema.Dialects() {
		if _, err := schema.Dir(dialect); err != nil {
			return err
		}
	}
	return nil
}

// withDatabase runs work on the configured database. A database that can't be opened is exit code 2, and work that
// fails is 1.
func withDatabase(a *app, work func(context.Context, *sql.DB, config.Database) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, _ []string) error {
		cfg, err := a.load()
		if err != nil {
			return err
		}
		db, err := openDirect(c.Context(), cfg.Database)
		if err != nil {
			return &exitError{exitUsage, err}
		}
		defer models.Close(db)
		conns, err := db.DB()
		if err != nil {
			return err
		}
		return failure(work(c.Context(), conns, cfg.Database))
	}
}

// withReader is withDatabase for work that only reads. An SQLite file that is not there yet is an empty database.
func withReader(a *app, work func(context.Context, *sql.DB, models.Dialect) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, _ []string) error {
		cfg, err := a.load()
		if err != nil {
			return err
		}
		database := cfg.Database
		if database.Dialect == config.SQLite && !exists(database.Path) {
			database.Path = ":memory:"
		}
		conns, err := openReadOnly(c.Context(), database)
		if err != nil {
			return &exitError{exitUsage, err}
		}
		defer conns.Close()
		return failure(work(c.Context(), conns, models.Dialect(database.Dialect)))
	}
}

// failure gives the exit code 1 to an error that has none.
func failure(err error) error {
	if err == nil || errors.As(err, new(*exitError)) {
		return err
	}
	return &exitError{exitFailure, err}
}

func printStatus(w io.Writer, status schema.Status) {
	current := status.Current
	if current == "" {
		current = "none"
	}
	fmt.Fprintf(w, "database  %s\nversion   %s\napplied   %d\npending   %d\n", status.Dialect, current, len(status.Applied), len(status.Pending))
	for _, r := range status.Applied {
		if r.Statements < r.Total {
			fmt.Fprintf(w, "  failed   %s_%s after %d of %d statements\n", r.Version, r.Description, r.Statements, r.Total)
		}
	}
	for _, f := range status.Pending {
		fmt.Fprintf(w, "  pending  %s\n", f.Name)
	}
	if len(status.Pending) > 0 {
		fmt.Fprintln(w, "Apply with: resume-matcher migrate up")
	}
}
