package config

import (
	"errors"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// The dialects a database URL can name.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// The rules a database URL can break. Their texts are fixed, because any part of a URL may be a password.
var (
	errURLScheme    = errors.New("must begin with sqlite:///, file:, postgres:// or postgresql://")
	errURLMalformed = errors.New("is not a well-formed URL; percent-encode reserved characters of the user and the password (/ as %2F, ? as %3F, @ as %40)")
	errURLPort      = errors.New("must have a port from 1 to 65535; a / or : in the password is written %2F or %3A")
	errURLTLS       = errors.New("must have an sslmode (or ssl) of disable, allow, prefer, require, verify-ca or verify-full")
	errURLTimeout   = errors.New("must have a connect_timeout in whole seconds")
	errURLMemory    = errors.New("names an in-memory database, which would be lost at exit; name a file, such as sqlite:///app.db")
	errURLSlashes   = errors.New("must have three slashes before a relative path (sqlite:///app.db) and four before an absolute one (sqlite:////var/lib/app.db)")
	errURLFileHost  = errors.New("must name a local file: file:app.db or file:///var/lib/app.db")
)

// fileParameters lists the URI parameters of SQLite that are passed on; those that share or privatise a
// cache are not, because the pool decides that.
var fileParameters = []string{"immutable", "mode", "nolock", "psow", "vfs"}

// ParseDatabaseURL reads a database URL in the spellings of SQLAlchemy, libpq, asyncpg and SQLite.
//
// The DSN of a Postgres database is a URL that pgx understands, with TLS at least as strong as asked for and a
// bounded dial. The DSN of a SQLite database is a file: URI without pragmas, and Path its file. The pool is left
// empty. An error states the broken rule and never any part of raw.
func ParseDatabaseURL(raw string) (Database, error) {
	db, _, err := parseDatabaseURL(raw)
	return db, err
}

// parseDatabaseURL also returns which database is meant, equal for two spellings of the same one.
func parseDatabaseURL(raw string) (db Database, identity string, err error) {
	raw = strings.TrimSpace(raw)
	if !utf8.ValidString(raw) || strings.ContainsFunc(raw, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return Database{}, "", errURLMalformed
	}
	scheme, rest, found := strings.Cut(raw, ":")
	if !found {
		return Database{}, "", errURLScheme
	}
	base, _, _ := strings.Cut(strings.ToLower(scheme), "+")
	switch base {
	case "file":
		db, err = parseFileURI(rest)
	case "sqlite", "sqlite3":
		db, err = parseSQLiteURL(rest)
	case "postgres", "postgresql":
		return parsePostgresURL(rest)
	default:
		err = errURLScheme
	}
	if err != nil {
		return Database{}, "", err
	}
	path, err := filepath.Abs(db.Path)
	if err != nil {
		path = filepath.Clean(db.Path)
	}
	return db, SQLite + "|" + path, nil
}

func parseSQLiteURL(rest string) (Database, error) {
	path, found := strings.CutPrefix(rest, "//")
	if !found {
		return Database{}, errURLSlashes
	}
	// The parameters of Python's driver (timeout, check_same_thread, uri) mean nothing here.
	path, query, _ := strings.Cut(path, "?")
	if path == "" || path == "/" || strings.Contains(path, ":memory:") {
		return Database{}, errURLMemory
	}
	path, found = strings.CutPrefix(path, "/")
	if !found {
		return Database{}, errURLSlashes
	}
	if uri, isURI := strings.CutPrefix(path, "file:"); isURI {
		return parseFileURI(uri + "?" + query)
	}
	return sqliteDatabase(path, nil)
}

func parseFileURI(rest string) (Database, error) {
	rest, _, _ = strings.Cut(rest, "#")
	path, rawQuery, _ := strings.Cut(rest, "?")
	if authority, found := strings.CutPrefix(path, "//"); found {
		host, local, _ := strings.Cut(authority, "/")
		if host != "" && !strings.EqualFold(host, "localhost") {
			return Database{}, errURLFileHost
		}
		path = "/" + local
	}
	path, err := url.PathUnescape(path)
	if err != nil {
		return Database{}, errURLMalformed
	}
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return Database{}, errURLMalformed
	}
	if path == "" || path == "/" || strings.Contains(path, ":memory:") ||
		slices.Contains(query["mode"], "memory") || slices.Contains(query["vfs"], "memdb") {
		return Database{}, errURLMemory
	}
	for name := range query {
		if !slices.Contains(fileParameters, name) {
			query.Del(name)
		}
	}
	return sqliteDatabase(path, query)
}

func sqliteDatabase(path string, query url.Values) (Database, error) {
	if !utf8.ValidString(path) || strings.ContainsRune(path, 0) {
		return Database{}, errURLMalformed
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath()
	if len(query) > 0 {
		dsn += "?" + encodeQuery(query)
	}
	return Database{Dialect: SQLite, DSN: DSN(dsn), Path: path}, nil
}

// encodeQuery writes spaces as %20: libpq's rules, which pgx follows, know no plus sign for them.
func encodeQuery(query url.Values) string {
	return strings.ReplaceAll(query.Encode(), "+", "%20")
}
