package matching

import (
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/skills"
)

// Job is a posting prepared for matching: immutable and safe for concurrent use.
type Job struct {
	language string
	title    title
	// demands are the qualifications in the posting's order, the required ones first.
	demands []requirement
	tasks   []requirement
	// keywords are the skills of the whole posting, each once; keyStems its key words with their counts.
	keywords []*skills.Skill
	keyStems []string
	minYears float64
	wanted   map[*skills.Skill]bool
}

// PrepareJob reads a posting once for any number of matches; language is its ISO 639-1 code.
func (m *Matcher) PrepareJob(d models.JobData, language string) *Job {
	j := &Job{language: language, title: m.readTitle(d.JobTitle, language), minYears: d.MinExperienceYears, wanted: map[*skills.Skill]bool{}}
	for _, text := range d.Qualifications.Required {
		j.demands = append(j.demands, m.readRequirement(text, language, true))
	}
	for _, text := range d.Qualifications.Preferred {
		j.demands = append(j.demands, m.readRequirement(text, language, false))
	}
	for _, text := range d.KeyResponsibilities {
		j.tasks = append(j.tasks, m.readRequirement(text, language, false))
	}
	for _, q := range j.demands {
		for _, p := range q.parts {
			for _, s := range p.options {
				if s.Kind != kindSoft && s.Kind != kindNaturalLanguage {
					j.wanted[s] = true
				}
			}
		}
	}
	m.readKeywords(j, d)
	return j
}

// readKeywords gathers the vector of the text similarity from all of the posting that speaks of the work.
func (m *Matcher) readKeywords(j *Job, d models.JobData) {
	texts := []string{d.JobTitle, d.JobSummary}
	texts = append(texts, d.Qualifications.Required...)
	texts = append(texts, d.Qualifications.Preferred...)
	texts = append(texts, d.KeyResponsibilities...)
	texts = append(texts, strings.Join(d.ExtractedKeywords, ", "))
	seenSkill, seenStem := map[*skills.Skill]bool{}, map[string]bool{}
	for _, text := range texts {
		read := m.read(text, j.language)
		for _, mention := range read.mentions {
			if s := mention.Skill; !seenSkill[s] && s.Kind != kindSoft && s.Kind != kindNaturalLanguage {
				seenSkill[s] = true
				j.keywords = append(j.keywords, s)
			}
		}
		for _, t := range read.terms {
			if !seenStem[t.stem] && !t.inSkill {
				seenStem[t.stem] = true
				j.keyStems = append(j.keyStems, t.stem)
			}
		}
	}
}
