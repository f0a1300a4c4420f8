package schema

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"resume-matcher/models"
)

// object is a part of a schema as the database itself defines it.
type object struct {
	// Kind is what Finding.Change begins with, such as "view".
	Kind string
	// Table is the table the object belongs to, empty if none.
	Table string
	// Name is the table, table.part, or the object's own name.
	Name string
	// Definition is shown; Compared decides whether two objects are the same.
	Definition, Compared string
	// Create and Drop are the statements that make the object and remove it. Some objects, such as a table's row
	// security, are always there: their Create sets them and Drop is empty.
	Create, Drop string
}

func (o object) key() string { return o.Kind + " " + o.Name }

// difference is an object that is not the same on both sides, or missing on one.
type difference struct {
	from, to *object
}

// sample returns the side of the difference that exists, the one wanted if both do.
func (d difference) sample() *object { return cmp.Or(d.to, d.from) }

// list returns the objects of the side, in order of kind and name.
func (s *side) list(ctx context.Context) (_ []object, err error) {
	if s.cached != nil {
		return s.cached, nil
	}
	if s.dialect == models.Postgres {
		s.cached, err = s.postgresObjects(ctx)
	} else {
		s.cached, err = s.sqliteObjects(ctx)
	}
	return s.cached, err
}

// differences returns what separates two lists.
func differences(from, to []object) []difference {
	byKey := map[string]*object{}
	for i := range from {
		byKey[from[i].key()] = &from[i]
	}
	var out []difference
	for i := range to {
		key := to[i].key()
		before := byKey[key]
		delete(byKey, key)
		if before == nil || before.Compared != to[i].Compared {
			out = append(out, difference{before, &to[i]})
		}
	}
	for _, o := range byKey {
		out = append(out, difference{from: o})
	}
	slices.SortFunc(out, func(a, b difference) int { return strings.Compare(a.sample().key(), b.sample().key()) })
	return out
}

// definitionOf returns how objects describe the one of that name whose kind fits change.
func definitionOf(objects []object, name, change string) string {
	for _, o := range objects {
		if o.Name == name && strings.HasPrefix(change, o.Kind+" ") {
			return o.Definition
		}
	}
	// Atlas calls a unique constraint an index.
	for _, o := range objects {
		if o.Name == name && strings.HasPrefix(change, "index ") && strings.HasSuffix(o.Kind, " constraint") {
			return o.Definition
		}
	}
	return ""
}
