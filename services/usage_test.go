package services

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/cache"
	"resume-matcher/tests/testclock"
	"resume-matcher/tests/testdb"
)

func noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func addWorkspaces(t testing.TB, db *gorm.DB, n int) []string {
	t.Helper()
	rows := make([]models.Workspace, n)
	for i := range rows {
		rows[i] = models.Workspace{Name: "workspace " + strconv.Itoa(i), LastUsedAt: noon()}
	}
	require.NoError(t, db.Create(&rows).Error)
	ids := make([]string, n)
	for i := range rows {
		ids[i] = rows[i].ID
	}
	return ids
}

func usageRows(t *testing.T, db *gorm.DB, workspaceID string) []models.LLMUsage {
	t.Helper()
	var rows []models.LLMUsage
	require.NoError(t, db.Where("workspace_id = ?", workspaceID).Order("day, kind, provider, model").Find(&rows).Error)
	for i := range rows {
		rows[i].ID, rows[i].WorkspaceID = "", ""
	}
	return rows
}

func newTestUsage(db *gorm.DB, change func(*UsageOptions)) *Usage {
	o := UsageOptions{DB: db, Now: noon, Prices: Prices{Input: 0.15, Output: 0.6, Embedding: 0.02}, Logger: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&o)
	}
	return NewUsage(o)
}

func TestUsageSumsConcurrentCountsExactly(t *testing.T) {
	database := testdb.Migrated(t)
	first, second := testdb.Connect(t, database), testdb.Connect(t, database)
	workspaces := addWorkspaces(t, first, 4)
	processes := []*Usage{newTestUsage(first, nil), newTestUsage(second, nil)}
	ctx, cancel := context.WithCancel(t.Context())
	var running, counting sync.WaitGroup
	for _, u := range processes {
		running.Go(func() { u.Run(ctx) })
	}
	// Few enough at a time that nobody waits for his turn to write until his time is over.
	const counters, each = 40, 1_000
	outcomes := []cache.Outcome{cache.Hit, cache.Miss, cache.Expired, cache.Shared}
	for counter := range counters {
		counting.Go(func() {
			for i := counter; i < each; i += counters {
				u, workspace := processes[i%2], workspaces[i/2%4]
				u.Record(ctx, workspace, UsageLLM, "openai", "model-"+strconv.Itoa(i%3), 1, 34, 12)
				u.Record(ctx, workspace, UsageEmbedding, "openai", "embedding", 2, 100, 0)
				for _, outcome := range outcomes {
					u.Count(workspace, "tailor", outcome)
				}
				if i%100 == 0 {
					assert.NoError(t, u.Flush(ctx))
				}
			}
		})
	}
	counting.Wait()
	cancel()
	running.Wait()

	var sum models.LLMUsage
	for _, workspace := range workspaces {
		for _, row := range usageRows(t, first, workspace) {
			sum = addUsage(sum, row)
		}
	}
	assert.EqualValues(t, each*3, sum.Calls)
	assert.EqualValues(t, each*134, sum.PromptTokens)
	assert.EqualValues(t, each*12, sum.CompletionTokens)
	assert.EqualValues(t, each*(5+2), sum.InputCostMicros, "34 × 0.15 = 5.1 and 100 × 0.02 = 2, to the nearest millionth")
	assert.EqualValues(t, each*7, sum.OutputCostMicros, "12 × 0.6 = 7.2")
	assert.EqualValues(t, each, sum.CacheHits)
	assert.EqualValues(t, each*2, sum.CacheMisses, "an expired answer is a miss")
	assert.EqualValues(t, each, sum.CacheExpired)
	assert.EqualValues(t, each, sum.Shared)
}

func TestUsageSurvivesARestart(t *testing.T) {
	database := testdb.Migrated(t)
	db := testdb.Connect(t, database)
	workspace := addWorkspaces(t, db, 1)[0]
	for range 2 {
		u := newTestUsage(testdb.Connect(t, database), nil)
		u.Record(t.Context(), workspace, UsageLLM, "anthropic", "m", 1, 1_000_000, 500_000)
		u.Count(workspace, "resume", cache.Hit)
		u.Count(workspace, UsageEmbedding, cache.Miss)
		require.NoError(t, u.Flush(t.Context()))
	}
	assert.Equal(t, []models.LLMUsage{
		{Day: "2026-03-01", Kind: UsageEmbedding, CacheMisses: 2},
		{Day: "2026-03-01", Kind: UsageLLM, CacheHits: 2},
		{
			Day: "2026-03-01", Kind: UsageLLM, Provider: "anthropic", Model: "m", Calls: 2,
			PromptTokens: 2_000_000, CompletionTokens: 1_000_000, InputCostMicros: 300_000, OutputCostMicros: 600_000,
		},
	}, usageRows(t, db, workspace))
}

func TestUsageRecordsForAClientThatIsGone(t *testing.T) {
	db := testdb.Open(t)
	workspace := addWorkspaces(t, db, 1)[0]
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	newTestUsage(db, nil).Record(ctx, workspace, UsageLLM, "ollama", "m", 1, 10, 5)
	rows := usageRows(t, db, workspace)
	require.Len(t, rows, 1)
	assert.EqualValues(t, 10, rows[0].PromptTokens)
}

func TestUsageTakesNoAbsurdFigures(t *testing.T) {
	db := testdb.Open(t)
	workspace := addWorkspaces(t, db, 1)[0]
	u := newTestUsage(db, nil)
	for range 3 {
		u.Record(t.Context(), workspace, UsageLLM, "openai", "m", 1, -7, 1<<62)
	}
	rows := usageRows(t, db, workspace)
	require.Len(t, rows, 1)
	assert.Zero(t, rows[0].PromptTokens)
	assert.EqualValues(t, 3*maxTokens, rows[0].CompletionTokens)
}

func TestUsageKeepsWhatCanNotBeWritten(t *testing.T) {
	db := testdb.Open(t)
	workspace := addWorkspaces(t, db, 1)[0]
	u := newTestUsage(db, nil)
	require.NoError(t, db.Exec("ALTER TABLE llm_usage RENAME TO llm_usage_away").Error)
	u.Record(t.Context(), workspace, UsageLLM, "openai", "m", 1, 10, 5)
	u.Count(workspace, "tailor", cache.Hit)
	for range 2 {
		var failed *models.Error
		require.ErrorAs(t, u.Flush(t.Context()), &failed)
		assert.Equal(t, models.KindInternal, failed.Kind)
	}
	require.NoError(t, db.Exec("ALTER TABLE llm_usage_away RENAME TO llm_usage").Error)
	u.Record(t.Context(), workspace, UsageLLM, "openai", "m", 1, 10, 5)
	for range 2 {
		require.NoError(t, u.Flush(t.Context()))
	}
	rows := usageRows(t, db, workspace)
	require.Len(t, rows, 2)
	assert.EqualValues(t, 1, rows[0].CacheHits)
	assert.EqualValues(t, 2, rows[1].Calls)
	assert.EqualValues(t, 20, rows[1].PromptTokens)
}

func TestUsageDropsWhatAGoneWorkspaceCounted(t *testing.T) {
	db := testdb.Open(t)
	workspaces := addWorkspaces(t, db, 5)
	u := newTestUsage(db, nil)
	for _, workspace := range workspaces {
		u.Count(workspace, "tailor", cache.Hit)
	}
	require.NoError(t, db.Delete(&models.Workspace{}, "id = ?", workspaces[2]).Error)
	u.Record(t.Context(), workspaces[2], UsageLLM, "openai", "m", 1, 10, 5)
	require.NoError(t, u.Flush(t.Context()))
	for i, workspace := range workspaces {
		rows := usageRows(t, db, workspace)
		if i == 2 {
			assert.Empty(t, rows)
			continue
		}
		require.Len(t, rows, 1)
		assert.EqualValues(t, 1, rows[0].CacheHits)
	}
}

func TestUsageIsBounded(t *testing.T) {
	u := newTestUsage(nil, nil)
	for i := range maxBuckets + 100 {
		u.Count("workspace "+strconv.Itoa(i), "tailor", cache.Hit)
	}
	assert.Len(t, u.pending, maxBuckets)
	assert.Len(t, u.full, 1, "Run was woken early")
}

func TestUsageOfManyWorkspacesIsWrittenInBatches(t *testing.T) {
	db := testdb.Open(t)
	workspaces := addWorkspaces(t, db, 2*flushRows+7)
	u := newTestUsage(db, nil)
	for range 2 {
		for _, workspace := range workspaces {
			u.Count(workspace, "tailor", cache.Hit)
		}
		require.NoError(t, u.Flush(t.Context()))
	}
	var hits int64
	require.NoError(t, db.Model(&models.LLMUsage{}).Select("sum(cache_hits)").Scan(&hits).Error)
	assert.EqualValues(t, 2*len(workspaces), hits)
}

func TestBudgetIsOfAWorkspaceAndADay(t *testing.T) {
	db := testdb.Open(t)
	workspaces := addWorkspaces(t, db, 2)
	at := testclock.At(time.Date(2026, 3, 1, 23, 59, 0, 0, time.UTC))
	u := newTestUsage(db, func(o *UsageOptions) { o.DailyTokens, o.Now = 100, at.Now })
	ctx := t.Context()
	require.NoError(t, u.Budget(ctx, workspaces[0]))
	u.Record(ctx, workspaces[0], UsageLLM, "openai", "m", 1, 60, 10)
	require.NoError(t, u.Budget(ctx, workspaces[0]), "70 of 100")
	u.Record(ctx, workspaces[0], UsageEmbedding, "ollama", "e", 1, 30, 0)
	var refused *models.Error
	require.ErrorAs(t, u.Budget(ctx, workspaces[0]), &refused)
	assert.Equal(t, models.KindAIBudget, refused.Kind)
	assert.Contains(t, refused.Message, "midnight UTC")
	require.NoError(t, u.Budget(ctx, workspaces[1]), "another workspace has its own")

	// A clock of another zone must not move the day.
	at.Set(time.Date(2026, 3, 1, 18, 30, 0, 0, time.FixedZone("", -5*3600)))
	require.Error(t, u.Budget(ctx, workspaces[0]))
	at.Set(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC))
	require.NoError(t, u.Budget(ctx, workspaces[0]), "the next day is new")

	unlimited := newTestUsage(db, nil)
	unlimited.Record(ctx, workspaces[0], UsageLLM, "openai", "m", 1, maxTokens, 0)
	require.NoError(t, unlimited.Budget(ctx, workspaces[0]))
}

func TestBudgetFailsWithTheDatabase(t *testing.T) {
	db := testdb.Open(t)
	require.NoError(t, db.Exec("DROP TABLE llm_usage").Error)
	var failed *models.Error
	require.ErrorAs(t, newTestUsage(db, func(o *UsageOptions) { o.DailyTokens = 1 }).Budget(t.Context(), models.DefaultWorkspaceID), &failed)
	assert.Equal(t, models.KindInternal, failed.Kind)
}

func TestUsageTellsItsObserver(t *testing.T) {
	db := testdb.Open(t)
	workspace := addWorkspaces(t, db, 1)[0]
	var heard []string
	u := newTestUsage(db, func(o *UsageOptions) {
		o.Observer = Observer{
			Paid:   func(c ModelCost) { heard = append(heard, fmt.Sprintf("%+v", c)) },
			Cached: func(kind, outcome string) { heard = append(heard, kind+" "+outcome) },
		}
	})
	u.Record(t.Context(), workspace, UsageLLM, "openai", "m", 1, 100, 10)
	u.Count(workspace, "tailor", cache.Shared)
	assert.Equal(t, []string{"{Kind:llm Provider:openai PromptTokens:100 CompletionTokens:10 InputMicros:15 OutputMicros:6}", "tailor shared"}, heard)
}

func TestNoUsageCountsNothing(t *testing.T) {
	var u *Usage
	u.Record(t.Context(), "w", UsageLLM, "openai", "m", 1, 1, 1)
	u.Count("w", "tailor", cache.Hit)
	require.NoError(t, u.Flush(t.Context()))
	require.NoError(t, u.Budget(t.Context(), "w"))
}

func TestFlushEndsWithItsContext(t *testing.T) {
	u := newTestUsage(nil, nil)
	u.flushing <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.True(t, errors.Is(u.Flush(ctx), context.Canceled))
}
