package models

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// How long one connection may be tried for: a hosted database that was asleep takes some seconds to wake up, but a
// request that waits for it holds up those behind it.
const (
	wakeBudget    = 15 * time.Second
	requestBudget = 5 * time.Second
	// attemptTimeout bounds one try: a server that is frozen takes the connection and says nothing, and nobody else ends
	// the connections that database/sql opens for those who wait.
	attemptTimeout = 15 * time.Second
)

// retryConnector repeats a connection's start, and nothing else: no statement has been sent yet, so it is safe.
type retryConnector struct {
	driver.Connector
	// startupWait is how long a server that nobody listens for is waited for, until serving.
	startupWait time.Duration
	serving     atomic.Bool
}

// Connect opens one connection, waiting for a server that is starting up.
func (r *retryConnector) Connect(ctx context.Context) (driver.Conn, error) {
	begin := time.Now()
	for delay := 100 * time.Millisecond; ; delay = min(2*delay, 2*time.Second) {
		conn, err := r.attempt(ctx)
		if err == nil || ctx.Err() != nil || time.Since(begin)+delay > r.patience(err) {
			return conn, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(delay/2 + rand.N(delay/2)):
		}
	}
}

func (r *retryConnector) attempt(ctx context.Context) (driver.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	return r.Connector.Connect(ctx)
}

// patience returns how long an error of that kind may take to go away by itself.
func (r *retryConnector) patience(err error) time.Duration {
	switch serving := r.serving.Load(); {
	case wakingUp(err) && serving:
		return requestBudget
	case wakingUp(err):
		return wakeBudget
	case absent(err) && !serving:
		return r.startupWait
	}
	return 0
}

// absent tells whether nobody listens, or only a proxy that hangs up as it finds nobody either.
func absent(err error) bool {
	return slices.ContainsFunc([]error{syscall.ECONNREFUSED, syscall.ECONNRESET, io.EOF, io.ErrUnexpectedEOF}, func(target error) bool {
		return errors.Is(err, target)
	})
}

// wakingUp tells whether the server, or a proxy before it, is there but not ready yet.
func wakingUp(err error) bool {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		switch e.Code {
		case "57P03", "57P01", "57P02", "53300", "08006", "08001", "08004":
			return true
		}
		// Neon's proxy reports a compute node that is waking up as an internal error, and one that may not as well.
		return e.Code == "XX000" && !overQuota(e)
	}
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// overQuota tells whether a hosted database is stopped until its owner pays or the month ends.
func overQuota(e *pgconn.PgError) bool { return strings.Contains(e.Message, "quota") }
