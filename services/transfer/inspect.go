package transfer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/schema"
)

// checkVersions makes sure that both schemas are the newest this program knows: only then do the models describe them.
func checkVersions(ctx context.Context, from, to Database) error {
	for _, d := range []struct {
		Database
		name string
	}{{from, "source"}, {to, "target"}} {
		status, err := schema.ReadStatus(ctx, d.Conns, d.Dialect)
		if err != nil {
			return err
		}
		if n := len(status.Pending); n > 0 {
			return models.NewError(models.KindSchemaNotReady, fmt.Sprintf(
				"The %s database lacks %d of this program's migrations. Run this with DATABASE_URL set to it, then copy again: resume-matcher migrate up", d.name, n))
		}
		dir, err := schema.Dir(d.Dialect)
		if err != nil {
			return err
		}
		files, err := dir.Files()
		if err != nil {
			return err
		}
		if status.Current != files[len(files)-1].Version() {
			return models.NewError(models.KindSchemaNotReady, fmt.Sprintf(
				"The %s database was migrated by a newer version of this program; copy with that version.", d.name))
		}
	}
	return nil
}

// checkColumns makes sure that both sides have the columns of the models and no others, for somebody may have changed a
// schema by hand. SQLite takes the quoted name of a column that is missing for a text, and would give that to every row;
// what a column holds that no model has would stay behind.
func (c *Copy) checkColumns(ctx context.Context) error {
	for _, end := range []struct {
		side
		name string
	}{{c.source, "source"}, {c.target.side, "target"}} {
		for _, t := range c.tables {
			columns, err := end.columns(ctx, t.table)
			if err != nil {
				return err
			}
			for _, column := range t.columns {
				if !slices.Contains(columns, column.name) {
					return errChanged(end.name, fmt.Sprintf("lacks the column %s of table %s", column.name, t.name))
				}
			}
			if len(columns) > len(t.columns) {
				return errChanged(end.name, fmt.Sprintf("has columns in table %s that this program does not know", t.name))
			}
		}
	}
	return nil
}

func errChanged(name, how string) error {
	return models.NewError(models.KindSchemaNotReady, fmt.Sprintf(
		"The %s database was changed by hand: it %s. This says how to mend it, with DATABASE_URL set to it: resume-matcher drift", name, how))
}

// inspect counts the rows of both sides and finds out where to go on.
func (c *Copy) inspect(ctx context.Context) error {
	var err error
	for _, t := range c.tables {
		if t.sourceRows, err = c.source.count(ctx, t.table, span{}); err != nil {
			return err
		}
		if t.targetRows, err = c.target.count(ctx, t.table, span{}); err != nil {
			return err
		}
		c.plan.Total += t.sourceRows
		c.plan.Present += t.targetRows
	}
	if c.options.Truncate {
		return c.planRemoval(ctx)
	}
	if c.fresh, err = c.isFresh(ctx); err != nil {
		return err
	}
	if c.fresh {
		c.plan.Present = 0
		return nil
	}
	for _, t := range c.tables {
		if t.targetRows == 0 {
			continue
		}
		same, err := c.comparePresent(ctx, t)
		if err != nil {
			return err
		}
		if !same {
			return c.occupied()
		}
	}
	return nil
}

func (c *Copy) planRemoval(ctx context.Context) error {
	c.plan.Present = 0
	for _, t := range c.all {
		n, err := c.target.count(ctx, t, span{})
		if err != nil {
			return err
		}
		c.plan.Removed += n
	}
	return nil
}

// isFresh tells whether the target holds something, but only what a server makes when it first starts: the default
// workspace under its first name, and periodic work that belongs to nobody.
func (c *Copy) isFresh(ctx context.Context) (bool, error) {
	made := map[string]string{
		models.Workspace{}.TableName(): fmt.Sprintf("id = '%s' AND name = '%s'", models.DefaultWorkspaceID, models.DefaultWorkspaceName),
		models.Task{}.TableName():      "workspace_id IS NULL",
		models.TaskSlot{}.TableName():  "true",
	}
	for _, t := range c.tables {
		if t.targetRows == 0 {
			continue
		}
		condition, ok := made[t.name]
		if !ok {
			return false, nil
		}
		var n int64
		err := c.target.db.QueryRowContext(ctx, "SELECT count(*) FROM "+quote(t.name)+" WHERE "+condition).Scan(&n)
		if err != nil || n != t.targetRows {
			return false, err
		}
	}
	return c.plan.Present > 0, nil
}

// comparePresent tells whether the target's rows are the first ones of the source, and sums the source's up.
func (c *Copy) comparePresent(ctx context.Context, t *tableCopy) (same bool, err error) {
	if t.last, err = c.target.lastKey(ctx, t.table); err != nil {
		return false, err
	}
	n, err := c.source.count(ctx, t.table, span{upTo: t.last})
	if err != nil || n != t.targetRows {
		return false, err
	}
	var source, target Digest
	hash := hasher{table: t.table}
	err = c.source.stream(ctx, t.table, span{upTo: t.last}, false, func(row []any) error {
		whole, first, err := hash.both(row)
		t.digest.add(whole)
		source.add(first)
		return err
	})
	if err != nil {
		return false, err
	}
	err = c.target.stream(ctx, t.table, span{}, false, func(row []any) error {
		// The second pass may or may not have been here.
		_, first, err := hash.both(row)
		target.add(first)
		c.advance(Comparing, t, c.plan.Present)
		return err
	})
	return source == target, err
}

func (c *Copy) occupied() error {
	var counts []string
	for _, t := range c.tables {
		if t.targetRows > 0 {
			counts = append(counts, fmt.Sprintf("%s %d", t.name, t.targetRows))
		}
	}
	return models.NewError(models.KindConflict, fmt.Sprintf(
		"The target holds %d rows that are no interrupted copy of this source (%s). Copy into an empty database, or remove them with --truncate.",
		c.plan.Present, strings.Join(counts, ", ")))
}
