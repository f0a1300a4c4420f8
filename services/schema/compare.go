package schema

import (
	"context"
	"database/sql"
	"strings"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/schema"

	"resume-matcher/models"
)

// ModelsVsMigrations compares the models with the files of dir and returns one finding for each difference, with
// the SQL of the migration that is missing. For SQLite dev is not used; for Postgres it is a connection to any server.
func ModelsVsMigrations(ctx context.Context, dialect models.Dialect, dir migrate.Dir, dev *sql.DB) ([]Finding, error) {
	c, err := newComparison(ctx, dialect, dir, models.All(), dev)
	if err != nil {
		return nil, err
	}
	return c.findings(ctx, KindModelsVsMigrations)
}

// comparison holds the differences between two schemas, and plans the statements that remove them.
type comparison struct {
	dialect models.Dialect
	scratch scratch
	changes []schema.Change
}

// newComparison finds what separates the files of dir from the tables of all.
func newComparison(ctx context.Context, dialect models.Dialect, dir migrate.Dir, all []any, dev *sql.DB) (*comparison, error) {
	s, err := newScratch(dialect, dev)
	if err != nil {
		return nil, err
	}
	statements, err := statementsOf(dialect, all)
	if err != nil {
		return nil, err
	}
	var from *schema.Schema
	err = s(ctx, func(drv migrate.Driver) error {
		if err := replay(ctx, drv, dir); err != nil {
			return err
		}
		from, err = drv.InspectSchema(ctx, "", nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	c := &comparison{dialect: dialect, scratch: s}
	err = s(ctx, func(drv migrate.Driver) error {
		if err := create(ctx, drv, statements); err != nil {
			return err
		}
		to, err := drv.InspectSchema(ctx, "", nil)
		if err != nil {
			return err
		}
		from.Name = to.Name
		// Only a normalised comparison sees changed CHECK expressions; the schema's own comment is not ours.
		c.changes, err = drv.SchemaDiff(from, to, schema.DiffNormalized(), schema.DiffSkipChanges(&schema.ModifySchema{}))
		return err
	})
	return c, err
}

// plan returns the statements that make changes.
func (c *comparison) plan(ctx context.Context, name string, changes []schema.Change) (plan *migrate.Plan, err error) {
	err = c.scratch(ctx, func(drv migrate.Driver) error {
		plan, err = drv.PlanChanges(ctx, name, changes, func(o *migrate.PlanOptions) {
			unqualified := ""
			o.SchemaQualifier = &unqualified
			o.Mode = migrate.PlanModeDeferred
			o.Indent = "  "
		})
		return err
	})
	return plan, err
}

func (c *comparison) findings(ctx context.Context, kind Kind) ([]Finding, error) {
	var out []Finding
	for _, change := range c.changes {
		plan, err := c.plan(ctx, "missing", []schema.Change{change})
		if err != nil {
			return nil, err
		}
		commands := make([]string, len(plan.Changes))
		for i, p := range plan.Changes {
			commands[i] = p.Cmd + ";"
		}
		found := describe(change)
		for i := range found {
			found[i].Kind, found[i].Dialect, found[i].SQL = kind, c.dialect, strings.Join(commands, "\n")
		}
		out = append(out, found...)
	}
	sortFindings(out)
	return out, nil
}
