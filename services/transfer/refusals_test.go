package transfer_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/transfer"
	"resume-matcher/tests/testdb"
)

func TestTargetThatHoldsRowsIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(db *gorm.DB) error{
		"a row of its own": func(db *gorm.DB) error {
			return db.Create(&models.Workspace{ID: id(7), Name: "Other"}).Error
		},
		"the same keys with other values": func(db *gorm.DB) error {
			return db.Create(&models.Workspace{ID: id(0), Name: "Other"}).Error
		},
		"a default workspace with another name": func(db *gorm.DB) error {
			return db.Create(&models.Workspace{ID: models.DefaultWorkspaceID, Name: "Mine"}).Error
		},
		"work of a person": func(db *gorm.DB) error {
			w := models.Workspace{ID: models.DefaultWorkspaceID, Name: models.DefaultWorkspaceName}
			return db.Create(&models.Task{Kind: "upload", Status: models.TaskQueued, WorkspaceID: &w.ID, Workspace: &w}).Error
		},
		"a default workspace in use": func(db *gorm.DB) error {
			w := models.Workspace{ID: models.DefaultWorkspaceID, Name: models.DefaultWorkspaceName}
			return db.Create(&models.Job{WorkspaceID: models.DefaultWorkspaceID, Workspace: &w}).Error
		},
	} {
		t.Run(name, func(t *testing.T) {
			source, target := newDatabase(t, testdb.Dialect()), newDatabase(t, testdb.Dialect())
			fill(t, source, 2)
			use(t, target, func(db *gorm.DB) { require.NoError(t, change(db)) })
			before := content(t, target)
			_, _, err := copyDatabase(t, source, target, transfer.Options{})
			requireKind(t, err, models.KindConflict)
			require.ErrorContains(t, err, "--truncate")
			require.ErrorContains(t, err, "workspaces 1")
			require.Equal(t, before, content(t, target), "a refused target is left alone")

			plan, results, err := copyDatabase(t, source, target, transfer.Options{Truncate: true})
			require.NoError(t, err)
			requireEqual(t, results)
			require.NotZero(t, plan.Removed)
			require.Zero(t, plan.Present)
			require.Equal(t, content(t, source), content(t, target))
		})
	}
}

func TestTargetThatOnlyAServerStartedOnIsNoObstacle(t *testing.T) {
	t.Parallel()
	for name, inSource := range map[string]bool{"source has one": true, "source has none": false} {
		t.Run(name, func(t *testing.T) {
			source, target := newDatabase(t, testdb.Dialect()), newDatabase(t, testdb.Dialect())
			fill(t, source, 2)
			row := func(at time.Time) *models.Workspace {
				return &models.Workspace{ID: models.DefaultWorkspaceID, Name: models.DefaultWorkspaceName, CreatedAt: at, LastUsedAt: at}
			}
			if inSource {
				use(t, source, func(db *gorm.DB) { create(t, db, row(noon)) })
			}
			use(t, target, func(db *gorm.DB) {
				create(t, db, row(noon.Add(time.Hour)), &models.TaskSlot{Kind: "cleanup", Slot: noon}, &models.Task{Kind: "cleanup", Status: models.TaskQueued})
			})
			plan, results, err := copyDatabase(t, source, target, transfer.Options{})
			require.NoError(t, err)
			requireEqual(t, results)
			require.Zero(t, plan.Present)
			require.Equal(t, content(t, source), content(t, target))
		})
	}
}

func TestSchemasMustBeTheNewest(t *testing.T) {
	t.Parallel()
	blank := func(t *testing.T) models.OpenOptions {
		o := testdb.Blank(t)
		use(t, o, func(db *gorm.DB) { require.NoError(t, db.Exec("SELECT 1").Error) })
		return o
	}
	newer := func(t *testing.T) models.OpenOptions {
		o := testdb.Migrated(t)
		use(t, o, func(db *gorm.DB) {
			for _, statement := range []string{
				"CREATE TABLE later AS SELECT * FROM atlas_schema_revisions WHERE version = (SELECT max(version) FROM atlas_schema_revisions)",
				"UPDATE later SET version = '29990101000000'",
				"INSERT INTO atlas_schema_revisions SELECT * FROM later",
			} {
				require.NoError(t, db.Exec(statement).Error)
			}
		})
		return o
	}
	for name, tt := range map[string]struct {
		from, to func(t *testing.T) models.OpenOptions
		want     []string
	}{
		"target without tables": {migrated, blank, []string{"target", "migrate up"}},
		"source without tables": {blank, migrated, []string{"source", "migrate up"}},
		"newer target":          {migrated, newer, []string{"target"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := copyDatabase(t, tt.from(t), tt.to(t), transfer.Options{})
			requireKind(t, err, models.KindSchemaNotReady)
			for _, want := range tt.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}

func TestRefusedRowIsNamed(t *testing.T) {
	t.Parallel()
	forEachPair(t, func(t *testing.T, from, to models.Dialect) {
		source, target := newDatabase(t, from), newDatabase(t, to)
		fill(t, source, 30)
		use(t, target, func(db *gorm.DB) {
			require.NoError(t, db.Exec("CREATE UNIQUE INDEX extra ON jobs (language) WHERE id >= '"+id(16)+"'").Error)
		})
		_, _, err := copyDatabase(t, source, target, transfer.Options{BatchRows: 20})
		requireKind(t, err, models.KindConflict)
		require.ErrorContains(t, err, "jobs with id "+id(17))

		use(t, target, func(db *gorm.DB) { require.NoError(t, db.Exec("DROP INDEX extra").Error) })
		_, results, err := copyDatabase(t, source, target, transfer.Options{})
		require.NoError(t, err)
		requireEqual(t, results)
	})
}

func TestTextThatPostgresRefusesIsNamed(t *testing.T) {
	t.Parallel()
	testdb.RequirePostgres(t)
	target := newDatabase(t, models.Postgres)
	for name, tt := range map[string]struct{ statement, value, want string }{
		"NUL":                {"UPDATE resumes SET title = ? WHERE id = ?", "a\x00b", "column title holds a NUL"},
		"invalid UTF-8":      {"UPDATE resumes SET title = CAST(? AS text) WHERE id = ?", "\xff\xfe", "column title holds text that is not UTF-8"},
		"escaped NUL":        {"UPDATE improvements SET result = ? WHERE id = ?", `{"a\\":["\u0000"]}`, "column result holds a NUL"},
		"escaped NUL in key": {"UPDATE improvements SET result = ? WHERE id = ?", `{"\u0000":1}`, "column result holds a NUL"},
		"half a surrogate":   {"UPDATE improvements SET result = ? WHERE id = ?", `{"a":"\ud83d"}`, "invalid input syntax for type json"},
		"no JSON":            {"UPDATE improvements SET result = ? WHERE id = ?", `{"a":`, "column result holds text that is no JSON"},
		"two JSON values":    {"UPDATE improvements SET result = ? WHERE id = ?", `1 2`, "column result holds text that is no JSON"},
		"too big a number":   {"UPDATE improvements SET result = ? WHERE id = ?", `1e200000`, "overflow"},
		"no time":            {"UPDATE improvements SET expires_at = ? WHERE id = ?", "tomorrow", "column expires_at holds a value of another type"},
		"no boolean":         {"UPDATE resumes SET is_master = ? WHERE id = ?", "maybe", "column is_master holds a value of another type"},
	} {
		t.Run(name, func(t *testing.T) {
			source := newDatabase(t, models.SQLite)
			fill(t, source, 9)
			use(t, source, func(db *gorm.DB) { require.NoError(t, db.Exec(tt.statement, tt.value, id(5)).Error) })
			_, _, err := copyDatabase(t, source, target, transfer.Options{Truncate: true})
			requireKind(t, err, models.KindConflict)
			require.ErrorContains(t, err, "id "+id(5))
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestOneCopyAtATime(t *testing.T) {
	t.Parallel()
	source, target := newDatabase(t, testdb.Dialect()), newDatabase(t, testdb.Dialect())
	var o transfer.Options
	var err error
	o.From, err = openSource(source)
	require.NoError(t, err)
	defer o.From.Conns.Close()
	o.To, err = openTarget(target)
	require.NoError(t, err)
	defer o.To.Conns.Close()
	c, err := transfer.Prepare(t.Context(), o)
	require.NoError(t, err)
	second, err := openTarget(target)
	if err == nil {
		defer second.Conns.Close()
		_, err = transfer.Prepare(t.Context(), transfer.Options{From: o.From, To: second})
	}
	requireKind(t, err, models.KindConflict)
	require.NoError(t, c.Close())
}

func TestSchemaChangedByHandIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ change, want string }{
		"column under another name": {"ALTER TABLE jobs RENAME COLUMN language TO lang", "it lacks the column language of table jobs"},
		"column of somebody else":   {"ALTER TABLE jobs ADD COLUMN extra text", "columns in table jobs that this program does not know"},
		"table that is gone":        {"DROP TABLE task_slots", "of table task_slots"},
	} {
		for _, end := range []string{"source", "target"} {
			t.Run(name+" in the "+end, func(t *testing.T) {
				source, target := newDatabase(t, testdb.Dialect()), newDatabase(t, testdb.Dialect())
				changed := map[string]models.OpenOptions{"source": source, "target": target}[end]
				use(t, changed, func(db *gorm.DB) { require.NoError(t, db.Exec(test.change).Error) })
				_, _, err := copyDatabase(t, source, target, transfer.Options{})
				requireKind(t, err, models.KindSchemaNotReady)
				require.ErrorContains(t, err, "The "+end+" database was changed by hand")
				require.ErrorContains(t, err, test.want)
			})
		}
	}
}
