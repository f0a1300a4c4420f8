package services

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/cache"
	"resume-matcher/tests/testdb"
)

// BenchmarkCount measures what counting adds to an answer from the cache.
func BenchmarkCount(b *testing.B) {
	u := newTestUsage(nil, nil)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			u.Count(models.DefaultWorkspaceID, "tailor", cache.Hit)
		}
	})
}

// BenchmarkBudget measures the question before a call, in a table of 100 workspaces and 30 days.
func BenchmarkBudget(b *testing.B) {
	db := testdb.Open(b)
	workspaces := addWorkspaces(b, db, 100)
	for _, workspace := range workspaces {
		rows := make([]models.LLMUsage, 30)
		for day := range rows {
			rows[day] = models.LLMUsage{WorkspaceID: workspace, Day: "2026-03-" + strconv.Itoa(100 + day + 1)[1:], Kind: UsageLLM, PromptTokens: 10}
		}
		require.NoError(b, db.Create(&rows).Error)
	}
	u := newTestUsage(db, func(o *UsageOptions) { o.DailyTokens = 1_000 })
	for b.Loop() {
		if err := u.Budget(b.Context(), workspaces[50]); err != nil {
			b.Fatal(err)
		}
	}
}
