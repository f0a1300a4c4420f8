package matching

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"resume-matcher/services/skills"
)

// weightProduct is the weight of a product outside the vocabulary: that of a rare skill.
const weightProduct = 0.9

// productParts finds names of products outside the vocabulary that stand in a row with other skills or products:
// "Klaviyo and Exampletool". Alternatives and examples are none, since no single one of them is asked for.
func productParts(text, language string, tokens []skills.Token, mentions []skills.Mention, terms []term) (parts []part, covered []textSpan) {
	if isTitleCase(tokens, text) {
		return nil, nil
	}
	names := properNames(text, language, tokens, mentions, terms)
	row := slices.Clone(names)
	for _, mention := range mentions {
		row = append(row, textSpan{mention.Start, mention.End})
	}
	slices.SortFunc(row, func(a, b textSpan) int { return a.start - b.start })
	for _, name := range names {
		if i := slices.Index(row, name); !joinedByAnd(text, row, i) {
			continue
		}
		p := part{kind: partProduct, weight: weightProduct, label: text[name.start:name.end]}
		for _, t := range terms {
			if t.start >= name.start && t.start < name.end {
				p.words = append(p.words, t.stem)
			}
		}
		parts = append(parts, p)
		covered = append(covered, name)
	}
	return parts, covered
}

// joinedByAnd reports whether row[i] stands beside an entry of the row that is asked for as well.
func joinedByAnd(text string, row []textSpan, i int) bool {
	joined := false
	if introducesExamples(text[max(0, row[i].start-linkReach):row[i].start]) {
		return false
	}
	for j := max(i, 1); j <= min(i+1, len(row)-1); j++ {
		switch linkBetween(text[row[j-1].end:row[j].start]) {
		case linkOr, linkSlash:
			return false
		case linkAnd:
			joined = true
		}
	}
	return joined
}

// properNames returns the runs of capitalised key words. German writes every noun so; there only several words in a
// row, or a capital inside a word, show a name.
func properNames(text, language string, tokens []skills.Token, mentions []skills.Mention, terms []term) []textSpan {
	var names []textSpan
	for i := 0; i < len(tokens); i++ {
		from := i
		for i < len(tokens) && i > 0 && isProper(text, tokens[i], mentions, terms) && (i == from || text[tokens[i-1].End:tokens[i].Start] == " ") {
			i++
		}
		if i == from {
			continue
		}
		name := textSpan{tokens[from].Start, tokens[i-1].End}
		if i-from > 1 || language != german || hasInnerCapital(text[name.start:name.end]) {
			names = append(names, name)
		}
		i--
	}
	return names
}

func isProper(text string, t skills.Token, mentions []skills.Mention, terms []term) bool {
	first, _ := utf8.DecodeRuneInString(text[t.Start:t.End])
	if !unicode.IsUpper(first) || slices.ContainsFunc(mentions, func(m skills.Mention) bool { return t.Start >= m.Start && t.Start < m.End }) {
		return false
	}
	return slices.ContainsFunc(terms, func(k term) bool { return k.start == t.Start })
}

func hasInnerCapital(word string) bool {
	_, size := utf8.DecodeRuneInString(word)
	return strings.ToLower(word[size:]) != word[size:] && strings.ToUpper(word) != word
}

// isTitleCase reports whether a text writes most of its longer words with a capital, which then tells nothing.
func isTitleCase(tokens []skills.Token, text string) bool {
	long, capital := 0, 0
	for _, t := range tokens {
		if word := text[t.Start:t.End]; utf8.RuneCountInString(word) > 3 {
			long++
			if first, _ := utf8.DecodeRuneInString(word); unicode.IsUpper(first) {
				capital++
			}
		}
	}
	return long > 3 && capital*5 > long*4
}

// productSupport looks for a sentence with all words of a product's name.
func (c *comparison) productSupport(words []string) support {
	var units []int32
	for _, u := range c.resume.termUnits[words[0]] {
		if holdsAll(c.resume.units[u].stems, words[1:]) {
			units = append(units, u)
		}
	}
	if len(units) == 0 {
		return support{}
	}
	return support{1, units}
}
