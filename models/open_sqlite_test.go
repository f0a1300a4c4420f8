package models_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

func TestOpenSQLiteReadOnlyChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a file?#.db")
	_, err := models.OpenSQLiteReadOnly(t.Context(), path)
	require.Error(t, err)
	require.NoFileExists(t, path)

	db, err := models.Open(t.Context(), models.OpenOptions{Dialect: models.SQLite, DSN: path})
	require.NoError(t, err)
	require.NoError(t, db.Exec("CREATE TABLE t (x text)").Error)
	require.NoError(t, models.Close(db))
	before, err := os.ReadFile(path)
	require.NoError(t, err)

	conns, err := models.OpenSQLiteReadOnly(t.Context(), path)
	require.NoError(t, err)
	var n int
	require.NoError(t, conns.QueryRowContext(t.Context(), "SELECT count(*) FROM t").Scan(&n))
	for _, statement := range []string{"INSERT INTO t VALUES ('x')", "DROP TABLE t", "CREATE TABLE u (x text)"} {
		_, err = conns.ExecContext(t.Context(), statement)
		assert.Error(t, err, statement)
	}
	require.NoError(t, conns.Close())
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

func TestOpenSQLiteReadOnlyRefusesAnotherFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "text.db")
	require.NoError(t, os.WriteFile(path, []byte("this is a text and no database, however long it may be; it only has to be longer than a header of an SQLite file is"), 0o600))
	_, err := models.OpenSQLiteReadOnly(t.Context(), path)
	require.ErrorContains(t, err, "not an SQLite database")
}

func TestManyOpenTheSameNewFile(t *testing.T) {
	for range 10 {
		path := filepath.Join(t.TempDir(), "new.db")
		var errs [8]error
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				db, err := models.Open(t.Context(), models.OpenOptions{Dialect: models.SQLite, DSN: path})
				if err == nil {
					err = models.Close(db)
				}
				errs[i] = err
			})
		}
		wg.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
	}
}
