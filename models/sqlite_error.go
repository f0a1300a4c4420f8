package models

import (
	"errors"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	modernc "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	diskFullMessage  = "The disk that holds the database is full; an operator must free space, then try again."
	diskErrorMessage = "The database file can't be read or written at the moment; an operator must look at its disk and its rights."
	damagedMessage   = "The database file is damaged; keep it, and restore the last backup."
	busyMessage      = "The database is busy; try again in a moment."
)

// sqliteDialector is GORM's dialector for another engine than its own, whose errors that one can't translate.
type sqliteDialector struct{ *sqlite.Dialector }

// Translate maps a broken constraint to GORM's error of that meaning, and a file that can't be used now to
// KindUnavailable.
func (sqliteDialector) Translate(err error) error {
	var known *Error
	var e *modernc.Error
	if errors.As(err, &known) || !errors.As(err, &e) {
		return err
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return gorm.ErrDuplicatedKey
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return gorm.ErrForeignKeyViolated
	case sqlite3.SQLITE_CONSTRAINT_CHECK:
		return gorm.ErrCheckConstraintViolated
	}
	if message := sqliteUnavailable(e.Code()); message != "" {
		return WrapError(KindUnavailable, message, err)
	}
	return err
}

// Explain returns a statement for the log as it is, as that of Postgres does.
func (sqliteDialector) Explain(statement string, _ ...any) string { return statement }

// sqliteUnavailable returns what to say of an error that lies with the machine and not with the statement, or nothing.
func sqliteUnavailable(code int) string {
	switch code {
	case sqlite3.SQLITE_IOERR_SHMSIZE: // the file that readers and writer share can't grow either
		return diskFullMessage
	}
	switch code & 0xff {
	case sqlite3.SQLITE_FULL:
		return diskFullMessage
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return diskErrorMessage
	case sqlite3.SQLITE_NOMEM:
		return fullMessage
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return damagedMessage
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return busyMessage
	}
	return ""
}
