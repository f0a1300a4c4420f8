package tailoring

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"resume-matcher/models"
)

// The actions of an Edit.
const (
	actionReplace  = "replace"
	actionAppend   = "append"
	actionReorder  = "reorder"
	actionAddSkill = "add_skill"
)

// The rules an edit must keep before the fact gate looks at its words.
const (
	ruleAction    = "action_not_allowed"
	ruleOriginal  = "original_not_found"
	ruleUnchanged = "no_change"
	ruleRepeated  = "already_changed"
	ruleTooLong   = "too_long"
	ruleTooShort  = "too_short"
	ruleForm      = "not_plain_text"
)

// Bounds of one session: what a person can be asked to read.
const (
	maxEdits     = 60
	maxEditRunes = 1500
)

// Edit is one change that a language model proposes, in its words. Path is as in models.Change.FieldPath; Action is
// replace, append, reorder (Value has the items in their new order, one a line) or add_skill.
type Edit struct{ Path, Action, Original, Value, Reason string }

// convert turns an edit into a change that fits the résumé, or names the rule it breaks.
func (s *Session) convert(e Edit) (models.Change, string) {
	e.Path, e.Value = strings.TrimSpace(e.Path), strings.TrimSpace(strings.TrimLeft(e.Value, "-•* "))
	if e.Action == actionAddSkill {
		e.Path = skillsPath
	}
	f, index, ok := s.doc.find(e.Path)
	if !ok || !editable(f) {
		return unplaced(e), ruleField
	}
	c, rule := s.place(f, index, e)
	switch {
	case rule != "":
	case !s.allowed(e.Action):
		rule = ruleAction
	case e.Value == "" || valueOf(c.NewValue) == valueOf(c.OriginalValue):
		rule = ruleUnchanged
	case e.Action != actionReorder && s.misshapen(f, c) != "":
		rule = s.misshapen(f, c)
	case s.taken(c):
		rule = ruleRepeated
	case !fits(s.doc, c):
		rule = ruleField
	}
	return c, rule
}

// Bounds of a new text beside the one it replaces.
const (
	maxGrowth    = 2   // times as long, and
	spareRunes   = 150 // so many characters more
	minKeptShare = 3   // at least one word of three
	minWords     = 2
)

// misshapen names what is wrong with the form of a new text: no plain line, a loss of most of what stood there, another
// skill in the place of one, or a list's item again.
func (s *Session) misshapen(f field, c models.Change) string {
	before, after := valueOf(c.OriginalValue), *c.NewValue
	if strings.ContainsFunc(after, unicode.IsControl) || strings.Contains(after, "**") || strings.Contains(after, "](") ||
		strings.HasPrefix(after, "#") || isShouted(after) && !isShouted(before) {
		return ruleForm
	}
	if f.path == skillsPath {
		return s.misplacedSkill(before, after)
	}
	if f.list != nil && slices.ContainsFunc(*f.list, func(own string) bool { return sameText(own, after) }) || s.proposes(after) {
		return ruleRepeated
	}
	had, has := len(words(before)), len(words(after))
	switch {
	case utf8.RuneCountInString(after) > maxGrowth*utf8.RuneCountInString(before)+spareRunes:
		return ruleTooLong
	case has < minWords && had >= minWords, has*minKeptShare < had:
		return ruleTooShort
	}
	return ""
}

// misplacedSkill lets an entry of the list of skills only be another spelling of itself, or a new one that is a skill.
func (s *Session) misplacedSkill(before, after string) string {
	skill := s.tailor.vocabulary.Lookup(after)
	if skill == nil || before != "" && s.tailor.vocabulary.Lookup(before) != skill {
		return ruleSkill
	}
	return ""
}

// proposes tells whether another change brings in the same text.
func (s *Session) proposes(text string) bool {
	return slices.ContainsFunc(s.changes, func(c models.Change) bool { return c.NewValue != nil && sameText(*c.NewValue, text) })
}

// isShouted tells whether a text of some length has only capital letters.
func isShouted(text string) bool {
	return len(words(text)) > 2 && text == strings.ToUpper(text) && text != strings.ToLower(text)
}

// editable leaves out what no tailoring may touch: names, dates, employers, titles, certificates, languages and awards.
func editable(f field) bool {
	return f.path == "summary" || f.path == skillsPath || strings.HasSuffix(f.path, ".description") && (f.list != nil || f.kind == "education")
}

// allowed tells whether the strategy knows the action: the gentlest rewords and reorders, the next also lists skills
// that the descriptions show, and only the last adds points.
func (s *Session) allowed(action string) bool {
	switch action {
	case actionReplace, actionReorder:
		return true
	case actionAddSkill:
		return s.in.PromptID != Nudge
	case actionAppend:
		return s.in.PromptID == Full
	}
	return false
}

// place returns the change an edit asks for at field f, or the rule that keeps it from having a place.
func (s *Session) place(f field, index int, e Edit) (models.Change, string) {
	switch {
	case e.Action == actionReorder && f.list != nil && index < 0:
		return s.order(f, e)
	case (e.Action == actionAppend || e.Action == actionAddSkill) && f.list != nil:
		return newChange(f, indexed(f.path, s.nextIndex(f)), added, nil, &e.Value), ""
	case (e.Action == actionReplace || e.Action == actionAppend) && f.text != nil && *f.text == "":
		return newChange(f, f.path, added, nil, &e.Value), ""
	case e.Action == actionReplace && f.text != nil:
		c := newChange(f, f.path, modified, f.text, &e.Value)
		return c, unlessSame(*f.text, e.Original)
	case e.Action == actionReplace && index >= 0:
		if index >= len(*f.list) || !sameText((*f.list)[index], e.Original) {
			// Models miscount; the text they quote tells which item they mean, if it is the only one.
			if index = only(*f.list, e.Original); index < 0 {
				return unplaced(e), ruleOriginal
			}
		}
		own := (*f.list)[index]
		return newChange(f, indexed(f.path, index), modified, &own, &e.Value), ""
	}
	return unplaced(e), ruleField
}

func unlessSame(own, quoted string) string {
	if sameText(own, quoted) {
		return ""
	}
	return ruleOriginal
}

// order returns the change that puts a list in the order of the edit's lines, with the items that move up as its evidence.
func (s *Session) order(f field, e Edit) (models.Change, string) {
	places := make(map[string][]int)
	rank := 0
	for line := range strings.Lines(e.Value) {
		line = spaced(line)
		places[line] = append(places[line], rank)
		rank++
	}
	ranks := make([]int, len(*f.list))
	for i, own := range *f.list {
		free := places[spaced(own)]
		if len(free) == 0 {
			return unplaced(e), ruleOrder
		}
		ranks[i], places[spaced(own)] = free[0], free[1:]
	}
	if rank != len(ranks) || f.path != skillsPath && !standAlone(*f.list) {
		return unplaced(e), ruleOrder
	}
	changes := reorder(f, func(i int) int { return ranks[i] }, s.orderReason(f, ranks))
	if len(changes) == 0 {
		return unplaced(e), ruleUnchanged
	}
	return changes[0], ""
}

// orderReason says that an order puts first what the posting asks for, if it does.
func (s *Session) orderReason(f field, ranks []int) string {
	before, after := 0, 0
	for i, own := range *f.list {
		asked := int(s.tailor.importanceOf(s.posting, own))
		before += asked * i
		after += asked * ranks[i]
	}
	switch {
	case after >= before:
		return s.say.reordered
	case f.path == skillsPath:
		return s.say.skillsReordered
	}
	return s.say.bulletsReordered
}

// taken tells whether another change has the place already, other than the Tailor's own reordering of the summary, or
// whether a skill is listed already.
func (s *Session) taken(c models.Change) bool {
	i := slices.IndexFunc(s.changes, func(other models.Change) bool { return other.FieldPath == c.FieldPath })
	return i >= 0 && !s.yields(s.changes[i]) || c.FieldType == "skill" && c.ChangeType == added && s.lists(*c.NewValue)
}

// yields tells whether a change of the Tailor's own gives way to a model's at the same place.
func (s *Session) yields(c models.Change) bool {
	return c.FieldPath == "summary" && c.Reason == s.say.summaryReordered
}

// lists tells whether the skill stands in the list of skills, or is about to.
func (s *Session) lists(skill string) bool {
	known := s.tailor.vocabulary.Lookup(skill)
	same := func(other string) bool {
		return spellingKey(other) == spellingKey(skill) || known != nil && s.tailor.vocabulary.Lookup(other) == known
	}
	return slices.ContainsFunc(s.resume.Additional.TechnicalSkills, same) ||
		slices.ContainsFunc(s.changes, func(c models.Change) bool { return c.FieldType == "skill" && c.NewValue != nil && same(*c.NewValue) })
}

// nextIndex is the place behind the list's items and those that other changes add.
func (s *Session) nextIndex(f field) int {
	next := len(*f.list)
	for _, c := range s.changes {
		if other, index, ok := s.doc.find(c.FieldPath); ok && other.path == f.path && index >= next {
			next = index + 1
		}
	}
	return next
}

// unplaced shows a refused edit that has no place in the résumé.
func unplaced(e Edit) models.Change {
	f := field{path: clipped(e.Path), kind: "description"}
	original, value := clipped(e.Original), clipped(e.Value)
	return newChange(f, f.path, modified, &original, &value)
}

// clipped bounds what a refusal repeats of an edit.
func clipped(text string) string {
	if runes := []rune(strings.ToValidUTF8(text, "")); len(runes) > maxEditRunes {
		return string(runes[:maxEditRunes])
	}
	return strings.ToValidUTF8(text, "")
}

// spaced returns text with single spaces.
func spaced(text string) string { return strings.Join(strings.Fields(text), " ") }

func sameText(a, b string) bool { return spaced(a) == spaced(b) }

// only returns the index of the one item with the text, or -1.
func only(list []string, text string) int {
	found := -1
	for i, item := range list {
		if sameText(item, text) {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}
