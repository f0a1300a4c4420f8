package tailoring

import (
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/skills"
)

// importance ranks what a posting says of a skill; higher is more.
type importance int

const (
	notAsked importance = iota
	named
	preferred
	required
)

// posting is what tailoring needs to know of a job: its skills, how it asks for them and how it spells them.
type posting struct {
	importance map[*skills.Skill]importance
	// spellings are those of the vocabulary that the posting uses, the most important place first.
	spellings map[*skills.Skill][]string
	// wordings are the skills' first names as the posting writes them, inflected or not.
	wordings map[*skills.Skill]string
}

func (t *Tailor) readPosting(job models.JobData) posting {
	p := posting{importance: make(map[*skills.Skill]importance), spellings: make(map[*skills.Skill][]string), wordings: make(map[*skills.Skill]string)}
	read := func(level importance, texts ...string) {
		for _, text := range texts {
			for _, m := range t.vocabulary.Find(text) {
				p.importance[m.Skill] = max(p.importance[m.Skill], level)
				p.addSpelling(m.Skill, text[m.Start:m.End])
				if p.wordings[m.Skill] == "" {
					p.wordings[m.Skill] = text[m.Start:m.End]
				}
			}
		}
	}
	read(required, job.Qualifications.Required...)
	read(preferred, job.Qualifications.Preferred...)
	read(named, job.JobTitle)
	read(named, job.KeyResponsibilities...)
	read(named, job.ExtractedKeywords...)
	read(named, job.JobSummary)
	return p
}

// addSpelling keeps the vocabulary's own form of what the posting wrote: neither shouting nor inflection is taken over.
func (p posting) addSpelling(s *skills.Skill, written string) {
	for _, known := range append([]string{s.Name}, s.Aliases...) {
		if !strings.EqualFold(known, written) {
			continue
		}
		for _, spelling := range p.spellings[s] {
			if spelling == known {
				return
			}
		}
		p.spellings[s] = append(p.spellings[s], known)
		return
	}
}

// importanceOf is that of the most wanted skill which text claims.
func (t *Tailor) importanceOf(p posting, text string) importance {
	top := notAsked
	for _, m := range t.claimed(text) {
		top = max(top, p.importance[m.Skill])
	}
	return top
}
