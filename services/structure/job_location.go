package structure

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"

	"resume-matcher/models"
)

//go:embed data/places.txt
var placesText string

// gazetteer knows the names of countries, states and large cities, lower-case, each with the spelling to keep.
type gazetteer struct {
	country, state, city map[string]string
}

var loadGazetteer = sync.OnceValue(func() *gazetteer {
	g := &gazetteer{country: map[string]string{}, state: map[string]string{}, city: map[string]string{}}
	tables := map[string]map[string]string{"[country]": g.country, "[state]": g.state, "[city]": g.city}
	var table map[string]string
	for line := range strings.Lines(placesText) {
		line = strings.TrimSpace(line)
		if t, ok := tables[line]; ok {
			table = t
			continue
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		for name := range strings.SplitSeq(line, ", ") {
			table[strings.ToLower(name)] = name
		}
	}
	return g
})

var (
	placeSep = regexp.MustCompile(`\s*[,/|·•;()]\s*|\s+[-–—]\s+|\t+| oder | or | und | and `)
	// postcode stands before a German, French or Spanish city, or behind an American state.
	postcode = regexp.MustCompile(`^(?:D-|A-|CH-)?\d{4,5}\s+|\s+\d{5}(?:-\d{4})?$`)
	// cityState is "Austin, TX".
	cityState = regexp.MustCompile(`((?:[\p{Lu}][\p{L}.'-]+ ){0,2}[\p{Lu}][\p{L}.'-]+), ([A-Z]{2})\b`)
	inPlace   = regexp.MustCompile(`\b(?:in|bei|à|en|based in|Raum|near|am Standort|Standort|office in|aus)[ \t]+((?:[\p{Lu}][\p{L}'-]+)(?:[ \t](?:am|an der|de|del|of)?[ \t]?[\p{Lu}][\p{L}'-]+){0,2})(?:, ([\p{Lu}][\p{L} -]+))?`)
)

// isPlace reports whether the text is a known place and nothing else.
func (r *jobReader) isPlace(text string) bool {
	g := loadGazetteer()
	key := strings.ToLower(strings.TrimSpace(text))
	return g.city[key] != "" || g.country[key] != "" || g.state[key] != "" && len(key) > 2
}

// readLocation finds where the work is: named by a label, in the first lines, or in a sentence; and how remote it is.
func (r *jobReader) readLocation(o jobOutline) {
	r.readRemote(o)
	for _, f := range o.facts {
		if f.label == "location" {
			r.setLocation(f.value, sureLabelled, true)
			return
		}
	}
	top := r.topLines(o)
	for _, l := range top {
		if l.end-l.start <= maxTitleBytes && r.placeInLine(l) {
			return
		}
	}
	for _, section := range o.sections {
		if section.kind == partLegal || section.kind == partRequired || section.kind == partPreferred {
			continue
		}
		for _, l := range section.lines {
			if r.placeInSentence(l) {
				return
			}
		}
	}
}

// placeInLine takes the pieces of a line that are known places.
func (r *jobReader) placeInLine(l postingLine) bool {
	if at := cityState.FindStringSubmatchIndex(l.text); at != nil {
		if loadGazetteer().state[strings.ToLower(l.text[at[4]:at[5]])] != "" {
			r.setLocation(span{l.start + at[0], l.start + at[1]}, sureWorded+0.2, true)
			return true
		}
	}
	if r.placeInSentence(l) {
		return true
	}
	first, last := -1, -1
	for _, piece := range splitSpan(r.text, span{l.start, l.end}, placeSep) {
		if r.isPlace(postcode.ReplaceAllString(r.text[piece.start:piece.end], "")) {
			if first < 0 {
				first = piece.start
			}
			last = piece.end
		}
	}
	if first < 0 {
		return false
	}
	r.setLocation(span{first, last}, sureWorded+0.2, false)
	return true
}

func (r *jobReader) placeInSentence(l postingLine) bool {
	for _, at := range inPlace.FindAllStringSubmatchIndex(l.text, -1) {
		s := span{l.start + at[2], l.start + at[3]}
		// "in Berlin Mitte Büro" still begins with the city.
		for s.start < s.end {
			if r.isPlace(r.text[s.start:s.end]) {
				if at[4] >= 0 && r.isPlace(r.text[l.start+at[4]:l.start+at[5]]) {
					s.end = l.start + at[5]
				}
				r.setLocation(s, sureWorded, false)
				return true
			}
			cut := strings.LastIndexByte(r.text[s.start:s.end], ' ')
			if cut < 0 {
				break
			}
			s.end = s.start + cut
		}
	}
	return false
}

// setLocation sorts the pieces of a place into city, state and country; with trust an unknown first piece is the city.
func (r *jobReader) setLocation(s span, confidence float64, trust bool) {
	g := loadGazetteer()
	text := r.value("location.text", s, confidence)
	remote := r.data.Location.RemoteType
	loc := models.JobLocation{Text: text, RemoteType: remote}
	for _, piece := range splitSpan(r.text, s, placeSep) {
		name := plain(postcode.ReplaceAllString(r.text[piece.start:piece.end], ""))
		key := strings.ToLower(name)
		_, isRemote := r.words.remote.exact(splitWords(name))
		switch {
		case name == "" || isRemote || len(r.words.remote.all(splitWords(name))) > 0:
		case g.city[key] != "":
			loc.City = r.place("location.city", loc.City, name, piece, confidence)
		case g.country[key] != "":
			loc.Country = r.place("location.country", loc.Country, name, piece, confidence)
		case g.state[key] != "":
			loc.State = r.place("location.state", loc.State, name, piece, confidence)
		case trust:
			loc.City = r.place("location.city", loc.City, name, piece, confidence)
		}
	}
	r.data.Location = loc
}

// place keeps the first name found for a path.
func (r *jobReader) place(path, have, name string, s span, confidence float64) string {
	if have != "" {
		return have
	}
	r.source(path, s, confidence)
	return name
}

// readRemote looks for the words of remote and hybrid work, first in labelled lines and titles.
func (r *jobReader) readRemote(o jobOutline) {
	if s, kind, ok := r.firstPhrase(o, &r.words.remote); ok {
		r.data.Location.RemoteType = kind
		r.source("location.remoteStatus", s, sureWorded)
	}
}

// firstPhrase returns the first phrase of a table in facts, titles and then the text outside legal notes and tasks, whose
// "temporary exhibitions" say nothing of the terms.
func (r *jobReader) firstPhrase(o jobOutline, table *phraseTable) (span, string, bool) {
	var spans []span
	for _, f := range o.facts {
		spans = append(spans, f.value)
	}
	for _, l := range o.titles {
		spans = append(spans, span{l.start, l.end})
	}
	for _, section := range o.sections {
		if section.kind == partLegal || section.kind == partResponsibilities {
			continue
		}
		for _, l := range section.lines {
			spans = append(spans, span{l.start, l.end})
		}
	}
	for _, s := range spans {
		words := splitWords(r.text[s.start:s.end])
		if hits := table.all(words); len(hits) > 0 {
			last := words[hits[0].at+hits[0].length-1]
			return span{s.start + words[hits[0].at].start, s.start + last.end}, hits[0].kind, true
		}
	}
	return span{}, "", false
}
