package schema

import (
	"context"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"ariga.io/atlas/sql/migrate"
	"github.com/jackc/pgx/v5/pgconn"

	"resume-matcher/models"
)

// checkLive reads the live database: what was applied to it, and what it has become.
func (c *checker) checkLive(ctx context.Context) error {
	live, err := c.bench.live(ctx, c.Live)
	if err != nil {
		return err
	}
	history, err := readHistory(ctx, live.conn, c.Dialect)
	if err != nil {
		return err
	}
	if err := c.checkHistory(ctx, history); err != nil {
		return err
	}
	if !c.wants(KindLiveVsMigrations) || c.tampered {
		return nil
	}
	if len(ahead(c.files, history)) > 0 {
		// What an unknown migration did to the database can't be told from drift. That there is one is a finding.
		if c.wants(KindAhead) {
			return nil
		}
		return models.NewError(models.KindSchemaNotReady,
			"The database has migrations that this program does not know, so the two can't be compared; use the program version that brought them.")
	}
	statements, err := appliedStatements(c.Dialect, c.files, history)
	if err != nil {
		return err
	}
	replayed, err := c.replay(ctx, statements)
	if err != nil {
		return err
	}
	if err := c.compareLive(ctx, live, replayed, statements); err != nil {
		return err
	}
	if err := live.enter(ctx); err != nil {
		return err
	}
	after, err := readHistory(ctx, live.conn, c.Dialect)
	if err == nil && !slices.EqualFunc(history, after, func(a, b *migrate.Revision) bool { return reflect.DeepEqual(a, b) }) {
		return errMigratedMeanwhile
	}
	return err
}

// appliedStatements returns what the database ran, the first statements of a file that stopped halfway included.
func appliedStatements(dialect models.Dialect, files []migrate.File, history []*migrate.Revision) ([]string, error) {
	byVersion, baseline := map[string]*migrate.Revision{}, ""
	for _, r := range history {
		byVersion[r.Version] = r
		if r.Type == migrate.RevisionTypeBaseline {
			baseline = r.Version
		}
	}
	var out []string
	for _, f := range files {
		r := byVersion[f.Version()]
		if r == nil && f.Version() > baseline {
			continue
		}
		statements, err := statementsIn(dialect, []migrate.File{f})
		if err != nil {
			return nil, err
		}
		if r != nil && stopped(r) {
			statements = statements[:min(r.Applied, len(statements))]
		}
		out = append(out, statements...)
	}
	return out, nil
}

// compareLive finds what was changed by hand. The plan leads from the live database back to the migrations.
func (c *checker) compareLive(ctx context.Context, live, replayed *side, statements []string) error {
	actual, err := live.list(ctx)
	if err != nil {
		return err
	}
	expected, err := replayed.list(ctx)
	if err != nil {
		return err
	}
	if c.Dialect == models.Postgres {
		expected = withExtensions(expected, actual, statements)
	}
	different := differences(actual, expected)
	if len(different) == 0 {
		return nil
	}
	found, err := c.structural(ctx, live, replayed)
	if err != nil {
		return err
	}
	if c.Dialect == models.SQLite {
		found = withoutAnonymous(found, different)
		keepWords(found, actual, expected)
	}
	for i := range found {
		if found[i].SQL == "" {
			found[i].SQL = generatedColumn(found[i].Object, found[i].Expected)
		}
	}
	plain := objectFindings(different, found)
	for i := range plain {
		if c.Dialect == models.SQLite && plain[i].SQL == "" {
			plain[i].SQL = rebuild(plain[i].Object, actual, expected)
		}
	}
	for _, f := range append(found, plain...) {
		f.Kind = KindLiveVsMigrations
		c.findings = append(c.findings, f)
	}
	return nil
}

// structural returns the differences that Atlas understands and can plan for.
func (c *checker) structural(ctx context.Context, live, replayed *side) ([]Finding, error) {
	comparison, err := compare(ctx, live, replayed)
	var found []Finding
	if err == nil {
		found, err = comparison.findings(ctx)
	}
	if err != nil && ctx.Err() == nil && !errors.As(err, new(*pgconn.PgError)) {
		// Atlas can't read or plan everything a database accepts; the database's own words tell the difference all the
		// same. After an error of Postgres the transaction has ended, and so has the check.
		return nil, nil
	}
	for i := range found {
		found[i].Change = inverse(found[i].Change)
	}
	return found, err
}

// inverse says of the live database what the plan would undo.
func inverse(change string) string {
	switch {
	case strings.HasSuffix(change, " added"):
		return strings.TrimSuffix(change, "added") + "removed"
	case strings.HasSuffix(change, " removed"):
		return strings.TrimSuffix(change, "removed") + "added"
	}
	return change
}

// objectFindings describes the differences that found does not name already.
func objectFindings(different []difference, found []Finding) (out []Finding) {
	gone := map[string]bool{}
	for _, d := range different {
		if o := d.sample(); (o.Kind == "table" || o.Kind == "column") && (d.from == nil || d.to == nil) {
			gone[o.Name] = true
		}
	}
	for _, d := range different {
		o := d.sample()
		table, _, _ := strings.Cut(o.Table, ".")
		if o.Kind != "table" && (gone[o.Table] || gone[table]) || named(found, o) {
			continue
		}
		out = append(out, d.finding())
	}
	return out
}

// named tells whether a finding is about o. A table may have several, one of them for each kind of change.
func named(found []Finding, o *object) bool {
	return slices.ContainsFunc(found, func(f Finding) bool {
		if f.Object != o.Name {
			return false
		}
		return strings.Contains(o.Name, ".") || strings.HasPrefix(f.Change, o.Kind+" ")
	})
}

func (d difference) finding() Finding {
	o := d.sample()
	f := Finding{Object: o.Name, Change: o.Kind + " changed"}
	switch {
	case d.from == nil:
		f.Change, f.Expected, f.SQL = o.Kind+" removed", d.to.Definition, script(d.to.Create)
	case d.to == nil:
		f.Change, f.Actual, f.SQL = o.Kind+" added", d.from.Definition, script(d.from.Drop)
	default:
		f.Expected, f.Actual = d.to.Definition, d.from.Definition
		f.SQL = d.replacement()
	}
	return f
}

// replacement returns what turns the one side's object into the other's without losing more than its definition.
func (d difference) replacement() string {
	switch d.to.Kind {
	case "column":
		if d.to.Create == "" || strings.Contains(d.to.Definition, " GENERATED ") {
			return generatedColumn(d.to.Name, d.to.Definition)
		}
		// Atlas sees all of a Postgres column but its collation, which goes with the type.
		table, column, _ := strings.Cut(d.to.Name, ".")
		return "ALTER TABLE " + quoteIdent(table) + " ALTER COLUMN " + quoteIdent(column) + " TYPE " + afterType.Split(d.to.Definition, 2)[0] + ";"
	case "function", "procedure": // triggers depend on them, and they can be replaced
		return script(d.to.Create)
	}
	return script(d.from.Drop, d.to.Create)
}

var afterType = regexp.MustCompile(` (NOT NULL|DEFAULT) ?`)

func script(commands ...string) string {
	commands = slices.DeleteFunc(commands, func(s string) bool { return s == "" })
	if len(commands) == 0 {
		return ""
	}
	return strings.Join(commands, ";\n") + ";"
}

// generatedColumn returns the SQL that Atlas can't plan: that of a Postgres column whose values the server makes.
func generatedColumn(name, definition string) string {
	table, column, _ := strings.Cut(name, ".")
	alter := "ALTER TABLE " + quoteIdent(table)
	if i := strings.Index(definition, "GENERATED"); i >= 0 && strings.Contains(definition, " AS IDENTITY") {
		return alter + " ALTER COLUMN " + quoteIdent(column) + " ADD " + definition[i:] + ";"
	}
	if strings.Contains(definition, "GENERATED ALWAYS AS (") {
		// Its values follow from those of other columns, so that none are lost.
		return alter + " DROP COLUMN " + quoteIdent(column) + ";\n" + alter + " ADD COLUMN " + quoteIdent(column) + " " + definition + ";"
	}
	return ""
}

var createExtension = regexp.MustCompile(`(?i)^\s*create\s+extension\s+(?:if\s+not\s+exists\s+)?"?([a-z0-9_-]+)"?`)

// withExtensions adds the extensions that statements ask for. A database has each one once, so that a replay within
// it finds them there and makes none.
func withExtensions(expected, actual []object, statements []string) []object {
	out := slices.Clone(expected)
	for _, s := range statements {
		m := createExtension.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		same := func(o object) bool { return o.Kind == "extension" && o.Name == m[1] }
		if i := slices.IndexFunc(actual, same); i >= 0 && !slices.ContainsFunc(expected, same) {
			out = append(out, actual[i])
		}
	}
	return out
}
