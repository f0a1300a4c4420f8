package cmd

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"resume-matcher/models"
	"resume-matcher/services/skills"
	"resume-matcher/services/structure"
)

func newExtractCommand(a *app) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "extract FILE",
		Short: "Print a résumé as Markdown, or as structured JSON; FILE may be - for standard input",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := oneOf("format", format, "markdown", "json"); err != nil {
				return err
			}
			cfg, err := a.load()
			if err != nil {
				return err
			}
			ex := newExtractor(cfg)
			defer ex.Close()
			doc, err := extractFile(c.Context(), a, cfg, ex, args[0])
			if err != nil {
				return err
			}
			if format == "markdown" {
				_, err = io.WriteString(a.out, doc.Markdown)
				return err
			}
			vocabulary, err := skills.Load()
			if err != nil {
				return err
			}
			parsed := structure.New(vocabulary).Resume(doc.Markdown)
			return writeJSON(a.out, struct {
				models.ResumeData
				Language string          `json:"language"`
				Sources  []models.Source `json:"sources"`
			}{parsed.Data, parsed.Language, parsed.Sources})
		},
	}
	c.Flags().StringVar(&format, "format", "markdown", "markdown or json")
	return c
}

// writeJSON prints v indented, with the characters people wrote left as they are.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func oneOf(flag, value string, allowed ...string) error {
	for _, a := range allowed {
		if value == a {
			return nil
		}
	}
	return &exitError{exitUsage, fmt.Errorf("--%s must be one of %s", flag, strings.Join(allowed, ", "))}
}
