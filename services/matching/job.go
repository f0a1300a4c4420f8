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
	// keywords are the skills of the whole posting, each once; keyStems its other key words.
	keywords []*skills.Skill
	keyStems []string
	minYears float64
	wanted   map[*skills.Skill]bool
}

// PrepareJob reads a posting once for any number of matches; language is its ISO 639-1 code.
func (m *Matcher) PrepareJob(d models.JobData, language string) *Job {
	j := &Job{language: language, title: m.readTitle(d.JobTitle, language), minYears: d.MinExperienceYears, wanted: map[*skills.Skill]bool{}}
	keys := keywords{job: j, skills: map[*skills.Skill]bool{}, stems: map[string]bool{}}
	requirement := func(text string, required bool) requirement {
		read := m.read(text, language)
		keys.add(read)
		return m.readRequirement(text, language, read, required)
	}
	for _, text := range []string{d.JobTitle, d.JobSummary, strings.Join(d.ExtractedKeywords, ", ")} {
		keys.add(m.read(text, language))
	}
	for _, text := range d.Qualifications.Required {
		j.demands = append(j.demands, requirement(text, true))
	}
	for _, text := range d.Qualifications.Preferred {
		j.demands = append(j.demands, requirement(text, false))
	}
	for _, text := range d.KeyResponsibilities {
		j.tasks = append(j.tasks, requirement(text, false))
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
	return j
}

// keywords gathers the vector of the text similarity from all of the posting that speaks of the work.
type keywords struct {
	job    *Job
	skills map[*skills.Skill]bool
	stems  map[string]bool
}

func (k *keywords) add(read reading) {
	for _, mention := range read.mentions {
		if s := mention.Skill; !k.skills[s] && s.Kind != kindSoft && s.Kind != kindNaturalLanguage {
			k.skills[s] = true
			k.job.keywords = append(k.job.keywords, s)
		}
	}
	for _, t := range read.terms {
		if !k.stems[t.stem] && !t.inSkill {
			k.stems[t.stem] = true
			k.job.keyStems = append(k.job.keyStems, t.stem)
		}
	}
}
