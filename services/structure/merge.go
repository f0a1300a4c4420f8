package structure

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"resume-matcher/models"
)

const (
	// lowConfidence is the confidence below which a proposed value can take a found one's place. Below it lie what
	// only the usual order of résumés tells apart, what only its section's order tells under a heading that nothing
	// sets off, and text without any heading.
	lowConfidence = 0.68
	// sureProposed is the confidence of a value that was proposed and stands in the text. It is not low, so that
	// merging the same proposal again changes nothing.
	sureProposed = 0.7
)

// Bounds on what is read of a proposal, far beyond any résumé, and on where its values may stand.
const (
	maxProposedEntries = 100
	maxProposedLines   = 60
	maxProposedItems   = 300
	maxProposedBytes   = 4000
	maxLookups         = 4000
	maxDates           = 2000
	maxRounds          = 8
	maxAnchors         = 8
	maxNameBytes       = 140
	maxPeriodBytes     = 80
	maxItemBytes       = 200
	// headReach is how many lines the fields of an entry may stand apart, lineReach its lines from its fields, and
	// personalReach the name, headline and place from the other personal data.
	headReach     = 6
	lineReach     = 40
	personalReach = 10
	// minNewValues is how many values in the text prove a new entry.
	minNewValues = 2
)

// MergeResume completes what was found in a résumé by another reading of the same Markdown, such as a language model's.
//
// A proposed value counts only if it stands in the Markdown, apart from white space, case, marks, dashes, quotes,
// ligatures and hyphens; dates also in another wording of the same period. Its text is then the Markdown's. What was
// found wins unless it is empty or below lowConfidence. A proposed value may take words only from unplaced text, from a
// summary or list below lowConfidence, and from the unsure fields of its own entry; what is left of those stays where
// it was. So no word found is lost and none is used twice. Custom sections other than the unplaced text remain.
// The result is the same for the same arguments, and merging the same proposal again changes nothing.
func (p *Parser) MergeResume(markdown string, found Resume, proposed models.ResumeData) Resume {
	m := newMerger(markdown)
	want := hold(bounded(proposed), nil, 0)
	merged := hold(found.Data, found.Sources, len(markdown))
	for range maxRounds {
		m.begin(merged)
		m.round(want)
		data, sources := m.write()
		merged = hold(data, sources, len(markdown))
		if len(m.taken) == 0 {
			return Resume{Data: data, Sources: sources, Language: found.Language}
		}
	}
	m.begin(merged)
	data, sources := m.write()
	return Resume{Data: data, Sources: sources, Language: found.Language}
}

// bounded returns as much of a proposal as a résumé can have.
func bounded(d models.ResumeData) models.ResumeData {
	d.WorkExperience = slices.Clone(first(d.WorkExperience, maxProposedEntries))
	for i := range d.WorkExperience {
		d.WorkExperience[i].Description = first(d.WorkExperience[i].Description, maxProposedLines)
	}
	d.Education = first(d.Education, maxProposedEntries)
	d.PersonalProjects = slices.Clone(first(d.PersonalProjects, maxProposedEntries))
	for i := range d.PersonalProjects {
		d.PersonalProjects[i].Description = first(d.PersonalProjects[i].Description, maxProposedLines)
	}
	for kind := range listCount {
		list := kind.of(&d.Additional)
		*list = first(*list, maxProposedItems)
	}
	d.CustomSections = nil
	return d
}

func first[T any](list []T, n int) []T { return list[:min(len(list), n)] }

// round takes over what can be taken over at once.
func (m *merger) round(want *heldResume) {
	m.mergePersonal(want.personal)
	for kind := range entryKinds {
		m.mergeEntries(kind, want.entries[kind])
	}
	for kind := range listCount {
		m.mergeList(kind, want.lists[kind])
	}
	m.mergeSummary(want.summary.text)
}

// mergePersonal fills personal data; a name and contact data that were found stay whatever their confidence.
func (m *merger) mergePersonal(want []heldValue) {
	s := search{region: m.personalRegion(), reach: personalReach, home: "personalInfo"}
	anywhere := search{region: region{0, len(m.text.text)}, home: "personalInfo"}
	var batch []claim
	for i := range m.resume.personal {
		have, value := &m.resume.personal[i], want[i].text
		name := strings.TrimPrefix(have.path, "personalInfo.")
		replaceable := have.sourced && have.confidence < lowConfidence && (name == "title" || name == "location")
		if value == "" || have.text != "" && !replaceable || fold(value) == fold(have.text) || name == "name" && !isPersonName(value) {
			continue
		}
		around := s
		if shapeOfField(name) == shapeLink {
			around = anywhere
		}
		if c, ok := m.pick(have, name, value, around, batch); ok {
			batch = append(batch, c)
		}
	}
	m.accept(keepable(batch))
}

// personalRegion is the lines from the first to the last personal value, or the first line where there are none.
func (m *merger) personalRegion() region {
	var r region
	for _, v := range m.resume.personal {
		if !v.sourced || v.text == "" {
			continue
		}
		line := m.reader.lineOf(v.span.start)
		if r.first == 0 {
			r = region{line, line}
		}
		r = r.with(line)
	}
	if r.first == 0 {
		return region{1, 1}
	}
	return r
}

func isPersonName(text string) bool {
	words := strings.Fields(text)
	return len(words) <= maxNameWords && !slices.ContainsFunc(words, func(w string) bool { return !isNameWord(w) })
}

// denial are words that turn a list beside them into what a person can't do.
var denial = regexp.MustCompile(`(?i)(?:^|\P{L})(?:no|not|non|never|without|lack\w*|kein\w*|nicht|ohne|sans|pas|aucune?|sin|ningun\w*)(?:\P{L}|$)|n['’]t\b`)

// mergeList adds entries of a list that stand apart in text that is nothing else yet.
func (m *merger) mergeList(kind listKind, want []heldValue) {
	have := map[string]bool{}
	for k := range listCount {
		for _, v := range m.resume.lists[k] {
			have[fold(v.text)] = true
		}
	}
	s := search{region: region{0, len(m.text.text)}}
	for _, v := range want {
		key := fold(v.text)
		if len(v.text) > maxItemBytes || have[key] {
			continue
		}
		have[key] = true
		c, ok := m.pick(nil, "", v.text, s, nil)
		if !ok || m.denied(c.quote.span) {
			continue
		}
		m.accept([]claim{c})
		m.added[kind] = append(m.added[kind], c.quote)
	}
}

func (m *merger) denied(s span) bool {
	before, _ := m.before(s)
	return denial.MatchString(before)
}

// mergeSummary takes a proposed summary where there is none; one in place of another must hold all its words.
func (m *merger) mergeSummary(value string) {
	have := &m.resume.summary
	if value == "" || have.text != "" && !have.loose || fold(value) == fold(have.text) {
		return
	}
	if c, ok := m.pick(have, "summary", value, search{region: region{0, len(m.text.text)}}, nil); ok {
		m.accept(keepable([]claim{c}))
	}
}

// sortSources brings sources into the order of their paths.
func sortSources(sources []models.Source) {
	slices.SortStableFunc(sources, func(a, b models.Source) int { return cmp.Compare(a.Path, b.Path) })
}
