package tests

import (
	"context"
	"database/sql"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/services/schema"
	"resume-matcher/tests/testdb"
)

// watched starts a server that watches its schema under a policy, without checking it yet.
func watched(t *testing.T, policy services.DriftPolicy) (*Server, *services.Drift) {
	t.Helper()
	o := testdb.Migrated(t)
	var watch *services.Drift
	s := Start(t, func(h *handlers.Options, d *services.Deps) {
		d.DB = testdb.Connect(t, o)
		watch = services.NewDrift(watchOf(o, policy, d.Logger))
		h.Drift, d.Maintenance.Drift = watch, watch
	})
	return s, watch
}

func watchOf(o models.OpenOptions, policy services.DriftPolicy, log *slog.Logger) services.DriftOptions {
	return services.DriftOptions{
		Policy: policy, Dialect: o.Dialect, Logger: log,
		Open: func(ctx context.Context) (*sql.DB, error) {
			if o.Dialect == models.Postgres {
				return models.OpenPostgresSQL(ctx, models.OpenOptions{DSN: o.DSN, PoolSize: 2})
			}
			return models.OpenSQLiteReadOnly(ctx, o.DSN)
		},
	}
}

func (s *Server) drift(t *testing.T) schema.Report {
	t.Helper()
	r := s.Get(t, "/api/v1/schema/drift?refresh=true")
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var out schema.Report
	r.Decode(t, &out)
	return out
}

func TestTheDriftReportNamesAManualChange(t *testing.T) {
	s, _ := watched(t, services.DriftWarn)
	fresh := s.drift(t)
	assert.Equal(t, "in_sync", fresh.Status)
	assert.Empty(t, fresh.Findings)

	require.NoError(t, s.DB.Exec("ALTER TABLE jobs ADD COLUMN nickname text").Error)
	cached := s.Get(t, "/api/v1/schema/drift")
	assert.Contains(t, string(cached.Body), `"in_sync"`, "the last report is kept until a refresh")

	found := s.drift(t)
	assert.Equal(t, "drift", found.Status)
	require.Len(t, found.Findings, 1)
	f := found.Findings[0]
	assert.Equal(t, schema.KindLiveVsMigrations, f.Kind)
	assert.Equal(t, "jobs.nickname", f.Object)
	assert.NotEmpty(t, f.SQL)
	assert.NotEmpty(t, f.Advice)

	metrics := string(s.Get(t, "/metrics").Body)
	assert.Contains(t, metrics, `schema_drift_findings{kind="live_vs_migrations"} 1`)
	assert.Contains(t, metrics, `schema_drift_findings{kind="pending"} 0`)
	assert.Contains(t, metrics, "schema_drift_last_check_timestamp_seconds")

	s.drift(t)
	assert.Equal(t, 1, strings.Count(s.Log.String(), "the schema has drifted"), "one line when the state changes, not one a check")
	require.NoError(t, s.DB.Exec("ALTER TABLE jobs DROP COLUMN nickname").Error)
	assert.Equal(t, "in_sync", s.drift(t).Status)
	assert.Equal(t, 2, strings.Count(s.Log.String(), "models, migrations and database agree"))

	assert.Equal(t, http.StatusOK, s.Get(t, "/api/v1/status").Status, "the policy is to warn")
}

func TestStrictPolicyAnswersNothingUntilTheSchemaIsRight(t *testing.T) {
	s, _ := watched(t, services.DriftStrict)
	refused := s.Get(t, "/api/v1/status")
	assert.Equal(t, http.StatusServiceUnavailable, refused.Status, "nothing has been checked yet")
	checkFailure(t, refused, "SCHEMA_NOT_READY")

	s.drift(t)
	assert.Equal(t, http.StatusOK, s.Get(t, "/api/v1/status").Status)

	require.NoError(t, s.DB.Exec("DROP INDEX idx_jobs_content_hash").Error)
	s.drift(t)
	refused = s.Get(t, "/api/v1/status")
	checkFailure(t, refused, "SCHEMA_NOT_READY")
	alive := s.Get(t, "/healthz")
	assert.Equal(t, http.StatusOK, alive.Status, "the program is alive and says why it does not serve")
	assert.Contains(t, string(alive.Body), "drifted")
	for _, open := range []string{"/docs", "/openapi.json", "/metrics", "/api/v1/health/ping"} {
		assert.Equal(t, http.StatusOK, s.Get(t, open).Status, open)
	}
	assert.Equal(t, http.StatusNotFound, s.Get(t, "/api/v1/nothing").Status)
}

func TestStrictPolicyServesOnBesideANewerVersion(t *testing.T) {
	o := testdb.Migrated(t)
	db := testdb.Connect(t, o)
	running := services.NewDrift(watchOf(o, services.DriftStrict, discardLogger()))
	check := func(d *services.Drift) schema.Report {
		report, err := d.Report(t.Context(), true)
		require.NoError(t, err)
		return report
	}
	check(running)
	require.NoError(t, db.Exec("INSERT INTO atlas_schema_revisions (version, description, type, applied, total, executed_at, execution_time, "+
		"error, error_stmt, hash, partial_hashes, operator_version) SELECT '29990101000000', description, type, applied, total, executed_at, "+
		"execution_time, error, error_stmt, hash, partial_hashes, operator_version FROM atlas_schema_revisions ORDER BY version DESC LIMIT 1").Error)
	findings := check(running).Findings
	require.Len(t, findings, 1)
	assert.Equal(t, schema.KindAhead, findings[0].Kind)
	assert.NoError(t, running.Ready(), "a newer version is being deployed")

	restarted := services.NewDrift(watchOf(o, services.DriftStrict, discardLogger()))
	check(restarted)
	assert.Error(t, restarted.Ready(), "an older version was deployed")
}

func TestTheDriftReportIsForAdministrators(t *testing.T) {
	s := Start(t, WithSessions(t))
	session, _ := s.NewSession(t)
	tests := map[string]struct {
		token  string
		status int
		code   string
	}{
		"nobody":        {"", http.StatusUnauthorized, "UNAUTHORIZED"},
		"a session":     {session, http.StatusForbidden, "FORBIDDEN"},
		"a write token": {s.NewToken(t, models.DefaultWorkspaceID, models.ScopeWrite), http.StatusForbidden, "FORBIDDEN"},
	}
	for name, test := range tests {
		r := s.As(test.token).Get(t, "/api/v1/schema/drift")
		assert.Equal(t, test.status, r.Status, name)
		checkFailure(t, r, test.code)
	}
	admin := s.As(s.NewToken(t, models.DefaultWorkspaceID, models.ScopeAdmin))
	checkFailure(t, admin.Get(t, "/api/v1/schema/drift"), "SERVICE_UNAVAILABLE")
}

func TestTheWatchChecksAtOnceAndAgain(t *testing.T) {
	s, _ := watched(t, services.DriftOff)
	require.NotNil(t, s)
	checks := make(chan struct{}, 10)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := testdb.Migrated(t)
	testdb.Connect(t, o) // the file exists, in the journal mode the program uses
	watch := services.NewDrift(services.DriftOptions{
		Policy: services.DriftWarn, Dialect: o.Dialect, Interval: time.Millisecond, Logger: discardLogger(),
		Open: func(context.Context) (*sql.DB, error) {
			checks <- struct{}{}
			return nil, models.NewError(models.KindUnavailable, "not now")
		},
	})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		watch.Watch(ctx)
	}()
	for range 3 {
		<-checks
	}
	cancel()
	for done := false; !done; {
		select {
		case <-checks:
		case <-ended:
			done = true
		}
	}
	_, known := watch.Last()
	assert.False(t, known, "a check that could not be made is no report")
}
