package skills

import "strings"

// stemIndex finds aliases by the stems of their words in one language.
type stemIndex struct {
	language string
	stems    map[string]string
	sequences
	// prefixes are the first bytes of the known words, to spare stemming every other word.
	prefixes map[[prefixLength]byte]struct{}
}

// prefixLength is how many first bytes the inflected forms of one word share, nearly always.
const prefixLength = 4

func newStemIndex(language string, aliases []inflecting) *stemIndex {
	x := &stemIndex{
		language:  language,
		stems:     make(map[string]string, len(aliases)),
		sequences: newSequences(len(aliases)),
		prefixes:  make(map[[prefixLength]byte]struct{}, len(aliases)),
	}
	var key strings.Builder
	for _, a := range aliases {
		key.Reset()
		for word := range strings.SplitSeq(a.key, " ") {
			if key.Len() > 0 {
				key.WriteByte(' ')
			}
			key.WriteString(x.learn(word))
		}
		x.add(key.String(), a.alias)
	}
	return x
}

func (x *stemIndex) learn(word string) string {
	stem, known := x.stems[word]
	if !known {
		stem = Stem(x.language, word)
		x.stems[word] = stem
		x.prefixes[prefixOf(word)] = struct{}{}
	}
	return stem
}

// stem returns the stem of a text's word, or "" if it can't be that of any alias.
func (x *stemIndex) stem(word string) string {
	if stem, known := x.stems[word]; known {
		return stem
	}
	if len(word) < prefixLength {
		return ""
	}
	if _, known := x.prefixes[prefixOf(word)]; !known {
		return ""
	}
	return Stem(x.language, word)
}

func prefixOf(word string) (p [prefixLength]byte) {
	copy(p[:], word)
	return p
}
