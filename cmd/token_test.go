package cmd

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/access"
	"resume-matcher/tests/testdb"
)

func TestTokenCommands(t *testing.T) {
	o := testdb.Migrated(t)
	useDatabase(t, o)
	code, out, errOut := run(t, "", "token", "list")
	require.Equal(t, 0, code, errOut)
	assert.Contains(t, out, "token create")

	code, out, errOut = run(t, "", "token", "create", "--name", "nightly import", "--scope", "write", "--days", "90")
	require.Equal(t, 0, code, errOut)
	token := strings.TrimSuffix(out, "\n")
	assert.Regexp(t, `^rm_[A-Za-z0-9_-]{43}$`, token)
	assert.NotContains(t, errOut, token)

	tokens := access.NewTokens(testdb.Connect(t, o), time.Now)
	row, err := tokens.Verify(t.Context(), token)
	require.NoError(t, err)
	assert.Equal(t, models.DefaultWorkspaceID, row.WorkspaceID)
	assert.Equal(t, row.CreatedAt.AddDate(0, 0, 90), *row.ExpiresAt)
	assert.Contains(t, errOut, "token revoke "+row.ID)

	code, out, errOut = run(t, "", "token", "list")
	require.Equal(t, 0, code, errOut)
	for _, want := range []string{row.ID, `"nightly import"`, "write", "never", "good until " + row.ExpiresAt.Format(time.DateOnly)} {
		assert.Contains(t, out, want)
	}
	assert.NotContains(t, out, token)

	code, out, errOut = run(t, "", "token", "revoke", row.ID)
	require.Equal(t, 0, code, errOut)
	assert.Contains(t, out, "revoked")
	_, err = tokens.Verify(t.Context(), token)
	assert.Error(t, err)

	code, out, errOut = run(t, "", "token", "list", "--format", "json", "--workspace", models.DefaultWorkspaceID)
	require.Equal(t, 0, code, errOut)
	var rows []map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &rows))
	require.Len(t, rows, 1)
	assert.NotNil(t, rows[0]["revoked_at"])
	assert.NotContains(t, out, row.Hash)
}

func TestTokenCommandsThatFail(t *testing.T) {
	useDatabase(t, testdb.Migrated(t))
	stranger := "0199aaaa-0000-7000-8000-000000000001"
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no name", []string{"create"}, 2, "name"},
		{"empty name", []string{"create", "--name", " "}, 1, "Name"},
		{"unknown scope", []string{"create", "--name", "x", "--scope", "root"}, 2, "--scope must be one of read, write, admin"},
		{"negative days", []string{"create", "--name", "x", "--days", "-1"}, 2, "--days"},
		{"too many days", []string{"create", "--name", "x", "--days", "100000"}, 2, "--days"},
		{"no such workspace", []string{"create", "--name", "x", "--workspace", stranger}, 1, "workspace"},
		{"revoke nothing", []string{"revoke"}, 2, "arg"},
		{"revoke what is not there", []string{"revoke", stranger}, 1, "token list"},
		{"unknown format", []string{"list", "--format", "xml"}, 2, "--format"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			code, out, errOut := run(t, "", append([]string{"token"}, test.args...)...)
			assert.Equal(t, test.code, code, errOut)
			assert.Empty(t, out)
			assert.Contains(t, errOut, test.want)
		})
	}
}

func TestTokenCommandsNeedAnUpToDateDatabase(t *testing.T) {
	blank := testdb.Blank(t)
	testdb.Connect(t, blank)
	useDatabase(t, blank)
	code, _, errOut := run(t, "", "token", "list")
	assert.Equal(t, 2, code)
	assert.Contains(t, errOut, "migrate up")

	missing := filepath.Join(t.TempDir(), "none.db")
	t.Setenv("DATABASE_URL", "file:"+missing)
	code, _, errOut = run(t, "", "token", "create", "--name", "x")
	assert.Equal(t, 2, code)
	assert.Contains(t, errOut, "migrate up")
	assert.NoFileExists(t, missing)
}

func TestTokenStates(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	before, after := now.Add(-time.Hour), now.Add(time.Hour)
	assert.Equal(t, "good until revoked", tokenState(models.APIToken{}, now))
	assert.Equal(t, "good until 2026-03-02", tokenState(models.APIToken{ExpiresAt: &after}, now))
	assert.Equal(t, "expired 2026-03-02", tokenState(models.APIToken{ExpiresAt: &now}, now))
	assert.Equal(t, "revoked 2026-03-02", tokenState(models.APIToken{ExpiresAt: &after, RevokedAt: &before}, now))
}
