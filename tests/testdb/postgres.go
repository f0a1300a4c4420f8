package testdb

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"resume-matcher/config"
	"resume-matcher/models"
	"resume-matcher/services/schema"
)

// namePrefix begins the name of every database the tests make.
const namePrefix = "resume_matcher_test_"

// poolerVariable names host and port of a transaction pooler before the server; see scripts/with_pgbouncer.
const poolerVariable = "TEST_POOLER_ADDRESS"

// templateLock is the advisory lock of the test process that makes the template.
const templateLock = 7_238_114_502

// server is where the tests make their databases.
type server struct {
	admin    *sql.DB
	url      string
	template string
}

// postgresServer connects once a process and makes the template, unless another process has: a copy of a database
// costs less than migrating one. The template stays on the server for the next run of the same migrations.
var postgresServer = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), setupTimeout)
	defer cancel()
	database, err := config.ParseDatabaseURL(os.Getenv("DATABASE_URL"))
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL %w", err)
	}
	if database.Dialect != config.Postgres {
		return nil, errors.New("FORCE_SQLITE_FOR_TESTS is false, but DATABASE_URL names no Postgres: run make backend-test-pg")
	}
	o := models.OpenOptions{DSN: models.DirectDSN(database.DSN.Reveal()), PoolSize: 2}
	admin, err := models.OpenPostgresSQL(ctx, o)
	if err != nil {
		return nil, err
	}
	s := &server{admin: admin, url: o.DSN}
	return s, s.makeTemplate(ctx)
})

func (s *server) makeTemplate(ctx context.Context) (err error) {
	dir, err := schema.Dir(models.Postgres)
	if err != nil {
		return err
	}
	sums, err := dir.Checksum()
	if err != nil {
		return err
	}
	hash := sha256.Sum256([]byte(sums.Sum()))
	s.template = namePrefix + hex.EncodeToString(hash[:8])
	conn, err := s.admin.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
		return err
	}
	defer func() {
		_, unlockErr := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", templateLock)
		err = errors.Join(err, unlockErr)
	}()
	// The final name is given last, so that a process that dies in between leaves no half template.
	draft := s.template + "_draft"
	var found bool
	if err := conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", s.template).Scan(&found); err != nil || found {
		return err
	}
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + draft + " WITH (FORCE)", "CREATE DATABASE " + draft} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	if err := migrate(s.direct(draft)); err != nil {
		return err
	}
	return undisturbed(ctx, conn, "ALTER DATABASE "+draft+" RENAME TO "+s.template)
}

// objectInUse is Postgres's code for a database that others are connected to.
const objectInUse = "55006"

// undisturbed runs a statement on a database that nobody may be connected to. Postgres waits some seconds for those who
// are about to leave, which may be too short on a busy machine.
func undisturbed(ctx context.Context, on interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}, statement string) error {
	for {
		_, err := on.ExecContext(ctx, statement)
		if failed, ok := errors.AsType[*pgconn.PgError](err); !ok || failed.Code != objectInUse || ctx.Err() != nil {
			return err
		}
	}
}

// direct tells how to open a database of the server, with few connections since many tests run at once.
func (s *server) direct(database string) models.OpenOptions {
	return s.at("", database)
}

// options is direct, unless a test run goes through a pooler.
func (s *server) options(database string) models.OpenOptions {
	return s.at(os.Getenv(poolerVariable), database)
}

func (s *server) at(address, database string) models.OpenOptions {
	u, err := url.Parse(s.url)
	if err != nil {
		return models.OpenOptions{}
	}
	if address != "" {
		u.Host = address
	}
	u.Path = "/" + database
	return models.OpenOptions{Dialect: models.Postgres, DSN: u.String(), PoolSize: 3, MaxOverflow: 3}
}

func postgresDatabase(tb testing.TB, migrated bool) models.OpenOptions {
	tb.Helper()
	s, err := postgresServer()
	require.NoError(tb, err)
	name := namePrefix + strings.ToLower(rand.Text())
	create := "CREATE DATABASE " + name
	if migrated {
		create += " TEMPLATE " + s.template
	}
	ctx, cancel := context.WithTimeout(tb.Context(), setupTimeout)
	defer cancel()
	require.NoError(tb, undisturbed(ctx, s.admin, create))
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), setupTimeout)
		defer cancel()
		require.NoError(tb, undisturbed(ctx, s.admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"))
	})
	return s.options(name)
}
