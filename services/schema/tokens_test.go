package schema

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNormalizeSeesOnlyWhatMatters(t *testing.T) {
	for name, pair := range map[string][2]string{
		"whitespace":        {"CREATE  INDEX i\n ON t(a)", "CREATE INDEX i ON t (a)"},
		"quotes":            {"CREATE INDEX `i` ON [t] (\"a\")", "create index i on T (A)"},
		"comments":          {"CREATE INDEX i -- one\n ON t /* two */ (a)", "CREATE INDEX i ON t (a)"},
		"ascending":         {"CREATE INDEX i ON t (a ASC, b)", "CREATE INDEX i ON t (a, b)"},
		"null column":       {"text NULL", "text"},
		"no action":         {"REFERENCES t (a) ON UPDATE NO ACTION ON DELETE CASCADE", "REFERENCES t (a) ON DELETE CASCADE"},
		"default in parens": {"integer DEFAULT (2)", "integer DEFAULT 2"},
	} {
		assert.Equal(t, normalize(tokenize(pair[0])), normalize(tokenize(pair[1])), name)
	}
	for name, pair := range map[string][2]string{
		"string's letter case": {"CHECK (a = 'x')", "CHECK (a = 'X')"},
		"string's space":       {"CHECK (a = 'x y')", "CHECK (a = 'x  y')"},
		"not null":             {"text NOT NULL", "text"},
		"default null":         {"text DEFAULT NULL", "text"},
		"set null":             {"ON DELETE SET NULL", "ON DELETE SET"},
		"is null":              {"CHECK (a IS NULL)", "CHECK (a IS)"},
		"descending":           {"(a DESC)", "(a)"},
		"number in a word":     {"a1", "a 1"},
		"default expression":   {"DEFAULT (1 + 2)", "DEFAULT 1 + 2"},
		"doubled quote":        {"'it''s'", "'its'"},
	} {
		assert.NotEqual(t, normalize(tokenize(pair[0])), normalize(tokenize(pair[1])), name)
	}
}

func TestTableObjects(t *testing.T) {
	objects := tableObjects("t", "CREATE TABLE \"t\" (`id` text NOT NULL, price numeric(8,2) DEFAULT (0), \"check\" text, -- a, comment (\n"+
		"PRIMARY KEY (`id`), CONSTRAINT c CHECK (price > 0), CONSTRAINT f FOREIGN KEY (id) REFERENCES u (id), UNIQUE (price), CHECK (id <> ',')) WITHOUT ROWID, STRICT")
	var got [][2]string
	for _, o := range objects {
		got = append(got, [2]string{o.Kind + " " + o.Name, o.Definition})
	}
	require.Equal(t, [][2]string{
		{"table t", "table WITHOUT ROWID, STRICT"}, {"column t.id", "text NOT NULL"}, {"column t.price", "numeric(8, 2) DEFAULT (0)"},
		{"column t.check", "text"}, {"primary key t", "PRIMARY KEY (id)"}, {"check t.c", "CHECK (price > 0)"},
		{"foreign key t.f", "FOREIGN KEY (id) REFERENCES u(id)"}, {"unique constraint t.UNIQUE (price)", "UNIQUE (price)"},
		{"check t.CHECK (id <> ',')", "CHECK (id <> ',')"},
	}, got)
}

func FuzzTableObjects(f *testing.F) {
	for _, seed := range []string{"", "CREATE TABLE t (a text)", "CREATE TABLE t (a text, CHECK (a IN ('x', \")\")))", "CREATE VIRTUAL TABLE w USING fts5(a)",
		"CREATE TABLE t (", "'", "\"", "[", "/*", "CREATE TABLE t (,)", "CREATE TABLE t (CONSTRAINT a, CONSTRAINT)", "CREATE TABLE t AS SELECT 1", "\xff`\xfe`"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		objects := tableObjects("t", text)
		require.NotEmpty(t, objects)
		require.Equal(t, objects, tableObjects("t", text))
		again := tableObjects("t", "\n\t/* a remark */ -- and another\n"+text)
		require.Len(t, again, len(objects))
		for i := range again {
			require.Equal(t, objects[i].Compared, again[i].Compared)
		}
	})
}
