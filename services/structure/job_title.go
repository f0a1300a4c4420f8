package structure

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxTitleBytes = 120

var (
	// genderNote is the note on sexes German postings carry behind the title: (m/w/d), (all genders), *in.
	genderNote = regexp.MustCompile(`(?i)\s*[(\[]\s*(?:[mwfdxhgni*]\s*[/|,.]\s*){1,3}[mwfdxhgni*]\s*[)\]]|\s*\((?:all genders?|alle geschlechter|any gender|gn|f/h/x)\)|\s+(?:m/w/d|w/m/d|m/f/d|h/f)\b`)
	titleIntro = regexp.MustCompile(`(?i)^(?:job opening|job opportunity|job posting|vacancy|open position|opening|stellenanzeige|stellenangebot|stellenausschreibung|offre d'emploi|oferta de empleo|now hiring|hiring|we'?re hiring|we are hiring|wir suchen|gesucht|recherche)\b\s*[:!–—-]?\s*(?:an?\s|eine?(?:[nr]|/[nr]|\([nr]\)|\*[nr])?\s|une?\s|una?\s)?`)
	// hiringPhrase leads to the title inside a sentence: "is looking for a Data Analyst to join".
	hiringPhrase = regexp.MustCompile(`(?i)\b(?:looking for|seeking|hiring|hire|recruiting|in need of|position of|role of|search for)\s+(?:an?|our next|our new|for an?|the)?\s+|\b(?:suchen|sucht|suche)\s+(?:wir\s+)?(?:zum nächstmöglichen (?:zeitpunkt|termin)\s+|ab sofort\s+|für [^.,\n]{1,60}?\s|in [A-ZÄÖÜ][^.,\s]{1,30}\s|dich als\s+|sie als\s+|dich\s+|sie\s+|motivierte\w*\s+|engagierte\w*\s+|erfahrene\w*\s+)*(?:als\s+)?(?:(?:eine?(?:[nr]|/[nr]|\([nr]\)|\*[nr])?|zwei|mehrere)\s+)?|\b(?:recrutons|recrute|recherchons|recherche)\s+(?:une?|des)\s+|\b(?:buscamos|busca|buscando|contratar)\s+(?:una?|a una?)\s+`)
	// hiringArticle leads to it past whatever stands between: "suchen wir zum 1. März für unser Haus eine/n Pflegefachkraft".
	hiringArticle = regexp.MustCompile(`(?i)\b(?:suchen|sucht|suche)\b[^!?;\n]{0,120}?\s(?:eine?(?:[nr]|/[nr]|\([nr]\)|\*[nr])?|(?:eine[nr]?)/eine[nr]?)\s+`)
	// titleEnd ends a title inside a sentence or line.
	titleEnd   = regexp.MustCompile(`(?i)\s+(?:to join|to help|to support|to lead|to work|to manage|to|who|with|for our|for the|for a|for|in|at|based|that|which|and you|on a|mit|für|zur|zum|im|am|bei|der|die|das|unbefristet|in vollzeit|in teilzeit|pour|avec|à|chez|para|con|en|qui|que)\b|[.,;:!?|\n]|\s[-–—·•@]\s`)
	titlePlace = regexp.MustCompile(`\s+in\s+\p{Lu}[\p{L} -]+[!.]?$|[ !]+$|\s+(?:needed|wanted|gesucht)!?$`)
	titleSep   = regexp.MustCompile(`\s+[-–—·•|@]\s+|\s*\|\s*|\t+|,\s+|\s+(?:at|bei|chez|@)\s+`)
	salaryPat  = regexp.MustCompile(`(?i)(?:[$€£]|\b(?:eur|usd|gbp|chf)\b)\s?\d[\d.,' ]*k?|\d[\d.,' ]*k?\s?(?:[$€£]|\b(?:eur|euro|usd|gbp|chf|dollars?|pounds?)\b)`)
)

// readTitle finds the posting's title: named by a label, in a heading, in the first lines, or in "we are looking for a …".
func (r *jobReader) readTitle(o jobOutline) {
	for _, f := range o.facts {
		if f.label == "title" && r.setTitle(f.value, sureLabelled) {
			return
		}
	}
	candidates := r.topLines(o)
	for _, l := range candidates {
		if s, ok := r.titleIn(l); ok && r.setTitle(s, sureWorded+0.2) {
			return
		}
	}
	for _, section := range o.sections {
		switch section.kind {
		case partNone, partSummary, partCompany:
		default:
			continue
		}
		for _, l := range section.lines {
			if s, ok := r.hiredTitle(l); ok && r.setTitle(s, sureWorded) {
				return
			}
		}
	}
	for _, l := range candidates {
		if r.maybeTitle(l) && r.setTitle(r.beforePay(l), sureGuessed) {
			return
		}
	}
}

// topLines returns the lines that may hold title, employer and place: marked titles and what stands before any heading.
func (r *jobReader) topLines(o jobOutline) []postingLine {
	const most = 8
	lines := append([]postingLine{}, o.titles...)
	for _, section := range o.sections {
		if section.headed || len(lines) >= most+len(o.titles) {
			break
		}
		lines = append(lines, section.lines[:min(len(section.lines), most)]...)
	}
	return lines
}

// titleIn finds a title in a line that is not a sentence.
func (r *jobReader) titleIn(l postingLine) (span, bool) {
	if !r.maybeTitle(l) {
		return span{}, false
	}
	if s, ok := r.hiredTitle(l); ok {
		return s, true
	}
	pieces := splitSpan(r.text, r.beforePay(l), titleSep)
	for i, piece := range pieces {
		if at := titlePlace.FindStringIndex(r.text[piece.start:piece.end]); at != nil {
			piece.end = piece.start + at[0]
		}
		words := splitWords(genderNote.ReplaceAllString(r.text[piece.start:piece.end], ""))
		if len(words) <= 8 && r.namesRole(r.text[piece.start:piece.end], words) {
			return r.withWard(pieces, i, piece), true
		}
	}
	return span{}, false
}

// withWard adds to a short form such as "RN" the piece behind it, which says of what.
func (r *jobReader) withWard(pieces []span, i int, title span) span {
	const longestShort = 4
	if title.end-title.start > longestShort || i+1 >= len(pieces) || r.text[title.start:title.end] != strings.ToUpper(r.text[title.start:title.end]) {
		return title
	}
	next := pieces[i+1]
	if text := r.text[next.start:next.end]; text == "" || r.isPlace(text) || legalForm.MatchString(text) {
		return title
	}
	return span{title.start, next.end}
}

// namesRole reports whether the words hold a job's name, written as one: its first word is no small one.
func (r *jobReader) namesRole(text string, words []word) bool {
	if len(words) == 0 || len(r.words.titles.all(words)) == 0 && !genderNote.MatchString(text) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(text[words[0].start:])
	return !unicode.IsLower(first) || len(words) == 1
}

// maybeTitle reports whether a line may be a title; one with pay in it may be from its start to the pay.
func (r *jobReader) maybeTitle(l postingLine) bool {
	text := strings.TrimSpace(l.text)
	if l.bullet || len(text) > maxTitleBytes || strings.HasSuffix(text, ".") {
		return false
	}
	return !strings.Contains(text, "://") && !strings.Contains(text, "@") && r.beforePay(l).end > l.start
}

// beforePay returns the line up to the piece that names pay, which is empty where the first piece does.
func (r *jobReader) beforePay(l postingLine) span {
	s := span{l.start, l.end}
	if !salaryPat.MatchString(l.text) {
		return s
	}
	s.end = s.start
	for _, piece := range splitSpan(r.text, span{l.start, l.end}, titleSep) {
		if salaryPat.MatchString(r.text[piece.start:piece.end]) {
			break
		}
		s.end = piece.end
	}
	return s
}

// hiredTitle finds the title in a sentence such as "Example Ltd is hiring a Warehouse Manager to lead …".
func (r *jobReader) hiredTitle(l postingLine) (span, bool) {
	for _, pattern := range []*regexp.Regexp{hiringPhrase, hiringArticle} {
		at := pattern.FindStringIndex(l.text)
		if at == nil {
			continue
		}
		rest := l.text[at[1]:]
		if note := genderNote.FindStringIndex(rest); note != nil && note[0] < maxTitleBytes {
			rest = rest[:note[0]]
		}
		if end := titleEnd.FindStringIndex(rest); end != nil {
			rest = rest[:end[0]]
		}
		if words := splitWords(rest); len(words) > 0 && len(words) <= 8 && len(r.words.titles.all(words)) > 0 {
			return span{l.start + at[1], l.start + at[1] + len(rest)}, true
		}
	}
	return span{}, false
}

// isTitleLine reports whether s, which is no sentence, begins with the title.
func (r *jobReader) isTitleLine(s span) bool {
	return r.title.end > 0 && r.title.start == s.start && !endsInStop(r.text[s.start:s.end])
}

// setTitle keeps the title without the note on sexes and words such as "We are hiring:".
func (r *jobReader) setTitle(s span, confidence float64) bool {
	s = trimSpan(r.text, s)
	if s.end-s.start > maxTitleBytes {
		return false
	}
	if intro := titleIntro.FindStringIndex(r.text[s.start:s.end]); intro != nil && intro[1] < s.end-s.start {
		s.start += intro[1]
	}
	raw := r.text[s.start:s.end]
	title := strings.TrimSpace(genderNote.ReplaceAllString(plain(raw), ""))
	if open := strings.LastIndexByte(title, '('); open > 0 && !strings.Contains(title[open:], ")") {
		title = title[:open]
	}
	title = strings.TrimSpace(strings.Trim(title, "-–—:|, "))
	if title == "" {
		return false
	}
	r.data.JobTitle, r.title = title, s
	r.source("job_title", s, confidence)
	return true
}

// splitSpan cuts s at the separators.
func splitSpan(text string, s span, separator *regexp.Regexp) []span {
	var out []span
	start := s.start
	for _, at := range separator.FindAllStringIndex(text[s.start:s.end], -1) {
		out = append(out, trimSpan(text, span{start, s.start + at[0]}))
		start = s.start + at[1]
	}
	return append(out, trimSpan(text, span{start, s.end}))
}
