package schema_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/tests/testdb"
)

// withFile returns a folder of the first three migrations and, in the directory of the tested dialect, one more.
func withFile(t *testing.T, name, text string) string {
	t.Helper()
	folder := onDisk(t, filesAfter(t, "0003")...)
	require.NoError(t, os.WriteFile(filepath.Join(folder, string(testdb.Dialect()), name), []byte(text), 0o600))
	require.NoError(t, schema.Hash(folder))
	return folder
}

// lint returns the codes and lines of the warnings about a file that comes after the first three.
func lint(t *testing.T, text string) (codes []string, lines []int) {
	t.Helper()
	linted, err := schema.Lint(t.Context(), schema.LintOptions{
		Dialect: testdb.Dialect(), Folder: withFile(t, "0004_next.sql", text), From: "0003", Dev: devServer(t),
	})
	require.NoError(t, err)
	require.Equal(t, []string{"0004_next.sql"}, linted.Files)
	for _, w := range linted.Warnings {
		assert.Equal(t, testdb.Dialect(), w.Dialect)
		assert.Equal(t, "0004_next.sql", w.File)
		assert.NotEmpty(t, w.Message)
		codes, lines = append(codes, w.Code), append(lines, w.Line)
	}
	return codes, lines
}

func TestLintOnBothDialects(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"nullable column":                   {"ALTER TABLE jobs ADD COLUMN note text;", nil},
		"column with a default":             {"ALTER TABLE jobs ADD COLUMN note text NOT NULL DEFAULT '';", nil},
		"new table with index":              {"CREATE TABLE notes (id text NOT NULL, PRIMARY KEY (id));\nCREATE UNIQUE INDEX uq_notes ON notes (id);", nil},
		"new table dropped again":           {"CREATE TABLE notes (id text NOT NULL, PRIMARY KEY (id));\nDROP TABLE notes;", nil},
		"drop table":                        {"DROP TABLE llm_usage;", []string{"DS102"}},
		"drop column":                       {"ALTER TABLE jobs DROP COLUMN language;", []string{"DS103"}},
		"rename table":                      {"ALTER TABLE llm_usage RENAME TO usage_of_llm;", []string{"BC101"}},
		"rename column":                     {"ALTER TABLE jobs RENAME COLUMN language TO tongue;", []string{"BC102"}},
		"rows only":                         {"UPDATE jobs SET language = 'en';", nil},
		"accepted by code":                  {"-- atlas:nolint DS103\nALTER TABLE jobs DROP COLUMN language;", nil},
		"accepted by class":                 {"-- atlas:nolint DS\nALTER TABLE jobs DROP COLUMN language;", nil},
		"accepted by analyzer":              {"-- atlas:nolint destructive\nALTER TABLE jobs DROP COLUMN language;", nil},
		"accepted in general":               {"-- atlas:nolint\nALTER TABLE jobs DROP COLUMN language;", nil},
		"accepted for the file":             {"-- atlas:nolint DS103\n\nCREATE TABLE notes (id text);\nALTER TABLE jobs DROP COLUMN language;", nil},
		"another code accepted":             {"-- atlas:nolint DS102 MF101\nALTER TABLE jobs DROP COLUMN language;", []string{"DS103"}},
		"accepted on another statement":     {"CREATE TABLE notes (id text);\n\n-- atlas:nolint\nCREATE TABLE more (id text);\n\nALTER TABLE jobs DROP COLUMN language;", []string{"DS103"}},
		"word in a text is not a statement": {"UPDATE jobs SET language = 'DROP TABLE jobs; RENAME TO x';", nil},
	} {
		t.Run(name, func(t *testing.T) {
			codes, _ := lint(t, c.text+"\n")
			require.Equal(t, c.want, codes)
		})
	}
}

func TestLintNamesTheLine(t *testing.T) {
	_, lines := lint(t, "CREATE TABLE notes (id text);\n\n-- Language is not used any more.\nALTER TABLE jobs DROP COLUMN language;\n")
	require.Equal(t, []int{4}, lines)
}

func TestPostgresOnlyLint(t *testing.T) {
	testdb.RequirePostgres(t)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"not null without default":  {"ALTER TABLE jobs ADD COLUMN note text NOT NULL;", []string{"MF103"}},
		"null to not null":          {"ALTER TABLE jobs ALTER COLUMN resume_id SET NOT NULL;", []string{"MF104"}},
		"index":                     {"CREATE INDEX i ON jobs (language);", []string{"PG101"}},
		"unique index":              {"CREATE UNIQUE INDEX i ON jobs (language);", []string{"MF101", "PG101"}},
		"concurrent index":          {"-- atlas:txmode none\n\nCREATE INDEX CONCURRENTLY i ON jobs (language);", nil},
		"concurrent in transaction": {"CREATE INDEX CONCURRENTLY i ON jobs (language);", []string{"PG103"}},
		"drop concurrently":         {"-- atlas:txmode none\n\nDROP INDEX CONCURRENTLY idx_jobs_content_hash;", nil},
		"check":                     {"ALTER TABLE jobs ADD CONSTRAINT c CHECK (language <> '');", []string{"PG305"}},
		"check not valid":           {"ALTER TABLE jobs ADD CONSTRAINT c CHECK (language <> '') NOT VALID;", nil},
		"foreign key":               {"ALTER TABLE jobs ADD CONSTRAINT f FOREIGN KEY (content_hash) REFERENCES workspaces (id);", []string{"PG306"}},
		"foreign key not valid":     {"ALTER TABLE jobs ADD CONSTRAINT f FOREIGN KEY (content_hash) REFERENCES workspaces (id) NOT VALID;", nil},
		"column that refers":        {"ALTER TABLE jobs ADD COLUMN other text NULL, ADD CONSTRAINT f FOREIGN KEY (other) REFERENCES workspaces (id);", nil},
		"drop foreign key":          {"ALTER TABLE jobs DROP CONSTRAINT fk_jobs_resume;", []string{"CD101"}},
		"wider integer":             {"ALTER TABLE llm_usage ADD COLUMN small integer;\nALTER TABLE llm_usage ALTER COLUMN small TYPE bigint;", []string{"PG301"}},
		"narrower integer":          {"ALTER TABLE resumes ALTER COLUMN upload_count TYPE integer;", []string{"PG301", "TC101"}},
		"narrower text":             {"ALTER TABLE jobs ALTER COLUMN language TYPE character varying(2);", []string{"TC101"}},
		"text to number":            {"ALTER TABLE jobs ALTER COLUMN language TYPE bigint USING language::bigint;", []string{"PG301", "TC101"}},
	} {
		t.Run(name, func(t *testing.T) {
			codes, _ := lint(t, c.text+"\n")
			require.Equal(t, c.want, codes)
		})
	}
}

// rebuilt is how SQLite tables are changed where ALTER TABLE can't: a new table takes the rows and the name.
func rebuilt(columns, names string) string {
	return "PRAGMA foreign_keys = off;\nCREATE TABLE `new_workspaces` (" + columns + ", PRIMARY KEY (`id`));\n" +
		"INSERT INTO `new_workspaces` (" + names + ") SELECT " + names + " FROM `workspaces`;\n" +
		"DROP TABLE `workspaces`;\nALTER TABLE `new_workspaces` RENAME TO `workspaces`;\n" +
		"CREATE INDEX `idx_workspaces_last_used_at` ON `workspaces` (`last_used_at`);\nPRAGMA foreign_keys = on;\n"
}

func TestLintOfSQLiteTableRebuilds(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("Postgres alters tables in place")
	}
	const all = "`id` text NOT NULL, `name` text NOT NULL, `created_at` datetime NOT NULL, `last_used_at` datetime NOT NULL"
	const names = "`id`, `name`, `created_at`, `last_used_at`"
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"column added":        {rebuilt(all+", `note` text NULL", names), nil},
		"column lost":         {rebuilt("`id` text NOT NULL, `created_at` datetime NOT NULL, `last_used_at` datetime NOT NULL", "`id`, `created_at`, `last_used_at`"), []string{"DS103"}},
		"type changed":        {rebuilt("`id` text NOT NULL, `name` integer NOT NULL, `created_at` datetime NOT NULL, `last_used_at` datetime NOT NULL", names), []string{"TC101"}},
		"not null":            {rebuilt(all+", `note` text NOT NULL", names), []string{"MF103"}},
		"loss accepted":       {"-- atlas:nolint DS103\n\n" + rebuilt("`id` text NOT NULL, `created_at` datetime NOT NULL, `last_used_at` datetime NOT NULL", "`id`, `created_at`, `last_used_at`"), nil},
		"unique index is new": {"CREATE UNIQUE INDEX i ON jobs (language);\n", []string{"MF101"}},
	} {
		t.Run(name, func(t *testing.T) {
			codes, _ := lint(t, c.text)
			require.Equal(t, c.want, codes)
		})
	}
}

func TestLintTakesTablesOfNewFilesToBeEmpty(t *testing.T) {
	folder, firstThree := onDisk(t), onDisk(t, filesAfter(t, "0003")...)
	all := len(programFiles(t))
	for name, c := range map[string]struct {
		o     schema.LintOptions
		files int
		warns bool
	}{
		"all new":            {schema.LintOptions{}, all, false},
		"after the first":    {schema.LintOptions{From: "0001"}, all - 1, true},
		"the newest only":    {schema.LintOptions{Folder: firstThree, Latest: 1}, 1, true},
		"more than are":      {schema.LintOptions{Latest: all + 6}, all, false},
		"none is new":        {schema.LintOptions{From: newest(t)}, 0, false},
		"of files on disk":   {schema.LintOptions{Folder: folder, From: newest(t)}, 0, false},
		"latest over a from": {schema.LintOptions{Latest: all, From: "0002"}, all, false},
	} {
		t.Run(name, func(t *testing.T) {
			c.o.Dialect, c.o.Dev = testdb.Dialect(), devServer(t)
			linted, err := schema.Lint(t.Context(), c.o)
			require.NoError(t, err)
			require.Len(t, linted.Files, c.files)
			require.Equal(t, c.warns, len(linted.Warnings) > 0, "%v", linted.Warnings)
		})
	}
}

func TestLintRefusesAnUnknownVersion(t *testing.T) {
	_, err := schema.Lint(t.Context(), schema.LintOptions{Dialect: testdb.Dialect(), From: "0099"})
	require.ErrorContains(t, err, "0099")
}

func TestLintOfABrokenFileIsAnError(t *testing.T) {
	_, err := schema.Lint(t.Context(), schema.LintOptions{
		Dialect: testdb.Dialect(), Folder: withFile(t, "0004_next.sql", "ALTER TABLE nowhere ADD COLUMN x text;\n"), From: "0003", Dev: devServer(t),
	})
	var public *models.Error
	require.ErrorAs(t, err, &public)
}

func TestPostgresOnlyIndexBuiltConcurrentlyCanBeReplayed(t *testing.T) {
	testdb.RequirePostgres(t)
	dir := programDir(t, map[string]string{
		"9004_index.sql": "-- atlas:txmode none\n\nCREATE INDEX CONCURRENTLY idx_jobs_language ON jobs (language);\nDROP INDEX CONCURRENTLY idx_jobs_language;\n",
	})
	conns := connect(t, testdb.Migrated(t))
	_, err := schema.UpDir(t.Context(), conns, models.Postgres, dir)
	require.NoError(t, err)
	report, err := schema.Check(t.Context(), schema.CheckOptions{Dialect: models.Postgres, Dir: dir, Live: conns})
	require.NoError(t, err)
	require.Empty(t, report.Findings)
}
