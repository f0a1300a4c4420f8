// Package skills holds the vocabulary of skills over all fields of work, and finds them in text.
package skills

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

//go:embed data
var embedded embed.FS

// Skill is one entry of the vocabulary; every alias stands for it.
type Skill struct {
	// Name is the canonical spelling shown to people, e.g. "Kubernetes".
	Name string
	// Kind is tool, language, framework, platform, method, domain, certificate, soft or natural-language.
	Kind string
	// Field is the field of work it belongs to most, e.g. "software", "nursing", "finance".
	Field string
	// Aliases are the other spellings, in any language.
	Aliases []string

	// common is the estimated share of job postings that name the skill, in percent; 0 means the kind's default.
	common float64
}

// Mention is a skill found in a text, at the byte offsets [Start, End).
type Mention struct {
	Skill      *Skill
	Start, End int
}

// Vocabulary is the set of known skills with the index that finds them; it is read-only and safe for concurrent use.
type Vocabulary struct {
	skills []*Skill
	index  *index
	// english and german are built when the first text needs them.
	english  func() *stemIndex
	german   func() *stemIndex
	implied  map[pair]float64
	siblings map[pair]float64
}

// Load parses the embedded data; an error names the file and the line.
func Load() (*Vocabulary, error) {
	data, err := fs.Sub(embedded, "data")
	if err != nil {
		return nil, dataError("data", 0, err.Error())
	}
	return load(data)
}

func load(data fs.FS) (*Vocabulary, error) {
	entries, err := parseFields(data)
	if err != nil {
		return nil, err
	}
	hidden, err := parseHidden(data)
	if err != nil {
		return nil, err
	}
	v := &Vocabulary{index: newIndex()}
	for _, e := range append(entries, hidden...) {
		if e.skill != nil {
			v.skills = append(v.skills, e.skill)
		}
		if err := v.index.add(e); err != nil {
			return nil, err
		}
	}
	v.english = sync.OnceValue(func() *stemIndex { return newStemIndex("en", v.index.inflecting) })
	v.german = sync.OnceValue(func() *stemIndex { return newStemIndex("de", v.index.inflecting) })
	slices.SortFunc(v.skills, func(a, b *Skill) int { return strings.Compare(a.Name, b.Name) })
	if err := v.loadRelations(data); err != nil {
		return nil, err
	}
	return v, nil
}

// Skills returns every skill, sorted by name; the slice is shared and must not be changed.
func (v *Vocabulary) Skills() []*Skill { return v.skills }

// Lookup returns the skill with this name or alias, whatever its case, spaces and hyphens, or nil.
func (v *Vocabulary) Lookup(name string) *Skill {
	if a := v.index.lookup(joinTokens(Tokenize(name), "")); a != nil {
		return a.skill
	}
	return nil
}
