package models

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// JSON stores V as jsonb on Postgres and as text on SQLite, and marshals as V itself.
type JSON[T any] struct{ V T }

// GormDBDataType names the column type of each dialect; a type with JSON in its name would get NUMERIC affinity on SQLite.
func (JSON[T]) GormDBDataType(db *gorm.DB, _ *schema.Field) string {
	if db.Name() == "postgres" {
		return "jsonb"
	}
	return "text"
}

// Value encodes V for the database.
func (j JSON[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(j.V)
	return string(b), err
}

// Scan decodes a column into V; NULL gives V's zero value.
func (j *JSON[T]) Scan(src any) error {
	var zero T
	j.V = zero
	switch b := src.(type) {
	case nil:
		return nil
	case []byte:
		return json.Unmarshal(b, &j.V)
	case string:
		return json.Unmarshal([]byte(b), &j.V)
	}
	return fmt.Errorf("models: can't read JSON from %T", src)
}

// MarshalJSON writes V without the wrapper.
func (j JSON[T]) MarshalJSON() ([]byte, error) { return json.Marshal(j.V) }

// UnmarshalJSON reads V without the wrapper.
func (j *JSON[T]) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &j.V) }
