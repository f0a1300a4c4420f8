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
	if i < 0 {
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
	create := expected[i].Create
	body := create[strings.IndexByte(create, '('):]
	draft := quoteIdent("new_" + table)
	commands := []string{
		"PRAGMA foreign_keys = off",
		"CREATE TABLE " + draft + " " + body,
		"INSERT INTO " + draft + " (" + columns + ") SELECT " + columns + " FROM " + quoteIdent(table),
		"DROP TABLE " + quoteIdent(table),
		"ALTER TABLE " + draft + " RENAME TO " + quoteIdent(table),
	}
	for _, o := range expected {
		if o.Table == table && (o.Kind == "index" || o.Kind == "trigger") {
			commands = append(commands, o.Create)
		}
	}
	return strings.Join(append(commands, "PRAGMA foreign_keys = on"), ";\n") + ";"
}

// keepTriggers makes the triggers of each table again that the SQL of a finding rebuilds: Atlas does not know them.
func keepTriggers(found []Finding, expected []object) {
	for i := range found {
		table, _, _ := strings.Cut(found[i].Object, ".")
		if !strings.Contains(found[i].SQL, "DROP TABLE `"+table+"`") {
			continue
		}
		for _, o := range expected {
			if o.Kind == "trigger" && o.Table == table {
				found[i].SQL += "\n" + o.Create + ";"
			}
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
