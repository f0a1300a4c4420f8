package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sort"
	"strings"

	"resume-matcher/models"
)

// target writes, on the one connection that holds the lock.
type target struct {
	side
	conn *sql.Conn
}

// openTarget takes a Postgres for this copy alone; an SQLite file was taken by its opening.
func openTarget(ctx context.Context, d Database) (target, error) {
	conn, err := d.Conns.Conn(ctx)
	if err != nil {
		return target{}, err
	}
	w := target{side{dialect: d.Dialect, db: conn}, conn}
	if d.Dialect == models.Postgres {
		if err := w.lock(ctx); err != nil {
			return target{}, errors.Join(err, conn.Close())
		}
	}
	return w, nil
}

// close frees the target and gives the connection back.
func (w target) close() error {
	var err error
	if w.dialect == models.Postgres {
		err = w.unlock(context.Background())
	}
	return errors.Join(err, w.conn.Close())
}

// atomically runs work in a transaction that is kept only if work succeeds and keep is set.
func (w target) atomically(ctx context.Context, keep bool, work func() error) error {
	if _, err := w.conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	err := work()
	if err == nil && keep {
		if _, err = w.conn.ExecContext(ctx, "COMMIT"); err == nil {
			return nil
		}
	}
	// Where the transaction is gone already, so is what it wrote.
	_, _ = w.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	return err
}

// write adds a batch of rows as a whole. Its error says which row is at fault, if one is.
func (w target) write(ctx context.Context, t table, rows [][]any) error {
	err := w.atomically(ctx, true, func() error { return w.insert(ctx, t, rows) })
	reason, refused := refusal(err)
	if !refused {
		return err
	}
	// The row at fault ends the shortest beginning of the batch that is refused too: no row needs a later one.
	n := sort.Search(len(rows)-1, func(i int) bool {
		tried := w.atomically(ctx, false, func() error { return w.insert(ctx, t, rows[:i+1]) })
		return tried != nil
	})
	return models.WrapError(models.KindConflict, fmt.Sprintf("The target refuses the row of table %s with %s: %s.",
		t.name, t.keyText(t.keyOf(rows[n])), reason), err)
}

func (w target) insert(ctx context.Context, t table, rows [][]any) error {
	if w.dialect == models.Postgres {
		return w.copyFrom(ctx, t, rows)
	}
	return w.insertMany(ctx, t, rows)
}

// refusal tells whether err is about a row's values, and why, without quoting them.
func refusal(err error) (reason string, refused bool) {
	if reason, refused = postgresRefusal(err); refused {
		return reason, true
	}
	return sqliteRefusal(err)
}

// link sets the references, at place, of rows that are there; pairs are their keys and the keys they refer to.
func (w target) link(ctx context.Context, t table, place int, pairs [][]any) error {
	if len(pairs) == 0 {
		return nil
	}
	query := fmt.Sprintf("UPDATE %s SET %s = $1 WHERE %s = $2", quote(t.name), quote(t.columns[place].name), t.names(t.key))
	return w.atomically(ctx, true, func() error {
		for _, pair := range pairs {
			if _, err := w.conn.ExecContext(ctx, query, pair[1], pair[0]); err != nil {
				return err
			}
		}
		return nil
	})
}

// clear removes all rows, of the tables that refer to others first.
func (w target) clear(ctx context.Context, tables []table) error {
	return w.atomically(ctx, true, func() error {
		if w.dialect == models.Postgres {
			return w.truncate(ctx, tables)
		}
		for i := len(tables) - 1; i >= 0; i-- {
			if _, err := w.conn.ExecContext(ctx, "DELETE FROM "+quote(tables[i].name)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w target) truncate(ctx context.Context, tables []table) error {
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = quote(t.name)
	}
	if _, err := w.conn.ExecContext(ctx, "SET LOCAL lock_timeout = '"+lockWait+"'"); err != nil {
		return err
	}
	_, err := w.conn.ExecContext(ctx, "TRUNCATE "+strings.Join(names, ", "))
	if isPostgres(err, lockNotAvailable) {
		return models.WrapError(models.KindConflict, "The target database is in use; stop the programs that use it.", err)
	}
	return err
}
