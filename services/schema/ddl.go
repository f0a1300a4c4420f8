// Package schema keeps the GORM models, the migration directories and the live database in agreement.
package schema

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	_ "modernc.org/sqlite" // the engine of the scratch databases

	"resume-matcher/models"
)

// DDL returns the statements that create the models' schema, each ended by a semicolon and a line break. It needs
// no server, and its text is the same on every run.
func DDL(dialect models.Dialect) (string, error) {
	statements, err := statementsOf(dialect, models.All())
	if err != nil {
		return "", err
	}
	return strings.Join(statements, ";\n") + ";\n", nil
}

func statementsOf(dialect models.Dialect, all []any) ([]string, error) {
	switch dialect {
	case models.Postgres:
		return postgresStatements(all)
	case models.SQLite:
		return sqliteStatements(all)
	}
	return nil, fmt.Errorf("no schema for dialect %q: want sqlite or postgres", dialect)
}

func postgresStatements(all []any) ([]string, error) {
	record := &recorder{}
	dialector := postgres.New(postgres.Config{Conn: record})
	record.explain = dialector.Explain
	db, ordered, err := openRecorder(dialector, all, true)
	if err != nil {
		return nil, err
	}
	if err := record.createTables(db, ordered); err != nil {
		return nil, err
	}
	// After all tables, so that tables may refer to one another in a circle.
	for _, model := range ordered {
		names, err := foreignKeys(db, model)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if err := db.Migrator().CreateConstraint(model, name); err != nil {
				return nil, err
			}
		}
	}
	return record.statements, nil
}

func sqliteStatements(all []any) ([]string, error) {
	engine, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer engine.Close()
	// GORM's dialector asks the engine for its version.
	record := &recorder{engine: engine}
	dialector := sqlite.New(sqlite.Config{Conn: record})
	record.explain = dialector.Explain
	// SQLite can't add a foreign key to a table later, so they stand inside.
	db, ordered, err := openRecorder(dialector, all, false)
	if err != nil {
		return nil, err
	}
	return record.statements, record.createTables(db, ordered)
}

// openRecorder returns a GORM handle on the recorder, and all with their join tables in order of dependence.
func openRecorder(dialector gorm.Dialector, all []any, foreignKeysApart bool) (*gorm.DB, []any, error) {
	db, err := gorm.Open(dialector, &gorm.Config{
		SkipDefaultTransaction:                   true,
		DisableAutomaticPing:                     true,
		DisableForeignKeyConstraintWhenMigrating: foreignKeysApart,
		Logger:                                   logger.Discard,
	})
	if err != nil {
		return nil, nil, err
	}
	orderer, ok := db.Migrator().(interface{ ReorderModels([]any, bool) []any })
	if !ok {
		return nil, nil, fmt.Errorf("the migrator %T can't order tables", db.Migrator())
	}
	return db, orderer.ReorderModels(all, true), nil
}

// createTables records the creation of each table and its indexes, in an order that does not change from run to
// run: GORM keeps constraints and indexes in maps.
func (r *recorder) createTables(db *gorm.DB, ordered []any) error {
	// One table a call: a call with several loses the join tables of many-to-many relations.
	for _, model := range ordered {
		first := len(r.statements)
		if err := db.Migrator().CreateTable(model); err != nil {
			return err
		}
		r.statements[first] = sortConstraints(r.statements[first])
		slices.Sort(r.statements[first+1:])
	}
	return nil
}

// sortConstraints puts the constraints of a CREATE TABLE statement, which follow its columns, in order.
func sortConstraints(create string) string {
	open := strings.IndexByte(create, '(')
	if open < 0 || !strings.HasSuffix(create, ")") {
		return create
	}
	parts := splitList(create[open+1 : len(create)-1])
	from := slices.IndexFunc(parts, func(p string) bool { return strings.HasPrefix(p, "CONSTRAINT ") })
	if from >= 0 {
		slices.Sort(parts[from:])
	}
	return create[:open+1] + strings.Join(parts, ",") + ")"
}

// splitList splits SQL at the commas outside of parentheses and quotes.
func splitList(list string) []string {
	var parts []string
	var quote rune
	depth, start := 0, 0
	for i, c := range list {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"' || c == '`':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			parts, start = append(parts, list[start:i]), i+1
		}
	}
	return append(parts, list[start:])
}

// foreignKeys returns the names of the foreign keys that model's own table holds, sorted.
func foreignKeys(db *gorm.DB, model any) ([]string, error) {
	stmt := &gorm.Statement{DB: db}
	if err := stmt.Parse(model); err != nil {
		return nil, err
	}
	var names []string
	for _, rel := range stmt.Schema.Relationships.Relations {
		if rel.Field.IgnoreMigration {
			continue
		}
		if c := rel.ParseConstraint(); c != nil && c.Schema == stmt.Schema {
			names = append(names, c.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// recorder is a gorm.ConnPool that keeps every statement instead of running it.
type recorder struct {
	engine     *sql.DB // answers queries; nil refuses them
	explain    func(sql string, vars ...any) string
	statements []string
}

var errNoQuery = errors.New("no query may be needed to create the models' schema")

// ExecContext keeps the statement.
func (r *recorder) ExecContext(_ context.Context, query string, args ...any) (sql.Result, error) {
	if len(args) > 0 {
		query = r.explain(query, args...)
	}
	r.statements = append(r.statements, query)
	return driver.RowsAffected(0), nil
}

// PrepareContext refuses.
func (r *recorder) PrepareContext(context.Context, string) (*sql.Stmt, error) { return nil, errNoQuery }

// QueryContext refuses.
func (r *recorder) QueryContext(context.Context, string, ...any) (*sql.Rows, error) {
	return nil, errNoQuery
}

// QueryRowContext asks the engine, where there is one.
func (r *recorder) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if r.engine == nil {
		return nil
	}
	return r.engine.QueryRowContext(ctx, query, args...)
}
