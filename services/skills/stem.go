package skills

import (
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/spanish"
)

// Stem returns the Snowball stem of a lower-case word; language is en, de, fr or es, and
// in any other language the word is its own stem.
func Stem(language, word string) string {
	var stem func(*snowballstem.Env) bool
	switch language {
	case "en":
		stem = english.Stem
	case "de":
		stem = german.Stem
	case "fr":
		stem = french.Stem
	case "es":
		stem = spanish.Stem
	default:
		return word
	}
	env := snowballstem.NewEnv(word)
	stem(env)
	return env.Current()
}
