package structure

import (
	"slices"
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/skills"
)

const (
	// lowJobConfidence is the confidence below which a proposed value can take a found one's place: what was guessed.
	lowJobConfidence = 0.5
	// maxMergedKeywords bounds the keywords of the merged posting.
	maxMergedKeywords = 60
	maxKeywordBytes   = 60
	maxKeywordWords   = 5
	maxDemandBytes    = 500
)

// jobMerger merges one reading of a posting into another.
type jobMerger struct {
	text       *foldedText
	reader     *jobReader
	data       models.JobData
	sources    []models.Source
	vocabulary *skills.Vocabulary
	lines      *resumeReader
	lookups    int
	// used are the stretches that a name or an entry of a list was read from.
	used []span
}

// MergeJob completes what was found in a posting by another reading of the same text, such as a language model's. As in
// MergeResume a proposed value counts only if it stands in the text, and what was found wins unless it is empty or
// below lowJobConfidence. An entry of a list is added where no other one is read from the same words, outside legal
// notes and what the posting waives. Keywords are those found and then those proposed that occur in the text, each
// skill once under its name in the vocabulary, at most maxMergedKeywords. Terms such as "Hybrid" must be those of a
// phrase in the text, and dates the same days. ProcessedAt stays.
func (p *Parser) MergeJob(text string, found Job, proposed models.JobData) Job {
	m := &jobMerger{
		text: foldText(text), reader: &jobReader{text: text, words: loadPostingWords(), vocabulary: p.vocabulary},
		data: found.Data, sources: []models.Source{}, vocabulary: p.vocabulary, lines: newResumeReader(text, nil), lookups: maxLookups,
	}
	for _, s := range found.Sources {
		if s.Start >= 0 && s.Start <= s.End && s.End <= len(text) {
			m.sources = append(m.sources, s)
		}
	}
	lists := m.lists(&proposed)
	m.occupy(lists)
	m.names(&proposed)
	for _, l := range lists {
		m.mergeList(l, lists)
	}
	for _, l := range lists {
		m.writeList(l)
	}
	m.prose(&proposed)
	m.terms(&proposed)
	m.mergeKeywords(proposed.ExtractedKeywords)
	sortSources(m.sources)
	return Job{Data: m.data, Sources: m.sources, Language: found.Language}
}

// sourceOf returns the source of the value at path.
func (m *jobMerger) sourceOf(path string) (models.Source, bool) {
	i := slices.IndexFunc(m.sources, func(s models.Source) bool { return s.Path == path })
	if i < 0 {
		return models.Source{}, false
	}
	return m.sources[i], true
}

// put takes a value into the place of the one at path.
func (m *jobMerger) put(path string, target *string, q quote) {
	m.sources = slices.DeleteFunc(m.sources, func(s models.Source) bool { return s.Path == path })
	*target = q.text
	m.sources = append(m.sources, m.source(path, q.span, sureProposed))
}

func (m *jobMerger) source(path string, s span, confidence float64) models.Source {
	return models.Source{Path: path, Start: s.start, End: s.end, Line: m.lines.lineOf(s.start), Confidence: confidence}
}

// open reports whether a proposed value may take the place of the one at path.
func (m *jobMerger) open(path, have, want string) bool {
	if want == "" || fold(want) == fold(have) {
		return false
	}
	s, ok := m.sourceOf(path)
	return have == "" || ok && s.Confidence < lowJobConfidence
}

// places returns where a proposed value stands in the posting, each in the posting's own words.
func (m *jobMerger) places(value string) []quote {
	if len(value) > maxProposedBytes || m.lookups == 0 {
		return nil
	}
	m.lookups--
	key := fold(value)
	var found []quote
	for _, s := range m.text.find(key) {
		if text := plain(m.text.text[s.start:s.end]); fold(text) == key {
			found = append(found, quote{s, text})
		}
	}
	return found
}

// free reports whether nothing else was read from a stretch.
func (m *jobMerger) free(s span) bool {
	return !slices.ContainsFunc(m.used, func(u span) bool { return overlap(u, s) })
}

// occupy marks what the title, the employer and the lists were read from; what is below lowJobConfidence stays open.
func (m *jobMerger) occupy(lists []*mergedList) {
	for _, path := range []string{"job_title", "company_profile.companyName", "company_profile.industry"} {
		if s, ok := m.sourceOf(path); ok && s.Confidence >= lowJobConfidence {
			m.used = append(m.used, span{s.Start, s.End})
		}
	}
	for _, l := range lists {
		l.confirm()
		for _, v := range l.values {
			if v.sourced && v.confidence >= lowJobConfidence {
				m.used = append(m.used, v.span)
			}
		}
	}
}

// jobField is a value of a posting and its proposal.
type jobField struct {
	path       string
	have, want *string
}

// names fills the single values that are names; each is read from words that nothing else was read from.
func (m *jobMerger) names(p *models.JobData) {
	d := &m.data
	for _, f := range []jobField{
		{"job_title", &d.JobTitle, &p.JobTitle},
		{"company_profile.companyName", &d.CompanyProfile.Name, &p.CompanyProfile.Name},
		{"company_profile.industry", &d.CompanyProfile.Industry, &p.CompanyProfile.Industry},
		{"location.text", &d.Location.Text, &p.Location.Text},
		{"location.city", &d.Location.City, &p.Location.City},
		{"location.state", &d.Location.State, &p.Location.State},
		{"location.country", &d.Location.Country, &p.Location.Country},
	} {
		if !m.open(f.path, *f.have, *f.want) || len(*f.want) > maxNameBytes {
			continue
		}
		for _, q := range m.places(strings.TrimRight(*f.want, " ,;:")) {
			if letterCount(q.text) < 2 || commonWord(splitWords(q.text)) || strings.Contains(m.text.text[q.span.start:q.span.end], "\n") || !m.free(q.span) {
				continue
			}
			m.put(f.path, f.have, q)
			// A city may be part of the place's text.
			if !strings.HasPrefix(f.path, "location.") {
				m.used = append(m.used, q.span)
			}
			break
		}
	}
}

// prose fills the texts, links and addresses that are missing.
func (m *jobMerger) prose(p *models.JobData) {
	d := &m.data
	email := func(text string) bool { return postingEmail.FindString(text) == text }
	link := func(text string) bool { return strings.Contains(text, ".") && linkOnly(text) }
	sentence := func(text string) bool { return len(splitWords(text)) > 2 }
	for _, f := range []struct {
		jobField
		fits func(string) bool
	}{
		{jobField{"job_summary", &d.JobSummary, &p.JobSummary}, sentence},
		{jobField{"company_profile.description", &d.CompanyProfile.Description, &p.CompanyProfile.Description}, sentence},
		{jobField{"company_profile.website", &d.CompanyProfile.Website, &p.CompanyProfile.Website}, link},
		{jobField{"application_info.how_to_apply", &d.ApplicationInfo.HowToApply, &p.ApplicationInfo.HowToApply}, sentence},
		{jobField{"application_info.apply_link", &d.ApplicationInfo.ApplyLink, &p.ApplicationInfo.ApplyLink}, link},
		{jobField{"application_info.contact_email", &d.ApplicationInfo.Email, &p.ApplicationInfo.Email}, email},
	} {
		if !m.open(f.path, *f.have, *f.want) || len(*f.want) > maxSummaryBytes {
			continue
		}
		for _, q := range m.places(*f.want) {
			if f.fits(q.text) {
				m.put(f.path, f.have, q)
				break
			}
		}
	}
}

func linkOnly(text string) bool {
	hits := contactHits(text)
	return len(hits) == 1 && hits[0].kind != "email" && hits[0].kind != "phone" && hits[0].to-hits[0].from == len(text)
}

// terms fills the values that stand for words or dates of the text.
func (m *jobMerger) terms(p *models.JobData) {
	d, words := &m.data, m.reader.words
	m.kind("location.remoteStatus", &d.Location.RemoteType, p.Location.RemoteType, &words.remote)
	m.kind("employment_type", &d.EmploymentType, p.EmploymentType, &words.employment)
	m.day("date_posted", &d.DatePosted, p.DatePosted)
	m.day("application_info.application_deadline", &d.ApplicationInfo.Deadline, p.ApplicationInfo.Deadline)
}

// kind takes a term where the text has a phrase for it that nothing denies.
func (m *jobMerger) kind(path string, have *string, want string, table *phraseTable) {
	if !m.open(path, *have, want) {
		return
	}
	words := splitWords(m.text.text)
	for _, hit := range table.all(words) {
		s := span{words[hit.at].start, words[hit.at+hit.length-1].end}
		if strings.EqualFold(hit.kind, strings.TrimSpace(want)) && !m.denied(s) {
			m.put(path, have, quote{s, hit.kind})
			return
		}
	}
}

// day takes a date that the text states, in any of its forms.
func (m *jobMerger) day(path string, have *string, want string) {
	day := dayText(strings.TrimSpace(want))
	if !m.open(path, *have, want) || !isoDay.MatchString(day) {
		return
	}
	at := 0
	for line := range strings.Lines(m.text.text) {
		start := at
		at += len(line)
		if len(line) <= maxDatedBytes && strings.Contains(line, "20") && dayText(line) == day {
			s := trimSpan(m.text.text, span{start, at})
			m.put(path, have, quote{s, day})
			return
		}
	}
}

// denied reports whether the clause before a stretch turns it into its opposite.
func (m *jobMerger) denied(s span) bool {
	from := max(0, s.start-besideReach)
	before := m.text.text[from:s.start]
	before = before[strings.LastIndexByte(before, '\n')+1:]
	if marks := clauseMark.FindAllStringIndex(before, -1); len(marks) > 0 {
		before = before[marks[len(marks)-1][1]:]
	}
	return denial.MatchString(before)
}
