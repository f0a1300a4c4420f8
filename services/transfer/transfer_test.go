package transfer_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/transfer"
	"resume-matcher/tests/testdb"
)

// content reads all rows of the models that are copied, as the program sees them.
func content(t testing.TB, o models.OpenOptions) map[string]any {
	t.Helper()
	skipped, err := transfer.Skipped()
	require.NoError(t, err)
	all := map[string]any{}
	use(t, o, func(db *gorm.DB) {
		for _, model := range models.All() {
			statement := &gorm.Statement{DB: db}
			require.NoError(t, statement.Parse(model))
			rows := reflect.New(reflect.SliceOf(reflect.TypeOf(model).Elem()))
			require.NoError(t, db.Order("1, 2").Find(rows.Interface()).Error)
			all[statement.Table] = rows.Elem().Interface()
		}
	})
	for _, name := range skipped {
		require.Contains(t, all, name)
		delete(all, name)
	}
	return all
}

// withoutJSON drops the texts of documents, whose spelling jsonb does not keep.
func withoutJSON(all map[string]any) map[string]any {
	improvements := all["improvements"].([]models.Improvement)
	for i := range improvements {
		improvements[i].Result.V = nil
	}
	tasks := all["tasks"].([]models.Task)
	for i := range tasks {
		tasks[i].Args.V = nil
	}
	return all
}

func TestCopyBringsEveryRow(t *testing.T) {
	t.Parallel()
	forEachPair(t, func(t *testing.T, from, to models.Dialect) {
		source, target := newDatabase(t, from), newDatabase(t, to)
		fill(t, source, 20)
		var phases []transfer.Phase
		plan, results, err := copyDatabase(t, source, target, transfer.Options{BatchRows: 3, Progress: func(p transfer.Progress) {
			assert.LessOrEqual(t, p.Done, p.Total)
			if len(phases) == 0 || phases[len(phases)-1] != p.Phase {
				phases = append(phases, p.Phase)
			}
		}})
		require.NoError(t, err)
		requireEqual(t, results)
		require.Equal(t, []transfer.Phase{transfer.Copying, transfer.Checking}, phases)
		require.Equal(t, transfer.Plan{Total: 1 + 10*20}, plan)
		require.Len(t, results, len(models.All())-2)
		before, after := content(t, source), content(t, target)
		if from == models.SQLite && to == models.SQLite {
			require.Equal(t, before, after)
		}
		require.Equal(t, withoutJSON(before), withoutJSON(after))

		plan, results, err = copyDatabase(t, source, target, transfer.Options{})
		require.NoError(t, err)
		requireEqual(t, results)
		require.Equal(t, plan.Total, plan.Present, "the second copy finds everything there")
	})
}

func TestCopyAndBackIsEqual(t *testing.T) {
	t.Parallel()
	testdb.RequirePostgres(t)
	first, second, third := newDatabase(t, models.SQLite), newDatabase(t, models.Postgres), newDatabase(t, models.SQLite)
	fill(t, first, 10)
	_, there, err := copyDatabase(t, first, second, transfer.Options{})
	require.NoError(t, err)
	_, back, err := copyDatabase(t, second, third, transfer.Options{})
	require.NoError(t, err)
	require.Equal(t, there, back, "checksums do not depend on the database")
}

func TestKilledCopyGoesOn(t *testing.T) {
	t.Parallel()
	forEachPair(t, func(t *testing.T, from, to models.Dialect) {
		source, target := newDatabase(t, from), newDatabase(t, to)
		fill(t, source, 150)
		previous := int64(0)
		for _, rows := range []int{40, 110, 500, 1100} {
			killAfter(t, process(t, source, target, 7), rows)
			o := transfer.Options{}
			var err error
			o.From, err = openSource(source)
			require.NoError(t, err)
			o.To, err = openTarget(target)
			require.NoError(t, err)
			c, err := transfer.Prepare(t.Context(), o)
			require.NoError(t, err)
			require.GreaterOrEqual(t, c.Plan().Present, int64(rows))
			require.GreaterOrEqual(t, c.Plan().Present, previous)
			previous = c.Plan().Present
			require.NoError(t, c.Close())
			require.NoError(t, o.From.Conns.Close())
			require.NoError(t, o.To.Conns.Close())
		}
		plan, results, err := copyDatabase(t, source, target, transfer.Options{BatchRows: 7})
		require.NoError(t, err)
		requireEqual(t, results)
		require.Less(t, plan.Present, plan.Total)
		require.Equal(t, withoutJSON(content(t, source)), withoutJSON(content(t, target)))
	})
}

func TestInterruptedCopySaysHowToGoOn(t *testing.T) {
	t.Parallel()
	source, target := newDatabase(t, testdb.Dialect()), newDatabase(t, testdb.Dialect())
	fill(t, source, 20)
	o := transfer.Options{BatchRows: 5}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o.Progress = func(p transfer.Progress) {
		if p.Done > 50 {
			cancel()
		}
	}
	var err error
	o.From, err = openSource(source)
	require.NoError(t, err)
	o.To, err = openTarget(target)
	require.NoError(t, err)
	c, err := transfer.Prepare(ctx, o)
	require.NoError(t, err)
	_, err = c.Run(ctx)
	require.ErrorIs(t, err, context.Canceled)
	var public *models.Error
	require.ErrorAs(t, err, &public)
	require.Contains(t, public.Message, "Repeat the command")
	_ = c.Close()
	require.NoError(t, o.From.Conns.Close())
	require.NoError(t, o.To.Conns.Close())
	plan, results, err := copyDatabase(t, source, target, transfer.Options{})
	require.NoError(t, err)
	requireEqual(t, results)
	require.NotZero(t, plan.Present)
}

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

func TestTruncateCountsWhatItRemoves(t *testing.T) {
	t.Parallel()
	forEachPair(t, func(t *testing.T, from, to models.Dialect) {
		source, target := newDatabase(t, from), newDatabase(t, to)
		fill(t, source, 2)
		fill(t, target, 5)
		plan, results, err := copyDatabase(t, source, target, transfer.Options{Truncate: true})
		require.NoError(t, err)
		requireEqual(t, results)
		require.EqualValues(t, 1+5*11, plan.Removed, "model calls in progress are removed too")
	})
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

func migrated(t *testing.T) models.OpenOptions { return testdb.Migrated(t) }

func requireKind(t testing.TB, err error, kind models.Kind) {
	t.Helper()
	var public *models.Error
	require.ErrorAs(t, err, &public)
	require.Equal(t, kind, public.Kind, public.Message)
}

func TestDifferenceIsFound(t *testing.T) {
	t.Parallel()
	forEachPair(t, func(t *testing.T, from, to models.Dialect) {
		source, target := newDatabase(t, from), newDatabase(t, to)
		fill(t, source, 5)
		use(t, target, func(db *gorm.DB) {
			for _, statement := range spoilers[to] {
				require.NoError(t, db.Exec(statement).Error)
			}
		})
		_, results, err := copyDatabase(t, source, target, transfer.Options{})
		require.NoError(t, err)
		for _, r := range results {
			if r.Table == "jobs" {
				assert.False(t, r.Equal())
				assert.Equal(t, r.Source.Rows, r.Target.Rows)
				assert.NotEqual(t, r.Source.Checksum(), r.Target.Checksum())
				continue
			}
			assert.True(t, r.Equal(), r.Table)
		}
	})
}

// spoilers make a database change one character of one row that is written to it.
var spoilers = map[models.Dialect][]string{
	models.SQLite: {
		"CREATE TRIGGER spoil AFTER INSERT ON jobs WHEN new.content = 'Posting 3' BEGIN UPDATE jobs SET content = 'Posting 8' WHERE id = new.id; END",
	},
	models.Postgres: {
		"CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.content = 'Posting 3' THEN new.content = 'Posting 8'; END IF; RETURN new; END $$",
		"CREATE TRIGGER spoil BEFORE INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION spoil()",
	},
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

func TestSourceIsReadAsItWasAtTheStart(t *testing.T) {
	t.Parallel()
	forEachPair(t, func(t *testing.T, from, to models.Dialect) {
		source, target := newDatabase(t, from), newDatabase(t, to)
		fill(t, source, 30)
		use(t, source, func(db *gorm.DB) {
			wrote := false
			_, results, err := copyDatabase(t, source, target, transfer.Options{BatchRows: 5, Progress: func(transfer.Progress) {
				if wrote {
					return
				}
				wrote = true
				create(t, db, &models.LLMUsage{WorkspaceID: id(0), Day: "2026-03-02"})
				require.NoError(t, db.Exec("UPDATE tasks SET worker = 'other'").Error)
				require.NoError(t, db.Exec("DELETE FROM improvements").Error)
			}})
			require.NoError(t, err)
			require.True(t, wrote)
			requireEqual(t, results)
		})
		use(t, target, func(db *gorm.DB) {
			var improvements, others int64
			require.NoError(t, db.Model(&models.Improvement{}).Count(&improvements).Error)
			require.NoError(t, db.Model(&models.Task{}).Where("worker = 'other'").Count(&others).Error)
			require.EqualValues(t, 30, improvements)
			require.Zero(t, others)
		})
	})
}
