package schema

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"time"

	"resume-matcher/models"
)

// Backup copies the SQLite database at path to a file beside it, path.backup-VERSION-TIME, which only its owner may
// read, and returns that file's name. A database without migrations holds nothing to lose: the name is then empty.
func Backup(ctx context.Context, db *sql.DB, path string) (string, error) {
	history, err := readHistory(ctx, db, models.SQLite)
	if err != nil || len(history) == 0 {
		return "", err
	}
	target := path + ".backup-" + history[len(history)-1].Version + "-" + time.Now().UTC().Format("20060102T150405.000Z")
	// VACUUM INTO would make a file that others can read; it accepts an empty one.
	f, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		_, err = db.ExecContext(ctx, "VACUUM INTO $1", target)
		if err != nil {
			err = errors.Join(err, os.Remove(target))
		}
	}
	if err != nil {
		return "", models.WrapError(models.KindUnavailable,
			"Can't copy the database before migrating it; is there space and a right to write beside it?", err)
	}
	return target, nil
}
