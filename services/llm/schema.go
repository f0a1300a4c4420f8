package llm

import "encoding/json"

// Schema is a JSON Schema made from a Go type.
type Schema struct {
	// Name identifies the schema to providers that ask for one: letters, digits and underscores.
	Name string
	// JSON is the schema itself, with every property required and none beside them.
	JSON json.RawMessage
}
