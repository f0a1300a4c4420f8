package cmd

import (
	"github.com/spf13/cobra"
)

func newWarmCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "warm",
		Short: "Compile the PDF sandbox into the cache folder, so that the first document is fast",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			ex := newExtractor(cfg)
			defer ex.Close()
			return ex.Warm(c.Context())
		},
	}
}
