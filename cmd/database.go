package cmd

import (
	"context"
	"database/sql"
	"log/slog"
	"time"

	"gorm.io/gorm"
	gormlogger "gorm.io/gorm/logger"

	"resume-matcher/config"
	"resume-matcher/models"
	"resume-matcher/services/schema"
)

// slowStatement is how long a statement may take before the log says so.
const slowStatement = 500 * time.Millisecond

// openDatabase opens the configured database as the application uses it.
func openDatabase(ctx context.Context, database config.Database, log *slog.Logger) (*gorm.DB, error) {
	o := models.OpenOptions{
		Dialect:     models.Dialect(database.Dialect),
		DSN:         database.DSN.Reveal(),
		PoolSize:    database.Pool.Size,
		MaxOverflow: database.Pool.MaxOverflow,
		PoolTimeout: database.Pool.Timeout,
	}
	if log != nil {
		o.Logger = gormlogger.NewSlogLogger(log, gormlogger.Config{LogLevel: gormlogger.Warn, SlowThreshold: slowStatement})
	}
	return models.Open(ctx, o)
}

// openDirect opens the configured database past a transaction pooler, for work on the schema.
func openDirect(ctx context.Context, database config.Database) (*gorm.DB, error) {
	if database.Dialect == config.Postgres {
		database.DSN = config.DSN(models.DirectDSN(database.DSN.Reveal()))
	}
	return openDatabase(ctx, database, nil)
}

// applyPending brings the database to the newest version. An SQLite file that holds data is copied first; backup is
// the copy's name.
func applyPending(ctx context.Context, conns *sql.DB, database config.Database) (applied []schema.File, backup string, err error) {
	dialect := models.Dialect(database.Dialect)
	if dialect == models.SQLite {
		pending, err := schema.Pending(ctx, conns, dialect)
		if err != nil || len(pending) == 0 {
			return nil, "", err
		}
		if backup, err = schema.Backup(ctx, conns, database.Path); err != nil {
			return nil, "", err
		}
	}
	applied, err = schema.Up(ctx, conns, dialect)
	return applied, backup, err
}

// openServer connects to the Postgres server on which scratch schemas are made: that of devURL, else the configured
// one. It returns nil if neither names one.
func openServer(ctx context.Context, a *app, devURL string) (*sql.DB, error) {
	var database config.Database
	if devURL != "" {
		var err error
		if database, err = config.ParseDatabaseURL(devURL); err != nil || database.Dialect != config.Postgres {
			return nil, models.NewError(models.KindValidation, "--dev-url must be a Postgres URL.")
		}
	} else {
		cfg, err := a.load()
		if err != nil {
			return nil, err
		}
		database = cfg.Database
	}
	if database.Dialect != config.Postgres {
		return nil, nil
	}
	return models.OpenPostgresSQL(ctx, models.OpenOptions{DSN: models.DirectDSN(database.DSN.Reveal()), PoolSize: 1})
}
