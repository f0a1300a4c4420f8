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
		list[i].assign(titleFirst)
	}
	return shareEmployers(list, titleFirst)
}

// titleFirstVote tells which of two names is usually the title, from all entries of the section: above 0 the first is.
func titleFirstVote(list []position) int {
	vote := 0
	for i := range list {
		if names := list[i].names; len(names) >= 2 {
			vote += sign(titleLead(names[0], names[1]))
			continue
		}
		if len(list[i].names) == 1 {
			left, right, ok := splitName(list[i].names[0], func(_ string, left, right frag) bool { return titleLead(left, right) != 0 && !isPlaceLike(right.text) })
			if ok {
				vote += sign(titleLead(left, right))
			}
		}
	}
	return vote
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
		case " at ", " bei ", " chez ", " @ ":
			return true
		case ": ":
			return titleLead(left, right) != 0 && isTitle(left.text) != isTitle(right.text)
		case ", ":
			return titleLead(left, right) != 0 || vote != 0 && len(strings.Fields(name.text)) <= 9
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
	p.title, p.company = left, right
	if lead < 0 {
		p.title, p.company = right, left
	}
	p.company = p.takePlace(p.company)
}

// shareEmployers gives positions below one employer's line its name: several titles at one company.
func shareEmployers(list []position, vote int) []position {
	kept := list[:0]
	var employer *position
	inherited := frag{}
	for i := range list {
		p := list[i]
		switch {
		case employer != nil && p.company.empty() && !p.title.empty():
			p.adopt(employer)
			inherited = employer.company
		case p.company.empty() && !p.title.empty() && p.marked == false && !inherited.empty(),
			p.company.empty() && !p.title.empty() && vote < 0 && len(kept) > 0 && !kept[len(kept)-1].company.empty() && len(p.names) == 1:
			if inherited.empty() {
				inherited = kept[len(kept)-1].company
			}
			p.company, p.sure = inherited, sureOrder
		case !p.company.empty():
			inherited = frag{}
		}
		if employer != nil && p.company != employer.company {
			kept = append(kept, *employer)
		}
		employer = nil
		if p.title.empty() && !p.company.empty() && len(p.body) == 0 && i+1 < len(list) {
			employer = &p
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

// adopt takes the employer's name and place, and keeps its dates, which span all its positions, in the description.
func (p *position) adopt(employer *position) {
	p.company, p.sure = employer.company, sureOrder
	switch {
	case p.years.empty():
		p.years = employer.years
	case !employer.years.empty():
		p.body = append([]frag{employer.years}, p.body...)
	}
	switch {
	case p.location.empty():
		p.location = employer.location
	case !employer.location.empty():
		p.body = append([]frag{employer.location}, p.body...)
	}
}
