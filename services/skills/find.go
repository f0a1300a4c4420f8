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
	*Vocabulary
	text       string
	tokens     []Token
	words      wordLine
	stemmed    []stemmedLine
	candidates []candidate
	// at is, per token, 1 + the number of the candidate over it.
	at []int32
	// reach is, per token, the end of the run of words that could be one name.
	reach []int
}

// wordLine holds the words of a text joined by single spaces, so that any run of them is a substring.
type wordLine struct {
	text   string
	starts []int
}

// stemmedLine holds the stems of a text with the index to look them up in.
type stemmedLine struct {
	wordLine
	index *stemIndex
}

// Find returns the skills that text names, in order and without overlaps; of two spellings that begin
// at the same word, the longer one counts. The time is linear in the length of text.
func (v *Vocabulary) Find(text string) []Mention {
	f := &finder{Vocabulary: v, text: text, tokens: Tokenize(text)}
	if len(f.tokens) == 0 {
		return nil
	}
	f.join()
	f.reach = f.reaches()
	f.collect()
	f.settle()
	mentions := make([]Mention, 0, len(f.candidates))
	for _, c := range f.candidates {
		if c.accepted {
			mentions = append(mentions, Mention{c.alias.skill, f.tokens[c.first].Start, f.tokens[c.last-1].End})
		}
	}
	return mentions
}

// join prepares the words and their stems: the English ones in any text, as their terms stand in every
// language's résumés, the German ones in German text only.
func (f *finder) join() {
	f.words = newWordLine(f.tokens, func(word string) string { return word })
	indexes := []*stemIndex{f.english()}
	if detectLanguage(f.tokens) == "de" {
		indexes = append(indexes, f.german())
	}
	for _, x := range indexes {
		f.stemmed = append(f.stemmed, stemmedLine{newWordLine(f.tokens, x.stem), x})
	}
}

func newWordLine(tokens []Token, form func(string) string) wordLine {
	const usualLength = 8
	var b strings.Builder
	b.Grow(len(tokens) * usualLength)
	starts := make([]int, len(tokens)+1)
	for i, t := range tokens {
		b.WriteString(form(t.Text))
		b.WriteByte(' ')
		starts[i+1] = b.Len()
	}
	return wordLine{b.String(), starts}
}

// run returns the words [first, last).
func (l wordLine) run(first, last int) string { return l.text[l.starts[first] : l.starts[last]-1] }

// reaches returns, per token, where the run of words without a comma, a full stop or the like between them ends.
func (f *finder) reaches() []int {
	reach := make([]int, len(f.tokens))
	end := len(f.tokens)
	for i := len(f.tokens) - 1; i >= 0; i-- {
		reach[i] = end
		if i > 0 && separates(f.text[f.tokens[i-1].End:f.tokens[i].Start]) {
			end = i
		}
	}
	return reach
}

// separates tells whether what stands between two words keeps them from being one name; a single line break
// doesn't, as it may be where a line was wrapped.
func separates(between string) bool {
	switch between {
	case " ", "-", "/", "\n":
		return false
	}
	lines := strings.Count(between, "\n")
	return strings.ContainsAny(between, ",;|•·●▪‣!?\t") || strings.Contains(between, ". ") || strings.Contains(between, ": ") ||
		lines > 1 || lines == 1 && strings.TrimSpace(between) != ""
}

// collect finds the longest alias at each token, leaving out those within a phrase that hides skills.
func (f *finder) collect() {
	f.at = make([]int32, len(f.tokens))
	hidden := 0
	for i := 0; i < len(f.tokens); {
		_, hiddenTo := f.index.hidden.find(f.words, i, f.reach[i])
		_, listTo := f.index.hiddenLists.find(f.words, i, len(f.tokens))
		hidden = max(hidden, hiddenTo, listTo)
		a, last := f.longest(i)
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

// longest returns the longest alias that begins at token i, and the token after it; of equally long ones,
// the exact spelling goes before an inflected form and that before words joined in another way.
func (f *finder) longest(i int) (found *alias, last int) {
	found, last = f.index.exact.find(f.words, i, f.reach[i])
	for _, line := range f.stemmed {
		if a, l := line.index.find(line.wordLine, i, f.reach[i]); l > last && f.longEnough(a, i, l) {
			found, last = a, l
		}
	}
	if found == nil || f.gap(i+1) == gapHyphen {
		if a, l := f.joined(i); l > last {
			found, last = a, l
		}
	}
	if found == nil {
		if a := f.index.compound(f.tokens[i].Text); a != nil {
			return a, i + 1
		}
	}
	return found, last
}

// find returns the longest alias that begins at word i and ends before word reach, and the word after it, or 0.
func (s sequences) find(words wordLine, i, reach int) (*alias, int) {
	first := words.run(i, i+1)
	if first == "" {
		return nil, 0
	}
	for n := min(s.longest[first], reach-i); n > 0; n-- {
		if a := s.aliases[words.run(i, i+n)]; a != nil {
			return a, i + n
		}
	}
	return nil, 0
}

// longEnough keeps a shorter word of the same stem from standing for the alias: "market" isn't
// marketing, "engine" not engineering.
func (f *finder) longEnough(a *alias, first, last int) bool {
	const slack = 1
	return len(f.words.run(first, last))+slack*(last-first) >= len(a.text)
}

// joined reads words that hyphens join as one word ("Projekt-Management", "front-end"), and one word
// as several ("fullstack").
func (f *finder) joined(i int) (found *alias, last int) {
	// A shorter joined word can't be told from others, and more parts than these no alias has.
	const minLength, maxWords = 6, 4
	key := f.tokens[i].Text
	for k := i + 1; ; k++ {
		if len(key) >= minLength {
			if a := f.index.lookup(key); a != nil && a.rules == 0 {
				found, last = a, k
			}
		}
		if k == len(f.tokens) || k == i+maxWords || f.gap(k) != gapHyphen {
			return found, last
		}
		key += f.tokens[k].Text
	}
}

// compound reads German compounds such as "Excelkenntnisse" and "Vertriebserfahrung".
func (x *index) compound(word string) *alias {
	const minLength = 3
	for _, head := range []string{"kenntnisse", "kenntnissen", "erfahrung", "erfahrungen"} {
		stem, ok := strings.CutSuffix(word, head)
		if !ok || len(stem) < minLength {
			continue
		}
		for _, first := range []string{stem, strings.TrimSuffix(stem, "s")} {
			if a := x.lookup(first); a != nil {
				return &alias{skill: a.skill, text: word}
			}
		}
	}
	return nil
}
