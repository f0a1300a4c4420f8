package schema

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"time"

	"resume-matcher/models"
)

// Backup copies the SQLite database at path to a file beside it, path.backup-VERSION-TIME, which only its owner may
// read, and returns that file's name. A database without tables holds nothing to lose: the name is then empty.
func Backup(ctx context.Context, db *sql.DB, path string) (string, error) {
	var tables int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master WHERE type = 'table'").Scan(&tables); err != nil {
		return "", models.WrapError(models.KindUnavailable, "Can't read the database before migrating it.", err)
	}
	if tables == 0 {
		return "", nil
	}
	history, err := readHistory(ctx, db, models.SQLite)
	if err != nil {
		return "", err
	}
	version := "0"
	if len(history) > 0 {
		version = history[len(history)-1].Version
	}
	// VACUUM INTO would make a file that others can read; it accepts an empty one.
	target, err := createBackup(path + ".backup-" + version + "-")
	if err == nil {
		if _, err = db.ExecContext(ctx, "VACUUM INTO $1", target); err != nil {
			err = errors.Join(err, os.Remove(target))
		}
	}
	if err != nil {
		return "", models.WrapError(models.KindUnavailable,
			"Can't copy the database before migrating it; is there space and a right to write beside it?", err)
	}
	return target, nil
}

// createBackup makes an empty file named prefix and the time. Another process may have taken the name this very
// millisecond: the next one is then free.
func createBackup(prefix string) (name string, err error) {
	for range 100 {
		name = prefix + time.Now().UTC().Format("20060102T150405.000Z")
		var f *os.File
		if f, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
			return name, f.Close()
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		time.Sleep(time.Millisecond)
	}
	return "", err
}
