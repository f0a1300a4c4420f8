package transfer

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"resume-matcher/models"
)

// querier is a connection or a transaction.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// side reads one of the two databases, on one connection.
type side struct {
	dialect models.Dialect
	db      querier
	// collate is added to text keys so that they are ordered by their bytes, as SQLite and Go do.
	collate string
}

// byteOrder sets collate. A Postgres database that orders by bytes anyway is not told to, because then it can use
// the primary key's index, which is in the database's own order.
func (s *side) byteOrder(ctx context.Context) error {
	if s.dialect != models.Postgres {
		return nil
	}
	var bytewise bool
	// Servers before 15 don't tell the provider: theirs is libc.
	err := s.db.QueryRowContext(ctx, `SELECT coalesce(to_jsonb(d)->>'datlocprovider', 'c') = 'b'
		OR coalesce(to_jsonb(d)->>'datlocprovider', 'c') = 'c' AND datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8')
		FROM pg_database d WHERE datname = current_database()`).Scan(&bytewise)
	if err == nil && !bytewise {
		s.collate = ` COLLATE "C"`
	}
	return err
}

// columns returns the names that the columns of a table have in the database; none if there is no such table.
func (s side) columns(ctx context.Context, t table) ([]string, error) {
	query := "SELECT name FROM pragma_table_info($1)"
	if s.dialect == models.Postgres {
		query = "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped"
	}
	rows, err := s.db.QueryContext(ctx, query, t.name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// span bounds a reading by primary key: after excludes its row, upTo includes it; nil means no bound.
type span struct{ after, upTo []any }

// ordered returns the key's columns in byte order, each followed by suffix.
func (s side) ordered(t table, suffix string) string {
	parts := make([]string, len(t.key))
	for i, place := range t.key {
		parts[i] = quote(t.columns[place].name)
		if t.columns[place].kind == text {
			parts[i] += s.collate
		}
		parts[i] += suffix
	}
	return strings.Join(parts, ", ")
}

func (s side) where(t table, bounds span) (clause string, args []any) {
	var conditions []string
	bound := func(operator string, key []any) {
		marks := make([]string, len(key))
		for i, value := range key {
			args = append(args, value)
			marks[i] = fmt.Sprintf("$%d", len(args))
		}
		conditions = append(conditions, fmt.Sprintf("(%s) %s (%s)", s.ordered(t, ""), operator, strings.Join(marks, ", ")))
	}
	if bounds.after != nil {
		bound(">", bounds.after)
	}
	if bounds.upTo != nil {
		bound("<=", bounds.upTo)
	}
	if len(conditions) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(conditions, " AND "), args
}

func (s side) count(ctx context.Context, t table, bounds span) (rows int64, err error) {
	where, args := s.where(t, bounds)
	err = s.db.QueryRowContext(ctx, "SELECT count(*) FROM "+quote(t.name)+where, args...).Scan(&rows)
	return rows, err
}

// lastKey returns the greatest primary key, or nil if the table is empty.
func (s side) lastKey(ctx context.Context, t table) (key []any, err error) {
	query := fmt.Sprintf("SELECT %s FROM %s ORDER BY %s LIMIT 1", t.names(t.key), quote(t.name), s.ordered(t, " DESC"))
	rows, err := s.db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, rows.Err()
	}
	key = make([]any, len(t.key))
	if err := rows.Scan(pointers(key)...); err != nil {
		return nil, err
	}
	for i, place := range t.key {
		if key[i], err = normalize(t.columns[place].kind, key[i]); err != nil {
			return nil, err
		}
	}
	return key, rows.Err()
}

// stream passes the rows within bounds to visit one by one, in the order of their keys if sorted.
func (s side) stream(ctx context.Context, t table, bounds span, sorted bool, visit func(row []any) error) error {
	where, args := s.where(t, bounds)
	query := "SELECT " + t.names(nil) + " FROM " + quote(t.name) + where
	if sorted {
		query += " ORDER BY " + s.ordered(t, "")
	}
	return s.query(ctx, t, query, args, visit)
}

// streamForward passes the key and the reference of each row that refers, at place, to a row with a greater key.
func (s side) streamForward(ctx context.Context, t table, place int, visit func(keyAndRef []any) error) error {
	narrow := table{name: t.name, columns: []column{t.columns[t.key[0]], t.columns[place]}, key: []int{0}}
	query := fmt.Sprintf("SELECT %s FROM %s WHERE %s > %s",
		narrow.names(nil), quote(t.name), quote(t.columns[place].name)+s.collate, s.ordered(narrow, ""))
	return s.query(ctx, narrow, query, nil, visit)
}

func (s side) query(ctx context.Context, t table, query string, args []any, visit func(row []any) error) error {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	raw := make([]any, len(t.columns))
	into := pointers(raw)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		row := make([]any, len(raw))
		for i, c := range t.columns {
			if row[i], err = normalize(c.kind, raw[i]); err != nil {
				return rowError(t, raw, i, err)
			}
		}
		if err := visit(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

func pointers(values []any) []any {
	result := make([]any, len(values))
	for i := range values {
		result[i] = &values[i]
	}
	return result
}
