package report

import (
	"bufio"
	"fmt"
	"io"
	"path"

	"resume-matcher/services/schema"
)

// WarningsText writes the outcome of a lint for people.
func WarningsText(w io.Writer, linted []schema.Linted) error {
	b := bufio.NewWriter(w)
	for _, l := range linted {
		fmt.Fprintln(b, lintSummary(l))
		for _, warning := range l.Warnings {
			fmt.Fprintf(b, "  %s/%s:%d: %s: %s\n", warning.Dialect, warning.File, warning.Line, warning.Code, warning.Message)
		}
	}
	return b.Flush()
}

func lintSummary(l schema.Linted) string {
	switch {
	case len(l.Files) == 0:
		return fmt.Sprintf("%s: no migration after %s", l.Dialect, l.From)
	case l.From == "":
		return fmt.Sprintf("%s: all of %s is new, so that no table holds rows yet", l.Dialect, count(len(l.Files), "migration"))
	}
	return fmt.Sprintf("%s: %s after %s, %s", l.Dialect, count(len(l.Files), "migration"), l.From, count(len(l.Warnings), "warning"))
}

// WarningsGitHub writes a workflow command for each warning; folder is where the migrations stand in the repository.
func WarningsGitHub(w io.Writer, linted []schema.Linted, folder string) error {
	b := bufio.NewWriter(w)
	for _, l := range linted {
		for _, warning := range l.Warnings {
			fmt.Fprintln(b, annotation{
				level: "error", file: path.Join(folder, string(warning.Dialect), warning.File), line: warning.Line,
				title: "Migration lint: " + warning.Code, text: warning.Message,
			})
		}
	}
	return b.Flush()
}
