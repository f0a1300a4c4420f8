package report

import (
	"context"
	"database/sql"
	"slices"

	atlas "ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlite"

	"resume-matcher/models"
	"resume-matcher/services/schema"
)

// Table is a table of the picture.
type Table struct {
	Name    string
	Columns []Column
	// References names the tables that the foreign keys of this one point to.
	References []string
}

// Column is a column of a Table.
type Column struct {
	Name, Type   string
	Primary, Key bool // part of the primary key; part of a foreign key
	Null         bool
}

// Tables returns the models' tables as SQLite sees them, which needs no server.
func Tables(ctx context.Context) ([]Table, error) {
	ddl, err := schema.DDL(models.SQLite)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	// Each connection would have a memory of its own.
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, ddl); err != nil {
		return nil, err
	}
	drv, err := sqlite.Open(db)
	if err != nil {
		return nil, err
	}
	found, err := drv.InspectSchema(ctx, "", nil)
	if err != nil {
		return nil, err
	}
	tables := make([]Table, len(found.Tables))
	for i, t := range found.Tables {
		tables[i] = newTable(t)
	}
	return tables, nil
}

func newTable(t *atlas.Table) Table {
	table := Table{Name: t.Name, Columns: make([]Column, len(t.Columns))}
	keys := map[string]bool{}
	for _, fk := range t.ForeignKeys {
		if !slices.Contains(table.References, fk.RefTable.Name) {
			table.References = append(table.References, fk.RefTable.Name)
		}
		for _, c := range fk.Columns {
			keys[c.Name] = true
		}
	}
	slices.Sort(table.References)
	for i, c := range t.Columns {
		table.Columns[i] = Column{Name: c.Name, Type: c.Type.Raw, Null: c.Type.Null, Key: keys[c.Name]}
		if t.PrimaryKey != nil {
			table.Columns[i].Primary = slices.ContainsFunc(t.PrimaryKey.Parts, func(p *atlas.IndexPart) bool {
				return p.C != nil && p.C.Name == c.Name
			})
		}
	}
	return table
}
