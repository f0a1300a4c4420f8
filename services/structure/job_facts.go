package structure

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	isoDay      = regexp.MustCompile(`\b(20\d\d)-(\d\d)-(\d\d)\b`)
	dottedDay   = regexp.MustCompile(`\b(\d{1,2})[./](\d{1,2})[./](20\d\d)\b`)
	dayMonth    = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th|\.|er)?\s+(?:de\s+)?(\p{L}{3,10})\.?,?\s+(?:de\s+)?(20\d\d)\b`)
	monthDay    = regexp.MustCompile(`\b(\p{L}{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(20\d\d)\b`)
	monthStarts = []string{"jan|ene", "feb|fév|fev", "mar|mär|mrz", "apr|avr|abr", "may|mai|mayo", "jun|juin", "jul|juil", "aug|aoû|ago", "sep", "oct|okt", "nov", "dec|dez|déc|dic"}
)

// readFacts keeps what labelled lines say of dates, pay, field and site; the place and the terms have their own readers.
func (r *jobReader) readFacts(o jobOutline) {
	for _, f := range o.facts {
		switch f.label {
		case "posted":
			if r.data.DatePosted == "" && strings.ContainsAny(r.text[f.value.start:f.value.end], "0123456789") {
				r.data.DatePosted = dayText(r.value("date_posted", f.value, sureLabelled))
			}
		case "deadline":
			if r.data.ApplicationInfo.Deadline == "" {
				r.data.ApplicationInfo.Deadline = dayText(r.value("application_info.application_deadline", f.value, sureLabelled))
			}
		case "salary":
			r.keep(jobEntry{f.value, partBenefits, sureLabelled})
		case "industry":
			r.data.CompanyProfile.Industry = r.value("company_profile.industry", f.value, sureLabelled)
		case "website":
			r.data.CompanyProfile.Website = r.value("company_profile.website", f.value, sureLabelled)
		}
	}
}

// dayText returns the first full date of text as 2006-01-02, or text itself where there is none.
func dayText(text string) string {
	if m := isoDay.FindStringSubmatch(text); m != nil {
		return m[0]
	}
	if m := dottedDay.FindStringSubmatch(text); m != nil {
		return isoDate(m[3], m[2], m[1], text)
	}
	if m := dayMonth.FindStringSubmatch(text); m != nil {
		return isoDate(m[3], monthNumber(m[2]), m[1], text)
	}
	if m := monthDay.FindStringSubmatch(text); m != nil {
		return isoDate(m[3], monthNumber(m[1]), m[2], text)
	}
	return text
}

func monthNumber(name string) string {
	name = strings.ToLower(name)
	for i, starts := range monthStarts {
		for start := range strings.SplitSeq(starts, "|") {
			if strings.HasPrefix(name, start) {
				return strconv.Itoa(i + 1)
			}
		}
	}
	return ""
}

func isoDate(year, month, day, otherwise string) string {
	m, errMonth := strconv.Atoi(month)
	d, errDay := strconv.Atoi(day)
	if errMonth != nil || errDay != nil || m < 1 || m > 12 || d < 1 || d > 31 {
		return otherwise
	}
	return fmt.Sprintf("%s-%02d-%02d", year, m, d)
}

// readEmployment keeps every term of employment the facts and titles name, or else the first the text names.
func (r *jobReader) readEmployment(o jobOutline) {
	var kinds []string
	add := func(s span, table *phraseTable, confidence float64) {
		words := splitWords(r.text[s.start:s.end])
		for _, hit := range table.all(words) {
			if !slices.Contains(kinds, hit.kind) {
				kinds = append(kinds, hit.kind)
				at := span{s.start + words[hit.at].start, s.start + words[hit.at+hit.length-1].end}
				if len(kinds) == 1 {
					r.source("employment_type", at, confidence)
				}
			}
		}
	}
	for _, f := range o.facts {
		if f.label == "employment" {
			add(f.value, &r.words.employment, sureLabelled)
			add(f.value, &r.words.terms, sureLabelled)
		}
	}
	for _, l := range r.topLines(o) {
		add(span{l.start, l.end}, &r.words.employment, sureWorded+0.2)
	}
	if len(kinds) == 0 {
		if s, _, ok := r.firstPhrase(o, &r.words.employment); ok {
			add(s, &r.words.employment, sureWorded)
		}
	}
	r.data.EmploymentType = strings.Join(kinds, ", ")
}
