package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"ariga.io/atlas/sql/migrate"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/tests/testdb"
)

func BenchmarkLiveCheck(b *testing.B) {
	conns := connect(b, testdb.Migrated(b))
	o := schema.CheckOptions{Dialect: testdb.Dialect(), Live: conns, Only: []schema.Kind{schema.KindLiveVsMigrations}}
	for b.Loop() {
		report, err := schema.Check(b.Context(), o)
		require.NoError(b, err)
		require.Empty(b, report.Findings)
	}
}

func BenchmarkLiveCheckOfADriftedDatabase(b *testing.B) {
	conns := connect(b, testdb.Migrated(b))
	execute(b, conns, "ALTER TABLE jobs ADD COLUMN note text")
	o := schema.CheckOptions{Dialect: testdb.Dialect(), Live: conns}
	for b.Loop() {
		report, err := schema.Check(b.Context(), o)
		require.NoError(b, err)
		require.Len(b, report.Findings, 1)
	}
}

// manyTables returns a migration of n tables with columns, an index, a check and a foreign key each.
func manyTables(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "CREATE TABLE many_%d (id text NOT NULL, parent_id text NULL, name text NOT NULL, state text NOT NULL DEFAULT 'new', "+
			"n integer NOT NULL DEFAULT 0, a text NULL, b text NULL, c text NULL, PRIMARY KEY (id), "+
			"CONSTRAINT fk_many_%d FOREIGN KEY (parent_id) REFERENCES many_%d (id), CONSTRAINT chk_many_%d CHECK (n >= 0));\n"+
			"CREATE INDEX idx_many_%d ON many_%d (parent_id, name);\n", i, i, max(i-1, 0), i, i, i)
	}
	return text.String()
}

func BenchmarkCheck200Tables(b *testing.B) {
	dialect := testdb.Dialect()
	built, err := schema.Dir(dialect)
	require.NoError(b, err)
	files, err := built.Files()
	require.NoError(b, err)
	dir := memDir(b, append(files, migrate.NewLocalFile("9004_many.sql", []byte(manyTables(200-len(models.All()))))))
	live := []schema.Kind{schema.KindLiveVsMigrations, schema.KindPending, schema.KindEdited, schema.KindAhead, schema.KindFailed}
	for name, o := range map[string]schema.CheckOptions{
		"live":    {Only: live},
		"drifted": {Only: live},
		// The models know a few of the tables, so that all others are differences to inspect and to plan for.
		"models too": {},
	} {
		b.Run(name, func(b *testing.B) {
			conns := connect(b, testdb.Migrated(b))
			_, err = schema.UpDir(b.Context(), conns, dialect, dir)
			require.NoError(b, err)
			if name != "live" {
				execute(b, conns, "ALTER TABLE many_7 ADD COLUMN note text")
			}
			o.Dialect, o.Live, o.Dir = dialect, conns, dir
			for b.Loop() {
				report, err := schema.Check(b.Context(), o)
				require.NoError(b, err)
				require.Equal(b, name == "live", len(report.Findings) == 0)
			}
		})
	}
}
