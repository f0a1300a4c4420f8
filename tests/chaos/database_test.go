//go:build unix

package chaos

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/tests/program"
)

func clientOf(s *program.Server) *program.Client {
	return program.NewClient(s.URL(), 1, requestTimeout)
}

// checkIntegrity asks SQLite whether its file is sound; Postgres keeps that to itself.
func (w *world) checkIntegrity() {
	w.t.Helper()
	if w.options.Dialect != models.SQLite {
		return
	}
	var found []string
	require.NoError(w.t, w.look().Raw("PRAGMA integrity_check").Scan(&found).Error)
	assert.Equal(w.t, []string{"ok"}, found)
	var orphans []map[string]any
	require.NoError(w.t, w.look().Raw("PRAGMA foreign_key_check").Scan(&orphans).Error)
	assert.Empty(w.t, orphans, "rows whose parent is missing")
}
