package models_test

import (
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

// coldServer stands before the server of dsn and answers the first connections as one that wakes up, then passes
// everything on. It returns its own DSN and counts connections.
func coldServer(t *testing.T, dsn string, refusals ...*pgproto3.ErrorResponse) (string, *atomic.Int64) {
	t.Helper()
	target, err := url.Parse(dsn)
	require.NoError(t, err)
	server := target.Host
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	var connections atomic.Int64
	go serve(listener, func(client net.Conn) {
		if n := int(connections.Add(1)); n <= len(refusals) {
			refuse(client, refusals[n-1])
		} else {
			pass(client, server)
		}
	})
	target.Host = listener.Addr().String()
	return target.String(), &connections
}

// serve answers every connection until the listener is closed.
func serve(listener net.Listener, answer func(net.Conn)) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		go answer(client)
	}
}

// refuse reads the startup message and answers it with an error.
func refuse(client net.Conn, answer *pgproto3.ErrorResponse) {
	defer client.Close()
	backend := pgproto3.NewBackend(client, client)
	if _, err := backend.ReceiveStartupMessage(); err != nil {
		return
	}
	backend.Send(answer)
	_ = backend.Flush()
}

func pass(client net.Conn, address string) {
	defer client.Close()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	go func() { _, _ = io.Copy(server, client) }()
	_, _ = io.Copy(client, server)
}

func fatal(code, message string) *pgproto3.ErrorResponse {
	return &pgproto3.ErrorResponse{Severity: "FATAL", SeverityUnlocalized: "FATAL", Code: code, Message: message}
}

func TestOpenWaitsForASleepingServerPostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	o := testdb.Migrated(t)
	var connections *atomic.Int64
	o.DSN, connections = coldServer(t, o.DSN,
		fatal("57P03", "the database system is starting up"),
		fatal("XX000", "Couldn't connect to compute node"),
		fatal("53300", "remaining connection slots are reserved"))
	db := testdb.Connect(t, o)
	var one int
	require.NoError(t, db.Raw("SELECT 1").Scan(&one).Error)
	require.GreaterOrEqual(t, connections.Load(), int64(4))
}

func TestOpenWaitsForAServerThatStartsBesideItPostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	o := testdb.Migrated(t)
	target, err := url.Parse(o.DSN)
	require.NoError(t, err)
	server := target.Host
	// While nobody listens, another program can take a port, but not a socket's file in a folder of our own.
	folder, err := os.MkdirTemp("", "postgres")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(folder) })
	socket := filepath.Join(folder, ".s.PGSQL.5432")
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket})
	require.NoError(t, err)
	left.SetUnlinkOnClose(false)
	require.NoError(t, left.Close())
	query := target.Query()
	query.Set("host", folder)
	query.Set("port", "5432")
	target.Host, target.RawQuery = "", query.Encode()
	o.DSN = target.String()
	_, err = models.Open(t.Context(), o)
	requireUnavailable(t, err)

	listener, err := net.Listen("unix", socket+".new")
	require.NoError(t, err)
	defer listener.Close()
	go serve(listener, func(client net.Conn) { pass(client, server) })
	o.StartupWait = time.Minute
	start := time.AfterFunc(300*time.Millisecond, func() { assert.NoError(t, os.Rename(socket+".new", socket)) })
	defer start.Stop()
	require.NoError(t, testdb.Connect(t, o).Exec("SELECT 1").Error)
}

func TestOverQuotaIsSaidAtOncePostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	o := testdb.Migrated(t)
	quota := fatal("XX000", "Your project has exceeded the compute time quota.")
	o.DSN, _ = coldServer(t, o.DSN, quota, quota, quota)
	_, err := models.Open(t.Context(), o)
	require.ErrorContains(t, err, "over its quota")
}
