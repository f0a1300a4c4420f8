package cmd

import (
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"resume-matcher/handlers"
)

func newOpenAPICommand(a *app) *cobra.Command {
	var output string
	c := &cobra.Command{
		Use:   "openapi",
		Short: "Print the OpenAPI document of the REST API",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			server, err := handlers.New(handlers.Options{Version: a.version, Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				return err
			}
			doc, err := server.API().JSON()
			if err != nil {
				return err
			}
			if output == "" {
				_, err = a.out.Write(doc)
				return err
			}
			return os.WriteFile(output, doc, 0o644)
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "", "write to this file instead of standard output")
	return c
}
