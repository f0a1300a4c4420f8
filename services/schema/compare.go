package schema

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/schema"

	"resume-matcher/models"
)

// ModelsVsMigrations compares the models with the files of dir and returns one finding for each difference, with
// the SQL of the migration that is missing. For SQLite dev is not used; for Postgres it is a connection to any server.
func ModelsVsMigrations(ctx context.Context, dialect models.Dialect, dir migrate.Dir, dev *sql.DB) ([]Finding, error) {
	report, err := Check(ctx, CheckOptions{Dialect: dialect, Dir: dir, Dev: dev, Only: []Kind{KindModelsVsMigrations}})
	return report.Findings, err
}

// comparison holds the differences between two sides, and plans the statements that lead from the one to the other.
type comparison struct {
	from, to *side
	changes  []schema.Change
}

// compare finds what separates two sides. It asks for Atlas's inspection, which takes most of a check's time, only
// if the database itself describes them differently.
func compare(ctx context.Context, from, to *side) (*comparison, error) {
	c := &comparison{from: from, to: to}
	before, err := from.list(ctx)
	if err != nil {
		return nil, err
	}
	after, err := to.list(ctx)
	if err != nil {
		return nil, err
	}
	tables := inspectable(differences(before, after))
	if len(tables) == 0 {
		return c, nil
	}
	fromSchema, _, err := from.inspect(ctx, tables)
	if err != nil {
		return nil, err
	}
	toSchema, drv, err := to.inspect(ctx, tables)
	if err != nil {
		return nil, err
	}
	fromSchema.Name = toSchema.Name
	// Only a normalised comparison sees changed CHECK expressions; the schema's own comment is not ours.
	c.changes, err = drv.SchemaDiff(fromSchema, toSchema, schema.DiffNormalized(), schema.DiffSkipChanges(&schema.ModifySchema{}))
	return c, err
}

// inspectable returns the tables with a difference that Atlas can see.
func inspectable(different []difference) (tables []string) {
	for _, d := range different {
		o := d.sample()
		switch o.Kind {
		case "table", "column", "comment", "primary key", "check", "foreign key", "unique constraint", "exclusion constraint", "index":
			if !slices.Contains(tables, o.Table) {
				tables = append(tables, o.Table)
			}
		}
	}
	return tables
}

// inspect returns those of tables that the side has.
func (s *side) inspect(ctx context.Context, tables []string) (*schema.Schema, migrate.Driver, error) {
	drv, err := s.driver(ctx)
	if err != nil {
		return nil, nil, err
	}
	inspected, err := drv.InspectSchema(ctx, "", &schema.InspectOptions{Tables: tables})
	return inspected, drv, err
}

// plan returns the statements that make changes.
func (c *comparison) plan(ctx context.Context, name string, changes []schema.Change) (*migrate.Plan, error) {
	drv, err := c.to.driver(ctx)
	if err != nil {
		return nil, err
	}
	return planChanges(ctx, drv, name, changes)
}

func planChanges(ctx context.Context, drv migrate.Driver, name string, changes []schema.Change) (*migrate.Plan, error) {
	return drv.PlanChanges(ctx, name, changes, func(o *migrate.PlanOptions) {
		unqualified := ""
		o.SchemaQualifier = &unqualified
		o.Mode = migrate.PlanModeDeferred
		o.Indent = "  "
	})
}

// findings describes the changes; a finding's Expected is what the to side has, Actual what the from side has.
func (c *comparison) findings(ctx context.Context) ([]Finding, error) {
	if len(c.changes) == 0 {
		return nil, nil
	}
	drv, err := c.to.driver(ctx)
	if err != nil {
		return nil, err
	}
	var out []Finding
	for _, change := range c.changes {
		sql := commands(ctx, drv, change)
		for _, f := range describe(change) {
			f.SQL = sql
			f.Expected = definitionOf(c.to.cached, f.Object, f.Change)
			f.Actual = definitionOf(c.from.cached, f.Object, f.Change)
			out = append(out, f)
		}
	}
	return out, nil
}

// commands returns the SQL of a change, nothing where Atlas knows no way to make it.
func commands(ctx context.Context, drv migrate.Driver, change schema.Change) string {
	plan, err := planChanges(ctx, drv, "missing", []schema.Change{change})
	if err != nil {
		return ""
	}
	out := make([]string, len(plan.Changes))
	for i, p := range plan.Changes {
		out[i] = p.Cmd + ";"
	}
	return strings.Join(out, "\n")
}

// withBench runs work on a bench and cleans it up, whatever comes of it.
func withBench(dialect models.Dialect, dev *sql.DB, work func(*bench) error) (err error) {
	b, err := newBench(dialect, dev)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	return work(b)
}
