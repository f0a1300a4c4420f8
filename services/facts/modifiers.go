package facts

import (
	"slices"
	"strings"
)

// checkModifiers refuses a word that the source has before another noun: of "orders from regional suppliers" no
// "regional orders" follow.
func (g *Gate) checkModifiers(u *support, cl clause) {
	t := u.text
	for i := cl.first; i < cl.last; i++ {
		last := t.nounsBehind(i)
		if len(u.places[i]) == 0 || last == i+1 || !t.modifies(i) {
			continue
		}
		if !slices.ContainsFunc(u.places[i], func(p int) bool { return u.keepsNoun(i, last, p) }) {
			u.object(RuleMerged, i, last)
		}
	}
}

// keepsNoun tells whether the word at p of the source stands before no noun, or before one that the text has behind its
// word at i too.
func (u *support) keepsNoun(i, last, p int) bool {
	end := u.span.nounsBehind(p)
	if end == p+1 || slices.Contains(u.places[i+1], p) {
		return true
	}
	first := p
	for first > 0 && u.span.nounsBehind(first-1) == end && u.span.modifies(first-1) {
		first--
	}
	for k := i + 1; k < last; k++ {
		if len(u.places[k]) == 0 || slices.ContainsFunc(u.places[k], func(q int) bool { return q != p && q >= first && q < end }) {
			return true
		}
	}
	return false
}

// nounsBehind returns the token behind the run of nouns that the word at i opens; i + 1 for a word alone.
func (r *reading) nounsBehind(i int) int {
	cl := r.clauses[r.clauseOf[i]]
	k := i + 1
	for k < cl.last && r.modifies(k) && r.tokens[k].gap < gapSlash {
		k++
	}
	return k
}

// modifies tells whether the token at i can be a part of a run of nouns.
func (r *reading) modifies(i int) bool {
	t := &r.tokens[i]
	return r.content(i) && !r.verb[i] && t.number == nil && t.entry.weak == 0 && !t.entry.has(labelUse|labelFrequency|labelFocus|labelProfile)
}

// checkPlurals refuses several where the source has one: of "a prize" no "prizes" follow.
func (g *Gate) checkPlurals(u *support, cl clause) {
	t := u.text
	for i := cl.first; i < cl.last; i++ {
		if len(u.places[i]) == 0 || t.verb[i] || t.tokens[i].number != nil || t.nounsBehind(i) > i+1 || t.skillAt[i] > 0 && t.isTool(i) {
			continue
		}
		places := slices.DeleteFunc(slices.Clone(u.places[i]), func(p int) bool { return u.span.nounsBehind(p) > p+1 })
		if len(places) > 0 && !slices.ContainsFunc(places, func(p int) bool { return !u.multiplies(i, p) }) {
			u.object(RuleNumber, i, i+1)
		}
	}
}

// multiplies tells whether the noun at i of the text is a plural and the one at p of the source a singular.
func (u *support) multiplies(i, p int) bool {
	t, s := &u.text.tokens[i], &u.span.tokens[p]
	if u.span.verb[p] || !u.span.german && isPlural(s.text) {
		return false
	}
	article := u.span.articleOf(p)
	switch article {
	case "":
		return false
	case "a", "an", "one", "ein", "eine", "einen", "einem", "einer", "eines":
	default:
		if t.english != s.english && t.german != s.german {
			return false
		}
	}
	if !u.text.german {
		return isPlural(t.text)
	}
	return u.span.german && t.capital && u.text.articleOf(i) == "" && isGermanPlural(s.text, t.text)
}

// articleOf returns the word before the noun at i that shows it to be one thing only, or "".
func (r *reading) articleOf(i int) string {
	cl := r.clauses[r.clauseOf[i]]
	for k := i; k > cl.first; k-- {
		before := &r.tokens[k-1]
		if r.tokens[k].gap > gapHyphen || r.verb[k-1] {
			return ""
		}
		switch before.text {
		case "a", "an", "the", "one", "ein", "eine", "einen", "einem", "einer", "eines", "des", "dem", "das":
			if before.text != "the" || !r.german {
				return before.text
			}
		}
		if !r.content(k - 1) {
			return ""
		}
	}
	return ""
}

// isPlural recognizes English plurals by their ending.
func isPlural(word string) bool {
	const shortest = 4
	if len(word) < shortest || !strings.HasSuffix(word, "s") {
		return word == "children" || word == "people" || word == "women" || word == "men"
	}
	for _, ending := range []string{"ss", "us", "is", "ics", "'s", "’s"} {
		if strings.HasSuffix(word, ending) {
			return false
		}
	}
	return true
}

// isGermanPlural tells whether more is a plural of the singular one.
func isGermanPlural(one, more string) bool {
	umlauts := strings.NewReplacer("ä", "a", "ö", "o", "ü", "u")
	one, more = umlauts.Replace(one), umlauts.Replace(more)
	for _, singular := range []string{one, strings.TrimSuffix(one, "s"), strings.TrimSuffix(one, "es")} {
		switch ending, longer := strings.CutPrefix(more, singular); {
		case !longer || one == more:
		case ending == "e", ending == "er", ending == "ern", ending == "n", ending == "en", ending == "s", ending == "innen", ending == "nen":
			return true
		}
	}
	return false
}

// isOwn tells whether the noun at i are people of the person's own, or any: "a large team", "my team".
func (r *reading) isOwn(i int) bool {
	if !r.tokens[i].entry.has(labelPeople) {
		return false
	}
	for k := i - 1; k >= r.clauses[r.clauseOf[i]].first; k-- {
		switch word := r.tokens[k].text; {
		case word == "a", word == "my", word == "own", strings.HasPrefix(word, "mein"), word == "ein", word == "einem", word == "einen", word == "eines":
			return true
		case r.content(k) && !r.tokens[k].entry.has(labelLetter), r.tokens[k].entry.glue && r.tokens[k].entry.role != roleNone:
			return false
		}
		if strings.HasPrefix(r.tokens[k].text, "your") || strings.HasPrefix(r.tokens[k].text, "ihr") {
			return false
		}
	}
	return strings.HasSuffix(r.tokens[i].text, "s")
}
