package cmd

import (
	"bytes"
	"context"
	"log"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/config"
	"resume-matcher/models"
)

func TestDatabaseErrorsAreLoggedWithoutPersonalData(t *testing.T) {
	const email = "jane.doe@example.com"
	for _, format := range []string{"text", "json"} {
		var written bytes.Buffer
		logger := newLogger(&written, config.Log{Level: slog.LevelDebug, Format: format})
		database, err := config.ParseDatabaseURL("sqlite:///" + filepath.ToSlash(filepath.Join(t.TempDir(), "log.db")))
		require.NoError(t, err)
		db, err := openDatabase(context.Background(), database, logger)
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, models.Close(db)) })
		require.NoError(t, db.Exec("CREATE TABLE people (id INTEGER PRIMARY KEY, mail TEXT)").Error)

		var id int
		require.Error(t, db.Table("people").Where("mail = ?", email).Take(&id).Error)
		assert.Empty(t, written.String(), "a lookup that finds nothing is no event")

		failure := db.Exec("SELECT [" + email + "] FROM people").Error
		require.ErrorContains(t, failure, email)
		assert.Empty(t, written.String(), "it is for the caller to log")
		logger.Error("failed", "error", failure)
		assert.Contains(t, written.String(), "[email]")
		assert.NotContains(t, written.String(), email)
	}
}

func TestStandardLogGoesThroughTheLogger(t *testing.T) {
	previous, flags, output := slog.Default(), log.Flags(), log.Writer()
	t.Cleanup(func() {
		slog.SetDefault(previous)
		log.SetFlags(flags)
		log.SetOutput(output)
	})
	var written bytes.Buffer
	slog.SetDefault(newLogger(&written, config.Log{Format: "text"}))
	log.Print("call +49 (0)30 123456-78")
	slog.With("contact", "jane@example.com").Info("child")
	assert.Contains(t, written.String(), "call [phone]")
	assert.Contains(t, written.String(), "contact=[email]")
	assert.Equal(t, 2, strings.Count(written.String(), "\n"))
}
