package models_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

func BenchmarkReadOneRow(b *testing.B) {
	db := testdb.Open(b)
	w := newWorkspace(b, db)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			require.NoError(b, db.Take(&models.Workspace{}, "id = ?", w.ID).Error)
		}
	})
}

func BenchmarkCreateResume(b *testing.B) {
	db := testdb.Open(b)
	w := newWorkspace(b, db)
	for i := 0; b.Loop(); i++ {
		require.NoError(b, db.Create(newResume(w.ID, fmt.Sprintf("content %d", i))).Error)
	}
}
