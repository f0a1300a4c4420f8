package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"resume-matcher/config"
)

// newConfigCommand shows what the program is configured with.
func newConfigCommand(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "config",
		Short: "Show the configuration in force",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	command.AddCommand(newConfigPrintCommand(a), newConfigSampleCommand(a))
	return command
}

func newConfigPrintCommand(a *app) *cobra.Command {
	var format string
	command := &cobra.Command{
		Use:   "print",
		Short: "Print every variable, its value in force and where it came from; secrets are masked",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if format != "text" && format != "json" {
				return &exitError{exitUsage, errors.New("--format must be text or json")}
			}
			cfg, err := a.load()
			if err != nil {
				return err
			}
			if format == "json" {
				encoder := json.NewEncoder(a.out)
				encoder.SetIndent("", "  ")
				return encoder.Encode(config.Entries(cfg))
			}
			for _, m := range cfg.Misspelled {
				fmt.Fprintf(a.err, "%s is set, but unknown: did you mean %s?\n", m.Name, m.Meant)
			}
			return printEntries(a.out, config.Entries(cfg))
		},
	}
	command.Flags().StringVar(&format, "format", "text", "text or json")
	return command
}

func newConfigSampleCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "sample",
		Short: "Print the text of .env.sample: every variable with its meaning and default",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := io.WriteString(a.out, config.Sample())
			return err
		},
	}
}

func printEntries(w io.Writer, entries []config.Entry) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "VARIABLE\tVALUE\tSOURCE")
	for _, entry := range entries {
		value := entry.Value
		if value == "" {
			value = "-"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", entry.Name, value, entry.Source)
	}
	return table.Flush()
}
