package schema

import (
	"slices"
	"strings"
)

// rebuild returns the statements that give an SQLite table, the one name begins with, its expected definition and
// keep its rows: SQLite can't alter most of what a table says.
func rebuild(name string, actual, expected []object) string {
	table, _, _ := strings.Cut(name, ".")
	i := slices.IndexFunc(expected, func(o object) bool { return o.Kind == "table" && o.Name == table })
	open := -1
	if i >= 0 {
		open = strings.IndexByte(expected[i].Create, '(')
	}
	if open < 0 {
		return ""
	}
	var kept []string
	for _, o := range expected {
		same := func(a object) bool { return a.Kind == "column" && strings.EqualFold(a.Name, o.Name) }
		if o.Table == table && o.Kind == "column" && slices.ContainsFunc(actual, same) && !strings.Contains(strings.ToLower(o.Compared), " as (") {
			kept = append(kept, quoteIdent(strings.TrimPrefix(o.Name, table+".")))
		}
	}
	columns := strings.Join(kept, ", ")
	draft := quoteIdent("new_" + table)
	commands := []string{
		// The second setting keeps a view of the table from getting in the way.
		"PRAGMA foreign_keys = off",
		"PRAGMA legacy_alter_table = on",
		"CREATE TABLE " + draft + " " + expected[i].Create[open:],
		"INSERT INTO " + draft + " (" + columns + ") SELECT " + columns + " FROM " + quoteIdent(table),
		"DROP TABLE " + quoteIdent(table),
		"ALTER TABLE " + draft + " RENAME TO " + quoteIdent(table),
	}
	commands = append(commands, creation(table, expected)[1:]...)
	return strings.Join(append(commands, "PRAGMA legacy_alter_table = off", "PRAGMA foreign_keys = on"), ";\n") + ";"
}

// creation returns the statements that make a table, with its indexes and triggers after it.
func creation(table string, expected []object) []string {
	out := []string{""}
	for _, o := range expected {
		switch {
		case o.Table != table:
		case o.Kind == "table":
			out[0] = o.Create
		case o.Kind == "index" || o.Kind == "trigger":
			out = append(out, o.Create)
		}
	}
	return out
}

// keepWords gives the findings whose SQL would make a table or column again SQL that keeps every word of its
// definition: Atlas leaves out what it does not know, such as a collation, a size or a trigger.
func keepWords(found []Finding, actual, expected []object) {
	for i := range found {
		table, _, _ := strings.Cut(found[i].Object, ".")
		if found[i].Change == "table removed" {
			found[i].SQL = strings.Join(creation(table, expected), ";\n") + ";"
			continue
		}
		remade := strings.Contains(found[i].SQL, "DROP TABLE `"+table+"`") || strings.Contains(found[i].SQL, " ADD COLUMN ")
		if sql := rebuild(table, actual, expected); remade && sql != "" {
			found[i].SQL = sql
		}
	}
}

// withoutAnonymous leaves out what Atlas could not name where the statement's own words tell the difference: it sees
// an unnamed constraint, or that of a column, apart from the place it is written.
func withoutAnonymous(found []Finding, different []difference) []Finding {
	return slices.DeleteFunc(found, func(f Finding) bool {
		table, _, _ := strings.Cut(f.Object, ".")
		return f.Expected == "" && f.Actual == "" && slices.ContainsFunc(different, func(d difference) bool { return d.sample().Table == table })
	})
}
