package schema

import (
	"cmp"
	"slices"
	"time"

	"ariga.io/atlas/sql/schema"

	"resume-matcher/models"
)

// Kind names what disagrees.
type Kind string

// The six kinds of drift.
const (
	// KindModelsVsMigrations: a model was changed and no migration was written.
	KindModelsVsMigrations Kind = "models_vs_migrations"
	// KindLiveVsMigrations: the database is not what its applied migrations made of it.
	KindLiveVsMigrations Kind = "live_vs_migrations"
	// KindPending: a migration was not applied yet.
	KindPending Kind = "pending"
	// KindEdited: a migration was changed after it was applied.
	KindEdited Kind = "edited"
	// KindAhead: the database knows a migration this program does not.
	KindAhead Kind = "ahead"
	// KindFailed: a migration stopped halfway, or the directory does not agree with its atlas.sum.
	KindFailed Kind = "failed"
)

// Severity tells how urgent a finding is.
type Severity string

// An error can break the program or lose data; a warning is a difference that does neither by itself.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Finding is one disagreement.
type Finding struct {
	Kind     Kind           `json:"kind"`
	Severity Severity       `json:"severity"`
	Dialect  models.Dialect `json:"dialect"`
	// Object is a table, table.name of its part, the name of a view, function or the like, or a migration's version.
	Object string `json:"object"`
	// Change says what the models or the live database have that the migrations lack, such as "column added".
	Change string `json:"change"`
	// Expected describes the object as the models or, of a live database, the migrations want it, Actual as it is; one
	// is empty where the object is absent.
	Expected string `json:"expected,omitempty"`
	Actual   string `json:"actual,omitempty"`
	// SQL reconciles the object; findings of one table may share it. Empty means that a person must decide.
	SQL string `json:"sql,omitempty"`
	// File is the migration or model source file concerned, relative to the repository; Line counts from 1, 0 is unknown.
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	// Advice is one sentence that tells a developer what to do next.
	Advice string `json:"advice"`
}

// Report is the outcome of one check.
type Report struct {
	// Status is "in_sync", "drift" or "error"; an error means the check could not be made.
	Status    string         `json:"status"`
	Dialect   models.Dialect `json:"dialect"`
	CheckedAt time.Time      `json:"checked_at"`
	Findings  []Finding      `json:"findings"`
	// Error is the public reason of status "error".
	Error string `json:"error,omitempty"`
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
	return describeObject(change)
}

// describeObject names a type, the one thing outside of tables that is inspected.
func describeObject(change schema.Change) []Finding {
	name := func(o schema.Object) string {
		if enum, ok := o.(*schema.EnumType); ok {
			return enum.T
		}
		return ""
	}
	switch c := change.(type) {
	case *schema.AddObject:
		return []Finding{{Object: name(c.O), Change: "type added"}}
	case *schema.DropObject:
		return []Finding{{Object: name(c.O), Change: "type removed"}}
	case *schema.ModifyObject:
		return []Finding{{Object: name(c.To), Change: "type changed"}}
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
		if c.Change == schema.ChangeComment {
			return c.To.Name, "comment changed"
		}
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
	case *schema.AddPrimaryKey:
		return "", "primary key added"
	case *schema.DropPrimaryKey:
		return "", "primary key removed"
	case *schema.ModifyPrimaryKey:
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
	case *schema.AddAttr:
		return "", describeAttr(c.A, "added")
	case *schema.DropAttr:
		return "", describeAttr(c.A, "removed")
	case *schema.ModifyAttr:
		return "", describeAttr(c.To, "changed")
	}
	return "", "table changed"
}

// describeAttr tells a comment, which is an object of its own, from an option of the table.
func describeAttr(attr schema.Attr, what string) string {
	if _, ok := attr.(*schema.Comment); ok {
		return "comment " + what
	}
	return "table changed"
}
