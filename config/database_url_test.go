package config

import (
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseSQLiteURL(t *testing.T) {
	for raw, want := range map[string]struct{ path, dsn string }{
		"sqlite:///app.db":                        {"app.db", "file:app.db"},
		"sqlite:///./data/app.db":                 {"./data/app.db", "file:./data/app.db"},
		"sqlite:////var/lib/app.db":               {"/var/lib/app.db", "file:/var/lib/app.db"},
		"sqlite+aiosqlite:///./data/app.db":       {"./data/app.db", "file:./data/app.db"},
		"SQLite+pysqlite:///app.db?timeout=5":     {"app.db", "file:app.db"},
		"sqlite:///C:/data/app.db":                {"C:/data/app.db", "file:C:/data/app.db"},
		"sqlite:///my résumés #1.db":              {"my résumés #1.db", "file:my%20r%C3%A9sum%C3%A9s%20%231.db"},
		"sqlite:///100%25.db":                     {"100%25.db", "file:100%2525.db"},
		"sqlite:///file:app.db?mode=ro&uri=true":  {"app.db", "file:app.db?mode=ro"},
		"file:app.db":                             {"app.db", "file:app.db"},
		"file:/var/lib/app.db?cache=shared":       {"/var/lib/app.db", "file:/var/lib/app.db"},
		"file:///var/lib/my%20app.db?immutable=1": {"/var/lib/my app.db", "file:/var/lib/my%20app.db?immutable=1"},
		"file://localhost/app.db#x":               {"/app.db", "file:/app.db"},
		"  sqlite:///app.db ":                     {"app.db", "file:app.db"},
	} {
		db, err := ParseDatabaseURL(raw)
		require.NoError(t, err, raw)
		assert.Equal(t, Database{Dialect: SQLite, DSN: DSN(want.dsn), Path: want.path}, db, raw)
	}
}

func TestParsePostgresURL(t *testing.T) {
	type target struct {
		host           string
		port           uint16
		user, password string
		database       string
	}
	for raw, want := range map[string]target{
		"postgres://app:pw@db.example.com/resumes":                      {"db.example.com", 5432, "app", "pw", "resumes"},
		"postgresql://app:pw@db.example.com:6543/resumes":               {"db.example.com", 6543, "app", "pw", "resumes"},
		"postgresql+asyncpg://app:pw@localhost:5432/resumes":            {"localhost", 5432, "app", "pw", "resumes"},
		"postgresql+psycopg://app:pw@localhost/resumes":                 {"localhost", 5432, "app", "pw", "resumes"},
		"postgresql+psycopg2://app:pw@localhost/resumes":                {"localhost", 5432, "app", "pw", "resumes"},
		"POSTGRES://app:pw@localhost/resumes":                           {"localhost", 5432, "app", "pw", "resumes"},
		"postgres://a%40b:p%2Fw%3A%20%3F%23@localhost/my%20db":          {"localhost", 5432, "a@b", "p/w: ?#", "my db"},
		"postgres://app:p#w+x@localhost/resumes":                        {"localhost", 5432, "app", "p#w+x", "resumes"},
		"postgres://app:p@w@localhost/resumes":                          {"localhost", 5432, "app", "p@w", "resumes"},
		"postgres://app:pw@[::1]:5433/resumes":                          {"::1", 5433, "app", "pw", "resumes"},
		"postgres://app:pw@/resumes?host=/run/postgresql":               {"/run/postgresql", 5432, "app", "pw", "resumes"},
		"postgres://app:pw@%2Frun%2Fpostgresql:5433/resumes":            {"/run/postgresql", 5433, "app", "pw", "resumes"},
		"postgresql+psycopg://app:pw@/resumes?host=db.example.com:5434": {"db.example.com", 5434, "app", "pw", "resumes"},
		"postgres://app:pw@localhost?dbname=resumes&port=5435":          {"localhost", 5435, "app", "pw", "resumes"},
		"postgres://app:pw@h1:5432,h2:5433/resumes":                     {"h1", 5432, "app", "pw", "resumes"},
	} {
		db, err := ParseDatabaseURL(raw)
		require.NoError(t, err, raw)
		require.Equal(t, Postgres, db.Dialect)
		cfg, err := pgconn.ParseConfig(db.DSN.Reveal())
		require.NoError(t, err, raw)
		assert.Equal(t, want, target{cfg.Host, cfg.Port, cfg.User, cfg.Password, cfg.Database}, raw)
		assert.Equal(t, "10s", cfg.ConnectTimeout.String(), raw)
	}
}

func TestPostgresTLSIsNeverWeakerThanAsked(t *testing.T) {
	const base = "postgresql+asyncpg://app:pw@db.example.com/resumes"
	for query, mode := range map[string]string{
		"":                                 "",
		"?sslmode=disable":                 "disable",
		"?sslmode=require":                 "require",
		"?sslmode=REQUIRE":                 "require",
		"?ssl=require":                     "require",
		"?ssl=true":                        "require",
		"?ssl=1":                           "require",
		"?ssl=false":                       "disable",
		"?ssl=verify-full":                 "verify-full",
		"?ssl=prefer&sslmode=require":      "require",
		"?sslmode=disable&ssl=verify-full": "verify-full",
		"?sslmode=require&sslmode=disable": "require",
		"?sslmode=&ssl=require":            "require",
		"?ssl=prefer&ssl=true":             "require",
		"?sslmode=Verify-CA&ssl=true":      "verify-ca",
	} {
		db, err := ParseDatabaseURL(base + query)
		require.NoError(t, err, query)
		cfg, err := pgconn.ParseConfig(db.DSN.Reveal())
		require.NoError(t, err, query)
		assert.Equal(t, mode, sslMode(t, db), query)
		encrypted := cfg.TLSConfig != nil
		for _, fallback := range cfg.Fallbacks {
			encrypted = encrypted && fallback.TLSConfig != nil
		}
		assert.Equal(t, mode == "require" || strings.HasPrefix(mode, "verify"), encrypted, query)
	}
}

func sslMode(t *testing.T, db Database) string {
	t.Helper()
	u, err := url.Parse(db.DSN.Reveal())
	require.NoError(t, err)
	return u.Query().Get("sslmode")
}

func TestPostgresParameters(t *testing.T) {
	db, err := ParseDatabaseURL("postgresql+asyncpg://app:pw@h/d?prepared_statement_cache_size=0&statement_cache_size=0" +
		"&server_settings=x&command_timeout=60&pgbouncer=true&timeout=2.5&application_name=resume+matcher&options=-c%20jit%3Doff&channel_binding=require&sslmode=require")
	require.NoError(t, err)
	cfg, err := pgconn.ParseConfig(db.DSN.Reveal())
	require.NoError(t, err)
	assert.Equal(t, map[string]string{
		"application_name": "resume matcher", "options": "-c jit=off", "default_query_exec_mode": "exec",
	}, cfg.RuntimeParams, "pgx takes the mode of execution out of them")
	assert.Equal(t, "3s", cfg.ConnectTimeout.String())
	assert.Equal(t, "require", cfg.ChannelBinding)

	db, err = ParseDatabaseURL("postgres://h/d?connect_timeout=0")
	require.NoError(t, err)
	assert.Contains(t, db.DSN.Reveal(), "connect_timeout=10", "no dial waits for ever")
}

func TestPoolerOfTheURL(t *testing.T) {
	for query, mode := range map[string]string{
		"":                 "",
		"?pgbouncer=true":  "exec",
		"?pgbouncer=false": "",
		"?pgbouncer=1&default_query_exec_mode=simple_protocol": "simple_protocol",
	} {
		db, err := ParseDatabaseURL("postgres://app:pw@h/d" + query)
		require.NoError(t, err)
		u, err := url.Parse(db.DSN.Reveal())
		require.NoError(t, err)
		assert.Equal(t, mode, u.Query().Get("default_query_exec_mode"), query)
		assert.False(t, u.Query().Has("pgbouncer"))
	}
}

func TestCertificateParametersPass(t *testing.T) {
	db, err := ParseDatabaseURL("postgres://app:pw@h/d?sslmode=verify-full&sslrootcert=system&sslnegotiation=direct&channel_binding=require")
	require.NoError(t, err)
	cfg, err := pgconn.ParseConfig(db.DSN.Reveal())
	require.NoError(t, err)
	assert.Equal(t, "h", cfg.TLSConfig.ServerName)
	assert.False(t, cfg.TLSConfig.InsecureSkipVerify)
	assert.Equal(t, "direct", cfg.SSLNegotiation)
	assert.Equal(t, "require", cfg.ChannelBinding)
	assert.Empty(t, cfg.RuntimeParams)
}

func TestParseDatabaseURLRefuses(t *testing.T) {
	for raw, want := range map[string]error{
		"":                                     errURLScheme,
		"app.db":                               errURLScheme,
		"mysql://app:pw@h/d":                   errURLScheme,
		"postgres:app:pw@h/d":                  errURLScheme,
		"sqlite:app.db":                        errURLSlashes,
		"sqlite://app.db":                      errURLSlashes,
		"sqlite://":                            errURLMemory,
		"sqlite:///":                           errURLMemory,
		"sqlite:///:memory:":                   errURLMemory,
		"sqlite+aiosqlite://:memory:":          errURLMemory,
		"file::memory:?cache=shared":           errURLMemory,
		"file:app.db?mode=memory":              errURLMemory,
		"file:/app.db?vfs=memdb":               errURLMemory,
		"file://other.example.com/app.db":      errURLFileHost,
		"file:app%zz.db":                       errURLMalformed,
		"file:app%00.db":                       errURLMalformed,
		"postgres://app:p%w@h/d":               errURLMalformed,
		"postgres://app:pw@[::1/d":             errURLMalformed,
		"postgres://app:pw@h/d?x=%zz":          errURLMalformed,
		"postgres://app:pw@h/d\nx":             errURLMalformed,
		"postgres://app:pw@h:0/d":              errURLPort,
		"postgres://app:pw@h:70000/d":          errURLPort,
		"postgres://app:p/w@h/d":               errURLPort,
		"postgres://app:pw@h/d?sslmode=maybe":  errURLTLS,
		"postgres://h/d?connect_timeout=never": errURLTimeout,
	} {
		_, err := ParseDatabaseURL(raw)
		assert.Equal(t, want, err, raw)
	}
}

func FuzzParseDatabaseURL(f *testing.F) {
	for _, seed := range []string{
		"sqlite:///app.db", "file:app.db?mode=ro", "postgres://app:PASS@h:5432/d?sslmode=require",
		"postgresql+asyncpg://app:PASS@[::1]/d?ssl=true&timeout=3", "postgres://PASS@%2Ftmp/d?host=a,b&port=1,2", "postgres://:@?",
	} {
		f.Add(seed)
	}
	// One fixed text stands for the password, because a mutated one could be a word of the message by chance.
	const password = "Zx9QvPASS"
	f.Fuzz(func(t *testing.T, raw string) {
		raw = strings.ReplaceAll(raw, "PASS", password)
		db, err := ParseDatabaseURL(raw)
		masked := maskURL(raw)
		if err != nil {
			assert.NotContains(t, err.Error(), password)
			return
		}
		require.NotEmpty(t, db.Dialect)
		if db.Dialect == Postgres {
			assert.True(t, strings.HasPrefix(db.DSN.Reveal(), "postgres://"), "pgx knows a URL by its scheme")
		} else {
			assert.True(t, strings.HasPrefix(db.DSN.Reveal(), "file:"))
		}
		if strings.HasPrefix(raw, "postgres://app:"+password+"@") && strings.Count(raw, password) == 1 {
			assert.NotContains(t, masked, password)
			assert.NotContains(t, db.DSN.String(), password)
		}
		again, err := ParseDatabaseURL(db.DSN.Reveal())
		require.NoError(t, err, "a DSN reads as itself")
		assert.Equal(t, db, again)
	})
}
