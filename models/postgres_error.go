package models

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
)

// ErrStatementTimeout is the cause of the KindUnavailable error given when a statement took too long.
var ErrStatementTimeout = errors.New("models: the statement took longer than the statement timeout")

const (
	lostMessage    = "The database can't be reached at the moment; try again in a moment."
	slowMessage    = "The database took too long to answer; try again in a moment."
	clashMessage   = "Another request changed the same data at the same time; try again."
	fullMessage    = "The database has no space or memory left; an operator must look at it."
	rightsMessage  = "The database refuses this program a right that it needs; its operator finds out which with: resume-matcher smoke"
	readMessage    = "The database takes no changes at the moment; try again in a moment."
	refusedMessage = "Can't reach the Postgres database; check DATABASE_URL, the network and that the server runs."
)

// connectError says what to do about a failed connection; pgx's own text would name the user and the host.
func connectError(err error) error {
	var message string
	var refused *pgconn.PgError
	switch {
	case errors.As(err, &refused):
		err, message = refused, refusal(refused)
	case refusesTLS(err):
		message = "Postgres does not give the TLS that DATABASE_URL asks for; check sslmode, sslrootcert and channel_binding."
	default:
		message = unreached(err)
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		err = connect.Unwrap()
	}
	return WrapError(KindUnavailable, message, err)
}

// unreached tells how far a connection came; without the name of the host, which a log may hold but an answer not.
func unreached(err error) string {
	var unknown *net.DNSError
	var slow net.Error
	switch {
	case errors.As(err, &unknown) && unknown.IsNotFound:
		return "Can't reach the Postgres database; there is no host of the name in DATABASE_URL."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Can't reach the Postgres database; nothing listens at the host and port of DATABASE_URL. Check both, and that the server runs."
	case errors.As(err, &slow) && slow.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return "Can't reach the Postgres database; the host of DATABASE_URL does not answer. Check its name and port, and the firewall between."
	}
	return refusedMessage
}

func refusal(e *pgconn.PgError) string {
	switch {
	case e.Code == "28P01", e.Code == "28000":
		return "Postgres refused the user or the password; check DATABASE_URL, and that it asks for TLS if the server does."
	case e.Code == "3D000":
		return "The Postgres server has no database of that name; create it or change DATABASE_URL."
	case e.Code == "53300":
		return "The Postgres server has no free connection; lower DB_POOL_SIZE or raise the server's limit."
	case e.Code == "42704", refusesParameter(e):
		return "Postgres does not know a parameter of DATABASE_URL; leave it out. Behind a pooler, options can't be set there, and DB_POOLER can't be off."
	case overQuota(e):
		return "The hosted database is over its quota; raise the limit in the provider's console."
	}
	return refusedMessage
}

// refusesTLS goes by the text, for pgx gives these errors no type.
func refusesTLS(err error) bool {
	text := err.Error()
	return slices.ContainsFunc([]string{"tls error", "tls: ", "x509: ", "refused TLS", "channel binding"}, func(part string) bool {
		return strings.Contains(text, part)
	})
}

// refusesParameter recognises PgBouncer, which knows only few of the settings a connection can begin with.
func refusesParameter(e *pgconn.PgError) bool {
	return strings.Contains(e.Message, "unsupported startup parameter")
}

// postgresError gives KindUnavailable to what may go away by itself, a database that is away or busy, and leaves other
// errors as they are.
func postgresError(err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		// What an operator should check stays in the cause: the client of a request can only wait.
		return WrapError(KindUnavailable, lostMessage, connectError(err))
	}
	if message := unavailable(err); message != "" {
		return WrapError(KindUnavailable, message, err)
	}
	return err
}

// Clashed tells whether a transaction was ended because of another one that changed the same rows: it may be repeated.
func Clashed(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01")
}

// unavailable returns what to say of an error that may go away by itself, or nothing.
func unavailable(err error) string {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return lost(err)
	}
	switch e.Code {
	case "57014":
		return slowMessage
	case "40001", "40P01", "55P03":
		return clashMessage
	case "25006":
		return readMessage
	case "42501":
		return rightsMessage
	case "25P03":
		return lostMessage
	}
	switch e.Code[:min(2, len(e.Code))] {
	case "08", "57":
		return lostMessage
	case "53":
		return fullMessage
	}
	return ""
}

// lost recognises a connection that broke. A caller that gave up is none: its own error says more.
func lost(err error) string {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return ""
	}
	var network net.Error
	if errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, pgconn.ErrConnClosed) {
		return lostMessage
	}
	return ""
}
