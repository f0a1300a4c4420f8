package cmd

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"resume-matcher/config"
	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/services/schema/report"
)

const lintLong = `Warn of statements that lose data, fail on rows there may be, or lock a large table while they read it.

Linted are the files after the version --from, or the last ones that --latest counts. By default --from is what the
configured database has; on a new database nothing is at stake. Tables that the linted files make themselves are empty.

A comment accepts what a statement does, or at the head of the file and followed by an empty line, what the file does:

  -- atlas:nolint DS103

The exit code is 1 if there are warnings, and 2 if the files could not be linted.`

// lintFlags are the command line of migrate lint.
type lintFlags struct {
	format, dialect, devURL, from string
	latest                        int
}

func newMigrateLintCommand(a *app, folder *string) *cobra.Command {
	var f lintFlags
	command := &cobra.Command{
		Use:   "lint",
		Short: "Warn of migrations that lose data or lock large tables",
		Long:  lintLong,
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			linted, err := lintMigrations(c.Context(), a, f, *folder)
			if err != nil {
				return &exitError{exitUsage, err}
			}
			return printLinted(a, f.format, *folder, linted)
		},
	}
	flags := command.Flags()
	flags.StringVar(&f.format, "format", "text", "text, json or github")
	flags.StringVar(&f.dialect, "dialect", "all", "sqlite, postgres or all")
	flags.StringVar(&f.from, "from", "", "last version that databases with rows have (default: the configured database's)")
	flags.IntVar(&f.latest, "latest", 0, "lint the last so many files instead")
	flags.StringVar(&f.devURL, "dev-url", "", "any Postgres server to work on (default: DATABASE_URL's); it is left unchanged")
	command.MarkFlagsMutuallyExclusive("from", "latest")
	return command
}

func lintMigrations(ctx context.Context, a *app, f lintFlags, folder string) ([]schema.Linted, error) {
	if !slices.Contains([]string{"text", "json", "github"}, f.format) {
		return nil, errors.New("--format must be text, json or github")
	}
	dialects := schema.Dialects()
	if f.dialect != string(report.AllDialects) {
		dialects = []models.Dialect{models.Dialect(f.dialect)}
		if !slices.Contains(schema.Dialects(), dialects[0]) {
			return nil, errors.New("--dialect must be sqlite, postgres or all")
		}
	}
	if f.latest < 0 {
		return nil, errors.New("--latest must not be negative")
	}
	if !exists(folder) {
		folder = ""
	}
	from := f.from
	if from == "" && f.latest == 0 {
		var err error
		if from, err = appliedVersion(ctx, a); err != nil {
			return nil, err
		}
	}
	var linted []schema.Linted
	for _, dialect := range dialects {
		l, err := lintDialect(ctx, a, f.devURL, schema.LintOptions{Dialect: dialect, Folder: folder, From: from, Latest: f.latest})
		if err != nil {
			return nil, err
		}
		linted = append(linted, l)
	}
	return linted, nil
}

// lintDialect connects to a server only where one is needed.
func lintDialect(ctx context.Context, a *app, devURL string, o schema.LintOptions) (schema.Linted, error) {
	if o.Dialect == models.Postgres {
		dev, err := openServer(ctx, a, devURL)
		if err != nil {
			return schema.Linted{}, err
		}
		if dev != nil {
			defer dev.Close()
		}
		o.Dev = dev
	}
	return schema.Lint(ctx, o)
}

// appliedVersion returns the last version that the configured database has, empty for a new one.
func appliedVersion(ctx context.Context, a *app) (version string, err error) {
	database, err := a.databaseOr("")
	if err != nil {
		return "", err
	}
	if database.Dialect == config.SQLite && !exists(database.Path) {
		return "", nil
	}
	conns, err := openReadOnly(ctx, database)
	if err != nil {
		return "", err
	}
	defer func(conns *sql.DB) { err = errors.Join(err, conns.Close()) }(conns)
	status, err := schema.ReadStatus(ctx, conns, models.Dialect(database.Dialect))
	return status.Current, err
}

func printLinted(a *app, format, folder string, linted []schema.Linted) error {
	var err error
	switch format {
	case "json":
		err = writeJSON(a.out, linted)
	case "github":
		err = report.WarningsGitHub(a.out, linted, folder)
	default:
		err = report.WarningsText(a.out, linted)
	}
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(linted, func(l schema.Linted) bool { return len(l.Warnings) > 0 }) {
		return nil
	}
	if format == "text" {
		fmt.Fprintln(a.out, "Accept what a statement does with a comment above it: -- atlas:nolint CODE")
	}
	return &exitError{code: exitFailure}
}
