package smoke_test

import (
	"crypto/rand"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/smoke"
	"resume-matcher/tests/testdb"
)

func options(o models.OpenOptions) smoke.Options {
	out := smoke.Options{Open: o}
	out.Open.PoolTimeout, out.Open.StatementTimeout = 30*time.Second, 30*time.Second
	if o.Dialect == models.SQLite {
		out.Path = o.DSN
	}
	return out
}

// checks runs a smoke test and returns its checks by name.
func checks(t *testing.T, o smoke.Options) (smoke.Report, map[string]smoke.Check) {
	t.Helper()
	report, err := smoke.Run(t.Context(), o)
	require.NoError(t, err)
	require.Equal(t, o.Open.Dialect, report.Dialect)
	byName := map[string]smoke.Check{}
	for _, c := range report.Checks {
		byName[c.Name] = c
	}
	return report, byName
}

func TestAFitDatabase(t *testing.T) {
	report, found := checks(t, options(testdb.Migrated(t)))
	for _, c := range report.Checks {
		if !testdb.BehindPooler() {
			assert.Equal(t, smoke.OK, c.Status, "%s: %s %s", c.Name, c.Detail, c.Advice)
		}
	}
	want := []string{"database", "host", "tls", "latency", "rights", "schema", "pool"}
	if testdb.Dialect() == models.SQLite {
		want = []string{"database", "file", "integrity", "latency", "rights", "schema", "pool"}
	}
	var names []string
	for _, c := range report.Checks {
		names = append(names, c.Name)
	}
	assert.Equal(t, want, names)
	assert.Contains(t, found["schema"].Detail, "0 pending, in sync")
	assert.Contains(t, found["latency"].Detail, "ms, the median of 5 queries")
}

func TestAnEmptyDatabaseHasPendingMigrations(t *testing.T) {
	o := testdb.Blank(t)
	require.NoError(t, models.Close(testdb.Connect(t, o)))
	_, found := checks(t, options(o))
	assert.Contains(t, found["schema"].Detail, "no version, 0 applied")
	assert.Contains(t, found["schema"].Advice, "migrate up")
	want := smoke.Failed
	if testdb.Dialect() == models.SQLite {
		want = smoke.Warn // serve migrates a file by itself
	}
	assert.Equal(t, want, found["schema"].Status)
}

func TestASchemaChangedByHand(t *testing.T) {
	o := testdb.Migrated(t)
	require.NoError(t, testdb.Connect(t, o).Exec("ALTER TABLE jobs ADD COLUMN by_hand text").Error)
	report, found := checks(t, options(o))
	assert.Equal(t, smoke.Failed, report.Status)
	assert.Contains(t, found["schema"].Detail, "drift (1)")
}

func TestNothingIsWritten(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("compares files")
	}
	o := testdb.Migrated(t)
	before, err := os.ReadFile(o.DSN)
	require.NoError(t, err)
	checks(t, options(o))
	after, err := os.ReadFile(o.DSN)
	require.NoError(t, err)
	assert.Equal(t, before, after)
	left, err := filepath.Glob(filepath.Join(filepath.Dir(o.DSN), ".smoke-*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestADamagedFile(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("damages a file")
	}
	o := testdb.Migrated(t)
	content, err := os.ReadFile(o.DSN)
	require.NoError(t, err)
	for i := len(content) - 3*4096; i < len(content); i++ {
		content[i] = 0xa5
	}
	require.NoError(t, os.WriteFile(o.DSN, content, 0o600))
	report, found := checks(t, options(o))
	assert.Equal(t, smoke.Failed, report.Status)
	assert.Equal(t, smoke.Failed, found["integrity"].Status)
}

func TestAFileOthersMayRead(t *testing.T) {
	if testdb.Dialect() != models.SQLite {
		t.Skip("is about a file")
	}
	o := testdb.Migrated(t)
	require.NoError(t, os.Chmod(o.DSN, 0o644))
	report, found := checks(t, options(o))
	assert.Equal(t, smoke.Warn, report.Status)
	assert.Equal(t, smoke.Warn, found["file"].Status)
}

func TestNoConnection(t *testing.T) {
	for name, o := range map[string]smoke.Options{
		"no file": {Open: models.OpenOptions{Dialect: models.SQLite}, Path: filepath.Join(t.TempDir(), "absent.db")},
		"no server": {Open: models.OpenOptions{Dialect: models.Postgres,
			DSN: "postgres://user:hunter2@127.0.0.1:1/x?connect_timeout=2"}},
		"no URL": {Open: models.OpenOptions{Dialect: models.Postgres, DSN: "postgres://user:hunter2@h:port/x"}},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := smoke.Run(t.Context(), o)
			var public *models.Error
			require.ErrorAs(t, err, &public)
			assert.NotContains(t, err.Error(), "hunter2")
			assert.Empty(t, report.Checks)
		})
	}
}

func TestPoolerIsToldPostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	o := options(testdb.Migrated(t))
	if !testdb.BehindPooler() {
		_, found := checks(t, o)
		assert.True(t, strings.HasSuffix(found["host"].Detail, ", direct"), found["host"].Detail)
		o.Open.Pooler = models.PoolerOn
	}
	_, found := checks(t, o)
	assert.Contains(t, found["host"].Detail, "transaction pooler")
	assert.Equal(t, smoke.Warn, found["host"].Status, "nothing tells where the server is")
	assert.Contains(t, found["schema"].Detail, "in sync")
}

func TestTLSPostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	ca := os.Getenv("TEST_POSTGRES_CA")
	if ca == "" || testdb.BehindPooler() {
		t.Skip("needs a server with the certificate of TEST_POSTGRES_CA: run it with scripts/with_postgres where openssl is installed")
	}
	plain := testdb.Migrated(t)
	for query, want := range map[string]string{
		"sslmode=require":                        "certificate not checked",
		"sslmode=prefer":                         "certificate not checked",
		"sslmode=verify-ca&sslrootcert=" + ca:    "certificate checked",
		"sslmode=verify-full&sslrootcert=" + ca:  "certificate checked",
		"sslmode=require&sslrootcert=" + ca:      "certificate checked",
		"sslmode=disable":                        "none",
		"sslmode=verify-full&sslrootcert=system": "",
		"sslmode=require&channel_binding=require&require_auth=scram-sha-256": "",
	} {
		t.Run(query, func(t *testing.T) {
			o := options(plain)
			base, _, _ := strings.Cut(plain.DSN, "?")
			o.Open.DSN = strings.Replace(base, "127.0.0.1", "localhost", 1) + "?" + query
			if want == "" {
				_, err := smoke.Run(t.Context(), o)
				require.Error(t, err)
				return
			}
			_, found := checks(t, o)
			assert.Contains(t, found["tls"].Detail, want)
		})
	}
	o := options(plain)
	base, _, _ := strings.Cut(plain.DSN, "?")
	o.Open.DSN = base + "?sslmode=verify-full&sslrootcert=" + ca
	_, err := smoke.Run(t.Context(), o)
	require.ErrorContains(t, err, "TLS", "the certificate names localhost and not 127.0.0.1")
}

func TestRightsPostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	if testdb.BehindPooler() {
		t.Skip("the pooler logs in as one role")
	}
	o := testdb.Migrated(t)
	db := testdb.Connect(t, o)
	role := "resume_matcher_test_" + strings.ToLower(rand.Text())
	require.NoError(t, db.Exec("CREATE ROLE "+role+" LOGIN").Error)
	t.Cleanup(func() { assert.NoError(t, db.Exec("DROP OWNED BY "+role+"; DROP ROLE "+role).Error) })
	require.NoError(t, db.Exec("GRANT SELECT ON ALL TABLES IN SCHEMA public TO "+role).Error)
	reader := options(o)
	u, err := url.Parse(o.DSN)
	require.NoError(t, err)
	u.User = url.User(role)
	reader.Open.DSN = u.String()
	report, found := checks(t, reader)
	assert.Equal(t, smoke.Failed, report.Status)
	assert.Regexp(t, "^can't write .*improvements", found["rights"].Detail)
	assert.Contains(t, found["rights"].Advice, "migrate up needs a role that may create tables")
	assert.Contains(t, found["schema"].Detail, "drift unknown")
	require.NoError(t, db.Exec("REVOKE SELECT ON atlas_schema_revisions FROM "+role).Error)
	_, found = checks(t, reader)
	assert.Equal(t, "The database user may not read atlas_schema_revisions; grant SELECT on it.", found["schema"].Detail)

	readOnly := options(o)
	u, err = url.Parse(o.DSN)
	require.NoError(t, err)
	u.RawQuery += "&options=-c%20default_transaction_read_only%3Don"
	readOnly.Open.DSN = u.String()
	_, found = checks(t, readOnly)
	assert.Equal(t, "read-only", found["rights"].Detail)
}
