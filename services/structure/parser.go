package structure

import (
	"resume-matcher/models"
	"resume-matcher/services/skills"
)

// Parser reads résumés and postings; it holds only read-only tables and is safe for concurrent use.
type Parser struct {
	vocabulary *skills.Vocabulary
}

// New returns a parser; without a vocabulary (nil) skills are told apart by layout alone.
func New(v *skills.Vocabulary) *Parser { return &Parser{vocabulary: v} }

// Resume reads a résumé's Markdown.
func (p *Parser) Resume(markdown string) Resume {
	var data models.ResumeData
	Normalize(&data)
	return Resume{Data: data, Sources: []models.Source{}, Language: "en"}
}
