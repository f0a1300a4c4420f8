package models_test

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

// relay stands before a Postgres and can fall silent, as a server does that is frozen or cut off.
type relay struct {
	net.Listener
	server string
	silent sync.RWMutex
}

func newRelay(t *testing.T, server string) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	r := &relay{Listener: l, server: server}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go r.serve(client)
		}
	}()
	return r
}

func (r *relay) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", r.server)
	if err != nil {
		return
	}
	defer server.Close()
	go func() { _, _ = io.Copy(r.gate(server), client); server.Close() }()
	_, _ = io.Copy(r.gate(client), server)
}

// gate holds writes back while the relay is silent.
func (r *relay) gate(w io.Writer) io.Writer { return gate{r, w} }

type gate struct {
	r *relay
	w io.Writer
}

func (g gate) Write(b []byte) (int, error) {
	g.r.silent.RLock()
	defer g.r.silent.RUnlock()
	return g.w.Write(b)
}

// begun returns an open transaction of a database that waits so briefly that a new connection may take too long for it.
func begun(t *testing.T, db *gorm.DB) (tx *gorm.DB) {
	t.Helper()
	require.Eventually(t, func() bool {
		tx = db.Begin()
		if tx.Error == nil && tx.Exec("SELECT 1").Error == nil {
			return true
		}
		tx.Rollback()
		return false
	}, 30*time.Second, 10*time.Millisecond)
	return tx
}

func TestASilentServerIsUnavailablePostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	o := testdb.Migrated(t)
	w := newWorkspace(t, testdb.Connect(t, o))
	u, err := url.Parse(o.DSN)
	require.NoError(t, err)
	between := newRelay(t, u.Host)
	u.Host = between.Addr().String()
	o.DSN, o.PoolSize, o.MaxOverflow, o.PoolTimeout, o.StatementTimeout = u.String(), 1, 7, 500*time.Millisecond, 200*time.Millisecond
	db := testdb.Connect(t, o)
	statements := map[string]func(*gorm.DB) error{
		"exec":  func(db *gorm.DB) error { return db.Exec("SELECT 1").Error },
		"query": func(db *gorm.DB) error { return db.Take(&models.Workspace{}, "id = ?", w.ID).Error },
	}
	tries := map[string]func(*gorm.DB) error{
		"transaction": func(db *gorm.DB) error {
			return db.Transaction(func(*gorm.DB) error { return nil })
		},
	}
	for name, try := range statements {
		tries[name+" in a transaction"] = func(db *gorm.DB) error { return db.Transaction(try) }
		tries[name] = try
	}
	// These have begun when the server falls silent.
	open, committing, undoing := begun(t, db), begun(t, db), begun(t, db)
	tries["statement of an open transaction"] = func(*gorm.DB) error {
		return open.Take(&models.Workspace{}, "id = ?", w.ID).Error
	}
	tries["commit"] = func(*gorm.DB) error { return committing.Commit().Error }
	tries["rollback"] = func(*gorm.DB) error { return undoing.Rollback().Error }

	between.silent.Lock()
	var wg sync.WaitGroup
	for name, try := range tries {
		wg.Go(func() {
			var public *models.Error
			if err := try(db); assert.ErrorAs(t, err, &public, name) {
				assert.Equal(t, models.KindUnavailable, public.Kind, name)
			}
		})
	}
	wg.Wait()
	between.silent.Unlock()
	open.Rollback()
	assert.Eventually(t, func() bool { return db.Exec("SELECT 1").Error == nil }, 30*time.Second, 10*time.Millisecond, "it recovers by itself")
}
