package schema

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"ariga.io/atlas/sql/migrate"

	"resume-matcher/models"
)

// versionFormat is a UTC time, so that versions of several developers sort in the order they were made.
const versionFormat = "20060102150405"

var (
	validName    = regexp.MustCompile(`^[a-z0-9][a-z0-9_]{0,99}$`)
	validVersion = regexp.MustCompile(`^[0-9]{1,20}$`)
)

// DiffOptions say which migration to write.
type DiffOptions struct {
	// Folder holds one directory a dialect, as ./migrations does.
	Folder string
	// Name is the file's description, in snake_case; Version its number, a UTC time if it is empty.
	Name, Version string
	// Dev is a connection to any Postgres server; its data is left alone.
	Dev *sql.DB
}

// Diff writes the migration that leads from the files of each dialect to the models, and returns the files. It
// writes all dialects or none; no file means that models and migrations agree.
func Diff(ctx context.Context, o DiffOptions) ([]File, error) {
	if !validName.MatchString(o.Name) {
		return nil, models.NewError(models.KindValidation, "A migration's name is lower-case letters, digits and underscores, such as add_phone.")
	}
	if o.Version == "" {
		o.Version = time.Now().UTC().Format(versionFormat)
	}
	if !validVersion.MatchString(o.Version) {
		return nil, models.NewError(models.KindValidation, "A migration's version is a number, such as 0004 or 20260102150405.")
	}
	var files []File
	var pending []write
	for _, dialect := range Dialects() {
		file, writes, err := planFile(ctx, o, dialect)
		if err != nil {
			return nil, err
		}
		if file != nil {
			files, pending = append(files, *file), append(pending, writes...)
		}
	}
	return files, writeAll(pending)
}

// write is a file to be written.
type write struct {
	path string
	text []byte
}

// planFile returns the next migration of dialect and what to write for it, or nothing if none is needed.
func planFile(ctx context.Context, o DiffOptions, dialect models.Dialect) (*File, []write, error) {
	if _, err := DiskDir(o.Folder, dialect); err != nil {
		return nil, nil, err
	}
	dir, err := memDir(os.DirFS(o.Folder), string(dialect))
	if err != nil {
		return nil, nil, err
	}
	if err := checkNewest(dir, o.Version); err != nil {
		return nil, nil, err
	}
	plan, err := missingPlan(ctx, o, dialect, dir)
	if err != nil || plan == nil {
		return nil, nil, err
	}
	plan.Version = o.Version
	var writes []write
	dir.SyncWrites(func(name string, text []byte) error {
		writes = append(writes, write{filepath.Join(o.Folder, string(dialect), name), text})
		return nil
	})
	if err := migrate.NewPlanner(nil, dir).WritePlan(plan); err != nil {
		return nil, nil, err
	}
	name := filepath.Base(writes[0].path)
	return &File{Dialect: dialect, Name: name, Version: o.Version, SQL: string(writes[0].text)}, writes, nil
}

// missingPlan returns what leads from the files of dir to the models, nil if they agree.
func missingPlan(ctx context.Context, o DiffOptions, dialect models.Dialect, dir migrate.Dir) (plan *migrate.Plan, err error) {
	err = withBench(dialect, o.Dev, func(b *bench) error {
		c, err := compareModels(ctx, b, dir, models.All())
		if err != nil || len(c.changes) == 0 {
			return err
		}
		plan, err = c.plan(ctx, o.Name, c.changes)
		return err
	})
	return plan, err
}

// checkNewest refuses a version that would not be the last: databases that already have later ones would skip it.
func checkNewest(dir migrate.Dir, version string) error {
	files, err := dir.Files()
	if err != nil {
		return err
	}
	if len(files) > 0 && files[len(files)-1].Version() >= version {
		return models.NewError(models.KindConflict, fmt.Sprintf(
			"A migration of version %s exists; give --version a later number.", files[len(files)-1].Version()))
	}
	return nil
}

// writeAll writes every file, or restores what was there.
func writeAll(files []write) (err error) {
	var undo []func() error
	defer func() {
		if err != nil {
			for _, u := range undo {
				err = errors.Join(err, u())
			}
		}
	}()
	for _, f := range files {
		before, readErr := os.ReadFile(f.path)
		switch {
		case errors.Is(readErr, fs.ErrNotExist):
			undo = append(undo, func() error { return os.RemoveAll(f.path) })
		case readErr != nil:
			return readErr
		default:
			undo = append(undo, func() error { return os.WriteFile(f.path, before, 0o644) })
		}
		if err := os.WriteFile(f.path, f.text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
