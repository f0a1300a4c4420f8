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

// Resume reads a résumé's Markdown. Every word of it ends up in a value of the result or in a section's name; what
// fits nowhere is kept in the custom section "unplaced". The time is close to linear in the length of the text.
func (p *Parser) Resume(markdown string) Resume {
	lines := joinWrapped(readLines(markdown))
	r := newResumeReader(markdown, p.vocabulary)
	name := r.findName(lines)
	lines = r.takePageMarks(lines, name)
	sections := cutSections(lines, name.line)
	language := resumeLanguage(markdown, sections)
	r.readPersonal(sections, lines, name)
	for i := range sections {
		r.readSection(&sections[i])
	}
	r.finish()
	return Resume{Data: r.data, Sources: r.sources, Language: language}
}

// newResumeReader returns a reader of one résumé.
func newResumeReader(markdown string, vocabulary *skills.Vocabulary) *resumeReader {
	return &resumeReader{
		markdown:   markdown,
		vocabulary: vocabulary,
		data:       models.ResumeData{CustomSections: map[string]models.CustomSection{}},
		used:       map[string]bool{},
	}
}
