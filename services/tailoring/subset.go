package tailoring

import "resume-matcher/models"

// Subset returns the ids of the changes that turn original into claimed, in the order of changes, or false if no subset
// does. Each list is read once with and once without its new order, so the work grows with the lists and not with the
// number of subsets.
func Subset(original, claimed models.ResumeData, changes []models.Change) (ids []string, ok bool) {
	original, claimed = clone(original), clone(claimed)
	before, after := open(&original), open(&claimed)
	accepted := make(map[string]bool, len(changes))
	lists := make(map[string][]models.Change)
	for _, c := range changes {
		f, _, known := before.find(c.FieldPath)
		switch {
		case !known:
			continue
		case f.list != nil:
			lists[f.path] = append(lists[f.path], c)
		default:
			value, _ := after.value(c.FieldPath)
			accepted[c.ChangeID] = value == valueOf(c.NewValue) && value != valueOf(c.OriginalValue)
		}
	}
	for path, ofList := range lists {
		from, _, _ := before.find(path)
		to, _, known := after.find(path)
		if !known || !alignList(before, *from.list, *to.list, ofList, accepted) {
			return nil, false
		}
	}

	var chosen []models.Change
	ids = []string{}
	for _, c := range changes {
		if accepted[c.ChangeID] {
			chosen = append(chosen, c)
			ids = append(ids, c.ChangeID)
		}
	}
	// The decisions above name at most one candidate; only this comparison makes it an answer.
	result, err := Apply(original, chosen)
	if err != nil || !equal(result, claimed) {
		return nil, false
	}
	return ids, true
}

// alignList marks in accepted which of the list's changes lead from one list to the other.
func alignList(before *document, from, to []string, changes []models.Change, accepted map[string]bool) bool {
	edit := newListEdit()
	ids := make(map[int]string)      // of the replaced and removed items
	addedIDs := make(map[int]string) // of the added ones
	orderID := ""
	for _, c := range changes {
		_, index, _ := before.find(c.FieldPath)
		switch {
		case index < 0:
			orderID = c.ChangeID
		case c.ChangeType == added:
			addedIDs[index] = c.ChangeID
		default:
			ids[index] = c.ChangeID
		}
		edit.include(c, index)
	}
	order := edit.order
	edit.order = nil
	if path, ok := align(edit.steps(from, ids, addedIDs), to); ok {
		markAll(path, accepted)
		return true
	}
	if order == nil {
		return false
	}
	edit.order = order
	path, ok := align(edit.steps(from, ids, addedIDs), to)
	if ok {
		markAll(path, accepted)
		accepted[orderID] = true
	}
	return ok
}

func markAll(ids []string, accepted map[string]bool) {
	for _, id := range ids {
		accepted[id] = true
	}
}

// step is one item of a list and the ways in which it can stand in the result.
type step struct{ ways []way }

// way is an item's text in the result, or its absence, and the change that must be accepted for it, if any.
type way struct {
	value  string
	absent bool
	id     string
}

func (e *listEdit) steps(from []string, ids, addedIDs map[int]string) []step {
	var steps []step
	for _, it := range e.items(from) {
		if it.isAdded {
			steps = append(steps, step{[]way{{absent: true}, {value: it.value, id: addedIDs[it.index]}}})
			continue
		}
		ways := []way{{value: it.value}}
		if value, ok := e.replaced[it.index]; ok {
			ways = append(ways, way{value: value, id: ids[it.index]})
		} else if e.removed[it.index] {
			ways = append(ways, way{absent: true, id: ids[it.index]})
		}
		steps = append(steps, step{ways})
	}
	return steps
}

// align picks a way for each step so that the steps spell to, and returns the ids this takes.
func align(steps []step, to []string) ([]string, bool) {
	// dead marks the places (s, t) where the steps from s on can't spell the items from t on. Few are ever reached: the
	// two run apart by no more than the items added or removed.
	dead := make(map[[2]int]bool)
	var ids []string
	var walk func(s, t int) bool
	walk = func(s, t int) bool {
		if s == len(steps) {
			return t == len(to)
		}
		if dead[[2]int{s, t}] {
			return false
		}
		for _, w := range steps[s].ways {
			next := t
			if !w.absent {
				if t == len(to) || to[t] != w.value {
					continue
				}
				next++
			}
			if walk(s+1, next) {
				if w.id != "" {
					ids = append(ids, w.id)
				}
				return true
			}
		}
		dead[[2]int{s, t}] = true
		return false
	}
	ok := walk(0, 0)
	return ids, ok
}
