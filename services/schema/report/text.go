package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"resume-matcher/services/schema"
)

// Text writes reports for people: first a line a database, then each finding with what to do next and the SQL.
func Text(w io.Writer, reports []schema.Report) error {
	b := bufio.NewWriter(w)
	for _, r := range reports {
		fmt.Fprintln(b, summary(r))
	}
	for _, r := range reports {
		var last schema.Kind
		for _, g := range grouped(r.Findings) {
			if g.Kind != last {
				fmt.Fprintf(b, "\n%s (%s, %s)\n", meaning(g.Kind), g.Dialect, g.Kind)
				last = g.Kind
			}
			writeGroup(b, g)
		}
	}
	return b.Flush()
}

// summary says in one line how a check ended.
func summary(r schema.Report) string {
	switch r.Status {
	case InSync:
		return fmt.Sprintf("In sync: %s", r.Dialect)
	case Drift:
		return fmt.Sprintf("Drift: %s, %s", r.Dialect, count(len(r.Findings), "finding"))
	}
	return fmt.Sprintf("Could not check: %s. %s", r.Dialect, r.Error)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func writeGroup(w io.Writer, g group) {
	fmt.Fprintln(w)
	for _, f := range g.Findings {
		fmt.Fprintf(w, "  %-7s  %s: %s%s\n", f.Severity, f.Object, f.Change, place(f))
		writeSide(w, "expected", f.Expected)
		writeSide(w, "actual", f.Actual)
	}
	for _, advice := range g.Advice() {
		fmt.Fprintf(w, "  %-7s  %s\n", "next", advice)
	}
	if sql := strings.TrimSpace(g.SQL); sql != "" {
		fmt.Fprintf(w, "\n%s\n", indent(sql, "      "))
	}
}

func writeSide(w io.Writer, name, text string) {
	if text != "" {
		fmt.Fprintf(w, "           %-8s  %s\n", name, strings.TrimLeft(indent(text, strings.Repeat(" ", 21)), " "))
	}
}

// place names the file and line of a finding, in parentheses.
func place(f schema.Finding) string {
	switch {
	case f.File == "":
		return ""
	case f.Line > 0:
		return fmt.Sprintf(" (%s:%d)", f.File, f.Line)
	}
	return " (" + f.File + ")"
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(text, "\n", "\n"+by)
}
