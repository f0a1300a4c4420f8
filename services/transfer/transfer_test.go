package transfer_test

import (
	"context"
	"reflect"
	"testing"

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
		for _, rows := range []int64{40, 110, 500, 1100} {
			// It is killed at work, yet would never finish, however long the kill takes.
			killAfter(t, process(t, source, target, 7, rows+100), rows)
			o := transfer.Options{}
			var err error
			o.From, err = openSource(source)
			require.NoError(t, err)
			o.To, err = openTarget(target)
			require.NoError(t, err)
			c, err := transfer.Prepare(t.Context(), o)
			require.NoError(t, err)
			require.GreaterOrEqual(t, c.Plan().Present, rows)
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
