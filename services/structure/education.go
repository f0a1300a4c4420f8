package structure

import (
	"strings"

	"resume-matcher/models"
)

// readEducation reads the degrees and schools of a section.
func (r *resumeReader) readEducation(s *resumeSection) {
	entries := cutEntries(s.lines)
	fields := make([]entryFields, len(entries))
	schoolFirst := 0
	for i, e := range entries {
		fields[i] = readEntry(e)
		if names := fields[i].names; len(names) >= 2 {
			schoolFirst += sign(schoolScore(names[0].text) - schoolScore(names[1].text))
		}
	}
	for _, f := range fields {
		path := indexed("education", len(r.data.Education))
		school, degree, sure := f.tellSchool(schoolFirst)
		description := joinFrags("\n", append(append([]frag{f.location}, f.links...), f.body...)...)
		told := confidenceOf(s.confidence, sure)
		r.data.Education = append(r.data.Education, models.Education{
			Institution: r.put(path+".institution", school, told),
			Degree:      r.put(path+".degree", degree, told),
			Years:       r.put(path+".years", f.years, confidenceOf(s.confidence, surePattern)),
			Description: r.put(path+".description", description, confidenceOf(s.confidence, sureSet)),
		})
	}
}

func schoolScore(text string) int {
	score := -degreeScore(text)
	if isSchool(text) {
		score += 3
	}
	return score
}

// tellSchool tells the school from the degree, which may be named in several parts.
func (f *entryFields) tellSchool(vote int) (school, degree frag, sure float64) {
	names := f.names
	if len(names) == 0 {
		return frag{}, frag{}, sureUsual
	}
	best := 0
	for i := range names {
		if schoolScore(names[i].text) > schoolScore(names[best].text) {
			best = i
		}
	}
	sure = sureWord
	if len(names) >= 2 && schoolScore(names[0].text) == schoolScore(names[1].text) && best == 0 {
		sure = sureUsual
		if vote <= 0 {
			best = 1
		}
	}
	if len(names) == 1 && (!isSchool(names[0].text) || namesExaminer(names[0].text)) {
		return frag{}, names[0], sure
	}
	for i := range names {
		names[i] = f.takePlace(names[i])
	}
	school, inner := splitSchool(names[best])
	if len(inner) == 1 && f.location.empty() && placesSchool(school, inner[0]) {
		f.location, inner = inner[0], nil
	}
	parts := append(append([]frag(nil), names[:best]...), inner...)
	return school, joinFrags(", ", append(parts, names[best+1:]...)...), sure
}

// placesSchool tells a town behind a school, "Gymnasium Haganum, The Hague", from a subject.
func placesSchool(school, rest frag) bool {
	if rest.start < school.end || degreeScore(rest.text) > 0 {
		return false
	}
	article, town, ok := strings.Cut(rest.text, " ")
	switch article {
	case "The", "Den", "La", "Le", "Los", "Las":
		return ok && isNameWord(town) && !isCapitals(town)
	}
	return isKnownPlace(rest.text)
}

// namesExaminer recognises a degree with its examining body behind it, "Geprüfte Bilanzbuchhalterin (IHK Leipzig)".
func namesExaminer(text string) bool {
	name, _, bracketed := strings.Cut(text, " (")
	return bracketed && strings.HasSuffix(text, ")") && !isSchool(name) && (isTitle(name) || degreeScore(name) > 0)
}

// splitSchool splits "BSc Biology, University of Example" into the school and the rest.
func splitSchool(name frag) (school frag, rest []frag) {
	left, right, ok := splitName(name, func(separator string, left, right frag) bool {
		if separator == ": " || strings.HasPrefix(right.text, "and ") {
			return false
		}
		return isSchool(left.text) != isSchool(right.text)
	})
	switch {
	case !ok:
		return name, nil
	case isSchool(left.text):
		return left, []frag{right}
	}
	return right, []frag{left}
}
