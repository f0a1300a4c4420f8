package config

import (
	"os"
	"slices"
	"strings"
)

// Misspelling is a variable that is set and unknown, and the known one it resembles; nothing tells its value.
type Misspelling struct {
	Name  string
	Meant string
}

// shortestGuess is the length below which names resemble each other by chance.
const shortestGuess = 8

// findMisspelled looks in the environment and the .env file. Both hold variables of other programs too, so only what is
// within a slip or two of a variable of ours counts.
func findMisspelled(fileNames []string) []Misspelling {
	set := fileNames
	for _, entry := range os.Environ() {
		if name, value, _ := strings.Cut(entry, "="); value != "" {
			set = append(set, name)
		}
	}
	slices.Sort(set)
	set = slices.Compact(set)
	known := variables()
	var found []Misspelling
	for _, name := range set {
		if slices.ContainsFunc(known, func(v variable) bool { return v.name == name }) {
			continue
		}
		i := slices.IndexFunc(known, func(v variable) bool { return resembles(name, v.name) })
		if i >= 0 {
			found = append(found, Misspelling{name, known[i].name})
		}
	}
	return found
}

// resembles tells whether a name is one slip from another, or two in a long one. One proxy for several is no slip.
func resembles(name, other string) bool {
	name, other = singular(name), singular(other)
	slips := 1
	if len(other) >= 12 {
		slips = 2
	}
	return len(other) >= shortestGuess && max(len(name)-len(other), len(other)-len(name)) <= slips && distance(name, other) <= slips
}

func singular(name string) string {
	if stem, found := strings.CutSuffix(name, "IES"); found {
		return stem + "Y"
	}
	return strings.TrimSuffix(name, "S")
}

// distance counts the letters to insert, drop, change or swap with the next one: the optimal string alignment distance.
func distance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			changed := 1
			if a[i-1] == b[j-1] {
				changed = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+changed)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
