package models

import (
	"context"
	"database/sql/driver"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

func TestDirectDSN(t *testing.T) {
	for dsn, want := range map[string]string{
		"postgres://u:p%40s@ep-calm-pooler.eu.example.org/db?sslmode=require": "postgres://u:p%40s@ep-calm.eu.example.org/db?sslmode=require",
		"postgres://u:p@ep-calm-pooler.example.org:5432/db":                   "postgres://u:p@ep-calm.example.org:5432/db",
		"postgres://u:p@db.example.org/db":                                    "postgres://u:p@db.example.org/db",
		"postgres://u:p@my-pooler-host.example.org/db":                        "postgres://u:p@my-pooler-host.example.org/db",
		"postgres://u:p@h:port/db":                                            "postgres://u:p@h:port/db",
	} {
		require.Equal(t, want, DirectDSN(dsn))
	}
}

func TestPooledHosts(t *testing.T) {
	for host, want := range map[string]bool{
		"ep-calm-pooler.eu.example.org": true,
		"aws-0-eu.pooler.example.com":   true,
		"db.example.org":                false,
		"127.0.0.1":                     false,
	} {
		require.Equal(t, want, pooled(host), host)
	}
}

// wakingServer refuses some connections before it takes one.
type wakingServer struct {
	driver.Connector
	refusals []error
	calls    int
}

func (w *wakingServer) Connect(context.Context) (driver.Conn, error) {
	w.calls++
	if w.calls <= len(w.refusals) {
		return nil, w.refusals[w.calls-1]
	}
	return nil, nil
}

func TestConnectWaitsForAServerThatWakesUp(t *testing.T) {
	starting := &pgconn.PgError{Code: "57P03"}
	server := &wakingServer{refusals: []error{starting, starting}}
	_, err := retryConnector{server}.Connect(t.Context())
	require.NoError(t, err)
	require.Equal(t, 3, server.calls)
}

func TestConnectDoesNotRepeatWhatWillFailAgain(t *testing.T) {
	wrongPassword := &pgconn.PgError{Code: "28P01"}
	server := &wakingServer{refusals: []error{wrongPassword}}
	_, err := retryConnector{server}.Connect(t.Context())
	require.ErrorIs(t, err, wrongPassword)
	require.Equal(t, 1, server.calls)
}
