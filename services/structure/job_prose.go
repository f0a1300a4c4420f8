package structure

import (
	"strings"
)

// cueSet is the set of parts whose wording a sentence carries, a bit each.
type cueSet uint16

func (c cueSet) has(p part) bool { return c&(1<<p) != 0 }

func (c *cueSet) add(p part) { *c |= 1 << p }

// cuesOf returns the kinds of wording in a stretch of the posting.
func (r *jobReader) cuesOf(s span) cueSet {
	words := splitWords(r.text[s.start:s.end])
	var cues cueSet
	for _, hit := range r.words.cues.all(words) {
		cues.add(partNames[hit.kind])
	}
	if len(r.words.must.all(words)) > 0 {
		cues.add(partMust)
	}
	return cues
}

// wordedEntries reads the parts without a heading, the summary and the company's text by their wording.
func (r *jobReader) wordedEntries(o jobOutline) []jobEntry {
	var entries []jobEntry
	for _, s := range o.sections {
		if s.headed && s.kind != partSummary && s.kind != partCompany {
			continue
		}
		units := r.units(s.lines)
		kinds := make([]part, len(units))
		for i, u := range units {
			kinds[i] = r.wordedKind(u)
		}
		r.fillBlocks(units, kinds)
		for i, u := range units {
			switch {
			case kinds[i] == partNone || s.kind == partCompany && kinds[i] != partRequired && kinds[i] != partResponsibilities:
			case kinds[i] == partRequired:
				entries = append(entries, r.splitPreferred(r.demand(u.span), sureWorded)...)
			default:
				entries = append(entries, jobEntry{u.span, kinds[i], sureWorded})
			}
		}
	}
	return entries
}

// wordedKind judges a sentence by its cues; the order of the tests is from the surest sign to the weakest.
func (r *jobReader) wordedKind(u jobUnit) part {
	s := u.span
	cues := r.cuesOf(s)
	switch {
	case r.isTitleLine(s):
		return partNone
	case cues.has(partLegal) && !u.bullet:
		return partLegal
	case cues.has(partBenefits) && !cues.has(partMust):
		return partBenefits
	case cues.has(partResponsibilities) && !cues.has(partMust) && !cues.has(partPreferred):
		return partResponsibilities
	case cues.has(partApply) && !cues.has(partMust) && !cues.has(partPreferred):
		return partApply
	case r.speaksOfItself(s) && !cues.has(partCompany):
		return partNone
	case cues.has(partPreferred) || cues.has(partRequired):
		return partRequired
	}
	return partNone
}

// speaksOfItself reports whether the employer is the sentence's subject: "We have 20 years of experience in logistics".
func (r *jobReader) speaksOfItself(s span) bool {
	words := splitWords(r.text[s.start:s.end])
	if len(words) == 0 {
		return false
	}
	switch words[0].text {
	case "we", "our", "wir", "unser", "unsere", "nous", "notre", "nos", "nuestra", "nuestro", "somos", "we've", "we're":
	default:
		return false
	}
	if len(words) == 1 {
		return true
	}
	switch words[1].text {
	case "expect", "require", "need", "erwarten", "wünschen", "setzen", "exigeons", "attendons":
		return false
	}
	return true
}

// fillBlocks gives the bullets of a list that say nothing of their kind the kind of their neighbours. A list without
// any sign holds the tasks if another list holds the demands.
func (r *jobReader) fillBlocks(units []jobUnit, kinds []part) {
	demands := false
	for i, u := range units {
		demands = demands || u.bullet && kinds[i] == partRequired
	}
	for start := 0; start < len(units); {
		end := start
		var votes [partMust + 1]int
		for end < len(units) && units[end].block == units[start].block {
			votes[kinds[end]]++
			end++
		}
		if units[start].bullet {
			kind := winner(votes)
			if kind == partNone && demands {
				kind = partResponsibilities
			}
			for i := start; i < end; i++ {
				if kinds[i] == partNone || kind == partResponsibilities && votes[kind] > votes[partRequired] {
					kinds[i] = kind
				}
			}
		}
		start = end
	}
}

func winner(votes [partMust + 1]int) part {
	best := partNone
	for _, p := range []part{partRequired, partResponsibilities, partBenefits, partApply, partLegal} {
		if votes[p] > 0 && (best == partNone || votes[p] > votes[best]) {
			best = p
		}
	}
	return best
}

// demand drops what stands before the demand in "We are looking for a nurse with three years of experience".
func (r *jobReader) demand(s span) span {
	text := r.text[s.start:s.end]
	words := splitWords(text)
	looking := false
	for _, hit := range r.words.cues.all(words) {
		looking = looking || partNames[hit.kind] == partCompany
	}
	if !looking {
		return s
	}
	for i, w := range words {
		switch w.text {
		case "with", "who", "mit", "die", "der", "avec", "con":
			if i+2 < len(words) && r.cuesOf(span{s.start + words[i+1].start, s.end}).has(partRequired) {
				return span{s.start + words[i+1].start, s.end}
			}
		}
	}
	return s
}

// skilledEntries takes, as the last resort, every bullet or sentence that names a skill for a demand.
func (r *jobReader) skilledEntries(o jobOutline) []jobEntry {
	var entries []jobEntry
	for _, s := range o.sections {
		switch s.kind {
		case partNone, partSummary, partResponsibilities:
		default:
			continue
		}
		for _, u := range r.units(s.lines) {
			if kind := r.wordedKind(u); r.isTitle(u.span) || kind == partLegal || kind == partBenefits || kind == partApply {
				continue
			}
			for _, m := range r.skillsIn(r.text[u.span.start:u.span.end]) {
				if m.Skill.Kind != "soft" {
					entries = append(entries, jobEntry{u.span, partRequired, sureGuessed})
					break
				}
			}
		}
	}
	return entries
}

// splitPreferred tells the strict from the wished-for in one entry: "Degree required, ideally in physics" is two.
func (r *jobReader) splitPreferred(s span, confidence float64) []jobEntry {
	text := r.text[s.start:s.end]
	words := splitWords(text)
	at := -1
	for _, hit := range r.words.cues.all(words) {
		if partNames[hit.kind] == partPreferred {
			at = words[hit.at].start
			break
		}
	}
	if at < 0 {
		return []jobEntry{{s, partRequired, confidence}}
	}
	if open := strings.LastIndexByte(text[:at], '('); open > 0 && strings.IndexByte(text[open:at], ')') < 0 {
		return r.splitParenthesis(s, open, confidence)
	}
	cut := r.clauseStart(text, at)
	if cut <= 0 || len(splitWords(text[:cut])) < 2 {
		return []jobEntry{{s, partPreferred, confidence}}
	}
	head := trimSpan(r.text, span{s.start, s.start + cut})
	head.end = head.start + len(strings.TrimRight(r.text[head.start:head.end], ",;-–— "))
	tail := trimSpan(r.text, span{s.start + cut, s.end})
	return []jobEntry{{head, partRequired, confidence}, {tail, partPreferred, confidence}}
}

// splitParenthesis handles a wish in brackets; brackets around the wish alone speak of the whole entry.
func (r *jobReader) splitParenthesis(s span, open int, confidence float64) []jobEntry {
	text := r.text[s.start:s.end]
	inner := text[open+1:]
	if end := strings.IndexByte(inner, ')'); end >= 0 {
		inner = inner[:end]
	}
	if len(r.skillsIn(inner)) == 0 {
		return []jobEntry{{s, partPreferred, confidence}}
	}
	head := trimSpan(r.text, span{s.start, s.start + open})
	tail := span{s.start + open + 1, s.start + open + 1 + len(inner)}
	return []jobEntry{{head, partRequired, confidence}, {tail, partPreferred, confidence}}
}

// clauseStart returns where the clause with the wish at byte at begins, or -1 if the whole entry is the wish.
// A comma parts clauses only if the wish follows it at once, or if what stands before it is strict by its own words;
// in "Docker, Kubernetes or Helm are a plus" the commas only list.
func (r *jobReader) clauseStart(text string, at int) int {
	before := strings.TrimRight(text[:at], " ")
	if strings.HasSuffix(before, ",") || strings.HasSuffix(before, ";") || strings.HasSuffix(before, "–") || strings.HasSuffix(before, " -") {
		return len(before)
	}
	for _, mark := range []string{"; ", " – ", ", "} {
		i := strings.LastIndex(before, mark)
		if i <= 0 {
			continue
		}
		if mark == "; " || len(r.words.must.all(splitWords(before[:i]))) > 0 {
			return i + len(mark)
		}
	}
	return -1
}
