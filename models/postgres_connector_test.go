package models

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

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
	refused := fmt.Errorf("dial: %w", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED})
	server := &wakingServer{refusals: []error{
		refused, fmt.Errorf("failed to receive message: %w", io.ErrUnexpectedEOF), syscall.ECONNRESET, &pgconn.PgError{Code: "57P03"}, &pgconn.PgError{Code: "53300"},
		&pgconn.PgError{Code: "XX000", Message: "Couldn't connect to compute node"},
	}}
	c := &retryConnector{Connector: server, startupWait: time.Minute}
	_, err := c.Connect(t.Context())
	require.NoError(t, err)
	require.Equal(t, 7, server.calls)
}

func TestConnectDoesNotRepeatWhatWillFailAgain(t *testing.T) {
	for name, err := range map[string]error{
		"wrong password": &pgconn.PgError{Code: "28P01"},
		"quota":          &pgconn.PgError{Code: "XX000", Message: "project has exceeded the compute time quota"},
		"nobody listens": syscall.ECONNREFUSED,
		"hung up":        io.ErrUnexpectedEOF,
		"other":          errors.New("no such host"),
	} {
		t.Run(name, func(t *testing.T) {
			server := &wakingServer{refusals: []error{err}}
			_, got := (&retryConnector{Connector: server}).Connect(t.Context())
			require.ErrorIs(t, got, err)
			require.Equal(t, 1, server.calls)
		})
	}
}

func TestConnectFailsFastOnceServing(t *testing.T) {
	server := &wakingServer{refusals: []error{syscall.ECONNREFUSED}}
	c := &retryConnector{Connector: server, startupWait: time.Minute}
	c.serving.Store(true)
	_, err := c.Connect(t.Context())
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	require.Equal(t, 1, server.calls)
}

func TestConnectEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	starting := &pgconn.PgError{Code: "57P03"}
	_, err := (&retryConnector{Connector: &wakingServer{refusals: []error{starting, starting}}}).Connect(ctx)
	require.ErrorIs(t, err, starting)
}

func TestMissingRightsAreForTheOperator(t *testing.T) {
	denied := &pgconn.PgError{Code: "42501", Message: "permission denied for table workspaces"}
	public, ok := errors.AsType[*Error](StorageError(postgresError(denied)))
	require.True(t, ok)
	require.Equal(t, KindUnavailable, public.Kind)
	require.Contains(t, public.Message, "resume-matcher smoke")
	require.ErrorIs(t, public, denied)
}
