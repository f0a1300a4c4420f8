package structure

import (
	"slices"
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/skills"
)

// mergedList is a list of a posting in the making.
type mergedList struct {
	path   string
	target *[]string
	want   []string
	values []heldValue
	// demands are what the applicant must or should have.
	demands, required bool
}

// lists returns the lists of the posting with their proposals, those that weigh most first.
func (m *jobMerger) lists(p *models.JobData) []*mergedList {
	d := &m.data
	all := []*mergedList{
		{path: "qualifications.required", target: &d.Qualifications.Required, want: p.Qualifications.Required, demands: true, required: true},
		{path: "qualifications.preferred", target: &d.Qualifications.Preferred, want: p.Qualifications.Preferred, demands: true},
		{path: "key_responsibilities", target: &d.KeyResponsibilities, want: p.KeyResponsibilities},
		{path: "compensation_and_benefits", target: &d.CompensationBenefits, want: p.CompensationBenefits},
	}
	h := holder{sources: map[string]models.Source{}}
	for _, s := range m.sources {
		h.sources[s.Path] = s
	}
	for _, l := range all {
		l.values = h.list(l.path, *l.target)
		l.want = first(l.want, maxProposedItems)
	}
	return all
}

// confirm makes sure of what was only guessed where the proposal has it in the same list.
func (l *mergedList) confirm() {
	want := map[string]bool{}
	for _, text := range l.want {
		if len(text) <= maxDemandBytes {
			want[fold(text)] = true
		}
	}
	for i := range l.values {
		if v := &l.values[i]; v.sourced && want[fold(v.text)] {
			v.confidence = max(v.confidence, sureProposed)
		}
	}
}

// mergeList adds the proposed entries that were read nowhere else, and moves to this list what was only guessed to be
// another one's.
func (m *jobMerger) mergeList(l *mergedList, all []*mergedList) {
	seen := map[string]bool{}
	for _, text := range l.want {
		key := fold(text)
		if len(text) > maxDemandBytes || len(l.values) >= maxJobEntries || seen[key] {
			continue
		}
		seen[key] = true
		for _, q := range first(m.places(text), maxAnchors) {
			if m.free(q.span) && m.isEntry(q.span, l) && m.giveWay(q, l, all) {
				l.insert(placed(q))
				m.used = append(m.used, q.span)
				m.derive(l, q.text)
				break
			}
		}
	}
}

// isEntry reports whether a stretch can be an entry of the list: no legal note, and no demand that is waived or denied.
func (m *jobMerger) isEntry(s span, l *mergedList) bool {
	line := m.lineAround(s)
	if m.reader.cuesOf(line).has(partLegal) {
		return false
	}
	if !l.demands {
		return true
	}
	if m.denied(s) {
		return false
	}
	return slices.ContainsFunc(m.reader.withoutWaived(line), func(kept span) bool { return kept.start <= s.start && s.end <= kept.end })
}

// lineAround widens a stretch to its lines, within reach.
func (m *jobMerger) lineAround(s span) span {
	text := m.text.text
	from, to := max(0, s.start-maxSummaryBytes), min(len(text), s.end+maxSummaryBytes)
	from += strings.LastIndexByte(text[from:s.start], '\n') + 1
	if at := strings.IndexByte(text[s.end:to], '\n'); at >= 0 {
		to = s.end + at
	}
	return trimSpan(text, span{from, to})
}

// giveWay removes the guessed entries that a proposed one takes in as a whole; another overlap refuses the proposal. An
// entry of the same text in the same list stays.
func (m *jobMerger) giveWay(q quote, l *mergedList, all []*mergedList) bool {
	for _, other := range all {
		for _, v := range other.values {
			switch {
			case fold(v.text) == fold(q.text) && (other == l || !v.sourced || v.confidence >= lowJobConfidence):
				return false
			case v.sourced && overlap(v.span, q.span) && (v.span.start < q.span.start || v.span.end > q.span.end):
				return false
			}
		}
	}
	for _, other := range all {
		other.values = slices.DeleteFunc(other.values, func(v heldValue) bool { return v.sourced && overlap(v.span, q.span) })
	}
	return true
}

// insert keeps the order of the posting.
func (l *mergedList) insert(v heldValue) {
	at := slices.IndexFunc(l.values, func(other heldValue) bool { return other.sourced && other.span.start > v.span.start })
	if at < 0 {
		at = len(l.values)
	}
	l.values = slices.Insert(l.values, at, v)
}

// derive reads years and languages from a new demand, as they are read from those found.
func (m *jobMerger) derive(l *mergedList, text string) {
	if !l.required {
		return
	}
	m.data.MinExperienceYears = max(m.data.MinExperienceYears, MinimumYears(text))
	for _, mention := range m.reader.skillsIn(text) {
		if name := mention.Skill.Name; mention.Skill.Kind == "natural-language" && !slices.Contains(m.data.RequiredLanguageNames, name) {
			m.data.RequiredLanguageNames = append(slices.Clip(m.data.RequiredLanguageNames), name)
		}
	}
}

// writeList writes a list and its sources anew.
func (m *jobMerger) writeList(l *mergedList) {
	m.sources = slices.DeleteFunc(m.sources, func(s models.Source) bool { return strings.HasPrefix(s.Path, l.path+"[") })
	texts := make([]string, 0, len(l.values))
	for i, v := range l.values {
		if v.sourced {
			m.sources = append(m.sources, m.source(indexed(l.path, i), v.span, v.confidence))
		}
		texts = append(texts, v.text)
	}
	*l.target = texts
}

// mergeKeywords adds proposed keywords behind those found.
func (m *jobMerger) mergeKeywords(want []string) {
	const path = "extracted_keywords"
	have := keywordSet{vocabulary: m.vocabulary, seen: map[string]bool{}}
	merged := []string{}
	for _, name := range m.data.ExtractedKeywords {
		have.add(name)
		merged = append(merged, name)
	}
	mentions := m.reader.skillsIn(m.text.text)
	for _, text := range first(want, maxProposedItems) {
		if len(merged) >= maxMergedKeywords {
			break
		}
		q, ok := m.keyword(text, mentions)
		if !ok || !have.add(q.text) {
			continue
		}
		m.sources = append(m.sources, m.source(indexed(path, len(merged)), q.span, sureProposed))
		merged = append(merged, q.text)
	}
	m.data.ExtractedKeywords = merged
}

// keyword returns a keyword under its name in the vocabulary, or as the posting writes it, and where it occurs.
func (m *jobMerger) keyword(text string, mentions []skills.Mention) (quote, bool) {
	if m.vocabulary != nil {
		if s := m.vocabulary.Lookup(text); s != nil {
			for _, mention := range mentions {
				if at := (span{mention.Start, mention.End}); mention.Skill == s && !m.denied(at) {
					return quote{at, s.Name}, true
				}
			}
			return quote{}, false
		}
	}
	words := splitWords(text)
	if len(text) > maxKeywordBytes || len(words) == 0 || len(words) > maxKeywordWords || letterCount(text) < 2 || commonWord(words) {
		return quote{}, false
	}
	for _, q := range m.places(text) {
		if !m.denied(q.span) {
			return q, true
		}
	}
	return quote{}, false
}

// commonWord reports whether words are a single one that every text has.
func commonWord(words []word) bool {
	return len(words) == 1 && slices.ContainsFunc([]string{"en", "de", "fr", "es"}, func(language string) bool { return skills.IsStopWord(language, words[0].text) })
}

// keywordSet tells keywords apart: by their skill or, outside the vocabulary, by their folded text.
type keywordSet struct {
	vocabulary *skills.Vocabulary
	seen       map[string]bool
}

// add reports whether the keyword was not in the set.
func (k keywordSet) add(text string) bool {
	key := fold(text)
	if k.vocabulary != nil {
		if s := k.vocabulary.Lookup(text); s != nil {
			key = s.Name
		}
	}
	if k.seen[key] {
		return false
	}
	k.seen[key] = true
	return true
}
