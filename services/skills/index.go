package skills

import "fmt"

// The roots of the three tries that share one table of edges.
const (
	rootExact int32 = iota
	rootEnglish
	rootGerman
	roots
)

// symbols are the numbers of a word and of its stems in the tries; 0 stands for none.
type symbols [roots]int32

// index finds aliases in a sequence of tokens: tries over words and over their stems.
type index struct {
	words   map[string]symbols
	stems   map[string]int32
	edges   map[uint64]int32
	ends    []*alias
	compact map[string]*alias
	// prefixes are the first bytes of the words that match by stem, to spare stemming every other word.
	prefixes map[[stemPrefix]byte]struct{}
}

// stemPrefix is how many first bytes inflected forms of one word share.
const stemPrefix = 4

func newIndex() *index {
	const words, nodes = 8192, 16384
	return &index{
		words:    make(map[string]symbols, words),
		stems:    make(map[string]int32, words),
		edges:    make(map[uint64]int32, nodes),
		ends:     make([]*alias, roots, nodes),
		compact:  make(map[string]*alias, words),
		prefixes: make(map[[stemPrefix]byte]struct{}, words),
	}
}

func (x *index) add(e entry) error {
	for i := range e.aliases {
		a := &e.aliases[i]
		tokens := Tokenize(a.text)
		if len(tokens) == 0 {
			return dataError(e.file, e.line, fmt.Sprintf("%q has no letter or digit", a.text))
		}
		if err := x.claim(a, tokens); err != nil {
			return dataError(e.file, e.line, err.Error())
		}
		stems := a.skill != nil && a.rules == 0 && matchesByStem(a.skill.Kind)
		x.insert(a, tokens, rootExact)
		if stems {
			x.insert(a, tokens, rootEnglish)
			x.insert(a, tokens, rootGerman)
		}
	}
	return nil
}

// claim gives the alias its compact key, which no other skill may have.
func (x *index) claim(a *alias, tokens []Token) error {
	if a.skill == nil {
		return nil
	}
	key := compactKey(tokens)
	other, taken := x.compact[key]
	if taken && other.skill != a.skill {
		return fmt.Errorf("%q is an alias of %q already", a.text, other.skill.Name)
	}
	if !taken {
		x.compact[key] = a
	}
	return nil
}

// matchesByStem tells whether inflected forms stand for the skill too; names of products never inflect.
func matchesByStem(kind string) bool { return kind == "method" || kind == "domain" || kind == "soft" }

func (x *index) insert(a *alias, tokens []Token, root int32) {
	node := root
	for _, t := range tokens {
		node = x.grow(node, x.intern(t.Text, root)[root])
	}
	if x.ends[node] == nil {
		x.ends[node] = a
	}
}

func (x *index) intern(word string, root int32) symbols {
	s := x.words[word]
	if s[rootExact] == 0 {
		s[rootExact] = int32(len(x.words)) + 1
		x.words[word] = s
	}
	if s[root] == 0 {
		language := "en"
		if root == rootGerman {
			language = "de"
		}
		stem := Stem(language, word)
		if x.stems[stem] == 0 {
			x.stems[stem] = int32(len(x.stems)) + 1
		}
		s[root] = x.stems[stem]
		x.words[word] = s
		if p, ok := prefixOf(word); ok {
			x.prefixes[p] = struct{}{}
		}
	}
	return s
}

func prefixOf(word string) (p [stemPrefix]byte, ok bool) {
	return p, copy(p[:], word) == stemPrefix
}

func (x *index) grow(node, symbol int32) int32 {
	key := edge(node, symbol)
	next, ok := x.edges[key]
	if !ok {
		next = int32(len(x.ends))
		x.edges[key] = next
		x.ends = append(x.ends, nil)
	}
	return next
}

func edge(node, symbol int32) uint64 { return uint64(node)<<32 | uint64(symbol) }

// symbols returns the numbers of a text's word, with those of its stems if any alias could have them.
func (x *index) symbols(word string, german bool) symbols {
	s := x.words[word]
	p, ok := prefixOf(word)
	if !ok {
		return s
	}
	if _, ok := x.prefixes[p]; !ok {
		return s
	}
	if s[rootEnglish] == 0 {
		s[rootEnglish] = x.stems[Stem("en", word)]
	}
	if german && s[rootGerman] == 0 {
		s[rootGerman] = x.stems[Stem("de", word)]
	}
	return s
}
