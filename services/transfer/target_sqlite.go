package transfer

import (
	"context"
	"errors"
	"fmt"
	"strings"

	modernc "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// maxParameters bounds the values of one INSERT; more of them make it no faster.
const maxParameters = 2000

// insertMany adds rows by INSERTs of many rows each.
func (w target) insertMany(ctx context.Context, t table, rows [][]any) error {
	atOnce := min(max(maxParameters/len(t.columns), 1), len(rows))
	statement, err := w.conn.PrepareContext(ctx, insertStatement(t, atOnce))
	if err != nil {
		return err
	}
	defer statement.Close()
	args := make([]any, 0, atOnce*len(t.columns))
	for ; len(rows) >= atOnce; rows = rows[atOnce:] {
		args = flatten(args[:0], rows[:atOnce])
		if _, err := statement.ExecContext(ctx, args...); err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err = w.conn.ExecContext(ctx, insertStatement(t, len(rows)), flatten(args[:0], rows)...)
	return err
}

func flatten(values []any, rows [][]any) []any {
	for _, row := range rows {
		values = append(values, row...)
	}
	return values
}

func insertStatement(t table, rows int) string {
	marks := "(?" + strings.Repeat(", ?", len(t.columns)-1) + ")"
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES %s%s", quote(t.name), t.names(nil), marks, strings.Repeat(", "+marks, rows-1))
}

func sqliteRefusal(err error) (reason string, refused bool) {
	switch sqliteCode(err) {
	case sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG:
		return err.Error(), true
	}
	return "", false
}

// sqliteCode returns the primary result code, or 0.
func sqliteCode(err error) int {
	var e *modernc.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}
