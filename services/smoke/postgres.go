package smoke

import (
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	gormschema "gorm.io/gorm/schema"

	"resume-matcher/models"
)

// postgres is a connection under test.
type postgres struct {
	db           *sql.DB
	conn         *sql.Conn
	behindPooler bool
	connected    time.Duration
	// direct is the server past the pooler; db itself where there is none, nil where it can't be reached.
	direct    *sql.DB
	directErr error
}

func (r *Report) tryPostgres(ctx context.Context, o models.OpenOptions) error {
	p, err := dialPostgres(ctx, o)
	if err != nil {
		return err
	}
	defer p.close()
	r.add("database", func() (Check, error) { return p.version(ctx) })
	r.add("host", func() (Check, error) { return p.host(o) })
	r.add("tls", p.tls)
	r.add("latency", func() (Check, error) {
		median, err := latency(ctx, p.conn)
		return Check{Detail: fmt.Sprintf("%s, the median of %d queries; connecting took %s", milliseconds(median), queries, milliseconds(p.connected))}, err
	})
	r.add("rights", func() (Check, error) { return p.rights(ctx) })
	r.add("schema", func() (Check, error) {
		if p.direct == nil {
			return schemaState(ctx, p.db, models.Postgres)
		}
		return schemaState(ctx, p.direct, models.Postgres)
	})
	r.add("pool", func() (Check, error) { return p.pool(ctx, o) })
	return nil
}

func dialPostgres(ctx context.Context, o models.OpenOptions) (*postgres, error) {
	begin := time.Now()
	db, behindPooler, err := models.ConnectPostgres(ctx, o)
	if err != nil {
		return nil, err
	}
	p := &postgres{db: db, behindPooler: behindPooler, connected: time.Since(begin), direct: db}
	if p.conn, err = db.Conn(ctx); err != nil {
		return nil, models.WrapError(models.KindUnavailable, "The Postgres database took one connection and no more.", errors.Join(err, db.Close()))
	}
	if behindPooler {
		server := o.Direct()
		server.Session, server.StatementTimeout = true, 0
		p.direct, p.directErr = models.OpenPostgresSQL(ctx, server)
	}
	return p, nil
}

func (p *postgres) close() {
	p.conn.Close()
	p.db.Close()
	if p.direct != nil && p.direct != p.db {
		p.direct.Close()
	}
}

func (p *postgres) version(ctx context.Context) (Check, error) {
	var version, database, user string
	err := p.conn.QueryRowContext(ctx, "SELECT current_setting('server_version'), current_database(), current_user").Scan(&version, &database, &user)
	number, _, _ := strings.Cut(version, " ")
	return Check{Detail: fmt.Sprintf("PostgreSQL %s, database %q, user %q", number, database, user)}, err
}

// look gives work the driver's own connection.
func (p *postgres) look(work func(*pgx.Conn)) error {
	return p.conn.Raw(func(driverConn any) error {
		c, ok := driverConn.(*stdlib.Conn)
		if !ok {
			return errors.New("not a connection of pgx")
		}
		work(c.Conn())
		return nil
	})
}

func address(cfg *pgx.ConnConfig) string {
	if strings.HasPrefix(cfg.Host, "/") {
		return "the socket in " + cfg.Host
	}
	return net.JoinHostPort(cfg.Host, strconv.Itoa(int(cfg.Port)))
}

func (p *postgres) host(o models.OpenOptions) (Check, error) {
	var name string
	if err := p.look(func(c *pgx.Conn) { name = address(c.Config()) }); err != nil {
		return Check{}, err
	}
	if !p.behindPooler {
		return Check{Detail: name + ", direct"}, nil
	}
	c := Check{Detail: name + ", through a transaction pooler"}
	server := o.Direct()
	switch cfg, err := pgx.ParseConfig(server.DSN); {
	case server.DSN == o.DSN || err != nil:
		c.Status, c.Advice = Warn, "migrate up needs the URL of the server itself: DATABASE_URL=postgresql://… resume-matcher migrate up"
	case p.directErr != nil:
		c.Status, c.Advice = Failed, "migrate up needs "+address(cfg)+": "+publicText(p.directErr)
	default:
		c.Detail += "; migrations go to " + address(cfg)
	}
	return c, nil
}

func (p *postgres) tls() (Check, error) {
	var c Check
	err := p.look(func(conn *pgx.Conn) {
		cfg := conn.Config()
		secured, ok := conn.PgConn().Conn().(*tls.Conn)
		if !ok {
			c = withoutTLS(cfg.Host)
			return
		}
		state := secured.ConnectionState()
		c.Detail = tls.VersionName(state.Version) + ", " + tls.CipherSuiteName(state.CipherSuite)
		if used := cfg.TLSConfig; used == nil || used.InsecureSkipVerify && used.VerifyPeerCertificate == nil && used.VerifyConnection == nil {
			c.Detail += ", certificate not checked (sslmode=verify-full checks it)"
		} else {
			c.Detail += ", certificate checked"
		}
	})
	return c, err
}

func withoutTLS(host string) Check {
	ip := net.ParseIP(host)
	if strings.HasPrefix(host, "/") || host == "localhost" || ip != nil && ip.IsLoopback() {
		return Check{Detail: "none, on this machine"}
	}
	return Check{Status: Warn, Detail: "none", Advice: "what people upload crosses the network unencrypted: add sslmode=require, or better verify-full"}
}

const rightsQuery = `SELECT
	current_setting('transaction_read_only')::bool OR pg_is_in_recovery(),
	coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
	has_database_privilege(current_database(), 'CREATE')`

const tableRightsQuery = `SELECT name, to_regclass(name) IS NOT NULL,
	coalesce(has_table_privilege(to_regclass(name), 'SELECT'), false),
	coalesce(has_table_privilege(to_regclass(name), 'INSERT') AND has_table_privilege(to_regclass(name), 'UPDATE')
		AND has_table_privilege(to_regclass(name), 'DELETE'), false)
	FROM unnest(string_to_array($1, ',')) AS t(name)`

func (p *postgres) rights(ctx context.Context) (Check, error) {
	var readOnly, createTable, createSchema bool
	if err := p.conn.QueryRowContext(ctx, rightsQuery).Scan(&readOnly, &createTable, &createSchema); err != nil {
		return Check{}, err
	}
	there, unreadable, unwritable, err := p.tableRights(ctx)
	if err != nil {
		return Check{}, err
	}
	c := Check{Detail: fmt.Sprintf("reads and writes all %d tables", there)}
	if there == 0 {
		c.Detail = "no tables yet"
	}
	var advice []string
	if !createTable {
		c.Status = Warn
		advice = append(advice, "migrate up needs a role that may create tables")
	}
	if !createSchema {
		c.Status = Warn
		advice = append(advice, "drift needs a role that may create schemas, or --dev-url")
	}
	switch {
	case readOnly:
		c.Status, c.Detail = Failed, "read-only"
		advice = append([]string{"name the primary server, not a replica"}, advice...)
	case len(unreadable) > 0:
		c.Status, c.Detail = Failed, "can't read "+strings.Join(unreadable, ", ")
		advice = append([]string{"grant this role SELECT, INSERT, UPDATE and DELETE"}, advice...)
	case len(unwritable) > 0:
		c.Status, c.Detail = Failed, "can't write "+strings.Join(unwritable, ", ")
		advice = append([]string{"grant this role INSERT, UPDATE and DELETE"}, advice...)
	}
	c.Advice = strings.Join(advice, "; ")
	return c, nil
}

// tableRights counts the program's tables that are there, and names those this role may not read or write.
func (p *postgres) tableRights(ctx context.Context) (there int, unreadable, unwritable []string, err error) {
	names, err := tableNames()
	if err != nil {
		return 0, nil, nil, err
	}
	rows, err := p.conn.QueryContext(ctx, tableRightsQuery, strings.Join(names, ","))
	if err != nil {
		return 0, nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var exists, reads, writes bool
		if err := rows.Scan(&name, &exists, &reads, &writes); err != nil {
			return 0, nil, nil, err
		}
		if !exists {
			continue
		}
		there++
		if !reads {
			unreadable = append(unreadable, name)
		}
		if !writes {
			unwritable = append(unwritable, name)
		}
	}
	return there, unreadable, unwritable, rows.Err()
}

// tableNames returns the names of the models' tables, sorted.
func tableNames() ([]string, error) {
	var names []string
	var cache sync.Map
	for _, model := range models.All() {
		parsed, err := gormschema.Parse(model, &cache, gormschema.NamingStrategy{})
		if err != nil {
			return nil, err
		}
		names = append(names, parsed.Table)
	}
	slices.Sort(names)
	return names, nil
}

func (p *postgres) pool(ctx context.Context, o models.OpenOptions) (Check, error) {
	timeout := "no statement timeout"
	if o.StatementTimeout > 0 {
		timeout = "statement timeout " + o.StatementTimeout.String()
	}
	c := Check{Detail: fmt.Sprintf("%d connections and %d in a rush, %s of waiting for one, %s", o.PoolSize, o.MaxOverflow, o.PoolTimeout, timeout)}
	if p.behindPooler {
		return c, nil
	}
	var allowed int
	err := p.conn.QueryRowContext(ctx, "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int").Scan(&allowed)
	c.Detail += fmt.Sprintf("; the server allows %d", allowed)
	if o.PoolSize+o.MaxOverflow > allowed {
		c.Status, c.Advice = Warn, "lower DB_POOL_SIZE, or use the pooled host"
	}
	return c, err
}
