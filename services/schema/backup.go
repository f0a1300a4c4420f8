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
	target, err := createBackup(path + ".backup-" + version + "-")
	if err == nil {
		err = fillBackup(ctx, db, target)
	}
	if err != nil {
		return "", models.WrapError(models.KindUnavailable,
			"Can't copy the database before migrating it; is there space and a right to write beside it?", err)
	}
	return target, nil
}

// BackupInto copies an SQLite database, which may be in use, to a new file that only its owner may read. It takes db for
// itself.
func BackupInto(ctx context.Context, db *sql.DB, target string) error {
	err := createEmpty(target)
	if errors.Is(err, fs.ErrExist) {
		return models.NewError(models.KindConflict, "There is a file of that name already; name a new one.")
	}
	if err == nil {
		// A connection for reading only takes the statement for one that writes; its file stays as it is.
		db.SetMaxOpenConns(1)
		_, err = db.ExecContext(ctx, "PRAGMA query_only = 0")
		err = errors.Join(err, fillBackup(ctx, db, target))
	}
	if err != nil {
		return models.WrapError(models.KindUnavailable, "Can't copy the database; is there space and a right to write there?", err)
	}
	return nil
}

// fillBackup copies into an empty file, for VACUUM INTO would make one that others can read, and leaves none behind if it
// fails. VACUUM INTO syncs nothing.
func fillBackup(ctx context.Context, db *sql.DB, target string) error {
	_, err := db.ExecContext(ctx, "VACUUM INTO $1", target)
	if err == nil {
		err = syncFile(target)
	}
	if err != nil {
		return errors.Join(err, os.Remove(target))
	}
	return nil
}

func syncFile(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func createEmpty(name string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// createBackup makes an empty file named prefix and the time. Another process may have taken the name this very
// millisecond: the next one is then free.
func createBackup(prefix string) (name string, err error) {
	for range 100 {
		name = prefix + time.Now().UTC().Format("20060102T150405.000Z")
		if err = createEmpty(name); err == nil {
			return name, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		time.Sleep(time.Millisecond)
	}
	return "", err
}
