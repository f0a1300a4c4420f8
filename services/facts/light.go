package facts

import "slices"

// isLight tells whether the verb at i says no more than that the person did what the source only names, or what it
// calls the person responsible for; of a degree, that it was studied for.
func (g *Gate) isLight(u *support, i int) bool {
	e := u.text.tokens[i].entry
	if e.has(labelStudy) && entryKind(u.span.entry) == "education" && (!e.has(labelDegree) || u.hasDegree()) {
		return true
	}
	switch kind := entryKind(u.span.entry); {
	case e.has(labelRecent) && u.span.entry == "workExperience[0]", e.has(labelSide) && kind == "personalProjects",
		e.has(labelCertificate) && u.span.field == fieldCertificate && isCertified(u.text.tokens[i].text):
		return true
	}
	if word := u.text.tokens[i].text; u.span.field == fieldCertificate && (word == "since" || word == "seit") {
		return true
	}
	if e.has(labelGive) && g.carriesDeed(u, i) {
		return true
	}
	if !e.has(labelLight) {
		return false
	}
	for p := range u.span.tokens {
		if u.span.verb[p] && u.span.tokens[p].entry.scope.rank == 0 || u.span.weak[p] != 0 {
			return false
		}
	}
	return true
}

// carriesDeed tells whether the verb at i only carries a noun that the source has as a verb: "wrote documentation" where
// it says "documented".
func (g *Gate) carriesDeed(u *support, i int) bool {
	for _, k := range u.text.phraseAfter(i) {
		places := g.wordPlaces(u, k)
		if len(places) > 0 && !slices.ContainsFunc(places, func(p int) bool { return !u.span.verb[p] }) {
			return true
		}
	}
	return false
}

// hasDegree tells whether the entry names an academic degree.
func (u *support) hasDegree() bool {
	for _, s := range append([]*span{u.span}, u.context...) {
		if s.field == fieldDegree && slices.ContainsFunc(s.tokens, func(t token) bool { return t.entry.has(labelDegree) }) {
			return true
		}
	}
	return false
}

// isCertified recognizes the words that any entry of the list of certificates may be called.
func isCertified(word string) bool {
	switch word {
	case "certified", "certificate", "certification", "certificates", "certifications", "zertifiziert", "zertifikat", "zertifizierung":
		return true
	}
	return false
}
