package facts

import (
	"strings"
	"unicode/utf8"

	"resume-matcher/services/skills"
)

// index finds the tokens of a text that support a word.
type index struct {
	exact, english, german map[string][]int
	groups                 map[group][]int
	// names are the tokens of the names of a group of spellings.
	names map[int][]int
	// modifiers are the tokens whose first part alone supports a stem, as "Kundenprojekt" does "Kunde"; their key is a
	// stem or a group.
	modifiers map[any][]int
}

func (l *lexicon) newIndex(r *reading) index {
	x := index{exact: map[string][]int{}, english: map[string][]int{}, german: map[string][]int{}, groups: map[group][]int{}, modifiers: map[any][]int{}, names: map[int][]int{}}
	for i := range r.tokens {
		t := &r.tokens[i]
		if t.number != nil {
			continue
		}
		x.exact[t.text] = append(x.exact[t.text], i)
		l.synonyms.phraseAt(r.tokens, i, func(p *stemPhrase, end int) {
			for _, g := range p.meaning.says {
				for k := i; k < end; k++ {
					x.groups[g] = append(x.groups[g], k)
				}
			}
		})
		if t.entry.glue {
			// "work" of no data is not the stem of "worker".
			if l.synonyms.forms[t.text] {
				x.addWord(l, t.english, t.german, i)
			}
			continue
		}
		x.addWord(l, t.english, t.german, i)
		x.addCompound(l, t, i)
		if i > 0 && t.gap == gapHyphen && r.tokens[i-1].number == nil {
			joined := r.tokens[i-1].text + t.text
			x.exact[joined] = append(x.exact[joined], i)
			english, german := stemsOf(joined)
			x.addWord(l, english, german, i)
		}
	}
	x.addNames(l, r)
	return x
}

// addNames adds the words of the other spellings that mean exactly the same as a name: "CI/CD" speaks of continuous
// integration too.
func (x *index) addNames(l *lexicon, r *reading) {
	for _, m := range r.skills {
		own := r.words(m.first, m.last)
		for _, name := range append([]string{m.skill.Name}, m.skill.Aliases...) {
			if nameKey(name) != nameKey(own) && l.sameName(own, name) {
				x.addSpelling(l, name, m.first)
			}
		}
	}
	for i := range r.tokens {
		l.namesAt(r, i, func(n, end int) {
			for k := i; k < end; k++ {
				x.names[n] = append(x.names[n], k)
			}
			for _, name := range l.spellings[n] {
				x.addSpelling(l, name, i)
			}
		})
	}
}

// namesAt calls visit for each name of the data that begins at the token i, with its group and the token behind.
func (l *lexicon) namesAt(r *reading, i int, visit func(n, end int)) {
	const most = 5
	key := ""
	for k := i; k < len(r.tokens) && k < i+most && (k == i || r.tokens[k].gap <= gapSlash); k++ {
		key += nameKey(r.tokens[k].text)
		if n := l.names[key]; n > 0 {
			visit(n, k+1)
		}
	}
}

func (x *index) addSpelling(l *lexicon, name string, i int) {
	for _, w := range skills.Tokenize(name) {
		word := name[w.Start:w.End]
		english, german := stemsOf(word)
		x.exact[w.Text] = append(x.exact[w.Text], i)
		x.addWord(l, english, german, i)
	}
}

func (x *index) addWord(l *lexicon, english, german string, i int) {
	if english != "" {
		x.english[english] = append(x.english[english], i)
		x.german[german] = append(x.german[german], i)
	}
	l.synonyms.each(english, german, func(m *meaning) {
		for _, g := range m.says {
			x.groups[g] = append(x.groups[g], i)
		}
	})
}

// addCompound adds the parts of a German compound whose words are known: "Kundendatenbank" speaks of customers and
// of a database.
func (x *index) addCompound(l *lexicon, t *token, i int) {
	const shortest = 4
	if !t.capital || len(t.text) < 2*shortest {
		return
	}
	for at := shortest; at <= len(t.text)-shortest; at++ {
		if !utf8.RuneStart(t.text[at]) {
			continue
		}
		first, second := t.text[:at], t.text[at:]
		if !l.synonyms.forms[second] && !l.synonyms.forms[strings.TrimSuffix(second, "en")] && !l.synonyms.forms[strings.TrimSuffix(second, "n")] && !l.synonyms.forms[strings.TrimSuffix(second, "s")] {
			continue
		}
		for _, part := range linkings(first) {
			if !l.synonyms.forms[part] {
				continue
			}
			english, german := stemsOf(capitalized(second))
			x.addWord(l, english, german, i)
			english, german = stemsOf(capitalized(part))
			x.addModifier(l, english, german, i)
		}
	}
}

func (x *index) addModifier(l *lexicon, english, german string, i int) {
	x.modifiers["e"+english] = append(x.modifiers["e"+english], i)
	x.modifiers["d"+german] = append(x.modifiers["d"+german], i)
	l.synonyms.each(english, german, func(m *meaning) {
		for _, g := range m.says {
			x.modifiers[g] = append(x.modifiers[g], i)
		}
	})
}

// linkings returns the words a compound's first part can stand for, without the letters that link it.
func linkings(first string) []string {
	list := []string{first}
	for _, link := range []string{"s", "n", "en", "es"} {
		if word, ok := strings.CutSuffix(first, link); ok && len(word) > 2 {
			list = append(list, word)
		}
	}
	return append(list, first+"e")
}

// find returns the places of the source's words that support a word.
func (x *index) find(l *lexicon, t *token) []int {
	at := x.findHeads(l, t)
	if t.english == "" {
		return at
	}
	at = append(at, x.modifiers["e"+t.english]...)
	at = append(at, x.modifiers["d"+t.german]...)
	l.synonyms.each(t.english, t.german, func(m *meaning) {
		for _, g := range m.asks {
			at = append(at, x.modifiers[g]...)
		}
	})
	return at
}

// findHeads leaves out the places where the word is only the first part of a compound.
func (x *index) findHeads(l *lexicon, t *token) []int {
	var at []int
	at = append(at, x.exact[t.text]...)
	if t.english == "" {
		return at
	}
	at = append(at, x.english[t.english]...)
	at = append(at, x.german[t.german]...)
	l.synonyms.each(t.english, t.german, func(m *meaning) {
		for _, g := range m.asks {
			at = append(at, x.groups[g]...)
		}
	})
	return at
}
