package transfer

import (
	"context"
	"errors"

	"resume-matcher/models"
)

// reportEvery is how many single rows pass between two reports of progress.
const reportEvery = 1000

// copyTable brings the rows of one table after those that are there: one goroutine reads the next batch while
// another writes the last one.
func (c *Copy) copyTable(ctx context.Context, t *tableCopy) error {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	batches := make(chan [][]any)
	var readErr error
	go func() {
		defer close(batches)
		readErr = c.readBatches(reading, t, batches)
	}()
	var err error
	for batch := range batches {
		if err != nil {
			continue
		}
		if err = c.target.write(ctx, t.table, batch); err != nil {
			stop()
			continue
		}
		c.done += int64(len(batch))
		c.options.Progress(Progress{Copying, t.name, c.done, c.plan.Total})
	}
	if err != nil {
		return writeError(ctx, err)
	}
	if readErr != nil {
		return readError(ctx, readErr)
	}
	for _, place := range t.selfRefs {
		if err := c.linkForward(ctx, t.table, place); err != nil {
			return err
		}
	}
	return nil
}

// readBatches sends the source's rows after t.last and adds them to t.digest.
func (c *Copy) readBatches(ctx context.Context, t *tableCopy, batches chan<- [][]any) error {
	hash := hasher{table: t.table, forPostgres: c.options.To.Dialect == models.Postgres}
	var batch [][]any
	size := 0
	send := func() error {
		if len(batch) == 0 {
			return nil
		}
		select {
		case batches <- batch:
			batch, size = nil, 0
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := c.source.stream(ctx, t.table, span{after: t.last}, true, func(row []any) error {
		h, err := hash.hash(row)
		if err != nil {
			return err
		}
		t.digest.add(h)
		row, _ = t.firstPass(row)
		batch = append(batch, row)
		size += len(hash.canonical)
		if len(batch) >= c.options.BatchRows || size >= maxBatchBytes {
			return send()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return send()
}

// linkForward is the second pass: it sets the references that the first one had to leave out.
func (c *Copy) linkForward(ctx context.Context, t table, place int) error {
	var pairs [][]any
	var failed error
	flush := func() error {
		failed = c.target.link(ctx, t, place, pairs)
		pairs = pairs[:0]
		return failed
	}
	err := c.source.streamForward(ctx, t, place, func(keyAndRef []any) error {
		pairs = append(pairs, keyAndRef)
		if len(pairs) >= c.options.BatchRows {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	if failed != nil {
		return writeError(ctx, failed)
	}
	if err != nil {
		return readError(ctx, err)
	}
	return nil
}

// check reads the target back and compares it with what was read of the source.
func (c *Copy) check(ctx context.Context) ([]Result, error) {
	c.done = 0
	results := make([]Result, 0, len(c.tables))
	for _, t := range c.tables {
		if err := c.target.setSequences(ctx, t.table); err != nil {
			return nil, writeError(ctx, err)
		}
		r := Result{Table: t.name, Source: t.digest}
		hash := hasher{table: t.table}
		err := c.target.stream(ctx, t.table, span{}, false, func(row []any) error {
			h, err := hash.hash(row)
			r.Target.add(h)
			c.advance(Checking, t, c.plan.Total)
			return err
		})
		if err != nil {
			return nil, readError(ctx, err)
		}
		results = append(results, r)
	}
	c.options.Progress(Progress{Checking, "", c.plan.Total, c.plan.Total})
	return results, nil
}

// advance counts one row and sometimes reports it.
func (c *Copy) advance(phase Phase, t *tableCopy, total int64) {
	if c.done++; c.done%reportEvery == 0 {
		c.options.Progress(Progress{phase, t.name, min(c.done, total), total})
	}
}

// readError makes a public error of one from reading, unless it is one.
func readError(ctx context.Context, err error) error {
	if errors.As(err, new(*models.Error)) {
		return err
	}
	if ctx.Err() != nil {
		return errInterrupted(ctx)
	}
	return models.WrapError(models.KindUnavailable, "Can't read the database. When it is there again, repeat the command without --truncate to go on.", err)
}

// writeError does the same for writing.
func writeError(ctx context.Context, err error) error {
	if errors.As(err, new(*models.Error)) {
		return err
	}
	if ctx.Err() != nil {
		return errInterrupted(ctx)
	}
	return models.WrapError(models.KindUnavailable,
		"Can't write to the target database. When that is possible again, repeat the command without --truncate to go on.", err)
}

func errInterrupted(ctx context.Context) error {
	return models.WrapError(models.KindUnavailable, "Interrupted. Repeat the command without --truncate to go on.", ctx.Err())
}
