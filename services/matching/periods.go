package matching

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/structure"
)

// formulaMonth is the month of FormulaVersion. A position held until "present" lasts until then, or until the latest
// month the résumé names if that is later: no clock, so a stored pair keeps its score; a new version moves it on.
const formulaMonth = structure.Month(2026*12 + 10)

// span is a stretch of months, End exclusive; an unreadable period is empty.
type span struct{ start, end structure.Month }

// referenceMonth returns the month in which open periods end.
func referenceMonth(d models.ResumeData) structure.Month {
	latest := formulaMonth
	for _, e := range d.WorkExperience {
		if p, ok := structure.ParsePeriod(e.Years); ok && !p.Expected {
			latest = max(latest, p.Start, p.End)
		}
	}
	return latest
}

func (r *Resume) span(years string) span {
	p, ok := structure.ParsePeriod(years)
	if !ok || p.Expected {
		return span{}
	}
	if p.Present {
		return span{p.Start, r.reference + 1}
	}
	return span{p.Start, p.End + 1}
}

// unionYears returns the years the spans cover together: what overlaps counts once.
func unionYears(spans []span) float64 {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	months, covered := structure.Month(0), structure.Month(0)
	for _, s := range spans {
		if start := max(s.start, covered); s.end > start {
			months += s.end - start
			covered = s.end
		}
	}
	return round4(float64(months) / 12)
}

// positionIndex returns i of "workExperience[i]…".
func positionIndex(path string) (int, bool) {
	rest, ok := strings.CutPrefix(path, "workExperience[")
	if !ok {
		return 0, false
	}
	number, _, _ := strings.Cut(rest, "]")
	i, err := strconv.Atoi(number)
	return i, err == nil
}
