package config

import "strings"

// Copy names the databases that are copied where the command line does not; an empty Dialect means none.
type Copy struct {
	From, To Database
}

// ParseDatabaseName reads a database URL as ParseDatabaseURL does, or the plain path of an SQLite file.
func ParseDatabaseName(raw string) (Database, error) {
	raw = strings.TrimSpace(raw)
	// A path with a colon could be a URL with a typing error, and a password in it.
	if raw == "" || strings.Contains(raw, ":") {
		return ParseDatabaseURL(raw)
	}
	return sqliteDatabase(raw, nil)
}

// Same tells whether two URLs mean one database, as far as the URLs show it.
func (d Database) Same(other Database) bool {
	_, own, err := parseDatabaseURL(d.DSN.Reveal())
	_, its, otherErr := parseDatabaseURL(other.DSN.Reveal())
	return err == nil && otherErr == nil && own == its
}

func database(field func(*Config) *Database) setter {
	return func(cfg *Config, value string) error {
		db, err := ParseDatabaseName(value)
		if err != nil {
			return err
		}
		*field(cfg) = db
		return nil
	}
}

// maskName is maskURL for what may also be a path.
func maskName(value string) string {
	if strings.Contains(value, ":") {
		return maskURL(value)
	}
	return value
}
