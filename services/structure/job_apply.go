package structure

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"resume-matcher/services/skills"
)

var (
	postingURL   = regexp.MustCompile(`https?://[^\s<>"'()\[\]]+|\bwww\.[^\s<>"'()\[\]]+\.[^\s<>"'()\[\]]+`)
	postingEmail = regexp.MustCompile(`[\p{L}\d._%+-]{1,64}@[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63})+`)
	deadlineCue  = regexp.MustCompile(`(?i)\b(?:deadline|closing date|apply by|until|no later than|bis (?:zum|spätestens)|bewerbungsfrist|bewerbungsschluss|avant le|jusqu'au|hasta el|antes del)\b`)
	applyCue     = regexp.MustCompile(`(?i)apply|application|bewerb|career|karriere|jobs?\b|postul|candidat|inscr|solicit`)
)

const (
	maxSummaryBytes = 1200
	minSummaryBytes = 40
	maxKeywords     = 40
)

// What a skill's place in the posting says of its importance.
const (
	inTitle    = 3
	inRequired = 2
	inText     = 1
	inSummary  = 0.5
)

// readSummary takes the part that describes the job, or else the first paragraph of prose.
func (r *jobReader) readSummary(o jobOutline) {
	for _, wanted := range []part{partSummary, partNone, partCompany} {
		for _, section := range o.sections {
			if section.kind != wanted {
				continue
			}
			if s, ok := r.firstParagraph(section.lines); ok {
				confidence := sureHeaded
				if !section.headed {
					confidence = sureWorded
				}
				path := "job_summary"
				if wanted == partCompany {
					path = "company_profile.description"
				}
				r.keepText(path, s, confidence)
				break
			}
		}
	}
}

func (r *jobReader) keepText(path string, s span, confidence float64) {
	switch {
	case path == "company_profile.description":
		r.data.CompanyProfile.Description = r.value(path, s, confidence)
	case r.data.JobSummary == "":
		r.data.JobSummary = r.value(path, s, confidence)
	}
}

// firstParagraph returns the first prose of some length.
func (r *jobReader) firstParagraph(lines []postingLine) (span, bool) {
	for i := 0; i < len(lines); {
		if lines[i].bullet || lines[i].level > 0 {
			i++
			continue
		}
		n := paragraphLength(lines[i:])
		s := span{lines[i].start, lines[i+n-1].end}
		i += n
		text := r.text[s.start:s.end]
		if len(text) < minSummaryBytes || !endsInStop(text) || len(splitWords(text)) < 6 || r.cuesOf(s).has(partLegal) {
			continue
		}
		if len(text) > maxSummaryBytes {
			parts := sentences(r.text, s)
			s.end = parts[0].end
			for _, p := range parts {
				if p.end-s.start <= maxSummaryBytes {
					s.end = p.end
				}
			}
		}
		return s, true
	}
	return span{}, false
}

// readApplication finds the way to apply: the link, the address, the last day and the text of its part.
func (r *jobReader) readApplication(o jobOutline) {
	info := &r.data.ApplicationInfo
	for _, section := range o.sections {
		if section.kind == partApply && info.HowToApply == "" {
			if s, ok := r.firstParagraph(section.lines); ok {
				info.HowToApply = r.value("application_info.how_to_apply", s, sureHeaded)
			}
		}
	}
	if s, ok := r.applyLink(); ok {
		info.ApplyLink = r.text[s.start:s.end]
		r.source("application_info.apply_link", s, sureWorded)
	}
	if s, ok := r.firstEmail(); ok {
		info.Email = r.text[s.start:s.end]
		r.source("application_info.contact_email", s, sureHeaded)
	}
	if info.Deadline == "" {
		r.readDeadline()
	}
}

// firstEmail looks only around at signs, where an address must be.
func (r *jobReader) firstEmail() (span, bool) {
	const reach = 128
	at := 0
	for range maxJobEntries {
		next := strings.IndexByte(r.text[at:], '@')
		if next < 0 {
			break
		}
		at += next
		from, to := max(0, at-reach), min(len(r.text), at+reach)
		if found := postingEmail.FindStringIndex(r.text[from:to]); found != nil {
			return span{from + found[0], from + found[1]}, true
		}
		at++
	}
	return span{}, false
}

// applyLink returns the address whose line or own text speaks of applying, or else the last address of the posting.
func (r *jobReader) applyLink() (span, bool) {
	best, found := span{}, false
	for _, at := range postingURL.FindAllStringIndex(r.text, maxJobEntries) {
		s := span{at[0], at[0] + len(strings.TrimRight(r.text[at[0]:at[1]], ".,;:!?"))}
		lineStart := strings.LastIndexByte(r.text[:s.start], '\n') + 1
		best, found = s, true
		if applyCue.MatchString(r.text[lineStart:s.end]) {
			break
		}
	}
	return best, found
}

// readDeadline looks for a full date behind words such as "apply by".
func (r *jobReader) readDeadline() {
	const reach = 60
	start := 0
	for line := range strings.Lines(r.text) {
		lineStart := start
		start += len(line)
		if !strings.Contains(line, "20") {
			continue
		}
		at := deadlineCue.FindStringIndex(line)
		if at == nil {
			continue
		}
		near := strings.TrimSpace(strings.ToValidUTF8(line[at[1]:min(len(line), at[1]+reach)], ""))
		if day := dayText(near); day != near {
			r.data.ApplicationInfo.Deadline = day
			r.source("application_info.application_deadline", trimSpan(r.text, span{lineStart + at[0], start}), sureWorded)
			return
		}
	}
}

// readKeywords ranks the skills of the posting: by rarity, by the place that names them, and by how often.
func (r *jobReader) readKeywords() {
	if r.vocabulary == nil {
		return
	}
	found := map[*skills.Skill]float64{}
	var order []*skills.Skill
	count := func(text string, importance float64) {
		for _, m := range r.skillsIn(text) {
			if importance == inRequired && m.Skill.Kind == "natural-language" {
				r.addLanguage(m.Skill.Name)
			}
			if _, ok := found[m.Skill]; !ok {
				order = append(order, m.Skill)
			}
			found[m.Skill] += importance * r.vocabulary.Weight(m.Skill)
		}
	}
	count(r.data.JobTitle, inTitle)
	for _, text := range r.data.Qualifications.Required {
		count(text, inRequired)
		r.data.MinExperienceYears = max(r.data.MinExperienceYears, MinimumYears(text))
	}
	for _, text := range r.data.Qualifications.Preferred {
		count(text, inText)
	}
	for _, text := range r.data.KeyResponsibilities {
		count(text, inText)
	}
	count(r.data.JobSummary, inSummary)
	slices.SortStableFunc(order, func(a, b *skills.Skill) int { return cmp.Compare(found[b], found[a]) })
	for i, s := range order {
		if len(r.data.ExtractedKeywords) == maxKeywords {
			break
		}
		r.data.ExtractedKeywords = append(r.data.ExtractedKeywords, s.Name)
		r.keywordSource(i, s)
	}
}

// keywordSource points at the keyword's first place in the posting where its own name stands there.
func (r *jobReader) keywordSource(i int, s *skills.Skill) {
	for _, name := range append([]string{s.Name}, s.Aliases...) {
		if at := strings.Index(r.text, name); at >= 0 {
			r.source("extracted_keywords["+strconv.Itoa(i)+"]", span{at, at + len(name)}, sureHeaded)
			return
		}
	}
}

func (r *jobReader) addLanguage(name string) {
	if !slices.Contains(r.data.RequiredLanguageNames, name) {
		r.data.RequiredLanguageNames = append(r.data.RequiredLanguageNames, name)
	}
}
