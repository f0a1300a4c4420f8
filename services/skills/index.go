package skills

import (
	"fmt"
	"strings"
)

// sequences finds aliases by their words, joined by single spaces.
type sequences struct {
	aliases map[string]*alias
	// longest is, by first word, the most words of an alias that begins with it.
	longest map[string]int
}

func newSequences(size int) sequences {
	return sequences{make(map[string]*alias, size), make(map[string]int, size)}
}

func (s sequences) add(key string, a *alias) {
	first, _, _ := strings.Cut(key, " ")
	s.longest[first] = max(s.longest[first], strings.Count(key, " ")+1)
	if _, taken := s.aliases[key]; !taken {
		s.aliases[key] = a
	}
}

// index finds aliases by their exact words, and by the words written as one.
type index struct {
	exact  sequences
	hidden sequences
	// hiddenLists are the hiding phrases with a comma in them, such as a place and its country.
	hiddenLists sequences
	compact     map[string]*alias
	// inflecting are the aliases that match by stem too, with their words.
	inflecting []inflecting
}

// inflecting is an alias with the key of its exact words.
type inflecting struct {
	alias *alias
	key   string
}

func newIndex() *index {
	const aliases, joined, phrases = 16384, 8192, 64
	return &index{
		exact:       newSequences(aliases),
		hidden:      newSequences(phrases),
		hiddenLists: newSequences(phrases),
		compact:     make(map[string]*alias, joined),
	}
}

func (x *index) add(e entry) error {
	for i := range e.aliases {
		a := &e.aliases[i]
		tokens := Tokenize(a.text)
		if len(tokens) == 0 {
			return dataError(e.file, e.line, fmt.Sprintf("%q has no letter or digit", a.text))
		}
		key := joinTokens(tokens, " ")
		if a.skill == nil && strings.Contains(a.text, ",") {
			x.hiddenLists.add(key, a)
			continue
		}
		if a.skill == nil {
			x.hidden.add(key, a)
			continue
		}
		if err := x.claim(a, key); err != nil {
			return dataError(e.file, e.line, err.Error())
		}
		x.exact.add(key, a)
		if a.rules == 0 && inflects(a.skill.Kind) {
			x.inflecting = append(x.inflecting, inflecting{a, key})
		}
	}
	return nil
}

// claim makes sure that no other alias has the words, and no other skill the words written as one.
func (x *index) claim(a *alias, key string) error {
	if other := x.exact.aliases[key]; other != nil {
		return fmt.Errorf("%q is an alias of %q already", a.text, other.skill.Name)
	}
	joined := strings.ReplaceAll(key, " ", "")
	other := x.compact[joined]
	if other == nil && joined != key {
		other = x.exact.aliases[joined]
	}
	if other != nil && other.skill != a.skill {
		return fmt.Errorf("%q is an alias of %q already", a.text, other.skill.Name)
	}
	if joined != key {
		x.compact[joined] = a
	}
	return nil
}

// lookup finds an alias by its words written as one.
func (x *index) lookup(joined string) *alias {
	if a := x.exact.aliases[joined]; a != nil {
		return a
	}
	return x.compact[joined]
}

// inflects tells whether inflected forms stand for the skill too; names of products never inflect.
func inflects(kind string) bool { return kind == "method" || kind == "domain" || kind == "soft" }

func joinTokens(tokens []Token, separator string) string {
	if len(tokens) == 1 {
		return tokens[0].Text
	}
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(t.Text)
	}
	return b.String()
}
