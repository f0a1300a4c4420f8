package cmd

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"
)

// whileInputFlag ties the command to the process that holds its standard input.
const whileInputFlag = "while-input"

func newWarmCommand(a *app) *cobra.Command {
	var whileInput bool
	command := &cobra.Command{
		Use:   "warm",
		Short: "Compile the PDF sandbox into the cache folder, so that the first document is fast",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			ctx := c.Context()
			if whileInput {
				ctx = untilEOF(ctx, c.InOrStdin())
			}
			// The compiler can't be interrupted, but the process that it runs in can end.
			warmed := make(chan error, 1)
			go func() {
				ex := newExtractor(cfg)
				err := ex.CheckCache(ctx)
				if err == nil {
					err = ex.Warm(ctx)
				}
				warmed <- errors.Join(err, ex.Close())
			}()
			select {
			case err := <-warmed:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		},
	}
	command.Flags().BoolVar(&whileInput, whileInputFlag, false, "stop when standard input ends, as it does when the process at its other end is gone")
	_ = command.Flags().MarkHidden(whileInputFlag) // it fails only for a flag that is not there
	return command
}

// untilEOF ends with what is read from r.
func untilEOF(ctx context.Context, r io.Reader) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, r) // an error ends it as well
	}()
	return ctx
}
