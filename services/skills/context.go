package skills

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// need is the evidence a candidate must show.
type need uint8

const (
	needNothing need = iota
	// needContext is met by a list, a skill beside it, a cue word, or a line of its own.
	needContext
	// needNeighbour is met by a related skill beside it only.
	needNeighbour
	// needImpossible is met by nothing: the ordinary word is meant.
	needImpossible
)

// gapKind tells what stands between a token and the one before it.
type gapKind uint8

const (
	gapSpace gapKind = iota
	gapHyphen
	gapList
	gapSentence
	gapLine
	gapOther
)

// gap classifies what stands before token i; i may be the number of tokens.
func (f *finder) gap(i int) gapKind {
	if i == 0 || i == len(f.tokens) {
		return gapLine
	}
	between := f.text[f.tokens[i-1].End:f.tokens[i].Start]
	switch between {
	case " ":
		return gapSpace
	case "-", "\u2010", "\u2011":
		return gapHyphen
	}
	kind := gapSpace
	for _, r := range between {
		switch {
		case r == '\n' || r == '\r':
			return gapLine
		case strings.ContainsRune(".!?", r):
			kind = max(kind, gapSentence)
		case strings.ContainsRune(",;/|()[]:&+•·●▪‣*-–—", r):
			kind = max(kind, gapList)
		case unicode.IsSpace(r):
		case kind == gapSpace:
			kind = gapOther
		}
	}
	return kind
}

// settle decides which candidates count. The second pass drops those that only a dropped one had supported.
func (f *finder) settle() {
	for i := range f.candidates {
		c := &f.candidates[i]
		c.need = f.needOf(c)
		c.accepted = c.need == needNothing || c.need == needContext || c.alias.rules&ruleList != 0 && c.need == needNeighbour
	}
	for range 2 {
		for i := range f.candidates {
			c := &f.candidates[i]
			if c.need != needNothing {
				c.accepted = f.supported(c)
			}
		}
	}
}

func (f *finder) needOf(c *candidate) need {
	rules := c.alias.rules
	if rules == 0 {
		return needNothing
	}
	if c.first == 0 && c.last == len(f.tokens) {
		return needNothing
	}
	written := f.text[f.tokens[c.first].Start:f.tokens[c.last-1].End]
	if rules&ruleCase != 0 && written != c.alias.text {
		if isUpper(c.alias.text) {
			return needImpossible
		}
		return needNeighbour
	}
	switch {
	case rules&ruleList != 0:
		return needNeighbour
	case rules&ruleContext != 0:
		return needContext
	case isUpper(c.alias.text):
		return needNothing
	}
	if g := f.gap(c.first); g == gapLine || g == gapSentence {
		return needContext
	}
	return needNothing
}

func isUpper(text string) bool {
	return utf8.RuneCountInString(text) > 1 && strings.ToUpper(text) == text
}

// supported tells whether both sides of the candidate allow it and one of them speaks for it.
func (f *finder) supported(c *candidate) bool {
	if c.need == needImpossible {
		return false
	}
	leftOpen, leftFor := f.left(c)
	rightOpen, rightFor := f.right(c)
	if c.need == needContext && f.gap(c.last) == gapSpace && isRightCue(f.tokens[c.last].Text) && f.gap(c.first) <= gapSpace {
		return true
	}
	if c.need == needContext && f.standsOut(c) {
		return true
	}
	if !leftOpen || !rightOpen {
		return false
	}
	alone := f.gap(c.first) == gapLine && f.gap(c.last) == gapLine
	// A name that is no everyday word in this spelling ("React, RxJS") needs no known skill after the comma.
	opensList := f.gap(c.last) == gapList && c.alias.rules&ruleContext == 0
	return leftFor || rightFor || (alone || opensList) && c.need == needContext
}

// standsOut tells whether the spelling is a name by its capital alone: within a sentence, among words in lower case
// ("strong Go knowledge", "we use Go."), or in brackets ("Engineer (Go)"). One letter is too little for that.
func (f *finder) standsOut(c *candidate) bool {
	if c.alias.rules&ruleCase == 0 || utf8.RuneCountInString(c.alias.text) < 2 {
		return false
	}
	start := f.tokens[c.first].Start
	if f.gap(c.last) == gapSpace && (f.capital(c.last) || isVerbTail(f.tokens[c.last].Text)) || f.gap(c.last) == gapHyphen {
		return false
	}
	if f.gap(c.first) == gapList {
		return start > 0 && f.text[start-1] == '('
	}
	if f.gap(c.first) != gapSpace {
		return false
	}
	return !f.capital(c.first-1) || isPraise(f.tokens[c.first-1].Text)
}

// capital tells whether token i is written with a capital.
func (f *finder) capital(i int) bool {
	r, _ := utf8.DecodeRuneInString(f.text[f.tokens[i].Start:])
	return unicode.IsUpper(r)
}

// isVerbTail tells whether the word makes a verb of the one before it ("Go to", "Go beyond").
func isVerbTail(word string) bool {
	switch word {
	case "to", "beyond", "above", "ahead", "live", "through", "further", "home", "out":
		return true
	}
	return false
}

// isPraise tells whether the word opens a requirement and says how well a skill must be known.
func isPraise(word string) bool {
	switch word {
	case "strong", "solid", "good", "excellent", "deep", "proven", "advanced", "basic", "fluent", "modern", "senior", "junior",
		"gute", "sehr", "fundierte", "solide", "sichere", "tiefe":
		return true
	}
	return false
}

func (f *finder) left(c *candidate) (open, evidence bool) {
	switch f.gap(c.first) {
	case gapLine, gapSentence:
		if c.need == needContext && c.first > 0 && f.gap(c.first) == gapLine && isLeftCue(f.tokens[c.first-1].Text) {
			return true, true
		}
		return true, false
	case gapList:
		return true, f.neighbour(c, c.first-1)
	case gapSpace:
		before := f.tokens[c.first-1].Text
		if isConnector(before) {
			return true, c.first > 1 && f.neighbour(c, c.first-2)
		}
		if c.need == needContext && isLeftCue(before) {
			return true, true
		}
		beside := f.neighbour(c, c.first-1)
		return beside, beside
	}
	return false, false
}

func (f *finder) right(c *candidate) (open, evidence bool) {
	switch f.gap(c.last) {
	case gapLine, gapSentence:
		return true, false
	case gapList:
		return true, f.neighbour(c, c.last)
	case gapSpace:
		after := f.tokens[c.last].Text
		if isConnector(after) || after == "with" || after == "mit" {
			return true, c.last+1 < len(f.tokens) && f.neighbour(c, c.last+1)
		}
		if c.need == needContext && isRightCue(after) {
			return true, true
		}
		if c.need == needContext && isVersion(after) {
			return true, strings.Contains(after, ".")
		}
		if c.need == needContext && stopWords()[after] != 0 {
			return true, false
		}
		beside := f.neighbour(c, c.last)
		return beside, beside
	}
	return false, false
}

// neighbour tells whether token i belongs to another accepted candidate that is related to c.
func (f *finder) neighbour(c *candidate, i int) bool {
	if f.at[i] == 0 {
		return false
	}
	other := &f.candidates[f.at[i]-1]
	if other == c || !other.accepted {
		return false
	}
	return other.alias.skill.Field == c.alias.skill.Field || isProduct(other.alias.skill) && isProduct(c.alias.skill)
}

func isProduct(s *Skill) bool {
	switch s.Kind {
	case "tool", "language", "framework", "platform":
		return true
	}
	return false
}

// isVersion tells "8" and "1.22" from a year.
func isVersion(word string) bool {
	return isDigit(word[0]) && (len(word) < len("2024") || strings.Contains(word, "."))
}

func isConnector(word string) bool {
	switch word {
	case "and", "or", "und", "oder", "sowie", "et", "ou", "y", "o", "e", "plus":
		return true
	}
	return false
}

// isLeftCue tells whether the word goes before the name of a tool or a language.
func isLeftCue(word string) bool {
	switch word {
	case "in", "with", "using", "like", "via", "mit", "avec", "en", "con", "language", "languages", "programming", "microsoft", "ms":
		return true
	}
	return false
}

// isRightCue tells whether the word goes after the name of a tool or a language.
func isRightCue(word string) bool {
	switch word {
	case "developer", "developers", "engineer", "engineers", "programmer", "programming", "development", "language", "code", "codebase",
		"backend", "service", "services", "microservices", "modules", "scripts", "scripting", "entwickler", "entwicklung",
		"kenntnisse", "programmierung", "macros", "spreadsheets", "formulas", "applications", "packages", "library", "libraries",
		"components", "frontend", "frontends", "app", "apps", "hooks":
		return true
	}
	return false
}
