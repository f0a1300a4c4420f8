package schema

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path"
	"slices"
	"time"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/sqlite"

	"resume-matcher/migrations"
	"resume-matcher/models"
)

// The values of Report.Status.
const (
	statusInSync = "in_sync"
	statusDrift  = "drift"
	statusError  = "error"
)

// Kinds lists the six kinds of drift.
func Kinds() []Kind {
	return []Kind{KindModelsVsMigrations, KindLiveVsMigrations, KindPending, KindEdited, KindAhead, KindFailed}
}

// CheckOptions say what to check.
type CheckOptions struct {
	Dialect models.Dialect
	// Live is the database to check, which is only read; nil leaves the checks of the directory.
	Live *sql.DB
	// Dev is a Postgres server for scratch schemas, best of Live's version; nil uses Live, in a transaction that is
	// rolled back. SQLite needs none.
	Dev *sql.DB
	// Only limits the check to some kinds; empty means all.
	Only []Kind
	// Dir holds the migrations; nil takes those of Dialect under Folder, or the program's own if that is empty too.
	Dir    migrate.Dir
	Folder string
	// Now gives the time of the report; nil is time.Now.
	Now func() time.Time
}

// Check compares the models, the migrations and the live database. Its findings are sorted, and the same schema
// always gives the same ones. An error, always a *models.Error, means that the check could not be made, which tells
// nothing about drift; the report then says so too.
func Check(ctx context.Context, o CheckOptions) (Report, error) {
	return check(ctx, o, models.All())
}

func check(ctx context.Context, o CheckOptions, all []any) (Report, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	report := Report{Status: statusInSync, Dialect: o.Dialect, CheckedAt: o.Now().UTC(), Findings: []Finding{}}
	findings, err := checkOnce(ctx, o, all)
	for tries := 1; errors.Is(err, errMigratedMeanwhile) && tries < 3; tries++ {
		findings, err = checkOnce(ctx, o, all)
	}
	if err = publicError(err); err != nil {
		var public *models.Error
		errors.As(err, &public)
		report.Status, report.Error = statusError, public.Message
		return report, err
	}
	if len(findings) > 0 {
		report.Status, report.Findings = statusDrift, findings
	}
	return report, nil
}

// errMigratedMeanwhile tells that a migration was applied between two reads, so that they do not fit together.
var errMigratedMeanwhile = models.NewError(models.KindConflict, "The database is being migrated; check again when that is done.")

// checker is one run of Check.
type checker struct {
	CheckOptions
	bench    *bench
	all      []any
	files    []migrate.File
	tampered bool
	// replayed is what the statements made, kept because the models and the live database are mostly compared with the same.
	replayed   *side
	statements []string
	findings   []Finding
}

func checkOnce(ctx context.Context, o CheckOptions, all []any) ([]Finding, error) {
	if !slices.Contains(Dialects(), o.Dialect) {
		return nil, models.NewError(models.KindValidation, "The database must be sqlite or postgres.")
	}
	if o.Dev == nil {
		o.Dev = o.Live
	}
	c := &checker{CheckOptions: o, all: all}
	if err := c.open(); err != nil {
		return nil, err
	}
	if err := c.run(ctx); err != nil {
		return nil, err
	}
	c.locate()
	finish(c.findings, o.Dialect)
	sortFindings(c.findings)
	return slices.CompactFunc(c.findings, func(a, b Finding) bool { return a == b }), nil
}

func (c *checker) wants(kinds ...Kind) bool {
	return len(c.Only) == 0 || slices.ContainsFunc(c.Only, func(k Kind) bool { return slices.Contains(kinds, k) })
}

// open reads the directory. One that does not agree with its atlas.sum is a finding, and is not replayed: nobody has
// vouched for its statements.
func (c *checker) open() (err error) {
	if c.Dir == nil {
		fsys := os.DirFS(c.Folder)
		if c.Folder == "" {
			fsys = migrations.FS
		}
		if c.Dir, err = memDir(fsys, string(c.Dialect)); err != nil {
			return models.WrapError(models.KindValidation, "There is no folder of "+string(c.Dialect)+" migrations to check.", err)
		}
	}
	if c.files, err = migrate.FilesFromLastCheckpoint(c.Dir); err != nil {
		return models.WrapError(models.KindInternal, "The migrations can't be read.", err)
	}
	if err := migrate.Validate(c.Dir); err != nil {
		c.tampered = true
		if c.wants(KindFailed) {
			c.findings = append(c.findings, checksumFinding(err))
		}
	}
	return nil
}

func (c *checker) run(ctx context.Context) error {
	if err := c.answerable(); err != nil {
		return err
	}
	ofModels := c.wants(KindModelsVsMigrations) && !c.tampered
	ofLive := c.Live != nil && c.wants(KindLiveVsMigrations, KindPending, KindEdited, KindAhead, KindFailed)
	if !ofModels && !ofLive {
		return nil
	}
	return withBench(c.Dialect, c.Dev, func(b *bench) error {
		c.bench = b
		if ofLive {
			if err := c.checkLive(ctx); err != nil {
				return err
			}
		}
		if ofModels {
			return c.checkModels(ctx)
		}
		return nil
	})
}

// answerable refuses what could only be answered with silence, which would read as agreement.
func (c *checker) answerable() error {
	if c.Live == nil && !c.wants(KindModelsVsMigrations, KindFailed) {
		return models.NewError(models.KindValidation, "These kinds of drift are found in a database; give one with --database-url.")
	}
	if c.tampered && !c.wants(KindFailed) && c.wants(KindModelsVsMigrations, KindLiveVsMigrations) {
		return validate(c.Dir, c.Dialect)
	}
	return nil
}

// replay returns the schema that statements make.
func (c *checker) replay(ctx context.Context, statements []string) (_ *side, err error) {
	if c.replayed == nil || !slices.Equal(c.statements, statements) {
		c.replayed, err = c.bench.replay(ctx, statements)
		c.statements = statements
	}
	return c.replayed, err
}

func (c *checker) checkModels(ctx context.Context) error {
	statements, err := statementsIn(c.Dialect, c.files)
	if err != nil {
		return err
	}
	from, err := c.replay(ctx, statements)
	if err != nil {
		return err
	}
	comparison, err := modelsSide(ctx, c.bench, from, c.all)
	if err != nil {
		return err
	}
	findings, err := comparison.findings(ctx)
	for _, f := range findings {
		f.Kind = KindModelsVsMigrations
		c.findings = append(c.findings, f)
	}
	return err
}

// compareModels finds what leads from the files of dir to the tables of all.
func compareModels(ctx context.Context, b *bench, dir migrate.Dir, all []any) (*comparison, error) {
	files, err := migrate.FilesFromLastCheckpoint(dir)
	if err != nil {
		return nil, err
	}
	statements, err := statementsIn(b.dialect, files)
	if err != nil {
		return nil, err
	}
	from, err := b.replay(ctx, statements)
	if err != nil {
		return nil, err
	}
	return modelsSide(ctx, b, from, all)
}

func modelsSide(ctx context.Context, b *bench, from *side, all []any) (*comparison, error) {
	statements, err := statementsOf(b.dialect, all)
	if err != nil {
		return nil, err
	}
	to, err := b.replay(ctx, statements)
	if err != nil {
		return nil, err
	}
	return compare(ctx, from, to)
}

// statementsIn returns the statements of files, split as the Atlas command line would.
func statementsIn(dialect models.Dialect, files []migrate.File) ([]string, error) {
	var out []string
	for _, f := range files {
		statements, err := fileStatements(dialect, f)
		if err != nil {
			return nil, models.WrapError(models.KindInternal, "The migration "+f.Name()+" can't be split into statements.", err)
		}
		for _, s := range statements {
			out = append(out, s.Text)
		}
	}
	return out, nil
}

func fileStatements(dialect models.Dialect, f migrate.File) ([]*migrate.Stmt, error) {
	// Splitting asks nothing of the database.
	if dialect == models.Postgres {
		return migrate.FileStmtDecls((*postgres.Driver)(nil), f)
	}
	return migrate.FileStmtDecls((*sqlite.Driver)(nil), f)
}

// filePath is where a migration stands in the repository, or under Folder.
func (c *checker) filePath(name string) string {
	folder := c.Folder
	if folder == "" {
		folder = "migrations"
	}
	return path.Join(folder, string(c.Dialect), name)
}
