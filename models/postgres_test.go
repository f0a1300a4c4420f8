package models_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

func requireUnavailable(t testing.TB, err error) {
	t.Helper()
	var public *models.Error
	require.ErrorAs(t, err, &public)
	require.Equal(t, models.KindUnavailable, public.Kind)
}

func TestStatementTimeoutPostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	o := testdb.Migrated(t)
	o.StatementTimeout = 200 * time.Millisecond
	db := testdb.Connect(t, o)
	sleep := "SELECT pg_sleep(60)"
	requireUnavailable(t, db.Transaction(func(tx *gorm.DB) error { return tx.Exec(sleep).Error }))
	t.Run("outside of transactions", func(t *testing.T) {
		if !testdb.CancelsStatements() {
			t.Skip("this version of the pooler does not survive that")
		}
		for name, try := range map[string]func() error{
			"exec":  func() error { return db.Exec(sleep).Error },
			"query": func() error { var s []string; return db.Raw(sleep).Scan(&s).Error },
		} {
			t.Run(name, func(t *testing.T) { requireUnavailable(t, try()) })
		}
		var one int
		require.ErrorContains(t, db.Raw(sleep+" IS NULL").Row().Scan(&one), "time")
		assert.Eventually(t, func() bool {
			var running int
			return db.Raw("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND datname = current_database() AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()").
				Scan(&running).Error == nil && running == 0
		}, 30*time.Second, 20*time.Millisecond, "the server has stopped working on them")
	})
}

func TestSlowReadersKeepTheirRowsPostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	o := testdb.Migrated(t)
	o.StatementTimeout = 30 * time.Second
	db := testdb.Connect(t, o)
	rows, err := db.Raw("SELECT generate_series(1, 1000)").Rows()
	require.NoError(t, err)
	count := 0
	for rows.Next() {
		count++
	}
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
	require.Equal(t, 1000, count, "the bound of the statement does not end with the call that began it")
}

func TestForgottenTransactionsEndPostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	o := testdb.Migrated(t)
	o.StatementTimeout = 30 * time.Second
	db := testdb.Connect(t, o)
	require.NoError(t, db.Transaction(func(tx *gorm.DB) error {
		var statement, idle string
		require.NoError(t, tx.Raw("SELECT current_setting('statement_timeout')").Scan(&statement).Error)
		require.NoError(t, tx.Raw("SELECT current_setting('idle_in_transaction_session_timeout')").Scan(&idle).Error)
		assert.Equal(t, "30s", statement)
		assert.Equal(t, "20s", idle)
		return nil
	}))
	if testdb.BehindPooler() {
		var statement string
		require.NoError(t, db.Raw("SELECT current_setting('statement_timeout')").Scan(&statement).Error)
		assert.Equal(t, "0", statement, "another program's session keeps its own setting")
	}
}

func TestApplicationNamePostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	db := testdb.Open(t)
	var name string
	require.NoError(t, db.Raw("SELECT current_setting('application_name')").Scan(&name).Error)
	require.Equal(t, "resume-matcher", name)
}

func TestSessionWorkIsRefusedBehindAPoolerPostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	o := testdb.Blank(t)
	o.Session = true
	if !testdb.BehindPooler() {
		testdb.Connect(t, o)
		o.Pooler = models.PoolerOn
	}
	_, err := models.Open(t.Context(), o)
	require.ErrorContains(t, err, "transaction pooler")
}

func TestLostConnectionsAreUnavailableAndComeBackPostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	db := testdb.Open(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { requireUnavailable(t, db.Exec("SELECT pg_terminate_backend(pg_backend_pid())").Error) })
	}
	wg.Wait()
	requireUnavailable(t, db.Transaction(func(tx *gorm.DB) error {
		return tx.Exec("SELECT pg_terminate_backend(pg_backend_pid())").Error
	}))
	assert.Eventually(t, func() bool { return db.Exec("SELECT 1").Error == nil }, 30*time.Second, 10*time.Millisecond)
}

// TestManyMoreClientsThanConnectionsPostgresOnly holds for a pooler with few server connections too: whoever gets no
// turn in time is told so, and nothing else goes wrong.
func TestManyMoreClientsThanConnectionsPostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	o := testdb.Migrated(t)
	w := newWorkspace(t, testdb.Connect(t, o))
	o.PoolSize, o.MaxOverflow, o.PoolTimeout, o.StatementTimeout = 8, 8, 50*time.Millisecond, 30*time.Second
	db := testdb.Connect(t, o)
	const clients = 200
	results := make([]error, clients)
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			results[i] = db.WithContext(context.Background()).Transaction(func(tx *gorm.DB) error {
				if err := tx.Take(&models.Workspace{}, "id = ?", w.ID).Error; err != nil {
					return err
				}
				return tx.Exec("SELECT pg_sleep(0.02)").Error
			})
		})
	}
	wg.Wait()
	served := 0
	for _, err := range results {
		if err == nil {
			served++
			continue
		}
		require.ErrorIs(t, err, models.ErrPoolTimeout)
		requireUnavailable(t, err)
	}
	require.Positive(t, served)
	conns, err := db.DB()
	require.NoError(t, err)
	assert.Eventually(t, func() bool { return conns.Stats().InUse == 0 }, 30*time.Second, time.Millisecond)
}
