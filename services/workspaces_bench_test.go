package services

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

// largeWorkspace makes 2,000 résumés of 2 KB, half of them tailored, each with all that comes with it: 30 KB.
func largeWorkspace(b *testing.B, db *gorm.DB) string {
	b.Helper()
	id := addWorkspaces(b, db, 1)[0]
	bullet := strings.Repeat("Moved the billing service to Go and trained four people. ", 35)
	require.NoError(b, db.Transaction(func(tx *gorm.DB) error {
		for i := range 1_000 {
			fillWorkspace(b, tx, id, fmt.Sprintf("%d %s", i, bullet))
		}
		return nil
	}))
	return id
}

// BenchmarkErase also reports the longest that another workspace's write waited meanwhile.
func BenchmarkErase(b *testing.B) {
	db := testdb.Open(b)
	workspaces := testWorkspaces(db)
	other := addWorkspaces(b, db, 1)[0]
	var longest time.Duration
	for b.Loop() {
		b.StopTimer()
		id := largeWorkspace(b, db)
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for {
				select {
				case <-stop:
					return
				case <-time.After(time.Millisecond):
				}
				began := time.Now()
				db.Model(&models.Workspace{}).Where("id = ?", other).Update("last_used_at", noon())
				longest = max(longest, time.Since(began))
			}
		}()
		b.StartTimer()
		_, err := workspaces.Erase(b.Context(), id)
		require.NoError(b, err)
		b.StopTimer()
		close(stop)
		<-stopped
		b.StartTimer()
	}
	b.ReportMetric(float64(longest.Milliseconds()), "longest-wait-ms")
}

func BenchmarkExport(b *testing.B) {
	db := testdb.Open(b)
	id := largeWorkspace(b, db)
	for b.Loop() {
		require.NoError(b, testWorkspaces(db).Export(b.Context(), id, io.Discard))
	}
}
