package structure

import "strings"

// entryStarts picks the rule that fits how the section sets its entries off.
func entryStarts(lines []entryLine) []int {
	if len(lines) == 0 {
		return nil
	}
	marked, dated, datedBullets, bullets := 0, 0, 0, 0
	for i := range lines {
		switch l := &lines[i]; {
		case l.bullet && l.dated:
			bullets++
			datedBullets++
		case l.bullet:
			bullets++
		case l.marked:
			marked++
		case l.dated:
			dated++
		}
	}
	switch {
	case marked > 0:
		return startsByMarks(lines)
	case dated > 0:
		return startsByDates(lines)
	case datedBullets > 0 || bullets == len(lines):
		return startsByBullets(lines, datedBullets > 0)
	}
	return startsByShortLines(lines)
}

// startsByMarks begins an entry at each marked line, unless it goes on with the head before it.
func startsByMarks(lines []entryLine) []int {
	starts := []int{0}
	dated, body := lines[0].dated, !lines[0].marked && !lines[0].short()
	for i := 1; i < len(lines); i++ {
		l := &lines[i]
		begins := false
		switch {
		case l.marked && lines[i-1].marked:
			begins = dated && l.dated
		case l.marked:
			begins = body || dated || i-starts[len(starts)-1] > 1 || !lines[i-1].short()
		case l.dated && !l.bullet:
			begins = dated && body && !l.dateOnly && !isPlaceDate(l)
		}
		if begins {
			starts = append(starts, i)
			dated, body = l.dated, false
			continue
		}
		dated = dated || l.dated && !l.bullet
		body = body || l.bullet || l.running
	}
	return starts
}

// isPlaceDate recognises "Berlin 2019 – 2021" below an entry, which begins none.
func isPlaceDate(l *entryLine) bool {
	_, rest := cutPeriods(l.docLine)
	for _, f := range rest {
		if !isEntryPlace(f.text) {
			return false
		}
	}
	return true
}

// startsByDates begins an entry as many short lines before each date as the first entry has before its own.
func startsByDates(lines []entryLine) []int {
	lead := leadOf(lines)
	starts := []int{0}
	first := true
	floor := 0
	for i := range lines {
		if lines[i].bullet || lines[i].running {
			floor = i + 1
			continue
		}
		if !lines[i].dated {
			continue
		}
		if first {
			first = false
			floor = i + 1
			continue
		}
		if start := startBefore(lines, i, lead, floor); start > starts[len(starts)-1] {
			starts = append(starts, start)
		}
		floor = i + 1
	}
	return starts
}

// leadOf counts the short lines before the section's first date.
func leadOf(lines []entryLine) int {
	lead := 0
	for i := range lines {
		switch {
		case lines[i].dated && !lines[i].bullet:
			return min(lead, maxLead)
		case lines[i].short():
			lead++
		default:
			lead = 0
		}
	}
	return 0
}

// startBefore walks back from the dated line i over at most lead short lines, and prefers a line after a blank one.
func startBefore(lines []entryLine, i, lead, floor int) int {
	if lead > 0 && endsInDate(lines) && shortOnly(lines[floor:i]) && i-floor <= maxLead+1 {
		return floor
	}
	low := max(i-lead, floor)
	for k := low; k <= i; k++ {
		if lines[k].blankBefore {
			return k
		}
	}
	if low-1 >= floor && lines[low-1].short() && lines[low-1].blankBefore {
		return low - 1
	}
	return low
}

// endsInDate recognises sections whose entries end with their dates.
func endsInDate(lines []entryLine) bool { return lines[len(lines)-1].dateOnly }

func shortOnly(lines []entryLine) bool {
	for i := range lines {
		if !lines[i].short() {
			return false
		}
	}
	return true
}

// isNamed recognises running lines of the form "name - what it is".
func isNamed(l *entryLine) bool {
	if l.bullet || l.marked || l.dated || !l.running {
		return false
	}
	head := l.text[:min(len(l.text), maxNamedBytes)]
	return strings.Contains(head, " - ") || strings.Contains(head, " – ") || strings.Contains(head, ": ")
}

// startsByBullets makes each outer bullet an entry, or only the dated ones where there are any.
func startsByBullets(lines []entryLine, datedOnly bool) []int {
	starts := []int{0}
	for i := 1; i < len(lines); i++ {
		l := &lines[i]
		if l.bullet && l.indent <= lines[0].indent+1 && (l.dated || !datedOnly) {
			starts = append(starts, i)
		}
	}
	return starts
}

// startsByShortLines begins an entry at a short line after running text or bullets, or after a blank line.
func startsByShortLines(lines []entryLine) []int {
	starts := []int{0}
	for i := 1; i < len(lines); i++ {
		l, before := &lines[i], &lines[i-1]
		if !l.short() && !isNamed(l) || l.numbered {
			continue
		}
		if before.bullet || before.running || isNamed(l) && isNamed(&lines[0]) || l.blankBefore && !strings.HasSuffix(l.text, ":") {
			starts = append(starts, i)
		}
	}
	return starts
}
