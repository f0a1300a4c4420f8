package cmd

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
)

func TestABackupOfARunningServerCanBeServed(t *testing.T) {
	inFolderWith(t, "")
	running := startServe(t)
	changeDatabase(t, models.OpenOptions{Dialect: models.SQLite, DSN: "app.db"}, func(db *gorm.DB) error {
		return db.Create(&models.Workspace{ID: "kept", Name: "Kept"}).Error
	})
	code, out, errOut := run(t, "", "backup", "copy.db")
	require.Equal(t, exitOK, code, errOut)
	assert.Contains(t, out, "complete")
	running.end(t)

	info, err := os.Stat("copy.db")
	require.NoError(t, err)
	if runtime.GOOS != "windows" {
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	t.Setenv("DATABASE_URL", "sqlite:///copy.db")
	restored := startServe(t)
	restored.end(t)
	changeDatabase(t, models.OpenOptions{Dialect: models.SQLite, DSN: "copy.db"}, func(db *gorm.DB) error {
		return db.Take(&models.Workspace{}, "id = ?", "kept").Error
	})
}

func TestBackupOverwritesNothing(t *testing.T) {
	inFolderWith(t, "")
	code, _, errOut := run(t, "", "backup", "copy.db")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "there is no database app.db")
	assert.NoFileExists(t, "app.db")

	code, _, errOut = run(t, "", "migrate", "up")
	require.Equal(t, exitOK, code, errOut)
	require.NoError(t, os.WriteFile("copy.db", []byte("precious"), 0o600))
	tests := map[string]string{"copy.db": "already", filepath.Join("absent", "copy.db"): "right to write there"}
	for target, message := range tests {
		code, _, errOut = run(t, "", "backup", target)
		assert.Equal(t, exitFailure, code)
		assert.Contains(t, errOut, message)
	}
	kept, err := os.ReadFile("copy.db")
	require.NoError(t, err)
	assert.Equal(t, "precious", string(kept))

	t.Setenv("DATABASE_URL", "postgres://user@127.0.0.1:1/x?sslmode=disable")
	code, _, errOut = run(t, "", "backup", "other.db")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errOut, "pg_dump")
	assert.NoFileExists(t, "other.db")
}
