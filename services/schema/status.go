package schema

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/schema"

	"resume-matcher/models"
)

// Applied is a migration a database has, or one it stopped in.
type Applied struct {
	Version     string        `json:"version"`
	Description string        `json:"description"`
	At          time.Time     `json:"applied_at"`
	Took        time.Duration `json:"took_ns"`
	// Statements of Total ran; fewer than Total means that the migration failed with Error.
	Statements int    `json:"statements"`
	Total      int    `json:"total"`
	Error      string `json:"error,omitempty"`
}

// Status tells where a database stands.
type Status struct {
	Dialect models.Dialect `json:"dialect"`
	// Current is the last version that was applied as a whole, empty on a new database.
	Current string    `json:"current"`
	Applied []Applied `json:"applied"`
	Pending []File    `json:"pending"`
}

// ReadStatus tells which migrations of this program the database has and lacks; it only reads. What was applied is
// returned even if an error says that it can't be continued.
func ReadStatus(ctx context.Context, db *sql.DB, dialect models.Dialect) (Status, error) {
	status := Status{Dialect: dialect, Applied: []Applied{}, Pending: []File{}}
	dir, err := Dir(dialect)
	if err != nil {
		return status, err
	}
	history, err := readHistory(ctx, db, dialect)
	if err != nil {
		return status, err
	}
	for _, r := range history {
		status.Applied = append(status.Applied, Applied{
			Version: r.Version, Description: r.Description, At: r.ExecutedAt, Took: r.ExecutionTime,
			Statements: r.Applied, Total: r.Total, Error: r.Error,
		})
		if r.Applied == r.Total {
			status.Current = r.Version
		}
	}
	pending, err := pendingFiles(ctx, dir, history)
	status.Pending = toFiles(dialect, pending)
	return status, err
}

// Pending returns the migrations of this program that the database lacks, oldest first; it only reads.
func Pending(ctx context.Context, db *sql.DB, dialect models.Dialect) ([]File, error) {
	dir, err := Dir(dialect)
	if err != nil {
		return nil, err
	}
	history, err := readHistory(ctx, db, dialect)
	if err != nil {
		return nil, err
	}
	pending, err := pendingFiles(ctx, dir, history)
	return toFiles(dialect, pending), err
}

// readHistory returns what was applied, without making the table that would hold it.
func readHistory(ctx context.Context, conn schema.ExecQuerier, dialect models.Dialect) ([]*migrate.Revision, error) {
	r := revisions{conn, dialect}
	if there, err := r.exists(ctx); err != nil || !there {
		return nil, err
	}
	return r.ReadRevisions(ctx)
}

// pendingFiles returns the files of dir that history lacks, as the Atlas command line would choose them.
func pendingFiles(ctx context.Context, dir migrate.Dir, history []*migrate.Revision) ([]migrate.File, error) {
	if len(history) == 0 {
		return migrate.FilesFromLastCheckpoint(dir)
	}
	// With a history the executor decides from it alone and asks the driver nothing.
	executor, err := migrate.NewExecutor(struct{ migrate.Driver }{}, dir, pastRevisions{history: history})
	if err != nil {
		return nil, err
	}
	pending, err := executor.Pending(ctx)
	switch {
	case errors.Is(err, migrate.ErrNoPendingFiles):
		return nil, nil
	case errors.As(err, new(*migrate.HistoryNonLinearError)):
		return nil, models.WrapError(models.KindSchemaNotReady,
			"A migration older than the last applied one was added. Give it a later version: delete it and run migrate diff again.", err)
	case errors.As(err, new(*migrate.MissingMigrationError)):
		return nil, models.WrapError(models.KindSchemaNotReady,
			"The database stopped in a migration that this program does not have; run the program version that began it.", err)
	}
	return pending, err
}

// pastRevisions is a history that is already read.
type pastRevisions struct {
	migrate.NopRevisionReadWriter
	history []*migrate.Revision
}

// ReadRevisions returns the history.
func (p pastRevisions) ReadRevisions(context.Context) ([]*migrate.Revision, error) {
	return p.history, nil
}
