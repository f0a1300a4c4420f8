package structure

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"resume-matcher/models"
)

// quote is a stretch of the Markdown and its text as a value holds it.
type quote struct {
	span span
	text string
}

// claim is a quote that is to fill a field, and the values that hold its words so far.
type claim struct {
	target *heldValue
	quote  quote
	owners []*heldValue
}

// merger merges one proposal into one résumé. Its round works on resume; text and lines stay.
type merger struct {
	text   *foldedText
	reader *resumeReader
	// known are the places of quotes looked up before; lookups bounds how many are looked up at all.
	known   map[string][]quote
	lookups int
	dates   []datedQuote
	resume  *heldResume
	// names are the folded names of sections, which are no values.
	names []string
	// taken are the stretches used in this round.
	taken []span
	// added are values for lists, by list, and new entries, by kind.
	added      [listCount][]quote
	newEntries [entryKinds][]*heldEntry
	newLines   map[*heldEntry][]quote
}

// datedQuote is a date of the Markdown, the first of its line.
type datedQuote struct {
	quote
	period Period
}

func newMerger(markdown string) *merger {
	m := &merger{text: foldText(markdown), reader: newResumeReader(markdown, nil), known: map[string][]quote{}, lookups: maxLookups}
	at := 0
	for line := range strings.Lines(markdown) {
		start := at
		at += len(line)
		if len(line) > maxDatedBytes || len(m.dates) == maxDates {
			continue
		}
		if found, ok := findPeriod(line); ok {
			s := span{start + found.start, start + found.end}
			m.dates = append(m.dates, datedQuote{quote{s, markdown[s.start:s.end]}, found.period})
		}
	}
	return m
}

// begin starts a round on r.
func (m *merger) begin(r *heldResume) {
	m.resume, m.taken, m.names = r, nil, nil
	m.added, m.newEntries, m.newLines = [listCount][]quote{}, [entryKinds][]*heldEntry{}, map[*heldEntry][]quote{}
	for _, meta := range r.base.SectionMeta {
		m.names = append(m.names, fold(meta.DisplayName))
	}
	low := func(v *heldValue) bool { return v.sourced && v.confidence < lowConfidence }
	for i := range r.unplaced {
		r.unplaced[i].loose = r.unplaced[i].sourced
	}
	for kind := range listCount {
		for i := range r.lists[kind] {
			r.lists[kind][i].loose = low(&r.lists[kind][i])
		}
	}
	r.summary.loose = low(&r.summary)
}

// places returns where the text of a proposed value stands in the Markdown.
func (m *merger) places(value string) []quote {
	if len(value) > maxProposedBytes {
		return nil
	}
	key := fold(value)
	if found, ok := m.known[key]; ok || m.lookups == 0 {
		return found
	}
	m.lookups--
	var found []quote
	for _, s := range m.text.find(key) {
		if text, ok := m.text.quoteOf(s, key); ok {
			found = append(found, quote{s, text})
		}
	}
	m.known[key] = found
	return found
}

// datePlaces returns where a proposed date stands, in the same words or in others.
func (m *merger) datePlaces(value string) []quote {
	want, ok := ParsePeriod(value)
	if !ok {
		return nil
	}
	found := slices.Clone(m.places(value))
	for _, d := range m.dates {
		if d.period == want && len(found) < 2*maxHits {
			found = append(found, d.quote)
		}
	}
	return found
}

// owners returns the values that hold words of a quote now.
func (m *merger) owners(q quote) []*heldValue {
	var owners []*heldValue
	m.resume.each(func(v *heldValue) {
		if v.sourced && overlap(v.span, q.span) && m.holds(v, q) {
			owners = append(owners, v)
		}
	})
	return owners
}

func overlap(a, b span) bool { return a.start < b.end && b.start < a.end }

// holds tells a value that is in the way from one joined of pieces around the quote, whose span says too much.
func (m *merger) holds(v *heldValue, q quote) bool {
	if m.text.text[v.span.start:v.span.end] == v.text {
		return true
	}
	words := map[string]bool{}
	for _, w := range splitWords(v.text) {
		words[w.text] = true
	}
	for _, w := range splitWords(q.text) {
		if words[w.text] {
			return true
		}
	}
	return false
}

// claim returns the claim of a quote for a field of the entry at home, and whether the quote is free: what holds it now
// is loose or an unsure field of the same entry, and lies within it or around it as a whole.
func (m *merger) claim(target *heldValue, q quote, home string) (claim, bool) {
	c := claim{target: target, quote: q}
	for _, t := range m.taken {
		if overlap(t, q.span) {
			return c, false
		}
	}
	c.owners = m.owners(q)
	folded := fold(q.text)
	if len(c.owners) == 0 {
		return c, !m.namesSection(folded)
	}
	for _, v := range c.owners {
		own := home != "" && v.home == home && v.confidence < lowConfidence
		held := fold(v.text)
		if !v.loose && !own || !strings.Contains(held, folded) && !strings.Contains(folded, held) {
			return c, false
		}
	}
	return c, true
}

func (m *merger) namesSection(folded string) bool {
	for _, name := range m.names {
		if name != "" && (strings.Contains(name, folded) || strings.Contains(folded, name)) {
			return true
		}
	}
	return false
}

// accept fills the fields of the claims; their quotes are used up.
func (m *merger) accept(claims []claim) {
	for _, c := range claims {
		m.taken = append(m.taken, c.quote.span)
		for _, v := range c.owners {
			v.taken = append(v.taken, c.quote.text)
		}
		if c.target != nil {
			c.target.next = &quote{c.quote.span, c.quote.text}
		}
	}
}

// keepable drops the claims on fields whose present words no other claim takes over, so that none is lost.
func keepable(claims []claim) []claim {
	for {
		kept := claims[:0:0]
		for _, c := range claims {
			if c.target == nil || c.target.text == "" || covered(c.target, claims) {
				kept = append(kept, c)
			}
		}
		if len(kept) == len(claims) {
			return kept
		}
		claims = kept
	}
}

// covered reports whether the claims take over every word of v.
func covered(v *heldValue, claims []claim) bool {
	words := map[string]bool{}
	for _, c := range claims {
		for _, owner := range c.owners {
			if owner != v {
				continue
			}
			for _, w := range splitWords(c.quote.text) {
				words[w.text] = true
			}
		}
	}
	for _, w := range splitWords(v.text) {
		if !words[w.text] {
			return false
		}
	}
	return true
}

// delimited reports whether a quote is set apart from the text around it on its line, as an entry of a list or a cell
// is: by a separator, a date or the line's end. Words torn out of a sentence may mean another thing there.
func (m *merger) delimited(s span) bool { return m.opens(s) && m.closes(s) }

// besideReach is how far around a quote, in bytes, the text is looked at.
const besideReach = 160

const fieldSeparators = ",;|/•·:()[]–—\t"

// before and after return the text beside a quote on its line.
func (m *merger) before(s span) (text string, wholeLine bool) {
	from := max(0, s.start-besideReach)
	if at := strings.LastIndexByte(m.text.text[from:s.start], '\n'); at >= 0 {
		return m.text.text[from+at+1 : s.start], true
	}
	return m.text.text[from:s.start], from == 0
}

func (m *merger) after(s span) (text string, wholeLine bool) {
	to := min(len(m.text.text), s.end+besideReach)
	if at := strings.IndexByte(m.text.text[s.end:to], '\n'); at >= 0 {
		return m.text.text[s.end : s.end+at], true
	}
	return m.text.text[s.end:to], to == len(m.text.text)
}

const marksBeside = " *_`<>\"“”„«»'#\u00a0"

func (m *merger) opens(s span) bool {
	before, whole := m.before(s)
	if whole && !strings.ContainsFunc(before, isWordRune) {
		return true
	}
	rest := strings.TrimRight(before, marksBeside)
	if strings.HasSuffix(before, wideGap) || strings.HasSuffix(rest, " -") || strings.HasSuffix(rest, " @") {
		return true
	}
	if r, _ := utf8.DecodeLastRuneInString(rest); strings.ContainsRune(fieldSeparators, r) {
		return true
	}
	found, ok := findPeriod(rest)
	return ok && found.end == len(rest)
}

func (m *merger) closes(s span) bool {
	after, whole := m.after(s)
	if whole && !strings.ContainsFunc(after, isWordRune) {
		return true
	}
	rest := strings.TrimLeft(after, marksBeside)
	if strings.HasPrefix(after, wideGap) || strings.HasPrefix(rest, "- ") || strings.HasPrefix(rest, "@ ") {
		return true
	}
	if r, _ := utf8.DecodeRuneInString(rest); strings.ContainsRune(fieldSeparators, r) {
		return true
	}
	found, ok := findPeriod(rest)
	return ok && found.start == 0
}

// isSentence reports whether a quote begins and ends where lines or sentences do.
func (m *merger) isSentence(s span) bool {
	before, whole := m.before(s)
	if !whole || strings.ContainsFunc(before, isWordRune) {
		rest := strings.TrimRightFunc(strings.TrimRight(before, marksBeside), unicode.IsSpace)
		if rest == "" || len(rest) == len(before) || !strings.ContainsRune(".!?;", rune(rest[len(rest)-1])) {
			return false
		}
	}
	after, whole := m.after(s)
	if whole && !strings.ContainsFunc(after, isWordRune) {
		return true
	}
	ends := m.text.text[s.start:s.end] + strings.TrimLeft(after, "*_`\"”»")
	at := s.end - s.start
	return strings.ContainsRune(".!?;", rune(ends[at-1])) || at < len(ends) && strings.ContainsRune(".!?;", rune(ends[at]))
}

// source is that of a value taken from the proposal.
func (m *merger) source(path string, q quote) models.Source {
	return models.Source{Path: path, Start: q.span.start, End: q.span.end, Line: m.reader.lineOf(q.span.start), Confidence: sureProposed}
}
