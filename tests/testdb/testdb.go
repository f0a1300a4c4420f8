// Package testdb gives every test a migrated database of its own.
//
// The database is an SQLite file unless FORCE_SQLITE_FOR_TESTS is false, and then a new database on the Postgres
// server of DATABASE_URL, whose user must be allowed to create databases.
package testdb

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
)

// setupTimeout bounds what a test waits for its database.
const setupTimeout = 2 * time.Minute

// Dialect returns the kind of database the tests run on.
func Dialect() models.Dialect {
	forced, err := strconv.ParseBool(os.Getenv("FORCE_SQLITE_FOR_TESTS"))
	if err != nil || forced {
		return models.SQLite
	}
	return models.Postgres
}

// RequirePostgres skips a test, PostgresOnly in its name, that makes no sense on another database.
func RequirePostgres(tb testing.TB) {
	tb.Helper()
	if Dialect() != models.Postgres {
		tb.Skip("needs Postgres: run it with make backend-test-pg")
	}
}

// BehindPooler tells whether the tests reach Postgres through a transaction pooler.
func BehindPooler() bool { return Dialect() == models.Postgres && os.Getenv(poolerVariable) != "" }

// CancelsStatements tells whether a statement may be cancelled, which some poolers do not survive.
func CancelsStatements() bool { return os.Getenv("TEST_POOLER_CANCELS") != "false" }

// Open returns a migrated, empty database that is gone when the test ends.
func Open(tb testing.TB) *gorm.DB {
	tb.Helper()
	return Connect(tb, Migrated(tb))
}

// Connect opens the database that o names until the test ends.
func Connect(tb testing.TB, o models.OpenOptions) *gorm.DB {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), setupTimeout)
	defer cancel()
	db, err := models.Open(ctx, o)
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, models.Close(db)) })
	return db
}

// Migrated returns how to open a migrated, empty database, for tests that open it themselves.
func Migrated(tb testing.TB) models.OpenOptions {
	tb.Helper()
	if Dialect() == models.SQLite {
		return migratedSQLite(tb)
	}
	return postgresDatabase(tb, true)
}

// Blank returns how to open a database without any table.
func Blank(tb testing.TB) models.OpenOptions {
	tb.Helper()
	if Dialect() == models.SQLite {
		return blankSQLite(tb)
	}
	return postgresDatabase(tb, false)
}
