package schema_test

import (
	"testing"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

// remake returns statements that make a table again with one part of its definition replaced.
func remake(table, old, replacement string) string {
	return "PRAGMA writable_schema = on; UPDATE sqlite_master SET sql = replace(sql, '" + old + "', '" + replacement +
		"') WHERE type = 'table' AND name = '" + table + "'; PRAGMA writable_schema = reset"
}

// cacheIndex returns statements that make the smallest table again with options.
func cacheIndex(options string) string {
	return "DROP TABLE llm_cache_index; CREATE TABLE llm_cache_index (cache_key text NOT NULL, entity_type text NOT NULL, entity_id text NOT NULL, " +
		"PRIMARY KEY (cache_key, entity_type, entity_id), CONSTRAINT fk_llm_cache_index_cache FOREIGN KEY (cache_key) REFERENCES llm_cache (cache_key) ON DELETE CASCADE) " +
		options + "; CREATE INDEX idx_llm_cache_index_entity ON llm_cache_index (entity_type, entity_id)"
}

func TestSQLiteManualChangesAreFound(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("needs SQLite")
	}
	testManualChanges(t, models.SQLite, []manualChange{
		{name: "column added", sql: "ALTER TABLE jobs ADD COLUMN note text", want: []string{"jobs.note: column added"}},
		{name: "column dropped", sql: "ALTER TABLE resumes DROP COLUMN cover_letter", want: []string{"resumes.cover_letter: column removed"}},
		{name: "column renamed", sql: "ALTER TABLE jobs RENAME COLUMN language TO lang",
			want: []string{"jobs.lang: column added", "jobs.language: column removed"}},
		{name: "column retyped", sql: remake("jobs", "`content` text", "`content` blob"), want: []string{"jobs.content: column changed"}},
		{name: "text size", sql: remake("jobs", "`content` text", "`content` varchar(20)"), want: []string{"jobs.content: column changed"}},
		{name: "numeric precision", sql: remake("resumes", "`is_master` numeric", "`is_master` numeric(5, 2)"), want: []string{"resumes.is_master: column changed"}},
		{name: "column collation", sql: remake("jobs", "`content` text", "`content` text COLLATE NOCASE"), want: []string{"jobs.content: column changed"}},
		{name: "null allowed", sql: remake("jobs", "`content` text NOT NULL", "`content` text NULL"), want: []string{"jobs.content: column changed"}},
		{name: "null forbidden", sql: remake("jobs", "`resume_id` text NULL", "`resume_id` text NOT NULL"), want: []string{"jobs.resume_id: column changed"}},
		{name: "default added", sql: remake("jobs", "`content` text NOT NULL", "`content` text NOT NULL DEFAULT ''''"), want: []string{"jobs.content: column changed"}},
		{name: "default changed", sql: remake("resumes", "`version` integer NOT NULL DEFAULT 1", "`version` integer NOT NULL DEFAULT 2"), want: []string{"resumes.version: column changed"}},
		{name: "default dropped", sql: remake("resumes", "`version` integer NOT NULL DEFAULT 1", "`version` integer NOT NULL"), want: []string{"resumes.version: column changed"}},
		{name: "check on a column", sql: remake("resumes", "`version` integer NOT NULL DEFAULT 1", "`version` integer NOT NULL DEFAULT 1 CHECK (version > 0)"), want: []string{"resumes.version: column changed"}},
		{name: "generated column added", sql: "ALTER TABLE jobs ADD COLUMN size integer GENERATED ALWAYS AS (length(content)) VIRTUAL", want: []string{"jobs.size: column added"}},
		{name: "check added", sql: remake("jobs", "PRIMARY KEY (`id`)", "PRIMARY KEY (`id`), CONSTRAINT `chk_short` CHECK (length(content) < 100)"), want: []string{"jobs.chk_short: check added"}},
		{name: "check dropped", sql: remake("resumes", ",\n  CONSTRAINT `chk_resumes_origin` CHECK (origin = ''upload'' OR origin = ''tailored'')", ""), want: []string{"resumes.chk_resumes_origin: check removed"}},
		{name: "check changed", sql: remake("resumes", "CHECK (origin = ''upload'' OR origin = ''tailored'')", "CHECK (origin = ''upload'')"), want: []string{"resumes.chk_resumes_origin: check changed"}},
		{name: "check with another letter case", sql: remake("resumes", "origin = ''tailored''", "origin = ''Tailored''"), want: []string{"resumes.chk_resumes_origin: check changed"}},
		{name: "unnamed check added", sql: remake("jobs", "PRIMARY KEY (`id`)", "PRIMARY KEY (`id`), CHECK (length(content) < 100)"), want: []string{"jobs.CHECK (length(content) < 100): check added"}},
		{name: "index added", sql: "CREATE INDEX idx_jobs_language ON jobs (language)", want: []string{"jobs.idx_jobs_language: index added"}},
		{name: "index dropped", sql: "DROP INDEX idx_jobs_content_hash", want: []string{"jobs.idx_jobs_content_hash: index removed"}},
		{name: "index made unique", sql: "DROP INDEX idx_jobs_content_hash; CREATE UNIQUE INDEX idx_jobs_content_hash ON jobs (content_hash)",
			want: []string{"jobs.idx_jobs_content_hash: index changed"}},
		{name: "unique index made plain", sql: "DROP INDEX idx_processed_jobs_job_id; CREATE INDEX idx_processed_jobs_job_id ON processed_jobs (job_id)",
			want: []string{"processed_jobs.idx_processed_jobs_job_id: index changed"}},
		{name: "index predicate changed", sql: "DROP INDEX uq_resumes_workspace_master; CREATE UNIQUE INDEX uq_resumes_workspace_master ON resumes (workspace_id) WHERE NOT is_master",
			want: []string{"resumes.uq_resumes_workspace_master: index changed"}},
		{name: "index predicate dropped", sql: "DROP INDEX uq_resumes_workspace_master; CREATE UNIQUE INDEX uq_resumes_workspace_master ON resumes (workspace_id)",
			want: []string{"resumes.uq_resumes_workspace_master: index changed"}},
		{name: "index columns reordered", sql: "DROP INDEX idx_jobs_workspace_created; CREATE INDEX idx_jobs_workspace_created ON jobs (created_at, workspace_id)",
			want: []string{"jobs.idx_jobs_workspace_created: index changed"}},
		{name: "index descending", sql: "DROP INDEX idx_jobs_workspace_created; CREATE INDEX idx_jobs_workspace_created ON jobs (workspace_id, created_at DESC)",
			want: []string{"jobs.idx_jobs_workspace_created: index changed"}},
		{name: "index collation", sql: "DROP INDEX idx_jobs_content_hash; CREATE INDEX idx_jobs_content_hash ON jobs (content_hash COLLATE NOCASE)",
			want: []string{"jobs.idx_jobs_content_hash: index changed"}},
		{name: "expression index", sql: "CREATE INDEX idx_lower ON jobs (lower(language))", want: []string{"jobs.idx_lower: index added"}},
		{name: "index that Atlas can't read", sql: "CREATE INDEX idx_partial ON jobs (language) where language <> 'en'", want: []string{"jobs.idx_partial: index added"}},
		{name: "foreign key dropped", sql: remake("jobs", ",\n  CONSTRAINT `fk_jobs_resume` FOREIGN KEY (`resume_id`) REFERENCES `resumes` (`id`) ON UPDATE NO ACTION ON DELETE SET NULL", ""),
			want: []string{"jobs.fk_jobs_resume: foreign key removed"}},
		{name: "foreign key added", sql: remake("llm_cache_index", "PRIMARY KEY", "CONSTRAINT `fk_extra` FOREIGN KEY (`entity_id`) REFERENCES `resumes` (`id`), PRIMARY KEY"),
			want: []string{"llm_cache_index.fk_extra: foreign key added"}},
		{name: "foreign key of a column", sql: "ALTER TABLE jobs ADD COLUMN other text REFERENCES resumes (id)", want: []string{"jobs.other: column added"}},
		{name: "foreign key action", sql: remake("jobs", "ON DELETE SET NULL", "ON DELETE CASCADE"), want: []string{"jobs.fk_jobs_resume: foreign key changed"}},
		{name: "foreign key target", sql: remake("jobs", "REFERENCES `resumes`", "REFERENCES `jobs`"), want: []string{"jobs.fk_jobs_resume: foreign key changed"}},
		{name: "foreign key deferrable", sql: remake("jobs", "ON DELETE SET NULL", "ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED"), want: []string{"jobs.fk_jobs_resume: foreign key changed"}},
		{name: "primary key changed", sql: remake("tasks", "PRIMARY KEY (`id`)", "PRIMARY KEY (`kind`)"), want: []string{"tasks: primary key changed"}},
		{name: "unique constraint", sql: "CREATE TABLE extra (a text UNIQUE, UNIQUE (a))", want: []string{"extra: table added"}},
		{name: "table added", sql: "CREATE TABLE extra (id integer PRIMARY KEY AUTOINCREMENT, note text); CREATE INDEX i ON extra (note)", want: []string{"extra: table added"}},
		{name: "table dropped", sql: "DROP TABLE tasks", want: []string{"tasks: table removed"}},
		{name: "table renamed", sql: "ALTER TABLE tasks RENAME TO jobs_to_do", want: []string{"jobs_to_do: table added", "tasks: table removed"}},
		{name: "strict table", sql: cacheIndex("STRICT"), want: []string{"llm_cache_index: table changed"}},
		{name: "table without rowid", sql: cacheIndex("WITHOUT ROWID"), want: []string{"llm_cache_index: table changed"}},
		{name: "view", sql: "CREATE VIEW v AS SELECT id FROM jobs", want: []string{"v: view added"}},
		{name: "trigger", sql: "CREATE TRIGGER tr AFTER DELETE ON jobs BEGIN DELETE FROM tasks; END", want: []string{"jobs.tr: trigger added"}},
		{name: "virtual table", sql: "CREATE VIRTUAL TABLE words USING fts5(text)", irreversible: true,
			want: []string{"words: table added", "words_config: table added", "words_content: table added", "words_data: table added", "words_docsize: table added", "words_idx: table added"}},
		{name: "several in one table", sql: "ALTER TABLE jobs ADD COLUMN a int; ALTER TABLE jobs DROP COLUMN language; CREATE TRIGGER tr AFTER DELETE ON jobs BEGIN SELECT 1; END",
			want: []string{"jobs.a: column added", "jobs.language: column removed", "jobs.tr: trigger added"}},
	})
}

func TestSQLiteLegalSituationsStaySilent(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("needs SQLite")
	}
	testLegal(t, []situation{
		{"rows", "INSERT INTO workspaces (id, name, created_at, last_used_at) VALUES ('w', 'n', '2026-01-01', '2026-01-01'); UPDATE workspaces SET name = 'm'; DELETE FROM workspaces"},
		{"statistics", "ANALYZE"},
		{"vacuum", "VACUUM"},
		{"reindex", "REINDEX"},
		{"optimize", "PRAGMA optimize"},
		{"table made again", cacheIndex("")},
		{"write-ahead log", "PRAGMA journal_mode = WAL"},
		{"page size", "PRAGMA page_size = 8192; VACUUM"},
		{"user version", "PRAGMA user_version = 7; PRAGMA application_id = 9"},
		{"auto vacuum", "PRAGMA auto_vacuum = FULL; VACUUM"},
		{"temporary table", "CREATE TEMPORARY TABLE extra (id int); CREATE TEMPORARY VIEW v AS SELECT 1"},
		{"attached database", "ATTACH ':memory:' AS other; CREATE TABLE other.extra (id int); DETACH other"},
		{"row of the command line", "INSERT INTO atlas_schema_revisions VALUES ('.atlas_cloud_identifier', 'id', 2, 0, 0, '2026-01-01 00:00:00+00:00', 0, '', '', '', 'null', 'Atlas CLI')"},
		{"index made again", "DROP INDEX idx_jobs_content_hash; create index \"idx_jobs_content_hash\"\n on [jobs] (content_hash ASC) -- again"},
		{"column made again", "ALTER TABLE tasks DROP COLUMN last_error; ALTER TABLE tasks ADD COLUMN last_error text NOT NULL DEFAULT 'x'; " +
			"ALTER TABLE tasks DROP COLUMN last_error; " + remake("tasks", "`progress` integer NOT NULL", "`last_error` text NOT NULL, `progress` integer NOT NULL")},
		{"nullable column made again", "ALTER TABLE resumes DROP COLUMN cover_letter; ALTER TABLE resumes ADD COLUMN \"cover_letter\" TEXT"},
		{"column renamed to and fro", "ALTER TABLE jobs RENAME COLUMN content TO body; ALTER TABLE jobs RENAME COLUMN body TO content"},
		{"table renamed to and fro", "ALTER TABLE tasks RENAME TO t2; ALTER TABLE t2 RENAME TO tasks"},
		{"referenced table renamed to and fro", "ALTER TABLE workspaces RENAME TO w2; ALTER TABLE w2 RENAME TO workspaces"},
		{"foreign key actions left out", remake("jobs", "ON UPDATE NO ACTION ", "")},
		{"default in parentheses", remake("resumes", "DEFAULT 1", "DEFAULT (1)")},
		{"table made and dropped", "CREATE TABLE extra (id integer PRIMARY KEY AUTOINCREMENT); DROP TABLE extra"},
		{"session settings", "PRAGMA foreign_keys = off; PRAGMA synchronous = full; PRAGMA cache_size = 10"},
	})
}
