package structure

import (
	"cmp"
	"slices"
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/skills"
)

// Confidence of a posting's values by how they were found.
const (
	sureLabelled  = 0.95
	sureHeaded    = 0.9
	sureProse     = 0.75
	sureWorded    = 0.6
	sureGuessed   = 0.4
	maxJobEntries = 200
)

// Job reads a posting: pasted text or Markdown, with headings and bullets or without. ProcessedAt stays zero.
func (p *Parser) Job(text string) Job {
	r := &jobReader{text: text, words: loadPostingWords(), vocabulary: p.vocabulary}
	r.data = models.JobData{
		KeyResponsibilities: []string{}, CompensationBenefits: []string{}, ExtractedKeywords: []string{},
		Qualifications: models.Qualifications{Required: []string{}, Preferred: []string{}},
	}
	lines := postingLines(text)
	o := r.outline(lines)
	r.readTitle(o)
	r.readCompany(o)
	r.readFacts(o)
	r.readLocation(o)
	r.readEmployment(o)
	r.readEntries(o)
	r.readSummary(o)
	r.readApplication(o)
	r.readKeywords()
	slices.SortStableFunc(r.sources, func(a, b models.Source) int { return cmp.Compare(a.Path, b.Path) })
	return Job{Data: r.data, Sources: r.sources, Language: skills.DetectLanguage(text)}
}

// jobReader gathers the structure of one posting.
type jobReader struct {
	text       string
	words      *postingWords
	vocabulary *skills.Vocabulary
	data       models.JobData
	sources    []models.Source
	// title is where the title stands; empty without one.
	title span
}

// value returns the plain text of s and records where it came from.
func (r *jobReader) value(path string, s span, confidence float64) string {
	s = trimSpan(r.text, s)
	v := plain(r.text[s.start:s.end])
	if v != "" {
		r.source(path, s, confidence)
	}
	return v
}

func (r *jobReader) source(path string, s span, confidence float64) {
	r.sources = append(r.sources, models.Source{
		Path: path, Start: s.start, End: s.end, Confidence: confidence,
		Line: 1 + strings.Count(r.text[:s.start], "\n"),
	})
}

// skillsIn returns the skills a text names; none without a vocabulary.
func (r *jobReader) skillsIn(text string) []skills.Mention {
	if r.vocabulary == nil {
		return nil
	}
	return r.vocabulary.Find(text)
}
