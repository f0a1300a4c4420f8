package cache

import (
	"context"
	"time"

	"gorm.io/gorm"

	"resume-matcher/models"
)

const (
	// cleanPage is how many index entries one statement looks at.
	cleanPage = 2000
	// batchTime is what deleting a batch should take, since on SQLite everyone who writes waits for it; the batches
	// begin with firstBatch rows and change with what they take, but not below leastBatch.
	batchTime  = 8 * time.Millisecond
	firstBatch = 50
	leastBatch = 25
)

// Clean deletes the expired answers and the flights that nobody leads any more, until there are none or ctx ends, and
// returns how many answers it deleted. It does nothing while it runs already. On Postgres several processes may clean
// at the same time: each passes over what another one is deleting.
func (s *Store) Clean(ctx context.Context) (deleted int64, err error) {
	if !s.cleaning.TryLock() {
		return 0, nil
	}
	defer s.cleaning.Unlock()
	now := s.now()
	answers := s.sweep(&models.LLMCache{})
	for after := (cohort{}); ; {
		page, err := s.cohorts(ctx, after, now)
		if err != nil {
			return answers.deleted, models.StorageError(err)
		}
		for _, sp := range expiredSpans(page, now) {
			if err := answers.run(ctx, sp.rows); err != nil {
				return answers.deleted, models.StorageError(err)
			}
		}
		if len(page) < cleanPage {
			break
		}
		after = page[len(page)-1]
	}
	err = s.sweep(&models.LLMFlight{}).run(ctx, func(tx *gorm.DB) *gorm.DB {
		return tx.Where("lease_until <= ?", now.Add(-s.lease)).Order("lease_until")
	})
	return answers.deleted, models.StorageError(err)
}

// cohort is what the index on llm_cache tells about an answer. Answers of one cohort expire at the same time, so a
// page of cohorts may end among equals: the rest is deleted with them or is fresh like them.
type cohort struct {
	CreatedAt  time.Time
	TTLSeconds int64
}

func (c cohort) expired(now time.Time) bool {
	return !c.CreatedAt.Add(time.Duration(c.TTLSeconds) * time.Second).After(now)
}

// cohorts reads the next page of the index. Each pass reads an entry once, whether its answer has expired or not; the
// answers themselves are not touched.
func (s *Store) cohorts(ctx context.Context, after cohort, now time.Time) ([]cohort, error) {
	var page []cohort
	err := cohortPage(s.db.WithContext(ctx), after, now).Find(&page).Error
	return page, err
}

func cohortPage(tx *gorm.DB, after cohort, now time.Time) *gorm.DB {
	return tx.Model(&models.LLMCache{}).
		Where("(created_at, ttl_seconds) > (?, ?) AND created_at <= ?", after.CreatedAt, after.TTLSeconds, now).
		Order("created_at, ttl_seconds").Limit(cleanPage)
}

// span is the expired answers with one TTL that were made from one time to another, both included.
type span struct {
	from, to   time.Time
	ttlSeconds int64
}

// expiredSpans gathers a page's expired cohorts by their TTL, of which there are few.
func expiredSpans(page []cohort, now time.Time) []span {
	var spans []span
	at := map[int64]int{}
	for _, c := range page {
		if !c.expired(now) {
			continue
		}
		i, known := at[c.TTLSeconds]
		if !known {
			i = len(spans)
			at[c.TTLSeconds] = i
			spans = append(spans, span{from: c.CreatedAt, ttlSeconds: c.TTLSeconds})
		}
		spans[i].to = c.CreatedAt
	}
	return spans
}

func (sp span) rows(tx *gorm.DB) *gorm.DB {
	return tx.Where("created_at >= ? AND created_at <= ? AND ttl_seconds = ?", sp.from, sp.to, sp.ttlSeconds).
		Order("created_at, ttl_seconds")
}
