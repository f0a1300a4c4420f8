package cmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"resume-matcher/models"
	"resume-matcher/services/matching"
	"resume-matcher/services/skills"
	"resume-matcher/services/structure"
)

func newMatchCommand(a *app) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "match RESUME JOB",
		Short: "Score a résumé against a job posting, with evidence; either may be - for standard input",
		Args:  cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if err := oneOf("format", format, "text", "json"); err != nil {
				return err
			}
			if args[0] == "-" && args[1] == "-" {
				return &exitError{exitUsage, fmt.Errorf("only one of RESUME and JOB can be standard input")}
			}
			report, err := matchFiles(c, a, args[0], args[1])
			if err != nil {
				return err
			}
			if format == "json" {
				return writeJSON(a.out, report)
			}
			return writeMatch(a.out, report)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text or json")
	return c
}

// matchReport is what the command prints.
type matchReport struct {
	Name     string `json:"name"`
	JobTitle string `json:"job_title"`
	Company  string `json:"company"`
	matching.Result
}

func matchFiles(c *cobra.Command, a *app, resumeFile, jobFile string) (*matchReport, error) {
	cfg, err := a.load()
	if err != nil {
		return nil, err
	}
	ex := newExtractor(cfg)
	defer ex.Close()
	resumeDoc, err := extractFile(c.Context(), a, cfg, ex, resumeFile)
	if err != nil {
		return nil, err
	}
	jobDoc, err := extractFile(c.Context(), a, cfg, ex, jobFile)
	if err != nil {
		return nil, err
	}
	vocabulary, err := skills.Load()
	if err != nil {
		return nil, err
	}
	parser := structure.New(vocabulary)
	resume, job := parser.Resume(resumeDoc.Markdown), parser.Job(jobDoc.Markdown)
	if structure.Empty(resume.Data) {
		return nil, models.NewError(models.KindResumeValidation, resumeFile+" has no text that could be a résumé.")
	}
	matcher := matching.New(vocabulary)
	return &matchReport{
		Name: resume.Data.PersonalInfo.Name, JobTitle: job.Data.JobTitle, Company: job.Data.CompanyProfile.Name,
		Result: matcher.Match(matcher.PrepareResume(resume.Data, resume.Language), matcher.PrepareJob(job.Data, job.Language)),
	}, nil
}

// writeMatch prints the report for a person: the score, its parts, each requirement with its evidence, what is missing.
func writeMatch(w io.Writer, r *matchReport) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s ↔ %s\n\n", orElse(r.Name, "Résumé"), orElse(strings.Trim(r.JobTitle+" – "+r.Company, " –"), "job posting"))
	fmt.Fprintf(&b, "Score  %5.1f of 100   (formula %s)\n\n", r.Score, r.FormulaVersion)
	for _, part := range breakdownRows(r.Breakdown) {
		if part.value == nil {
			fmt.Fprintf(&b, "  %-18s     –   the posting says nothing\n", part.name)
			continue
		}
		fmt.Fprintf(&b, "  %-18s %5.1f  %s\n", part.name, *part.value, bar(*part.value))
	}
	fmt.Fprintf(&b, "\nRequirements  (%d of %d required, %d of %d preferred met)\n",
		r.Counts.RequiredMatched, r.Counts.RequiredTotal, r.Counts.PreferredMatched, r.Counts.PreferredTotal)
	b.WriteString("  ✓ met   ~ partly met   ✗ not shown in the résumé\n")
	for _, c := range r.Coverage {
		writeCoverage(&b, c)
	}
	if len(r.Missing) > 0 {
		b.WriteString("\nMissing, most important first\n")
		for _, m := range r.Missing {
			fmt.Fprintf(&b, "  %4.1f %%  %s%s\n", m.Weight*100, m.Skill, preferredMark(m.Required))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeCoverage(b *strings.Builder, c matching.Coverage) {
	mark := "✗"
	switch {
	case c.Matched:
		mark = "✓"
	case c.Degree > 0:
		mark = "~"
	}
	fmt.Fprintf(b, "  %s %s%s\n", mark, c.Requirement, preferredMark(c.Required))
	if c.Evidence != nil {
		fmt.Fprintf(b, "      “%s”  (%s)\n", c.Evidence.Quote, c.Evidence.Path)
	}
	if len(c.Missing) > 0 {
		fmt.Fprintf(b, "      not shown: %s\n", strings.Join(c.Missing, ", "))
	} else if c.Evidence == nil {
		b.WriteString("      no evidence in the résumé\n")
	}
}

func preferredMark(required bool) string {
	if required {
		return ""
	}
	return "  (preferred)"
}

type breakdownRow struct {
	name  string
	value *float64
}

func breakdownRows(b matching.Breakdown) []breakdownRow {
	return []breakdownRow{
		{"Required skills", b.RequiredSkills},
		{"Preferred skills", b.PreferredSkills},
		{"Responsibilities", b.Responsibility},
		{"Title", b.Title},
		{"Text similarity", b.TextSimilarity},
		{"Experience years", b.ExperienceYears},
	}
}

// bar draws a value from 0 to 100 in 20 steps.
func bar(value float64) string {
	n := min(20, max(0, int(value/5+0.5)))
	return strings.Repeat("█", n) + strings.Repeat("░", 20-n)
}

func orElse(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
