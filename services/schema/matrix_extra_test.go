package schema_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/tests/testdb"
)

// The programs' own migrations make tables only. These make one of everything else, to see it changed and removed.
const postgresExtras = `CREATE EXTENSION IF NOT EXISTS citext;
CREATE SEQUENCE numbers INCREMENT 5;
CREATE DOMAIN short AS text CHECK (length(VALUE) < 9);
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE COLLATION mine FROM "C";
CREATE TABLE extras (
  id bigint GENERATED ALWAYS AS IDENTITY,
  serial_id serial,
  name varchar(40) COLLATE "C" NOT NULL,
  price numeric(8, 2) NOT NULL DEFAULT 0,
  size integer GENERATED ALWAYS AS (length(name)) STORED,
  kind short,
  feeling mood,
  job_id text,
  PRIMARY KEY (id),
  CONSTRAINT uq_extras_name UNIQUE (name) DEFERRABLE,
  CONSTRAINT fk_extras_job FOREIGN KEY (job_id) REFERENCES jobs (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE UNLOGGED TABLE fast (id int PRIMARY KEY) WITH (fillfactor = 50);
COMMENT ON TABLE extras IS 'one of everything';
CREATE VIEW extra_names AS SELECT id, name FROM extras;
CREATE MATERIALIZED VIEW extra_count AS SELECT count(*) AS n FROM extras;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name = upper(NEW.name); RETURN NEW; END $$;
CREATE TRIGGER touching BEFORE INSERT ON extras FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE keep AS ON DELETE TO fast DO INSTEAD NOTHING;
ALTER TABLE extras ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON extras FOR SELECT TO PUBLIC USING (price > 0);
GRANT SELECT ON extra_names TO PUBLIC;
`

const sqliteExtras = "CREATE TABLE `extras` (\n  `id` integer NOT NULL PRIMARY KEY AUTOINCREMENT,\n  `name` varchar(40) NOT NULL COLLATE NOCASE,\n" +
	"  `price` numeric(8, 2) NOT NULL DEFAULT 0,\n  `size` integer AS (length(name)) VIRTUAL,\n  `job_id` text NULL,\n" +
	"  CONSTRAINT `fk_extras_job` FOREIGN KEY (`job_id`) REFERENCES `jobs` (`id`) DEFERRABLE INITIALLY DEFERRED\n);\n" +
	"CREATE TABLE `plain` (`id` text NOT NULL, `name` text NULL, PRIMARY KEY (`id`)) WITHOUT ROWID, STRICT;\n" +
	"CREATE VIEW `extra_names` AS SELECT id, name FROM extras;\n" +
	"CREATE TRIGGER `touching` AFTER INSERT ON `extras` BEGIN UPDATE extras SET name = upper(name) WHERE id = NEW.id; END;\n"

func testExtras(t *testing.T, text string, changes []manualChange) {
	dialect := testdb.Dialect()
	dir := programDir(t, map[string]string{"9004_extras.sql": text})
	o := schema.CheckOptions{Dialect: dialect, Dir: dir, Only: []schema.Kind{schema.KindLiveVsMigrations}}
	for _, change := range append(changes, manualChange{name: "nothing", sql: "SELECT 1"}) {
		if o.Live == nil {
			o.Live = connect(t, testdb.Migrated(t))
			_, err := schema.UpDir(t.Context(), o.Live, dialect, dir)
			require.NoError(t, err)
		}
		restored := t.Run(change.name, func(t *testing.T) {
			for range 2 {
				report, err := schema.Check(t.Context(), o)
				require.NoError(t, err)
				require.Empty(t, report.Findings)
			}
			execute(t, o.Live, change.sql)
			report, err := schema.Check(t.Context(), o)
			require.NoError(t, err)
			var got []string
			for _, f := range report.Findings {
				got = append(got, f.Object+": "+f.Change)
				require.NotEmpty(t, f.File, f.Object)
				require.Positive(t, f.Line)
			}
			require.Equal(t, change.want, got)
			if change.irreversible {
				return
			}
			reconcile(t, o.Live, report)
			report, err = schema.Check(t.Context(), o)
			require.NoError(t, err)
			require.Empty(t, report.Findings, "the SQL of the findings brings the database back")
		})
		if !restored || change.irreversible {
			o.Live = nil
		}
	}
}

func TestPostgresOnlyEverythingElseIsFoundMissing(t *testing.T) {
	testdb.RequirePostgres(t)
	testExtras(t, postgresExtras, []manualChange{
		{name: "extension dropped", sql: "DROP EXTENSION citext", want: []string{"citext: extension removed"}},
		{name: "sequence", sql: "DROP SEQUENCE numbers", want: []string{"numbers: sequence removed"}},
		{name: "sequence changed", sql: "ALTER SEQUENCE numbers INCREMENT 1", want: []string{"numbers: sequence changed"}},
		{name: "domain changed", sql: "ALTER DOMAIN short SET NOT NULL", want: []string{"short: domain changed"}, irreversible: true},
		{name: "enum value", sql: "ALTER TYPE mood ADD VALUE 'neither'", want: []string{"mood: type changed"}, irreversible: true},
		{name: "collation", sql: "DROP COLLATION mine", want: []string{"mine: collation removed"}},
		{name: "identity dropped", sql: "ALTER TABLE extras ALTER COLUMN id DROP IDENTITY", want: []string{"extras.id: column changed"}},
		{name: "identity changed", sql: "ALTER TABLE extras ALTER COLUMN id SET INCREMENT 7", want: []string{"extras.id: column changed"}, irreversible: true},
		{name: "column collation", sql: "ALTER TABLE extras DISABLE TRIGGER touching; DROP VIEW extra_names; ALTER TABLE extras DROP COLUMN size; ALTER TABLE extras ALTER COLUMN name TYPE varchar(40)",
			want: []string{"extra_names: grant to PUBLIC removed", "extra_names: view removed", "extras.name: column changed", "extras.size: column removed", "extras.touching: trigger changed"}, irreversible: true},
		{name: "precision", sql: "DROP POLICY own ON extras; ALTER TABLE extras ALTER COLUMN price TYPE numeric(9, 2)", want: []string{"extras.own: policy removed", "extras.price: column changed"}, irreversible: true},
		{name: "generation dropped", sql: "ALTER TABLE extras ALTER COLUMN size DROP EXPRESSION", want: []string{"extras.size: column changed"}},
		{name: "constraint no longer deferrable", sql: "ALTER TABLE extras DROP CONSTRAINT uq_extras_name, ADD CONSTRAINT uq_extras_name UNIQUE (name)",
			want: []string{"extras.uq_extras_name: unique constraint changed"}},
		{name: "foreign key no longer deferred", sql: "ALTER TABLE extras ALTER CONSTRAINT fk_extras_job NOT DEFERRABLE", want: []string{"extras.fk_extras_job: foreign key changed"}},
		{name: "logged", sql: "ALTER TABLE fast SET LOGGED", want: []string{"fast: persistence changed"}},
		{name: "storage options", sql: "ALTER TABLE fast SET (fillfactor = 70)", want: []string{"fast: storage options changed"}},
		{name: "comment", sql: "COMMENT ON TABLE extras IS NULL", want: []string{"extras: comment removed"}},
		{name: "view dropped", sql: "DROP VIEW extra_names", want: []string{"extra_names: grant to PUBLIC removed", "extra_names: view removed"}, irreversible: true},
		{name: "view changed", sql: "CREATE OR REPLACE VIEW extra_names AS SELECT id, name FROM extras WHERE price > 1", want: []string{"extra_names: view changed"}, irreversible: true},
		{name: "view option", sql: "ALTER VIEW extra_names SET (security_barrier)", want: []string{"extra_names: view changed"}, irreversible: true},
		{name: "materialized view", sql: "DROP MATERIALIZED VIEW extra_count", want: []string{"extra_count: materialized view removed"}},
		{name: "function changed", sql: "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'", want: []string{"touch(): function changed"}},
		{name: "function made to run as its owner", sql: "ALTER FUNCTION touch() SECURITY DEFINER", want: []string{"touch(): function changed"}},
		{name: "trigger dropped", sql: "DROP TRIGGER touching ON extras", want: []string{"extras.touching: trigger removed"}},
		{name: "trigger disabled", sql: "ALTER TABLE extras DISABLE TRIGGER touching", want: []string{"extras.touching: trigger changed"}},
		{name: "rule dropped", sql: "DROP RULE keep ON fast", want: []string{"fast.keep: rule removed"}},
		{name: "row security off", sql: "ALTER TABLE extras DISABLE ROW LEVEL SECURITY", want: []string{"extras: row security changed"}},
		{name: "policy dropped", sql: "DROP POLICY own ON extras", want: []string{"extras.own: policy removed"}},
		{name: "policy widened", sql: "ALTER POLICY own ON extras USING (true)", want: []string{"extras.own: policy changed"}},
		{name: "grant revoked", sql: "REVOKE SELECT ON extra_names FROM PUBLIC", want: []string{"extra_names: grant to PUBLIC removed"}},
	})
}

func TestSQLiteEverythingElseIsFoundMissing(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("needs SQLite")
	}
	testExtras(t, sqliteExtras, []manualChange{
		{name: "autoincrement dropped", sql: remake("extras", " AUTOINCREMENT", ""), want: []string{"extras.id: column changed"}},
		{name: "text size", sql: remake("extras", "varchar(40)", "varchar(80)"), want: []string{"extras.name: column changed"}},
		{name: "precision", sql: remake("extras", "numeric(8, 2)", "numeric(9, 2)"), want: []string{"extras.price: column changed"}},
		{name: "collation", sql: remake("extras", " COLLATE NOCASE", ""), want: []string{"extras.name: column changed"}},
		{name: "generated otherwise", sql: remake("extras", "length(name)", "length(name) + 1"), want: []string{"extras.size: column changed"}},
		{name: "no longer deferred", sql: remake("extras", " DEFERRABLE INITIALLY DEFERRED", ""), want: []string{"extras.fk_extras_job: foreign key changed"}},
		{name: "with rowid", sql: "DROP TABLE plain; CREATE TABLE plain (id text NOT NULL, name text, PRIMARY KEY (id)) STRICT", want: []string{"plain: table changed"}},
		{name: "no longer strict", sql: "DROP TABLE plain; CREATE TABLE plain (id text NOT NULL, name text, PRIMARY KEY (id)) WITHOUT ROWID", want: []string{"plain: table changed"}},
		{name: "view dropped", sql: "DROP VIEW extra_names", want: []string{"extra_names: view removed"}},
		{name: "view changed", sql: "DROP VIEW extra_names; CREATE VIEW extra_names AS SELECT id, name FROM extras WHERE price > 1", want: []string{"extra_names: view changed"}},
		{name: "trigger dropped", sql: "DROP TRIGGER touching", want: []string{"extras.touching: trigger removed"}},
		{name: "trigger changed", sql: "DROP TRIGGER touching; CREATE TRIGGER touching AFTER INSERT ON extras BEGIN SELECT 1; END", want: []string{"extras.touching: trigger changed"}},
		{name: "column added to a table with a trigger", sql: "ALTER TABLE extras ADD COLUMN note text", want: []string{"extras.note: column added"}},
		{name: "table with a trigger dropped", sql: "DROP TABLE extras", want: []string{"extras: table removed"}},
	})
}
