package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseDatabaseNameTakesAPathToo(t *testing.T) {
	for raw, want := range map[string]string{
		"app.db":             "app.db",
		" ./data/my app.db ": "./data/my app.db",
		"/var/lib/app.db":    "/var/lib/app.db",
		"sqlite:///app.db":   "app.db",
		"file:app.db":        "app.db",
	} {
		db, err := ParseDatabaseName(raw)
		require.NoError(t, err, raw)
		assert.Equal(t, SQLite, db.Dialect)
		assert.Equal(t, want, db.Path, raw)
	}
	db, err := ParseDatabaseName("postgresql+psycopg://app@db.example.com/resumes")
	require.NoError(t, err)
	assert.Equal(t, Postgres, db.Dialect)
	for _, raw := range []string{"", "app:hunter2@db.example.com/resumes", "sqlite::memory:", "mysql://app:hunter2@db.example.com/x"} {
		_, err := ParseDatabaseName(raw)
		require.Error(t, err, raw)
		assert.NotContains(t, err.Error(), "hunter2")
	}
}

func TestSameDatabaseInAnySpelling(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"app.db", "sqlite:///./app.db", true},
		{"app.db", "other.db", false},
		{"app.db", "postgres://app@db.example.com/app.db", false},
		{"postgres://a:x@db.example.com/resumes", "postgresql+asyncpg://b:y@DB.example.com:5432/resumes?ssl=require", true},
		{"postgres://a@ep-calm-pooler.example.org/resumes", "postgres://a@ep-calm.example.org/resumes", true},
		{"postgres://a@db.example.com/resumes", "postgres://a@db.example.com/others", false},
	} {
		a, err := ParseDatabaseName(tt.a)
		require.NoError(t, err)
		b, err := ParseDatabaseName(tt.b)
		require.NoError(t, err)
		assert.Equal(t, tt.want, a.Same(b), "%s and %s", tt.a, tt.b)
	}
}

func TestCopyVariables(t *testing.T) {
	cfg, err := loadWith(t, nil, "SOURCE_SQLITE=app.db\nTARGET_PG=postgres://app:hunter2@db.example.com/resumes\n")
	require.NoError(t, err)
	assert.Equal(t, "app.db", cfg.Copy.From.Path)
	assert.Equal(t, Postgres, cfg.Copy.To.Dialect)
	printed := map[string]string{}
	for _, entry := range Entries(cfg) {
		printed[entry.Name] = entry.Value
	}
	assert.Equal(t, "app.db", printed["SOURCE_SQLITE"])
	assert.Equal(t, "postgres://app:***@db.example.com/resumes", printed["TARGET_PG"])

	cfg, err = loadWith(t, nil, "")
	require.NoError(t, err)
	assert.Zero(t, cfg.Copy)

	_, err = loadWith(t, nil, "TARGET_PG=postgres//app:hunter2@h/d\n")
	require.ErrorContains(t, err, "TARGET_PG")
	assert.NotContains(t, err.Error(), "hunter2")
}
