package llm

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"resume-matcher/models"
)

// The labels of placeholders: [[NAME]], [[CONTACT_1]] for the people of a posting, [[EMAIL_1]], [[PHONE_1]],
// [[STREET_1]], [[LINK_1]], and [[TEXT_1]] for a text that looks like a placeholder itself. Each spelling of a value has a number of its own, counted from 1.
const (
	labelName    = "NAME"
	labelContact = "CONTACT"
	labelEmail   = "EMAIL"
	labelPhone   = "PHONE"
	labelStreet  = "STREET"
	labelLink    = "LINK"
	labelText    = "TEXT"
)

var (
	// placeholder is what Hide writes; altered is also what models make of it: one bracket, spaces, lower case, escapes.
	placeholder = regexp.MustCompile(`\[\[(NAME|CONTACT|EMAIL|PHONE|STREET|LINK|TEXT)(?:_(\d{1,6}))?\]\]`)
	altered     = regexp.MustCompile(`(?i)\\?\[(?:\\?\[)?\s*(NAME|CONTACT|EMAIL|PHONE|STREET|LINK|TEXT)(?:\\?[_ -](\d{1,6}))?\s*\\?\](?:\\?\])?`)
)

// Pseudonyms replace a person's name, the people a posting names, e-mail addresses, phone numbers, streets and links by
// placeholders, and put them back. They are safe for concurrent use; what the texts of NewPseudonyms hold has the same placeholder in each run.
type Pseudonyms struct {
	finders []finder

	mu           sync.Mutex
	placeholders map[hidden]string
	values       map[string]string // by label and number, as "EMAIL_1"
	counts       map[string]int
	sections     map[string]string // the key of a custom section by the one that stands for it
}

// hidden is a value that has a placeholder.
type hidden struct{ label, value string }

// finder finds the values of a label; what an earlier finder found is not shown to it.
type finder struct {
	label string
	find  func(text string) []interval
}

// interval is a part of a text in bytes, end exclusive.
type interval struct{ start, end int }

// NewPseudonyms learns from a person's contact data what has to be hidden, also in other spellings, and numbers what
// these and the texts hold.
func NewPseudonyms(info models.PersonalInfo, texts ...string) *Pseudonyms {
	return newPseudonyms(info, nil, texts)
}

// PseudonymsOf does so for the person of a résumé; where its structure holds no name, what may be one in its text, the
// e-mail address and the file's name is hidden.
func PseudonymsOf(info models.PersonalInfo, markdown, filename string, texts ...string) *Pseudonyms {
	return newPseudonyms(info, guessedNames(info, markdown, filename), append([]string{markdown}, texts...))
}

func newPseudonyms(info models.PersonalInfo, guesses, texts []string) *Pseudonyms {
	names := newNameFinder(info.Name)
	links := newLinkFinder(info, names, texts)
	phones := newPhoneFinder(info, texts)
	p := &Pseudonyms{
		finders: []finder{
			{labelText, func(text string) []interval { return intervals(altered.FindAllStringIndex(text, -1)) }},
			{labelEmail, literalFinder(valueWith("@.", info.Email))},
			{labelEmail, findEmails},
			{labelLink, links.find},
			{labelPhone, literalFinder(valueWith("0123456789", info.Phone))},
			{labelStreet, literalFinder(streetsOf(info.Location)...)},
			{labelPhone, phones.find},
			{labelStreet, findStreets},
			{labelName, names.find},
			{labelName, allOf(guesses)},
			{labelContact, contactFinder(texts)},
		},
		placeholders: map[hidden]string{},
		values:       map[string]string{},
		counts:       map[string]int{},
		sections:     map[string]string{},
	}
	own := append([]string{info.Name}, guesses...)
	own = append(own, info.Email, info.Phone, info.Location, info.LinkedIn, info.GitHub, info.Website)
	for _, text := range append(own, texts...) {
		p.Hide(text)
	}
	return p
}

// Hide returns text with placeholders for personal data. It takes plain text: in an encoding such as JSON, words don't
// stand apart.
func (p *Pseudonyms) Hide(text string) string {
	parts := []part{{text: text}}
	for _, f := range p.finders {
		parts = f.split(parts)
	}
	var out strings.Builder
	for _, part := range parts {
		if part.label == "" {
			out.WriteString(part.text)
			continue
		}
		out.WriteString(p.placeholder(hidden{part.label, part.text}))
	}
	return out.String()
}

// Restore puts the values of placeholders back, also of those a model altered a little; unknown ones stay.
func (p *Pseudonyms) Restore(text string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out strings.Builder
	done := 0
	for _, at := range placeholder.FindAllStringIndex(text, -1) {
		out.WriteString(altered.ReplaceAllStringFunc(text[done:at[0]], p.valueOf))
		out.WriteString(p.valueOf(text[at[0]:at[1]]))
		done = at[1]
	}
	out.WriteString(altered.ReplaceAllStringFunc(text[done:], p.valueOf))
	return out.String()
}

// valueOf returns the value of a placeholder, or the placeholder itself if it has none.
func (p *Pseudonyms) valueOf(found string) string {
	parts := altered.FindStringSubmatch(found)
	if parts[2] == "" && strings.Count(found, "[") < 2 && strings.Count(found, "]") < 2 {
		return found // a blank to fill in, as "[Name]", stands for anyone
	}
	number := strings.TrimLeft(parts[2], "0")
	if number == "" {
		number = "1"
	}
	if value, ok := p.values[strings.ToUpper(parts[1])+"_"+number]; ok {
		return value
	}
	return found
}

func (p *Pseudonyms) placeholder(h hidden) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known, ok := p.placeholders[h]; ok {
		return known
	}
	p.counts[h.label]++
	name := h.label + "_" + strconv.Itoa(p.counts[h.label])
	p.values[name] = h.value
	made := "[[" + name + "]]"
	if name == labelName+"_1" {
		made = "[[" + labelName + "]]"
	}
	p.placeholders[h] = made
	return made
}

// part is a piece of a text; one with a label is hidden.
type part struct{ text, label string }

// split cuts what f finds out of the parts that are not hidden yet.
func (f finder) split(parts []part) []part {
	result := make([]part, 0, len(parts))
	for _, p := range parts {
		if p.label != "" {
			result = append(result, p)
			continue
		}
		done := 0
		for _, at := range ordered(f.find(p.text)) {
			if at.start < done || at.end <= at.start {
				continue
			}
			if at.start > done {
				result = append(result, part{text: p.text[done:at.start]})
			}
			result = append(result, part{text: p.text[at.start:at.end], label: f.label})
			done = at.end
		}
		if done < len(p.text) {
			result = append(result, part{text: p.text[done:]})
		}
	}
	return result
}

// ordered sorts by start, the longer first, so that of two that overlap the longer stays.
func ordered(found []interval) []interval {
	slices.SortFunc(found, func(a, b interval) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	return found
}

func intervals(matches [][]int) []interval {
	found := make([]interval, 0, len(matches))
	for _, m := range matches {
		found = append(found, interval{m[0], m[1]})
	}
	return found
}
