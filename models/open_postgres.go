package models

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"math/rand/v2"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// connectBudget is how long a hosted database that was asleep may take to wake up.
const connectBudget = 15 * time.Second

// idleTime closes connections a rush has left behind.
const idleTime = 5 * time.Minute

func openPostgres(ctx context.Context, o OpenOptions) (*gorm.DB, error) {
	db, err := OpenPostgresSQL(ctx, o)
	if err != nil {
		return nil, err
	}
	gdb, err := gorm.Open(postgres.New(postgres.Config{Conn: pool{db, o.PoolTimeout}}), gormConfig(o.Logger))
	if err != nil {
		return nil, errors.Join(postgresError(err), db.Close())
	}
	return gdb, nil
}

// OpenPostgresSQL connects to Postgres without GORM, for work on the schema; its errors hold no part of the URL.
func OpenPostgresSQL(ctx context.Context, o OpenOptions) (*sql.DB, error) {
	cfg, err := pgx.ParseConfig(o.DSN)
	if err != nil {
		// The parser's error quotes the URL, password included.
		return nil, NewError(KindValidation, "DATABASE_URL is not a valid Postgres URL; percent-encode reserved characters in the password.")
	}
	if pooled(cfg.Host) && cfg.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
		// Behind a transaction pooler the next statement may run on another server connection, which
		// does not know what was prepared on the last one.
		cfg.DefaultQueryExecMode = pgx.QueryExecModeExec
	}
	db := sql.OpenDB(retryConnector{stdlib.GetConnector(*cfg, stdlib.OptionAfterConnect(readUTC))})
	db.SetMaxOpenConns(max(o.PoolSize+o.MaxOverflow, 1))
	db.SetMaxIdleConns(max(o.PoolSize, 1))
	db.SetConnMaxIdleTime(idleTime)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(postgresError(err), db.Close())
	}
	return db, nil
}

// readUTC makes timestamps read as UTC instead of the machine's zone, as on SQLite.
func readUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

// pooled tells whether host is a transaction pooler, by the names Neon and Supabase give theirs.
func pooled(host string) bool {
	label, _, _ := strings.Cut(host, ".")
	return strings.HasSuffix(label, "-pooler") || strings.Contains(host, ".pooler.")
}

// DirectDSN returns the URL of the server behind a Neon pooler, and any other URL as it is: the lock that keeps two
// migrations apart belongs to a session, which a transaction pooler does not keep.
func DirectDSN(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil || !pooled(u.Hostname()) {
		return dsn
	}
	u.Host = strings.Replace(u.Host, "-pooler.", ".", 1)
	return u.String()
}

// postgresError says what to do about a failed connection; pgx's own text would name the user and the host.
func postgresError(err error) error {
	message := "Can't reach the Postgres database; check DATABASE_URL, the network and that the server runs."
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		err = refused
		switch refused.Code {
		case "28P01", "28000":
			message = "Postgres refused the user or the password; check DATABASE_URL."
		case "3D000":
			message = "The Postgres server has no database of that name; create it or change DATABASE_URL."
		case "53300":
			message = "The Postgres server has no free connection; lower DB_POOL_SIZE or raise the server's limit."
		}
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		err = connect.Unwrap()
	}
	return WrapError(KindUnavailable, message, err)
}

// retryConnector repeats the connection's start, and nothing else: no statement has been sent yet, so it is safe.
type retryConnector struct{ driver.Connector }

// Connect opens one connection, waiting for a server that is starting up.
func (r retryConnector) Connect(ctx context.Context) (driver.Conn, error) {
	deadline := time.Now().Add(connectBudget)
	for delay := 100 * time.Millisecond; ; delay = min(2*delay, 2*time.Second) {
		conn, err := r.Connector.Connect(ctx)
		if err == nil || ctx.Err() != nil || !startingUp(err) || time.Now().Add(delay).After(deadline) {
			return conn, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(delay/2 + rand.N(delay/2)):
		}
	}
}

// startingUp tells whether err may go away by itself. A refused connection does not: nobody listens there.
func startingUp(err error) bool {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		switch e.Code {
		case "57P03", "57P01", "57P02", "53300", "08006", "08001", "08004":
			return true
		}
		// Neon's proxy reports a compute node that is waking up as an internal error.
		return e.Code == "XX000"
	}
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}
