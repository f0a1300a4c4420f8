// Package cmd holds the command line: one file a command.
package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"resume-matcher/config"
	"resume-matcher/models"
)

// Exit codes of every command.
const (
	exitOK      = 0
	exitFailure = 1 // the command ran and says no: drift, an unreadable document
	exitUsage   = 2 // the command could not run: a wrong flag, variable or connection
)

// app is what the commands share: the process's streams and its configuration, loaded on demand.
type app struct {
	in       io.Reader
	out, err io.Writer
	load     func() (*config.Config, error)
	version  string
}

// exitError ends the process with code; a nil err prints nothing.
type exitError struct {
	code int
	err  error
}

// Error returns the message to print.
func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

// Unwrap returns the reason.
func (e *exitError) Unwrap() error { return e.err }

// Streams are the process's standard streams.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Execute runs the command line args and returns the process's exit code.
func Execute(ctx context.Context, args []string, s Streams, version string) int {
	a := &app{in: s.In, out: s.Out, err: s.Err, version: version}
	a.load = func() (*config.Config, error) {
		cfg, err := config.Load(config.Options{})
		if err != nil {
			return nil, &exitError{exitUsage, err}
		}
		return cfg, nil
	}
	root := newRootCommand(a)
	root.SetArgs(args)
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	code, message := classify(err)
	if message != "" {
		fmt.Fprintln(s.Err, "resume-matcher: "+message)
	}
	return code
}

// classify gives an error's exit code and what a person should read of it: never a private cause.
func classify(err error) (code int, message string) {
	code = exitUsage
	var exit *exitError
	if errors.As(err, &exit) {
		code = exit.code
		if exit.err == nil {
			return code, ""
		}
		err = exit.err
	}
	var public *models.Error
	if errors.As(err, &public) {
		if exit == nil {
			code = exitFailure
		}
		return code, public.Message
	}
	return code, err.Error()
}

func newRootCommand(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "resume-matcher",
		Short:         "Read résumés and job postings, and say with evidence how well they match",
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       a.version,
	}
	root.AddCommand(
		newServeCommand(a),
		newWorkerCommand(a),
		newCleanupCommand(a),
		newHealthcheckCommand(a),
		newMatchCommand(a),
		newExtractCommand(a),
		newMigrateCommand(a),
		newCopyCommand(a),
		newBackupCommand(a),
		newDriftCommand(a),
		newSchemaCommand(a),
		newOpenAPICommand(a),
		newLLMCommand(a),
		newSmokeCommand(a),
		newTokenCommand(a),
		newConfigCommand(a),
		newVersionCommand(a),
		newWarmCommand(a),
	)
	return root
}
