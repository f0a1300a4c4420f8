package facts

import (
	"slices"
	"strconv"
	"strings"
)

// scope is how much responsibility a word claims; the zero value claims none.
type scope struct {
	// rank runs from 3 ("coordinated") to 5 ("founded").
	rank int8
	// group is 1 + the index of the word's group.
	group int16
}

// scopeGroup is a group of words of responsibility that mean the same.
type scopeGroup struct {
	name string
	// supports are the names of the groups a person of this one may be said to have done as well.
	supports []string
}

func (l *lexicon) loadScopes() {
	for _, r := range readTable("scope") {
		fields := strings.Fields(r.key)
		rank, _ := strconv.Atoi(fields[0])
		l.scopes = append(l.scopes, scopeGroup{fields[1], fields[2:]})
		s := scope{int8(rank), int16(len(l.scopes))}
		for _, item := range r.items {
			l.edit(item, func(e *wordEntry) { e.scope = s })
		}
	}
}

// carries tells whether a source's word of scope s supports one of scope claimed.
func (l *lexicon) carries(s, claimed scope) bool {
	if s.group == 0 || claimed.group == 0 {
		return false
	}
	return s.group == claimed.group || slices.Contains(l.scopes[s.group-1].supports, l.scopes[claimed.group-1].name)
}
