package tailoring

import (
	"slices"
	"strings"

	"resume-matcher/models"
)

// Diff tells what separates two résumés in the contract's terms: changed texts, items of lists, and one change for a list
// in another order. Apply(before, Diff(before, after)) gives after, as long as both have the same entries: a position,
// degree, project or custom section that only one of them has is one change that Apply refuses. The description of
// sections (sectionMeta) is not compared.
func Diff(before, after models.ResumeData) []models.Change {
	before, after = clone(before), clone(after)
	from, to := open(&before), open(&after)
	changes := []models.Change{}
	seen := make(map[string]bool)
	for _, f := range from.fields {
		i, ok := to.byPath[f.path]
		if !ok {
			changes = appendEntry(changes, from, f, removed, seen)
			continue
		}
		changes = append(changes, diffField(f, to.fields[i])...)
	}
	for _, f := range to.fields {
		if _, ok := from.byPath[f.path]; !ok {
			changes = appendEntry(changes, to, f, added, seen)
		}
	}
	return changes
}

// appendEntry adds one change for the entry that holds f, once.
func appendEntry(changes []models.Change, doc *document, f field, changeType string, seen map[string]bool) []models.Change {
	if seen[f.entry] {
		return changes
	}
	seen[f.entry] = true
	var lines []string
	for _, other := range doc.fields {
		if value, _ := doc.value(other.path); other.entry == f.entry && value != "" {
			lines = append(lines, value)
		}
	}
	text := strings.Join(lines, "\n")
	original, proposed := &text, (*string)(nil)
	if changeType == added {
		original, proposed = nil, &text
	}
	if f.kind == "description" && strings.HasPrefix(f.entry, "workExperience[") {
		f.kind = "experience"
	}
	return append(changes, newChange(f, f.entry, changeType, original, proposed))
}

func diffField(f, to field) []models.Change {
	if f.list != nil {
		return diffList(f, *f.list, *to.list)
	}
	if *f.text == *to.text {
		return nil
	}
	changeType, original, proposed := modified, f.text, to.text
	if *f.text == "" {
		changeType, original = added, nil
	} else if *to.text == "" {
		changeType, proposed = removed, nil
	}
	return []models.Change{newChange(f, f.path, changeType, original, proposed)}
}

// maxPaired bounds the lists whose items are compared with one another.
const maxPaired = 200

func diffList(f field, before, after []string) []models.Change {
	if slices.Equal(before, after) {
		return nil
	}
	if max(len(before), len(after)) > maxPaired {
		return positionalDiff(f, before, after)
	}
	changes := pairedDiff(f, before, after)
	edit := newListEdit()
	doc := &document{fields: []field{f}, byPath: map[string]int{f.path: 0}}
	for _, c := range changes {
		_, index, _ := doc.find(c.FieldPath)
		edit.include(c, index)
	}
	if slices.Equal(edit.apply(before), after) {
		return changes
	}
	// Repeated items or items of several lines can defeat the pairing; comparing place by place always holds.
	return positionalDiff(f, before, after)
}

// pairedDiff pairs equal items first, then those that can be a rewording of one another; what is left was added or removed.
func pairedDiff(f field, before, after []string) []models.Change {
	pair := pairItems(before, after, f.kind == "description")
	changes := []models.Change{}
	order := slices.Clone(after) // in the original spelling
	current := []string{}        // the list as it is before the order changes
	kept := make(map[int]bool)
	for j, i := range pair {
		if i >= 0 {
			order[j] = before[i]
			kept[i] = true
		}
	}
	for i := range before {
		path := indexed(f.path, i)
		j := slices.Index(pair, i)
		switch {
		case !kept[i]:
			changes = append(changes, newChange(f, path, removed, &before[i], nil))
			continue
		case before[i] != after[j]:
			changes = append(changes, newChange(f, path, modified, &before[i], &after[j]))
		}
		current = append(current, before[i])
	}
	next := len(before)
	for j, i := range pair {
		if i < 0 {
			changes = append(changes, newChange(f, indexed(f.path, next), added, nil, &after[j]))
			current = append(current, after[j])
			next++
		}
	}
	if !slices.Equal(current, order) {
		if c, ok := orderChange(f, order); ok {
			changes = append([]models.Change{c}, changes...)
		}
	}
	return changes
}

// pairItems returns for each item of after the index of its item in before, or -1. Items that differ are paired in order:
// sentences always, single entries only if they share a word.
func pairItems(before, after []string, sentences bool) []int {
	pair := make([]int, len(after))
	free := make(map[string][]int, len(before))
	for i, value := range before {
		free[value] = append(free[value], i)
	}
	used := make([]bool, len(before))
	for j, value := range after {
		pair[j] = -1
		if at := free[value]; len(at) > 0 {
			pair[j], free[value] = at[0], at[1:]
			used[at[0]] = true
		}
	}
	left := make([]map[string]bool, len(before))
	for i, value := range before {
		if !used[i] {
			left[i] = wordSet(value)
		}
	}
	for j, value := range after {
		if pair[j] >= 0 {
			continue
		}
		named := words(value)
		for i := 0; i < len(before) && pair[j] < 0; i++ {
			if !used[i] && (sentences || slices.ContainsFunc(named, func(w string) bool { return left[i][w] })) {
				pair[j], used[i] = i, true
			}
		}
	}
	return pair
}

func positionalDiff(f field, before, after []string) []models.Change {
	changes := []models.Change{}
	for i := range max(len(before), len(after)) {
		path := indexed(f.path, i)
		switch {
		case i >= len(after):
			changes = append(changes, newChange(f, path, removed, &before[i], nil))
		case i >= len(before):
			changes = append(changes, newChange(f, path, added, nil, &after[i]))
		case before[i] != after[i]:
			changes = append(changes, newChange(f, path, modified, &before[i], &after[i]))
		}
	}
	return changes
}
