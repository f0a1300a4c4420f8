package structure

import (
	"strings"

	"resume-matcher/models"
)

// position is an entry of a section of work, with its title and employer told apart.
type position struct {
	entryFields
	title, company frag
	// sure tells how title and employer were told apart.
	sure float64
	// joint is the word between title and employer in "Nurse at Example Hospital".
	joint frag
	// below is set where employers come first in the section, so that a lone name is a further title at the last one.
	below bool
}

// readExperience reads the positions of a section.
func (r *resumeReader) readExperience(s *resumeSection) {
	for _, p := range r.positions(s) {
		path := indexed("workExperience", len(r.data.WorkExperience))
		set, told := confidenceOf(s.confidence, sureSet), confidenceOf(s.confidence, p.sure)
		r.data.WorkExperience = append(r.data.WorkExperience, models.Experience{
			Title:       r.put(path+".title", p.title, told),
			Company:     r.put(path+".company", p.company, told),
			Location:    r.put(path+".location", p.location, confidenceOf(s.confidence, sureWord)),
			Years:       r.put(path+".years", p.years, confidenceOf(s.confidence, surePattern)),
			Description: r.putList(path+".description", p.body, set),
		})
	}
}

// positions cuts a section into positions and tells titles from employers.
func (r *resumeReader) positions(s *resumeSection) []position {
	var list []position
	for _, e := range cutEntries(s.lines) {
		list = append(list, position{entryFields: readEntry(e)})
	}
	titleFirst := titleFirstVote(list)
	for i := range list {
		list[i].below = titleFirst < 0 && i > 0 && len(list[i-1].names) > 0 && len(list[i].names) == 1
		list[i].assign(titleFirst)
		list[i].takeTown()
	}
	for i := range list {
		if !list[i].joint.empty() {
			r.marginalia = append(r.marginalia, list[i].joint)
		}
	}
	return shareEmployers(list, titleFirst)
}

// titleFirstVote tells which of two names is usually the title: above 0 the first is. Entries with names on lines or
// in cells of their own decide, and only without them those that have two names in one.
func titleFirstVote(list []position) int {
	apart, within := 0, 0
	for i := range list {
		switch names := list[i].names; {
		case len(names) >= 2:
			apart += sign(titleLead(names[0], names[1]))
		case len(names) == 1:
			left, right, ok := splitName(names[0], func(_ string, left, right frag) bool { return titleLead(left, right) != 0 && !isEntryPlace(right.text) })
			if ok {
				within += sign(titleLead(left, right))
			}
		}
	}
	if apart != 0 {
		return apart
	}
	return within
}

func sign(n int) int {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}

// titleLead is above 0 where the first of two names reads more like a title, below 0 where the second does.
func titleLead(first, second frag) int { return titleScore(first.text) - titleScore(second.text) }

func titleScore(text string) int {
	score := -employerScore(text)
	if isTitle(text) {
		score += 2
	}
	return score
}

// assign tells title and employer of one position apart.
func (p *position) assign(vote int) {
	p.body = append(append([]frag(nil), p.links...), p.body...)
	switch len(p.names) {
	case 0:
		p.sure = sureUsual
		return
	case 1:
		p.assignSingle(vote)
		return
	}
	p.names = titleAhead(p.names)
	first, second := p.names[0], p.names[1]
	lead := titleLead(first, second)
	switch {
	case lead != 0:
		p.sure = sureWord
	case vote != 0:
		lead, p.sure = vote, sureOrder
	default:
		lead, p.sure = 1, sureUsual
	}
	p.title, p.company = first, second
	if lead < 0 {
		p.title, p.company = second, first
	}
	p.company = p.takePlace(p.company)
	p.title = p.takePlace(p.title)
	p.placeRest(p.names[2:])
}

// takeTown splits a last word like a town's off an employer, where no list knows it: "Hillside Motors, Bradford".
func (p *position) takeTown() {
	at := strings.LastIndex(p.company.text, ", ")
	if at < 0 || !p.location.empty() {
		return
	}
	firm, town := p.company.cut(0, at), p.company.cut(at+2, len(p.company.text))
	if len(strings.Fields(firm.text)) >= 2 && isNameWord(town.text) && !isCapitals(town.text) && !strings.HasSuffix(town.text, ".") && employerScore(town.text) == 0 {
		p.company, p.location = firm, town
	}
}

// titleAhead moves the only title among three or more names to the second place: "Firm | Town", then "Engineer".
func titleAhead(names []frag) []frag {
	if len(names) < 3 || isTitle(names[0].text) || isTitle(names[1].text) {
		return names
	}
	for i := 2; i < len(names); i++ {
		if isTitle(names[i].text) {
			ahead := append([]frag{names[0], names[i]}, names[1:i]...)
			return append(ahead, names[i+1:]...)
		}
	}
	return names
}

// placeRest keeps further names: a short one may be a place no list knows, others describe.
func (p *position) placeRest(names []frag) {
	var kept []frag
	for _, n := range names {
		if p.location.empty() && len(strings.Fields(n.text)) <= 4 && !isTitle(n.text) && employerScore(n.text) == 0 && len(digitsOf(n.text)) == 0 {
			p.location = n
			continue
		}
		kept = append(kept, n)
	}
	p.body = append(kept, p.body...)
}

// assignSingle splits one name into title and employer where something tells them apart.
func (p *position) assignSingle(vote int) {
	name := p.takePlace(p.names[0])
	left, right, ok := splitName(name, func(separator string, left, right frag) bool {
		switch separator {
		case " at ", " bei ", " beim ", " chez ", " @ ":
			return true
		case ": ":
			return titleLead(left, right) != 0 && isTitle(left.text) != isTitle(right.text)
		case ", ":
			if p.below && isTitle(left.text) && employerScore(right.text) == 0 {
				return false
			}
			return titleLead(left, right) != 0 || len(strings.Fields(left.text)) <= 5 && len(strings.Fields(right.text)) <= 7
		}
		return true
	})
	if !ok {
		p.sure = sureWord
		if score := titleScore(name.text); score >= 0 && (score > 0 || vote >= 0) {
			p.title = name
		} else {
			p.company = name
		}
		return
	}
	lead := titleLead(left, right)
	p.sure = sureWord
	if lead == 0 {
		lead, p.sure = vote, sureOrder
	}
	if lead == 0 {
		p.sure = sureUsual
	}
	p.title, p.company = left, right
	if lead < 0 {
		p.title, p.company = right, left
	}
	p.joint = name.jointBetween(left, right)
	p.company = p.takePlace(p.company)
}

// jointBetween returns what stands between the first and the second part of f where that is a word.
func (f frag) jointBetween(left, right frag) frag {
	joint := f.cut(len(left.text), len(f.text)-len(right.text))
	if letterCount(joint.text) == 0 {
		return frag{}
	}
	return joint
}

// shareEmployers gives positions below one employer's line its name: several titles at one company.
func shareEmployers(list []position, vote int) []position {
	kept := list[:0:0]
	var employer *position
	used := false
	for i := range list {
		p := list[i]
		if employer != nil && p.belongsTo(employer) {
			p.adopt(employer, !used)
			used = true
			kept = append(kept, p)
			continue
		}
		if employer != nil && !used {
			kept = append(kept, *employer)
		}
		employer, used = nil, false
		if i+1 < len(list) && p.isEmployer(&list[i+1]) {
			if p.company.empty() {
				p.title, p.company = frag{}, p.title
			}
			employer = &p
			continue
		}
		if last := len(kept) - 1; vote < 0 && last >= 0 && p.company.empty() && !p.title.empty() && len(p.names) == 1 {
			p.company, p.sure = kept[last].company, sureOrder
		}
		kept = append(kept, p)
	}
	return kept
}

// isEmployer reports whether p only names the employer of the positions that follow.
func (p *position) isEmployer(next *position) bool {
	if len(p.names) != 1 || len(p.body) > 0 || !p.title.empty() && !p.company.empty() {
		return false
	}
	deeper := p.level > 0 && next.level > p.level
	return deeper || p.title.empty() && !p.company.empty() && next.company.empty()
}

func (p *position) belongsTo(employer *position) bool {
	if employer.level > 0 && p.level > 0 {
		return p.level > employer.level
	}
	return p.company.empty() && !p.title.empty()
}

// adopt takes the employer's name and place. The first position also keeps the employer's dates, which span all of
// them, in its description.
func (p *position) adopt(employer *position, first bool) {
	if !p.company.empty() {
		p.title = joinFrags(", ", p.title, p.company)
	}
	p.company, p.sure = employer.company, sureOrder
	if p.location.empty() {
		p.location = employer.location
	} else if first && !employer.location.empty() {
		p.body = append([]frag{employer.location}, p.body...)
	}
	if p.years.empty() {
		p.years = employer.years
	} else if first && !employer.years.empty() {
		p.body = append([]frag{employer.years}, p.body...)
	}
}
