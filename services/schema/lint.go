package schema

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"ariga.io/atlas/schemahcl"
	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	_ "ariga.io/atlas/sql/postgres/postgrescheck" // registers the analyzers of Postgres
	"ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlcheck"
	"ariga.io/atlas/sql/sqlclient"
	"ariga.io/atlas/sql/sqlite"
	_ "ariga.io/atlas/sql/sqlite/sqlitecheck" // registers the analyzers of SQLite

	"resume-matcher/models"
)

// LintOptions say which migrations to lint.
type LintOptions struct {
	Dialect models.Dialect
	// Folder holds one directory a dialect; empty means the program's own migrations.
	Folder string
	// From is the last version that databases with rows have: the files after it are linted, and the tables they make
	// themselves are taken to be empty. Without it every file is new, so that there is nothing to warn of.
	From string
	// Latest, if it is not 0, makes the last files that many the new ones, instead of From.
	Latest int
	// Dev is a connection to any Postgres server; its data is left alone.
	Dev *sql.DB
}

// Warning is a statement that loses data, may fail on the rows there are, or locks a large table.
type Warning struct {
	Dialect models.Dialect `json:"dialect"`
	// Code is that of the Atlas command line, as in "-- atlas:nolint DS103".
	Code    string `json:"code"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

// Linted is the outcome of Lint.
type Linted struct {
	Dialect models.Dialect `json:"dialect"`
	// From is the last version that was not linted, empty if all were new.
	From     string    `json:"from"`
	Files    []string  `json:"files"`
	Warnings []Warning `json:"warnings"`
}

// Lint runs the new migrations on an empty schema, one statement after the other, and warns of those that are
// dangerous on tables with rows and that no directive accepts.
func Lint(ctx context.Context, o LintOptions) (Linted, error) {
	result := Linted{Dialect: o.Dialect, From: o.From, Files: []string{}, Warnings: []Warning{}}
	dir, err := o.dir()
	if err != nil {
		return result, err
	}
	files, err := dir.Files()
	if err != nil {
		return result, err
	}
	first, err := o.firstNew(files)
	if err != nil {
		return result, err
	}
	result.From = ""
	if first > 0 {
		result.From = files[first-1].Version()
	}
	for _, f := range files[first:] {
		result.Files = append(result.Files, f.Name())
	}
	if first == 0 || first == len(files) {
		return result, nil
	}
	err = withBench(o.Dialect, o.Dev, func(b *bench) error {
		result.Warnings, err = lintFiles(ctx, b, files[:first], files[first:])
		return err
	})
	return result, err
}

func (o LintOptions) dir() (migrate.Dir, error) {
	if o.Folder == "" {
		return Dir(o.Dialect)
	}
	return DiskDir(o.Folder, o.Dialect)
}

// firstNew returns the index of the first file to lint.
func (o LintOptions) firstNew(files []migrate.File) (int, error) {
	switch {
	case o.Latest > 0:
		return max(0, len(files)-o.Latest), nil
	case o.From == "":
		return 0, nil
	}
	i := slices.IndexFunc(files, func(f migrate.File) bool { return f.Version() == o.From })
	if i < 0 {
		return 0, models.NewError(models.KindValidation, fmt.Sprintf("There is no %s migration of version %s to lint from.", o.Dialect, o.From))
	}
	return i + 1, nil
}

func lintFiles(ctx context.Context, b *bench, base, files []migrate.File) ([]Warning, error) {
	statements, err := statementsIn(b.dialect, base)
	if err != nil {
		return nil, err
	}
	side, err := b.replay(ctx, statements)
	if err != nil {
		return nil, err
	}
	l := linter{dialect: b.dialect, side: side, filled: map[string]bool{}}
	before, err := l.inspect(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range before.Tables {
		l.filled[t.Name] = true
	}
	warnings := []Warning{}
	for _, f := range files {
		found, err := l.lint(ctx, f)
		if err != nil {
			return nil, err
		}
		warnings = append(warnings, found...)
	}
	return warnings, nil
}

// linter goes through the new files in order.
type linter struct {
	dialect models.Dialect
	side    *side
	// filled are the tables that may hold rows.
	filled map[string]bool
}

func (l linter) inspect(ctx context.Context) (*schema.Schema, error) {
	drv, err := l.side.driver(ctx)
	if err != nil {
		return nil, err
	}
	return drv.InspectSchema(ctx, "", nil)
}

// lint runs the statements of a file and has the analyzers judge what they changed.
func (l linter) lint(ctx context.Context, f migrate.File) ([]Warning, error) {
	statements, err := fileStatements(l.dialect, f)
	if err != nil {
		return nil, err
	}
	checked := &sqlcheck.File{File: f}
	for _, s := range statements {
		changes, err := l.run(ctx, s.Text)
		if err != nil {
			return nil, err
		}
		checked.Changes = append(checked.Changes, &sqlcheck.Change{Changes: changes, Stmt: s})
	}
	var found []sqlcheck.Diagnostic
	drv, err := l.side.driver(ctx)
	if err != nil {
		return nil, err
	}
	pass := &sqlcheck.Pass{
		File: checked, Dev: &sqlclient.Client{Name: l.driverName(), Driver: drv},
		Reporter: sqlcheck.ReportWriterFunc(func(r sqlcheck.Report) { found = append(found, r.Diagnostics...) }),
	}
	analyzers, err := sqlcheck.AnalyzerFor(l.driverName(), reportOnly())
	if err != nil {
		return nil, err
	}
	// Ours come last: those of SQLite turn a rebuilt table into the changes that were meant.
	analyzers = append(analyzers, typeAnalyzer(l.dialect))
	if l.dialect == models.Postgres {
		analyzers = append(analyzers, lockAnalyzer())
	}
	if err := sqlcheck.Analyzers(analyzers).Analyze(ctx, pass); err != nil {
		return nil, err
	}
	return l.warnings(f, statements, found), nil
}

// reportOnly is the setting by which what destroys data is reported like the rest, instead of being an error.
func reportOnly() *schemahcl.Resource {
	return &schemahcl.Resource{Children: []*schemahcl.Resource{
		{Type: "destructive", Attrs: []*schemahcl.Attr{schemahcl.BoolAttr("error", false)}},
	}}
}

func (l linter) driverName() string {
	if l.dialect == models.Postgres {
		return postgres.DriverName
	}
	return sqlite.DriverName
}

// run runs a statement and returns what it did to tables that may hold rows.
func (l linter) run(ctx context.Context, statement string) (schema.Changes, error) {
	before, err := l.inspect(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.side.run(ctx, []string{statement}); err != nil {
		return nil, err
	}
	after, err := l.inspect(ctx)
	if err != nil {
		return nil, err
	}
	drv, err := l.side.driver(ctx)
	if err != nil {
		return nil, err
	}
	changes, err := drv.SchemaDiff(before, after, schema.DiffSkipChanges(&schema.ModifySchema{}))
	if err != nil {
		return nil, err
	}
	return l.onFilled(asRenames(statement, changes)), nil
}

// onFilled leaves out the changes to tables that can't hold rows yet.
func (l linter) onFilled(changes schema.Changes) schema.Changes {
	return slices.DeleteFunc(changes, func(change schema.Change) bool {
		switch c := change.(type) {
		case *schema.ModifyTable:
			return !l.filled[c.T.Name]
		case *schema.DropTable:
			return !l.filled[c.T.Name]
		case *schema.RenameTable:
			// The last step of a rebuild gives the new table the old one's name.
			rebuilt := strings.TrimPrefix(c.From.Name, "new_") == c.To.Name && l.filled[c.To.Name]
			if l.filled[c.From.Name] {
				l.filled[c.To.Name] = true
			}
			return !rebuilt && !l.filled[c.From.Name]
		}
		return false
	})
}

// asRenames turns the removal and addition that a comparison sees into the renaming that statement asks for.
func asRenames(statement string, changes schema.Changes) schema.Changes {
	if !slices.ContainsFunc(tokenize(statement), func(t sqlToken) bool { return t.is("rename") }) {
		return changes
	}
	var dropped *schema.DropTable
	var made *schema.AddTable
	for _, change := range changes {
		switch c := change.(type) {
		case *schema.DropTable:
			dropped = c
		case *schema.AddTable:
			made = c
		case *schema.ModifyTable:
			c.Changes = asColumnRename(c.Changes)
		}
	}
	if dropped != nil && made != nil {
		return schema.Changes{&schema.RenameTable{From: dropped.T, To: made.T}}
	}
	return changes
}

func asColumnRename(changes schema.Changes) schema.Changes {
	drop := slices.IndexFunc(changes, func(c schema.Change) bool { _, ok := c.(*schema.DropColumn); return ok })
	add := slices.IndexFunc(changes, func(c schema.Change) bool { _, ok := c.(*schema.AddColumn); return ok })
	if drop < 0 || add < 0 {
		return changes
	}
	from, to := changes[drop].(*schema.DropColumn), changes[add].(*schema.AddColumn)
	return schema.Changes{&schema.RenameColumn{From: from.C, To: to.C}}
}

// warnings gives each diagnostic its place, and leaves out those that a directive accepts.
func (l linter) warnings(f migrate.File, statements []*migrate.Stmt, found []sqlcheck.Diagnostic) []Warning {
	var out []Warning
	for _, d := range found {
		if accepted(f, statements, d) {
			continue
		}
		out = append(out, Warning{
			Dialect: l.dialect, Code: d.Code, File: f.Name(), Line: lineAt(f.Bytes(), d.Pos), Message: d.Text,
		})
	}
	slices.SortFunc(out, func(a, b Warning) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(out)
}

// accepted tells whether the head of the file or a comment on the statement accepts a diagnostic.
func accepted(f migrate.File, statements []*migrate.Stmt, d sqlcheck.Diagnostic) bool {
	var directives []string
	if local, ok := f.(*migrate.LocalFile); ok {
		directives = local.Directive("nolint")
	}
	for _, s := range statements {
		if s.Pos == d.Pos {
			directives = append(directives, s.Directive("nolint")...)
		}
	}
	return slices.ContainsFunc(directives, func(arguments string) bool {
		words := strings.Fields(arguments)
		return len(words) == 0 || slices.ContainsFunc(words, func(word string) bool {
			return strings.HasPrefix(d.Code, cmp.Or(analyzerClass(word), word))
		})
	})
}

// analyzerClass returns the letters that the codes of an analyzer begin with.
func analyzerClass(name string) string {
	switch name {
	case "destructive":
		return "DS"
	case "data_depend":
		return "MF"
	case "incompatible":
		return "BC"
	case "condrop":
		return "CD"
	case "concurrent_index":
		return "PG10"
	}
	return ""
}
