package cache

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

// TestCleaningWalksTheIndex reads the database's plans: only the index tells what has expired, and nothing is sorted.
func TestCleaningWalksTheIndex(t *testing.T) {
	db := testdb.Open(t)
	workspace := models.Workspace{Name: "test"}
	require.NoError(t, db.Create(&workspace).Error)
	now := time.Now().UTC()
	rows := make([]models.LLMCache, 20000)
	for i := range rows {
		rows[i] = models.LLMCache{
			CacheKey: fmt.Sprint(i), WorkspaceID: workspace.ID, Response: strings.Repeat("x", 100),
			CreatedAt: now.Add(-time.Duration(i) * time.Second), TTLSeconds: 3600,
		}
	}
	require.NoError(t, db.CreateInBatches(rows, 1000).Error)
	analyze := "ANALYZE"
	if testdb.Dialect() == models.Postgres {
		analyze = "VACUUM ANALYZE llm_cache"
	}
	require.NoError(t, db.Exec(analyze).Error)
	cohorts := testdb.Plan(t, db, func(tx *gorm.DB) *gorm.DB {
		return cohortPage(tx, cohort{CreatedAt: now.Add(-5 * time.Hour), TTLSeconds: 3600}, now).Find(&[]cohort{})
	})
	assert.Regexp(t, regexp.MustCompile(`COVERING INDEX idx_llm_cache_created_ttl|Index Only Scan using idx_llm_cache_created_ttl`), cohorts)
	deletion := testdb.Plan(t, db, func(tx *gorm.DB) *gorm.DB {
		return span{now.Add(-5 * time.Hour), now.Add(-4 * time.Hour), 3600}.rows(tx.Model(&models.LLMCache{})).Select("cache_key").Limit(100).Find(&[]string{})
	})
	assert.Contains(t, deletion, "idx_llm_cache_created_ttl")
	for _, p := range []string{cohorts, deletion} {
		assert.NotRegexp(t, "(?i)sort|TEMP B-TREE|Seq Scan", p)
	}
}
