package matching

import (
	"slices"
	"strings"
)

const german = "de"

const (
	// compoundDegree is what a compound counts for the word it begins with: Beatmungsgerät for Beatmung.
	compoundDegree = 0.7
	minCompound    = 6
)

// compoundsOf returns the units with a compound that begins with stem.
func (r *Resume) compoundsOf(stem string) []int32 {
	if len(stem) < minCompound {
		return nil
	}
	var units []int32
	i, _ := slices.BinarySearch(r.stems, stem)
	for ; i < len(r.stems) && strings.HasPrefix(r.stems[i], stem); i++ {
		units = append(units, r.termUnits[r.stems[i]]...)
	}
	return units
}
