package schema

import (
	"context"
	"slices"
	"strings"
)

const sqliteQuery = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL " +
	"AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND tbl_name <> '" + revisionsTable + "' ORDER BY type, name"

// sqliteObjects reads the statements that SQLite keeps. ALTER TABLE edits them in place, so they are compared by
// their words: whitespace, comments, quotes and letter case say nothing.
func (s *side) sqliteObjects(ctx context.Context) ([]object, error) {
	rows, err := s.conn.QueryContext(ctx, sqliteQuery)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	objects := []object{}
	for rows.Next() {
		var kind, name, table, text string
		if err := rows.Scan(&kind, &name, &table, &text); err != nil {
			return nil, err
		}
		switch kind {
		case "table":
			objects = append(objects, tableObjects(name, text)...)
		case "view":
			objects = append(objects, statementObject(kind, "", name, text))
		default:
			objects = append(objects, statementObject(kind, table, table+"."+name, text))
		}
	}
	slices.SortFunc(objects, func(a, b object) int { return strings.Compare(a.key(), b.key()) })
	return objects, rows.Err()
}

// statementObject is an index, view or trigger.
func statementObject(kind, table, name, text string) object {
	bare := name[strings.LastIndexByte(name, '.')+1:]
	return object{
		Kind: kind, Table: table, Name: name, Definition: strings.Join(strings.Fields(text), " "),
		Compared: normalize(tokenize(text)),
		Create:   text,
		// What a table owns may have gone with it when the table was rebuilt.
		Drop: "DROP " + strings.ToUpper(kind) + " IF EXISTS " + quoteIdent(bare),
	}
}

// tableObjects takes a CREATE TABLE statement apart: the table with its options, the columns and the constraints.
func tableObjects(table, text string) []object {
	tokens := tokenize(text)
	items, options := splitTable(tokens)
	whole := object{
		Kind: "table", Table: table, Name: table, Definition: "table", Compared: normalize(options),
		Create: text, Drop: "DROP TABLE " + quoteIdent(table),
	}
	if items == nil { // a virtual table
		whole.Compared, whole.Definition = normalize(tokens), strings.Join(strings.Fields(text), " ")
	} else if len(options) > 0 {
		whole.Definition = "table " + display(options)
	}
	objects := []object{whole}
	for _, item := range items {
		objects = append(objects, itemObject(table, item))
	}
	return objects
}

// itemObject is a column or a constraint of a table.
func itemObject(table string, item []sqlToken) object {
	name, body := "", item
	if item[0].is("constraint") && len(item) > 2 {
		name, body = item[1].text, item[2:]
	}
	kind := "column"
	switch first := body[0]; {
	case first.is("primary"):
		// There is one, whatever its name.
		return object{Kind: "primary key", Table: table, Name: table, Definition: display(body), Compared: normalize(body)}
	case first.is("unique"):
		kind = "unique constraint"
	case first.is("check"):
		kind = "check"
	case first.is("foreign"):
		kind = "foreign key"
	}
	if kind == "column" {
		name, body = item[0].text, item[1:]
	}
	o := object{Kind: kind, Table: table, Name: table + "." + name, Definition: display(body), Compared: normalize(body)}
	if name == "" {
		// Nothing but its text tells an unnamed constraint from another.
		o.Name = table + "." + o.Definition
	}
	return o
}
