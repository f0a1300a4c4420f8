package cmd

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"resume-matcher/config"
	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/services/schema/report"
)

const upLong = `Check that the database is what its applied migrations made of it, apply the pending ones and check again.

A database that was changed by hand is left alone: the exit code is then 1 and the findings say what differs. The exit
code is 2 if that could not be checked. --allow-drift applies the migrations all the same.`

func newMigrateUpCommand(a *app) *cobra.Command {
	var u upgrade
	var dryRun bool
	command := &cobra.Command{
		Use:   "up",
		Short: "Apply the pending migrations to the configured database",
		Long:  upLong,
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error {
			u.out = a.out
			if dryRun {
				return withReader(a, u.dryRun)(c, args)
			}
			return withDatabase(a, u.run)(c, args)
		},
	}
	command.Flags().BoolVar(&dryRun, "dry-run", false, "print the SQL and change nothing")
	command.Flags().BoolVar(&u.allowDrift, "allow-drift", false, "apply the migrations even if the database was changed by hand")
	command.Flags().StringVar(&u.devURL, "dev-url", "", "any Postgres server to check on (default: the configured one); it is left unchanged")
	return command
}

// upgrade is one run of migrate up.
type upgrade struct {
	out        io.Writer
	allowDrift bool
	devURL     string
}

func (u *upgrade) dryRun(ctx context.Context, conns *sql.DB, dialect models.Dialect) error {
	status, err := schema.ReadStatus(ctx, conns, dialect)
	if err != nil {
		return err
	}
	if len(status.Pending) == 0 {
		fmt.Fprintln(u.out, "-- Nothing to apply: the database is up to date.")
	}
	for _, f := range status.Pending {
		fmt.Fprintf(u.out, "-- %s%s\n%s\n", f.Name, resumed(status, f), f.SQL)
	}
	return nil
}

func (u *upgrade) run(ctx context.Context, conns *sql.DB, database config.Database) error {
	status, err := schema.ReadStatus(ctx, conns, models.Dialect(database.Dialect))
	if err != nil {
		return err
	}
	if len(status.Pending) == 0 {
		fmt.Fprintln(u.out, "Nothing to apply: the database is up to date.")
		return nil
	}
	before, err := u.checkBefore(ctx, database, len(status.Applied) > 0)
	if err != nil {
		return err
	}
	if err := u.printPlan(status); err != nil {
		return err
	}
	applied, backup, err := applyPending(ctx, conns, database)
	if backup != "" {
		fmt.Fprintln(u.out, "copied the database to", backup)
	}
	for _, f := range applied {
		fmt.Fprintln(u.out, "applied", f.Name)
	}
	if err != nil {
		return err
	}
	return u.checkAfter(ctx, database, before)
}

// checkBefore returns the drift there is. It refuses to go on if there is any, unless the database is new: what else
// lives there is then not ours.
func (u *upgrade) checkBefore(ctx context.Context, database config.Database, migrated bool) ([]schema.Finding, error) {
	found, err := u.check(ctx, database)
	if err != nil {
		_, text := classify(err)
		if u.allowDrift {
			fmt.Fprintln(u.out, "Not checked:", text)
			return nil, nil
		}
		return nil, &exitError{exitUsage, errors.New(text + "\nNothing was applied. To apply the migrations without this check: --allow-drift")}
	}
	if len(found.Findings) == 0 || !migrated {
		return found.Findings, nil
	}
	if err := report.Text(u.out, []schema.Report{found}); err != nil {
		return nil, err
	}
	if !u.allowDrift {
		return nil, models.NewError(models.KindConflict,
			"The database is not what its migrations made of it, so nothing was applied. Undo the changes above, or go on with --allow-drift.")
	}
	return found.Findings, nil
}

// checkAfter tells of drift that was not there before.
func (u *upgrade) checkAfter(ctx context.Context, database config.Database, before []schema.Finding) error {
	found, err := u.check(ctx, database)
	if err != nil {
		_, text := classify(err)
		if u.allowDrift {
			fmt.Fprintln(u.out, "Not checked:", text)
			return nil
		}
		return &exitError{exitUsage, errors.New("The migrations are applied, but could not be checked: " + text)}
	}
	old := len(found.Findings)
	found.Findings = slices.DeleteFunc(found.Findings, func(f schema.Finding) bool {
		return slices.ContainsFunc(before, func(b schema.Finding) bool { return b.Object == f.Object && b.Change == f.Change })
	})
	if len(found.Findings) > 0 {
		if err := report.Text(u.out, []schema.Report{found}); err != nil {
			return err
		}
		return models.NewError(models.KindConflict, "The migrations are applied, but the database is not what they should have made of it.")
	}
	if old > 0 {
		fmt.Fprintln(u.out, "Checked: the differences of before are still there, see: resume-matcher drift")
		return nil
	}
	fmt.Fprintln(u.out, "Checked: the database is what its migrations make of it.")
	return nil
}

// checkPatience bounds the wait for another process that is migrating the same database.
const checkPatience = 30 * time.Second

// check compares the database with its applied migrations. While somebody else migrates there is nothing to compare.
func (u *upgrade) check(ctx context.Context, database config.Database) (schema.Report, error) {
	o := schema.CheckOptions{Dialect: models.Dialect(database.Dialect), Only: []schema.Kind{schema.KindLiveVsMigrations}}
	var err error
	// Not the migrating connection: on SQLite that is the only one of its pool.
	if o.Live, err = openReadOnly(ctx, database); err != nil {
		return schema.Report{}, err
	}
	defer o.Live.Close()
	if u.devURL != "" {
		server, err := devServer(u.devURL, database)
		if err != nil {
			return schema.Report{}, err
		}
		if o.Dev, err = openReadOnly(ctx, server); err != nil {
			return schema.Report{}, err
		}
		defer o.Dev.Close()
	}
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	for {
		found, err := schema.Check(ctx, o)
		var public *models.Error
		if !errors.As(err, &public) || public.Kind != models.KindConflict {
			return found, err
		}
		select {
		case <-ctx.Done():
			return found, err
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (u *upgrade) printPlan(status schema.Status) error {
	counts, total := make([]int, len(status.Pending)), 0
	for i, f := range status.Pending {
		n, err := f.Statements()
		if err != nil {
			return err
		}
		counts[i], total = n, total+n
	}
	fmt.Fprintf(u.out, "Plan: %s, %s\n", counted(len(counts), "file"), counted(total, "statement"))
	for i, f := range status.Pending {
		fmt.Fprintf(u.out, "  %s  %s%s\n", f.Name, counted(counts[i], "statement"), resumed(status, f))
	}
	return nil
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// resumed says where a file goes on that stopped halfway.
func resumed(status schema.Status, f schema.File) string {
	for _, r := range status.Applied {
		if r.Version == f.Version && r.Statements > 0 {
			return fmt.Sprintf(" (goes on after statement %d of %d)", r.Statements, r.Total)
		}
	}
	return ""
}
