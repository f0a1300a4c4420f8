package schema

import (
	"cmp"
	"slices"

	"ariga.io/atlas/sql/schema"

	"resume-matcher/models"
)

// Kind names what disagrees.
type Kind string

// KindModelsVsMigrations says that a model was changed and no migration was written.
const KindModelsVsMigrations Kind = "models_vs_migrations"

// Finding is one disagreement.
type Finding struct {
	Kind    Kind           `json:"kind"`
	Dialect models.Dialect `json:"dialect"`
	// Object is a table, or table.name of a column, index, foreign key or check.
	Object string `json:"object"`
	// Change says what the right side has and the left side lacks, such as "column added".
	Change string `json:"change"`
	// SQL reconciles the whole table Object belongs to.
	SQL string `json:"sql"`
}

func sortFindings(f []Finding) {
	slices.SortFunc(f, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Object, b.Object), cmp.Compare(a.Change, b.Change))
	})
}

// describe names the objects a change touches; kind, dialect and SQL are the caller's to fill in.
func describe(change schema.Change) []Finding {
	switch c := change.(type) {
	case *schema.AddTable:
		return []Finding{{Object: c.T.Name, Change: "table added"}}
	case *schema.DropTable:
		return []Finding{{Object: c.T.Name, Change: "table removed"}}
	case *schema.RenameTable:
		return []Finding{{Object: c.From.Name, Change: "table renamed to " + c.To.Name}}
	case *schema.ModifyTable:
		out := make([]Finding, len(c.Changes))
		for i, sub := range c.Changes {
			name, text := describePart(sub)
			out[i] = Finding{Object: c.T.Name, Change: text}
			if name != "" {
				out[i].Object += "." + name
			}
		}
		return out
	}
	return []Finding{{Change: "schema changed"}}
}

// describePart names a part of a table and what became of it.
func describePart(change schema.Change) (name, text string) {
	switch c := change.(type) {
	case *schema.AddColumn:
		return c.C.Name, "column added"
	case *schema.DropColumn:
		return c.C.Name, "column removed"
	case *schema.ModifyColumn:
		return c.To.Name, "column changed"
	case *schema.RenameColumn:
		return c.From.Name, "column renamed to " + c.To.Name
	case *schema.AddIndex:
		return c.I.Name, "index added"
	case *schema.DropIndex:
		return c.I.Name, "index removed"
	case *schema.ModifyIndex:
		return c.To.Name, "index changed"
	case *schema.RenameIndex:
		return c.From.Name, "index renamed to " + c.To.Name
	case *schema.AddPrimaryKey, *schema.DropPrimaryKey, *schema.ModifyPrimaryKey:
		return "", "primary key changed"
	case *schema.AddForeignKey:
		return c.F.Symbol, "foreign key added"
	case *schema.DropForeignKey:
		return c.F.Symbol, "foreign key removed"
	case *schema.ModifyForeignKey:
		return c.To.Symbol, "foreign key changed"
	case *schema.AddCheck:
		return c.C.Name, "check added"
	case *schema.DropCheck:
		return c.C.Name, "check removed"
	case *schema.ModifyCheck:
		return c.To.Name, "check changed"
	}
	return "", "table changed"
}
