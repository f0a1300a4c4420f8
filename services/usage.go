package services

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
	"resume-matcher/services/cache"
)

// The kinds of model that usage is counted for, as in models.LLMUsage.Kind.
const (
	UsageLLM       = "llm"
	UsageEmbedding = "embedding"
)

const (
	// flushInterval is how long a cache outcome may wait to be written: an answer from the cache must not wait for it.
	flushInterval = time.Second
	// flushEarly buckets are written before their time; beyond maxBuckets new ones are dropped, which happens only
	// while the database fails.
	flushEarly, maxBuckets = 1_000, 10_000
	// flushRows are written by one statement.
	flushRows = 100
	// usageTimeout bounds one write.
	usageTimeout = 10 * time.Second
	// maxTokens is more than any call can use: a server that says otherwise must not overflow the sums.
	maxTokens = 1_000_000_000
)

// Prices are US dollars for a million tokens, which is millionths of a dollar for one.
type Prices struct {
	Input, Output, Embedding float64
}

// UsageOptions configure the counting.
type UsageOptions struct {
	DB *gorm.DB
	// Now is the clock; nil means the system's in UTC.
	Now    func() time.Time
	Prices Prices
	// DailyTokens is what a workspace may use in a UTC day; 0 means no limit.
	DailyTokens int64
	Observer    Observer
	Logger      *slog.Logger
}

// Usage counts what workspaces use of language models, by UTC day, in the database. A nil Usage counts nothing.
//
// None of its methods but Count may be called within a transaction: on SQLite they would wait for it.
type Usage struct {
	o UsageOptions
	// flushing lets one flush run at a time, so that who waited for it finds everything written.
	flushing chan struct{}
	// full wakes Run when there is too much to wait for the next tick.
	full chan struct{}

	mu      sync.Mutex
	pending map[usageBucket]models.LLMUsage
	// reserved are the tokens of running calls by workspace.
	reserved map[string]int64
}

// usageBucket is what one row of llm_usage sums.
type usageBucket struct {
	workspaceID, day, kind, provider, model string
}

// NewUsage returns a counter that has counted nothing yet.
func NewUsage(o UsageOptions) *Usage {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Usage{
		o: o, flushing: make(chan struct{}, 1), full: make(chan struct{}, 1),
		pending: map[usageBucket]models.LLMUsage{}, reserved: map[string]int64{},
	}
}

// Record counts calls and the tokens they used, at once and whether or not the caller still waits: they were paid.
// What could not be written now is written with the next flush.
func (u *Usage) Record(ctx context.Context, workspaceID, kind, provider, model string, calls, promptTokens, completionTokens int64) {
	if u == nil {
		return
	}
	promptTokens, completionTokens = min(max(promptTokens, 0), maxTokens), min(max(completionTokens, 0), maxTokens)
	input := u.o.Prices.Input
	if kind == UsageEmbedding {
		input = u.o.Prices.Embedding
	}
	row := models.LLMUsage{
		WorkspaceID: workspaceID, Day: u.today(), Kind: kind, Provider: provider, Model: model,
		Calls: calls, PromptTokens: promptTokens, CompletionTokens: completionTokens,
		InputCostMicros: costMicros(promptTokens, input), OutputCostMicros: costMicros(completionTokens, u.o.Prices.Output),
	}
	u.o.Observer.paid(ModelCost{
		Kind: kind, Provider: provider, PromptTokens: promptTokens, CompletionTokens: completionTokens,
		InputMicros: row.InputCostMicros, OutputMicros: row.OutputCostMicros,
	})
	if err := u.write(ctx, []models.LLMUsage{row}); err != nil && !errors.Is(err, gorm.ErrForeignKeyViolated) {
		u.keep(row)
	}
}

// costMicros is the cost of tokens in millionths of a US dollar, to the nearest one.
func costMicros(tokens int64, price float64) int64 { return int64(math.Round(float64(tokens) * price)) }

// Count counts where the answer to a prompt of a kind came from, and never waits for the database.
func (u *Usage) Count(workspaceID, kind string, outcome cache.Outcome) {
	if u == nil {
		return
	}
	u.o.Observer.cached(kind, string(outcome))
	row := models.LLMUsage{WorkspaceID: workspaceID, Day: u.today(), Kind: UsageLLM}
	if kind == UsageEmbedding {
		row.Kind = UsageEmbedding
	}
	switch outcome {
	case cache.Hit:
		row.CacheHits = 1
	case cache.Miss:
		row.CacheMisses = 1
	case cache.Expired:
		// What is there no longer had to be asked for again: it is a miss too.
		row.CacheMisses, row.CacheExpired = 1, 1
	case cache.Shared:
		row.Shared = 1
	}
	u.keep(row)
}

// Budget fails with KindAIBudget when a workspace has used up today's tokens, those reserved for running calls included.
func (u *Usage) Budget(ctx context.Context, workspaceID string) error {
	release, err := u.Reserve(ctx, workspaceID, 0)
	if err == nil {
		release()
	}
	return err
}

// Reserve sets tokens aside for a call until release, so that many calls at once don't all find the budget unused. It
// fails as Budget does. Reservations are this process's own: another replica counts the call when it has ended.
func (u *Usage) Reserve(ctx context.Context, workspaceID string, tokens int64) (release func(), err error) {
	if u == nil || u.o.DailyTokens <= 0 {
		return func() {}, nil
	}
	var used int64
	err = u.o.DB.WithContext(ctx).Model(&models.LLMUsage{}).Where("workspace_id = ? AND day = ?", workspaceID, u.today()).
		Select("coalesce(sum(prompt_tokens + completion_tokens), 0)").Scan(&used).Error
	if err != nil {
		return nil, storeError(err, nil)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if used+u.reserved[workspaceID] >= u.o.DailyTokens {
		return nil, models.NewError(models.KindAIBudget,
			"The language model budget of today is used up; it renews at midnight UTC. Everything that needs no language model goes on.")
	}
	u.reserved[workspaceID] += tokens
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		if u.reserved[workspaceID] -= tokens; u.reserved[workspaceID] <= 0 {
			delete(u.reserved, workspaceID)
		}
	}, nil
}

// Run writes what was counted every second until ctx ends, and then the rest.
func (u *Usage) Run(ctx context.Context) {
	tick := time.NewTicker(flushInterval)
	defer tick.Stop()
	for failed := false; ; {
		select {
		case <-ctx.Done():
			u.flush(context.WithoutCancel(ctx), false)
			return
		case <-tick.C:
		case <-u.full:
		}
		failed = u.flush(ctx, failed)
	}
}

// flush logs the first of several failures in a row, and tells whether it failed.
func (u *Usage) flush(ctx context.Context, failedBefore bool) bool {
	err := u.Flush(ctx)
	if err != nil && ctx.Err() == nil && !failedBefore {
		u.o.Logger.Warn("the use of language models could not be counted yet", "error", err)
	}
	return err != nil
}

// Flush writes what was counted before; what can't be written is kept for the next time.
func (u *Usage) Flush(ctx context.Context) error {
	if u == nil {
		return nil
	}
	select {
	case u.flushing <- struct{}{}:
		defer func() { <-u.flushing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	rows := u.take()
	for len(rows) > 0 {
		done, err := u.writeBatch(ctx, rows[:min(flushRows, len(rows))])
		rows = rows[done:]
		if err != nil {
			u.keep(rows...)
			return storeError(err, nil)
		}
	}
	return nil
}

// writeBatch writes rows together, or one by one without those whose workspace is gone, and returns how many are done with.
func (u *Usage) writeBatch(ctx context.Context, rows []models.LLMUsage) (int, error) {
	err := u.write(ctx, rows)
	if err == nil {
		return len(rows), nil
	}
	if !errors.Is(err, gorm.ErrForeignKeyViolated) {
		return 0, err
	}
	for i := range rows {
		if err := u.write(ctx, rows[i:i+1]); err != nil && !errors.Is(err, gorm.ErrForeignKeyViolated) {
			return i, err
		}
	}
	return len(rows), nil
}

// write adds rows to their buckets in one statement, which is not broken off when a client goes away.
func (u *Usage) write(ctx context.Context, rows []models.LLMUsage) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), usageTimeout)
	defer cancel()
	sums := map[string]any{}
	for _, column := range []string{
		"calls", "prompt_tokens", "completion_tokens", "input_cost_micros", "output_cost_micros",
		"cache_hits", "cache_misses", "cache_expired", "shared",
	} {
		sums[column] = gorm.Expr("llm_usage." + column + " + excluded." + column)
	}
	return u.o.DB.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "workspace_id"}, {Name: "day"}, {Name: "kind"}, {Name: "provider"}, {Name: "model"}},
		DoUpdates: clause.Assignments(sums),
	}).Create(&rows).Error
}

// take empties the buckets and returns them in one order in every process, so that no two wait for each other's rows.
func (u *Usage) take() []models.LLMUsage {
	u.mu.Lock()
	pending := u.pending
	u.pending = map[usageBucket]models.LLMUsage{}
	u.mu.Unlock()
	return slices.SortedFunc(maps.Values(pending), func(a, b models.LLMUsage) int {
		return cmp.Or(
			cmp.Compare(a.WorkspaceID, b.WorkspaceID), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Model, b.Model),
		)
	})
}

// keep adds rows to the buckets of the next flush.
func (u *Usage) keep(rows ...models.LLMUsage) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, row := range rows {
		row.ID = "" // a failed write gave it one
		bucket := usageBucket{row.WorkspaceID, row.Day, row.Kind, row.Provider, row.Model}
		sum, found := u.pending[bucket]
		if !found && len(u.pending) >= maxBuckets {
			continue
		}
		u.pending[bucket] = addUsage(sum, row)
	}
	if len(u.pending) > flushEarly {
		select {
		case u.full <- struct{}{}:
		default:
		}
	}
}

// addUsage returns row with the counts of sum added.
func addUsage(sum, row models.LLMUsage) models.LLMUsage {
	row.Calls += sum.Calls
	row.PromptTokens += sum.PromptTokens
	row.CompletionTokens += sum.CompletionTokens
	row.InputCostMicros += sum.InputCostMicros
	row.OutputCostMicros += sum.OutputCostMicros
	row.CacheHits += sum.CacheHits
	row.CacheMisses += sum.CacheMisses
	row.CacheExpired += sum.CacheExpired
	row.Shared += sum.Shared
	return row
}

func (u *Usage) today() string { return u.o.Now().UTC().Format(time.DateOnly) }
