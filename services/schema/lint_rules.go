package schema

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlcheck"
	"ariga.io/atlas/sql/sqlite"

	"resume-matcher/models"
)

// The codes of our own analyzers. Those of Postgres mean what they mean to the Atlas command line; TC101 is ours,
// for a change of type after which values may not fit.
const (
	codeConcurrently = "PG101"
	codeTransaction  = "PG103"
	codeRewrite      = "PG301"
	codeCheckScan    = "PG305"
	codeForeignScan  = "PG306"
	codeType         = "TC101"
)

// report gathers the diagnostics of one analyzer.
type report struct{ found []sqlcheck.Diagnostic }

func (r *report) add(s *migrate.Stmt, code, format string, args ...any) {
	r.found = append(r.found, sqlcheck.Diagnostic{Pos: s.Pos, Code: code, Text: fmt.Sprintf(format, args...)})
}

// analyzer calls judge with each change to a part of a table.
func analyzer(text string, judge func(r *report, f *sqlcheck.File, s *migrate.Stmt, table *schema.ModifyTable, part schema.Change)) sqlcheck.Analyzer {
	return sqlcheck.AnalyzerFunc(func(_ context.Context, p *sqlcheck.Pass) error {
		r := &report{}
		for _, c := range p.File.Changes {
			for _, change := range c.Changes {
				if table, ok := change.(*schema.ModifyTable); ok {
					for _, part := range table.Changes {
						judge(r, p.File, c.Stmt, table, part)
					}
				}
			}
		}
		if len(r.found) > 0 {
			p.Reporter.WriteReport(sqlcheck.Report{Text: text, Diagnostics: r.found})
		}
		return nil
	})
}

// typeAnalyzer warns of types that do not hold every value of the type before.
func typeAnalyzer(dialect models.Dialect) sqlcheck.Analyzer {
	return analyzer("types changed", func(r *report, _ *sqlcheck.File, s *migrate.Stmt, table *schema.ModifyTable, part schema.Change) {
		c, ok := part.(*schema.ModifyColumn)
		if !ok || !c.Change.Is(schema.ChangeType) {
			return
		}
		from, to := formatType(dialect, c.From), formatType(dialect, c.To)
		if !widens(c.From.Type.Type, c.To.Type.Type) {
			r.add(s, codeType, "Changing the type of %q.%q from %s to %s fails on or changes values that do not fit", table.T.Name, c.To.Name, from, to)
		}
		if dialect == models.Postgres && !isText(c.To.Type.Type) {
			r.add(s, codeRewrite, "Changing the type of %q.%q rewrites the table and locks it meanwhile", table.T.Name, c.To.Name)
		}
	})
}

// lockAnalyzer warns of statements that keep others from a Postgres table while they read all of it.
func lockAnalyzer() sqlcheck.Analyzer {
	return analyzer("tables locked", func(r *report, f *sqlcheck.File, s *migrate.Stmt, table *schema.ModifyTable, part schema.Change) {
		words := tokenize(s.Text)
		switch c := part.(type) {
		case *schema.AddIndex:
			switch {
			case !follow(words, "concurrently"):
				r.add(s, codeConcurrently, "Creating index %q keeps others from writing to %q until it is built: use CREATE INDEX CONCURRENTLY in a file of -- atlas:txmode none", c.I.Name, table.T.Name)
			case !transactionless(f.File):
				r.add(s, codeTransaction, "Index %q can't be built concurrently in a transaction: begin the file with -- atlas:txmode none", c.I.Name)
			}
		case *schema.AddCheck:
			if !follow(words, "not", "valid") {
				r.add(s, codeCheckScan, "Adding check %q locks %q while every row is read: add it NOT VALID, and validate it in a later statement", c.C.Name, table.T.Name)
			}
		case *schema.AddForeignKey:
			if !follow(words, "not", "valid") && !onNewColumns(table, c.F) {
				r.add(s, codeForeignScan, "Adding foreign key %q locks %q and %q while every row is read: add it NOT VALID, and validate it in a later statement",
					c.F.Symbol, table.T.Name, c.F.RefTable.Name)
			}
		}
	})
}

// follow tells whether the keywords stand one after the other somewhere.
func follow(words []sqlToken, keywords ...string) bool {
	for i := range len(words) - len(keywords) + 1 {
		same := slices.EqualFunc(words[i:i+len(keywords)], keywords, func(t sqlToken, keyword string) bool { return t.is(keyword) })
		if same {
			return true
		}
	}
	return false
}

// onNewColumns tells whether the same statement adds the key's columns: they are NULL in every row.
func onNewColumns(table *schema.ModifyTable, fk *schema.ForeignKey) bool {
	return !slices.ContainsFunc(fk.Columns, func(c *schema.Column) bool {
		return schema.Changes(table.Changes).IndexAddColumn(c.Name) < 0
	})
}

func formatType(dialect models.Dialect, c *schema.Column) string {
	format := postgres.FormatType
	if dialect == models.SQLite {
		format = sqlite.FormatType
	}
	text, err := format(c.Type.Type)
	if err != nil {
		return c.Type.Raw
	}
	return text
}

func isText(t schema.Type) bool {
	_, ok := t.(*schema.StringType)
	return ok
}

// widens tells whether every value of from is one of to.
func widens(from, to schema.Type) bool {
	switch to := to.(type) {
	case *schema.StringType:
		from, ok := from.(*schema.StringType)
		return ok && (to.Size == 0 || from.Size != 0 && from.Size <= to.Size)
	case *schema.IntegerType:
		from, ok := from.(*schema.IntegerType)
		return ok && integerBytes(from.T) <= integerBytes(to.T)
	case *schema.DecimalType:
		from, ok := from.(*schema.DecimalType)
		return ok && (to.Precision == 0 || from.Precision != 0 && from.Scale <= to.Scale && from.Precision-from.Scale <= to.Precision-to.Scale)
	case *schema.FloatType:
		from, ok := from.(*schema.FloatType)
		return ok && from.Precision <= to.Precision
	}
	return false
}

// integerBytes orders integer types by size.
func integerBytes(name string) int {
	switch strings.ToLower(name) {
	case "smallint", "int2":
		return 2
	case "bigint", "int8":
		return 8
	}
	return 4
}
