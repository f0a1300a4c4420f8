package models

import (
	"context"
	"errors"
	"io"
	"time"

	"gorm.io/gorm"
	gormlogger "gorm.io/gorm/logger"
)

// Dialect names a kind of database.
type Dialect string

// The databases the program runs on.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// The limits a zero OpenOptions stands for.
const (
	defaultPoolSize    = 5
	defaultMaxOverflow = 2
	defaultPoolTimeout = 30 * time.Second
)

// OpenOptions tell which database to open and how many connections to keep.
type OpenOptions struct {
	Dialect Dialect
	// DSN is a file path, a file: URI or ":memory:" for SQLite, a postgres:// URL for Postgres.
	DSN string
	// PoolSize connections stay open when idle and MaxOverflow more serve a rush; PoolSize 0 means 5 and 2.
	PoolSize, MaxOverflow int
	// PoolTimeout bounds the wait for a free connection; 0 means 30 s.
	PoolTimeout time.Duration
	// Pooler tells whether a transaction pooler stands before a Postgres.
	Pooler Pooler
	// Session makes a transaction pooler an error, for work that relies on the locks of its session.
	Session bool
	// StatementTimeout bounds each statement on Postgres; 0 leaves it unbounded, as migrations need it.
	StatementTimeout time.Duration
	// StartupWait is how long Open waits for a Postgres that nobody listens for yet, or whose proxy hangs up; one that answers, but is still
	// starting or waking up, is always waited for.
	StartupWait time.Duration
	// Logger receives GORM's errors and slow statements, never their parameters; nil discards them.
	Logger gormlogger.Interface
}

// Direct returns the options for the server behind the pooler, as far as its name is known.
func (o OpenOptions) Direct() OpenOptions {
	if o.Dialect == SQLite || o.Pooler == PoolerOff {
		return o
	}
	if dsn := DirectDSN(o.DSN); dsn != o.DSN {
		o.DSN, o.Pooler = dsn, PoolerAuto
	}
	return o
}

// ErrPoolTimeout is the cause of the KindUnavailable error given when no connection came free in time.
var ErrPoolTimeout = errors.New("models: no connection within the pool timeout")

// Open connects to a database; its errors hold neither the DSN nor a password.
//
// Single statements run without a transaction of their own: who writes more than one row opens one.
func Open(ctx context.Context, o OpenOptions) (*gorm.DB, error) {
	if o.PoolSize <= 0 {
		o.PoolSize, o.MaxOverflow = defaultPoolSize, defaultMaxOverflow
	}
	if o.PoolTimeout <= 0 {
		o.PoolTimeout = defaultPoolTimeout
	}
	switch o.Dialect {
	case SQLite:
		return openSQLite(ctx, o)
	case Postgres:
		return openPostgres(ctx, o)
	}
	return nil, NewError(KindValidation, "The database must be sqlite or postgres; check DATABASE_URL.")
}

// Close closes every connection that Open made.
func Close(db *gorm.DB) error {
	if c, ok := db.Config.ConnPool.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

func gormConfig(logger gormlogger.Interface) *gorm.Config {
	if logger == nil {
		logger = gormlogger.Discard
	}
	return &gorm.Config{
		Logger:                 quietLogger{logger},
		NowFunc:                now,
		TranslateError:         true,
		SkipDefaultTransaction: true,
		// Open pings with the caller's deadline, which GORM's own ping would not keep.
		DisableAutomaticPing: true,
	}
}

// now is UTC cut to microseconds, the precision of Postgres, so that a stored time reads back equal everywhere.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// quietLogger passes on how long statements take, but not how they fail: who asked gets the error, knows whether it is one
// (nothing found and a lost race are answers), and logs it once.
type quietLogger struct{ gormlogger.Interface }

// LogMode keeps the wrapper around the logger of the new level.
func (l quietLogger) LogMode(level gormlogger.LogLevel) gormlogger.Interface {
	return quietLogger{l.Interface.LogMode(level)}
}

// Trace passes on everything but the error.
func (l quietLogger) Trace(ctx context.Context, begin time.Time, fc func() (string, int64), _ error) {
	l.Interface.Trace(ctx, begin, fc, nil)
}
