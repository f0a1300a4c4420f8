package cmd

import (
	"io"

	"github.com/spf13/cobra"

	"resume-matcher/models"
	"resume-matcher/services/schema"
)

// newSchemaCommand shows the schema the models describe.
func newSchemaCommand(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "schema",
		Short: "Show the schema that the models describe",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	command.AddCommand(newSchemaDDLCommand(a))
	return command
}

func newSchemaDDLCommand(a *app) *cobra.Command {
	var dialect string
	command := &cobra.Command{
		Use:   "ddl",
		Short: "Print the models as SQL; needs no server, and is what atlas.hcl reads",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			ddl, err := schema.DDL(models.Dialect(dialect))
			if err != nil {
				return &exitError{exitUsage, err}
			}
			_, err = io.WriteString(a.out, ddl)
			return err
		},
	}
	command.Flags().StringVar(&dialect, "dialect", string(models.SQLite), "sqlite or postgres")
	return command
}
