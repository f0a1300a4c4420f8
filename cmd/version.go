package cmd

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// newVersionCommand says which build this is.
func newVersionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, the commit and the Go release it was built with",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			info, _ := debug.ReadBuildInfo()
			_, err := fmt.Fprintln(a.out, describeBuild(a.version, info))
			return err
		},
	}
}

// describeBuild returns "resume-matcher VERSION (commit REVISION, GO)"; info may be nil.
func describeBuild(version string, info *debug.BuildInfo) string {
	revision, modified, release := "unknown", "", "unknown Go"
	if info != nil {
		release = info.GoVersion
		for _, setting := range info.Settings {
			switch {
			case setting.Key == "vcs.revision":
				revision = setting.Value
			case setting.Key == "vcs.modified" && setting.Value == "true":
				modified = "+changes"
			}
		}
	}
	return fmt.Sprintf("resume-matcher %s (commit %s%s, %s)", version, revision, modified, release)
}
