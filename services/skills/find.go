package skills

import "strings"

// candidate is an alias found at the tokens [first, last).
type candidate struct {
	alias       *alias
	first, last int
	need        need
	accepted    bool
}

// finder is the state of one search.
type finder struct {
	text       string
	tokens     []Token
	symbols    []symbols
	candidates []candidate
	// at is, per token, 1 + the number of the candidate over it.
	at []int32
}

// Find returns the skills that text names, in order and without overlaps; of two spellings that begin
// at the same word, the longer one counts. The time is linear in the length of text.
func (v *Vocabulary) Find(text string) []Mention {
	f := &finder{text: text, tokens: Tokenize(text)}
	if len(f.tokens) == 0 {
		return nil
	}
	f.number(v.index)
	f.collect(v.index)
	f.settle()
	mentions := make([]Mention, 0, len(f.candidates))
	for _, c := range f.candidates {
		if c.accepted {
			mentions = append(mentions, Mention{c.alias.skill, f.tokens[c.first].Start, f.tokens[c.last-1].End})
		}
	}
	return mentions
}

func (f *finder) number(x *index) {
	german := detectLanguage(f.tokens) == "de"
	f.symbols = make([]symbols, len(f.tokens))
	for i, t := range f.tokens {
		f.symbols[i] = x.symbols(t.Text, german)
	}
}

// collect finds the longest alias at each token, leaving out those within a phrase that hides skills.
func (f *finder) collect(x *index) {
	f.at = make([]int32, len(f.tokens))
	hidden := 0
	for i := 0; i < len(f.tokens); {
		a, last, hiddenTo := f.longest(x, i)
		hidden = max(hidden, hiddenTo)
		if a == nil || last <= hidden {
			i++
			continue
		}
		f.candidates = append(f.candidates, candidate{alias: a, first: i, last: last})
		for k := i; k < last; k++ {
			f.at[k] = int32(len(f.candidates))
		}
		i = last
	}
}

// longest returns the longest alias that begins at token i, with the token after it, and the token after the
// longest hiding phrase that begins there. The exact spelling goes before a stem or a joined word.
func (f *finder) longest(x *index, i int) (found *alias, last, hidden int) {
	found, last, hidden = f.walk(x, i, rootExact)
	for _, root := range []int32{rootEnglish, rootGerman} {
		if a, l, _ := f.walk(x, i, root); a != nil && l > last {
			found, last = a, l
		}
	}
	if a, l := f.joined(x, i); a != nil && l > last {
		found, last = a, l
	}
	if found == nil {
		if a := compound(x, f.tokens[i].Text); a != nil {
			return a, i + 1, hidden
		}
	}
	return found, last, hidden
}

func (f *finder) walk(x *index, i int, root int32) (found *alias, last, hidden int) {
	node, bytes := root, 0
	for k := i; k < len(f.tokens); k++ {
		symbol := f.symbols[k][root]
		if symbol == 0 {
			break
		}
		next, ok := x.edges[edge(node, symbol)]
		if !ok {
			break
		}
		node = next
		bytes += len(f.tokens[k].Text) + 1
		switch a := x.ends[node]; {
		case a == nil:
		case a.skill == nil:
			hidden = k + 1
		case root == rootExact || longEnough(a, bytes, k+1-i):
			found, last = a, k+1
		}
	}
	return found, last, hidden
}

// longEnough keeps the stem of a derived word from standing for it: "market" isn't marketing, "engine" not engineering.
func longEnough(a *alias, bytes, words int) bool { return bytes-1+2*words >= len(a.text) }

// maxJoined bounds how many words joined by hyphens are read as one.
const maxJoined = 4

// joined reads words that hyphens join as one word: "Projekt-Management", "front-end".
func (f *finder) joined(x *index, i int) (found *alias, last int) {
	key := f.tokens[i].Text
	if f.symbols[i][rootExact] == 0 && len(key) > minJoined {
		if a := x.compact[key]; a != nil && a.rules == 0 {
			found, last = a, i+1
		}
	}
	for k := i + 1; k < len(f.tokens) && k < i+maxJoined && f.gap(k) == gapHyphen; k++ {
		key += f.tokens[k].Text
		if a := x.compact[key]; a != nil && a.rules == 0 && len(key) > minJoined {
			found, last = a, k+1
		}
	}
	return found, last
}

// minJoined is the length at and below which a joined word is too short to be told from others.
const minJoined = 5

// compound reads German compounds such as "Excelkenntnisse" and "Vertriebserfahrung".
func compound(x *index, word string) *alias {
	for _, head := range []string{"kenntnisse", "kenntnissen", "erfahrung", "erfahrungen"} {
		stem, ok := strings.CutSuffix(word, head)
		if !ok || len(stem) < 3 {
			continue
		}
		if a := x.compact[stem]; a != nil {
			return &alias{skill: a.skill, text: word}
		}
		if a := x.compact[strings.TrimSuffix(stem, "s")]; a != nil {
			return &alias{skill: a.skill, text: word}
		}
	}
	return nil
}
