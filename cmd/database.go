package cmd

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"gorm.io/gorm"
	gormlogger "gorm.io/gorm/logger"

	"resume-matcher/config"
	"resume-matcher/models"
	"resume-matcher/services/schema"
)

// slowStatement is how long a statement may take before the log says so.
const slowStatement = 500 * time.Millisecond

// startupWait is how long a server that starts beside its database waits for it.
const startupWait = 10 * time.Second

// startupNotice is how long that takes before the log says so.
const startupNotice = 2 * time.Second

// openOptions translate the configuration.
func openOptions(database config.Database) models.OpenOptions {
	return models.OpenOptions{
		Dialect:          models.Dialect(database.Dialect),
		DSN:              database.DSN.Reveal(),
		PoolSize:         database.Pool.Size,
		MaxOverflow:      database.Pool.MaxOverflow,
		PoolTimeout:      database.Pool.Timeout,
		Pooler:           models.Pooler(database.Pool.Pooler),
		StatementTimeout: database.Pool.StatementTimeout,
	}
}

// openDatabase opens the configured database as the application uses it.
func openDatabase(ctx context.Context, database config.Database, log *slog.Logger) (*gorm.DB, error) {
	o := openOptions(database)
	o.StartupWait = startupWait
	if log != nil {
		waiting := time.AfterFunc(startupNotice, func() { log.Info("waiting for the database to answer") })
		defer waiting.Stop()
		o.Logger = gormlogger.NewSlogLogger(log, gormlogger.Config{LogLevel: gormlogger.Warn, SlowThreshold: slowStatement})
	}
	return models.Open(ctx, o)
}

// openDirect opens the configured database past a transaction pooler, for work on the schema, which may take its time.
func openDirect(ctx context.Context, database config.Database) (*gorm.DB, error) {
	o := openOptions(database).Direct()
	o.StartupWait, o.StatementTimeout, o.Session = startupWait, 0, true
	return models.Open(ctx, o)
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

// databaseOr returns the database that url names, or the configured one if it is empty.
func (a *app) databaseOr(url string) (config.Database, error) {
	if url == "" {
		cfg, err := a.load()
		if err != nil {
			return config.Database{}, err
		}
		return cfg.Database, nil
	}
	database, err := config.ParseDatabaseURL(url)
	if err != nil {
		return database, fmt.Errorf("--database-url %w", err)
	}
	return database, nil
}

// devServer returns the Postgres server on which scratch schemas are made: that of devURL, else that of database.
// Its DSN is empty if neither names one.
func devServer(devURL string, database config.Database) (config.Database, error) {
	if devURL != "" {
		server, err := config.ParseDatabaseURL(devURL)
		if err != nil || server.Dialect != config.Postgres {
			return config.Database{}, errors.New("--dev-url must be a Postgres URL")
		}
		return server, nil
	}
	if database.Dialect != config.Postgres {
		return config.Database{}, nil
	}
	return database, nil
}

// openServer connects to the server that devServer chooses for the configured database, or returns nil.
func openServer(ctx context.Context, a *app, devURL string) (*sql.DB, error) {
	var database config.Database
	var err error
	if devURL == "" {
		if database, err = a.databaseOr(""); err != nil {
			return nil, err
		}
	}
	server, err := devServer(devURL, database)
	if err != nil || server.DSN == "" {
		return nil, err
	}
	return openReadOnly(ctx, server)
}

// openReadOnly opens a database to look at it. An SQLite file is neither made nor changed; on Postgres the caller's
// statements must hold to that, since scratch schemas are made in a transaction.
func openReadOnly(ctx context.Context, database config.Database) (*sql.DB, error) {
	if database.Dialect == config.Postgres {
		o := openOptions(database).Direct()
		o.PoolSize, o.MaxOverflow, o.StatementTimeout = 2, 0, 0
		return models.OpenPostgresSQL(ctx, o)
	}
	return models.OpenSQLiteReadOnly(ctx, database.Path)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
