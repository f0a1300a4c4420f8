package testdb

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/schema"
)

const fileName = "test_app.db"

// sqliteTemplate is the content of a migrated, empty file, made once a process: a copy costs less than migrating.
var sqliteTemplate = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "testdb")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, fileName)
	if err := migrate(models.OpenOptions{Dialect: models.SQLite, DSN: path}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func migratedSQLite(tb testing.TB) models.OpenOptions {
	tb.Helper()
	content, err := sqliteTemplate()
	require.NoError(tb, err)
	o := blankSQLite(tb)
	require.NoError(tb, os.WriteFile(o.DSN, content, 0o600))
	return o
}

func blankSQLite(tb testing.TB) models.OpenOptions {
	return models.OpenOptions{Dialect: models.SQLite, DSN: filepath.Join(tb.TempDir(), fileName)}
}

// migrate brings the database that o names to the newest version.
func migrate(o models.OpenOptions) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), setupTimeout)
	defer cancel()
	db, err := models.Open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, models.Close(db)) }()
	conns, err := db.DB()
	if err != nil {
		return err
	}
	_, err = schema.Up(ctx, conns, o.Dialect)
	return err
}
