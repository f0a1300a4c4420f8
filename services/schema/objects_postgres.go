package schema

import (
	"context"
	_ "embed" // the query of the catalogs
	"regexp"
)

// postgresQuery lists every object of the current schema that a migration can make and an operator can change. It
// has no parameters, so that a transaction pooler needs no prepared statement.
//
//go:embed objects_postgres.sql
var postgresQuery string

func (s *side) postgresObjects(ctx context.Context) ([]object, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	rows, err := s.conn.QueryContext(ctx, postgresQuery)
	if err != nil {
		return nil, postgresError(err)
	}
	defer rows.Close()
	// Some definitions name the schema whatever the search path says.
	qualifier, err := regexp.Compile(`(\b` + regexp.QuoteMeta(s.name) + `|` + regexp.QuoteMeta(quoteIdent(s.name)) + `)\.`)
	if err != nil {
		return nil, err
	}
	objects := []object{}
	for rows.Next() {
		var o object
		if err := rows.Scan(&o.Kind, &o.Table, &o.Name, &o.Definition, &o.Create, &o.Drop); err != nil {
			return nil, err
		}
		o.Definition, o.Create = qualifier.ReplaceAllString(o.Definition, ""), qualifier.ReplaceAllString(o.Create, "")
		o.Compared = o.Definition
		objects = append(objects, o)
	}
	return objects, postgresError(rows.Err())
}
