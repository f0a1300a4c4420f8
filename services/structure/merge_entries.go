package structure

import (
	"cmp"
	"slices"
	"strings"
)

// shape is what the value of a field looks like.
type shape int

const (
	shapeName shape = iota
	shapePeriod
	shapeLink
	shapeProse
)

func shapeOfField(name string) shape {
	switch name {
	case "years":
		return shapePeriod
	case "github", "website", "linkedin", "email", "phone":
		return shapeLink
	case "description", "summary":
		return shapeProse
	}
	return shapeName
}

// region is the lines around which a value is looked for.
type region struct{ first, last int }

// distance is how many lines a line is away, 0 within.
func (r region) distance(line int) int { return max(r.first-line, line-r.last, 0) }

// with returns the region widened to a line.
func (r region) with(line int) region { return region{min(r.first, line), max(r.last, line)} }

func (m *merger) regionOf(e *heldEntry) region {
	return region{m.reader.lineOf(e.from), m.reader.lineOf(max(e.from, e.to-1))}
}

// regions are those of the entries found so far.
func (m *merger) regions() map[*heldEntry]region {
	all := map[*heldEntry]region{}
	for _, entries := range m.resume.entries {
		for _, e := range entries {
			if e.to > 0 {
				all[e] = m.regionOf(e)
			}
		}
	}
	return all
}

// search is a region, how many lines a value may be away from it, and the entries that must not be nearer.
type search struct {
	region region
	reach  int
	home   string
	others map[*heldEntry]region
	self   *heldEntry
}

// near returns how many lines a quote is away, and whether that is near and no other entry is nearer.
func (m *merger) near(q quote, s search) (int, bool) {
	line := m.reader.lineOf(q.span.start)
	distance := s.region.distance(line)
	if distance > s.reach {
		return distance, false
	}
	for e, r := range s.others {
		if e != s.self && r.distance(line) < distance {
			return distance, false
		}
	}
	return distance, true
}

// pick returns the claim of the nearest free place of a value; batch are the claims made for the same entry.
func (m *merger) pick(target *heldValue, name, value string, s search, batch []claim) (claim, bool) {
	places := m.places(value)
	if shapeOfField(name) == shapePeriod {
		places = m.datePlaces(value)
	}
	best, found, least := claim{}, false, 0
	for _, q := range places {
		distance, ok := m.near(q, s)
		if !ok || found && distance >= least || !m.fits(name, q) || usedIn(batch, q) {
			continue
		}
		if c, free := m.claim(target, q, s.home); free {
			best, found, least = c, true, distance
		}
	}
	return best, found
}

func usedIn(batch []claim, q quote) bool {
	return slices.ContainsFunc(batch, func(c claim) bool { return overlap(c.quote.span, q.span) })
}

// fits reports whether a quote has the shape of the field.
func (m *merger) fits(name string, q quote) bool {
	switch shapeOfField(name) {
	case shapePeriod:
		_, ok := ParsePeriod(q.text)
		return ok && len(q.text) <= maxPeriodBytes && (m.opens(q.span) || m.closes(q.span))
	case shapeLink:
		hits := contactHits(q.text)
		if len(hits) != 1 || hits[0].from != 0 || hits[0].to != len(q.text) {
			return false
		}
		return hits[0].kind == name
	case shapeProse:
		return m.isSentence(q.span)
	}
	return len(q.text) <= maxNameBytes && letterCount(q.text) > 1 && !reaches(q.text) && m.delimited(q.span)
}

// reaches reports whether a text holds an e-mail address or a phone number.
func reaches(text string) bool {
	return slices.ContainsFunc(contactHits(text), func(h contactHit) bool { return h.kind == "email" || h.kind == "phone" })
}

// alignment is a proposed entry and the one found that it speaks of.
type alignment struct {
	found, proposed, score int
}

// align pairs entries, the most alike first; entries without a partner are in no pair.
func align(found, proposed []*heldEntry) map[int]int {
	var list []alignment
	for j, p := range proposed {
		folded := foldEntry(p)
		for i, e := range found {
			if score := likeness(foldEntry(e), folded); score >= minLikeness {
				list = append(list, alignment{i, j, score})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b alignment) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(abs(a.found-a.proposed), abs(b.found-b.proposed)), cmp.Compare(a.found, b.found))
	})
	pairs, used := map[int]int{}, map[int]bool{}
	for _, a := range list {
		if _, ok := pairs[a.proposed]; !ok && !used[a.found] {
			pairs[a.proposed], used[a.found] = a.found, true
		}
	}
	return pairs
}

func abs(n int) int { return max(n, -n) }

// foldedEntry is what tells an entry from another.
type foldedEntry struct {
	names  [2]string
	years  string
	period Period
	lines  map[string]bool
}

func foldEntry(e *heldEntry) foldedEntry {
	f := foldedEntry{names: [2]string{fold(e.fields[0].text), fold(e.fields[1].text)}, lines: map[string]bool{}}
	for _, v := range e.fields {
		if strings.HasSuffix(v.path, ".years") {
			f.years = fold(v.text)
			f.period, _ = ParsePeriod(v.text)
		}
	}
	for _, l := range e.lines {
		f.lines[fold(l.text)] = true
	}
	return f
}

// minLikeness is one field in common and none that differs.
const minLikeness = 2

// likeness adds two points for each field that agrees (in the other's place too), one for a name within the other and
// for each line in common up to three, and takes one for each name or period that differs.
func likeness(a, b foldedEntry) int {
	score := nameLikeness(a.names[0], b.names[0]) + nameLikeness(a.names[1], b.names[1])
	score = max(score, nameLikeness(a.names[0], b.names[1])+nameLikeness(a.names[1], b.names[0]))
	switch {
	case a.years == "" || b.years == "":
	case a.years == b.years || a.period != Period{} && a.period == b.period:
		score += 2
	default:
		score--
	}
	const mostLines = 3
	lines := 0
	for l := range b.lines {
		if lines < mostLines && a.lines[l] {
			lines++
		}
	}
	return score + lines
}

func nameLikeness(a, b string) int {
	const shortest = 3
	switch {
	case a == "" || b == "":
		return 0
	case a == b:
		return 2
	case len(a) >= shortest && len(b) >= shortest && (strings.Contains(a, b) || strings.Contains(b, a)):
		return 1
	}
	return -1
}

// mergeEntries fills the entries of one kind and adds those that the text has and the first reading missed.
func (m *merger) mergeEntries(kind entryKind, proposed []*heldEntry) {
	found := m.resume.entries[kind]
	pairs := align(found, proposed)
	regions := m.regions()
	for j, p := range proposed {
		if i, ok := pairs[j]; ok && found[i].to > 0 {
			m.fill(kind, found[i], p, regions)
		}
	}
	for j, p := range proposed {
		if _, ok := pairs[j]; !ok {
			m.create(kind, p, regions)
		}
	}
}

// fill takes over the proposed fields that an entry lacks or is unsure of, and lines that stand near it.
func (m *merger) fill(kind entryKind, e, p *heldEntry, regions map[*heldEntry]region) {
	s := search{region: regions[e], reach: headReach, home: e.fields[0].home, others: regions, self: e}
	var batch []claim
	for i, name := range kind.names() {
		have, want := &e.fields[i], p.fields[i].text
		keep := have.text != "" && (!have.sourced || have.confidence >= lowConfidence)
		if want == "" || keep || fold(want) == fold(have.text) {
			continue
		}
		if c, ok := m.pick(have, name, want, s, batch); ok {
			batch = append(batch, c)
		}
	}
	batch = keepable(batch)
	m.accept(batch)
	s.home, s.reach = "", lineReach
	lines := m.pickLines(p, s, nil)
	m.accept(lines)
	for _, c := range lines {
		m.newLines[e] = append(m.newLines[e], c.quote)
	}
}

func (m *merger) pickLines(p *heldEntry, s search, batch []claim) []claim {
	var lines []claim
	for _, l := range p.lines {
		if c, ok := m.pick(nil, "description", l.text, s, append(batch[:len(batch):len(batch)], lines...)); ok {
			lines = append(lines, c)
		}
	}
	return lines
}

// create adds an entry whose values stand together in text that is no entry yet: two fields, or a name and a line.
func (m *merger) create(kind entryKind, p *heldEntry, regions map[*heldEntry]region) {
	names := kind.names()
	for anchor, name := range names[:min(len(names), 4)] {
		for _, q := range m.anchors(name, p.fields[anchor].text) {
			if m.createAt(kind, p, anchor, q, regions) {
				return
			}
		}
	}
}

func (m *merger) anchors(name, value string) []quote {
	if value == "" || shapeOfField(name) == shapeProse {
		return nil
	}
	places := m.places(value)
	if shapeOfField(name) == shapePeriod {
		places = m.datePlaces(value)
	}
	return places[:min(len(places), maxAnchors)]
}

func (m *merger) createAt(kind entryKind, p *heldEntry, anchor int, q quote, regions map[*heldEntry]region) bool {
	names := kind.names()
	if !m.fits(names[anchor], q) {
		return false
	}
	e := &heldEntry{fields: make([]heldValue, len(names))}
	head, ok := m.claim(&e.fields[anchor], q, "")
	if !ok {
		return false
	}
	batch := []claim{head}
	line := m.reader.lineOf(q.span.start)
	s := search{region: region{line, line}, reach: headReach, others: regions}
	for i, name := range names {
		if i == anchor || p.fields[i].text == "" {
			continue
		}
		if c, ok := m.pick(&e.fields[i], name, p.fields[i].text, s, batch); ok {
			batch = append(batch, c)
			s.region = s.region.with(m.reader.lineOf(c.quote.span.start))
		}
	}
	heads := len(batch)
	s.reach = lineReach
	batch = append(batch, m.pickLines(p, s, batch)...)
	named := slices.ContainsFunc(batch[:heads], func(c claim) bool { return c.target == &e.fields[0] || c.target == &e.fields[1] })
	if !named || len(batch) < minNewValues {
		return false
	}
	m.accept(batch)
	m.newEntries[kind] = append(m.newEntries[kind], e)
	for _, c := range batch[heads:] {
		m.newLines[e] = append(m.newLines[e], c.quote)
	}
	return true
}
