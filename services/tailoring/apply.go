package tailoring

import (
	"slices"
	"sort"
	"strings"

	"resume-matcher/models"
)

// listEdit gathers the changes of one list. All indices are those of the original list, so the changes don't depend on
// one another: first items are replaced and removed, then new ones go to the end, then the whole is put in order.
type listEdit struct {
	replaced map[int]string
	removed  map[int]bool
	added    map[int]string
	// order has the items in their wanted order, in their original spelling; nil keeps the order.
	order []string
}

// item is one entry of an edited list; rank is its place in the wanted order.
type item struct {
	value string
	rank  int
	// index is the item's place in the original list, or that of its "added" change.
	index   int
	isAdded bool
}

// Apply returns a copy of d with the changes made, in whatever order they are given; any subset of one proposal fits.
// It fails with KindStalePreview if a change's place, original value or evidence is not in d.
func Apply(d models.ResumeData, changes []models.Change) (models.ResumeData, error) {
	result := clone(d)
	doc := open(&result)
	edits := make(map[string]*listEdit)
	targets := make(map[string]bool, len(changes))
	for _, c := range changes {
		if targets[c.FieldPath] || !fits(doc, c) {
			return models.ResumeData{}, stale()
		}
		targets[c.FieldPath] = true
		f, index, _ := doc.find(c.FieldPath)
		if f.list == nil {
			continue
		}
		if edits[f.path] == nil {
			edits[f.path] = newListEdit()
		}
		edits[f.path].include(c, index)
	}
	for _, c := range changes {
		if f, _, _ := doc.find(c.FieldPath); f.text != nil {
			*f.text = valueOf(c.NewValue)
		}
	}
	for path, edit := range edits {
		f, _, _ := doc.find(path)
		*f.list = edit.apply(*f.list)
	}
	doc.close()
	return result, nil
}

func stale() error {
	return models.NewError(models.KindStalePreview, "The changes no longer fit this résumé. Make a new preview and confirm that.")
}

// fits tells whether c's place, original value and evidence stand in the unedited document.
func fits(doc *document, c models.Change) bool {
	f, index, ok := doc.find(c.FieldPath)
	if !ok {
		return false
	}
	for _, e := range c.Evidence {
		if value, ok := doc.value(e.Path); !ok || !strings.Contains(value, e.Quote) {
			return false
		}
	}
	switch c.ChangeType {
	case added:
		if f.list != nil {
			return c.OriginalValue == nil && c.NewValue != nil && index >= len(*f.list)
		}
		return *f.text == "" && c.OriginalValue == nil && c.NewValue != nil
	case removed:
		return c.NewValue == nil && (f.text != nil || index >= 0) && hasOriginal(doc, c)
	case modified:
		return c.NewValue != nil && hasOriginal(doc, c)
	}
	return false
}

func hasOriginal(doc *document, c models.Change) bool {
	value, ok := doc.value(c.FieldPath)
	return ok && c.OriginalValue != nil && value == *c.OriginalValue
}

func newListEdit() *listEdit {
	return &listEdit{replaced: map[int]string{}, removed: map[int]bool{}, added: map[int]string{}}
}

// include takes in a change of the list (index -1) or of its item at index.
func (e *listEdit) include(c models.Change, index int) {
	switch {
	case index < 0:
		e.order = strings.Split(valueOf(c.NewValue), "\n")
	case c.ChangeType == added:
		e.added[index] = valueOf(c.NewValue)
	case c.ChangeType == removed:
		e.removed[index] = true
	default:
		e.replaced[index] = valueOf(c.NewValue)
	}
}

func (e *listEdit) apply(original []string) []string {
	result := make([]string, 0, len(original)+len(e.added))
	for _, it := range e.items(original) {
		if !it.isAdded && e.removed[it.index] {
			continue
		}
		if value, ok := e.replaced[it.index]; ok && !it.isAdded {
			it.value = value
		}
		result = append(result, it.value)
	}
	return result
}

// items returns the original and the added items, unedited, in the order the edit leads to. An item the order doesn't
// name keeps its place among the others of that kind, at the end.
func (e *listEdit) items(original []string) []item {
	items := make([]item, 0, len(original)+len(e.added))
	for i, value := range original {
		items = append(items, item{value: value, index: i})
	}
	indices := make([]int, 0, len(e.added))
	for i := range e.added {
		indices = append(indices, i)
	}
	sort.Ints(indices)
	for _, i := range indices {
		items = append(items, item{value: e.added[i], index: i, isAdded: true})
	}
	if e.order == nil {
		return items
	}
	places := make(map[string][]int, len(e.order))
	for rank, value := range e.order {
		places[value] = append(places[value], rank)
	}
	for i := range items {
		items[i].rank = len(e.order)
		if free := places[items[i].value]; len(free) > 0 {
			items[i].rank = free[0]
			places[items[i].value] = free[1:]
		}
	}
	slices.SortStableFunc(items, func(a, b item) int { return a.rank - b.rank })
	return items
}

func valueOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
