// Package transfer copies everything one database holds into another one of either dialect, and proves that it did.
//
// Every table is copied in the order of its primary key, in batches that are each written as a whole. What a target
// holds after an interruption is therefore the beginning of every table, and a later copy of the same source goes on
// from there; it recognises its own work by comparing it with the source.
package transfer

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"resume-matcher/models"
)

// defaultBatchRows is how many rows are written at once if the caller does not say.
const defaultBatchRows = 5000

// maxBatchBytes ends a batch of large rows early; at most two batches are in memory.
const maxBatchBytes = 8 << 20

// Database is one side of a copy.
type Database struct {
	Conns   *sql.DB
	Dialect models.Dialect
}

// Options say what to copy and how.
type Options struct {
	// An SQLite target should be opened by models.OpenSQLiteAlone, so that nobody sees half a copy.
	From, To Database
	// Truncate removes what the target holds instead of refusing to copy into it.
	Truncate bool
	// BatchRows are written in one transaction; 0 means 5,000.
	BatchRows int
	// Progress, if set, is told after each batch, on the goroutine that copies.
	Progress func(Progress)
}

// Phase names a part of the work.
type Phase string

// The phases, in their order; the first one is skipped if the target is empty.
const (
	Comparing Phase = "comparing"
	Copying   Phase = "copying"
	Checking  Phase = "checking"
)

// Progress tells how many of a phase's rows are done, over all tables.
type Progress struct {
	Phase       Phase
	Table       string
	Done, Total int64
}

// Plan is what a copy is about to do, in rows.
type Plan struct {
	// Total is what the source holds, and Present what of it an interrupted copy has brought already.
	Total, Present int64
	// Removed is what the target holds and Truncate removes.
	Removed int64
}

// Result compares one table.
type Result struct {
	Table          string
	Source, Target Digest
}

// Equal tells whether both sides hold the same rows.
func (r Result) Equal() bool { return r.Source == r.Target }

// transient lists the models whose rows mean something only to the running processes that wrote them.
func transient() []any { return []any{&models.LLMFlight{}, &models.LLMFlightIndex{}} }

// Skipped names the tables that are not copied: the marks of model calls in progress, which end with the process
// that makes the call.
func Skipped() ([]string, error) {
	tables, err := describe(transient())
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.name
	}
	return names, err
}

// Copy is a copy that can be made: it holds a snapshot of the source and a lock on the target.
type Copy struct {
	options Options
	tables  []*tableCopy
	// all are the tables of tables and the transient ones.
	all      []table
	source   side
	snapshot *sql.Tx
	target   target
	plan     Plan
	// fresh tells that the target holds only what a server makes when it starts.
	fresh bool
	done  int64
}

// tableCopy is how far one table has come.
type tableCopy struct {
	table
	sourceRows, targetRows int64
	// last is the key of the last row that the target has.
	last []any
	// digest sums the source's rows up to last.
	digest Digest
}

// Prepare finds out whether the copy can be made, and what there is to do. It changes neither database; what it
// locks is free again after Close, which must be called unless there is an error.
//
// A target that holds anything but the beginning of the source is a KindConflict error unless o.Truncate is set; a
// schema that is not the newest on either side, or was changed by hand, is KindSchemaNotReady.
func Prepare(ctx context.Context, o Options) (*Copy, error) {
	if o.BatchRows <= 0 {
		o.BatchRows = defaultBatchRows
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	c := &Copy{options: o}
	if err := c.describe(); err != nil {
		return nil, err
	}
	if err := checkVersions(ctx, o.From, o.To); err != nil {
		return nil, err
	}
	err := c.open(ctx)
	if err == nil {
		err = c.checkColumns(ctx)
	}
	if err == nil {
		err = c.inspect(ctx)
	}
	if err != nil {
		//nolint:contextcheck // the target is freed after an interruption too
		return nil, errors.Join(readError(ctx, err), c.Close())
	}
	return c, nil
}

func (c *Copy) describe() error {
	var err error
	if c.all, err = describe(models.All()); err != nil {
		return err
	}
	skipped, err := Skipped()
	if err != nil {
		return err
	}
	for _, t := range c.all {
		if !slices.Contains(skipped, t.name) {
			c.tables = append(c.tables, &tableCopy{table: t})
		}
	}
	return nil
}

func (c *Copy) open(ctx context.Context) error {
	var err error
	if c.target, err = openTarget(ctx, c.options.To); err != nil {
		return err
	}
	c.snapshot, err = beginSnapshot(ctx, c.options.From)
	if err != nil {
		return err
	}
	c.source = side{dialect: c.options.From.Dialect, db: c.snapshot}
	return errors.Join(c.source.byteOrder(ctx), c.target.byteOrder(ctx))
}

// Plan tells what Run will do.
func (c *Copy) Plan() Plan { return c.plan }

// Close ends the snapshot and frees the target.
func (c *Copy) Close() error {
	var errs []error
	if c.snapshot != nil {
		if err := c.snapshot.Rollback(); !errors.Is(err, sql.ErrTxDone) {
			errs = append(errs, err)
		}
	}
	if c.target.conn != nil {
		errs = append(errs, c.target.close())
	}
	return errors.Join(errs...)
}

// Run copies and then compares all tables; the results are in the order of the tables.
func (c *Copy) Run(ctx context.Context) ([]Result, error) {
	if c.plan.Removed > 0 || c.fresh {
		if err := c.target.clear(ctx, c.all); err != nil {
			return nil, writeError(ctx, err)
		}
	}
	c.done = c.plan.Present
	for _, t := range c.tables {
		if err := c.copyTable(ctx, t); err != nil {
			return nil, err
		}
	}
	return c.check(ctx)
}

// beginSnapshot starts a transaction that sees the source as it is now, whatever is written to it meanwhile.
func beginSnapshot(ctx context.Context, d Database) (*sql.Tx, error) {
	if d.Dialect == models.SQLite {
		// Its transactions are serializable; the snapshot is taken by the first reading.
		return d.Conns.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	}
	tx, err := d.Conns.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	// Reading a large table takes longer than a server may allow its statements.
	for _, setting := range []string{"statement_timeout", "idle_in_transaction_session_timeout"} {
		if _, err := tx.ExecContext(ctx, "SET LOCAL "+setting+" = 0"); err != nil {
			return nil, errors.Join(err, tx.Rollback())
		}
	}
	return tx, nil
}
