package facts

import (
	"cmp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// label marks words by what they claim; a word can have several.
type label uint32

const (
	labelTitle label = 1 << iota
	labelDegree
	labelCertificate
	labelSuperlative
	labelPeople
	// labelProfile marks words such as "experience" that frame a skill and claim nothing of their own.
	labelProfile
	// labelLetter marks the harmless words of letters.
	labelLetter
	// labelModal marks words that turn a letter's clause into a wish or an offer.
	labelModal
	// labelOffer marks what a person wishes to do, harmless beside a modal.
	labelOffer
	// labelInterest marks words that show a clause to be about the vacancy.
	labelInterest
	// labelRecent marks what may be said of the latest position.
	labelRecent
	// labelSide marks what any project of the person's own may be called.
	labelSide
	// labelGive marks verbs that only carry the noun behind them: "gave a presentation".
	labelGive
	// labelFocus marks words that bind the list behind them together: "focus on A, B and C".
	labelFocus
	// labelPlain marks words that limit nothing at the start of a clause: "planned lessons" is a deed.
	labelPlain
	// labelLight marks verbs such as "handled", which claim nothing beside a source without a verb.
	labelLight
	// labelStudy marks what anyone who has a degree may say: "studied".
	labelStudy
	// labelFrequency marks adverbs such as "daily".
	labelFrequency
	// labelIntransitive marks what happened without a word on who did it: "rose".
	labelIntransitive
	// labelErgative marks verbs that without an object tell what happened: "sales doubled".
	labelErgative
	// labelCause marks words that make one fact the cause of another.
	labelCause
	// labelEffect marks verbs that tell a result when they follow on a comma: ", reducing costs".
	labelEffect
	// labelSubject marks words that open a clause of their own: "which", "who", "sodass".
	labelSubject
	// labelJoin marks "and" and its like.
	labelJoin
	// labelUse marks words that say a tool was used.
	labelUse
	// labelPast marks irregular past forms, which no ending tells.
	labelPast
	// labelAs marks words that put a title on a person: "as", "als".
	labelAs
	// labelDeed marks what people do to people: "mentored", which "mentored by" turns around.
	labelDeed
)

// role is the part a preposition gives to what follows it.
type role uint8

const (
	roleNone role = iota
	// roleFrom and roleTo are the two ends of a change or a move.
	roleFrom
	roleTo
	// roleBy is how much something changed: "by 40 %".
	roleBy
	// roleAgent is who did it: "led by".
	roleAgent
	// rolePart joins a noun to the one before it: "of".
	rolePart
	roleOther
)

// isEnd tells whether the role is a part of a change, which may not be exchanged for another.
func (r role) isEnd() bool { return r == roleFrom || r == roleTo || r == roleBy }

// wordEntry is what the data files say of one word or fixed phrase.
type wordEntry struct {
	glue  bool
	role  role
	scope scope
	weak  weakness
	label label
}

func (e wordEntry) has(l label) bool { return e.label&l != 0 }

// boundPhrase is a phrase before a number that limits it.
type boundPhrase struct {
	words []string
	bound bound
}

// lexicon holds the data files; it is read-only after newLexicon.
type lexicon struct {
	words map[string]wordEntry
	// opening are the entries that count only for the first word of a clause.
	opening map[string]wordEntry
	// phrases are the fixed phrases by their first word, the longest first.
	phrases  map[string][]fixedPhrase
	synonyms synonyms
	scopes   []scopeGroup
	numbers  map[string]float64
	units    map[string]unit
	months   map[string]int
	bounds   []boundPhrase
	// names is the number of the group of spellings by their key, spellings the groups; 0 is none.
	names     map[string]int
	spellings [][]string
}

type fixedPhrase struct {
	words []string
	entry wordEntry
}

func newLexicon() *lexicon {
	l := &lexicon{
		words: map[string]wordEntry{}, opening: map[string]wordEntry{}, phrases: map[string][]fixedPhrase{},
		numbers: map[string]float64{}, units: map[string]unit{}, months: map[string]int{},
		names: map[string]int{},
	}
	l.loadGlue()
	l.loadLabels()
	l.loadScopes()
	l.loadWeaknesses()
	l.loadNumbers()
	l.loadNames()
	l.synonyms = loadSynonyms()
	return l
}

// edit changes the entry of a word or phrase; a leading "^" is for the first word of a clause only.
func (l *lexicon) edit(item string, change func(*wordEntry)) {
	item = strings.ReplaceAll(strings.ToLower(item), "-", " ")
	if word, ok := strings.CutPrefix(item, "^"); ok {
		e := l.opening[word]
		change(&e)
		l.opening[word] = e
		return
	}
	words := strings.Fields(item)
	if len(words) == 1 {
		e := l.words[item]
		change(&e)
		l.words[item] = e
		return
	}
	list := l.phrases[words[0]]
	for i := range list {
		if strings.Join(list[i].words, " ") == item {
			change(&list[i].entry)
			return
		}
	}
	p := fixedPhrase{words: words}
	change(&p.entry)
	at := 0
	for at < len(list) && len(list[at].words) >= len(words) {
		at++
	}
	list = append(list, fixedPhrase{})
	copy(list[at+1:], list[at:])
	list[at] = p
	l.phrases[words[0]] = list
}

func (l *lexicon) loadGlue() {
	roles := map[string]role{"from": roleFrom, "to": roleTo, "agent": roleAgent, "part": rolePart, "preposition": roleOther}
	for _, r := range readTable("glue") {
		for _, item := range r.items {
			l.edit(item, func(e *wordEntry) {
				e.glue = true
				e.role = roles[r.key]
			})
		}
	}
}

func (l *lexicon) loadLabels() {
	labels := map[string]label{
		"title": labelTitle, "degree": labelDegree, "certificate": labelCertificate, "superlative": labelSuperlative,
		"people": labelPeople, "profile": labelProfile, "letter": labelLetter, "modal": labelModal, "cause": labelCause,
		"subject": labelSubject, "join": labelJoin, "use": labelUse, "past": labelPast, "as": labelAs, "effect": labelEffect, "light": labelLight, "give": labelGive, "focus": labelFocus, "recent": labelRecent, "side": labelSide, "plain": labelPlain, "study": labelStudy, "frequency": labelFrequency, "intransitive": labelIntransitive, "offer": labelOffer, "interest": labelInterest, "deed": labelDeed, "ergative": labelErgative,
	}
	for _, name := range []string{"labels", "letters"} {
		for _, r := range readTable(name) {
			for _, item := range r.items {
				l.edit(item, func(e *wordEntry) { e.label |= labels[r.key] })
			}
		}
	}
}

func (l *lexicon) loadNumbers() {
	for _, r := range readTable("numbers") {
		kind, value, _ := strings.Cut(r.key, " ")
		for _, item := range r.items {
			l.loadNumber(kind, value, strings.ToLower(item))
		}
	}
}

func (l *lexicon) loadNumber(kind, value, item string) {
	v, _ := strconv.ParseFloat(value, 64)
	switch kind {
	case "number":
		l.numbers[item] = v
	case "scale":
		l.units[item] = unit{scale: v, scales: true}
	case "percent":
		l.units[item] = unit{kind: kindPercent, scale: 1}
	case "points":
		l.units[item] = unit{kind: kindPoints, scale: 1}
	case "factor":
		l.units[item] = unit{kind: kindFactor, scale: 1}
	case "ordinal":
		l.units[item] = unit{kind: kindOrdinal, scale: 1}
	case "money":
		l.units[item] = unit{kind: kindMoney, scale: 1, name: value}
	case "time":
		name, scale, _ := strings.Cut(value, " ")
		s, _ := strconv.ParseFloat(scale, 64)
		l.units[item] = unit{kind: kindDuration, scale: s, name: name}
	case "measure":
		l.units[item] = unit{kind: kindMeasure, scale: 1, name: cmp.Or(value, item)}
	case "month":
		l.months[item] = int(v)
	case "above", "below", "about":
		b := map[string]bound{"above": boundAbove, "below": boundBelow, "about": boundAbout}[kind]
		l.bounds = append(l.bounds, boundPhrase{strings.Fields(item), b})
	}
}

// stemsOf returns a word's English and German stems. Who does a thing isn't what was done: the stems of
// "developer" and "Entwickler" carry a mark that keeps them apart from those of the verbs.
func stemsOf(word string) (english, german string) {
	lower := strings.ToLower(word)
	english, german = stem("en", lower), stem("de", lower)
	first, _ := utf8.DecodeRuneInString(word)
	for _, ending := range []string{"er", "ers", "or", "ors"} {
		if strings.HasSuffix(lower, ending) && !strings.HasSuffix(english, ending[:2]) {
			english += "~"
			break
		}
	}
	for _, ending := range []string{"ant", "ants", "ative", "atives"} {
		if strings.HasSuffix(lower, ending) && !strings.HasSuffix(english, ending[:3]) {
			english += "~"
			break
		}
	}
	for _, ending := range []string{"er", "ern", "ers", "erin", "erinnen"} {
		if unicode.IsUpper(first) && strings.HasSuffix(lower, ending) && !strings.HasSuffix(german, "er") {
			german += "~"
			break
		}
	}
	// No German adjective ends in "-ers", as English plurals do.
	if strings.HasSuffix(english, "~") && !unicode.IsUpper(first) && strings.HasSuffix(lower, "rs") && !strings.HasSuffix(german, "er") {
		german += "~"
	}
	return english, german
}
