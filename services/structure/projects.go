package structure

import (
	"strings"

	"resume-matcher/models"
)

// maxProjectName bounds, in words, what may stand before the separator in "Name: what it does".
const maxProjectName = 8

// readProjects reads the projects of a section.
func (r *resumeReader) readProjects(s *resumeSection) {
	for _, e := range cutEntries(s.lines) {
		f := readEntry(e)
		p := tellProject(&f)
		path := indexed("personalProjects", len(r.data.PersonalProjects))
		set := confidenceOf(s.confidence, sureSet)
		r.data.PersonalProjects = append(r.data.PersonalProjects, models.Project{
			Name:        r.put(path+".name", p.name, confidenceOf(s.confidence, sureOrder)),
			Role:        r.put(path+".role", p.role, confidenceOf(s.confidence, sureWord)),
			Years:       r.put(path+".years", f.years, confidenceOf(s.confidence, surePattern)),
			GitHub:      r.put(path+".github", p.github, confidenceOf(s.confidence, surePattern)),
			Website:     r.put(path+".website", p.website, confidenceOf(s.confidence, surePattern)),
			Description: r.putList(path+".description", p.body, set),
		})
	}
}

// project is an entry of a section of projects with its fields told apart.
type project struct {
	name, role, github, website frag
	body                        []frag
}

func tellProject(f *entryFields) project {
	var p project
	names := f.names
	if len(names) > 0 {
		p.takeName(names[0])
		names = names[1:]
	}
	for _, n := range names {
		hits := contactHits(n.text)
		switch {
		case len(hits) == 1 && hits[0].from == 0 && hits[0].to >= len(n.text)-1:
			p.takeLink(n)
		case p.role.empty() && (isTitle(n.text) && len(strings.Fields(n.text)) <= maxProjectName || len(strings.Fields(n.text)) <= 2):
			p.role = n
		default:
			p.body = append(p.body, n)
		}
	}
	if !f.location.empty() {
		p.body = append(p.body, f.location)
	}
	for _, l := range f.links {
		p.takeLink(l)
	}
	p.body = append(p.body, f.body...)
	return p
}

// takeName splits links and a description off the name's line.
func (p *project) takeName(name frag) {
	if hits := contactHits(name.text); len(hits) == 1 && (hits[0].kind == "github" || hits[0].kind == "website") {
		before, after := trimJoints(name.cut(0, hits[0].from)), trimJoints(name.cut(hits[0].to, len(name.text)))
		if !before.empty() {
			p.takeLink(name.cut(hits[0].from, hits[0].to))
			p.takeName(before)
			if letterCount(after.text) > 0 {
				p.body = append(p.body, after)
			}
			return
		}
	}
	left, right, ok := splitName(name, func(separator string, left, right frag) bool {
		switch separator {
		case ": ", " — ", " – ", " - ", " | ":
			return len(strings.Fields(left.text)) <= maxProjectName
		case ", ":
			return isTitle(right.text) && !isTitle(left.text) && len(strings.Fields(right.text)) <= 4
		}
		return false
	})
	if !ok {
		p.name = name
		return
	}
	p.name = left
	if isTitle(right.text) && len(strings.Fields(right.text)) <= 4 {
		p.role = right
		return
	}
	p.body = append(p.body, right)
}

func (p *project) takeLink(l frag) {
	switch {
	case p.github.empty() && linkKind(l.text) == "github":
		p.github = l
	case p.website.empty() && linkKind(l.text) != "github":
		p.website = l
	default:
		p.body = append(p.body, l)
	}
}
