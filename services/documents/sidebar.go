package documents

import "slices"

// asidesLast returns the order in which lines are read when what stands aside comes after the main text.
//
// A sidebar's sections go to the end: between them and the sections of the main text, which may go on over the next
// page, there is no order that a reader would miss. What stands above a sidebar's first section, mostly contact data,
// stays with the name. Without sections on both sides nothing moves.
func asidesLast(levels []int, aside []bool) []int {
	var head, leads, main, last []int
	for i, level := range levels {
		switch {
		case aside[i] && (level == 2 || len(last) > 0):
			last = append(last, i)
		case aside[i]:
			leads = append(leads, i)
		case level == 2 || len(main) > 0:
			main = append(main, i)
		default:
			head = append(head, i)
		}
	}
	if len(main) == 0 || len(last) == 0 {
		order := make([]int, len(levels))
		for i := range order {
			order[i] = i
		}
		return order
	}
	if slices.ContainsFunc(leads, func(i int) bool { return levels[i] == 1 }) {
		return slices.Concat(leads, head, main, last)
	}
	return slices.Concat(head, leads, main, last)
}

// reorder returns items in the given order.
func reorder[T any](items []T, order []int) []T {
	ordered := make([]T, len(order))
	for i, from := range order {
		ordered[i] = items[from]
	}
	return ordered
}
