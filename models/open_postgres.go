package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

const (
	// applicationName is how the program shows in pg_stat_activity, unless the URL names another.
	applicationName = "resume-matcher"
	// idleTime closes connections a rush has left behind, well before a hosted database falls asleep: waking up costs
	// less than a connection that was cut off meanwhile.
	idleTime = 2 * time.Minute
	// lifeTime makes connections follow a server that moved, and spreads replicas over those that were added.
	lifeTime = 30 * time.Minute
	// idleInTransaction ends a transaction that its process has forgotten, or in which it froze, and with it the locks it
	// holds: sooner than the lease of a task ends, so that whoever takes that over need not wait for them.
	idleInTransaction = 20 * time.Second
	// silence is how long after the end of a statement's time the server may still say so. One that is frozen, or cut
	// off, says nothing.
	silence = 3 * time.Second
)

func openPostgres(ctx context.Context, o OpenOptions) (*gorm.DB, error) {
	db, behindPooler, err := ConnectPostgres(ctx, o)
	if err != nil {
		return nil, err
	}
	conns := postgresPool{pool: newPool(db, o.PoolTimeout)}
	switch {
	case o.StatementTimeout <= 0:
	case !behindPooler:
		conns.timeout = o.StatementTimeout + silence
	default:
		conns.timeout = o.StatementTimeout
		conns.begin = fmt.Sprintf("SET LOCAL statement_timeout = %d; SET LOCAL idle_in_transaction_session_timeout = %d",
			o.StatementTimeout.Milliseconds(), idleInTransaction.Milliseconds())
	}
	dialector := postgresDialector{&postgres.Dialector{Config: &postgres.Config{Conn: conns}}}
	gdb, err := gorm.Open(dialector, gormConfig(o.Logger))
	if err != nil {
		return nil, errors.Join(connectError(err), db.Close())
	}
	return gdb, nil
}

// OpenPostgresSQL connects to Postgres without GORM, for work on the schema; its errors hold no part of the URL.
// Behind a transaction pooler its statements have no StatementTimeout.
func OpenPostgresSQL(ctx context.Context, o OpenOptions) (*sql.DB, error) {
	db, _, err := ConnectPostgres(ctx, o)
	return db, err
}

// ConnectPostgres is OpenPostgresSQL that also tells whether a transaction pooler turned out to stand before the server.
func ConnectPostgres(ctx context.Context, o OpenOptions) (_ *sql.DB, behindPooler bool, err error) {
	cfg, err := pgx.ParseConfig(o.DSN)
	if err != nil {
		// The parser's error quotes the URL, password included.
		return nil, false, NewError(KindValidation, "DATABASE_URL is not a valid Postgres URL; percent-encode reserved characters in the password.")
	}
	if behindPooler = pooled(cfg, o.Pooler); !behindPooler {
		db, err := dialPostgres(ctx, cfg, false, o)
		var refused *pgconn.PgError
		if o.Pooler == PoolerOff || !errors.As(err, &refused) || !refusesParameter(refused) {
			return db, false, err
		}
	}
	if o.Session {
		return nil, true, NewError(KindValidation, "DATABASE_URL leads through a transaction pooler, which does not keep the locks this needs; "+
			"let it name the server itself for this command.")
	}
	db, err := dialPostgres(ctx, cfg, true, o)
	return db, true, err
}

func dialPostgres(ctx context.Context, cfg *pgx.ConnConfig, behindPooler bool, o OpenOptions) (*sql.DB, error) {
	cfg = cfg.Copy()
	setDefault(cfg.RuntimeParams, "application_name", applicationName)
	if behindPooler {
		// The next statement may run in another session, which does not know what was prepared in the last one.
		if cfg.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
			cfg.DefaultQueryExecMode = pgx.QueryExecModeExec
		}
	} else {
		// Sent with zero too: a role may have a bound of its own, which a migration must not run into.
		setDefault(cfg.RuntimeParams, "statement_timeout", milliseconds(o.StatementTimeout))
		if o.StatementTimeout > 0 {
			setDefault(cfg.RuntimeParams, "idle_in_transaction_session_timeout", milliseconds(idleInTransaction))
		}
	}
	connector := &retryConnector{Connector: stdlib.GetConnector(*cfg, stdlib.OptionAfterConnect(readUTC)), startupWait: o.StartupWait}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(max(o.PoolSize+o.MaxOverflow, 1))
	db.SetMaxIdleConns(max(o.PoolSize, 1))
	db.SetConnMaxIdleTime(idleTime)
	db.SetConnMaxLifetime(lifeTime)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(connectError(err), db.Close())
	}
	connector.serving.Store(true)
	return db, nil
}

func setDefault(params map[string]string, name, value string) {
	if _, set := params[name]; !set {
		params[name] = value
	}
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// readUTC makes timestamps read as UTC instead of the machine's zone, as on SQLite.
func readUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

// postgresDialector is GORM's, but for what it says of statements and of the errors that come while rows are read: those
// the pool does not see.
type postgresDialector struct{ *postgres.Dialector }

// Translate maps a broken constraint to GORM's error of that meaning, and a database that can't answer now to
// KindUnavailable.
func (d postgresDialector) Translate(err error) error {
	return d.Dialector.Translate(postgresError(err))
}

// Explain returns a statement for the log as it is: its parameters hold personal data. A logger could leave them out only
// of some, for GORM's Scan hands it the finished text.
func (postgresDialector) Explain(statement string, _ ...any) string { return statement }
