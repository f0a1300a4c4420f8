package models

import (
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Pooler tells whether a transaction pooler, such as PgBouncer, stands between the program and Postgres. Behind one
// the next statement may run in another session: nothing that belongs to a session, be it a prepared statement, a
// setting or a lock, can be relied on.
type Pooler string

// The values of Pooler; the zero value is PoolerAuto.
const (
	// PoolerAuto goes by the URL, and by whether the server refuses settings as PgBouncer does.
	PoolerAuto Pooler = "auto"
	PoolerOn   Pooler = "on"
	PoolerOff  Pooler = "off"
)

// supabasePoolerPort is where Supabase's pooler keeps transactions together; on the usual port it keeps sessions.
const supabasePoolerPort = 6543

// Pooled tells whether dsn leads through a transaction pooler.
func Pooled(dsn string, mode Pooler) bool {
	cfg, err := pgx.ParseConfig(dsn)
	return err == nil && pooled(cfg, mode)
}

func pooled(cfg *pgx.ConnConfig, mode Pooler) bool {
	switch mode {
	case PoolerOn:
		return true
	case PoolerOff:
		return false
	}
	// The last two are how a URL itself asks for statements that are not prepared.
	return neonPooler(cfg.Host) || cfg.Port == supabasePoolerPort ||
		cfg.DefaultQueryExecMode == pgx.QueryExecModeExec || cfg.DefaultQueryExecMode == pgx.QueryExecModeSimpleProtocol
}

// neonPooler tells whether host is the pooled one of Neon's two names for a server.
func neonPooler(host string) bool {
	label, _, dotted := strings.Cut(host, ".")
	return dotted && strings.HasSuffix(label, "-pooler")
}

// DirectDSN returns the URL of the server behind a pooler of Neon's or Supabase's, and any other URL as it is: the
// lock that keeps two migrations apart belongs to a session.
func DirectDSN(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return dsn
	}
	switch {
	case neonPooler(u.Hostname()):
		u.Host = strings.Replace(u.Host, "-pooler.", ".", 1)
	case u.Port() == "6543":
		u.Host = strings.TrimSuffix(u.Host, "6543") + "5432"
	default:
		return dsn
	}
	query := u.Query()
	query.Del("default_query_exec_mode")
	// libpq's rules, which pgx follows, know no plus sign for a space.
	u.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20")
	return u.String()
}
