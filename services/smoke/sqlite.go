package smoke

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"resume-matcher/models"
)

func (r *Report) trySQLite(ctx context.Context, o Options) error {
	if _, err := os.Stat(o.Path); errors.Is(err, fs.ErrNotExist) {
		return models.NewError(models.KindUnavailable, "There is no database file yet; serve makes it, or run: resume-matcher migrate up")
	}
	begin := time.Now()
	db, err := models.OpenSQLiteReadOnly(ctx, o.Path)
	if err != nil {
		return err
	}
	connected := time.Since(begin)
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return models.WrapError(models.KindUnavailable, "Can't open the SQLite database.", err)
	}
	defer conn.Close()
	r.add("database", func() (Check, error) {
		var version string
		err := conn.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version)
		return Check{Detail: "SQLite " + version}, err
	})
	r.add("file", func() (Check, error) { return sqliteFile(ctx, conn, o.Path) })
	r.add("integrity", func() (Check, error) { return quickCheck(ctx, conn) })
	r.add("latency", func() (Check, error) {
		median, err := latency(ctx, conn)
		return Check{Detail: fmt.Sprintf("%s, the median of %d queries; opening took %s", milliseconds(median), queries, milliseconds(connected))}, err
	})
	r.add("rights", func() (Check, error) { return fileRights(o.Path), nil })
	r.add("schema", func() (Check, error) { return schemaState(ctx, db, models.SQLite) })
	r.add("pool", func() (Check, error) {
		return Check{Detail: fmt.Sprintf("one writer and %d readers, %s of waiting for one", o.Open.PoolSize+o.Open.MaxOverflow, o.Open.PoolTimeout)}, nil
	})
	return nil
}

func sqliteFile(ctx context.Context, conn *sql.Conn, path string) (Check, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Check{}, err
	}
	var journal string
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&journal); err != nil {
		return Check{}, err
	}
	c := Check{Detail: fmt.Sprintf("%s, %s, journal %s", path, size(info.Size()), journal)}
	if journal != "wal" {
		c.Detail += ", which serve changes to wal"
	}
	if info.Mode().Perm()&0o077 != 0 {
		c.Status, c.Advice = Warn, "other users of this machine may read it: chmod 600"
	}
	return c, nil
}

func size(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%.0f KB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}

func quickCheck(ctx context.Context, conn *sql.Conn) (Check, error) {
	var result string
	if err := conn.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&result); err != nil || result != "ok" {
		return Check{Status: Failed, Detail: "quick_check found damage", Advice: "stop the program, keep the file, and restore the last backup"}, ctx.Err()
	}
	return Check{Detail: "quick_check ok"}, nil
}

// fileRights tells whether this process could write: SQLite keeps its write-ahead log beside the file.
func fileRights(path string) Check {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return Check{Status: Failed, Detail: "read-only", Advice: "run it as the user that owns the file"}
	}
	file.Close()
	beside, err := os.CreateTemp(filepath.Dir(path), ".smoke-*")
	if err != nil {
		return Check{Status: Failed, Detail: "its folder is read-only", Advice: "SQLite writes side files there: run it as the user that owns the folder"}
	}
	beside.Close()
	if err := os.Remove(beside.Name()); err != nil {
		return Check{Status: Warn, Detail: "reads and writes", Advice: "remove " + beside.Name()}
	}
	return Check{Detail: "reads and writes"}
}
