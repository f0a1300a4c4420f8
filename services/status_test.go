package services

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/cache"
	"resume-matcher/tests/testdb"
)

func TestUsageFiguresHoldWhatWasCountedJustNow(t *testing.T) {
	db := testdb.Open(t)
	workspaces := addWorkspaces(t, db, 2)
	usage := newTestUsage(db, nil)
	status := &Status{db: db, usage: usage}
	usage.Record(t.Context(), workspaces[0], UsageLLM, "openai", "m", 1, 1000, 100)
	usage.Record(t.Context(), workspaces[0], UsageEmbedding, "openai", "e", 3, 5000, 0)
	for outcome, n := range map[cache.Outcome]int{cache.Hit: 6, cache.Miss: 1, cache.Expired: 2, cache.Shared: 4} {
		for range n {
			usage.Count(workspaces[0], "tailor", outcome)
		}
	}
	usage.Count(workspaces[1], "tailor", cache.Hit)
	figures, err := status.Usage(t.Context(), workspaces[0])
	require.NoError(t, err)
	assert.Equal(t, UsageFigures{
		CacheHits: 6, CacheMisses: 3, CacheExpired: 2, CacheShared: 4,
		LLM:        UsageSum{Calls: 1, PromptTokens: 1000, CompletionTokens: 100, InputCostMicros: 150, OutputCostMicros: 60},
		Embeddings: UsageSum{Calls: 3, PromptTokens: 5000, InputCostMicros: 100},
	}, figures)
}

func TestUsageFiguresFailWhenTheyWouldBeOld(t *testing.T) {
	db := testdb.Open(t)
	usage := newTestUsage(db, nil)
	usage.flushing <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := (&Status{db: db, usage: usage}).Usage(ctx, "w")
	require.ErrorIs(t, err, context.Canceled)
}

func TestPingForgivesABusyDatabase(t *testing.T) {
	db := testdb.Open(t)
	status := &Status{db: db, freshness: time.Minute}
	require.NoError(t, status.Ping(t.Context()))
	for _, pool := range models.Pools(db) {
		for range pool.DB.Stats().MaxOpenConnections {
			conn, err := pool.DB.Conn(t.Context())
			require.NoError(t, err)
			defer conn.Close()
		}
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.NoError(t, status.Ping(short), "it has answered others just now")
}

func TestBusyButWell(t *testing.T) {
	late := fmt.Errorf("ping: %w", context.DeadlineExceeded)
	status := &Status{freshness: 2 * time.Second}
	assert.True(t, status.busyButWell(late, time.Second))
	assert.False(t, status.busyButWell(late, 3*time.Second), "nobody was answered")
	assert.False(t, status.busyButWell(errors.New("connection refused"), 0))
	assert.False(t, status.busyButWell(nil, 0))
}
