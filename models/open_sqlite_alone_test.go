package models_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

func TestOpenSQLiteAloneKeepsOthersOut(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a file?#.db")
	_, err := models.OpenSQLiteAlone(t.Context(), path)
	require.Error(t, err)
	require.NoFileExists(t, path)

	require.NoError(t, os.WriteFile(path, nil, 0o600))
	alone, err := models.OpenSQLiteAlone(t.Context(), path)
	require.NoError(t, err)
	_, err = alone.ExecContext(t.Context(), "CREATE TABLE t (x text); INSERT INTO t VALUES ('x')")
	require.NoError(t, err)
	_, err = models.OpenSQLiteAlone(t.Context(), path)
	var public *models.Error
	require.ErrorAs(t, err, &public)
	require.Equal(t, models.KindConflict, public.Kind)
	_, err = models.OpenSQLiteReadOnly(t.Context(), path)
	require.Error(t, err)
	require.NoError(t, alone.Close())

	readers, err := models.OpenSQLiteReadOnly(t.Context(), path)
	require.NoError(t, err)
	var n int
	require.NoError(t, readers.QueryRowContext(t.Context(), "SELECT count(*) FROM t").Scan(&n))
	require.Equal(t, 1, n)
	require.NoError(t, readers.Close())
}
