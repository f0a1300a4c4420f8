package config

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
)

// mask stands for a secret wherever one would be printed.
const mask = "***"

// Secret is text that prints as *** through fmt, encoding and slog; Reveal returns it.
type Secret string

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String returns ***, or nothing when no secret is set, so that a reader can tell the two apart.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return mask
}

// GoString returns what %#v prints.
func (s Secret) GoString() string { return strconv.Quote(s.String()) }

// Format prints the mask for every verb: without it %x and %d would print the bytes.
func (s Secret) Format(f fmt.State, verb rune) { formatMasked(f, verb, s.String()) }

// MarshalText returns the mask, for JSON, XML and YAML alike.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue returns the mask.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// DSN is a data source name, or a URL, that prints with its password as ***; Reveal returns it.
type DSN string

// Reveal returns the data source name with its password.
func (d DSN) Reveal() string { return string(d) }

// String returns the data source name with its passwords masked.
func (d DSN) String() string { return maskURL(string(d)) }

// GoString returns what %#v prints.
func (d DSN) GoString() string { return strconv.Quote(d.String()) }

// Format prints the masked text for every verb.
func (d DSN) Format(f fmt.State, verb rune) { formatMasked(f, verb, d.String()) }

// MarshalText returns the masked text.
func (d DSN) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// LogValue returns the masked text.
func (d DSN) LogValue() slog.Value { return slog.StringValue(d.String()) }

func formatMasked(f fmt.State, verb rune, text string) {
	if verb == 'q' || (verb == 'v' && f.Flag('#')) {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(f, text)
}

// maskURL masks the passwords of a database URL; text it can't take apart is masked as a whole.
func maskURL(raw string) string {
	scheme, rest, found := strings.Cut(raw, ":")
	if !found {
		if raw == "" {
			return ""
		}
		return mask
	}
	switch base, _, _ := strings.Cut(strings.ToLower(scheme), "+"); base {
	case "file", "sqlite", "sqlite3":
		return raw
	}
	parts, err := splitURL(strings.TrimPrefix(rest, "//"))
	if err != nil {
		return mask
	}
	var b strings.Builder
	b.WriteString(scheme + "://")
	if parts.user != nil {
		b.WriteString(url.User(parts.user.Username()).String())
		if _, ok := parts.user.Password(); ok {
			b.WriteString(":" + mask)
		}
		b.WriteByte('@')
	}
	b.WriteString(parts.hosts)
	b.WriteString((&url.URL{Path: parts.path}).EscapedPath())
	for _, name := range []string{"password", "sslpassword"} {
		if parts.query.Has(name) {
			parts.query.Set(name, mask)
		}
	}
	if len(parts.query) > 0 {
		b.WriteString("?" + strings.ReplaceAll(encodeQuery(parts.query), url.QueryEscape(mask), mask))
	}
	return b.String()
}
