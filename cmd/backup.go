package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"resume-matcher/config"
	"resume-matcher/services/schema"
)

const backupLong = `Copy the SQLite file of DATABASE_URL, as it is at this moment, to a new file that only its owner may read. The program
may be running meanwhile.

To restore it, stop the program, put the copy in the place of the file, remove what lies beside it with the endings -wal and
-shm, and start again. On Postgres use pg_dump, or what its host offers.`

func newBackupCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the SQLite database into a new file while the program runs",
		Long:  backupLong,
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			if err := backUp(c.Context(), cfg.Database, args[0]); err != nil {
				return err
			}
			_, err = fmt.Fprintln(a.out, "The copy is complete.")
			return err
		},
	}
}

func backUp(ctx context.Context, database config.Database, target string) error {
	switch {
	case database.Dialect != config.SQLite:
		return &exitError{exitUsage, errors.New("this copies SQLite files only: on Postgres use pg_dump, or what its host offers")}
	case !exists(database.Path):
		return &exitError{exitUsage, fmt.Errorf("there is no database %s", database.Path)}
	}
	source, err := openReadOnly(ctx, database)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	return errors.Join(schema.BackupInto(ctx, source, target), source.Close())
}
