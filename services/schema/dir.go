package schema

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"

	"ariga.io/atlas/sql/migrate"

	"resume-matcher/migrations"
	"resume-matcher/models"
)

// Dialects lists the databases that have migrations.
func Dialects() []models.Dialect { return []models.Dialect{models.SQLite, models.Postgres} }

// File is one migration file.
type File struct {
	Dialect models.Dialect `json:"dialect,omitempty"`
	Name    string         `json:"name"`
	Version string         `json:"version"`
	SQL     string         `json:"sql,omitempty"`
}

// Dir returns the migrations built into the program, checked against their atlas.sum.
func Dir(dialect models.Dialect) (migrate.Dir, error) {
	dir, err := memDir(migrations.FS, string(dialect))
	if err != nil {
		return nil, err
	}
	return dir, validate(dir, dialect)
}

// DiskDir returns the migrations of dialect under folder, checked against their atlas.sum.
func DiskDir(folder string, dialect models.Dialect) (migrate.Dir, error) {
	dir, err := migrate.NewLocalDir(filepath.Join(folder, string(dialect)))
	if err != nil {
		return nil, fmt.Errorf("no migrations of %s: %w", dialect, err)
	}
	return dir, validate(dir, dialect)
}

// Hash writes atlas.sum anew for each dialect under folder, to accept files that were edited on purpose.
func Hash(folder string) error {
	for _, dialect := range Dialects() {
		dir, err := migrate.NewLocalDir(filepath.Join(folder, string(dialect)))
		if err != nil {
			return fmt.Errorf("no migrations of %s: %w", dialect, err)
		}
		sum, err := dir.Checksum()
		if err != nil {
			return err
		}
		if err := migrate.WriteSumFile(dir, sum); err != nil {
			return err
		}
	}
	return nil
}

// Validate checks the files of each dialect under folder against their atlas.sum.
func Validate(folder string) error {
	var errs []error
	for _, dialect := range Dialects() {
		_, err := DiskDir(folder, dialect)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// memDir copies the folder name of fsys, atlas.sum included, to the form the migration library reads.
func memDir(fsys fs.FS, name string) (*migrate.MemDir, error) {
	entries, err := fs.ReadDir(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("no migrations of %s: %w", name, err)
	}
	dir := &migrate.MemDir{}
	for _, entry := range entries {
		text, err := fs.ReadFile(fsys, path.Join(name, entry.Name()))
		if err != nil {
			return nil, err
		}
		if err := dir.WriteFile(entry.Name(), text); err != nil {
			return nil, err
		}
	}
	return dir, nil
}

func validate(dir migrate.Dir, dialect models.Dialect) error {
	err := migrate.Validate(dir)
	if err == nil {
		return nil
	}
	where := "atlas.sum"
	var sum *migrate.ChecksumError
	if errors.As(err, &sum) && sum.File != "" {
		where = sum.File
	}
	return models.WrapError(models.KindInternal, fmt.Sprintf(
		"The %s migrations do not agree with their atlas.sum (%s). Undo the edit, or accept it with: resume-matcher migrate hash", dialect, where), err)
}

func toFiles(dialect models.Dialect, files []migrate.File) []File {
	out := make([]File, len(files))
	for i, f := range files {
		out[i] = File{Dialect: dialect, Name: f.Name(), Version: f.Version(), SQL: string(f.Bytes())}
	}
	return out
}
