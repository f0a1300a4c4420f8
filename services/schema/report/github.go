package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"resume-matcher/services/schema"
)

// GitHub writes a workflow command for each finding, which the code host shows as an annotation of the file
// concerned. Reports in sync write nothing.
func GitHub(w io.Writer, reports []schema.Report) error {
	b := bufio.NewWriter(w)
	for _, r := range reports {
		if r.Status == Failed {
			fmt.Fprintln(b, annotation{level: "error", title: fmt.Sprintf("Schema drift could not be checked (%s)", r.Dialect), text: r.Error})
		}
		for _, f := range r.Findings {
			fmt.Fprintln(b, annotation{
				level: level(f.Severity), file: f.File, line: f.Line,
				title: fmt.Sprintf("%s (%s): %s", f.Kind, f.Dialect, f.Object),
				text:  sentence(f),
			})
		}
	}
	return b.Flush()
}

// level is the name of a severity, the same for annotations and in SARIF.
func level(s schema.Severity) string {
	if s == schema.SeverityWarning {
		return "warning"
	}
	return "error"
}

// sentence tells a finding in full.
func sentence(f schema.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s.", f.Object, f.Change)
	if f.Expected != "" {
		b.WriteString("\nExpected: " + f.Expected)
	}
	if f.Actual != "" {
		b.WriteString("\nActual: " + f.Actual)
	}
	if f.Advice != "" {
		b.WriteString("\n" + f.Advice)
	}
	if sql := strings.TrimSpace(f.SQL); sql != "" {
		b.WriteString("\n" + sql)
	}
	return b.String()
}

// annotation is one workflow command.
type annotation struct {
	level, file string
	line        int // from 1; 0 is unknown
	title, text string
}

// String returns the command, escaped so that no text can end it or begin another.
func (a annotation) String() string {
	var properties []string
	if a.file != "" {
		properties = append(properties, "file="+property(a.file))
		if a.line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d", a.line))
		}
	}
	properties = append(properties, "title="+property(a.title))
	return "::" + a.level + " " + strings.Join(properties, ",") + "::" + data(a.text)
}

// data escapes a command's text.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// property escapes a command's property, in which colon and comma are separators too.
func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s))
}
