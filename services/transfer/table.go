package transfer

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm/migrator"
	"gorm.io/gorm/schema"
)

// kind tells how a column's values are read, compared and written.
type kind int

const (
	text kind = iota
	integer
	boolean
	float
	instant
	document
	blob
)

type column struct {
	name string
	kind kind
}

// table is what a model says about its table.
type table struct {
	name    string
	columns []column
	// key and selfRefs are places in columns: of the primary key, and of references to a row of the same table.
	key      []int
	selfRefs []int
}

// describe returns the tables of the given models, in their order.
func describe(all []any) ([]table, error) {
	var cache sync.Map
	tables := make([]table, 0, len(all))
	for _, model := range all {
		s, err := schema.Parse(model, &cache, schema.NamingStrategy{})
		if err != nil {
			return nil, fmt.Errorf("transfer: model %T: %w", model, err)
		}
		t, err := describeTable(s)
		if err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	return tables, nil
}

func describeTable(s *schema.Schema) (table, error) {
	t := table{name: s.Table}
	for _, field := range s.Fields {
		if field.DBName == "" {
			continue
		}
		k, ok := kindOf(field)
		if !ok {
			return t, fmt.Errorf("transfer: column %s.%s has a type that copy does not know: %s", s.Table, field.DBName, field.FieldType)
		}
		if field.PrimaryKey {
			t.key = append(t.key, len(t.columns))
		}
		t.columns = append(t.columns, column{field.DBName, k})
	}
	if len(t.key) == 0 {
		return t, fmt.Errorf("transfer: table %s has no primary key, by which copy keeps its place", s.Table)
	}
	for _, relation := range s.Relationships.BelongsTo {
		if relation.FieldSchema.Table != s.Table {
			continue
		}
		if len(relation.References) != 1 || len(t.key) != 1 {
			return t, fmt.Errorf("transfer: table %s refers to itself by more than one column", s.Table)
		}
		name := relation.References[0].ForeignKey.DBName
		t.selfRefs = append(t.selfRefs, slices.IndexFunc(t.columns, func(c column) bool { return c.name == name }))
	}
	return t, nil
}

func kindOf(field *schema.Field) (kind, bool) {
	goType := field.IndirectFieldType
	if _, ok := reflect.New(goType).Interface().(migrator.GormDataTypeInterface); ok {
		return document, true
	}
	switch goType.Kind() {
	case reflect.String:
		return text, true
	case reflect.Bool:
		return boolean, true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return integer, true
	case reflect.Float32, reflect.Float64:
		return float, true
	}
	if goType == reflect.TypeFor[time.Time]() {
		return instant, true
	}
	return blob, goType == reflect.TypeFor[[]byte]()
}

// names returns the quoted columns at places, or all of them.
func (t table) names(places []int) string {
	names := make([]string, 0, len(t.columns))
	for i, c := range t.columns {
		if places == nil || slices.Contains(places, i) {
			names = append(names, quote(c.name))
		}
	}
	return strings.Join(names, ", ")
}

// keyOf returns the primary key of a row.
func (t table) keyOf(row []any) []any {
	key := make([]any, len(t.key))
	for i, place := range t.key {
		key[i] = row[place]
	}
	return key
}

// keyText names a row in a message. Keys are random ids and hashes, nothing personal.
func (t table) keyText(key []any) string {
	parts := make([]string, len(key))
	for i, place := range t.key {
		parts[i] = fmt.Sprintf("%s %v", t.columns[place].name, key[i])
	}
	return strings.Join(parts, ", ")
}

// refersForward tells whether the row refers, at place, to a row of the same table that is copied after it.
func (t table) refersForward(row []any, place int) bool {
	return row[place] != nil && less(row[t.key[0]], row[place])
}

// firstPass returns the row as the first pass of a copy writes it, without references to rows that come later, and
// whether that is another row.
func (t table) firstPass(row []any) (first []any, changed bool) {
	for _, place := range t.selfRefs {
		if !t.refersForward(row, place) {
			continue
		}
		if !changed {
			row, changed = slices.Clone(row), true
		}
		row[place] = nil
	}
	return row, changed
}

// less orders two keys of one column as the databases are asked to order them.
func less(a, b any) bool {
	switch a := a.(type) {
	case string:
		b, ok := b.(string)
		return ok && a < b
	case int64:
		b, ok := b.(int64)
		return ok && a < b
	}
	return false
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
