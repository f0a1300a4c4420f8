package cache_test

import (
	"context"
	crand "crypto/rand"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	gormlogger "gorm.io/gorm/logger"

	"resume-matcher/models"
	"resume-matcher/services/cache"
	"resume-matcher/tests/testdb"
)

// BenchmarkHit measures an answer from the cache, its key included.
func BenchmarkHit(b *testing.B) {
	w := newWorld(b)
	s, e := w.store(), w.entry("hit")
	var calls atomic.Int64
	messages := []message{{"system", strings.Repeat("Be brief. ", 300)}, {"user", strings.Repeat("Line of a document. ", 1000)}}
	key := func() string {
		k, err := cache.KeyOf(w.workspace, "test", "model", "1", map[string]any{"temperature": 0.2}, messages)
		require.NoError(b, err)
		return k
	}
	e.Key = key()
	_, err := s.Do(b.Context(), e, nil, answering(&calls, strings.Repeat("x", 4000)))
	require.NoError(b, err)
	for b.Loop() {
		e.Key = key()
		_, err := s.Do(b.Context(), e, nil, neverCalled(b))
		require.NoError(b, err)
	}
}

// cleanRows is how many answers BenchmarkClean stores; every second one has expired.
const cleanRows = 1_000_000

// statementBound is what no statement of a cleaning may take.
const statementBound = 200 * time.Millisecond

// BenchmarkClean measures one cleaning of 1,000,000 answers of which 500,000 have expired, old and new ones mixed, and
// what requests cost meanwhile. It takes minutes to prepare: run it with -benchtime 1x.
func BenchmarkClean(b *testing.B) {
	w := newWorld(b)
	for b.Loop() {
		b.StopTimer()
		w.fillQuickly(cleanRows)
		slowest := &slowestStatement{}
		o := w.options
		o.Logger = slowest
		s := w.store(func(c *cache.Options) { c.DB = testdb.Connect(b, o) })
		quiet := w.foreground(w.store())
		time.Sleep(10 * time.Second)
		quiet().report(b, "quiet")
		busy := w.foreground(w.store())
		b.StartTimer()
		deleted, err := s.Clean(b.Context())
		b.StopTimer()
		busy().report(b, "request")
		require.NoError(b, err)
		require.EqualValues(b, cleanRows/2, deleted)
		// What the first cleaning leaves behind must not make the second one slow.
		_, err = s.Clean(b.Context())
		require.NoError(b, err)
		slowest.report(b)
		b.StartTimer()
	}
}

// fillQuickly stores n answers of about 1 kB with a link each, as a day would: in the order of their creation, their
// keys at random, lifetimes of an hour and of a day in turn, so that what has expired lies among what has not.
func (w *world) fillQuickly(n int) {
	w.t.Helper()
	key := "lower(hex(randomblob(32)))"
	created := "strftime('%Y-%m-%d %H:%M:%S+00:00', 'now', '-3600 seconds', '-' || ((? - i) / 25) || ' seconds')"
	if testdb.Dialect() == models.Postgres {
		key = "encode(sha256(i::text::bytea), 'hex')"
		created = "now() - interval '1 hour' - (? - i) / 25 * interval '1 second'"
	}
	const step = 50_000
	for from := 0; from < n; from += step {
		require.NoError(w.t, w.db.Exec(`WITH RECURSIVE n(i) AS (SELECT ? + 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO llm_cache (cache_key, workspace_id, kind, provider, model, prompt_version, response, prompt_tokens,
			completion_tokens, created_at, ttl_seconds)
			SELECT `+key+`, ?, 'tailor', 'test', 'model', '1', ?, 1, 1, `+created+`, CASE WHEN i % 2 = 0 THEN 3599 ELSE 86400 END FROM n`,
			from, from+step-1, w.workspace, strings.Repeat("x", 1000), n).Error)
	}
	require.NoError(w.t, w.db.Exec("INSERT INTO llm_cache_index (cache_key, entity_type, entity_id) SELECT cache_key, 'resume', ? FROM llm_cache",
		w.resume.ID).Error)
	require.NoError(w.t, w.db.Exec("ANALYZE").Error)
}

// latencies are what requests cost, by kind.
type latencies struct{ hits, stored []time.Duration }

func (l latencies) report(b *testing.B, name string) {
	for kind, costs := range map[string][]time.Duration{"": slices.Concat(l.hits, l.stored), "_hit": l.hits, "_new": l.stored} {
		slices.Sort(costs)
		at := func(share float64) float64 { return costs[int(share*float64(len(costs)-1))].Seconds() * 1000 }
		b.ReportMetric(at(0.5), name+kind+"_p50_ms")
		b.ReportMetric(at(0.99), name+kind+"_p99_ms")
	}
}

// foreground makes requests, one new answer for about ten hits, until the returned function is called.
func (w *world) foreground(s *cache.Store) (end func() latencies) {
	var calls atomic.Int64
	cached := w.entry("cached")
	_, err := s.Do(context.Background(), cached, nil, answering(&calls, "x"))
	require.NoError(w.t, err)
	var group sync.WaitGroup
	stop := make(chan struct{})
	measure := func(into *[]time.Duration, every time.Duration, request func() error) {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(rand.N(2 * every)):
				}
				begin := time.Now()
				if err := request(); err != nil {
					w.t.Error(err)
					return
				}
				*into = append(*into, time.Since(begin))
			}
		})
	}
	var l latencies
	measure(&l.hits, 2*time.Millisecond, func() error {
		_, err := s.Do(context.Background(), cached, nil, neverCalled(w.t))
		return err
	})
	measure(&l.stored, 20*time.Millisecond, func() error {
		_, err := s.Do(context.Background(), w.entry(crand.Text()), nil, answering(&calls, "x"))
		return err
	})
	return func() latencies {
		close(stop)
		group.Wait()
		return l
	}
}

// slowestStatement is a GORM logger that remembers the slowest statement.
type slowestStatement struct {
	gormlogger.Interface
	mu      sync.Mutex
	longest time.Duration
	over    int
}

func (s *slowestStatement) LogMode(gormlogger.LogLevel) gormlogger.Interface { return s }

func (s *slowestStatement) Trace(_ context.Context, begin time.Time, _ func() (string, int64), _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	took := time.Since(begin)
	s.longest = max(s.longest, took)
	if took > statementBound {
		s.over++
	}
}

func (s *slowestStatement) report(b *testing.B) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b.ReportMetric(s.longest.Seconds()*1000, "statement_max_ms")
	b.ReportMetric(float64(s.over), "statements_over_200ms")
}
