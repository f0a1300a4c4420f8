package structure

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	legalForm = regexp.MustCompile(`\b(?:GmbH(?: & Co\. KG(?:aA)?)?|gGmbH|AG|SE|KG|KGaA|OHG|UG|mbH|e\.\s?V\.|eG|Inc\.?|LLC|LLP|Ltd\.?|Limited|PLC|plc|Corp\.?|Corporation|S\.A\.U?\.?|SAS|SARL|S\.L\.U?\.?|B\.V\.|N\.V\.|Oy|A/S|GbR|Co\.)(?:\W|$)`)
	// stoppedForm is a legal form behind which a full stop is the sentence's.
	stoppedForm = regexp.MustCompile(`\b(?:GmbH|gGmbH|AG|SE|KG|KGaA|OHG|UG|mbH|mbB|eG|LLC|LLP|Limited|PLC|plc|Corporation|SAS|SARL|GbR)\.$`)
	// nameRun is one to six words of a name, each with a capital or a number first.
	nameRun       = `((?:[\p{Lu}\d][\p{L}\d&.'’/-]*)(?:[ \t](?:[\p{Lu}\d&][\p{L}\d&.'’/-]*|und|and|of|de|der|für|für|the|von)){0,6})`
	companyLegal  = regexp.MustCompile(`((?:[\p{Lu}\d][\p{L}\d&.'’/-]*[ \t](?:& )?){1,5}(?:GmbH & Co\. KG|GmbH|gGmbH|AG|KG|SE|mbB|Inc\.|LLC|LLP|Ltd|Limited|PLC|plc|SAS|SARL|S\.L\.|S\.A\.|e\.\s?V\.))(?:\W|$)`)
	companyBefore = regexp.MustCompile(nameRun + `(?:,[^.\n]{1,60},)? (?:is (?:looking|hiring|seeking|searching|recruiting|growing)|are (?:looking|hiring|seeking)|seeks|sucht|recherche|recrute|busca)\b`)
	companyAfter  = regexp.MustCompile(`\b(?:[Jj]oin|[Hh]ere at|[Ww]elcome to|[Ww]e at|[Aa]t|[Bb]ei(?: der| dem)?|[Cc]hez) (?:the )?` + nameRun)
	weAre         = regexp.MustCompile(`\b(?:[Ww]e are|[Ww]e're|[Ww]ir,? (?:sind )?(?:die|der|das)|[Nn]ous sommes|[Ss]omos) (?:the )?` + nameRun)
	selfIntro     = regexp.MustCompile(`(?i)^(?:we are|we're|wir sind|wir,|nous sommes|somos)\s+(?:(?:the|die|der|das|la|le)\s+)?`)
	notNames      = map[string]bool{"we": true, "our": true, "you": true, "the": true, "i": true, "wir": true, "unser": true, "sie": true, "client": true, "nous": true, "us": true, "this": true, "least": true, "company": true, "berlin": true, "a": true, "an": true, "ihnen": true, "uns": true, "dir": true, "interesse": true, "eignung": true, "gleicher": true}
)

// readCompany finds the employer: named by a label, in a heading "About NAME", in the first lines, or in a sentence.
func (r *jobReader) readCompany(o jobOutline) {
	for _, f := range o.facts {
		if f.label == "company" && r.setCompany(r.withoutPlace(f.value), sureLabelled) {
			return
		}
	}
	if o.company.end > 0 && r.setCompany(o.company, sureHeaded) {
		return
	}
	top := r.topLines(o)
	for _, l := range top {
		if r.companyInLine(l) {
			return
		}
	}
	for _, l := range top {
		if r.companyBesidePlace(l) {
			return
		}
	}
	for _, pattern := range []*regexp.Regexp{companyLegal, companyBefore, companyAfter, weAre} {
		for _, section := range o.sections {
			if section.kind == partRequired || section.kind == partPreferred || section.kind == partResponsibilities {
				continue
			}
			for _, l := range section.lines {
				if r.companyIn(l, pattern) {
					return
				}
			}
		}
	}
}

// companyInLine looks for a name with a legal form, and for "TITLE at NAME", in one of the first lines.
func (r *jobReader) companyInLine(l postingLine) bool {
	if l.end-l.start > maxTitleBytes || l.bullet {
		return false
	}
	s := span{l.start, l.end}
	pieces := splitSpan(r.text, s, titleSep)
	for i, piece := range pieces {
		text := r.text[piece.start:piece.end]
		words := splitWords(text)
		if legalForm.MatchString(text) && len(words) <= 8 && !r.isTitle(piece) {
			return r.setCompany(r.withoutIntro(piece), sureWorded+0.2)
		}
		if i == 0 || len(words) == 0 || len(words) > 6 {
			continue
		}
		if first, _ := utf8.DecodeRuneInString(text); !unicode.IsUpper(first) || len(splitWords(r.text[s.start:pieces[0].end])) > 8 {
			continue
		}
		between := strings.ToLower(strings.TrimSpace(r.text[pieces[i-1].end:piece.start]))
		if between == "at" || between == "bei" || between == "chez" || between == "@" {
			return r.setCompany(piece, sureWorded+0.2)
		}
	}
	return false
}

// companyBesidePlace takes the name in a line such as "Riverside Academy, Bristol".
func (r *jobReader) companyBesidePlace(l postingLine) bool {
	if l.bullet || l.end-l.start > maxHeadingBytes || endsInStop(l.text) {
		return false
	}
	pieces := splitSpan(r.text, span{l.start, l.end}, placeSep)
	text := r.text[pieces[0].start:pieces[0].end]
	words := splitWords(text)
	if len(pieces) < 2 || len(words) == 0 || len(words) > 6 || r.isPlace(text) || r.isTitle(pieces[0]) || len(r.words.titles.all(words)) > 0 {
		return false
	}
	if first, _ := utf8.DecodeRuneInString(text); !unicode.IsUpper(first) {
		return false
	}
	for _, piece := range pieces[1:] {
		text := r.text[piece.start:piece.end]
		if r.isPlace(text) || cityState.MatchString(r.text[pieces[1].start:piece.end]) && loadGazetteer().state[strings.ToLower(text)] != "" {
			return r.setCompany(pieces[0], sureWorded)
		}
	}
	return false
}

// withoutPlace drops a known place behind the last comma: "Example GmbH, Stuttgart".
func (r *jobReader) withoutPlace(s span) span {
	text := r.text[s.start:s.end]
	if at := strings.LastIndexByte(text, ','); at > 0 && r.isPlace(text[at+1:]) {
		return trimSpan(r.text, span{s.start, s.start + at})
	}
	return s
}

func (r *jobReader) isTitle(s span) bool {
	return r.data.JobTitle != "" && strings.Contains(plain(r.text[s.start:s.end]), r.data.JobTitle)
}

// withoutIntro narrows a sentence's name to the run of capitalised words that ends in the legal form.
func (r *jobReader) withoutIntro(s span) span {
	text, start := r.text[s.start:s.end], s.start
	at := legalForm.FindStringIndex(text)
	if intro := selfIntro.FindStringIndex(text[:at[0]]); intro != nil {
		s.start += intro[1]
	}
	end := at[1]
	if end < len(text) || end > at[0] && !isNameByte(text[end-1]) {
		if c := text[end-1]; !isNameByte(c) && c != '.' {
			end--
		}
	}
	end += start
	return span{s.start, end}
}

func isNameByte(c byte) bool {
	return c >= utf8.RuneSelf || unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c))
}

func (r *jobReader) companyIn(l postingLine, pattern *regexp.Regexp) bool {
	at := pattern.FindStringSubmatchIndex(l.text)
	if at == nil {
		return false
	}
	s := span{l.start + at[2], l.start + at[3]}
	words := splitWords(r.text[s.start:s.end])
	if len(words) > 1 && words[0].text == "the" {
		words = words[1:]
	}
	if len(words) == 0 || notNames[words[0].text] || r.isPlace(r.text[s.start:s.end]) || r.isTitle(s) {
		return false
	}
	return r.setCompany(s, sureWorded)
}

func (r *jobReader) setCompany(s span, confidence float64) bool {
	for {
		text := r.text[s.start:s.end]
		last := text[strings.LastIndexByte(text, ' ')+1:]
		switch last {
		case "und", "and", "of", "de", "der", "für", "the", "von":
			s.end -= len(last)
			s = trimSpan(r.text, s)
			continue
		}
		break
	}
	for _, article := range []string{"Die ", "Der ", "Das "} {
		if strings.HasPrefix(r.text[s.start:s.end], article) {
			s.start += len(article)
		}
	}
	name := r.value("company_profile.companyName", s, confidence)
	name = strings.TrimSuffix(name, ",")
	if stoppedForm.MatchString(name) {
		name = strings.TrimSuffix(name, ".")
	}
	r.data.CompanyProfile.Name = name
	return name != ""
}
