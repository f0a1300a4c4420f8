// Package samples makes up as many different résumés and job postings as a test needs; none is of a real person.
package samples

import (
	"fmt"
	"strings"

	"resume-matcher/tests/testpdf"
)

// Document is a file to upload.
type Document struct {
	Name string
	Data []byte
	// Lines are the texts that must be found again in what is stored.
	Lines []string
}

var (
	tools   = []string{"Go", "Python", "PostgreSQL", "Kubernetes", "TypeScript", "Terraform", "Kafka", "React"}
	domains = []string{"billing", "logistics", "scheduling", "inventory", "booking", "payroll", "search", "reporting"}
)

// Markdown returns the résumé of a number, always the same one.
func Markdown(n int) Document {
	lines := resumeLines(n)
	return Document{Name: fmt.Sprintf("resume-%d.md", n), Data: []byte(strings.Join(markdown(lines), "\n")), Lines: lines}
}

// PDF returns the same résumé as a PDF file of one page.
func PDF(n int) Document {
	lines := resumeLines(n)
	return Document{Name: fmt.Sprintf("resume-%d.pdf", n), Data: pdf(lines), Lines: lines}
}

// resumeLines holds plain texts: those that a reader of any format leaves as they are.
func resumeLines(n int) []string {
	tool, domain := tools[n%len(tools)], domains[n/len(tools)%len(domains)]
	return []string{
		"Robin Sample",
		fmt.Sprintf("robin.sample.%d@example.com", n),
		"Summary",
		fmt.Sprintf("Engineer who builds %s systems in %s.", domain, tool),
		"Experience",
		fmt.Sprintf("Software Engineer, Invented Company %d", n),
		"2019 - 2023",
		fmt.Sprintf("Built the %s service number %d in %s.", domain, n, tool),
		fmt.Sprintf("Cut the cost of %s by %d percent.", domain, 5+n%40),
		"Skills",
		strings.Join([]string{tool, tools[(n+1)%len(tools)], tools[(n+3)%len(tools)]}, ", "),
	}
}

func markdown(lines []string) []string {
	marked := make([]string, len(lines))
	for i, line := range lines {
		switch {
		case i == 0:
			line = "# " + line
		case line == "Summary", line == "Experience", line == "Skills":
			line = "\n## " + line + "\n"
		case strings.HasPrefix(line, "Software Engineer"):
			line = "### " + line
		case strings.HasPrefix(line, "Built"), strings.HasPrefix(line, "Cut"):
			line = "- " + line
		}
		marked[i] = line
	}
	return marked
}

// Posting returns the text of the job posting of a number.
func Posting(n int) string {
	tool, domain := tools[n%len(tools)], domains[n/len(tools)%len(domains)]
	return fmt.Sprintf("Engineer %d (%s)\n\nResponsibilities\n- Build our %s platform\n\nRequirements\n- %s\n- %s\n- 3 years of experience\n\nNice to have\n- %s\n",
		n, domain, domain, tool, tools[(n+1)%len(tools)], tools[(n+2)%len(tools)])
}

// pdf sets lines below one another on a page, in a font that every reader has.
func pdf(lines []string) []byte {
	var text strings.Builder
	text.WriteString("BT /F1 11 Tf 60 780 Td 16 TL\n")
	for _, line := range lines {
		fmt.Fprintf(&text, "(%s) Tj T*\n", strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(line))
	}
	text.WriteString("ET")
	return testpdf.File(
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()),
	)
}
